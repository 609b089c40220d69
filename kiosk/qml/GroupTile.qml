pragma ComponentBehavior: Bound
import QtQuick
import Hall

// A group of services: outline and name.
Touchable {
    id: root
    property var tile: ({})
    property var owner
    property int size: Theme.large ? Theme.bodySize + 2 : 34
    objectName: tile.act ?? ""
    label: tile.label ?? ""
    onActed: owner.touched(objectName, label)
    Icon {
        id: icon
        x: Theme.large ? 28 : 20
        anchors.verticalCenter: parent.verticalCenter
        name: root.tile.icon ?? ""
        size: Theme.large ? 60 : 46
    }
    FitLabel {
        x: icon.x + icon.width + 14
        width: parent.width - x - 12
        height: parent.height - 8
        y: 4
        text: root.label
        font.pixelSize: root.size
        Accessible.ignored: true
    }
}
