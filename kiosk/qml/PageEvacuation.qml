pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Leave the building: over everything, two languages, an arrow, the number stays valid. Nothing to touch.
Page {
    id: page
    readonly property var arrows: ({left: "arrow-left", right: "arrow-right", ahead: "arrow-up", back: "arrow-down"})
    Rectangle {
        anchors.fill: parent
        color: Theme.call
    }
    Accessible.role: Accessible.AlertMessage
    Accessible.name: view.title
    Column {
        anchors.centerIn: parent
        width: page.inner
        spacing: 48
        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            name: page.arrows[page.view.way] ?? "siren"
            size: 380
            tone: Theme.callInk
        }
        Repeater {
            model: page.view.lines.length
            Column {
                id: block
                required property int index
                readonly property var item: page.view.lines[index] ?? ({})
                width: page.inner
                spacing: 12
                Label {
                    width: parent.width
                    wrapMode: Text.Wrap
                    horizontalAlignment: Text.AlignHCenter
                    text: block.item.title ?? ""
                    bold: true
                    color: Theme.callInk
                    font.pixelSize: 100
                }
                Label {
                    width: parent.width
                    wrapMode: Text.Wrap
                    horizontalAlignment: Text.AlignHCenter
                    text: block.item.exit ?? ""
                    bold: true
                    color: Theme.callInk
                    font.pixelSize: 76
                }
                Label {
                    width: parent.width
                    wrapMode: Text.Wrap
                    horizontalAlignment: Text.AlignHCenter
                    text: block.item.number ?? ""
                    color: Theme.callInk
                    font.pixelSize: 48
                }
            }
        }
    }
}
