pragma ComponentBehavior: Bound
import QtQuick

// Every other answer: outlined. `quiet` has the tinted ground of a quiet action.
Touchable {
    id: root
    property string icon: ""
    property string hint: ""
    property bool quiet: false
    property int size: Theme.large ? Theme.bodySize : 46
    property int iconSize: Math.round(size * 0.95)
    property color tone: enabled ? Theme.action : Theme.disabled
    implicitHeight: Theme.touchMin
    radius: Theme.primaryRadius
    face: quiet ? Theme.tint : Theme.surface
    edgeColor: quiet && !Theme.contrast ? Theme.line : tone
    edgeWidth: quiet && !Theme.contrast ? 1 : 3
    footColor: quiet && !Theme.contrast ? Theme.action : Theme.edge
    TextMetrics {
        id: natural
        font.family: Theme.family
        font.bold: true
        font.pixelSize: root.size
        text: root.label
    }
    Row {
        id: row
        anchors.centerIn: parent
        spacing: Theme.gutter
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: root.icon !== ""
            name: root.icon
            size: root.iconSize
            tone: root.tone
        }
        Column {
            anchors.verticalCenter: parent.verticalCenter
            Label {
                readonly property int room: root.width - 32 - (root.icon === "" ? 0 : root.iconSize + Theme.gutter)
                readonly property real share: room / Math.max(1, natural.advanceWidth)
                text: root.label
                bold: true
                width: Math.min(implicitWidth, room)
                wrapMode: Text.Wrap
                font.pixelSize: share < 1 && share > 0.75 ? Math.floor(root.size * share) - 1 : root.size
                color: root.tone
                Accessible.ignored: true
            }
            Label {
                visible: root.hint !== ""
                text: root.hint
                width: Math.min(implicitWidth, root.width - 32 - (root.icon === "" ? 0 : root.iconSize + Theme.gutter))
                wrapMode: Text.Wrap
                font.pixelSize: Theme.smallSize
                color: root.tone
            }
        }
    }
}
