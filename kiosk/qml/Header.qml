pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallShell

// Hall, hours, clock, date: to read only. While the voice speaks, its words stand here instead.
Rectangle {
    id: root
    property string hall: ""
    property string hours: ""
    property string caption: ""
    color: Theme.header
    Accessible.role: Accessible.Pane
    Accessible.name: hall
    Item {
        anchors.fill: parent
        visible: root.caption === ""
        FitLabel {
            x: 56
            y: 30
            height: 72
            width: parent.width - 112 - right.width - 24
            text: root.hall
            bold: true
            color: Theme.headerInk
            font.pixelSize: Theme.large ? 52 : 44
            minimumPixelSize: Theme.large ? 40 : 34
        }
        FitLabel {
            x: 56
            y: 104
            width: parent.width - 112 - right.width - 24
            height: Theme.large ? 60 : 40
            text: root.hours
            color: Theme.headerInk2
            font.pixelSize: Theme.large ? 40 : 32
            minimumPixelSize: Theme.large ? 36 : 28
        }
        Item {
            id: right
            anchors.right: parent.right
            anchors.rightMargin: 56
            width: Math.max(time.implicitWidth, date.implicitWidth)
            Label {
                id: time
                anchors.right: parent.right
                y: 4
                text: Clock.time
                bold: true
                color: Theme.headerInk
                font.pixelSize: 72
            }
            Label {
                id: date
                anchors.right: parent.right
                y: root.height - implicitHeight - (Theme.large ? 10 : 22)
                text: Clock.date
                color: Theme.headerInk2
                font.pixelSize: Theme.large ? 36 : 30
            }
        }
    }
    Row {
        visible: root.caption !== ""
        x: 56
        anchors.verticalCenter: parent.verticalCenter
        spacing: 24
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: "volume-2"
            size: 64
            tone: Theme.headerInk
        }
        FitLabel {
            width: root.width - 112 - 88
            height: 152
            text: root.caption
            color: Theme.headerInk
            font.pixelSize: Theme.large ? 44 : 40
            minimumPixelSize: Theme.large ? 36 : 28
        }
    }
    Rectangle {
        visible: Theme.contrast
        anchors.bottom: parent.bottom
        width: parent.width
        height: 3
        color: Theme.edge
    }
}
