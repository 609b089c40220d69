pragma Singleton
pragma ComponentBehavior: Bound
import QtQuick
import HallShell

// The tokens of assets/theme by name. No other QML file writes a colour, size or duration.
// Names never begin with "on": QML would take them for signal handlers.
QtObject {
    id: theme
    readonly property var c: Tokens.colours
    readonly property var s: Tokens.sizes
    readonly property var f: Tokens.fixed
    readonly property string palette: Tokens.palette
    readonly property bool contrast: palette === "contrast"
    readonly property bool large: Tokens.surface === "elder"

    readonly property color bg: c.bg
    readonly property color surface: c.surface
    readonly property color row: c.row
    readonly property color sunken: c.sunken
    readonly property color header: c.header
    readonly property color headerInk: c.on_header
    readonly property color headerInk2: c.on_header2
    readonly property color ink: c.ink
    readonly property color ink2: c.ink2
    readonly property color disabled: c.disabled
    readonly property color line: c.line
    readonly property color edge: c.edge
    readonly property color action: c.action
    readonly property color actionInk: c.on_action
    readonly property color press: c.press
    readonly property color tint: c.tint
    readonly property color call: c.call
    readonly property color callInk: c.on_call
    readonly property color green: c.green
    readonly property color greenFill: c.green_fill
    readonly property color greenFillInk: c.on_green_fill
    readonly property color greenTint: c.green_tint
    readonly property color amber: c.amber
    readonly property color amberFill: c.amber_fill
    readonly property color amberFillInk: c.on_amber_fill
    readonly property color amberEdge: c.amber_edge
    readonly property color amberTint: c.amber_tint
    readonly property color red: c.red
    readonly property color redFill: c.red_fill
    readonly property color redFillInk: c.on_red_fill
    readonly property color redTint: c.red_tint

    readonly property string family: f.family
    readonly property real lineHeight: f.line_height
    readonly property int numberSpacing: f.number_spacing
    readonly property int numberSize: s.number
    readonly property int titleSize: s.title
    readonly property int titleDetailSize: s.title_detail
    readonly property int nameSize: s.name
    readonly property int nameLargeSize: s.name_large
    readonly property int rowNumberSize: s.row_number
    readonly property int bodySize: s.body
    readonly property int bodyLargeSize: s.body_large
    readonly property int smallSize: s.small
    readonly property real staleOpacity: f.stale_opacity

    readonly property int kioskMargin: f.space.kiosk_margin
    readonly property int wallMargin: f.space.wall_margin
    readonly property int desktopMargin: f.space.desktop_margin
    readonly property int gutter: f.space.gutter
    readonly property int gutterWide: f.space.gutter_wide
    readonly property int cardRadius: f.radius.kiosk_card
    readonly property int primaryRadius: f.radius.kiosk_primary
    readonly property int dialogRadius: f.radius.kiosk_dialog
    readonly property int rowRadius: f.radius.wall_row
    readonly property int bandRadius: f.radius.wall_band
    readonly property int desktopCardRadius: f.radius.desktop_card
    readonly property int controlRadius: f.radius.desktop_control
    readonly property real letterShare: f.radius.letter_share

    readonly property int touchMin: f.touch.kiosk_min
    readonly property int primaryMin: f.touch.kiosk_primary_min
    readonly property int touchGap: f.touch.kiosk_gap_min
    readonly property int foot: f.touch.foot
    readonly property int footPrimary: f.touch.foot_primary
    readonly property int pressShift: f.touch.press_shift
    readonly property int focusRing: f.touch.focus_ring
    readonly property int focusInner: f.touch.focus_inner
    readonly property int focusOffset: f.touch.focus_offset
    readonly property real deadOpacity: f.touch.dead_key_opacity
    readonly property int reachTop: f.touch.reach_top
    readonly property int reachTopLow: f.touch.reach_top_low

    readonly property int pressMs: f.motion.press
    readonly property int pageMs: f.motion.page
    readonly property int pageShift: f.motion.page_shift_px
    readonly property int toastMs: f.motion.toast
    readonly property int blinkMs: f.motion.call_blink
    readonly property int blinks: f.motion.call_blinks
    readonly property int noticeMs: f.motion.notice_page
    readonly property int undoMs: f.motion.undo

    readonly property int border: contrast ? 3 : 1
    readonly property int outline: 3

    function icon(name: string, colour: color): string {
        return Tokens.icon(name, colour.toString());
    }
}
