pragma ComponentBehavior: Bound
import QtQuick
import Hall

// Are you still there? A ring of seconds, then everything entered is cleared.
Over {
    id: page
    Label {
        anchors.horizontalCenter: parent.horizontalCenter
        text: page.view.title
        bold: true
        font.pixelSize: Theme.large ? 72 : 68
    }
    Canvas {
        anchors.horizontalCenter: parent.horizontalCenter
        width: 280
        height: 280
        property string look: page.view.seconds + Theme.palette
        onLookChanged: requestPaint()
        onPaint: {
            const c = getContext("2d"), share = page.view.seconds / Math.max(1, Math.round(page.view.seconds / Math.max(0.01, page.view.share)));
            c.reset();
            c.lineWidth = 20;
            c.strokeStyle = Theme.sunken;
            c.beginPath(); c.arc(140, 140, 128, 0, 2 * Math.PI); c.stroke();
            c.strokeStyle = Theme.action;
            c.beginPath(); c.arc(140, 140, 128, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share); c.stroke();
        }
        Label {
            anchors.centerIn: parent
            text: page.view.seconds
            bold: true
            color: Theme.action
            font.pixelSize: 120
        }
    }
    Label {
        width: parent.width
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
        text: page.view.text
        font.pixelSize: Theme.large ? Theme.bodySize : 38
    }
    Primary {
        owner: page
        b: page.view.yes
        width: parent.width
        height: 152
    }
    Ghost {
        owner: page
        b: page.view.no
        width: parent.width
        height: 120
    }
}
