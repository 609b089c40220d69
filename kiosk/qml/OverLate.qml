pragma ComponentBehavior: Bound
import QtQuick
import Hall

// You may not be served today: the numbers, and what you can do.
Over {
    id: page
    Rectangle {
        width: 120
        height: 120
        radius: 60
        color: Theme.amberTint
        border.color: Theme.edge
        border.width: Theme.contrast ? 3 : 0
        Icon { anchors.centerIn: parent; name: "clock-alert"; size: 72; tone: Theme.amber }
    }
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: page.view.title
        bold: true
        font.pixelSize: Theme.large ? 72 : 60
    }
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        text: page.view.text
        font.pixelSize: Theme.large ? Theme.bodySize : 40
        lineHeight: 1.1
    }
    Primary {
        owner: page
        b: page.view.anyway
        busy: page.view.busy
        enabled: !page.view.busy
        icon: "ticket"
        width: parent.width
        height: 152
    }
    Ghost {
        owner: page
        b: page.view.back
        icon: "arrow-left"
        width: parent.width
        height: 132
    }
}
