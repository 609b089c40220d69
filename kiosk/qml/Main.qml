pragma ComponentBehavior: Bound
import QtQuick
import Hall
import KioskModel

// The kiosk: header, band, page, tool bar; dialogs and notes over them.
HallWindow {
    id: root
    required property KioskScreen kiosk
    readonly property var view: kiosk ? kiosk.view : ({})
    readonly property var files: ({
        home: "PageHome.qml", offline: "PageOffline.qml", groups: "PageTiles.qml", tiles: "PageTiles.qml",
        list: "PageList.qml", search: "PageSearch.qml", detail: "PageDetail.qml", 
        paper: "PagePaper.qml", refused: "PageRefused.qml", scanned: "PageRefused.qml",
        case_ask: "PageCaseAsk.qml", "case": "PageCase.qml",
        words: "PageWords.qml", write: "PageWrite.qml", sent: "PageRefused.qml",
        closed: "PageClosed.qml", out_of_service: "PageMessage.qml",
        starting: "PageMessage.qml", unpaired: "PageUnpaired.qml", evacuation: "PageEvacuation.qml"
    })
    readonly property bool alarm: view.screen === "evacuation"
    designWidth: 1080
    designHeight: 1920
    color: Theme.header

    Rectangle {
        anchors.fill: parent
        color: Theme.bg
    }
    Header {
        id: header
        width: parent.width
        height: 176
        visible: !root.alarm
        hall: root.view.header ? root.view.header.hall : ""
        hours: root.view.header ? root.view.header.hours : ""
        caption: root.kiosk ? root.kiosk.caption : ""
    }
    Band {
        id: band
        y: 176
        width: parent.width
        visible: !!root.view.band && !root.alarm
        text: root.view.band ? root.view.band.text : ""
        icon: root.view.band ? root.view.band.icon : ""
        level: root.view.band ? root.view.band.level : "notice"
    }
    Loader {
        id: loader
        enabled: over.kind === ""
        objectName: "page"
        property string file: ""
        readonly property int topY: root.alarm ? 0 : 176 + (band.visible ? band.height : 0)
        width: parent.width
        y: topY + shift
        height: (root.alarm ? 1920 : 1752) - topY
        property real shift: 0
        function show() {
            const view = root.view;
            if (!view.screen)
                return;
            ticket.visible = view.screen === "ticket";
            visible = !ticket.visible;
            if (ticket.visible) {
                ticket.view = view.page;
                return;
            }
            const wanted = root.files[view.screen];
            if (wanted !== file) {
                file = wanted;
                setSource(Qt.resolvedUrl(wanted), {view: view.page});
                if (view.screen !== "evacuation")
                    enter.restart();
            } else if (item) {
                (item as Page).view = view.page;
            }
        }
        onLoaded: (item as Page).touched.connect((act, label) => root.kiosk.touch(act, label))
        ParallelAnimation {
            id: enter
            NumberAnimation { target: loader; property: "opacity"; from: 0; to: 1; duration: Theme.pageMs }
            NumberAnimation { target: loader; property: "shift"; from: Theme.pageShift; to: 0; duration: Theme.pageMs }
        }
    }
    // Made once and kept: the number must be on the screen at once.
    PageTicket {
        id: ticket
        y: 176
        width: parent.width
        height: 1752 - 176
        visible: false
        enabled: over.kind === ""
        onTouched: (act, label) => root.kiosk.touch(act, label)
    }
    Tools {
        y: 1752
        width: parent.width
        height: 168
        visible: !root.alarm && root.view.screen !== "unpaired"
        tools: root.view.tools ?? []
        onTouched: (act, label) => root.kiosk.touch(act, label)
    }
    Loader {
        id: over
        width: parent.width
        height: 1752
        property string kind: ""
        function show() {
            const wanted = root.view.overlay ? root.view.overlay.kind : "";
            if (wanted !== kind) {
                kind = wanted;
                const files = {idle: "OverIdle.qml", late: "OverLate.qml", languages: "OverLanguages.qml"};
                if (wanted === "")
                    source = "";
                else
                    setSource(Qt.resolvedUrl(files[wanted]), {view: root.view.overlay});
            } else if (item) {
                (item as Over).view = root.view.overlay;
            }
        }
        onLoaded: (item as Over).touched.connect((act, label) => root.kiosk.touch(act, label))
    }
    Note {
        y: 1752 - height - 16
        x: 56
        width: parent.width - 112
        visible: !!root.view.note && !root.alarm
        text: root.view.note ? root.view.note.text : ""
        icon: root.view.note ? root.view.note.icon : ""
    }
    Component.onCompleted: { loader.show(); over.show(); }
    Connections {
        target: root.kiosk
        function onView_changed() { loader.show(); over.show(); }
    }
}
