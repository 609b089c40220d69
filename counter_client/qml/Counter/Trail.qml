pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Called, serving, finished, rated: where the visit stands. `step` -1 when nobody is here.
Item {
    id: root
    property int step: -1
    readonly property var names: [Words.say("desk.step.called"), Words.say("desk.step.serving"), Words.say("desk.step.finished"), Words.say("desk.step.rated")]
    height: 44
    Accessible.role: Accessible.StaticText
    Accessible.name: step >= 0 ? names[step] : ""
    Repeater {
        model: 3
        Rectangle {
            required property int index
            x: 10 + index * (root.width - 20) / 3
            y: 9
            width: (root.width - 20) / 3
            height: 3
            color: index < root.step ? Theme.action : Theme.line
        }
    }
    Repeater {
        model: 4
        Item {
            id: stop
            required property int index
            readonly property bool now: index === root.step
            readonly property bool done: index < root.step
            x: index * (root.width - 20) / 3
            Rectangle {
                width: 20
                height: 20
                radius: 10
                color: stop.done ? Theme.action : Theme.surface
                border.color: stop.done || stop.now ? Theme.action : Theme.edge
                border.width: stop.now ? 6 : 2
            }
            Label {
                x: stop.index === 0 ? 0 : stop.index === 3 ? 20 - width : 10 - width / 2
                y: 24
                text: root.names[stop.index]
                bold: stop.now
                color: stop.now ? Theme.ink : Theme.ink2
                font.pixelSize: Theme.smallSize + 1
                Accessible.ignored: true
            }
        }
    }
}
