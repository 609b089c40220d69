pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Before first use: which hall, the code for the manager, the fingerprint to compare.
Page {
    id: page
    Column {
        id: column
        x: page.margin
        y: 112
        width: page.inner
        spacing: 36
        Label {
            width: parent.width
            wrapMode: Text.Wrap
            text: page.view.title
            bold: true
            font.pixelSize: Theme.titleSize
        }
        Label {
            visible: text !== ""
            text: page.view.hall ?? ""
            color: Theme.ink2
            width: parent.width
            wrapMode: Text.Wrap
            font.pixelSize: 36
        }
        Label {
            width: parent.width
            wrapMode: Text.Wrap
            text: page.view.text
            font.pixelSize: 42
        }
        Card {
            visible: page.view.code !== ""
            width: parent.width
            height: 300
            Label {
                anchors.centerIn: parent
                text: page.view.code
                bold: true
                color: Theme.action
                font.pixelSize: 144
                font.letterSpacing: Theme.numberSpacing
            }
        }
        CountdownBar {
            visible: page.view.code !== ""
            width: parent.width
            share: page.view.share ?? 0
        }
        Label {
            visible: page.view.code !== ""
            text: page.view.left ?? ""
            color: Theme.ink2
            font.pixelSize: 34
        }
        Label {
            visible: page.view.code !== ""
            text: page.view.fingerprint_title ?? ""
            color: Theme.ink2
            font.pixelSize: 34
        }
        Label {
            visible: page.view.code !== ""
            text: page.view.fingerprint ?? ""
            bold: true
            width: parent.width
            wrapMode: Text.Wrap
            font.pixelSize: 52
        }
        Label {
            visible: text !== ""
            text: page.view.hint ?? ""
            width: parent.width
            wrapMode: Text.Wrap
            font.pixelSize: 36
        }
        Repeater {
            model: page.view.halls.length
            Touchable {
                id: hall
                required property int index
                readonly property var item: page.view.halls[index] ?? ({})
                objectName: item.act ?? ""
                label: item.label ?? ""
                width: page.inner
                height: 140
                onActed: page.touched(objectName, label)
                Column {
                    x: 32
                    anchors.verticalCenter: parent.verticalCenter
                    Label { text: hall.label; bold: true; font.pixelSize: 42; Accessible.ignored: true }
                    Label { text: hall.item.hint ?? ""; color: Theme.ink2; font.pixelSize: 30; Accessible.ignored: true }
                }
            }
        }
    }
}
