pragma ComponentBehavior: Bound
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
    component MiniAct: Loader {
        id: place
        property ActView act: null
        property string shortLabel: ""
        property bool filled: false
        active: act !== null && root.desk.stage === "desk"
        visible: active
        sourceComponent: ActButton {
            act: place.act
            shortLabel: place.shortLabel
            filled: place.filled
            quiet: !place.filled && place.act === root.desk.open
            implicitHeight: 42
            narrow: true
            size: Theme.bodySize
            onActed: root.desk.command(act.act === "open" ? "pause_resume" : act.act)
        }
    }
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
            MiniAct {
                act: root.desk.miniFirst
                shortLabel: root.desk.miniFirstLabel
                filled: root.desk.miniState !== "paused" && root.desk.miniState !== "nothing"
            }
            MiniAct {
                act: root.desk.miniSecond
                shortLabel: root.desk.miniSecondLabel
            }
        }
    }
}
