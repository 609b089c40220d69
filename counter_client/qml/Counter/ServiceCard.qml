pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// What the clerk needs to know of the service: its documents, and both limits together. To read only.
Rectangle {
    id: root
    required property DeskScreen desk
    readonly property bool known: desk.hasVisitor && desk.visitorPromised !== ""
    radius: Theme.desktopCardRadius
    color: Theme.surface
    border.color: Theme.line
    activeFocusOnTab: list.contentHeight > list.height + 1 || activeFocus
    Keys.onDownPressed: list.contentY = Math.min(Math.max(0, list.contentHeight - list.height), list.contentY + 32)
    Keys.onUpPressed: list.contentY = Math.max(0, list.contentY - 32)
    FocusRing {
        of: root.radius
    }
    Label {
        id: title
        x: 22
        y: 14
        text: Words.say("desk.service")
        bold: true
        color: Theme.action
        font.pixelSize: Theme.nameLargeSize
    }
    Label {
        visible: root.known
        anchors.right: parent.right
        anchors.rightMargin: 22
        anchors.baseline: title.baseline
        text: list.count > 0 ? Words.say("desk.service.documents", {n: list.count}) : Words.say("desk.service.no_documents")
        color: Theme.ink2
        font.pixelSize: Theme.smallSize + 1
    }
    Rectangle {
        id: rule
        anchors.top: title.bottom
        anchors.topMargin: 10
        width: parent.width
        height: 1
        color: Theme.line
        Rectangle {
            x: 22
            y: -2
            width: title.width
            height: 3
            color: Theme.action
        }
    }
    Label {
        visible: !root.known
        anchors.top: rule.bottom
        anchors.topMargin: 20
        x: 22
        width: parent.width - 44
        wrapMode: Text.Wrap
        lineHeight: Theme.lineHeight / 1.448
        text: root.desk.hasVisitor ? Words.say("desk.service.unknown") : Words.say("desk.service.none")
        color: Theme.ink2
    }
    ListView {
        id: list
        visible: root.known
        anchors.top: rule.bottom
        anchors.topMargin: 8
        anchors.bottom: limits.top
        anchors.bottomMargin: 8
        x: 22
        width: parent.width - 44
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: root.desk.documents
        delegate: Item {
            id: line
            required property string letter
            required property string name
            width: list.width - 12
            height: words.height + 7
            Label {
                text: line.letter
                bold: true
                color: Theme.action
                width: 24
                y: 4
            }
            Label {
                id: words
                x: 28
                y: 4
                width: parent.width - 28
                wrapMode: Text.Wrap
                lineHeight: Theme.lineHeight / 1.448
                text: line.name
            }
        }
    }
    Rectangle {
        visible: list.visible && list.contentHeight > list.height + 1
        anchors.right: parent.right
        anchors.rightMargin: 8
        y: list.y + list.visibleArea.yPosition * list.height
        width: 6
        height: Math.max(24, list.visibleArea.heightRatio * list.height)
        radius: 3
        color: Theme.edge
    }
    Rectangle {
        id: limits
        visible: root.known
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 16
        x: 22
        width: parent.width - 44
        height: 64
        radius: Theme.controlRadius
        color: Theme.bg
        Row {
            anchors.fill: parent
            Repeater {
                model: [
                    {name: Words.say("limits.promised"), value: root.desk.visitorPromised},
                    {name: Words.say("limits.statutory"), value: root.desk.visitorStatutory}
                ]
                Item {
                    id: limit
                    required property var modelData
                    required property int index
                    width: parent.width / 2
                    height: parent.height
                    Rectangle {
                        visible: limit.index > 0
                        y: 10
                        width: 1
                        height: parent.height - 20
                        color: Theme.line
                    }
                    Column {
                        x: 16
                        anchors.verticalCenter: parent.verticalCenter
                        Label {
                            text: limit.modelData.name
                            color: Theme.ink2
                            font.pixelSize: Theme.smallSize
                        }
                        Label {
                            text: limit.modelData.value
                            bold: true
                            font.pixelSize: Theme.rowNumberSize
                        }
                    }
                }
            }
        }
    }
}
