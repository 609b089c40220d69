pragma ComponentBehavior: Bound
import QtQuick

// The key of a command.
Rectangle {
    id: root
    property string key: ""
    property color tone: Theme.ink2
    property int size: Theme.smallSize
    implicitWidth: Math.max(implicitHeight, words.implicitWidth + 12)
    implicitHeight: words.implicitHeight + 4
    radius: 6
    color: "transparent"
    border.color: tone
    border.width: 1
    Label {
        id: words
        anchors.centerIn: parent
        text: root.key
        bold: true
        font.pixelSize: root.size
        color: root.tone
    }
}
