pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// A button with its reason or its fact under it.
Item {
    id: root
    required property ActView act
    property string icon: ""
    property int buttonHeight: 62
    property int size: Theme.nameSize
    property bool silent: false
    property alias button: button
    readonly property int textHeight: under.visible ? under.height + 4 : 0
    implicitHeight: buttonHeight + textHeight
    ActButton {
        id: button
        act: root.act
        icon: root.icon
        size: root.size
        width: root.width
        height: root.buttonHeight
    }
    Label {
        id: under
        visible: text !== "" && !root.silent
        anchors.top: button.bottom
        anchors.topMargin: 4
        width: root.width
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        lineHeight: Theme.lineHeight / 1.448
        text: root.act.why !== "" ? root.act.why : root.act.note
        color: root.act.refused ? Theme.red : Theme.ink2
        bold: root.act.refused
        font.pixelSize: Theme.smallSize
    }
}
