pragma ComponentBehavior: Bound
import QtQuick
import Hall

// A lamp with its device's name; under the pointer or the focus it says what to do.
Touchable {
    id: root
    required property string name
    required property string light
    required property string word
    required property string todo
    objectName: "lamp_" + name
    label: name + " " + word
    description: todo
    anchors.verticalCenter: parent ? parent.verticalCenter : undefined
    width: row.implicitWidth + 8
    height: 36
    footHeight: 0
    edgeWidth: 0
    radius: Theme.controlRadius
    face: Theme.header
    pressedFace: Theme.header
    Row {
        id: row
        anchors.centerIn: parent
        spacing: 6
        Lamp {
            anchors.verticalCenter: parent.verticalCenter
            light: root.light
            size: 18
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: root.name
            color: Theme.headerInk
            font.pixelSize: Theme.smallSize + 1
            Accessible.ignored: true
        }
    }
    Tip {
        of: root
        parent: root
        text: root.word + " · " + root.todo
    }
}
