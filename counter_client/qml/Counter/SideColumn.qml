pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// Those who missed their call and may come back, and what is to know.
Item {
    id: root
    required property DeskScreen desk
    function takeFocus(): void { missed.forceActiveFocus(Qt.TabFocusReason); }
    SectionTitle {
        id: missedTitle
        width: parent.width
        title: Words.say("desk.missed", {n: root.desk.missedCount})
        note: root.desk.missedCount > 0 ? root.desk.reinstateAct.why : ""
    }
    TicketList {
        id: missed
        objectName: "missed"
        anchors.top: missedTitle.bottom
        anchors.topMargin: 6
        width: parent.width
        height: root.desk.missedCount === 0 ? 56 : Math.min(wanted, (root.height - missedTitle.height) * 0.5)
        rows: root.desk.missed
        emptyText: Words.say("desk.missed.none")
        actLabel: root.desk.reinstateAct.label
        actName: "reinstate"
        actReady: root.desk.reinstateAct.ready
        actWhy: root.desk.reinstateAct.why
        onActed: (ident, number) => root.desk.reinstate(ident)
    }
    Rectangle {
        id: notes
        objectName: "notes"
        anchors.top: missed.bottom
        anchors.topMargin: 16
        anchors.bottom: parent.bottom
        width: parent.width
        radius: Theme.desktopCardRadius
        color: Theme.surface
        border.color: Theme.line
        readonly property bool scrolls: list.contentHeight > list.height + 1
        activeFocusOnTab: scrolls || activeFocus
        Keys.onDownPressed: list.contentY = Math.min(Math.max(0, list.contentHeight - list.height), list.contentY + 56)
        Keys.onUpPressed: list.contentY = Math.max(0, list.contentY - 56)
        FocusRing {
            of: notes.radius
        }
        Label {
            id: title
            x: 18
            y: 14
            text: Words.say("desk.notes")
            bold: true
            font.pixelSize: Theme.nameLargeSize
        }
        Label {
            visible: list.count === 0
            x: 18
            anchors.top: title.bottom
            anchors.topMargin: 12
            text: Words.say("desk.notes.none")
            color: Theme.ink2
        }
        ListView {
            id: list
            anchors.top: title.bottom
            anchors.topMargin: 8
            anchors.bottom: parent.bottom
            anchors.bottomMargin: 10
            x: 18
            width: parent.width - 36
            clip: true
            spacing: 14
            boundsBehavior: Flickable.StopAtBounds
            model: root.desk.notes
            delegate: Item {
                id: note
                required property string tone
                required property string title
                required property string detail
                required property string time
                width: list.width
                height: words.height
                Accessible.role: Accessible.ListItem
                Accessible.name: title + " " + detail
                Lamp {
                    visible: note.tone !== "info"
                    light: note.tone === "good" ? "green" : "yellow"
                    size: 22
                    y: 1
                }
                Icon {
                    visible: note.tone === "info"
                    name: "info"
                    size: 22
                    y: 1
                }
                Column {
                    id: words
                    x: 34
                    width: parent.width - x - time.width - 8
                    spacing: 2
                    Label {
                        width: parent.width
                        text: note.title
                        bold: true
                        wrapMode: Text.Wrap
                        lineHeight: Theme.lineHeight / 1.448
                        Accessible.ignored: true
                    }
                    Label {
                        visible: text !== ""
                        width: parent.width
                        text: note.detail
                        color: Theme.ink2
                        wrapMode: Text.Wrap
                        lineHeight: Theme.lineHeight / 1.448
                        font.pixelSize: Theme.smallSize + 1
                        Accessible.ignored: true
                    }
                }
                Label {
                    id: time
                    anchors.right: parent.right
                    y: 2
                    text: note.time
                    color: Theme.ink2
                    font.pixelSize: Theme.smallSize + 1
                }
            }
        }
        Rectangle {
            visible: notes.scrolls
            anchors.right: parent.right
            anchors.rightMargin: 5
            y: list.y + list.visibleArea.yPosition * list.height
            width: 6
            height: Math.max(24, list.visibleArea.heightRatio * list.height)
            radius: 3
            color: Theme.edge
        }
    }
}
