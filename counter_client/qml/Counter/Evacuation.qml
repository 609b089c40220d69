pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// Over everything: leave, which way, and that no number is lost.
Rectangle {
    id: root
    required property DeskScreen desk
    anchors.fill: parent
    color: Theme.call
    Accessible.role: Accessible.AlertMessage
    Accessible.name: Words.say("evac.title")
    MouseArea {
        anchors.fill: parent
        hoverEnabled: true
    }
    Column {
        anchors.centerIn: parent
        width: parent.width - 120
        spacing: 28
        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            name: "siren"
            size: 96
            tone: Theme.callInk
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            text: Words.say("evac.title")
            bold: true
            color: Theme.callInk
            font.pixelSize: Theme.numberSize
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            text: root.desk.evacuationWay
            bold: true
            color: Theme.callInk
            font.pixelSize: Theme.titleSize * 2
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            text: Words.say("desk.evac.staff")
            color: Theme.callInk
            font.pixelSize: Theme.titleSize
        }
    }
}
