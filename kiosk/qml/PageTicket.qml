pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Please take your ticket: the number, what is ahead, where; the code for whoever wants it.
Page {
    id: page
    view: ({
        title: "", service: "", number: "", facts: [], code: "", code_title: "", code_lines: [], where: "", noshow: "",
        reprint: {}, done: {}, share: 0, countdown: "", outlet: ""
    })
    readonly property int side: page.large ? 56 : 96
    Label {
        id: title
        y: 32
        anchors.horizontalCenter: parent.horizontalCenter
        text: page.view.title
        bold: true
        font.pixelSize: Theme.large ? 72 : 68
        width: Math.min(implicitWidth, page.inner)
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
    }
    Card {
        id: card
        x: page.side
        width: page.width - 2 * x
        anchors.top: title.bottom
        anchors.topMargin: 20
        height: page.large ? 810 : 872
        radius: 28
        FitLabel {
            id: service
            x: 40
            y: 24
            width: parent.width - 80
            height: page.large ? 68 : 84
            horizontalAlignment: Text.AlignHCenter
            text: page.view.service
            font.pixelSize: Theme.large ? 48 : 44
            minimumPixelSize: Theme.large ? 40 : 32
        }
        Label {
            id: number
            y: page.large ? 22 : 42
            anchors.horizontalCenter: parent.horizontalCenter
            text: page.view.number
            bold: true
            color: Theme.action
            font.pixelSize: Math.min(Theme.numberSize, Theme.numberSize * 4.2 / Math.max(4, text.length))
            font.letterSpacing: Theme.numberSpacing
            lineHeight: 1
        }
        Rectangle {
            id: rule
            x: 48
            y: page.large ? 402 : 424
            width: parent.width - 96
            height: Theme.contrast ? 3 : 2
            color: Theme.line
        }
        Row {
            id: facts
            x: 48
            width: parent.width - 96
            anchors.top: rule.bottom
            anchors.topMargin: 24
            Repeater {
                model: page.view.facts.length
                Column {
                    id: fact
                    required property int index
                    readonly property var item: page.view.facts[index] ?? ({})
                    width: facts.width * [0.22, 0.44, 0.34][index]
                    Label {
                        text: fact.item.label ?? ""
                        color: Theme.ink2
                        font.pixelSize: Theme.large ? Theme.smallSize : 32
                    }
                    FitLabel {
                        width: parent.width - 12
                        height: 68
                        text: fact.item.text ?? ""
                        bold: true
                        color: fact.item.kind === "now" ? Theme.green : Theme.ink
                        font.pixelSize: 48
                        minimumPixelSize: Theme.large ? 34 : 28
                    }
                }
            }
        }
        Rectangle {
            x: 48
            width: parent.width - 96
            anchors.top: facts.bottom
            anchors.topMargin: 12
            height: page.large ? 236 : 252
            radius: 18
            color: Theme.bg
            border.color: Theme.edge
            border.width: Theme.contrast ? 3 : 0
            QrCode {
                id: code
                x: 8
                anchors.verticalCenter: parent.verticalCenter
                side: page.large ? 200 : 240
                data_: page.view.code
            }
            FitLabel {
                id: codeTitle
                x: code.x + code.width + 20
                y: page.large ? 12 : 28
                width: parent.width - x - 16
                height: page.large ? 76 : 60
                text: page.view.code_title
                bold: true
                font.pixelSize: Theme.large ? 44 : 38
                minimumPixelSize: Theme.large ? 34 : 28
            }
            Column {
                x: codeTitle.x
                anchors.top: codeTitle.bottom
                width: codeTitle.width
                Repeater {
                    model: page.large ? 1 : page.view.code_lines.length
                    FitLabel {
                        required property int index
                        width: codeTitle.width
                        height: page.large ? 130 : 76
                        text: page.view.code_lines[index] ?? ""
                        color: Theme.ink2
                        font.pixelSize: Theme.large ? Theme.smallSize : 31
                        minimumPixelSize: Theme.large ? 32 : 28
                    }
                }
            }
        }
    }
    FitLabel {
        id: where
        x: page.margin
        width: page.inner
        anchors.top: card.bottom
        anchors.topMargin: 20
        height: page.large ? 104 : 56
        horizontalAlignment: Text.AlignHCenter
        text: page.view.where
        font.pixelSize: Theme.large ? Theme.bodySize : 36
        minimumPixelSize: Theme.large ? 36 : 28
    }
    FitLabel {
        x: page.margin
        width: page.inner
        anchors.top: where.bottom
        height: page.large ? 0 : 76
        visible: !page.large
        horizontalAlignment: Text.AlignHCenter
        text: page.view.noshow
        color: Theme.ink2
        font.pixelSize: 32
        minimumPixelSize: 28
    }
    Item {
        x: page.side
        width: page.width - 2 * x
        height: 144
        anchors.bottom: bar.top
        anchors.bottomMargin: 44
        Ghost {
            id: reprint
            owner: page
            b: page.view.reprint
            width: parent.width * 0.485
            height: parent.height
            size: page.large ? 48 : 44
        }
        Primary {
            owner: page
            b: page.view.done
            anchors.right: parent.right
            width: parent.width * 0.487
            height: parent.height
            size: 56
        }
    }
    CountdownBar {
        id: bar
        x: page.side
        width: page.width - 2 * x
        anchors.bottom: countdown.top
        anchors.bottomMargin: 10
        share: page.view.share
    }
    Label {
        id: countdown
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: outlet.top
        anchors.bottomMargin: 16
        text: page.view.countdown
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 32
    }
    Rectangle {
        id: outlet
        anchors.bottom: parent.bottom
        width: parent.width
        height: 96
        color: Theme.call
        Row {
            anchors.centerIn: parent
            spacing: 32
            Icon { anchors.verticalCenter: parent.verticalCenter; name: "arrow-down"; size: 52; tone: Theme.callInk }
            Label {
                anchors.verticalCenter: parent.verticalCenter
                text: page.view.outlet
                bold: true
                color: Theme.callInk
                font.pixelSize: 44
            }
            Icon { anchors.verticalCenter: parent.verticalCenter; name: "arrow-down"; size: 52; tone: Theme.callInk }
        }
    }
}
