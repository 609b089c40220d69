pragma ComponentBehavior: Bound
import QtQuick

// A mode of the tool bar: icon above word, filled while on.
Touchable {
    id: root
    property string icon: ""
    property int size: Theme.large ? Theme.smallSize : 30
    checkable: true
    Accessible.role: Accessible.CheckBox
    radius: Theme.gutter
    face: selected ? Theme.action : Theme.bg
    edgeColor: Theme.contrast ? Theme.edge : Theme.line
    footColor: selected && Theme.contrast ? Theme.action : Theme.edge
    Column {
        anchors.centerIn: parent
        spacing: 4
        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            name: root.icon
            size: 52
            tone: words.color
        }
        FitLabel {
            id: words
            width: root.width - 4
            height: Math.round(root.size * 1.5)
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.NoWrap
            minimumPixelSize: Theme.large ? 34 : 28
            anchors.horizontalCenter: parent.horizontalCenter
            text: root.label
            bold: root.selected
            font.pixelSize: root.size
            color: root.selected ? Theme.actionInk : Theme.ink
            Accessible.ignored: true
        }
    }
}
