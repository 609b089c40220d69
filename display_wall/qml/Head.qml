import QtQuick
import Hall
import HallWall

// Hall, date and clock. While the first stale step lasts its mark stands where the date was. The clock never stops.
Item {
    id: root
    required property WallScreen wall
    readonly property real u: Math.max(0.3, Math.min(wall.unit, height / 92))
    readonly property bool two: wall.textRows > 1

    Label {
        objectName: "hall"
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.wallMargin
        width: right.x - x - Theme.gutterWide
        text: root.wall.staffOnly ? root.wall.say("wall.office_title", root.wall.languages) : root.wall.hall
        bold: true
        wrapMode: Text.Wrap
        lineHeight: root.wall.textRows > 1 ? 0.8 : 1
        font.pixelSize: (root.two || wide.advanceWidth > width ? Theme.smallSize : Theme.titleSize) * root.u
        color: Theme.headerInk
    }
    TextMetrics {
        id: wide
        text: root.wall.hall
        font.family: Theme.family
        font.weight: Font.Bold
        font.pixelSize: Theme.titleSize * root.u
    }
    Row {
        id: right
        anchors { verticalCenter: parent.verticalCenter; right: parent.right; rightMargin: Theme.wallMargin }
        spacing: 34 * root.u
        Label {
            anchors.verticalCenter: parent.verticalCenter
            visible: root.wall.mark === ""
            text: root.wall.date
            horizontalAlignment: Text.AlignRight
            lineHeight: root.wall.textRows > 1 ? 0.8 : 1
            font.pixelSize: (root.two ? Theme.smallSize : Theme.bodySize) * root.u
            color: Theme.headerInk2
        }
        StaleMark {
            anchors.verticalCenter: parent.verticalCenter
            wall: root.wall
            visible: root.wall.mark !== ""
        }
        Label {
            objectName: "clock"
            anchors.verticalCenter: parent.verticalCenter
            text: root.wall.clock
            bold: true
            font.pixelSize: 64 * root.u
            color: Theme.headerInk
        }
    }
    Rectangle {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: 2
        color: Theme.line
        visible: root.wall.band === ""
    }
}
