pragma ComponentBehavior: Bound
import QtQuick
import Hall
import CounterDesk

// The clerk's window: three columns, from 1600 px on the middle grows, below 1280 px the right one is a drawer.
HallWindow {
    id: root
    required property DeskScreen desk
    required property real pageScale
    readonly property real pageWidth: width / uiScale
    readonly property bool roomy: pageWidth >= 1280
    readonly property bool working: desk.stage === "desk" && desk.sheet.kind === ""
    property bool drawer: false
    onWorkingChanged: if (working) page.forceActiveFocus()
    Component.onCompleted: if (working) page.forceActiveFocus()
    designWidth: 1280
    designHeight: 800
    fixed: false
    uiScale: pageScale
    Connections {
        target: root.desk
        function onAreaAsked(area: int): void {
            if (area === 1) left.takeFocus();
            else if (area === 2) visitor.takeFocus();
            else {
                if (!root.roomy) root.drawer = !root.drawer;
                side.takeFocus();
            }
        }
    }
    TopBar {
        id: bar
        width: parent ? parent.width : 0
        z: 2
        desk: root.desk
    }
    Rectangle {
        id: band
        objectName: "band"
        anchors.top: bar.bottom
        width: bar.width
        height: root.desk.band === "" ? 0 : Math.max(44, bandRow.implicitHeight + 16)
        visible: height > 0
        color: Theme.call
        Accessible.role: Accessible.AlertMessage
        Accessible.name: root.desk.band
        Row {
            id: bandRow
            anchors.centerIn: parent
            spacing: 10
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "cloud-off"
                size: 22
                tone: Theme.callInk
            }
            Label {
                anchors.verticalCenter: parent.verticalCenter
                text: root.desk.band + (root.desk.bandSince === "" ? "" : "  ·  " + root.desk.bandSince)
                bold: true
                color: Theme.callInk
                font.pixelSize: Theme.nameLargeSize
                Accessible.ignored: true
            }
        }
    }
    Item {
        id: page
        anchors.top: band.bottom
        anchors.topMargin: 16
        anchors.bottom: foot.top
        anchors.bottomMargin: 16
        x: Theme.desktopMargin
        width: bar.width - 2 * Theme.desktopMargin
        enabled: root.working
        focus: true
        Skeleton {
            visible: root.desk.stage === "starting"
        }
        Item {
            anchors.fill: parent
            visible: root.desk.stage === "desk"
            LeftColumn {
                id: left
                width: 296
                height: parent.height
                desk: root.desk
            }
            VisitorCard {
                id: visitor
                x: left.width + 16
                width: parent.width - x - (root.roomy ? side.width + 16 : 0)
                desk: root.desk
            }
            ServiceCard {
                x: visitor.x
                width: visitor.width
                anchors.top: visitor.bottom
                anchors.topMargin: 16
                anchors.bottom: parent.bottom
                desk: root.desk
            }
            Rectangle {
                visible: !root.roomy && root.drawer
                anchors.fill: side
                anchors.margins: -12
                radius: Theme.desktopCardRadius
                color: Theme.bg
                border.color: Theme.edge
            }
            SideColumn {
                id: side
                visible: root.roomy || root.drawer
                anchors.right: parent.right
                width: 320
                height: parent.height
                desk: root.desk
            }
        }
    }
    SignIn {
        visible: root.desk.stage === "signed_out" || root.desk.stage === "locked"
        anchors.topMargin: bar.height
        desk: root.desk
    }
    FootBar {
        id: foot
        visible: root.desk.stage === "desk"
        enabled: root.desk.sheet.kind === ""
        width: bar.width
        anchors.bottom: parent ? parent.bottom : undefined
        drawer: !root.roomy
        desk: root.desk
    }
    AskDialog {
        sheet: root.desk.sheet
        z: 3
    }
    ShortcutCard {
        visible: root.desk.sheet.keys
        anchors.centerIn: parent
        z: 4
    }
    PairingCard {
        visible: root.desk.way.shown
        way: root.desk.way
        z: 4
    }
    Evacuation {
        visible: root.desk.stage === "evacuation"
        desk: root.desk
        z: 5
    }
    MiniBar {
        desk: root.desk
        uiScale: root.pageScale
    }
}
