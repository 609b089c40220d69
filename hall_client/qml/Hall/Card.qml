pragma ComponentBehavior: Bound
import QtQuick

// Something to read: a surface without a foot.
Rectangle {
    color: Theme.surface
    radius: Theme.cardRadius
    border.color: Theme.line
    border.width: Theme.border
}
