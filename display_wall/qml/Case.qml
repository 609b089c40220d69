pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// One case. Wide: seven columns; narrow: number, date and light above, service and step below.
Rectangle {
    id: root
    required property WallScreen wall
    required property bool narrow
    required property list<real> edges
    required property list<real> rooms
    required property string no
    required property string applicant
    required property string service
    required property string step
    required property string due
    required property string days
    required property string light
    required property string word
    required property string below
    required property real high
    readonly property real u: wall.unit
    height: high
    radius: Theme.rowRadius
    color: Theme.row
    opacity: wall.dim ? Theme.staleOpacity : 1

    component Cell: Label {
        property int column: 0
        anchors.verticalCenter: parent.verticalCenter
        x: root.edges[column]
        width: root.rooms[column]
        visible: !root.narrow
        wrapMode: Text.Wrap
        lineHeight: 0.9
        font.pixelSize: Theme.bodySize * root.u
    }
    Cell { column: 0; text: root.no; color: Theme.ink2; font.pixelSize: 32 * root.u }
    Cell { column: 1; text: root.applicant }
    Cell { column: 2; text: root.service; bold: true }
    Cell { column: 3; text: root.step }
    Cell { column: 4; text: root.due; horizontalAlignment: Text.AlignRight }
    Cell {
        column: 5
        text: root.days
        bold: true
        horizontalAlignment: Text.AlignRight
        color: root.light === "yellow" ? Theme.amber : root.light === "red" ? Theme.red : Theme.ink
    }
    Lamp {
        visible: root.light !== "none"
        anchors.verticalCenter: root.narrow ? undefined : parent.verticalCenter
        y: root.narrow ? 8 * root.u : 0
        x: root.narrow ? root.width - said.implicitWidth - 76 * root.u : root.edges[6] + 20 * root.u
        light: root.light
        size: 36 * root.u
        Accessible.name: root.word
    }
    Label {
        id: said
        anchors.verticalCenter: root.narrow ? undefined : parent.verticalCenter
        y: root.narrow ? 6 * root.u : 0
        x: root.narrow ? root.width - implicitWidth - 24 * root.u : root.edges[6] + 68 * root.u
        width: root.narrow ? implicitWidth : root.width - x - 8 * root.u
        text: root.word
        bold: true
        wrapMode: root.narrow ? Text.NoWrap : Text.Wrap
        lineHeight: 0.9
        font.pixelSize: Theme.bodySize * root.u
    }
    Label {
        id: above
        visible: root.narrow
        x: 24 * root.u
        y: 6 * root.u
        text: [root.no, root.due, root.days].filter(said => said !== "").join("   ")
        color: Theme.ink2
        font.pixelSize: Theme.bodySize * root.u
    }
    Label {
        visible: root.narrow
        x: 24 * root.u
        y: Math.max(above.y + above.height, said.y + said.height)
        width: parent.width - 48 * root.u
        text: root.below
        bold: true
        wrapMode: Text.Wrap
        lineHeight: 0.9
        font.pixelSize: Theme.bodySize * root.u
    }
}
