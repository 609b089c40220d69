pragma ComponentBehavior: Bound
import QtQuick
import Hall

// The services of a group, 14 rows a page.
Page {
    id: page
    readonly property int topY: low ? hands + 12 : Math.max(hands, (large ? hint.y + hint.height : title.y + title.height) + 8)
    readonly property int room: height - topY - bar.height - 8
    readonly property int size: low ? (large ? 3 : 7) : (large ? 6 : 14)
    readonly property int rowHeight: Math.min(large ? 190 : 112, (room + 4) / size - 4)
    Label {
        id: title
        x: page.margin
        y: page.height < 1576 ? 0 : page.large || page.low ? 20 : 8
        width: page.large || page.low ? page.inner : Math.min(implicitWidth, page.inner)
        wrapMode: Text.Wrap
        text: page.view.title
        bold: true
        font.pixelSize: page.height < 1576 ? Theme.titleSize - 16 : Theme.titleSize
    }
    FitLabel {
        id: hint
        readonly property bool beside: !page.large && !page.low
        x: beside ? title.x + title.width + 24 : page.margin
        y: beside ? title.y : title.y + title.height
        width: page.width - page.margin - x
        height: beside ? title.height : page.large ? 56 : 48
        horizontalAlignment: beside ? Text.AlignRight : Text.AlignLeft
        text: page.view.hint + (page.view.page !== "" ? " · " + page.view.page : "")
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 32
    }
    Column {
        id: rows
        x: page.margin
        y: page.topY
        spacing: 4
        Repeater {
            model: page.view.rows.length
            ItemRow {
                required property int index
                owner: page
                row: page.view.rows[index] ?? ({})
                width: page.inner
                height: page.rowHeight
            }
        }
    }
    TurnBar {
        id: bar
        owner: page
        anchors.bottom: parent.bottom
    }
}
