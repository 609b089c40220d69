pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// One zone in its rectangle. A kind of zone this program does not know shows its name and a dash; the others live on.
Item {
    id: root
    required property WallScreen wall
    required property string zone
    required property real zx
    required property real zy
    required property real zw
    required property real zh
    required property QtObject view
    objectName: "zone-" + zone
    x: zx
    y: zy
    width: zw
    height: zh

    Loader {
        anchors.fill: parent
        sourceComponent: {
            switch (root.zone) {
            case "calls": return calls;
            case "counters": return counters;
            case "lines": return lines;
            case "approvals": return root.wall.step === "red" ? valid : approvals;
            case "notices": return notices;
            case "manager": return office;
            case "counter": return post;
            case "catalogue": return services;
            default: return dead;
            }
        }
    }
    Component {
        id: calls
        Calls { wall: root.wall; view: root.view as CallsView }
    }
    Component {
        id: counters
        Counters { wall: root.wall; view: root.view as CountersView }
    }
    Component {
        id: lines
        Lines { wall: root.wall; view: root.view as LinesView }
    }
    Component {
        id: approvals
        Approvals { wall: root.wall; view: root.view as ApprovalsView }
    }
    Component {
        id: valid
        StillValid { wall: root.wall }
    }
    Component {
        id: notices
        Notices { wall: root.wall; view: root.view as NoticesView }
    }
    Component {
        id: office
        Office { wall: root.wall; view: root.view as OfficeView }
    }
    Component {
        id: post
        Post { wall: root.wall; view: root.view as PostView }
    }
    Component {
        id: services
        Services { wall: root.wall; view: root.view as ServicesView }
    }
    Component {
        id: dead
        Item {
            Label {
                anchors.centerIn: parent
                text: root.zone + "  —"
                color: Theme.ink2
                font.pixelSize: Theme.titleSize * root.wall.unit
            }
        }
    }
}
