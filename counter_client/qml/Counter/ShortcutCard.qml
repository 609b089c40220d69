pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Every key, while F1 is held.
Rectangle {
    id: root
    readonly property var keys: [
        ["F2", "act.call_next"], ["F3", "act.recall"], ["F4", "act.begin_long"], ["F6", "act.no_show"],
        ["F7", "act.park"], ["F8", "act.finish"], ["F9", "act.pause_resume"], ["F10", "act.transfer"],
        ["F11", "act.call_number"], ["Ctrl+Z", "act.undo"], ["Ctrl+K", "act.find"], ["Ctrl+L", "act.lock"],
        ["Alt+1/2/3", "act.areas"], ["Alt+M", "act.mini"], ["Esc", "act.escape"]
    ]
    width: 660
    height: body.implicitHeight + 48
    radius: Theme.desktopCardRadius
    color: Theme.header
    Accessible.role: Accessible.Dialog
    Accessible.name: Words.say("keys.title")
    Column {
        id: body
        x: 28
        y: 24
        width: parent.width - 56
        spacing: 16
        Label {
            width: parent.width
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            text: Words.say("keys.title")
            bold: true
            color: Theme.headerInk
            font.pixelSize: Theme.rowNumberSize
        }
        Grid {
            id: grid
            width: parent.width
            columns: 2
            rowSpacing: 10
            columnSpacing: 16
            Repeater {
                model: root.keys
                Item {
                    id: row
                    required property var modelData
                    width: (grid.width - 16) / 2
                    height: Math.max(28, words.height)
                    KeyCap {
                        anchors.verticalCenter: parent.verticalCenter
                        key: row.modelData[0]
                        tone: Theme.headerInk
                        size: Theme.smallSize + 1
                    }
                    Label {
                        id: words
                        x: 96
                        anchors.verticalCenter: parent.verticalCenter
                        width: parent.width - x
                        wrapMode: Text.Wrap
                        lineHeight: Theme.lineHeight / 1.448
                        text: Words.say(row.modelData[1])
                        color: Theme.headerInk
                        font.pixelSize: Theme.nameSize
                    }
                }
            }
        }
        Label {
            text: Words.say("keys.hold")
            color: Theme.headerInk2
        }
    }
}
