pragma ComponentBehavior: Bound
import QtQuick
import Hall

// What every page has: its view, whether it is drawn for low reach or large print, and touches.
Item {
    property var view: ({})
    readonly property bool low: view.low ?? false
    readonly property bool large: view.large ?? false
    readonly property int margin: Theme.kioskMargin
    readonly property int inner: width - 2 * margin
    // Nothing to touch lies above this line of the page (design.md 4).
    readonly property int hands: (low ? Theme.reachTopLow : Theme.reachTop) - (1752 - height)
    signal touched(string act, string label)
}
