pragma ComponentBehavior: Bound
import QtQuick
import Hall

// A ticket of a list: number, service, why it stands there, how long; and at most one act.
Item {
    id: root
    required property string ident
    required property string number
    required property string title
    required property string tag
    required property bool tagged
    required property string waited
    required property bool upcoming
    required property int index
    property string actLabel: ""
    property string actName: ""
    property bool actReady: true
    property string actWhy: ""
    signal acted
    height: Math.max(54, body.implicitHeight + 12)
    Accessible.role: Accessible.ListItem
    Accessible.name: number + " " + title + " " + tag + " " + waited
    Rectangle {
        visible: root.index > 0
        width: parent.width
        height: 1
        color: Theme.line
    }
    Label {
        id: number
        y: root.height > 64 ? 6 : (root.height - height) / 2
        width: Math.max(58, implicitWidth)
        text: root.number
        bold: true
        color: root.upcoming ? Theme.action : Theme.ink
        font.pixelSize: Theme.rowNumberSize
        Accessible.ignored: true
    }
    Column {
        id: body
        anchors.left: number.right
        anchors.leftMargin: 6
        anchors.right: end.left
        anchors.rightMargin: 8
        anchors.verticalCenter: parent.verticalCenter
        spacing: 2
        Label {
            width: parent.width
            text: root.title
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            font.pixelSize: text.length > 24 ? Theme.smallSize : Theme.bodySize
            Accessible.ignored: true
        }
        Rectangle {
            width: Math.min(parent.width, tagText.implicitWidth + (root.tagged ? 12 : 0))
            height: tagText.height + (root.tagged ? 2 : 0)
            radius: 4
            color: root.tagged ? Theme.amberTint : "transparent"
            Label {
                id: tagText
                x: root.tagged ? 6 : 0
                y: root.tagged ? 1 : 0
                width: parent.width - (root.tagged ? 12 : 0)
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: root.tag
                color: root.tagged ? Theme.amber : Theme.ink2
                font.pixelSize: Theme.smallSize
                Accessible.ignored: true
            }
        }
        Label {
            visible: root.actLabel !== "" && root.waited !== ""
            width: parent.width
            text: root.waited
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            color: Theme.ink2
            font.pixelSize: Theme.smallSize
            Accessible.ignored: true
        }
    }
    Item {
        id: end
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        width: button.visible ? button.width : when.implicitWidth
        height: parent.height
        Label {
            id: when
            visible: root.actLabel === ""
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            text: root.waited
            color: Theme.ink2
            font.pixelSize: Theme.bodySize
            Accessible.ignored: true
        }
        Touchable {
            id: button
            visible: root.actLabel !== ""
            objectName: root.actName + "_" + root.number
            label: root.actLabel
            description: root.number + " " + root.actWhy
            enabled: root.actReady
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            width: Math.ceil(buttonText.implicitWidth) + 24
            height: 34
            footHeight: 0
            radius: Theme.controlRadius
            face: enabled ? Theme.surface : Theme.sunken
            edgeColor: Theme.action
            edgeWidth: enabled ? 1 : 0
            onActed: root.acted()
            Label {
                id: buttonText
                anchors.centerIn: parent
                text: root.actLabel
                bold: true
                color: button.enabled ? Theme.action : Theme.disabled
                font.pixelSize: Theme.bodySize
                Accessible.ignored: true
            }
        }
    }
}
