pragma ComponentBehavior: Bound
import QtQuick
import Hall

// One numbered answer of a dialog.
Touchable {
    id: root
    required property string detail
    required property string digit
    required property bool chosen
    required property bool ready
    enabled: ready
    required property int index
    selected: chosen
    checkable: true
    implicitHeight: Math.max(44, words.implicitHeight + 14)
    radius: Theme.controlRadius
    footHeight: 0
    face: !ready ? Theme.sunken : chosen ? Theme.tint : Theme.surface
    edgeColor: chosen ? Theme.action : Theme.edge
    edgeWidth: !ready ? 0 : chosen ? 2 : 1
    KeyCap {
        id: cap
        visible: root.digit !== ""
        key: root.digit
        x: 12
        anchors.verticalCenter: parent.verticalCenter
    }
    Column {
        id: words
        x: cap.visible ? 48 : 14
        width: parent.width - x - 12
        anchors.verticalCenter: parent.verticalCenter
        Label {
            width: parent.width
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            text: root.label
            bold: root.chosen
            color: root.ready ? Theme.ink : Theme.disabled
            font.pixelSize: text.length > 60 ? Theme.smallSize : Theme.nameSize
            Accessible.ignored: true
        }
        Label {
            visible: text !== ""
            width: parent.width
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            text: root.detail
            color: Theme.ink2
            font.pixelSize: Theme.smallSize
            Accessible.ignored: true
        }
    }
}
