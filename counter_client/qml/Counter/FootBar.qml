pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// Keys at hand, and the line that tells what was just done.
Rectangle {
    id: root
    required property DeskScreen desk
    property bool drawer: false
    signal sideAsked
    height: 56
    color: Theme.surface
    Rectangle {
        width: parent.width
        height: 1
        color: Theme.line
    }
    Row {
        id: hints
        x: Theme.desktopMargin
        height: parent.height
        spacing: 4
        Repeater {
            model: [
                {key: "F1", label: Words.say("act.keys"), command: "keys", ready: true, why: ""},
                {key: "F11", label: Words.say("act.call_number"), command: "call_number", ready: root.desk.callNumber.ready, why: root.desk.callNumber.why},
                {key: "Ctrl+K", label: Words.say("act.find"), command: "find", ready: true, why: ""},
                {key: "Ctrl+L", label: Words.say("act.lock"), command: "lock", ready: true, why: ""},
                {key: "Alt+M", label: Words.say("act.mini"), command: "mini", ready: true, why: ""},
                {key: "Alt+3", label: Words.say("act.more"), command: "area_3", ready: true, why: "", drawer: true}
            ]
            Touchable {
                id: hint
                required property var modelData
                objectName: "hint_" + modelData.command
                label: modelData.label
                description: modelData.why
                visible: modelData.drawer !== true || root.drawer
                enabled: modelData.ready
                anchors.verticalCenter: parent ? parent.verticalCenter : undefined
                width: row.implicitWidth + 14
                height: 36
                footHeight: 0
                edgeWidth: 0
                radius: Theme.controlRadius
                onActed: root.desk.command(modelData.command)
                Row {
                    id: row
                    anchors.centerIn: parent
                    spacing: 7
                    KeyCap {
                        anchors.verticalCenter: parent.verticalCenter
                        key: hint.modelData.key
                        tone: hint.enabled ? Theme.ink2 : Theme.edge
                    }
                    Label {
                        anchors.verticalCenter: parent.verticalCenter
                        text: hint.label
                        color: hint.enabled ? Theme.ink2 : Theme.disabled
                        font.pixelSize: Theme.smallSize + 1
                        Accessible.ignored: true
                    }
                }
            }
        }
    }
    Rectangle {
        id: toast
        objectName: "toast"
        visible: opacity > 0
        opacity: root.desk.toast === "" ? 0 : 1
        Behavior on opacity { NumberAnimation { duration: Theme.toastMs } }
        anchors.right: parent.right
        anchors.rightMargin: Theme.desktopMargin
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(492, root.width - hints.width - 3 * Theme.desktopMargin)
        height: Math.max(40, words.height + 8)
        radius: Theme.controlRadius
        color: Theme.header
        Accessible.role: Accessible.AlertMessage
        Accessible.name: root.desk.toast
        Icon {
            id: mark
            visible: root.desk.toastWarns
            x: 14
            anchors.verticalCenter: parent.verticalCenter
            name: "circle-alert"
            size: 18
            tone: Theme.call
        }
        Label {
            id: words
            anchors.left: parent.left
            anchors.leftMargin: mark.visible ? 40 : 16
            anchors.right: undo.visible ? undo.left : parent.right
            anchors.rightMargin: 12
            anchors.verticalCenter: parent.verticalCenter
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            text: root.desk.toast
            color: Theme.headerInk
            font.pixelSize: root.desk.toast.length > 24 ? Theme.smallSize : Theme.bodySize
            Accessible.ignored: true
        }
        Touchable {
            id: undo
            objectName: "act_undo"
            visible: root.desk.toastUndo
            label: Words.say("desk.undo.key")
            anchors.right: parent.right
            anchors.rightMargin: 8
            anchors.verticalCenter: parent.verticalCenter
            width: undoRow.implicitWidth + 16
            height: 34
            footHeight: 0
            edgeWidth: 0
            radius: Theme.controlRadius
            face: Theme.header
            pressedFace: Theme.ink2
            onActed: root.desk.undo()
            Row {
                id: undoRow
                anchors.centerIn: parent
                spacing: 8
                Label {
                    anchors.verticalCenter: parent.verticalCenter
                    text: undo.label
                    bold: true
                    color: Theme.call
                    Accessible.ignored: true
                }
                KeyCap {
                    anchors.verticalCenter: parent.verticalCenter
                    key: "Ctrl+Z"
                    tone: Theme.headerInk
                }
                Label {
                    anchors.verticalCenter: parent.verticalCenter
                    text: Words.say("desk.seconds", {n: root.desk.toastSeconds})
                    color: Theme.headerInk2
                }
            }
        }
    }
}
