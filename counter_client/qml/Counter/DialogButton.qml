pragma ComponentBehavior: Bound
import QtQuick
import Hall

// The end of a dialog: go or leave.
Touchable {
    id: root
    property bool filled: false
    property string key: ""
    implicitHeight: 48
    implicitWidth: row.implicitWidth + 36
    radius: Theme.controlRadius
    footHeight: 0
    face: !enabled ? Theme.sunken : filled ? Theme.action : Theme.surface
    pressedFace: filled ? Theme.press : Theme.tint
    edgeColor: Theme.edge
    edgeWidth: filled || !enabled ? 0 : 1
    readonly property color words: !enabled ? Theme.disabled : filled ? Theme.actionInk : Theme.ink
    Row {
        id: row
        anchors.centerIn: parent
        spacing: 8
        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: root.label
            bold: true
            color: root.words
            font.pixelSize: Theme.nameLargeSize
            Accessible.ignored: true
        }
        KeyCap {
            visible: root.key !== ""
            anchors.verticalCenter: parent.verticalCenter
            key: root.key
            tone: root.words
        }
    }
}
