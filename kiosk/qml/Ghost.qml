pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Every other answer, from a button of the view.
GhostButton {
    id: root
    property var b: ({})
    property var owner
    objectName: b.act ?? ""
    label: b.label ?? ""
    icon: b.icon ?? ""
    hint: b.hint ?? ""
    enabled: b.enabled ?? true
    onActed: owner.touched(objectName, label)
}
