pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// Before first use: the hall, the code for its manager, and the fingerprint to compare.
Rectangle {
    id: root
    required property EntranceView way
    anchors.fill: parent
    color: Theme.bg
    Rectangle {
        anchors.centerIn: parent
        width: 560
        height: body.implicitHeight + 64
        radius: Theme.desktopCardRadius
        color: Theme.surface
        border.color: Theme.line
        Column {
            id: body
            x: 32
            y: 32
            width: parent.width - 64
            spacing: 16
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.way.title
                bold: true
                font.pixelSize: Theme.titleSize
                Accessible.role: Accessible.Heading
            }
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.way.text
                font.pixelSize: Theme.nameLargeSize
            }
            Label {
                objectName: "pairing_code"
                visible: text !== ""
                text: root.way.code
                bold: true
                color: Theme.action
                font.pixelSize: Theme.numberSize
            }
            Label {
                visible: text !== ""
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.way.print
            }
            Label {
                visible: text !== ""
                text: root.way.left
                color: Theme.ink2
            }
            Label {
                visible: text !== ""
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.way.hint
                color: Theme.ink2
            }
            Repeater {
                model: root.way.choosing ? root.way.halls : null
                DialogButton {
                    required property string name
                    required property string server
                    objectName: "hall_" + server
                    width: body.width
                    label: name
                    description: server
                    onActed: root.way.choose(server)
                }
            }
        }
    }
}
