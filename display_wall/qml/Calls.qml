pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// The call being spoken, and those that follow. Nobody called: a sentence in outline, never an old number.
Item {
    id: root
    required property WallScreen wall
    required property CallsView view
    readonly property real u: wall.unit
    readonly property bool calling: view.seq !== 0
    property bool lit: true
    property int seen: view.seq
    onSeenChanged: if (calling && Theme.blinks > 0) blink.restart()

    SequentialAnimation {
        id: blink
        loops: Theme.blinks
        PropertyAction { target: root; property: "lit"; value: true }
        PauseAnimation { duration: Theme.blinkMs }
        PropertyAction { target: root; property: "lit"; value: false }
        PauseAnimation { duration: Theme.blinkMs }
        onStopped: root.lit = true
    }

    Rectangle {
        id: band
        objectName: "call-band"
        readonly property color words: root.lit ? Theme.callInk : Theme.call
        readonly property real room: width - 64 * root.u
        readonly property real numberSize: Math.max(8, Math.min(Theme.numberSize * root.u, height * 0.8))
        readonly property real wordSize: root.wall.textRows > 1 ? numberSize * 0.31 : numberSize * 0.53
        readonly property real numbers: number.implicitWidth + counter.implicitWidth
        readonly property real saying: numbers + before.implicitWidth + between.implicitWidth + after.implicitWidth + 4 * row.spacing
        readonly property bool spoken: saying <= room
        readonly property real drawn: spoken ? 1 : Math.min(1, room / (numbers + arrow.implicitWidth + 2 * row.spacing))
        width: parent.width
        height: root.view.band
        radius: Theme.bandRadius
        color: root.calling && root.lit ? Theme.call : Theme.bg
        border.width: root.calling && root.lit ? 0 : 3
        border.color: root.calling ? Theme.call : Theme.edge

        Row {
            id: row
            anchors.centerIn: parent
            visible: root.calling
            spacing: 30 * root.u
            scale: band.drawn
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: band.saying + size + row.spacing <= band.room
                name: "volume-2"
                tone: band.words
                size: band.numberSize * 0.62
            }
            Label {
                id: before
                anchors.verticalCenter: parent.verticalCenter
                visible: band.spoken && text !== ""
                text: root.view.before
                horizontalAlignment: Text.AlignRight
                lineHeight: root.wall.textRows > 1 ? 0.85 : 1
                font.pixelSize: band.wordSize
                color: band.words
            }
            Label {
                id: number
                objectName: "call-number"
                anchors.verticalCenter: parent.verticalCenter
                text: root.view.number
                bold: true
                font.pixelSize: band.numberSize
                color: band.words
            }
            Label {
                id: between
                anchors.verticalCenter: parent.verticalCenter
                visible: band.spoken
                text: root.view.between
                lineHeight: root.wall.textRows > 1 ? 0.85 : 1
                font.pixelSize: band.wordSize
                color: band.words
            }
            Label {
                id: arrow
                anchors.verticalCenter: parent.verticalCenter
                visible: !band.spoken
                text: "→"
                font.pixelSize: band.numberSize
                color: band.words
            }
            Label {
                id: counter
                objectName: "call-counter"
                anchors.verticalCenter: parent.verticalCenter
                text: root.view.counter
                bold: true
                font.pixelSize: band.numberSize
                color: band.words
            }
            Label {
                id: after
                anchors.verticalCenter: parent.verticalCenter
                visible: band.spoken && text !== ""
                text: root.view.after
                lineHeight: root.wall.textRows > 1 ? 0.85 : 1
                font.pixelSize: band.wordSize
                color: band.words
            }
        }
        Label {
            objectName: "call-none"
            anchors.centerIn: parent
            visible: !root.calling
            text: root.view.none
            width: Math.min(implicitWidth, band.room)
            bold: true
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignHCenter
            lineHeight: 0.9
            font.pixelSize: Math.max(8, Math.min(62 * root.u, (band.height - 24 * root.u) / (1.3 * Math.max(root.wall.textRows, none.advanceWidth > band.room ? 2 : 1))))
        }
        TextMetrics {
            id: none
            text: root.view.none
            font.family: Theme.family
            font.weight: Font.Bold
            font.pixelSize: 62 * root.u
        }
    }
    Row {
        y: root.view.band + 12 * root.u
        height: 48 * root.u
        spacing: 16 * root.u
        visible: queue.count > 0
        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: root.wall.beside("wall.next_calls", root.wall.languages)
            font.pixelSize: Theme.smallSize * root.u
            color: Theme.ink2
        }
        Repeater {
            id: queue
            model: root.view.queue
            Rectangle {
                id: pill
                required property string text
                width: called.implicitWidth + 40 * root.u
                height: 48 * root.u
                radius: height / 2
                color: Theme.row
                Label {
                    id: called
                    anchors.centerIn: parent
                    text: pill.text
                    bold: true
                    font.pixelSize: Theme.bodySize * root.u
                }
            }
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            visible: text !== ""
            text: root.view.more
            font.pixelSize: Theme.bodySize * root.u
            color: Theme.ink2
        }
    }
}
