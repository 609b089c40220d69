pragma ComponentBehavior: Bound
import QtQuick

// The way-sign: a line's letter in a square.
Rectangle {
    property string letter: ""
    property bool stale: false
    property int side: 84
    width: side
    height: side * 1.28
    radius: side * Theme.letterShare
    color: stale ? Theme.edge : Theme.action
    Label {
        anchors.centerIn: parent
        text: parent.letter
        bold: true
        color: Theme.actionInk
        font.pixelSize: parent.side * (parent.letter.length > 1 ? 0.5 : 0.74)
        Accessible.ignored: true
    }
}
