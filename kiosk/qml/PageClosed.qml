pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Outside hours: when again, and what still works.
Page {
    id: page
    Card {
        id: card
        x: page.margin
        y: page.low ? 32 : 104
        width: page.inner
        height: column.implicitHeight + 112
        radius: 28
        Column {
            id: column
            x: 56
            y: 56
            width: parent.width - 112
            spacing: page.low ? 12 : 20
            Icon { name: "moon"; size: page.low ? 72 : 96 }
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                text: page.view.title
                bold: true
                font.pixelSize: Theme.large ? 72 : 64
            }
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                visible: text !== ""
                text: page.view.opens
                bold: true
                color: Theme.action
                font.pixelSize: Theme.large ? 52 : 46
            }
            Rectangle {
                width: parent.width
                height: Theme.contrast ? 3 : 2
                color: Theme.line
            }
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                text: page.view.hours
                visible: text !== ""
                font.pixelSize: Theme.large ? Theme.bodySize : 36
            }
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                text: page.view.rule
                color: Theme.ink2
                font.pixelSize: Theme.large ? Theme.smallSize : 34
            }
        }
    }
    Label {
        id: now
        x: page.margin
        y: page.low ? page.hands - height + 8 : card.y + card.height + 48
        visible: !page.low || y > card.y + card.height
        text: page.view.now
        bold: true
        font.pixelSize: Theme.large ? Theme.bodySize + 4 : 40
    }
    Column {
        id: rows
        x: page.margin
        y: page.low ? Math.max(page.hands + 16, card.y + card.height + 16) : now.y + now.height + 16
        spacing: 20
        Repeater {
            model: page.view.rows.length
            Touchable {
                id: row
                required property int index
                readonly property var item: page.view.rows[index] ?? ({})
                objectName: item.act ?? ""
                label: item.label ?? ""
                description: item.hint ?? ""
                width: page.inner
                height: Theme.large ? 180 : 156
                onActed: page.touched(objectName, label)
                Icon {
                    id: icon
                    x: 36
                    anchors.verticalCenter: parent.verticalCenter
                    name: row.item.icon ?? ""
                    size: 72
                }
                Column {
                    anchors.left: icon.right
                    anchors.leftMargin: 36
                    anchors.verticalCenter: parent.verticalCenter
                    Label {
                        text: row.label
                        bold: true
                        font.pixelSize: Theme.large ? 56 : 44
                        Accessible.ignored: true
                    }
                    Label {
                        text: row.item.hint ?? ""
                        color: Theme.ink2
                        font.pixelSize: Theme.large ? Theme.smallSize : 32
                        Accessible.ignored: true
                    }
                }
                Icon {
                    anchors.right: parent.right
                    anchors.rightMargin: 32
                    anchors.verticalCenter: parent.verticalCenter
                    name: "chevron-right"
                    size: 56
                }
            }
        }
    }
    Label {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 40
        text: page.view.hotline
        bold: true
        font.pixelSize: Theme.large ? Theme.bodySize + 4 : 42
    }
}
