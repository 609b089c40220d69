pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Something to say: the message book, or what a complaint, a question or a suggestion is about.
Page {
    id: page
    readonly property int gap: low ? 6 : 14
    readonly property int rows: Math.ceil(view.tiles.length / 2)
    readonly property int topY: low ? hands + 4 : Math.max(hands, hint.y + hint.height + 24)
    readonly property int room: back.y - topY - 10
    Label {
        id: title
        x: page.margin
        y: page.height < 1576 ? 8 : 28
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
        anchors.topMargin: 8
        width: page.inner
        wrapMode: Text.Wrap
        text: page.view.hint
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.bodySize : 36
    }
    Grid {
        x: page.margin
        y: page.topY
        columns: 2
        columnSpacing: page.gap
        rowSpacing: page.gap
        Repeater {
            model: page.view.tiles.length
            GroupTile {
                required property int index
                owner: page
                tile: page.view.tiles[index] ?? ({})
                size: page.large ? 40 : 34
                width: (page.inner - page.gap) / 2
                height: Math.min(150, (page.room - page.gap * (page.rows - 1)) / page.rows)
            }
        }
    }
    Ghost {
        id: back
        owner: page
        b: page.view.back
        x: page.margin
        width: page.inner
        height: page.low ? 88 : 136
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 8
        size: page.large ? 46 : 42
    }
}
