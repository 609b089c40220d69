pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Documents to bring, numbered.
Item {
    id: root
    property var docs: ({title: "", missing: "", rows: []})
    readonly property int size: Math.max(1, docs.rows.length)
    readonly property int rowHeight: Math.max(60, Math.min(Theme.large ? 100 : 84, (height - title.height - 24) / size))
    Label {
        id: title
        text: root.docs.title
        bold: true
        font.pixelSize: Theme.large ? Theme.bodySize + 6 : 40
        width: Theme.large ? root.width : implicitWidth
        wrapMode: Text.Wrap
    }
    FitLabel {
        visible: !Theme.large && root.docs.missing !== ""
        x: title.width + 16
        width: root.width - x
        height: 76
        anchors.verticalCenter: title.verticalCenter
        horizontalAlignment: Text.AlignRight
        text: root.docs.missing
        color: Theme.ink2
        font.pixelSize: 30
        minimumPixelSize: 28
    }
    Card {
        anchors.top: title.bottom
        anchors.topMargin: 12
        width: root.width
        visible: root.docs.rows.length > 0
        height: column.height + 12
        Column {
            id: column
            y: 6
            Repeater {
                model: root.docs.rows.length
                Item {
                    id: row
                    required property int index
                    readonly property var doc: root.docs.rows[index] ?? ({})
                    width: root.width
                    height: root.rowHeight
                    Rectangle {
                        id: disc
                        x: 32
                        width: 52
                        height: 52
                        radius: 26
                        anchors.verticalCenter: parent.verticalCenter
                        color: Theme.tint
                        border.color: Theme.edge
                        border.width: Theme.contrast ? 3 : 0
                        Label {
                            anchors.centerIn: parent
                            text: row.doc.n ?? ""
                            bold: true
                            color: Theme.action
                            font.pixelSize: 30
                        }
                    }
                    FitLabel {
                        x: 108
                        width: note.x - x - 16
                        height: parent.height
                        text: row.doc.name ?? ""
                        font.pixelSize: Theme.large ? Theme.bodySize : 36
                        minimumPixelSize: Theme.large ? 34 : 28
                    }
                    FitLabel {
                        id: note
                        x: root.width - 32 - width
                        width: Math.min(260, probe.advanceWidth + 4)
                        height: parent.height
                        horizontalAlignment: Text.AlignRight
                        text: row.doc.note ?? ""
                        color: Theme.ink2
                        font.pixelSize: Theme.large ? Theme.smallSize : 30
                        minimumPixelSize: Theme.large ? 34 : 28
                    }
                    TextMetrics {
                        id: probe
                        font.family: Theme.family
                        font.pixelSize: Theme.large ? Theme.smallSize : 30
                        text: row.doc.note ?? ""
                    }
                    Rectangle {
                        visible: row.index > 0
                        x: 108
                        width: root.width - 140
                        height: 1
                        color: Theme.line
                    }
                }
            }
        }
    }
}
