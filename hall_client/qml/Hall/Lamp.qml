pragma ComponentBehavior: Bound
import QtQuick

// A light: shape, glyph and word (design.md 2.2). `light` green, yellow, red, paused, unknown; the server sends it.
Row {
    id: root
    property string light: "unknown"
    property string word: ""
    property int size: 30
    property int textSize: Theme.smallSize
    property color textColor: light === "green" ? Theme.green : light === "yellow" ? Theme.amber
        : light === "red" ? Theme.red : Theme.ink2
    spacing: size / 3
    Accessible.role: Accessible.Indicator
    Accessible.name: word
    Canvas {
        id: shape
        width: root.size
        height: root.size
        anchors.verticalCenter: parent.verticalCenter
        property string look: root.light + Theme.palette
        onLookChanged: requestPaint()
        onPaint: {
            const c = getContext("2d"), n = width, w = Math.max(2, n / 10);
            c.reset();
            c.lineWidth = w;
            c.lineJoin = "round";
            c.lineCap = "round";
            const mark = (colour, draw) => { c.strokeStyle = colour; c.beginPath(); draw(); c.stroke(); };
            if (root.light === "green") {
                c.fillStyle = Theme.greenFill;
                c.beginPath(); c.arc(n / 2, n / 2, n / 2, 0, 2 * Math.PI); c.fill();
                mark(Theme.greenFillInk, () => { c.moveTo(n * .27, n * .52); c.lineTo(n * .43, n * .68); c.lineTo(n * .74, n * .34); });
            } else if (root.light === "yellow") {
                c.fillStyle = Theme.amberFill;
                c.strokeStyle = Theme.amberEdge;
                c.beginPath(); c.moveTo(n / 2, w); c.lineTo(n - w / 2, n - w); c.lineTo(w / 2, n - w); c.closePath(); c.fill(); c.stroke();
                mark(Theme.amberFillInk, () => { c.moveTo(n / 2, n * .38); c.lineTo(n / 2, n * .62); c.moveTo(n / 2, n * .77); c.lineTo(n / 2, n * .78); });
            } else if (root.light === "red") {
                c.fillStyle = Theme.redFill;
                c.fillRect(n * .04, n * .04, n * .92, n * .92);
                mark(Theme.redFillInk, () => { c.moveTo(n * .3, n * .3); c.lineTo(n * .7, n * .7); c.moveTo(n * .7, n * .3); c.lineTo(n * .3, n * .7); });
            } else {
                const dashed = root.light !== "paused", parts = dashed ? 6 : 1;
                for (let i = 0; i < parts; ++i)
                    mark(Theme.edge, () => c.arc(n / 2, n / 2, n / 2 - w, i * 2 * Math.PI / parts, (i + (dashed ? .6 : 1)) * 2 * Math.PI / parts));
                if (dashed) {
                    c.fillStyle = Theme.edge;
                    c.font = "bold " + Math.round(n * .6) + "px '" + Theme.family + "'";
                    c.textAlign = "center"; c.textBaseline = "middle";
                    c.fillText("?", n / 2, n / 2);
                }
            }
        }
    }
    Label {
        visible: root.word !== ""
        anchors.verticalCenter: parent.verticalCenter
        text: root.word
        bold: true
        font.pixelSize: root.textSize
        color: root.textColor
        Accessible.ignored: true
    }
}
