pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// The ticket in hand and what may be done with it. Buttons stay where they are; a disabled one says why.
Rectangle {
    id: root
    required property DeskScreen desk
    readonly property ActView answer: desk.primary === "finish" ? desk.finish : desk.begin
    readonly property bool longName: desk.visitorService.length > 18
    readonly property bool shared: !desk.hasVisitor && !desk.recall.refused && !desk.park.refused && !desk.transfer.refused && !answer.refused
    function takeFocus(): void {
        const first = desk.hasVisitor ? answerColumn.button : start;
        if (first.enabled && first.visible) first.forceActiveFocus(Qt.TabFocusReason);
    }
    implicitHeight: body.implicitHeight + 36
    radius: Theme.desktopCardRadius
    color: Theme.surface
    border.color: Theme.line
    Column {
        id: body
        x: 22
        y: 18
        width: parent.width - 44
        spacing: 12
        Item {
            width: parent.width
            height: Math.max(root.desk.hasVisitor ? number.height : 0, about.height, side.height)
            Label {
                id: number
                visible: root.desk.hasVisitor
                text: root.desk.visitorNumber
                bold: true
                color: Theme.action
                font.pixelSize: text.length > 4 ? Math.round(Theme.numberSize * 0.82) : Theme.numberSize
                height: Math.round(font.pixelSize * 1.08)
                verticalAlignment: Text.AlignVCenter
                Accessible.role: Accessible.Heading
            }
            Column {
                id: about
                anchors.left: root.desk.hasVisitor ? number.right : parent.left
                anchors.leftMargin: root.desk.hasVisitor ? 28 : 0
                anchors.right: side.left
                anchors.rightMargin: 16
                anchors.verticalCenter: parent.verticalCenter
                spacing: 6
                Label {
                    visible: text !== ""
                    width: parent.width
                    text: root.desk.hasVisitor ? (root.longName ? "" : root.desk.visitorService) : root.desk.emptyTitle
                    bold: true
                    wrapMode: Text.Wrap
                    lineHeight: Theme.lineHeight / 1.448
                    font.pixelSize: Theme.titleSize
                }
                Label {
                    width: parent.width
                    text: root.desk.hasVisitor ? root.desk.visitorDetail : root.desk.emptyHint
                    wrapMode: Text.Wrap
                    lineHeight: Theme.lineHeight / 1.448
                    color: Theme.ink2
                    font.pixelSize: Theme.bodySize
                }
            }
            Column {
                id: side
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                width: root.desk.hasVisitor ? Math.max(timer.implicitWidth, usual.implicitWidth) : start.visible ? start.width : 0
                Label {
                    id: timer
                    visible: root.desk.hasVisitor
                    anchors.right: parent.right
                    text: root.desk.visitorTimer
                    bold: true
                    color: root.desk.visitorLate ? Theme.amber : Theme.ink
                    font.pixelSize: Math.round(Theme.titleSize * 1.45)
                }
                Label {
                    id: usual
                    visible: root.desk.hasVisitor
                    anchors.right: parent.right
                    text: root.desk.visitorNote
                    color: root.desk.visitorLate ? Theme.amber : Theme.ink2
                    font.pixelSize: Theme.smallSize + 1
                }
                ActButton {
                    id: start
                    visible: !root.desk.hasVisitor && root.desk.primary === "open"
                    act: root.desk.open
                    implicitHeight: 56
                    size: Theme.rowNumberSize
                    onActed: root.desk.command("pause_resume")
                }
            }
        }
        Label {
            visible: root.desk.hasVisitor && root.longName
            width: parent.width
            text: root.desk.visitorService
            bold: true
            wrapMode: Text.Wrap
            lineHeight: Theme.lineHeight / 1.448
            font.pixelSize: Theme.bodySize
        }
        Trail {
            width: Math.min(parent.width, 440)
            step: root.desk.visitorStep
        }
        Row {
            width: parent.width
            spacing: 10
            readonly property real part: (width - 30) / 5
            ActColumn {
                id: answerColumn
                width: parent.part * 1.55
                act: root.answer
                icon: root.answer.primary ? "check" : ""
                size: Theme.rowNumberSize
                silent: root.shared
                button.onActed: root.desk.command(root.answer.act)
            }
            ActColumn {
                width: parent.part * 1.15
                act: root.desk.recall
                silent: root.shared
                button.onActed: root.desk.command("recall")
            }
            ActColumn {
                width: parent.part * 1.1
                act: root.desk.park
                silent: root.shared
                button.onActed: root.desk.command("park")
            }
            ActColumn {
                width: parent.part * 1.2
                act: root.desk.transfer
                silent: root.shared
                button.onActed: root.desk.command("transfer")
            }
        }
        Row {
            width: parent.width
            spacing: 10
            readonly property real part: (width - 20) / 3
            ActColumn {
                width: parent.part
                act: root.desk.noShow
                buttonHeight: 38
                size: Theme.bodySize
                silent: root.shared
                button.onActed: root.desk.command("no_show")
            }
            ActColumn {
                width: parent.part
                act: root.desk.sendBack
                buttonHeight: 38
                size: Theme.bodySize
                silent: root.shared
                button.onActed: root.desk.command("return")
            }
            ActColumn {
                width: parent.part
                act: root.desk.reclassify
                buttonHeight: 38
                size: Theme.bodySize
                silent: root.shared
                button.onActed: root.desk.command("reclassify")
            }
        }
        Label {
            visible: root.shared && text !== ""
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: root.desk.recall.why
            color: Theme.ink2
            font.pixelSize: Theme.smallSize
        }
    }
}
