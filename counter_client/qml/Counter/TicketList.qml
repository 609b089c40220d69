pragma ComponentBehavior: Bound
import QtQuick
import Hall

// A card with rows; scrolls by wheel, by touch and by the arrow keys while it has the focus.
Rectangle {
    id: root
    required property var rows
    property string actLabel: ""
    property string actName: ""
    property bool actReady: true
    property string actWhy: ""
    property string emptyText: ""
    readonly property real wanted: view.contentHeight + 8
    readonly property bool scrolls: view.contentHeight > view.height + 1
    signal acted(string ident, string number)
    radius: Theme.desktopCardRadius
    color: Theme.surface
    border.color: Theme.line
    activeFocusOnTab: scrolls || activeFocus
    Accessible.role: Accessible.List
    Keys.onDownPressed: view.contentY = Math.min(view.contentHeight - view.height, view.contentY + 56)
    Keys.onUpPressed: view.contentY = Math.max(0, view.contentY - 56)
    Keys.onPressed: event => {
        if (event.key === Qt.Key_PageDown) view.contentY = Math.min(view.contentHeight - view.height, view.contentY + view.height);
        else if (event.key === Qt.Key_PageUp) view.contentY = Math.max(0, view.contentY - view.height);
        else return;
        event.accepted = true;
    }
    FocusRing {
        of: root.radius
    }
    ListView {
        id: view
        anchors.fill: parent
        anchors.leftMargin: 14
        anchors.rightMargin: 16
        anchors.topMargin: 4
        anchors.bottomMargin: 4
        clip: true
        model: root.rows
        boundsBehavior: Flickable.StopAtBounds
        reuseItems: false
        delegate: TicketRow {
            width: view.width
            actLabel: root.actLabel
            actName: root.actName
            actReady: root.actReady
            actWhy: root.actWhy
            onActed: root.acted(ident, number)
        }
    }
    Rectangle {
        visible: root.scrolls
        anchors.right: parent.right
        anchors.rightMargin: 5
        y: 6 + view.visibleArea.yPosition * (parent.height - 12)
        width: 6
        height: Math.max(24, view.visibleArea.heightRatio * (parent.height - 12))
        radius: 3
        color: Theme.edge
    }
    Label {
        visible: view.count === 0 && text !== ""
        anchors.centerIn: parent
        width: parent.width - 24
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        text: root.emptyText
        color: Theme.ink2
    }
}
