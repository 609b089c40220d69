pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// What a department does: both limits on one line, fee, documents; one department a page.
Item {
    id: root
    required property WallScreen wall
    required property ServicesView view
    readonly property real u: wall.unit
    readonly property list<string> heads: ["wall.case_service", "wall.head_promised", "wall.head_statutory", "wall.head_fee", "wall.head_documents"]

    function edge(column: int): real {
        let sum = 0;
        for (let i = 0; i < column; ++i)
            sum += root.view.shares[i];
        return sum * root.width;
    }
    function room(column: int): real {
        return root.view.shares[column] * root.width - 24 * root.u;
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
        anchors.fill: parent
        visible: root.view.empty === ""
        Label {
            id: title
            height: 72 * root.u
            verticalAlignment: Text.AlignVCenter
            text: root.view.department
            bold: true
            font.pixelSize: 44 * root.u
        }
        Label {
            x: root.view.below ? 0 : title.width + 40 * root.u
            y: root.view.below ? title.height : (title.height - height) / 2
            width: root.view.below ? root.width : implicitWidth
            text: root.view.contact
            wrapMode: root.view.below ? Text.Wrap : Text.NoWrap
            font.pixelSize: Theme.bodySize * root.u
            color: Theme.ink2
        }
        Label {
            anchors { right: parent.right; verticalCenter: title.verticalCenter }
            visible: x > 1000 * root.u
            text: root.view.pageText
            font.pixelSize: Theme.smallSize * root.u
            color: Theme.ink2
        }
        Repeater {
            model: root.heads
            Label {
                required property int index
                required property string modelData
                x: root.edge(index) + (index === 0 ? 24 * root.u : 0)
                y: root.view.head - 100 * root.u
                width: root.room(index)
                height: 96 * root.u
                verticalAlignment: Text.AlignVCenter
                text: root.wall.stack(modelData, root.wall.languages)
                horizontalAlignment: index === 0 ? Text.AlignLeft : Text.AlignRight
                lineHeight: root.wall.textRows > 1 ? 0.85 : 1
                font.pixelSize: Theme.smallSize * root.u
                color: Theme.ink2
            }
        }
        PageTurn {
            y: root.view.head
            width: parent.width
            height: parent.height - y
            page: root.view.page
            Column {
                width: parent.width
                spacing: 8 * root.u
                Repeater {
                    model: root.view.rows
                    Rectangle {
                        id: row
                        required property string name
                        required property string promised
                        required property string statutory
                        required property string fee
                        required property string documents
                        required property real high
                        readonly property list<string> cells: [name, promised, statutory, fee, documents]
                        width: root.width
                        height: high
                        radius: Theme.rowRadius
                        color: Theme.row
                        Repeater {
                            model: row.cells
                            Label {
                                required property int index
                                required property string modelData
                                anchors.verticalCenter: parent ? parent.verticalCenter : undefined
                                x: root.edge(index) + (index === 0 ? 24 * root.u : 0)
                                width: root.room(index) - (index === 0 ? 20 * root.u : 0)
                                text: modelData
                                bold: index < 2
                                wrapMode: Text.Wrap
                                lineHeight: 0.9
                                horizontalAlignment: index === 0 ? Text.AlignLeft : Text.AlignRight
                                font.pixelSize: (index === 0 ? 44 : index === 1 ? 42 : 38) * root.u
                                color: index === 1 ? Theme.green : Theme.ink
                            }
                        }
                    }
                }
            }
        }
        Label {
            anchors { bottom: parent.bottom; bottomMargin: 8 * root.u }
            width: parent.width
            text: root.view.foot
            wrapMode: Text.Wrap
            font.pixelSize: Theme.smallSize * root.u
            color: Theme.ink2
        }
    }
}
