pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// For the manager's room: six figures, what is to be done, devices by kind.
Item {
    id: root
    required property WallScreen wall
    required property OfficeView view
    readonly property real u: wall.unit
    readonly property real margin: Theme.wallMargin
    readonly property real gap: 16 * u
    readonly property real tilesHeight: (view.narrow ? 2 : 1) * (188 + 16) * u
    readonly property real listWidth: view.narrow ? width - 2 * margin : (width - 2 * margin) * 0.63
    readonly property int deviceColumns: view.narrow ? 3 : 2
    readonly property real deviceX: view.narrow ? margin : margin + listWidth + 2 * gap
    readonly property real deviceWidth: view.narrow ? listWidth : width - deviceX - margin

    Repeater {
        model: root.view.tiles
        Rectangle {
            id: tile
            required property int index
            required property string name
            required property string value
            required property string unit
            required property string light
            width: (root.width - 2 * root.margin - (root.view.columns - 1) * root.gap) / root.view.columns
            height: 188 * root.u
            x: root.margin + (index % root.view.columns) * (width + root.gap)
            y: root.gap + Math.floor(index / root.view.columns) * (height + root.gap)
            radius: Theme.rowRadius
            color: Theme.row
            Label {
                x: 24 * root.u
                y: 18 * root.u
                width: parent.width - 80 * root.u
                text: tile.name
                wrapMode: Text.Wrap
                font.pixelSize: Theme.bodySize * root.u
                color: Theme.ink2
            }
            Lamp {
                visible: tile.light !== ""
                x: parent.width - width - 20 * root.u
                y: 22 * root.u
                light: tile.light
                size: 34 * root.u
            }
            Label {
                id: figure
                x: 24 * root.u
                anchors { bottom: parent.bottom; bottomMargin: 14 * root.u }
                text: tile.value
                bold: true
                font.pixelSize: (implicitWidth > 0 && tile.value.length > 5 ? 62 : 76) * root.u
            }
            Label {
                anchors.baseline: figure.baseline
                x: figure.x + figure.implicitWidth + 12 * root.u
                text: tile.unit
                font.pixelSize: Theme.smallSize * root.u
                color: Theme.ink2
            }
        }
    }
    Label {
        id: listTitle
        x: root.margin
        y: root.tilesHeight + root.gap
        height: 62 * root.u
        verticalAlignment: Text.AlignVCenter
        text: root.wall.say("wall.alerts_title", root.wall.languages)
        bold: true
        font.pixelSize: 38 * root.u
    }
    Label {
        anchors { right: parent.right; rightMargin: root.width - root.margin - root.listWidth; verticalCenter: listTitle.verticalCenter }
        visible: text !== ""
        text: root.view.more
        font.pixelSize: Theme.smallSize * root.u
        color: Theme.ink2
    }
    Column {
        id: list
        x: root.margin
        y: listTitle.y + listTitle.height
        width: root.listWidth
        spacing: 8 * root.u
        Repeater {
            model: root.view.alerts
            Rectangle {
                id: alert
                required property string light
                required property string title
                required property string act
                required property string since
                width: list.width
                height: 100 * root.u
                radius: Theme.rowRadius
                color: Theme.row
                Lamp {
                    anchors.verticalCenter: parent.verticalCenter
                    x: 24 * root.u
                    light: alert.light
                    size: 44 * root.u
                }
                Column {
                    anchors.verticalCenter: parent.verticalCenter
                    x: 92 * root.u
                    width: parent.width - x - at.width - 40 * root.u
                    Label {
                        width: parent.width
                        text: alert.title
                        bold: true
                        wrapMode: Text.Wrap
                        maximumLineCount: 1
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.smallSize * root.u
                        font.pixelSize: 40 * root.u
                    }
                    Label {
                        width: parent.width
                        text: alert.act
                        wrapMode: Text.Wrap
                        font.pixelSize: Theme.smallSize * root.u
                        color: Theme.ink2
                    }
                }
                Label {
                    id: at
                    anchors { right: parent.right; rightMargin: 20 * root.u; verticalCenter: parent.verticalCenter }
                    text: alert.since
                    font.pixelSize: Theme.bodySize * root.u
                    color: Theme.ink2
                }
            }
        }
        Label {
            visible: root.view.none !== ""
            text: root.view.none
            font.pixelSize: Theme.bodySize * root.u
            color: Theme.ink2
        }
    }
    Label {
        id: deviceTitle
        x: root.deviceX
        y: root.view.narrow ? list.y + list.height + root.gap : listTitle.y
        height: 62 * root.u
        verticalAlignment: Text.AlignVCenter
        text: root.wall.say("wall.devices_title", root.wall.languages)
        bold: true
        font.pixelSize: 38 * root.u
    }
    Repeater {
        model: root.view.devices
        Rectangle {
            id: device
            required property int index
            required property string kind
            required property string count
            required property string light
            width: (root.deviceWidth - (root.deviceColumns - 1) * root.gap) / root.deviceColumns
            height: 120 * root.u
            x: root.deviceX + (index % root.deviceColumns) * (width + root.gap)
            y: deviceTitle.y + deviceTitle.height + Math.floor(index / root.deviceColumns) * 128 * root.u
            radius: Theme.rowRadius
            color: Theme.row
            Lamp {
                anchors.verticalCenter: parent.verticalCenter
                x: 24 * root.u
                light: device.light
                size: 44 * root.u
            }
            Column {
                anchors.verticalCenter: parent.verticalCenter
                x: 88 * root.u
                width: parent.width - x - 12 * root.u
                Label {
                    width: parent.width
                    text: device.kind
                    wrapMode: Text.Wrap
                        font.pixelSize: Theme.smallSize * root.u
                    color: Theme.ink2
                }
                Label {
                    text: device.count
                    bold: true
                    font.pixelSize: 40 * root.u
                }
            }
        }
    }
    Rectangle {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: 60 * root.u
        color: Theme.surface
        Label {
            anchors.verticalCenter: parent.verticalCenter
            x: root.margin
            text: root.wall.say("wall.staff_only", root.wall.languages)
            font.pixelSize: Theme.smallSize * root.u
            color: Theme.ink2
        }
    }
}
