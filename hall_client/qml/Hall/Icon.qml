pragma ComponentBehavior: Bound
import QtQuick

// An outline icon (assets/icons) in one colour. Always beside a word, so it says nothing itself.
Image {
    property string name: ""
    property color tone: Theme.action
    property int size: 44
    width: size
    height: size
    sourceSize.width: size
    sourceSize.height: size
    source: name === "" ? "" : Theme.icon(name, tone)
    Accessible.ignored: true
}
