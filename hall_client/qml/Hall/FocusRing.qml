pragma ComponentBehavior: Bound
import QtQuick

// Seen from the keyboard only: an ink ring with the call colour inside (design.md 2.4).
Rectangle {
    property Item around: parent
    property int of: 12
    anchors.fill: parent
    anchors.margins: -(Theme.focusOffset + Theme.focusRing + Theme.focusInner)
    radius: of + Theme.focusOffset
    visible: around !== null && around.activeFocus
    color: "transparent"
    border.color: Theme.ink
    border.width: Theme.focusRing
    Rectangle {
        anchors.fill: parent
        anchors.margins: Theme.focusRing
        radius: parent.radius - Theme.focusRing
        color: "transparent"
        border.color: Theme.call
        border.width: Theme.focusInner
    }
}
