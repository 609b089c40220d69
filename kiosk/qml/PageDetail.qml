pragma ComponentBehavior: Bound
import QtQuick
import Hall

// One service: how long, what it costs, what to bring, who you are, how many are ahead; then a number.
Page {
    id: page
    readonly property bool service: view.limits.length > 0
    Label {
        id: crumb
        x: page.margin
        y: page.height < 1576 ? 12 : 24
        width: page.inner
        wrapMode: Text.Wrap
        text: page.view.crumb
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 30
    }
    FitLabel {
        id: title
        x: page.margin
        anchors.top: crumb.bottom
        width: page.inner
        height: Math.min(page.large ? 180 : 170, probe.implicitHeight)
        text: page.view.title
        bold: true
        font.pixelSize: page.large ? 72 : Theme.titleDetailSize
        minimumPixelSize: Theme.large ? 40 : 34
        lineHeight: 0.85
    }
    Label {
        id: probe
        visible: false
        width: page.inner
        wrapMode: Text.Wrap
        text: page.view.title
        bold: true
        font.pixelSize: title.font.pixelSize
        lineHeight: 0.85
    }
    Label {
        id: text
        x: page.margin
        anchors.top: title.bottom
        anchors.topMargin: 20
        width: page.inner
        wrapMode: Text.Wrap
        visible: page.view.text !== ""
        text: page.view.text
        font.pixelSize: Theme.large ? Theme.bodySize : 38
        lineHeight: 1
    }
    LimitPair {
        id: limits
        visible: page.service
        x: page.margin
        width: page.inner
        anchors.top: title.bottom
        anchors.topMargin: 16
        limits: page.view.limits
    }
    DocumentList {
        visible: !!page.view.docs
        x: page.margin
        width: page.inner
        anchors.top: limits.bottom
        anchors.topMargin: page.large ? 16 : 32
        anchors.bottom: lower.top
        anchors.bottomMargin: 16
        docs: page.view.docs ?? ({title: "", missing: "", rows: []})
    }

    // -- to touch: always in the lower half ------------------------------------------------------------------
    Column {
        id: lower
        x: page.margin
        width: page.inner
        anchors.bottom: foot.top
        anchors.bottomMargin: page.large ? 16 : 28
        spacing: page.large ? 10 : 14
        Ghost {
            visible: !!page.view.docs && !!page.view.docs.more
            owner: page
            b: page.view.docs ? page.view.docs.more ?? ({}) : ({})
            width: parent.width
            height: page.large ? 96 : 84
            quiet: true
            size: page.large ? 40 : 34
        }
        Item {
            width: parent.width
            height: you.implicitHeight
            visible: !page.large
            Label {
                id: you
                text: page.view.you_are
                bold: true
                font.pixelSize: 36
            }
            Label {
                anchors.right: parent.right
                anchors.baseline: you.baseline
                text: page.view.priority_rule
                color: Theme.ink2
                font.pixelSize: 28
            }
        }
        Row {
            id: choices
            spacing: page.large ? 12 : 16
            Repeater {
                model: page.view.priorities.length
                Touchable {
                    id: choice
                    required property int index
                    readonly property var item: page.view.priorities[index] ?? ({})
                    objectName: item.act ?? ""
                    label: item.label ?? ""
                    description: item.note ?? ""
                    checkable: true
                    selected: item.on ?? false
                    width: (page.inner - choices.spacing * 4) / 5
                    height: page.large ? 112 : 116
                    radius: 18
                    face: selected ? Theme.tint : Theme.surface
                    edgeColor: selected ? Theme.action : Theme.contrast ? Theme.edge : Theme.line
                    edgeWidth: selected ? (Theme.contrast ? 8 : 4) : Theme.border
                    onActed: page.touched(objectName, label)
                    FitLabel {
                        x: 8
                        width: parent.width - 16
                        y: note.visible ? 8 : 4
                        height: note.visible ? parent.height * 0.5 : parent.height - 8
                        horizontalAlignment: Text.AlignHCenter
                        text: choice.label
                        bold: true
                        color: choice.selected ? Theme.action : Theme.ink
                        font.pixelSize: page.large ? 48 : 36
                        minimumPixelSize: page.large ? 34 : 28
                        Accessible.ignored: true
                    }
                    FitLabel {
                        id: note
                        visible: !page.large && (choice.item.note ?? "") !== ""
                        x: 6
                        width: parent.width - 12
                        anchors.bottom: parent.bottom
                        anchors.bottomMargin: 8
                        height: parent.height * 0.38
                        horizontalAlignment: Text.AlignHCenter
                        text: choice.item.note ?? ""
                        color: choice.selected ? Theme.action : Theme.ink2
                        font.pixelSize: 28
                        minimumPixelSize: 28
                        Accessible.ignored: true
                    }
                }
            }
        }
    }
    Rectangle {
        id: foot
        width: parent.width
        height: page.large ? 392 : 408
        anchors.bottom: parent.bottom
        color: Theme.surface
        Rectangle {
            width: parent.width
            height: Theme.contrast ? 3 : 1
            color: Theme.contrast ? Theme.edge : Theme.line
        }
        LineLetter {
            id: letter
            x: page.margin
            y: page.large ? 24 : 36
            side: page.large ? 104 : 96
            height: side * 1.12
            letter: page.view.letter
        }
        Column {
            id: waits
            x: letter.x + letter.width + 28
            y: page.large ? 8 : letter.y - 6
            width: parent.width - x - page.margin
            spacing: page.large ? 0 : 4
            Item {
                width: parent.width
                height: page.large ? 104 : 62
                FitLabel {
                    id: people
                    height: parent.height
                    width: parent.width * 0.42
                    text: page.view.ahead
                    bold: true
                    font.pixelSize: page.large ? 52 : 44
                    minimumPixelSize: page.large ? 40 : 30
                }
                FitLabel {
                    anchors.right: parent.right
                    height: parent.height
                    width: parent.width - people.width - 8
                    horizontalAlignment: Text.AlignRight
                    text: page.view.wait
                    bold: true
                    color: page.view.kind === "now" ? Theme.green : page.view.kind === "unknown" ? Theme.ink2 : Theme.ink
                    font.pixelSize: page.large ? 52 : 44
                    minimumPixelSize: page.large ? 34 : 28
                }
            }
            Item {
                width: parent.width
                height: page.large ? 56 : 76
                FitLabel {
                    id: where
                    width: page.large ? parent.width : parent.width * 0.52
                    height: parent.height
                    text: page.view.where
                    color: Theme.ink2
                    font.pixelSize: page.large ? Theme.smallSize : 30
                    minimumPixelSize: page.large ? 34 : 28
                }
                FitLabel {
                    visible: !page.large
                    anchors.right: parent.right
                    width: parent.width - where.width - 12
                    height: parent.height
                    horizontalAlignment: Text.AlignRight
                    text: page.view.honest
                    color: Theme.ink2
                    font.pixelSize: 28
                    minimumPixelSize: 28
                }
            }
        }
        Ghost {
            id: back
            owner: page
            b: page.view.back
            x: page.margin
            anchors.bottom: parent.bottom
            anchors.bottomMargin: page.large ? 16 : 40
            width: page.large ? 300 : 288
            height: page.large ? 180 : 172
        }
        Primary {
            owner: page
            b: page.view.take
            busy: page.view.busy
            x: back.x + back.width + 24
            anchors.bottom: back.bottom
            width: parent.width - x - page.margin
            height: back.height
            size: page.view.busy ? 52 : (page.large ? 80 : 68)
            icon: page.view.busy ? "hourglass" : "ticket"
        }
    }
}
