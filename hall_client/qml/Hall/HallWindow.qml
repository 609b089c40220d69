pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window

// The window of a program. `fixed`: its page is drawn for designWidth × designHeight and scaled as a whole, with bars
// where the screen has another shape; otherwise the page fills the window at `uiScale`.
Window {
    id: root
    property int designWidth: 1080
    property int designHeight: 1920
    property bool fixed: true
    property real uiScale: fixed ? Math.min(width / designWidth, height / designHeight) : 1
    default property alias content: page.data

    width: designWidth
    height: designHeight
    color: Theme.bg
    visible: false

    Item {
        id: page
        width: root.fixed ? root.designWidth : root.width / root.uiScale
        height: root.fixed ? root.designHeight : root.height / root.uiScale
        x: root.fixed ? Math.max(0, (root.width - width * root.uiScale) / 2) : 0
        y: root.fixed ? Math.max(0, (root.height - height * root.uiScale) / 2) : 0
        scale: root.uiScale
        transformOrigin: Item.TopLeft
    }
}
