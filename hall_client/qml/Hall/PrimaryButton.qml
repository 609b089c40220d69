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
                width: Math.min(implicitWidth, root.width - 48 - (root.icon === "" ? 0 : root.iconSize + Theme.gutterWide))
                wrapMode: Text.Wrap
                font.pixelSize: root.size
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
