pragma ComponentBehavior: Bound
import QtQuick
import Hall

// A service on the home screen: letter, short name, people ahead, wait.
Touchable {
    id: root
    property var tile: ({})
    property var owner
    readonly property bool wide: width > 700
    objectName: tile.act ?? ""
    label: tile.label ?? ""
    description: tile.description ?? ""
    onActed: owner.touched(objectName, label)
    LineLetter {
        id: letter
        x: root.wide ? 28 : 24
        anchors.verticalCenter: parent.verticalCenter
        side: Math.min(root.wide ? 112 : 84, (root.height - 40) / 1.28)
        letter: root.tile.letter ?? ""
        stale: !(root.tile.open ?? true)
    }
    FitLabel {
        id: name
        x: letter.x + letter.width + (root.wide ? 34 : 24)
        y: root.wide ? root.height * 0.08 : root.height * 0.1
        width: parent.width - x - (root.wide ? 96 : 20)
        height: root.height * 0.5
        text: root.tile.name ?? ""
        bold: true
        font.pixelSize: root.wide ? Theme.nameSize : 42
        Accessible.ignored: true
    }
    Label {
        id: ahead
        x: name.x
        anchors.bottom: parent.bottom
        anchors.bottomMargin: root.height * 0.12
        text: root.wide && (root.tile.wait ?? "") !== "" ? (root.tile.ahead ?? "") + " · " + root.tile.wait : root.tile.ahead ?? ""
        color: Theme.ink2
        font.pixelSize: root.wide ? Theme.bodySize : 30
        Accessible.ignored: true
    }
    WaitRange {
        visible: !root.wide
        anchors.right: parent.right
        anchors.rightMargin: 24
        anchors.baseline: ahead.baseline
        text: root.tile.wait ?? ""
        kind: root.tile.kind ?? "unknown"
        font.pixelSize: implicitAt(34)
        function implicitAt(size) {
            const room = root.width - name.x - 44 - ahead.implicitWidth;
            return Math.max(28, Math.min(size, size * room / Math.max(1, metrics.advanceWidth)));
        }
        Accessible.ignored: true
    }
    TextMetrics {
        id: metrics
        font.family: Theme.family
        font.bold: true
        font.pixelSize: 34
        text: root.tile.wait ?? ""
    }
    Icon {
        visible: root.wide
        anchors.right: parent.right
        anchors.rightMargin: 28
        anchors.verticalCenter: parent.verticalCenter
        name: "chevron-right"
        size: 56
    }
}
