pragma ComponentBehavior: Bound
import QtQuick
import Hall

// One case: what is promised with its light, both dates, stops with their reason, the way. Or why it is not shown.
Page {
    id: page
    Card {
        id: card
        x: page.margin
        y: page.height < 1576 ? 16 : 40
        width: page.inner
        height: column.implicitHeight + (page.large ? 40 : 80)
        radius: 28
        Column {
            id: column
            x: 44
            y: page.large ? 20 : 40
            width: parent.width - 88
            spacing: page.large ? 6 : 16
            Icon {
                visible: !page.view.found
                name: page.view.icon
                size: 96
            }
            Label {
                visible: text !== ""
                width: parent.width
                wrapMode: Text.Wrap
                text: page.view.found ? page.view.who : page.view.text
                color: Theme.ink2
                font.pixelSize: Theme.large ? Theme.smallSize : 34
            }
            Label {
                visible: text !== ""
                width: parent.width
                wrapMode: Text.Wrap
                text: page.view.service
                font.pixelSize: Theme.large ? Theme.bodySize : 38
            }
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                text: page.view.title
                bold: true
                font.pixelSize: Theme.large ? 60 : 56
            }
            Row {
                visible: page.view.lamp !== ""
                spacing: 24
                Lamp {
                    light: page.view.lamp
                    word: page.view.word
                    size: page.large ? 48 : 44
                    textSize: Theme.large ? Theme.bodySize : 38
                }
                Label {
                    visible: text !== ""
                    anchors.verticalCenter: parent.verticalCenter
                    text: page.view.state
                    font.pixelSize: Theme.large ? Theme.bodySize : 38
                }
            }
            Rectangle {
                visible: page.view.found
                width: parent.width
                height: Theme.contrast ? 3 : 2
                color: Theme.line
            }
            Repeater {
                model: page.view.facts.length
                Row {
                    id: fact
                    required property int index
                    readonly property var item: page.view.facts[index] ?? ({})
                    width: column.width
                    spacing: 20
                    Label {
                        width: 260
                        wrapMode: Text.Wrap
                        text: fact.item.name ?? ""
                        color: Theme.ink2
                        font.pixelSize: Theme.large ? Theme.smallSize : 30
                    }
                    Label {
                        width: column.width - 280
                        wrapMode: Text.Wrap
                        text: fact.item.value ?? ""
                        font.pixelSize: Theme.large ? Theme.smallSize : 34
                    }
                }
            }
            Rectangle {
                visible: page.view.steps.length > 0
                width: parent.width
                height: Theme.contrast ? 3 : 2
                color: Theme.line
            }
            Repeater {
                model: page.view.steps.length
                Item {
                    id: step
                    required property int index
                    readonly property var item: page.view.steps[index] ?? ({})
                    width: column.width
                    height: Math.max(44, name.implicitHeight)
                    Rectangle {
                        id: dot
                        y: 8
                        width: 30
                        height: 30
                        radius: 15
                        color: step.item.state === "done" ? Theme.action : "transparent"
                        border.color: step.item.state === "next" ? Theme.edge : Theme.action
                        border.width: step.item.state === "now" ? 9 : 3
                    }
                    Label {
                        id: name
                        x: 56
                        width: column.width - 56 - note.implicitWidth - 20
                        wrapMode: Text.Wrap
                        text: step.item.label ?? ""
                        bold: step.item.state === "now"
                        color: step.item.state === "next" ? Theme.ink2 : Theme.ink
                        font.pixelSize: Theme.large ? Theme.bodySize : 36
                    }
                    Label {
                        id: note
                        anchors.right: parent.right
                        text: step.item.note ?? ""
                        bold: step.item.state === "now"
                        color: step.item.state === "now" ? Theme.action : Theme.ink2
                        font.pixelSize: Theme.large ? Theme.smallSize : 32
                    }
                }
            }
            Label {
                visible: text !== ""
                width: parent.width
                wrapMode: Text.Wrap
                text: page.view.next
                font.pixelSize: Theme.large ? Theme.bodySize : 40
            }
        }
    }
    Row {
        x: page.margin
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 16
        spacing: 16
        Ghost {
            owner: page
            b: page.view.help
            width: 340
            height: page.low || page.large ? 112 : 136
            size: page.large ? 42 : 36
        }
        Primary {
            owner: page
            b: page.view.back
            width: page.inner - 356
            height: page.low || page.large ? 112 : 136
        }
    }
}
