pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// Every open counter with its number, filled column by column.
PageTurn {
    id: root
    required property WallScreen wall
    required property CountersView view
    readonly property real u: wall.unit
    readonly property real gap: 8 * u
    readonly property real columnGap: 20 * u
    readonly property real rowWidth: (width - (view.columns - 1) * columnGap) / view.columns
    readonly property real rowHeight: view.rowHeight
    page: view.page

    Repeater {
        model: root.view.rows
        Rectangle {
            id: row
            required property int index
            required property string counter
            required property string number
            required property string note
            required property bool paused
            required property bool amber
            required property bool now
            objectName: "counter-" + counter
            x: Math.floor(index / root.view.perColumn) * (root.rowWidth + root.columnGap)
            y: (index % root.view.perColumn) * (root.rowHeight + root.gap)
            width: root.rowWidth
            height: root.rowHeight
            radius: Theme.rowRadius
            color: now ? Theme.amberTint : Theme.row
            opacity: root.wall.dim ? Theme.staleOpacity : 1

            Label {
                id: name
                anchors.verticalCenter: parent.verticalCenter
                x: Math.max(10 * root.u, 80 * root.u - implicitWidth)
                text: row.counter
                bold: true
                font.pixelSize: 46 * root.u
                color: Theme.ink2
            }
            Label {
                id: unit
                anchors.baseline: name.baseline
                x: name.x + name.implicitWidth + 10 * root.u
                text: root.wall.counterWord
                font.pixelSize: Theme.smallSize * root.u
                color: Theme.ink2
            }
            Label {
                objectName: "counter-number-" + row.counter
                anchors.verticalCenter: parent.verticalCenter
                x: Math.max(150 * root.u, unit.x + unit.implicitWidth + 20 * root.u)
                text: row.paused ? root.wall.stack("wall.paused", root.wall.languages) : row.number
                bold: true
                lineHeight: root.wall.textRows > 1 ? 0.8 : 1
                font.pixelSize: (!row.paused ? Theme.rowNumberSize : root.wall.textRows > 1 ? Theme.smallSize : 42) * root.u
                color: row.paused ? Theme.ink2 : row.amber ? Theme.call : Theme.ink
            }
            Label {
                anchors { verticalCenter: parent.verticalCenter; right: parent.right; rightMargin: 20 * root.u }
                width: row.width * 0.38 - 20 * root.u
                text: row.note
                wrapMode: Text.Wrap
                horizontalAlignment: Text.AlignRight
                lineHeight: 0.9
                font.pixelSize: 32 * root.u
                color: Theme.ink2
            }
        }
    }
}
