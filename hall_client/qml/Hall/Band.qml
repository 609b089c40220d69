pragma ComponentBehavior: Bound
import QtQuick

// Full width under the header: what happened, in one line. `level` notice, warning, fault.
Rectangle {
    id: root
    property string text: ""
    property string icon: ""
    property string level: "notice"
    property int size: Theme.large ? Theme.bodySize : 40
    readonly property color words: level === "fault" ? Theme.redFillInk : Theme.callInk
    implicitHeight: Math.max(96, row.implicitHeight + 24)
    color: level === "fault" ? Theme.redFill : Theme.call
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text
    Row {
        id: row
        anchors.centerIn: parent
        spacing: Theme.gutterWide
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: root.icon !== ""
            name: root.icon
            tone: root.words
            size: root.size + 8
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            bold: true
            color: root.words
            font.pixelSize: root.size
            width: Math.min(implicitWidth, root.width - 2 * Theme.kioskMargin - (root.icon === "" ? 0 : root.size + 8 + Theme.gutterWide))
            wrapMode: Text.Wrap
            Accessible.ignored: true
        }
    }
}
