pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// What an act asks before it is sent. Esc leaves it and keeps what was typed; digits choose; Enter goes.
FocusScope {
    id: root
    required property DialogView sheet
    readonly property bool typing: sheet.asks !== "" && !(sheet.kind === "call_number" && sheet.choiceCount > 0)
    readonly property bool columns: ["find", "transfer", "case", "case_decide"].indexOf(sheet.kind) < 0
    visible: sheet.kind !== ""
    focus: visible
    anchors.fill: parent
    Accessible.role: Accessible.Dialog
    Accessible.name: sheet.title
    Keys.onReturnPressed: event => { if (!event.isAutoRepeat) root.sheet.confirm(); }
    Keys.onEnterPressed: event => { if (!event.isAutoRepeat) root.sheet.confirm(); }
    onVisibleChanged: settle()
    onTypingChanged: settle()
    function settle(): void {
        if (!visible) return;
        field.text = sheet.text;
        if (typing) field.takeFocus();
        else card.forceActiveFocus(Qt.TabFocusReason);
    }
    Connections {
        target: root.sheet
        function onChanged(): void {
            if (field.text !== root.sheet.text) field.text = root.sheet.text;
        }
    }
    Rectangle {
        anchors.fill: parent
        color: Theme.header
        opacity: 0.6
        MouseArea {
            anchors.fill: parent
            hoverEnabled: true
            onClicked: root.sheet.cancel()
        }
    }
    Rectangle {
        id: card
        objectName: "dialog_card"
        anchors.centerIn: parent
        width: Math.min(parent.width - 32, 600)
        height: Math.min(parent.height - 32, body.implicitHeight + 48)
        radius: Theme.desktopCardRadius
        color: Theme.surface
        MouseArea {
            anchors.fill: parent
        }
        Column {
            id: body
            x: 24
            y: 24
            width: parent.width - 48
            spacing: 14
            Label {
                id: title
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.sheet.title
                bold: true
                font.pixelSize: Theme.titleSize
                Accessible.role: Accessible.Heading
            }
            Lamp {
                visible: root.sheet.word !== ""
                light: root.sheet.light
                word: root.sheet.word
                size: 22
                textSize: Theme.bodySize
            }
            Field {
                id: field
                objectName: "dialog_field"
                visible: root.sheet.asks !== ""
                enabled: root.typing
                width: parent.width
                label: root.sheet.asks
                onEdited: text => root.sheet.typed(text)
                onAccepted: root.sheet.confirm()
                Keys.onDownPressed: root.sheet.move(1)
                Keys.onUpPressed: root.sheet.move(-1)
            }
            Label {
                visible: text !== ""
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.sheet.hint
                color: Theme.ink2
            }
            Flickable {
                id: scroll
                visible: root.sheet.choiceCount > 0
                width: parent.width
                height: Math.min(choices.implicitHeight, Math.max(120, root.height - 430))
                contentHeight: choices.implicitHeight
                clip: contentHeight > height + 1
                boundsBehavior: Flickable.StopAtBounds
                Grid {
                    id: choices
                    width: parent.width
                    columns: root.columns ? 2 : 1
                    spacing: 8
                    Repeater {
                        model: root.sheet.choices
                        ChoiceRow {
                            objectName: "choice_" + index
                            width: (choices.width - (choices.columns - 1) * 8) / choices.columns
                            onActed: root.sheet.choose(index)
                            onActiveFocusChanged: if (activeFocus) scroll.contentY = Math.max(Math.min(scroll.contentY, y), y + height - scroll.height)
                            onChosenChanged: if (chosen) scroll.contentY = Math.max(Math.min(scroll.contentY, y), y + height - scroll.height)
                        }
                    }
                }
            }
            Column {
                visible: root.sheet.minuteCount > 0 && root.sheet.kind === "pause"
                width: parent.width
                spacing: 6
                Label {
                    width: parent.width
                    wrapMode: Text.Wrap
                    lineHeight: Theme.lineHeight / 1.448
                    text: Words.say("dialog.pause.until")
                    color: Theme.ink2
                    font.pixelSize: Theme.smallSize + 1
                }
                Flow {
                    width: parent.width
                    spacing: 8
                    Repeater {
                        model: root.sheet.minutes
                        Chip {
                            objectName: "minutes_" + index
                            onActed: root.sheet.chooseMinutes(index)
                        }
                    }
                }
            }
            Column {
                visible: root.sheet.kind === "transfer"
                width: parent.width
                spacing: 6
                Label {
                    text: Words.say("dialog.transfer.reason")
                    color: Theme.ink2
                    font.pixelSize: Theme.smallSize + 1
                }
                Flow {
                    width: parent.width
                    spacing: 8
                    Repeater {
                        model: root.sheet.reasons
                        Chip {
                            objectName: "reason_" + index
                            onActed: root.sheet.chooseReason(index)
                        }
                    }
                }
            }
            Label {
                visible: text !== ""
                width: parent.width
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.sheet.fault
                color: Theme.red
                bold: true
                Accessible.role: Accessible.AlertMessage
            }
            Row {
                anchors.right: parent.right
                spacing: 10
                DialogButton {
                    objectName: "dialog_cancel"
                    label: Words.say("dialog.cancel")
                    key: "Esc"
                    onActed: root.sheet.cancel()
                }
                DialogButton {
                    objectName: "dialog_go"
                    visible: root.sheet.go !== ""
                    label: root.sheet.go
                    key: "↵"
                    filled: true
                    onActed: root.sheet.confirm()
                }
            }
        }
    }
}
