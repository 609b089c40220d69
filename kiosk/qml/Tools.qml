pragma ComponentBehavior: Bound
import QtQuick
import Hall

// The tool bar of every screen: modes, language, help.
Rectangle {
    id: root
    property var tools: []
    signal touched(string act, string label)
    color: Theme.surface
    Rectangle {
        width: parent.width
        height: Theme.contrast ? 3 : 1
        color: Theme.contrast ? Theme.edge : Theme.line
    }
    Row {
        x: 56
        y: 18
        spacing: 16
        Repeater {
            model: root.tools.length
            ToolButton {
                required property int index
                readonly property var tool: root.tools[index] ?? ({})
                objectName: tool.act ?? ""
                label: tool.label ?? ""
                icon: tool.icon ?? ""
                selected: tool.on ?? false
                width: (root.width - 112 - 16 * (root.tools.length - 1)) / Math.max(1, root.tools.length)
                height: 134
                size: Theme.large ? 40 : 30
                onActed: root.touched(objectName, label)
            }
        }
    }
}
