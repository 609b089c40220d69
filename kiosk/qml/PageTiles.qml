pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Groups, or the parts of a large group.
Page {
    id: page
    readonly property int columns: large ? 2 : 4
    readonly property int gap: 14
    readonly property int topY: low ? hands + 16 : Math.max(hands, hint.y + hint.height + 24)
    readonly property int tileHeight: large ? 132 : low ? 98 : 102
    Label {
        id: title
        x: page.margin
        y: 28
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
        text: page.view.hint + (page.view.page !== "" ? " · " + page.view.page : "")
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 32
    }
    Grid {
        id: grid
        x: page.margin
        y: page.topY
        columns: page.columns
        columnSpacing: page.gap
        rowSpacing: page.gap
        Repeater {
            model: page.view.tiles.length
            GroupTile {
                required property int index
                owner: page
                tile: page.view.tiles[index] ?? ({})
                width: (page.inner - page.gap * (page.columns - 1)) / page.columns
                height: page.tileHeight
            }
        }
    }
    TurnBar {
        owner: page
        anchors.bottom: parent.bottom
    }
}
