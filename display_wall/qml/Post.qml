pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// The screen over one counter.
Item {
    id: root
    required property WallScreen wall
    required property PostView view
    readonly property real u: wall.unit
    readonly property bool upright: height > width
    readonly property real side: upright ? width : width * 0.29
    readonly property real margin: 56 * u

    Rectangle {
        id: sign
        width: root.side
        height: root.upright ? root.height * 0.34 : root.height
        color: Theme.action
        Column {
            anchors.centerIn: parent
            Label {
                anchors.horizontalCenter: parent.horizontalCenter
                objectName: "post-counter"
                text: root.view.counter
                bold: true
                color: Theme.actionInk
                font.pixelSize: Math.max(8, Math.min(sign.height * 0.5, sign.width / (0.66 * Math.max(1.6, root.view.counter.length))))
            }
            Label {
                anchors.horizontalCenter: parent.horizontalCenter
                text: root.wall.stack("wall.counter_title", root.wall.languages)
                horizontalAlignment: Text.AlignHCenter
                color: Theme.actionInk
                font.pixelSize: Math.max(8, Math.min(88 * root.u, sign.width * 0.17))
            }
        }
    }
    Item {
        x: root.upright ? 0 : root.side
        y: root.upright ? sign.height : 0
        width: root.width - x
        height: root.height - y
        Label {
            id: department
            x: root.margin
            y: root.margin
            width: parent.width - 2 * root.margin
            text: root.view.department
            bold: true
            wrapMode: Text.Wrap
            font.pixelSize: 68 * root.u
        }
        PageTurn {
            id: sheet
            x: root.margin
            y: department.y + department.height + 24 * root.u
            width: parent.width - 2 * root.margin
            height: now.y - y
            page: root.view.page
            Column {
                width: sheet.width
                Repeater {
                    model: root.view.duties
                    Item {
                        id: duty
                        required property int index
                        required property string name
                        required property string value
                        required property real high
                        width: sheet.width
                        height: high
                        Label {
                            id: name_
                            anchors.verticalCenter: parent.verticalCenter
                            width: parent.width * 0.3
                            text: duty.name
                            wrapMode: Text.Wrap
                            lineHeight: 0.9
                            font.pixelSize: 42 * root.u
                            color: Theme.ink2
                        }
                        Label {
                            id: value_
                            anchors.verticalCenter: parent.verticalCenter
                            x: parent.width * 0.32
                            width: parent.width - x
                            text: duty.value
                            bold: true
                            wrapMode: Text.Wrap
                            lineHeight: 0.9
                            font.pixelSize: 50 * root.u
                        }
                        Rectangle {
                            anchors.bottom: parent.bottom
                            width: parent.width
                            height: 1
                            color: Theme.line
                        }
                    }
                }
            }
        }
        Rectangle {
            id: now
            readonly property color words: root.view.amber ? Theme.callInk : Theme.ink
            x: root.margin
            width: parent.width - 2 * root.margin
            height: 180 * root.u
            anchors { bottom: parent.bottom; bottomMargin: root.margin }
            radius: Theme.bandRadius
            color: root.view.amber ? Theme.call : Theme.row
            opacity: root.wall.dim ? Theme.staleOpacity : 1
            Label {
                anchors.verticalCenter: parent.verticalCenter
                x: 48 * root.u
                width: now.width - x - number.width - 72 * root.u
                text: root.view.note === "" ? root.view.state : root.view.state + "\n" + root.view.note
                wrapMode: Text.Wrap
                lineHeight: 0.9
                font.pixelSize: (root.wall.textRows > 1 ? 36 : root.view.note === "" ? 56 : 48) * root.u
                color: now.words
            }
            Label {
                id: number
                anchors { verticalCenter: parent.verticalCenter; right: parent.right; rightMargin: 48 * root.u }
                text: root.view.number
                bold: true
                font.pixelSize: Theme.numberSize * root.u
                color: now.words
            }
        }
    }
}
