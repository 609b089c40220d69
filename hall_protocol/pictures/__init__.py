"""Everything one screen shows, one file a screen. A picture carries facts and codes, never sentences.

Times are RFC 3339 texts in the hall's zone. A screen shows what is here and computes no rule.
"""

import msgspec


class Picture(msgspec.Struct, kw_only=True):
    """Base of every picture and of its parts."""


class Estimate(Picture, kw_only=True):
    """How long somebody waits, as quantiles in seconds (`waiting.md` A)."""

    p10_s: int
    p50_s: int
    p80_s: int
    p90_s: int


class HallFace(Picture, kw_only=True):
    """What every screen says about the hall itself."""

    name: str
    """In the hall's own language."""
    names: dict[str, str]
    """By language."""
    hall: str
    zone: str
    day: str
    hotline: str
    complaint_phone: str
    languages: list[str]
    """Languages offered, the first is the hall's own."""
    second_language: str | None = None
    """A second language stacked under the hall's own on walls and papers; null is none."""
    hours: list[list[str]]
    """Opening spans of this hall-day, `[["09:00", "12:00"], …]`; empty on a day off."""
    open: bool
    """Whether the hall is inside its hours now."""
    next_open_at: str | None = None
    """When it opens next, while it is closed."""
    public_url: str | None = None
    calls_max: int = 3
    call_interval_s: int = 15
    reinstate_after: int = 3
    head_start_min: int = 15
    catalogue_version: str = ""
    """Changes whenever `GET /catalogue` would answer otherwise."""


class Notice(Picture, kw_only=True, rename={"from_": "from"}):
    """One sentence for everybody, by language."""

    id: str
    text: dict[str, str]
    from_: str
    to: str


class Evacuation(Picture, kw_only=True):
    """The hall is being left. `exits` maps a screen's name to the way out as seen from it."""

    since: str
    exits: dict[str, str]


class DeviceState(Picture, kw_only=True):
    """One paired program or a device behind it."""

    device: str
    name: str
    role: str
    state: str
    """`ready degraded fault absent connecting unknown`; never green when silent."""
    since: str | None = None
    faults: list[str]
    """The most hindering first; what to do about each is `device.fault.WORD` of the catalogue."""
    counter: str | None = None
    address: str | None = None
    last_ok: str | None = None
    """When the device last said something sensible; of a silent one too."""
    identity: str | None = None
