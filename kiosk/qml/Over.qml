pragma ComponentBehavior: Bound
import QtQuick
import Hall

// What every dialog has: its view, and touches.
Dialog {
    property var view: ({})
    signal touched(string act, string label)
}
