pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Promised and statutory time always together, then the fee.
Card {
    id: root
    property var limits: []
    height: Theme.large ? 190 : 196
    Row {
        anchors.fill: parent
        Repeater {
            model: root.limits.length
            Item {
                id: cell
                required property int index
                readonly property var limit: root.limits[index] ?? ({})
                width: root.width / 3
                height: root.height
                Rectangle {
                    visible: cell.index > 0
                    width: Theme.contrast ? 3 : 1
                    height: parent.height - 64
                    y: 32
                    color: Theme.line
                }
                FitLabel {
                    id: caption
                    x: 32
                    y: 12
                    width: cell.width - 40
                    height: 56
                    minimumPixelSize: Theme.large ? 34 : 28
                    text: cell.limit.label ?? ""
                    color: Theme.ink2
                    font.pixelSize: Theme.large ? Theme.smallSize : 30
                }
                Row {
                    x: 32
                    y: Theme.large ? 74 : 58
                    height: 84
                    spacing: 12
                    Label {
                        id: number
                        visible: text !== ""
                        text: cell.limit.number ?? ""
                        bold: true
                        color: cell.limit.strong ? Theme.action : Theme.ink
                        font.pixelSize: 72
                        height: 84
                        verticalAlignment: Text.AlignVCenter
                    }
                    FitLabel {
                        width: cell.width - 40 - (number.visible ? number.width + 12 : 0)
                        height: 84
                        text: cell.limit.text ?? ""
                        bold: !number.visible
                        color: cell.limit.strong && !number.visible ? Theme.action : Theme.ink
                        font.pixelSize: number.visible ? (Theme.large ? 40 : 32) : (Theme.large ? 52 : 46)
                        minimumPixelSize: Theme.large ? 32 : 28
                    }
                }
                FitLabel {
                    visible: !Theme.large
                    x: 32
                    y: 144
                    width: cell.width - 40
                    height: 44
                    text: cell.limit.note ?? ""
                    color: Theme.ink2
                    font.pixelSize: 28
                    minimumPixelSize: 28
                }
            }
        }
    }
}
