pragma ComponentBehavior: Bound
import QtQuick

// Steps done, now and to come: `steps` are {label, state: "done" | "now" | "next"}.
Row {
    id: root
    property var steps: []
    property int size: Theme.smallSize
    spacing: 8
    Repeater {
        model: root.steps
        Row {
            id: step
            required property var modelData
            required property int index
            spacing: 8
            Label {
                anchors.verticalCenter: parent.verticalCenter
                visible: step.index > 0
                text: "›"
                color: Theme.ink2
                font.pixelSize: root.size
                Accessible.ignored: true
            }
            Rectangle {
                anchors.verticalCenter: parent.verticalCenter
                width: root.size * 0.6
                height: width
                radius: width / 2
                color: step.modelData.state === "done" ? Theme.action : "transparent"
                border.color: step.modelData.state === "next" ? Theme.edge : Theme.action
                border.width: step.modelData.state === "now" ? 4 : 2
            }
            Label {
                anchors.verticalCenter: parent.verticalCenter
                text: step.modelData.label
                bold: step.modelData.state === "now"
                color: step.modelData.state === "next" ? Theme.ink2 : Theme.ink
                font.pixelSize: root.size
            }
        }
    }
}
