pragma ComponentBehavior: Bound
import QtQuick
import HallShell
import Hall
import CounterDesk

// Which counter, what it does, how its devices are, who sits here, and the time.
Rectangle {
    id: root
    required property DeskScreen desk
    readonly property bool open: desk.counterState === "open"
    readonly property real room: Math.max(0, right.x - left.x - number.width - state.width - 84)
    height: 56
    color: Theme.header
    Row {
        id: left
        x: Theme.desktopMargin
        height: parent.height
        spacing: 14
        Rectangle {
            visible: root.desk.counter !== ""
            anchors.verticalCenter: parent.verticalCenter
            width: number.implicitWidth + 28
            height: 40
            radius: Theme.controlRadius
            color: Theme.call
            Label {
                id: number
                anchors.centerIn: parent
                text: Words.say("desk.counter", {n: root.desk.counter})
                bold: true
                color: Theme.callInk
                font.pixelSize: Theme.nameLargeSize
            }
        }
        Column {
            visible: root.room >= 120
            anchors.verticalCenter: parent.verticalCenter
            Label {
                id: department
                text: root.desk.department
                color: Theme.headerInk
                width: Math.min(implicitWidth, root.room)
                wrapMode: Text.Wrap
                lineHeight: 1
                font.pixelSize: text.length > 18 ? Theme.smallSize : Theme.bodySize
            }
            Row {
                id: letters
                spacing: 6
                visible: root.desk.department.length < 20
                Repeater {
                    model: root.desk.lines
                    Label {
                        required property string letter
                        required property string name
                        text: root.desk.lineCount < 3 ? letter + " " + name : letter
                        color: Theme.headerInk2
                        font.pixelSize: Theme.smallSize
                    }
                }
            }
        }
        Rectangle {
            id: state
            anchors.verticalCenter: parent.verticalCenter
            width: stateText.implicitWidth + 24
            height: 30
            radius: 15
            color: root.desk.stateTone === "green" ? Theme.greenFill : root.desk.stateTone === "amber" ? Theme.amberFill : "transparent"
            border.color: Theme.headerInk2
            border.width: root.desk.stateTone === "grey" ? 1 : 0
            visible: root.desk.stateWord !== ""
            Label {
                id: stateText
                anchors.centerIn: parent
                text: root.desk.stateWord
                bold: true
                font.pixelSize: Theme.smallSize + 1
                color: root.desk.stateTone === "green" ? Theme.greenFillInk : root.desk.stateTone === "amber" ? Theme.amberFillInk : Theme.headerInk
            }
        }
    }
    Row {
        id: right
        anchors.right: parent.right
        anchors.rightMargin: Theme.desktopMargin
        height: parent.height
        spacing: 14
        Repeater {
            model: root.desk.lamps
            LampButton {}
        }
        Touchable {
            id: person
            objectName: "menu"
            anchors.verticalCenter: parent.verticalCenter
            label: Words.say("desk.clerk", {n: root.desk.clerk})
            description: Words.say("act.menu")
            visible: root.desk.stage === "desk"
            width: who.implicitWidth + 36
            height: 36
            footHeight: 0
            radius: Theme.controlRadius
            face: Theme.header
            edgeColor: Theme.headerInk2
            pressedFace: Theme.ink2
            onActed: root.desk.command("menu")
            Row {
                id: who
                anchors.centerIn: parent
                spacing: 6
                Label {
                    anchors.verticalCenter: parent.verticalCenter
                    text: person.label
                    color: Theme.headerInk
                    font.pixelSize: Theme.bodySize
                    Accessible.ignored: true
                }
                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    name: "chevron-down"
                    size: 16
                    tone: Theme.headerInk2
                }
            }
        }
        Touchable {
            id: rest
            readonly property ActView act: root.open ? root.desk.pause : root.desk.open
            objectName: "pause"
            anchors.verticalCenter: parent.verticalCenter
            label: act.label
            description: act.why
            visible: root.desk.stage === "desk"
            enabled: act.ready
            width: pauseRow.implicitWidth + 28
            height: 36
            footHeight: 0
            radius: Theme.controlRadius
            face: Theme.header
            edgeColor: enabled ? Theme.headerInk2 : Theme.ink2
            pressedFace: Theme.ink2
            onActed: root.desk.command("pause_resume")
            Row {
                id: pauseRow
                anchors.centerIn: parent
                spacing: 8
                Label {
                    anchors.verticalCenter: parent.verticalCenter
                    text: rest.label
                    bold: true
                    color: rest.enabled ? Theme.headerInk : Theme.edge
                    font.pixelSize: Theme.bodySize
                    Accessible.ignored: true
                }
                KeyCap {
                    anchors.verticalCenter: parent.verticalCenter
                    key: "F9"
                    tone: rest.enabled ? Theme.headerInk : Theme.edge
                }
            }
            Tip {
                of: rest
                parent: rest
                text: rest.act.why
            }
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: Clock.time
            bold: true
            color: Theme.headerInk
            font.pixelSize: Theme.titleSize
        }
    }
}
