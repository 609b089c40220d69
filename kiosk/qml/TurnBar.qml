pragma ComponentBehavior: Bound
import QtQuick

// Back at the bottom left; the pages of a list at the right when it has more than one.
Item {
    id: root
    property Page owner
    x: owner.margin
    width: owner.inner
    height: (owner.large ? 140 : 104) + 16
    Ghost {
        id: back
        owner: root.owner
        b: root.owner.view.back
        width: turning ? root.width * 0.34 : root.width
        height: parent.height - 16
        size: root.owner.large ? 48 : 44
        readonly property bool turning: root.owner.view.page !== ""
    }
    Ghost {
        id: previous
        visible: back.turning
        owner: root.owner
        b: root.owner.view.previous
        x: back.width + 16
        width: (root.width - back.width - 32) / 2
        height: back.height
        size: root.owner.large ? 44 : 38
    }
    Ghost {
        visible: back.turning
        owner: root.owner
        b: root.owner.view.next
        x: previous.x + previous.width + 16
        width: previous.width
        height: back.height
        size: root.owner.large ? 44 : 38
    }
}
