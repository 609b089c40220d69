pragma ComponentBehavior: Bound
import QtQuick
import Hall

// No paper came: the number and its code are the ticket. The band above says that it is valid.
Page {
    id: page
    Label {
        id: title
        y: 32
        anchors.horizontalCenter: parent.horizontalCenter
        text: page.view.title
        font.pixelSize: Theme.large ? 48 : 44
    }
    Label {
        id: number
        anchors.top: title.bottom
        anchors.topMargin: -24
        anchors.horizontalCenter: parent.horizontalCenter
        text: page.view.number
        bold: true
        color: Theme.action
        font.pixelSize: Math.min(Theme.numberSize, Theme.numberSize * 4.2 / Math.max(4, text.length))
        font.letterSpacing: Theme.numberSpacing
    }
    FitLabel {
        id: detail
        anchors.top: number.bottom
        anchors.topMargin: -36
        x: page.margin
        width: page.inner
        height: 92
        horizontalAlignment: Text.AlignHCenter
        text: page.view.detail
        font.pixelSize: Theme.large ? Theme.bodySize : 40
        minimumPixelSize: Theme.large ? 36 : 28
    }
    Rectangle {
        id: frame
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: detail.bottom
        anchors.topMargin: 12
        anchors.bottom: keep.top
        anchors.bottomMargin: 20
        width: height
        radius: 24
        color: "white" // a code is read from white, whatever the palette
        border.color: Theme.line
        border.width: Theme.border
        QrCode {
            anchors.centerIn: parent
            side: Math.max(100, parent.height - 24)
            data_: page.view.code
        }
    }
    FitLabel {
        id: keep
        x: page.margin
        width: page.inner
        height: 72
        anchors.bottom: told.top
        horizontalAlignment: Text.AlignHCenter
        text: page.view.keep
        bold: true
        font.pixelSize: Theme.large ? 48 : 44
        minimumPixelSize: Theme.large ? 40 : 32
    }
    FitLabel {
        id: told
        x: page.margin
        width: page.inner
        height: 76
        anchors.bottom: done.top
        anchors.bottomMargin: 24
        horizontalAlignment: Text.AlignHCenter
        text: page.view.told
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 34
        minimumPixelSize: Theme.large ? 36 : 28
    }
    Primary {
        id: done
        owner: page
        b: page.view.done
        x: 96
        width: parent.width - 192
        height: 148
        anchors.bottom: countdown.top
        anchors.bottomMargin: 12
    }
    Label {
        id: countdown
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 12
        text: page.view.countdown
        color: Theme.ink2
        font.pixelSize: Theme.large ? Theme.smallSize : 30
    }
}
