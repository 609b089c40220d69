pragma ComponentBehavior: Bound
import QtQuick
import Hall

// The server is away: one tile a line, from the kiosk's own numbers.
Page {
    id: page
    readonly property int rows: Math.ceil(view.tiles.length / 2)
    readonly property int gap: low ? 14 : 24
    Label {
        id: title
        x: page.margin
        y: 24
        width: page.inner
        wrapMode: Text.Wrap
        text: page.view.title
        bold: true
        font.pixelSize: Theme.titleSize
    }
    Label {
        id: hint
        x: page.margin
        anchors.top: title.bottom
        width: page.inner
        wrapMode: Text.Wrap
        text: page.view.hint
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 34
    }
    Grid {
        id: tiles
        x: page.margin
        y: page.low ? page.hands + 8 : Math.max(page.hands, hint.y + hint.height + 24)
        columns: 2
        columnSpacing: 24
        rowSpacing: page.gap
        readonly property int room: left.y - y - 20
        Repeater {
            model: page.view.tiles.length
            Touchable {
                id: tile
                required property int index
                readonly property var item: page.view.tiles[index] ?? ({})
                objectName: item.act ?? ""
                label: item.label ?? ""
                description: item.none ?? ""
                enabled: item.enabled ?? true
                width: (page.inner - 24) / 2
                height: Math.min(230, (tiles.room - page.gap * (page.rows - 1)) / Math.max(1, page.rows))
                face: enabled ? Theme.surface : Theme.sunken
                footHeight: enabled ? Theme.foot : 0
                onActed: page.touched(objectName, label)
                LineLetter {
                    id: letter
                    x: 28
                    anchors.verticalCenter: parent.verticalCenter
                    side: Math.min(120, (tile.height - 44) / 1.28)
                    letter: tile.item.letter ?? ""
                    stale: !tile.enabled
                }
                FitLabel {
                    x: letter.x + letter.width + 24
                    width: parent.width - x - 16
                    y: 8
                    height: (none.visible ? parent.height * 0.55 : parent.height) - 16
                    text: tile.item.name ?? ""
                    bold: true
                    color: tile.enabled ? Theme.ink : Theme.disabled
                    font.pixelSize: Theme.large ? 52 : 44
                    minimumPixelSize: Theme.large ? 40 : 28
                    Accessible.ignored: true
                }
                FitLabel {
                    id: none
                    visible: (tile.item.none ?? "") !== ""
                    x: letter.x + letter.width + 24
                    width: parent.width - x - 16
                    anchors.bottom: parent.bottom
                    height: parent.height * 0.42
                    text: tile.item.none ?? ""
                    color: Theme.disabled
                    font.pixelSize: Theme.large ? Theme.smallSize : 28
                    minimumPixelSize: Theme.large ? 34 : 28
                    Accessible.ignored: true
                }
            }
        }
    }
    Label {
        id: left
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: help.top
        anchors.bottomMargin: 16
        text: page.view.left
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 34
    }
    Ghost {
        id: help
        owner: page
        b: page.view.help
        x: page.margin
        width: page.inner
        height: 116
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 20
    }
}
