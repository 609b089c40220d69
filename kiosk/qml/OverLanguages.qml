import QtQuick
import Hall

// The languages of this hall, each in its own words.
Dialog {
    id: page
    property var view: ({})
    signal touched(string act, string label)
    foot: 0
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: page.view.title
        bold: true
        font.pixelSize: Theme.large ? 64 : 56
    }
    Repeater {
        model: page.view.choices.length
        Ghost {
            required property int index
            owner: page
            b: page.view.choices[index] ?? ({})
            width: parent.width
            height: 132
            selected: b.on ?? false
            checkable: true
            quiet: selected
        }
    }
    Primary {
        owner: page
        b: page.view.back
        width: parent.width
        height: 140
    }
}
