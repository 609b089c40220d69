import QtQuick
import QtQuick.Window
import Hall
import CounterDesk

// 360 × 60, in front of the clerk's other programs. Dragged by its left grip, it snaps to the edges of the screen.
Window {
    id: root
    required property DeskScreen desk
    property real uiScale: 1
    readonly property bool offline: desk.miniState === "offline"
    objectName: "mini"
    width: 360 * uiScale
    height: 60 * uiScale
    visible: desk.small
    color: Theme.surface
    transientParent: null
    flags: Qt.Window | Qt.FramelessWindowHint | Qt.WindowStaysOnTopHint
    title: Words.say("act.mini")
    Item {
        width: 360
        height: 60
        scale: root.uiScale
        transformOrigin: Item.TopLeft
        Rectangle {
            anchors.fill: parent
            color: root.offline || root.desk.stage === "evacuation" ? Theme.amberTint : Theme.surface
            border.color: Theme.edge
            border.width: 1
            MouseArea {
                anchors.fill: parent
                onDoubleClicked: root.desk.command("mini")
            }
        }
        Rectangle {
            id: grip
            width: 18
            height: 60
            color: Theme.header
            Accessible.ignored: true
            Icon {
                anchors.centerIn: parent
                name: "grip-vertical"
                size: 16
                tone: Theme.headerInk2
            }
            MouseArea {
                id: hand
                property point from
                anchors.fill: parent
                cursorShape: Qt.SizeAllCursor
                onPressed: mouse => from = Qt.point(mouse.x, mouse.y)
                onPositionChanged: mouse => root.desk.dragMini(root, mouse.x - from.x, mouse.y - from.y)
                onDoubleClicked: root.desk.command("mini")
            }
        }
        Icon {
            id: cloud
            visible: root.offline
            x: 28
            anchors.verticalCenter: parent.verticalCenter
            name: "cloud-off"
            size: 24
            tone: Theme.ink
        }
        Column {
            id: words
            anchors.left: grip.right
            anchors.leftMargin: root.offline ? 44 : 10
            anchors.right: acts.left
            anchors.rightMargin: 6
            anchors.verticalCenter: parent.verticalCenter
            Label {
                width: parent.width
                text: root.desk.stage === "evacuation" ? Words.say("evac.title") : root.desk.miniLine
                bold: true
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                font.pixelSize: text.length > 20 ? Theme.smallSize : text.length > 12 ? Theme.bodySize : Theme.nameSize
            }
            Label {
                width: parent.width
                text: root.desk.stage === "evacuation" ? root.desk.evacuationWay : root.desk.miniDetail
                wrapMode: Text.Wrap
                lineHeight: 0.85
                color: root.desk.miniWarns ? Theme.amber : root.offline ? Theme.ink : Theme.ink2
                font.pixelSize: Theme.smallSize
            }
        }
        Row {
            id: acts
            anchors.right: parent.right
            anchors.rightMargin: 8
            anchors.verticalCenter: parent.verticalCenter
            spacing: 5
            Repeater {
                model: [root.desk.miniFirst, root.desk.miniSecond]
                Loader {
                    required property var modelData
                    required property int index
                    active: modelData !== null && root.desk.stage === "desk"
                    visible: active
                    sourceComponent: ActButton {
                        act: modelData
                        shortLabel: index === 0 ? root.desk.miniFirstLabel : root.desk.miniSecondLabel
                        filled: index === 0 && act.act !== "open"
                        quiet: act.act === "open"
                        implicitHeight: 42
                        implicitWidth: leading + 20
                        size: Theme.bodySize
                        readonly property real leading: children[2].children[0].implicitWidth
                        onActed: root.desk.command(act.act === "open" ? "pause_resume" : act.act)
                    }
                }
            }
        }
    }
}
