pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// Staff number and PIN, in the middle. Also the lock: then only the PIN is asked.
Item {
    id: root
    required property DeskScreen desk
    readonly property DoorView door: desk.door
    readonly property bool locked: desk.stage === "locked"
    anchors.fill: parent
    function settle(): void {
        if (!visible) return;
        clerk.text = door.clerk;
        pin.text = "";
        clerk.text === "" ? clerk.takeFocus() : pin.takeFocus();
    }
    function enter(): void {
        if (!door.ready) return;
        const secret = pin.text;
        pin.text = "";
        door.enter(clerk.text, secret);
    }
    onVisibleChanged: settle()
    onLockedChanged: settle()
    Component.onCompleted: settle()
    Rectangle {
        visible: root.locked
        anchors.fill: parent
        color: Theme.bg
    }
    Rectangle {
        anchors.centerIn: parent
        width: 420
        height: body.implicitHeight + 56
        radius: Theme.desktopCardRadius
        color: Theme.surface
        border.color: Theme.line
        Column {
            id: body
            x: 28
            y: 28
            width: parent.width - 56
            spacing: 16
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.door.title
                bold: true
                font.pixelSize: Theme.titleSize
                Accessible.role: Accessible.Heading
            }
            Label {
                visible: text !== ""
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.door.other
                color: Theme.amber
            }
            Field {
                id: clerk
                objectName: "signin_clerk"
                visible: !root.locked
                width: parent.width
                label: Words.say("signin.clerk")
                maximumLength: 40
                onAccepted: pin.takeFocus()
            }
            Field {
                id: pin
                objectName: "signin_pin"
                width: parent.width
                label: Words.say("signin.pin")
                secret: true
                maximumLength: 12
                onAccepted: root.enter()
            }
            Label {
                visible: text !== ""
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.door.says
                color: Theme.red
                bold: true
                Accessible.role: Accessible.AlertMessage
            }
            DialogButton {
                objectName: "signin_go"
                width: parent.width
                filled: true
                enabled: root.door.ready
                label: root.door.busy ? Words.say("signin.busy") : root.locked ? Words.say("signin.unlock") : Words.say("signin.go")
                key: "↵"
                onActed: root.enter()
            }
            DialogButton {
                objectName: "signin_switch"
                visible: root.locked
                width: parent.width
                label: Words.say("signin.switch")
                onActed: root.door.switchClerk()
            }
            Row {
                spacing: 8
                Repeater {
                    model: [{code: "zh-Hans", name: "简体中文"}, {code: "zh-Hant", name: "繁體中文"}, {code: "en", name: "English"}]
                    Chip {
                        required property var modelData
                        objectName: "language_" + modelData.code
                        label: modelData.name
                        chosen: root.desk.language === modelData.code
                        onActed: root.door.setLanguage(modelData.code)
                    }
                }
            }
        }
    }
}
