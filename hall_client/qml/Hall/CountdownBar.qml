pragma ComponentBehavior: Bound
import QtQuick

// What is left of a time: `share` 1…0.
Rectangle {
    property real share: 1
    implicitHeight: 10
    radius: height / 2
    color: Theme.contrast ? "transparent" : Theme.sunken
    border.color: Theme.edge
    border.width: Theme.contrast ? 2 : 0
    Rectangle {
        height: parent.height
        radius: parent.radius
        width: parent.width * Math.max(0, Math.min(1, parent.share))
        color: Theme.action
    }
}
