pragma ComponentBehavior: Bound
import QtQuick

// Up to three choices in the lower half, over a dimmed page. Its content is a column; touches outside do nothing.
Item {
    id: root
    property int foot: 0
    property int sideMargin: Theme.kioskMargin
    property int padding: Theme.kioskMargin
    default property alias content: column.data
    anchors.fill: parent
    Accessible.role: Accessible.Dialog
    Rectangle {
        anchors.fill: parent
        color: Theme.header
        opacity: Theme.contrast ? 0.85 : 0.6
        MouseArea {
            anchors.fill: parent
            hoverEnabled: true
        }
    }
    Rectangle {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.leftMargin: root.sideMargin
        anchors.rightMargin: root.sideMargin
        anchors.bottomMargin: root.foot + Theme.gutter
        height: column.implicitHeight + 2 * root.padding
        radius: Theme.dialogRadius
        color: Theme.surface
        border.color: Theme.edge
        border.width: Theme.contrast ? 3 : 0
        Column {
            id: column
            x: root.padding
            y: root.padding
            width: parent.width - 2 * root.padding
            spacing: Theme.gutterWide
        }
    }
}
