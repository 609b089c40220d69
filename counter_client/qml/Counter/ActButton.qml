pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// One act with its key. The filled one is the answer; a disabled one has its reason under it (ActColumn) or beside it.
Touchable {
    id: root
    required property ActView act
    property string shortLabel: ""
    property string icon: ""
    property bool filled: act.primary
    property bool quiet: false
    property int size: Theme.nameSize
    property bool narrow: false
    readonly property color words: !enabled ? Theme.disabled : filled ? Theme.actionInk : quiet ? Theme.action : Theme.ink
    objectName: "act_" + act.act
    label: shortLabel !== "" ? shortLabel : act.label
    description: act.why !== "" ? act.why : act.note
    enabled: act.ready
    activeFocusOnTab: true
    implicitHeight: 44
    implicitWidth: Math.ceil(row.implicitWidth) + (narrow ? 20 : 28)
    radius: Theme.controlRadius
    footHeight: 0
    face: !enabled ? Theme.sunken : filled ? Theme.action : Theme.surface
    pressedFace: filled ? Theme.press : Theme.tint
    edgeColor: quiet ? Theme.action : Theme.edge
    edgeWidth: filled || !enabled ? 0 : 1
    Accessible.name: label + (act.key === "" ? "" : " " + act.key)
    Row {
        id: row
        x: (parent.width - width) / 2
        anchors.verticalCenter: parent.verticalCenter
        spacing: 8
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: root.icon !== "" && width > 0
            name: root.icon
            size: Math.round(root.size * 1.25)
            tone: root.words
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: root.label
            bold: true
            font.pixelSize: root.size
            color: root.words
            Accessible.ignored: true
        }
        KeyCap {
            anchors.verticalCenter: parent.verticalCenter
            visible: root.act.key !== ""
            key: root.act.key
            tone: root.words
        }
    }
    CountdownBar {
        visible: root.act.busy
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: 6
        implicitHeight: 3
        share: 1
    }
}
