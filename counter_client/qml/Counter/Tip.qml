pragma ComponentBehavior: Bound
import QtQuick
import Hall

// A sentence under its item while the pointer is on it or the keyboard's focus is.
Rectangle {
    id: root
    property Item of: parent
    property string text: ""
    readonly property bool wanted: text !== "" && (hover.hovered || of.activeFocus)
    visible: wanted
    z: 10
    x: Math.min(0, of.width - width)
    y: of.height + 8
    width: Math.min(words.implicitWidth, 320) + 24
    height: words.height + 16
    radius: Theme.controlRadius
    color: Theme.surface
    border.color: Theme.edge
    Label {
        id: words
        x: 12
        y: 8
        width: Math.min(implicitWidth, 320)
        wrapMode: Text.Wrap
        lineHeight: Theme.lineHeight / 1.448
        text: root.text
        font.pixelSize: Theme.smallSize
    }
    HoverHandler {
        id: hover
        parent: root.of
    }
}
