pragma ComponentBehavior: Bound
import QtQuick

// A short word about what was just done, with undo while it may be taken back. `remaining` 1…0 draws the time that remains.
Rectangle {
    id: root
    property string text: ""
    property string undoLabel: ""
    property string undoKey: ""
    property real remaining: 0
    property int size: Theme.bodySize
    signal undone
    visible: opacity > 0
    opacity: text === "" ? 0 : 1
    Behavior on opacity { NumberAnimation { duration: Theme.toastMs } }
    implicitHeight: row.implicitHeight + 16
    implicitWidth: row.implicitWidth + 32
    radius: Theme.controlRadius
    color: Theme.header
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text
    Row {
        id: row
        anchors.centerIn: parent
        spacing: Theme.gutter
        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            color: Theme.headerInk
            font.pixelSize: root.size
            Accessible.ignored: true
        }
        Touchable {
            objectName: "toast_undo"
            visible: root.undoLabel !== ""
            label: root.undoLabel
            width: undo.implicitWidth + 24
            height: undo.implicitHeight + 12
            radius: Theme.controlRadius
            footHeight: 0
            onActed: root.undone()
            Row {
                id: undo
                anchors.centerIn: parent
                spacing: 8
                Label {
                    anchors.verticalCenter: parent.verticalCenter
                    text: root.undoLabel
                    bold: true
                    color: Theme.action
                    font.pixelSize: root.size
                    Accessible.ignored: true
                }
                KeyCap {
                    anchors.verticalCenter: parent.verticalCenter
                    visible: root.undoKey !== ""
                    key: root.undoKey
                }
            }
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        height: 3
        width: parent.width * Math.max(0, Math.min(1, root.remaining))
        color: Theme.call
        visible: root.remaining > 0
    }
}
