pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// Before first use: which hall, the code for the manager, the fingerprint to compare.
Rectangle {
    id: root
    required property WallEntrance view
    readonly property real u: Math.max(0.2, Math.min(width / 1200, height / 1000))
    objectName: "entrance"
    color: Theme.bg
    focus: visible
    Keys.onPressed: event => {
        if (event.key >= Qt.Key_1 && event.key <= Qt.Key_9)
            root.view.choose(event.key - Qt.Key_1);
    }
    component Line: Label {
        anchors.horizontalCenter: parent ? parent.horizontalCenter : undefined
        width: parent ? parent.width : 0
        visible: text !== ""
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
        font.pixelSize: Theme.bodySize * root.u
    }
    Column {
        anchors.centerIn: parent
        width: parent.width - 120 * root.u
        spacing: 28 * root.u
        Line { text: root.view.title; bold: true; font.pixelSize: Theme.titleSize * root.u }
        Line { text: root.view.place; color: Theme.ink2 }
        Line { text: root.view.state }
        Line {
            objectName: "pair-code"
            text: root.view.code
            bold: true
            color: Theme.call
            font.pixelSize: Theme.numberSize * root.u
        }
        Line { text: root.view.left; color: Theme.ink2 }
        Line { text: root.view.printTitle; color: Theme.ink2 }
        Line { text: root.view.print; bold: true; font.pixelSize: 48 * root.u }
        Repeater {
            model: root.view.halls
            Rectangle {
                id: hall
                required property int index
                required property string label
                required property string server
                objectName: "hall-" + index
                width: parent ? parent.width : 0
                height: 96 * root.u
                radius: Theme.rowRadius
                color: Theme.row
                border.color: Theme.edge
                border.width: 2
                Accessible.role: Accessible.Button
                Accessible.name: (index + 1) + " " + label
                Label {
                    anchors { verticalCenter: parent.verticalCenter; left: parent.left; leftMargin: 32 * root.u }
                    text: (hall.index + 1) + "   " + hall.label
                    bold: true
                    font.pixelSize: 40 * root.u
                }
                Label {
                    anchors { verticalCenter: parent.verticalCenter; right: parent.right; rightMargin: 32 * root.u }
                    text: hall.server
                    color: Theme.ink2
                    font.pixelSize: Theme.smallSize * root.u
                }
                MouseArea {
                    anchors.fill: parent
                    onClicked: root.view.choose(hall.index)
                }
            }
        }
    }
}
