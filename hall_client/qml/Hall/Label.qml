import QtQuick

// Text in the one family. Wraps, never elides: a text that does not fit is a fault the tests find.
Text {
    property bool bold: false
    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: Theme.bodySize
    font.weight: bold ? Font.Bold : Font.Normal
    textFormat: Text.PlainText
    lineHeight: lineCount > 1 ? Theme.lineHeight / 1.448 : 1
    renderType: Text.QtRendering
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: text === ""
}
