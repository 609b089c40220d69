pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Writing by the keys of the screen: the text, characters to choose from, three rows of keys.
Page {
    id: page
    readonly property int gap: low ? 8 : 12
    readonly property int keyHeight: low ? 88 : 104
    readonly property int topY: keys.y - choices.height - gap - (publish.visible ? publish.height + gap : 0)
    Label {
        id: title
        x: page.margin
        y: page.height < 1576 ? 8 : 24
        width: page.inner
        wrapMode: Text.Wrap
        text: page.view.title
        bold: true
        font.pixelSize: Theme.titleSize - 12
    }
    Label {
        id: hint
        x: page.margin
        anchors.top: title.bottom
        anchors.topMargin: 4
        width: page.inner
        wrapMode: Text.Wrap
        text: page.view.hint
        bold: page.view.refused
        color: page.view.refused ? Theme.red : Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 34
    }
    Rectangle {
        id: paper
        x: page.margin
        width: page.inner
        y: hint.y + hint.height + 16
        height: Math.max(120, Math.min(560, page.topY - y - 16))
        radius: 20
        color: Theme.surface
        border.color: Theme.action
        border.width: 4
        clip: true
        Accessible.role: Accessible.EditableText
        Accessible.name: page.view.title
        Label {
            x: 28
            width: parent.width - 56
            y: Math.min(20, parent.height - height - 56)
            wrapMode: Text.Wrap
            text: page.view.entered !== "" || page.view.typed !== "" ? page.view.entered + "▏" : page.view.placeholder
            color: page.view.entered !== "" || page.view.typed !== "" ? Theme.ink : Theme.ink2
            font.pixelSize: Theme.large ? 44 : 40
        }
        Rectangle {
            anchors.bottom: parent.bottom
            anchors.right: parent.right
            anchors.margins: 8
            width: count.implicitWidth + 24
            height: count.implicitHeight
            color: Theme.surface
            Label {
                id: count
                anchors.centerIn: parent
                text: page.view.count
                color: Theme.ink2
                font.pixelSize: Theme.large ? Theme.smallSize : 28
            }
        }
    }
    Ghost {
        id: publish
        visible: !!page.view.publish
        owner: page
        b: page.view.publish ?? ({})
        x: page.margin
        width: page.inner
        height: page.low ? 84 : 96
        y: choices.y - height - page.gap
        size: page.large ? 40 : 34
        face: b.on ? Theme.tint : Theme.surface
    }
    Row {
        id: choices
        x: page.margin
        y: keys.y - height - page.gap
        height: page.low ? 88 : 104
        spacing: 8
        readonly property int each: 108
        Label {
            width: page.inner - 7 * (choices.each + 8)
            anchors.verticalCenter: parent.verticalCenter
            text: page.view.typed
            bold: true
            color: Theme.action
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 28
            font.pixelSize: page.large ? 44 : 40
        }
        Repeater {
            model: page.view.choices.length
            Touchable {
                id: choice
                required property int index
                readonly property var b: page.view.choices[index] ?? ({})
                objectName: b.act ?? ""
                label: b.label ?? ""
                width: choices.each
                height: choices.height
                radius: 16
                onActed: page.touched(objectName, label)
                Label {
                    anchors.centerIn: parent
                    text: choice.label
                    bold: true
                    font.pixelSize: page.large ? 56 : 50
                    Accessible.ignored: true
                }
            }
        }
        Ghost {
            visible: page.view.more.enabled
            owner: page
            b: page.view.more
            icon: ""
            width: choices.each
            height: choices.height
            radius: 16
            size: page.large ? 40 : 32
        }
    }
    Keypad {
        id: keys
        x: page.margin
        y: tools.y - height - page.gap
        height: 3 * page.keyHeight + 2 * page.gap
        columns: 10
        columnSpacing: 8
        rowSpacing: page.gap
        keyWidth: (page.inner - 9 * 8) / 10
        keyHeight: page.keyHeight
        keys: page.view.keys
        live: page.view.live
        textSize: page.large ? 46 : 40
        onTyped: key => page.touched("key:" + key, key)
    }
    Row {
        id: tools
        x: page.margin
        anchors.bottom: foot.top
        anchors.bottomMargin: page.gap
        spacing: 12
        readonly property int each: (page.inner - 24) / 4
        Ghost {
            owner: page
            b: page.view.layout
            width: tools.each
            height: page.keyHeight
            radius: 16
            size: page.large ? 42 : 36
        }
        Ghost {
            owner: page
            b: page.view.space
            width: tools.each
            height: page.keyHeight
            radius: 16
            size: page.large ? 42 : 36
        }
        Ghost {
            owner: page
            b: page.view.erase
            width: page.inner - 2 * tools.each - 24
            height: page.keyHeight
            radius: 16
            size: page.large ? 42 : 36
        }
    }
    Row {
        id: foot
        x: page.margin
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 12
        spacing: 16
        Ghost {
            owner: page
            b: page.view.back
            width: 296
            height: page.low ? 108 : 148
            size: page.large ? 46 : 42
        }
        Primary {
            owner: page
            b: page.view.send
            width: page.inner - 312
            height: page.low ? 108 : 148
        }
    }
}
