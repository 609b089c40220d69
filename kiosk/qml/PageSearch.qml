pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Search by Pinyin initials: what was typed, up to five results with 取号, keys that lead somewhere.
Page {
    id: page
    readonly property int keyHeight: low ? 84 : large ? 104 : 100
    readonly property int gap: 12
    Label {
        id: title
        x: page.margin
        y: page.height < 1576 ? 12 : 28
        text: page.view.title
        bold: true
        font.pixelSize: Theme.titleSize - (page.height < 1576 ? 16 : 0)
    }
    Label {
        anchors.right: parent.right
        anchors.rightMargin: page.margin
        anchors.baseline: title.baseline
        text: page.view.hint
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 28
        visible: title.x + title.width + implicitWidth + 24 < page.width - page.margin
    }
    Rectangle {
        id: field
        x: page.margin
        width: page.inner
        anchors.top: title.bottom
        anchors.topMargin: 12
        height: page.large ? 116 : 104
        radius: 24
        color: Theme.surface
        border.color: Theme.action
        border.width: 4
        Accessible.role: Accessible.EditableText
        Accessible.name: page.view.title
        Icon {
            id: glass
            x: 32
            anchors.verticalCenter: parent.verticalCenter
            name: "search"
            size: 48
        }
        Label {
            anchors.left: glass.right
            anchors.leftMargin: 24
            anchors.verticalCenter: parent.verticalCenter
            text: page.view.typed !== "" ? page.view.typed : page.view.placeholder
            bold: page.view.typed !== ""
            color: page.view.typed !== "" ? Theme.ink : Theme.ink2
            font.pixelSize: page.view.typed !== "" ? 52 : (Theme.large ? Theme.bodySize : 36)
        }
        Label {
            anchors.right: parent.right
            anchors.rightMargin: 32
            anchors.verticalCenter: parent.verticalCenter
            text: page.view.busy ? page.view.busy_text : page.view.count
            color: Theme.ink2
            font.pixelSize: Theme.large ? Theme.smallSize : 32
        }
    }
    Column {
        id: rows
        x: page.margin
        y: page.low ? page.hands + 8 : Math.max(page.hands, field.y + field.height + 20)
        spacing: page.low ? 8 : 12
        readonly property int room: keys.y - y - 16
        readonly property int size: page.low ? (page.large ? 2 : 3) : page.large ? 3 : 5
        Repeater {
            model: page.view.rows.length
            ItemRow {
                required property int index
                owner: page
                row: page.view.rows[index] ?? ({})
                direct: true
                width: page.inner
                height: Math.min(page.large ? 190 : 132, (rows.room - rows.spacing * (rows.size - 1)) / rows.size)
            }
        }
    }
    Keypad {
        id: keys
        x: page.margin
        y: page.height - back.height - 16 - height - 12
        keys: page.view.keys
        live: page.view.live
        columnSpacing: 16
        rowSpacing: page.gap
        keyWidth: (page.inner - 6 * 16) / 7
        keyHeight: page.keyHeight
        textSize: page.large ? 48 : 42
        onTyped: key => page.touched("key:" + key, key)
        height: 4 * page.keyHeight + 3 * page.gap
    }
    Row {
        x: page.margin + (keys.keyWidth + 16) * (page.view.keys.length > 14 ? 2 : 0)
        y: keys.y + 3 * (page.keyHeight + page.gap)
        spacing: 16
        readonly property int each: keys.keyWidth * 2 + 16
        Ghost {
            owner: page
            b: page.view.erase
            width: parent.each
            height: page.keyHeight
            radius: 16
            size: page.large ? 40 : 34
        }
        Ghost {
            owner: page
            b: page.view.clear
            width: parent.each
            height: page.keyHeight
            radius: 16
            size: page.large ? 40 : 34
        }
        Ghost {
            owner: page
            b: page.view.digits
            width: keys.keyWidth
            height: page.keyHeight
            radius: 16
            size: page.large ? 40 : 34
        }
    }
    Ghost {
        id: back
        owner: page
        b: page.view.back
        x: page.margin
        width: page.inner
        height: page.low ? 92 : 108
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 12
        size: page.large ? 46 : 42
    }
}
