pragma ComponentBehavior: Bound
import QtQuick
import Hall

// No number this time: why, when again, and where to go now.
Page {
    id: page
    Card {
        id: card
        x: page.margin
        y: 80
        width: page.inner
        height: column.implicitHeight + 112
        radius: 28
        Column {
            id: column
            x: 56
            y: 56
            width: parent.width - 112
            spacing: 24
            Icon { name: page.view.icon; size: 96 }
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                text: page.view.title
                bold: true
                font.pixelSize: Theme.large ? 64 : 56
            }
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                visible: text !== ""
                text: page.view.text
                color: Theme.ink2
                font.pixelSize: Theme.large ? Theme.bodySize : 38
            }
            Label {
                width: parent.width
                wrapMode: Text.Wrap
                visible: text !== ""
                text: page.view.next
                font.pixelSize: Theme.large ? Theme.bodySize : 40
            }
        }
    }
    Ghost {
        id: help
        owner: page
        b: page.view.help
        x: page.margin
        width: page.inner
        height: 136
        anchors.bottom: back.top
        anchors.bottomMargin: 20
    }
    Primary {
        id: back
        owner: page
        b: page.view.back
        x: page.margin
        width: page.inner
        height: 160
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 32
    }
}
