pragma ComponentBehavior: Bound
import QtQuick
import Hall

// The languages of this hall, each in its own words.
Over {
    id: page
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
