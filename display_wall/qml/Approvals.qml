pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// Cases in progress: worst first, every light with its shape and word.
Item {
    id: root
    required property WallScreen wall
    required property ApprovalsView view
    readonly property real u: wall.unit
    readonly property bool two: wall.textRows > 1
    readonly property list<string> columns: ["wall.case_no", "wall.case_applicant", "wall.case_service", "wall.case_step", "wall.case_due", "wall.case_left", "wall.case_light"]

    function edge(column: int): real {
        let sum = 0;
        for (let i = 0; i < column; ++i)
            sum += root.view.shares[i];
        return sum * (width - 24 * u) + 24 * u;
    }
    function room(column: int): real {
        return root.view.shares[column] * (width - 24 * u) - 20 * u;
    }

    Rectangle {
        width: parent.width
        height: 2
        y: -10 * root.u
        visible: root.view.columnHead === 0
        color: Theme.line
    }
    Item {
        width: parent.width
        height: root.view.head
        Label {
            id: title
            visible: root.view.title
            height: root.view.below ? parent.height / 2 : parent.height
            verticalAlignment: Text.AlignVCenter
            text: root.wall.stack("wall.cases_title", root.wall.languages)
            bold: true
            lineHeight: root.wall.textRows > 1 ? 0.8 : 1
            font.pixelSize: (root.two ? Theme.bodySize : 36) * root.u
        }
        Label {
            anchors { verticalCenter: title.verticalCenter; left: title.right; leftMargin: 24 * root.u }
            visible: root.view.title && root.view.columnHead === 0 && x + implicitWidth + 24 * root.u < (root.view.below ? root.width : totals.x) && root.view.empty === ""
            text: root.view.pages > 1 ? root.view.pageText : root.wall.stack("wall.cases_hint", root.wall.languages)
            lineHeight: root.wall.textRows > 1 ? 0.8 : 1
            font.pixelSize: Theme.smallSize * root.u
            color: Theme.ink2
        }
        Label {
            anchors { verticalCenter: parent.verticalCenter; right: parent.right }
            visible: root.view.columnHead > 0
            text: root.view.pageText
            horizontalAlignment: Text.AlignRight
            lineHeight: root.wall.textRows > 1 ? 0.8 : 1
            font.pixelSize: Theme.smallSize * root.u
            color: Theme.ink2
        }
        Row {
            id: totals
            readonly property bool tight: root.view.below || !root.view.title
            y: root.view.below ? parent.height / 2 : 0
            height: root.view.below ? parent.height / 2 : parent.height
            x: root.view.columnHead > 0 ? title.implicitWidth + 40 * root.u : tight ? 0 : parent.width - width
            spacing: (tight ? 22 : 34) * root.u
            Repeater {
                model: root.view.totals
                Lamp {
                    anchors.verticalCenter: parent ? parent.verticalCenter : undefined
                    required light
                    required word
                    size: (totals.tight ? 30 : 36) * root.u
                    textSize: (root.two || totals.tight ? Theme.smallSize : Theme.bodySize) * root.u
                    textColor: Theme.ink
                }
            }
        }
    }
    Label {
        anchors.centerIn: parent
        visible: root.view.empty !== ""
        text: root.view.empty
        horizontalAlignment: Text.AlignHCenter
        font.pixelSize: Theme.titleSize * root.u
        color: Theme.ink2
    }
    Item {
        y: root.view.head
        width: parent.width
        height: root.view.columnHead
        visible: height > 0
        Repeater {
            model: root.columns
            Label {
                required property int index
                required property string modelData
                anchors.verticalCenter: parent.verticalCenter
                x: root.edge(index) + (index === 6 ? 20 * root.u : 0)
                width: root.room(index)
                text: root.wall.stack(modelData, root.wall.languages)
                horizontalAlignment: index === 4 || index === 5 ? Text.AlignRight : Text.AlignLeft
                lineHeight: root.wall.textRows > 1 ? 0.8 : 1
                font.pixelSize: Theme.smallSize * root.u
                color: Theme.ink2
            }
        }
    }
    PageTurn {
        y: root.view.head + root.view.columnHead
        width: parent.width
        height: parent.height - y
        page: root.view.page
        Column {
            width: parent.width
            spacing: 4 * root.u
            Repeater {
                model: root.view.rows
                Case {
                    wall: root.wall
                    width: root.width
                    edges: [0, 1, 2, 3, 4, 5, 6].map(i => root.edge(i))
                    rooms: [0, 1, 2, 3, 4, 5, 6].map(i => root.room(i))
                }
            }
        }
    }
}
