import QtQuick
import Hall
import HallWall

// Everybody out: light ground, two languages, the way as seen from this screen.
Rectangle {
    id: root
    required property EvacuationView view
    readonly property real u: Math.max(0.1, Math.min(width / 1920, height / 1080) * (height > width ? 1.5 : 1))
    readonly property real turn: view.exit === "left" ? 180 : view.exit === "ahead" ? 270 : view.exit === "back" ? 90 : 0
    objectName: "evacuation"
    color: Theme.surface
    Accessible.role: Accessible.AlertMessage
    Accessible.name: view.title

    Rectangle {
        id: head
        width: parent.width
        height: 200 * root.u
        color: Theme.redFill
        Row {
            anchors.centerIn: parent
            spacing: 36 * root.u
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "siren"
                tone: Theme.redFillInk
                size: 120 * root.u
            }
            Label {
                id: title
                anchors.verticalCenter: parent.verticalCenter
                text: root.view.title
                width: Math.min(implicitWidth, head.width - 220 * root.u)
                bold: true
                wrapMode: Text.Wrap
                fontSizeMode: Text.Fit
                height: Math.min(implicitHeight, head.height)
                verticalAlignment: Text.AlignVCenter
                font.pixelSize: 124 * root.u
                minimumPixelSize: 60 * root.u
                color: Theme.redFillInk
            }
        }
    }
    Label {
        id: second
        anchors { top: head.bottom; topMargin: 44 * root.u; horizontalCenter: parent.horizontalCenter }
        width: Math.min(implicitWidth, parent.width - 80 * root.u)
        text: root.view.titleSecond
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
        font.pixelSize: 76 * root.u
    }
    Grid {
        id: way
        readonly property bool upright: root.height > root.width
        anchors { horizontalCenter: parent.horizontalCenter; top: second.bottom; bottom: foot.top; topMargin: 40 * root.u; bottomMargin: 20 * root.u }
        columns: upright ? 1 : 2
        columnSpacing: 84 * root.u
        rowSpacing: 40 * root.u
        horizontalItemAlignment: Grid.AlignHCenter
        verticalItemAlignment: Grid.AlignVCenter
        Icon {
            objectName: "evacuation-arrow"
            visible: root.view.exit !== ""
            name: "arrow-right"
            tone: Theme.greenFill
            rotation: root.turn
            size: 300 * root.u
        }
        Column {
            Label {
                objectName: "evacuation-way"
                text: root.view.way
                width: Math.min(implicitWidth, root.width - (way.upright ? 80 : 480) * root.u)
                bold: true
                wrapMode: Text.Wrap
                font.pixelSize: 124 * root.u
            }
            Label {
                text: root.view.waySecond
                width: Math.min(implicitWidth, root.width - (way.upright ? 80 : 480) * root.u)
                wrapMode: Text.Wrap
                font.pixelSize: 68 * root.u
            }
        }
    }
    Column {
        id: foot
        anchors { bottom: parent.bottom; bottomMargin: 80 * root.u; horizontalCenter: parent.horizontalCenter }
        width: parent.width - 80 * root.u
        spacing: 20 * root.u
        Rectangle {
            width: root.width
            x: -40 * root.u
            height: 2
            color: Theme.line
        }
        Label {
            width: parent.width
            text: root.view.steps
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignHCenter
            font.pixelSize: 72 * root.u
        }
        Label {
            width: parent.width
            text: root.view.number + "   " + root.view.numberSecond
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignHCenter
            font.pixelSize: 48 * root.u
            color: Theme.ink2
        }
    }
    Label {
        anchors { left: parent.left; leftMargin: Theme.wallMargin; bottom: parent.bottom; bottomMargin: 20 * root.u }
        text: root.view.since
        font.pixelSize: 32 * root.u
        color: Theme.ink2
    }
}
