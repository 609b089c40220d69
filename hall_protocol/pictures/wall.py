"""A wall screen `wall:NAME`, and the line and counter rows other screens share."""

import msgspec

from . import DeviceState, Estimate, Evacuation, HallFace, Notice, Picture
from .matters import BoardTotals


class Zone(Picture, kw_only=True):
    """Where one zone lies on this screen, in its own pixels."""

    zone: str
    """`calls counters lines approvals catalogue counter notices manager` …"""
    x: int
    y: int
    w: int
    h: int
    counter: str | None = None
    """For the zone `counter`: which one."""


class WallCounter(Picture, kw_only=True):
    """One counter's row. `number` is the ticket called or served there."""

    number: str | None = None
    state: str
    """`closed open paused`"""
    ticket_state: str | None = None
    """`called serving` of the ticket."""
    line: str | None = None
    line_name: str | None = None
    called_at: str | None = None
    calls: int | None = None
    resume_at: str | None = None
    department: str = ""
    clerk: str | None = None


class Post(Picture, kw_only=True):
    """How to reach whoever answers first at one counter (domain.md A4c); empty where nobody set it."""

    phone: str = ""
    post: str = ""
    """Staff number of the first-contact post."""


class WallCall(Picture, kw_only=True):
    """One call or repeated call, oldest first; `seq` names it for ever, so that no wall says it twice."""

    seq: int
    number: str
    counter: str
    line: str
    called_at: str
    calls: int


class WallLine(Picture, kw_only=True):
    """One line's row: what somebody taking a ticket now would wait."""

    name: str
    waiting: int
    estimate: Estimate | None = None
    next: list[str]
    open_counters: int
    counter_free: bool = False
    """Whether one of them is open and has no visitor: with nobody ahead, that is “now”."""
    place: str = ""
    state: str = "open"
    """`open closed quota_reached`: whether tickets are given out now."""
    opens_at: str | None = None
    coverage_percent: int | None = None
    counters: list[str]


class Figures(Picture, kw_only=True):
    """The hall in six numbers, for the zone `manager`."""

    waiting: int
    longest_since: str | None = None
    open_counters: int
    counters: int
    done_today: int
    issued_today: int
    no_shows_today: int
    rated_today: int


class Alert(Picture, kw_only=True):
    """Something a person should do. `code` and `values` make the sentence, `act` says what to do."""

    id: str
    level: str
    """`red yellow`"""
    code: str
    since: str
    values: dict[str, str]


class VoiceRules(Picture, kw_only=True):
    """How calls are spoken, as the hall set it (`[voice]`)."""

    phrase_repeats: int = 2
    one_as_yao: bool = True
    """Read the digit 1 as 幺."""
    volume_percent: int = 60
    dayparts: list[list[str | int]] = msgspec.field(default_factory=list)
    """Other volumes from a time of day on, `[["12:00", 40], …]`."""
    quiet_hours: list[str] = msgspec.field(default_factory=list)
    """Spans without voice, `["12:00-13:30"]`."""


class WallPicture(Picture, kw_only=True):
    """One wall screen."""

    hall: HallFace
    layout: list[Zone]
    size: list[int]
    """Width and height the layout is drawn for."""
    viewing_distance_m: float
    counters: dict[str, WallCounter]
    calls: list[WallCall]
    lines: dict[str, WallLine]
    board: list[dict[str, str | int | bool | None]]
    """The worst cases in progress, as `BoardRow` of `matters.py`; `GET /board` has all of them."""
    board_totals: BoardTotals | None = None
    """How many cases in progress have which light."""
    notices: list[Notice]
    evacuation: Evacuation | None = None
    devices: dict[str, DeviceState]
    stale_since: str | None = None
    figures: Figures | None = None
    alerts: list[Alert] | None = None
    posts: dict[str, Post] | None = None
    """By counter, for the zones `counter` (its own alone) and `catalogue`; null on a screen without them."""
    voice: VoiceRules | None = None
    """Null where the hall says nothing: the defaults."""
