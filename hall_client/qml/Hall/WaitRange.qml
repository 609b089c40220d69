pragma ComponentBehavior: Bound
import QtQuick

// A wait in words; the rules are hall_client.waits, here is only its look. `kind` now, range, about, long, unknown.
Label {
    property string kind: "range"
    bold: true
    color: kind === "now" ? Theme.green : kind === "unknown" ? Theme.ink2 : Theme.ink
    font.pixelSize: Theme.bodySize
}
