pragma ComponentBehavior: Bound
import QtQuick
import Hall

// One service of a list: short name, full name, its line; with a button that takes a number at once where `direct`.
Touchable {
    id: root
    property var row: ({})
    property var owner
    property bool direct: false
    property bool busy: false
    property string busyText: ""
    readonly property int plate: height - footHeight
    // The full name stands below the short one where it fits at the smallest size; it is whole on the detail.
    readonly property int room: width - 20 - letter.width - 40 - (direct && take.visible ? take.width + 12 : 0)
    readonly property int lines: Theme.large ? 2 : 1
    readonly property bool twoLines: (row.full ?? "") !== (row.name ?? "") && fullWidth.advanceWidth < room * lines * 0.96
    objectName: row.act ?? ""
    label: row.label ?? ""
    description: row.description ?? ""
    onActed: root.owner.touched(objectName, label)
    LineLetter {
        id: letter
        x: 20
        anchors.verticalCenter: parent.verticalCenter
        side: Math.min(Theme.large ? 84 : 56, (root.height - 30) / 1.28)
        letter: root.row.letter ?? ""
        stale: !(root.row.open ?? true)
    }
    FitLabel {
        id: name
        x: letter.x + letter.width + 20
        y: root.twoLines && !Theme.large ? -3 : 0
        width: status.x - x - 16
        height: root.twoLines ? (Theme.large ? root.plate * 0.46 : Math.max(54, root.plate * 0.5)) : root.plate
        text: root.row.name ?? ""
        bold: true
        font.pixelSize: Theme.large ? 52 : 40
        Accessible.ignored: true
    }
    Label {
        id: full
        visible: root.twoLines
        x: name.x
        y: name.y + name.height - (Theme.large ? 0 : 6)
        width: (root.direct && take.visible ? take.x : root.width) - x - 16
        height: root.plate - y
        wrapMode: Theme.large ? Text.Wrap : Text.NoWrap
        text: root.row.full ?? ""
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 28
        Accessible.ignored: true
    }
    TextMetrics {
        id: fullWidth
        font.family: Theme.family
        font.pixelSize: Theme.large ? Theme.smallSize : 28
        text: root.row.full ?? ""
    }
    FitLabel {
        id: status
        x: (root.direct && take.visible ? take.x : root.width - 12) - width - 12
        width: Theme.large ? 250 : 190
        height: root.twoLines ? name.height : root.plate
        horizontalAlignment: Text.AlignRight
        text: root.row.ahead ?? ""
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 30
        Accessible.ignored: true
    }
    PrimaryButton {
        id: take
        visible: root.direct && (root.row.open ?? false)
        objectName: root.row.take ? root.row.take.act : ""
        label: root.row.take ? root.row.take.label : ""
        enabled: root.row.take ? root.row.take.enabled : false
        anchors.right: parent.right
        anchors.rightMargin: 12
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.large ? 180 : 160
        height: Math.max(80, root.height - 28)
        size: Theme.large ? 44 : 38
        radius: 18
        onActed: root.owner.touched(objectName, label)
    }
}
