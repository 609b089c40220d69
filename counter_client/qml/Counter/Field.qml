pragma ComponentBehavior: Bound
import QtQuick
import Hall

// One line to type in, with its name above.
Item {
    id: root
    property string label: ""
    property alias input: input
    property bool secret: false
    property alias text: input.text
    property int maximumLength: 40
    property bool digitsOnly: false
    signal accepted
    signal edited(string text)
    implicitHeight: name.height + 10 + 48
    function takeFocus(): void { input.forceActiveFocus(Qt.TabFocusReason); }
    Label {
        id: name
        width: parent.width
        wrapMode: Text.Wrap
        lineHeight: Theme.lineHeight / 1.448
        text: root.label
        color: Theme.ink2
        font.pixelSize: Theme.smallSize + 1
    }
    Rectangle {
        anchors.top: name.bottom
        anchors.topMargin: 10
        width: parent.width
        height: 48
        radius: Theme.controlRadius
        color: root.enabled ? Theme.surface : Theme.sunken
        border.color: Theme.edge
        border.width: 1
        FocusRing {
            around: input
            of: parent.radius
        }
        TextInput {
            id: input
            anchors.fill: parent
            anchors.leftMargin: 14
            anchors.rightMargin: 14
            verticalAlignment: TextInput.AlignVCenter
            clip: true
            activeFocusOnTab: true
            selectByMouse: true
            color: Theme.ink
            selectionColor: Theme.action
            selectedTextColor: Theme.actionInk
            font.family: Theme.family
            font.pixelSize: Theme.rowNumberSize
            maximumLength: root.maximumLength
            echoMode: root.secret ? TextInput.Password : TextInput.Normal
            passwordMaskDelay: 0
            inputMethodHints: root.secret || root.digitsOnly ? Qt.ImhDigitsOnly | Qt.ImhSensitiveData | Qt.ImhNoPredictiveText : Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
            Accessible.role: Accessible.EditableText
            Accessible.name: root.label
            Accessible.passwordEdit: root.secret
            onAccepted: root.accepted()
            onTextEdited: root.edited(text)
        }
    }
}
