pragma ComponentBehavior: Bound
import QtQuick
import Hall

// How far is my case: number and check code by keys, or the receipt before the scanner.
Page {
    id: page
    readonly property int gap: low ? 10 : 16
    readonly property int rowsOfKeys: Math.ceil(view.keys.length / keys.columns)
    Label {
        id: title
        x: page.margin
        y: page.height < 1576 ? 8 : 28
        width: page.inner
        wrapMode: Text.Wrap
        text: page.view.title
        bold: true
        font.pixelSize: Theme.titleSize - (page.height < 1576 ? 16 : 0)
    }
    Label {
        id: hint
        x: page.margin
        anchors.top: title.bottom
        anchors.topMargin: 8
        width: page.inner
        wrapMode: Text.Wrap
        text: page.view.hint + "\n" + page.view.scan
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 34
    }
    Column {
        id: spots
        x: page.margin
        y: page.low ? page.hands + 8 : Math.max(page.hands, hint.y + hint.height + (page.height < 1576 ? 16 : 40))
        width: page.inner
        spacing: page.gap
        Repeater {
            model: page.view.spots.length
            Touchable {
                id: spot
                required property int index
                readonly property var item: page.view.spots[index] ?? ({})
                objectName: "field:" + index
                label: item.label ?? ""
                description: item.value ?? ""
                checkable: true
                selected: item.on ?? false
                width: page.inner
                height: page.low ? 100 : 128
                edgeColor: item.on ? Theme.action : Theme.contrast ? Theme.edge : Theme.line
                edgeWidth: item.on ? 4 : Theme.border
                onActed: page.touched(item.act, label)
                Label {
                    x: 36
                    anchors.verticalCenter: parent.verticalCenter
                    text: spot.label
                    color: Theme.ink2
                    font.pixelSize: Theme.large ? Theme.smallSize : 34
                    Accessible.ignored: true
                }
                Label {
                    anchors.right: parent.right
                    anchors.rightMargin: 36
                    anchors.verticalCenter: parent.verticalCenter
                    text: spot.item.value !== "" ? spot.item.value : "—"
                    bold: true
                    font.pixelSize: Theme.large ? 48 : 52
                    Accessible.ignored: true
                }
            }
        }
    }
    Keypad {
        id: keys
        readonly property int room: bar.y - y - page.gap
        x: page.margin
        y: spots.y + spots.height + page.gap + 8
        columns: page.view.keys.length > 12 ? 8 : 5
        keys: page.view.keys
        live: page.view.live
        columnSpacing: 12
        rowSpacing: page.gap - 4
        keyWidth: (page.inner - (columns - 1) * 12) / columns
        keyHeight: Math.min(132, (room - (page.rowsOfKeys - 1) * rowSpacing) / page.rowsOfKeys)
        textSize: page.large ? 52 : 46
        onTyped: key => page.touched("key:" + key, key)
    }
    Row {
        id: bar
        x: page.margin
        anchors.bottom: foot.top
        anchors.bottomMargin: page.gap
        spacing: 16
        Ghost {
            owner: page
            b: page.view.erase
            width: (page.inner - 16) / 2
            height: page.low ? 92 : 108
            size: page.large ? 44 : 38
        }
        Ghost {
            owner: page
            b: page.view.clear
            width: (page.inner - 16) / 2
            height: page.low ? 92 : 108
            size: page.large ? 44 : 38
        }
    }
    Row {
        id: foot
        x: page.margin
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 16
        spacing: 16
        Ghost {
            owner: page
            b: page.view.back
            width: 296
            height: page.low ? 120 : 152
            size: page.large ? 46 : 42
        }
        Primary {
            owner: page
            b: page.view.go
            width: page.inner - 312
            height: page.low ? 120 : 152
        }
    }
}
