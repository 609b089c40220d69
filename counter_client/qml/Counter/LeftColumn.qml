pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// Next up, the queue, those on hold, and the key that calls.
Item {
    id: root
    required property DeskScreen desk
    readonly property bool hasParked: desk.parkedCount > 0
    function takeFocus(): void { call.button.enabled ? call.button.forceActiveFocus(Qt.TabFocusReason) : list.forceActiveFocus(Qt.TabFocusReason); }
    NextCard {
        id: next
        width: parent.width
        desk: root.desk
    }
    SectionTitle {
        id: queueTitle
        anchors.top: next.bottom
        anchors.topMargin: 12
        width: parent.width
        title: root.desk.queueTitle
        note: root.desk.queueNote
    }
    TicketList {
        id: list
        objectName: "queue"
        anchors.top: queueTitle.bottom
        anchors.topMargin: 4
        anchors.bottom: root.hasParked ? parkedTitle.top : call.top
        anchors.bottomMargin: root.hasParked ? 10 : 16
        width: parent.width
        rows: root.desk.queue
        emptyText: Words.say("desk.next.none")
    }
    SectionTitle {
        id: parkedTitle
        visible: root.hasParked
        anchors.bottom: held.top
        anchors.bottomMargin: 6
        width: parent.width
        title: Words.say("desk.parked", {n: root.desk.parkedCount})
        note: root.desk.resumeAct.why
    }
    TicketList {
        id: held
        objectName: "parked"
        visible: root.hasParked
        anchors.bottom: call.top
        anchors.bottomMargin: 16
        width: parent.width
        height: Math.min(wanted, Math.max(64, (root.height - next.height - 190) * 0.45))
        rows: root.desk.parked
        actLabel: root.desk.resumeAct.label
        actName: "resume"
        actReady: root.desk.resumeAct.ready
        actWhy: root.desk.resumeAct.why
        onActed: (ident, number) => root.desk.resume(number)
    }
    ActColumn {
        id: call
        anchors.bottom: parent.bottom
        width: parent.width
        act: root.desk.callNext
        icon: "megaphone"
        buttonHeight: 56
        size: Theme.rowNumberSize
        button.onActed: root.desk.command("call_next")
    }
}
