pragma ComponentBehavior: Bound
import QtQuick

// Keys for initials or digits. `live` lists the keys that lead somewhere; the others are dim and dead.
Grid {
    id: root
    property var keys: []
    property var live: []
    property int keyWidth: 124
    property int keyHeight: 96
    property int textSize: 40
    signal typed(string key)
    columns: 7
    columnSpacing: Theme.gutter
    rowSpacing: Theme.gutter
    Repeater {
        model: root.keys
        Touchable {
            id: key
            required property string modelData
            objectName: "key_" + modelData
            label: modelData
            enabled: root.live.indexOf(modelData) >= 0
            width: root.keyWidth
            height: root.keyHeight
            radius: Theme.gutter
            opacity: enabled ? 1 : Theme.deadOpacity
            face: enabled ? Theme.surface : Theme.sunken
            footHeight: enabled ? Theme.foot : 0
            onActed: root.typed(modelData)
            Label {
                anchors.centerIn: parent
                text: key.label
                bold: true
                font.pixelSize: root.textSize
                Accessible.ignored: true
            }
        }
    }
}
