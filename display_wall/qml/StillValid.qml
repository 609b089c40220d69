pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// While the wall is stale the approval board gives its place to the sentence that matters: your number is valid.
Item {
    id: root
    required property WallScreen wall
    readonly property real u: wall.unit
    readonly property real room: width - (ticket.visible ? 196 : 80) * u
    readonly property bool roomy: large.implicitHeight + heading.implicitHeight + 40 * u <= height
    readonly property bool full: small.implicitHeight + 70 * u <= height
    readonly property string valid: wall.beside("wall.valid", wall.languages)
    readonly property string how: wall.stack("wall.valid_how", wall.languages)

    Rectangle {
        width: parent.width
        height: root.roomy ? large.implicitHeight + heading.implicitHeight + 48 * root.u : parent.height
        radius: Theme.bandRadius
        color: Theme.surface
        Icon {
            id: ticket
            x: 40 * root.u
            anchors.verticalCenter: parent.verticalCenter
            visible: root.width > 900 * root.u
            name: "ticket"
            tone: Theme.ink2
            size: 76 * root.u
        }
        Column {
            x: parent.width - root.room - 40 * root.u
            anchors.verticalCenter: parent.verticalCenter
            width: root.room
            Label {
                text: root.valid
                bold: true
                width: parent.width
                wrapMode: Text.Wrap
                font.pixelSize: (root.roomy ? 50 : 38) * root.u
            }
            Label {
                text: root.how
                visible: root.roomy || root.full
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: 0.9
                font.pixelSize: (root.roomy ? Theme.bodySize : Theme.smallSize) * root.u
                color: Theme.ink2
            }
        }
    }
    component Measure: Label {
        visible: false
        text: root.how
        width: root.room
        wrapMode: Text.Wrap
        lineHeight: 0.9
    }
    Measure { id: heading; text: root.valid; bold: true; lineHeight: 1; font.pixelSize: 50 * root.u }
    Measure { id: large; font.pixelSize: Theme.bodySize * root.u }
    Measure { id: small; font.pixelSize: Theme.smallSize * root.u }
}
