pragma ComponentBehavior: Bound
import QtQuick

// Text in a box of fixed size: wraps and grows smaller, never below the smallest size of the surface, never elided.
Label {
    fontSizeMode: Text.Fit
    minimumPixelSize: Theme.smallSize
    wrapMode: Text.Wrap
    lineHeight: 0.9
    verticalAlignment: Text.AlignVCenter
}
