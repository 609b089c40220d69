import QtQuick
import Hall
import HallWall

// Step two: full width, red, what happened and what to do.
Rectangle {
    id: root
    required property WallScreen wall
    readonly property real u: wall.unit
    readonly property real room: width - 2 * Theme.wallMargin - 64 * u - (late.visible ? late.implicitWidth + 28 * u : 0)
    objectName: "stale-band"
    color: Theme.redFill
    Accessible.role: Accessible.AlertMessage
    Accessible.name: wall.band
    Row {
        anchors.centerIn: parent
        spacing: 24 * root.u
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: "unplug"
            tone: Theme.redFillInk
            size: 48 * root.u
        }
        Label {
            id: words
            anchors.verticalCenter: parent.verticalCenter
            text: root.wall.band
            bold: true
            wrapMode: Text.Wrap
            width: Math.min(implicitWidth, root.room)
            lineHeight: root.wall.textRows > 1 ? 0.8 : 1
            font.pixelSize: (root.wall.textRows > 1 || wide.advanceWidth > root.room ? Theme.smallSize : 46) * root.u
            color: Theme.redFillInk
        }
        Label {
            id: late
            anchors.verticalCenter: parent.verticalCenter
            visible: root.wall.minutes !== ""
            text: root.wall.minutes
            lineHeight: root.wall.textRows > 1 ? 0.8 : 1
            font.pixelSize: (root.wall.textRows > 1 ? Theme.smallSize : Theme.bodySize) * root.u
            color: Theme.redFillInk
        }
    }
    TextMetrics {
        id: wide
        text: root.wall.band
        font.family: Theme.family
        font.weight: Font.Bold
        font.pixelSize: 46 * root.u
    }
}
