pragma ComponentBehavior: Bound
import QtQuick
import Hall

// The three columns before the first picture: no number that is not known, no spinner.
Item {
    id: root
    anchors.fill: parent
    Accessible.name: Words.say("desk.connecting")
    component Bone: Rectangle {
        radius: Theme.desktopCardRadius
        color: Theme.sunken
    }
    Bone { x: 0; width: 296; height: 132 }
    Bone { x: 0; y: 160; width: 296; height: parent.height - 160 - 72 }
    Bone { x: 312; width: parent.width - 312 - 336; height: 300 }
    Bone { x: 312; y: 316; width: parent.width - 312 - 336; height: parent.height - 316 }
    Bone { x: parent.width - 320; width: 320; height: parent.height }
    Label {
        anchors.centerIn: parent
        text: Words.say("desk.connecting")
        bold: true
        font.pixelSize: Theme.titleSize
        color: Theme.ink2
    }
}
