pragma ComponentBehavior: Bound
import QtQuick

// Anything one can touch: a face above a foot; pressed, the face goes down and the foot is gone. Acts on release inside,
// a finger that slides off cancels. `label` is its visible and spoken name; whoever uses it gives the objectName.
Item {
    id: root
    required property string label
    property string description: ""
    property color face: Theme.surface
    property color pressedFace: Theme.tint
    property color footColor: Theme.edge
    property color edgeColor: Theme.contrast ? Theme.edge : Theme.line
    property int edgeWidth: Theme.border
    property int footHeight: Theme.foot
    property int radius: Theme.cardRadius
    property bool selected: false
    property bool checkable: false
    property bool keyboard: true
    readonly property bool pressed: area.pressed && area.containsMouse
    readonly property int down: pressed ? Theme.pressShift : 0
    default property alias content: inside.data
    signal acted

    implicitHeight: Theme.touchMin
    activeFocusOnTab: keyboard && enabled
    Accessible.role: checkable ? Accessible.RadioButton : Accessible.Button
    Accessible.name: label
    Accessible.description: description
    Accessible.focusable: enabled
    Accessible.checkable: checkable
    Accessible.checked: selected
    Accessible.onPressAction: if (root.enabled) root.acted()
    Keys.onReturnPressed: event => { if (!event.isAutoRepeat) root.acted(); }
    Keys.onEnterPressed: event => { if (!event.isAutoRepeat) root.acted(); }
    Keys.onSpacePressed: event => { if (!event.isAutoRepeat) root.acted(); }

    Rectangle {
        visible: !root.pressed && root.footHeight > 0
        anchors.fill: parent
        radius: root.radius
        color: root.footColor
    }
    Rectangle {
        id: plate
        width: parent.width
        height: parent.height - root.footHeight
        y: root.down
        radius: root.radius
        color: root.pressed ? root.pressedFace : root.face
        border.color: root.edgeColor
        border.width: root.edgeWidth
    }
    Item {
        id: inside
        width: plate.width
        height: plate.height
        y: plate.y
    }
    FocusRing {
        of: root.radius
    }
    MouseArea {
        id: area
        anchors.fill: parent
        enabled: root.enabled
        onClicked: root.acted()
    }
}
