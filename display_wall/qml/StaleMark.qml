import QtQuick
import Hall
import HallWall

// Step one: amber, small, with the second of the last truth.
Rectangle {
    id: root
    required property WallScreen wall
    readonly property real u: wall.unit
    objectName: "stale-mark"
    width: words.implicitWidth + 32 * u
    height: words.implicitHeight + 12 * u
    radius: Theme.rowRadius
    color: Theme.call
    Label {
        id: words
        anchors.centerIn: parent
        text: root.wall.mark
        bold: true
        lineHeight: root.wall.textRows > 1 ? 0.8 : 1
        font.pixelSize: Theme.smallSize * root.u
        color: Theme.callInk
    }
}
