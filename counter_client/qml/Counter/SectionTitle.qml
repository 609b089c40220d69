pragma ComponentBehavior: Bound
import QtQuick
import Hall

// The head of a list: its name left, a fact right; both on two lines where they do not fit on one.
Item {
    id: root
    property string title: ""
    property string note: ""
    readonly property bool stacked: name.implicitWidth + fact.implicitWidth + 8 > width
    implicitHeight: stacked && note !== "" ? name.height + fact.height : name.height
    Label {
        id: name
        width: root.stacked || root.note === "" ? parent.width : parent.width - fact.implicitWidth - 8
        text: root.title
        bold: true
        wrapMode: Text.Wrap
        lineHeight: Theme.lineHeight / 1.448
        font.pixelSize: Theme.nameSize
    }
    Label {
        id: fact
        visible: root.note !== ""
        y: root.stacked ? name.height : name.height - height
        anchors.right: root.stacked ? undefined : parent.right
        width: root.stacked ? parent.width : implicitWidth
        wrapMode: Text.Wrap
        lineHeight: Theme.lineHeight / 1.448
        text: root.note
        color: Theme.ink2
        font.pixelSize: Theme.smallSize + 1
    }
}
