pragma ComponentBehavior: Bound
import QtQuick
import Hall

// What do you need? Six services, all groups, search. In large print five plain rows; in low reach all below the line.
Page {
    id: page
    readonly property bool plain: !low && !large
    readonly property bool banded: height < 1576
    readonly property int lowTop: hands + 16

    // -- to read ---------------------------------------------------------------------------------------------
    Label {
        id: title
        x: page.margin
        y: 28
        text: page.view.title
        bold: true
        font.pixelSize: page.large ? Theme.titleSize - (page.banded ? 12 : 0) : Theme.titleSize
        width: page.inner
        wrapMode: Text.Wrap
    }
    Label {
        id: hint
        x: page.margin
        anchors.top: title.bottom
        visible: (page.low || (page.plain && !page.banded))
        text: page.view.hint
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 32
        width: page.inner
        wrapMode: Text.Wrap
    }
    Column {
        x: page.margin
        visible: page.low
        anchors.top: hint.bottom
        anchors.topMargin: 32
        spacing: 12
        width: page.inner
        Label {
            visible: page.view.calling.length > 0
            text: page.view.calling_title
            bold: true
            font.pixelSize: Theme.large ? Theme.bodySize : 38
        }
        Repeater {
            model: Math.min(page.view.calling.length, 3)
            Label {
                required property int index
                text: page.view.calling[index] ?? ""
                bold: true
                color: Theme.contrast ? Theme.call : Theme.action
                font.pixelSize: Theme.large ? Theme.bodySize : 44
            }
        }
        Label {
            visible: page.view.signs !== "" && !page.banded
            width: page.inner
            wrapMode: Text.Wrap
            text: page.view.signs
            color: Theme.ink2
            font.pixelSize: Theme.large ? Theme.smallSize : 32
        }
    }

    // -- light and calm: the whole hall on one screen ----------------------------------------------------------
    Item {
        id: normal
        visible: page.plain
        x: page.margin
        width: page.inner
        y: page.banded ? title.y + title.height : hint.y + hint.height
        height: page.height - y
        readonly property int parts: search.height + most.height + tiles.height + all.height + groups.height + asks.height + 8
        readonly property int gap: Math.max(8, Math.min(40, (height - parts - 12) / 7))
        Touchable {
            id: search
            objectName: "search"
            y: normal.gap
            width: parent.width
            height: 108
            radius: 28
            label: page.view.search.label
            onActed: page.touched("search", label)
            Row {
                x: 40
                anchors.verticalCenter: parent.verticalCenter
                spacing: 24
                Icon { anchors.verticalCenter: parent.verticalCenter; name: "search"; size: 52 }
                Label {
                    anchors.verticalCenter: parent.verticalCenter
                    text: page.view.search.label + (page.view.example ? page.view.example.say : "")
                    color: Theme.ink2
                    font.pixelSize: 34
                    Accessible.ignored: true
                }
                Rectangle {
                    visible: !!page.view.example
                    anchors.verticalCenter: parent.verticalCenter
                    width: letters.implicitWidth + 44
                    height: 60
                    radius: 12
                    color: Theme.tint
                    Label {
                        id: letters
                        anchors.centerIn: parent
                        text: page.view.example ? page.view.example.keys : ""
                        bold: true
                        color: Theme.action
                        font.pixelSize: 36
                        Accessible.ignored: true
                    }
                }
                Label {
                    visible: !!page.view.example && x + implicitWidth < search.width - 150
                    anchors.verticalCenter: parent.verticalCenter
                    text: "→ " + (page.view.example ? page.view.example.name : "")
                    color: Theme.ink2
                    font.pixelSize: 34
                    Accessible.ignored: true
                }
            }
            Icon {
                anchors.right: parent.right
                anchors.rightMargin: 36
                anchors.verticalCenter: parent.verticalCenter
                name: "keyboard"
                size: 56
            }
        }
        Label {
            id: most
            anchors.top: search.bottom
            anchors.topMargin: normal.gap
            text: page.view.most
            bold: true
            font.pixelSize: 38
        }
        Label {
            anchors.right: parent.right
            anchors.baseline: most.baseline
            text: page.view.live
            color: Theme.ink2
            font.pixelSize: 28
        }
        Grid {
            id: tiles
            anchors.top: most.bottom
            anchors.topMargin: Math.min(20, normal.gap)
            columns: 2
            columnSpacing: 24
            rowSpacing: 20
            Repeater {
                model: page.plain ? page.view.tiles.length : 0
                ServiceTile {
                    required property int index
                    owner: page
                    tile: page.view.tiles[index] ?? ({})
                    width: 472
                    height: 172
                }
            }
        }
        Label {
            id: all
            anchors.top: tiles.bottom
            anchors.topMargin: normal.gap
            text: page.view.all
            bold: true
            font.pixelSize: 38
        }
        Grid {
            id: groups
            anchors.top: all.bottom
            anchors.topMargin: Math.min(20, normal.gap)
            columns: 4
            columnSpacing: 16
            rowSpacing: 14
            Repeater {
                model: page.plain ? page.view.groups.length : 0
                GroupTile {
                    required property int index
                    owner: page
                    tile: page.view.groups[index] ?? ({})
                    width: 230
                    height: 102
                }
            }
        }
        Row {
            id: asks
            anchors.top: groups.bottom
            anchors.topMargin: Math.max(12, Math.min(24, normal.gap))
            spacing: 16
            readonly property int count: page.view.consult ? 3 : 2
            Repeater {
                model: page.plain ? [page.view.cases, page.view.words, page.view.consult].filter(b => !!b) : []
                Ghost {
                    required property var modelData
                    owner: page
                    b: modelData
                    quiet: true
                    width: (page.inner - 16 * (asks.count - 1)) / asks.count
                    height: 96
                    size: 36
                }
            }
        }
    }

    // -- large print, and low reach ----------------------------------------------------------------------------
    Item {
        id: simple
        visible: !page.plain
        x: page.margin
        width: page.inner
        y: page.low ? page.lowTop : title.y + title.height + 12
        height: page.height - y - 16
        readonly property int rows: page.large ? page.view.tiles.length : Math.ceil(page.view.tiles.length / 2)
        readonly property int below: buttons.height + others.height + 12 + (help.visible ? help.height + 20 : 0) + 20
        Grid {
            id: rows
            columns: page.large ? 1 : 2
            columnSpacing: 24
            rowSpacing: page.low ? 16 : 20
            Repeater {
                model: page.plain ? 0 : page.view.tiles.length
                ServiceTile {
                    required property int index
                    owner: page
                    tile: page.view.tiles[index] ?? ({})
                    width: page.large ? simple.width : (simple.width - 24) / 2
                    height: Math.min(186, (simple.height - simple.below - rows.rowSpacing * (simple.rows - 1)) / Math.max(1, simple.rows))
                }
            }
        }
        Row {
            id: buttons
            anchors.top: rows.bottom
            anchors.topMargin: 20
            spacing: 16
            readonly property int count: 2 + (ask.visible ? 1 : 0)
            readonly property int each: (simple.width - 16 * (count - 1)) / count
            Ghost {
                owner: page
                b: page.view.more
                width: buttons.each
                height: page.low ? 84 : 96
                size: page.large ? 44 : 38
            }
            Ghost {
                owner: page
                b: page.view.find
                width: buttons.each
                height: page.low ? 84 : 96
                size: page.large ? 44 : 38
            }
            Ghost {
                id: ask
                visible: !!page.view.consult
                owner: page
                b: page.view.consult ?? ({})
                width: buttons.each
                height: page.low ? 84 : 96
                size: page.large ? 44 : 38
            }
        }
        Row {
            id: others
            anchors.top: buttons.bottom
            anchors.topMargin: 12
            spacing: 16
            Repeater {
                model: page.plain ? [] : [page.view.cases, page.view.words]
                Ghost {
                    required property var modelData
                    owner: page
                    b: modelData
                    width: (simple.width - 16) / 2
                    height: page.low ? 84 : 96
                    size: page.large ? 44 : 38
                }
            }
        }
        Primary {
            id: help
            visible: page.large
            anchors.top: others.bottom
            anchors.topMargin: 20
            owner: page
            b: page.view.help
            width: parent.width
            height: page.low ? 104 : 120
        }
    }
}
