pragma ComponentBehavior: Bound
import QtQuick

// Text in the one family. Wraps, never elides: a text that does not fit is a fault the tests find.
Text {
    property bool bold: false
    // As numbers, because Python cannot read Qt Quick's enumerations: the tests look where letters lie.
    readonly property int across: effectiveHorizontalAlignment
    readonly property int down: verticalAlignment
    readonly property int fit: fontSizeMode
    readonly property int pixels: fontInfo.pixelSize
    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: Theme.bodySize
    font.weight: bold ? Font.Bold : Font.Normal
    textFormat: Text.PlainText
    lineHeight: wrapMode === Text.NoWrap ? 1 : 0.9 // 1.3 of the size: the face itself has 1.448
    renderType: Text.QtRendering
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: text === ""
}
