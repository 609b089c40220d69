pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// One wall screen: head, zones, the two stale steps, and the page that overrides everything.
HallWindow {
    id: root
    required property WallScreen wall
    required property WallEntrance entrance
    designWidth: wall.width
    designHeight: wall.height

    Item {
        anchors.fill: parent
        visible: !root.wall.evacuation.active && !root.entrance.shown

        Head {
            wall: root.wall
            width: parent.width
            height: root.wall.header
            visible: height > 0
        }
        Repeater {
            model: root.wall.zones
            Zone {
                wall: root.wall
            }
        }
        StaleMark {
            wall: root.wall
            anchors { top: parent.top; right: parent.right; margins: Theme.gutter }
            visible: root.wall.header === 0 && root.wall.mark !== ""
        }
        StaleBand {
            wall: root.wall
            y: root.wall.header
            width: parent.width
            height: root.wall.bandHeight
            visible: root.wall.band !== ""
        }
    }
    Evacuate {
        anchors.fill: parent
        view: root.wall.evacuation
        visible: view.active
    }
    Entrance {
        anchors.fill: parent
        view: root.entrance
        visible: view.shown
    }
}
