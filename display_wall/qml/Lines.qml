pragma ComponentBehavior: Bound
import QtQuick
import Hall
import HallWall

// People waiting per line, and how long somebody taking a ticket now would wait.
Item {
    id: root
    required property WallScreen wall
    required property LinesView view
    readonly property real u: wall.unit
    readonly property bool two: view.title.indexOf("\n") >= 0
    readonly property real peopleEdge: width * 0.62

    Item {
        width: parent.width
        height: root.view.head
        Label {
            id: title
            anchors.verticalCenter: parent.verticalCenter
            text: root.view.title
            bold: true
            lineHeight: root.two ? 0.8 : 1
            font.pixelSize: (root.two ? Theme.smallSize : 36) * root.u
        }
        Label {
            anchors.verticalCenter: parent.verticalCenter
            x: root.peopleEdge - implicitWidth
            text: root.view.people
            horizontalAlignment: Text.AlignRight
            lineHeight: root.two ? 0.8 : 1
            font.pixelSize: Theme.smallSize * root.u
            color: Theme.ink2
        }
        Label {
            anchors { verticalCenter: parent.verticalCenter; right: parent.right }
            width: root.width * 0.36
            wrapMode: Text.Wrap
            text: root.view.wait
            horizontalAlignment: Text.AlignRight
            lineHeight: root.two ? 0.8 : 1
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
            Repeater {
                model: root.view.rows
                Item {
                    id: row
                    required property int index
                    required property string line
                    required property string name
                    required property string waiting
                    required property string wait
                    required property bool now
                    required property string note
                    required property bool tall
                    required property real high
                    readonly property real numbersY: tall ? name_.y + name_.height + (height - name_.y - name_.height - 4 * root.u) / 2 : height / 2
                    objectName: "line-" + line
                    width: root.width
                    height: high
                    Rectangle {
                        width: parent.width
                        height: 1
                        color: Theme.line
                        visible: row.index > 0
                    }
                    LineLetter {
                        id: letter
                        y: row.tall ? 8 * root.u : (row.height - height) / 2
                        letter: row.line
                        side: 50 * root.u
                        height: side
                        opacity: root.wall.dim ? Theme.staleOpacity : 1
                    }
                    Label {
                        id: name_
                        y: row.tall ? 8 * root.u : (row.height - height) / 2
                        x: 66 * root.u
                        width: row.tall ? root.width - x : people.x - x - 16 * root.u
                        text: row.name
                        wrapMode: Text.Wrap
                        lineHeight: 0.9
                        font.pixelSize: Theme.nameSize * root.u
                        opacity: root.wall.dim ? Theme.staleOpacity : 1
                    }
                    Label {
                        id: people
                        y: row.numbersY - height / 2
                        x: root.peopleEdge - implicitWidth
                        text: row.waiting
                        bold: true
                        font.pixelSize: 44 * root.u
                        opacity: root.wall.dim ? Theme.staleOpacity : 1
                    }
                    Label {
                        anchors.right: parent.right
                        y: row.numbersY - height / 2
                        width: root.width * 0.36
                        text: row.note !== "" ? row.note : row.wait
                        bold: row.note === ""
                        wrapMode: Text.Wrap
                        horizontalAlignment: Text.AlignRight
                        lineHeight: 0.9
                        font.pixelSize: (row.note !== "" ? Theme.smallSize : Theme.nameSize) * root.u
                        color: row.now ? Theme.green : row.note !== "" || root.wall.dim ? Theme.ink2 : Theme.ink
                    }
                }
            }
        }
    }
}
