pragma ComponentBehavior: Bound
import QtQuick
import Hall

// A short answer beside others.
Touchable {
    id: root
    required property bool chosen
    required property int index
    selected: chosen
    checkable: true
    implicitHeight: 36
    implicitWidth: words.implicitWidth + 28
    radius: 18
    footHeight: 0
    face: chosen ? Theme.tint : Theme.surface
    edgeColor: chosen ? Theme.action : Theme.edge
    edgeWidth: chosen ? 2 : 1
    Label {
        id: words
        anchors.centerIn: parent
        text: root.label
        bold: root.chosen
        Accessible.ignored: true
    }
}
