pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// Who comes next, and why.
Rectangle {
    id: root
    required property DeskScreen desk
    height: Math.max(132, body.implicitHeight + 24)
    radius: Theme.desktopCardRadius
    color: root.desk.hasNext ? Theme.tint : Theme.surface
    border.color: root.desk.hasNext ? Theme.action : Theme.line
    border.width: 1
    Column {
        id: body
        x: 16
        y: 12
        width: parent.width - 32
        spacing: 2
        Label {
            text: Words.say("desk.next")
            bold: true
            color: Theme.action
            font.pixelSize: Theme.bodySize
        }
        Item {
            width: parent.width
            height: root.desk.hasNext ? Math.max(number.height, about.height) : none.height + 8
            Label {
                id: number
                visible: root.desk.hasNext
                text: root.desk.nextNumber
                bold: true
                color: Theme.action
                font.pixelSize: text.length > 4 ? Math.round(Theme.titleSize * 1.6) : Theme.titleSize * 2
                height: Math.round(font.pixelSize * 1.12)
                verticalAlignment: Text.AlignVCenter
            }
            Column {
                id: about
                visible: root.desk.hasNext
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                width: parent.width - number.width - 12
                Label {
                    width: parent.width
                    horizontalAlignment: Text.AlignRight
                    text: root.desk.nextService
                    bold: true
                    visible: !service.visible
                    wrapMode: Text.Wrap
                    lineHeight: Theme.lineHeight / 1.448
                    font.pixelSize: Theme.nameSize
                }
                Label {
                    width: parent.width
                    horizontalAlignment: Text.AlignRight
                    text: root.desk.nextWaited
                    wrapMode: Text.Wrap
                    lineHeight: Theme.lineHeight / 1.448
                    color: Theme.ink2
                    font.pixelSize: Theme.bodySize
                }
            }
            Label {
                id: none
                visible: !root.desk.hasNext
                width: parent.width
                text: Words.say("desk.next.none")
                bold: true
                font.pixelSize: Theme.titleSize
            }
        }
        Label {
            id: service
            visible: root.desk.hasNext && root.desk.nextService.length > 16
            width: parent.width
            text: root.desk.nextService
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            font.pixelSize: Theme.smallSize
            bold: true
        }
        Row {
            spacing: 6
            width: parent.width
            Icon {
                id: info
                name: "info"
                size: 16
                tone: Theme.action
                y: 3
            }
            Label {
                width: parent.width - info.width - 6
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.desk.hasNext ? Words.say("desk.next.why", {why: root.desk.nextWhy}) : Words.say("desk.next.none_hint")
                font.pixelSize: Theme.smallSize
            }
        }
    }
}
