pragma ComponentBehavior: Bound
import QtQuick

// The one answer in blue. Busy keeps width and label.
Touchable {
    id: root
    property string icon: ""
    property string hint: ""
    property bool busy: false
    property int size: Theme.large ? Theme.nameSize : 56
    property int iconSize: size + 12
    implicitHeight: Theme.primaryMin
    radius: Theme.primaryRadius
    readonly property bool lit: enabled || busy
    face: lit ? Theme.action : Theme.sunken
    pressedFace: Theme.contrast ? Theme.call : Theme.press
    footColor: lit ? (Theme.contrast ? Theme.action : Theme.press) : Theme.edge
    footHeight: Theme.footPrimary
    edgeWidth: 0
    TextMetrics {
        id: natural
        font.family: Theme.family
        font.bold: true
        font.pixelSize: root.size
        text: root.label
    }
    Row {
        anchors.centerIn: parent
        spacing: Theme.gutterWide
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: root.icon !== ""
            name: root.icon
            size: root.iconSize
            tone: words.color
        }
        Column {
            anchors.verticalCenter: parent.verticalCenter
            Label {
                id: words
                text: root.label
                bold: true
                readonly property int room: root.width - 48 - (root.icon === "" ? 0 : root.iconSize + Theme.gutterWide)
                readonly property real share: room / Math.max(1, natural.advanceWidth)
                width: Math.min(implicitWidth, room)
                wrapMode: Text.Wrap
                font.pixelSize: share < 1 && share > 0.6 ? Math.floor(root.size * share) - 1 : root.size
                color: root.lit ? Theme.actionInk : Theme.disabled
                Accessible.ignored: true
            }
            Label {
                visible: root.hint !== ""
                text: root.hint
                font.pixelSize: Theme.smallSize
                color: words.color
            }
        }
    }
}
