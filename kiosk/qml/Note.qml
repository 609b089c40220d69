pragma ComponentBehavior: Bound
import QtQuick
import Hall

// A short word after a touch (help was called), over the page until its time is up.
Rectangle {
    id: root
    property string text: ""
    property string icon: ""
    height: Math.max(112, words.implicitHeight + 40)
    radius: Theme.cardRadius
    color: Theme.header
    border.color: Theme.edge
    border.width: Theme.contrast ? 3 : 0
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text
    Row {
        anchors.centerIn: parent
        spacing: 24
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: root.icon
            size: 56
            tone: Theme.headerInk
        }
        Label {
            id: words
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, root.width - 150)
            wrapMode: Text.Wrap
            text: root.text
            bold: true
            color: Theme.headerInk
            font.pixelSize: Theme.large ? 44 : 40
            Accessible.ignored: true
        }
    }
}
