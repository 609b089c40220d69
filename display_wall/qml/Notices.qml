import QtQuick
import Hall
import HallWall

// One sentence at a time. Nothing runs across the screen.
Rectangle {
    id: root
    required property WallScreen wall
    required property NoticesView view
    readonly property real u: wall.unit
    color: Theme.surface
    Rectangle {
        id: label
        width: Math.max(150 * root.u, words.implicitWidth + 56 * root.u)
        height: parent.height
        color: Theme.action
        Label {
            id: words
            anchors.centerIn: parent
            readonly property bool two: root.wall.textRows > 1 && root.height >= 84 * root.u
            text: two ? root.wall.stack("wall.notice", root.wall.languages) : root.wall.say("wall.notice", root.wall.languages)
            bold: true
            horizontalAlignment: Text.AlignHCenter
            lineHeight: two ? 0.8 : 1
            font.pixelSize: (two ? Theme.smallSize : Theme.bodySize) * root.u
            color: Theme.actionInk
        }
    }
    PageTurn {
        anchors { left: label.right; leftMargin: 30 * root.u; right: parent.right; rightMargin: Theme.wallMargin; top: parent.top; bottom: parent.bottom }
        page: root.view.page
        Label {
            objectName: "notice"
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width
            text: root.view.second === "" ? root.view.text : root.view.text + "\n" + root.view.second
            wrapMode: Text.Wrap
            lineHeight: 0.9
            font.pixelSize: Theme.bodySize * root.u
        }
    }
}
