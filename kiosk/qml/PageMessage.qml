pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Starting, or out of service: one message.
Page {
    id: page
    Card {
        x: page.margin
        y: 160
        width: page.inner
        height: column.implicitHeight + 160
        radius: 28
        Column {
            id: column
            x: 56
            y: 80
            width: parent.width - 112
            spacing: 32
            Icon { anchors.horizontalCenter: parent.horizontalCenter; name: page.view.icon; size: 120 }
            Repeater {
                model: [page.view.title, page.view.text, page.view.valid]
                Label {
                    required property int index
                    required property string modelData
                    visible: modelData !== ""
                    width: column.width
                    wrapMode: Text.Wrap
                    horizontalAlignment: Text.AlignHCenter
                    text: modelData
                    bold: index < 2
                    color: index === 1 ? Theme.action : index === 2 ? Theme.ink2 : Theme.ink
                    font.pixelSize: [Theme.titleSize, 52, 40][index]
                }
            }
        }
    }
}
