pragma ComponentBehavior: Bound
import QtQuick

// A code on white with its quiet zone, modules of whole pixels.
Image {
    property string data_: ""
    property int side: 240
    width: side
    height: side
    sourceSize.width: side
    sourceSize.height: side
    smooth: false
    asynchronous: true // making a code takes longer than a frame
    source: data_ === "" ? "" : "image://qr/" + encodeURIComponent(data_)
    Accessible.role: Accessible.Graphic
}
