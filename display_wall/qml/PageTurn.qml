import QtQuick
import Hall

// What it holds fades in with a small shift whenever `page` changes (design 2.4: 160 ms, 16 px).
Item {
    id: root
    property int page: 0
    default property alias content: holder.data
    Item {
        id: holder
        width: root.width
        layer.enabled: turn.running
        height: root.height
    }
    onPageChanged: turn.restart()
    ParallelAnimation {
        id: turn
        NumberAnimation { target: holder; property: "opacity"; from: 0; to: 1; duration: Theme.pageMs }
        NumberAnimation { target: holder; property: "x"; from: Theme.pageShift; to: 0; duration: Theme.pageMs; easing.type: Easing.OutCubic }
    }
}
