"""How a device is, what became of a job, and what a driver tells: plain values, no I/O.

The words for faults are stable: they travel to the manager's picture, to `hall-device simulate --fault` and to the
translation catalogue (`device.fault.WORD`), whose texts say what to do (docs/devices.md).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

PORT_FAULTS = frozenset({"gone", "no_permission", "busy_port", "silent", "garbage"})
PRINTER_FAULTS = frozenset(
    {
        "paper_near_end",
        "paper_out",
        "cover_open",
        "cutter",
        "head_hot",
        "recoverable",
        "unrecoverable",
        "offline",
        "ticket_not_taken",
    }
)
LED_FAULTS = frozenset({"font_missing"} | {f"nack_{n}" for n in range(1, 17)})
KEYPAD_FAULTS = frozenset({"key_stuck", "pad_memory", "pad_display", "replay"})
READER_FAULTS = frozenset({"card_auth", "sam_unauthorised"})
AUDIO_FAULTS = frozenset({"clips_missing"})
LINK_FAULTS = frozenset({"silent", "garbage", "slow", "half_frame", "gone"})
"""Faults a simulator plays on the wire itself, whatever the device."""

WARNINGS = frozenset(
    {
        *("paper_near_end", "ticket_not_taken", "font_missing", "key_stuck"),
        *("garbage", "replay", "pad_display", "card_auth", "clips_missing"),
    }
)
"""Faults with which the device still does its work: `degraded`, not `fault`."""

ROUND_TRIPS_KEPT = 256


class State(StrEnum):
    """One word a lamp can show. Only READY is ever green."""

    ABSENT = "absent"
    CONNECTING = "connecting"
    READY = "ready"
    DEGRADED = "degraded"
    FAULT = "fault"
    UNKNOWN = "unknown"


def utc_now() -> datetime:
    """The default wall clock of drivers; programs hand in the hall's own."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a job; `how` and `outcome` are the words of the contract's print-result."""

    job: str
    accepted_at: datetime
    confirmed_at: datetime | None = None
    how: str = "none"
    """`process_id`, `barrier`, `asb`, `ack`, or `none` when nothing proves that it happened."""
    evidence: str = ""
    """The answering bytes in hexadecimal."""
    error: str | None = None
    """A fault word when a reason was read; None when it worked or when time ran out."""
    warnings: tuple[str, ...] = ()
    """Fault words that did not stop the job (`paper_near_end`), or `replaced:字` for characters not on the device."""

    @property
    def outcome(self) -> str:
        """`confirmed`, `failed` (a reason was read) or `unknown` (time ran out, or the device cannot say)."""
        if self.error is not None:
            return "failed"
        return "confirmed" if self.confirmed_at is not None and self.how != "none" else "unknown"


@dataclass(frozen=True, slots=True)
class Health:
    """A copy of a driver's state of mind at one moment."""

    kind: str
    address: str
    state: State
    since: datetime
    faults: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    """Fault word -> when it began."""
    last_ok: datetime | None = None
    last_rx: datetime | None = None
    retries: int = 0
    junk_bytes: int = 0
    jobs_ok: int = 0
    jobs_failed: int = 0
    jobs_unknown: int = 0
    round_trip_p50_ms: float | None = None
    round_trip_p95_ms: float | None = None
    firmware: str = ""
    identity: str = ""

    def as_report(self) -> dict[str, object]:
        """The entry of the contract's `PUT /devices/current/health`; the most hindering fault first. `last_ok` is told
        to the minute: a device that is heard every second is no news every second."""
        heard = self.last_ok.replace(second=0, microsecond=0) if self.last_ok else None
        return {
            "kind": self.kind,
            "address": self.address,
            "state": str(self.state),
            "since": self.since.isoformat(timespec="milliseconds"),
            "faults": sorted(self.faults, key=lambda word: (word in WARNINGS, word)),
            "last_ok": heard.isoformat(timespec="milliseconds") if heard else None,
            "identity": self.identity[:100] or None,
        }


@dataclass(frozen=True, slots=True)
class Online:
    """The device answered for the first time since it was lost or since the start."""

    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Offline:
    """The port was lost or could not be opened; told once, until it is back."""

    address: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault began (`cleared` False) or ended (`cleared` True)."""

    address: str
    code: str
    since: datetime
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class Supply:
    """The paper roll comes to its end (True), or a new roll is in (False)."""

    address: str
    near_end: bool


@dataclass(frozen=True, slots=True)
class PrintedLate:
    """A job already reported `failed` or `unknown` was confirmed by the printer after all."""

    address: str
    job: str
    how: str


@dataclass(frozen=True, slots=True)
class Rated:
    """The press that counts for an ASK. `key` is the level, 5 = 非常满意."""

    address: str
    session: int
    key: int
    ms_after_ask: int
    presses: int
    echo: bool = True
    """Whether the pad proved with the nonce which question was answered."""
    flags: tuple[str, ...] = ()
    """`too_fast` (< 400 ms) or `even_intervals`: counted, but worth a look."""


@dataclass(frozen=True, slots=True)
class Unrated:
    """An ASK ended without a press: by its time-out or by CANCEL. Never a default rating."""

    address: str
    session: int
    reason: str


@dataclass(frozen=True, slots=True)
class KeyIgnored:
    """A press that does not count; reasons: no_open_ask wrong_nonce wrong_session other_pad no_such_key late."""

    address: str
    reason: str
    session: int
    key: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PadHello:
    """A keypad said who it is: at power-up, or asked by PING."""

    address: str
    identity: str
    firmware: str
    keys: int


@dataclass(frozen=True, slots=True)
class Key:
    """A clerk's key on a call pad; what it does is the hall's affair. Words: `call recall no_show hold return
    transfer pause rate cancel confirm`, or `digit_N`. `digits` are those typed before it, as in “05 transfer”."""

    address: str
    key: str
    at: datetime
    digits: str = ""


@dataclass(frozen=True, slots=True)
class CardRead:
    """A card was placed and read; one event a placing. `card` (of `hardware.readers`) is never logged."""

    address: str
    card: Any = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code was scanned; the text may be a visitor's secret and is never logged."""

    address: str
    text: str = field(repr=False)
    at: datetime


Event = (
    Online | Offline | Fault | Supply | PrintedLate | Rated | Unrated | KeyIgnored | PadHello | Key | CardRead | Scanned
)
Sink = Callable[[Event], None]


def ignore(event: Event) -> None:
    """The sink of a driver nobody listens to."""


class HealthBook:
    """The driver's own record; only its thread writes, anybody reads `snapshot` without a lock.

    Every change makes a new frozen Health and swaps one reference, which Python does atomically.
    """

    def __init__(self, *, kind: str, address: str, events: Sink, wall: Callable[[], datetime]) -> None:
        self._events = events
        self._wall = wall
        self._trips: deque[float] = deque(maxlen=ROUND_TRIPS_KEPT)
        self._faults: dict[str, datetime] = {}
        self._link = State.CONNECTING
        self._online = False
        self._told_offline: str | None = None
        self.retries = 0
        self.junk_bytes = 0
        self.firmware = ""
        self.identity = ""
        self._jobs = {"confirmed": 0, "failed": 0, "unknown": 0}
        self._last_ok: datetime | None = None
        self._last_rx: datetime | None = None
        self._kind = kind
        self._address = address
        self._since = wall()
        self.snapshot = self._picture(State.CONNECTING)

    # -- the link -----------------------------------------------------------------------------------------------

    def lost(self, code: str) -> bool:
        """The port is gone or did not open. True when this is news (log it once)."""
        self._link = State.ABSENT
        news = self._told_offline != code
        self._told_offline = code
        if news:
            self._events(Offline(self._address, code, self._wall()))
        self._online = False
        for word in [word for word in self._faults if word not in PORT_FAULTS]:
            self._faults.pop(word)
        self.set_faults({code}, among=PORT_FAULTS)
        return news

    def opened(self) -> None:
        """The port is open; that says nothing about the device."""
        self._link = State.CONNECTING
        self._settle()

    def quiet(self, *, code: str | None = None) -> None:
        """Asked and not answered (`code="silent"`), or open to a device that cannot answer (no code)."""
        self._link = State.UNKNOWN
        self.set_faults({code} if code else set(), among=PORT_FAULTS)

    def heard(self, *, round_trip_s: float | None = None) -> bool:
        """The device said something sensible. True when it was lost or silent before (log it once)."""
        now = self._wall()
        self._last_rx = self._last_ok = now
        if round_trip_s is not None:
            self._trips.append(round_trip_s * 1000)
        back = not self._online
        self._link = State.READY
        if back:
            self._online = True
            self._told_offline = None
            self._events(Online(self._address, now))
        self.set_faults(set(), among=PORT_FAULTS)
        return back

    def junk(self, size: int) -> None:
        """Bytes that make no sense arrived."""
        self.junk_bytes += size
        self._last_rx = self._wall()
        self._settle()

    # -- faults and jobs ----------------------------------------------------------------------------------------

    def set_faults(self, words: set[str], *, among: frozenset[str]) -> None:
        """Of the faults `among` exactly `words` are present now; tells what began and what ended."""
        now = self._wall()
        for word in sorted((set(self._faults) & among) - words):
            self._events(Fault(self._address, word, self._faults.pop(word), cleared=True))
            if word == "paper_near_end":
                self._events(Supply(self._address, near_end=False))
        for word in sorted(words - set(self._faults)):
            self._faults[word] = now
            self._events(Fault(self._address, word, now))
            if word == "paper_near_end":
                self._events(Supply(self._address, near_end=True))
        self._settle()

    def job_done(self, receipt: Receipt) -> None:
        """Counts a finished job."""
        self._jobs[receipt.outcome] += 1
        self._settle()

    @property
    def faults(self) -> frozenset[str]:
        """The fault words present now."""
        return frozenset(self._faults)

    # -- the picture --------------------------------------------------------------------------------------------

    def _state(self) -> State:
        if self._link in (State.ABSENT, State.CONNECTING, State.UNKNOWN):
            return self._link
        if set(self._faults) - WARNINGS:
            return State.FAULT
        return State.DEGRADED if self._faults else State.READY

    def _settle(self) -> None:
        state = self._state()
        if state != self.snapshot.state:
            self._since = self._wall()
        self.snapshot = self._picture(state)

    def _picture(self, state: State) -> Health:
        trips = sorted(self._trips)
        return Health(
            kind=self._kind,
            address=self._address,
            state=state,
            since=self._since,
            faults=MappingProxyType(dict(self._faults)),
            last_ok=self._last_ok,
            last_rx=self._last_rx,
            retries=self.retries,
            junk_bytes=self.junk_bytes,
            jobs_ok=self._jobs["confirmed"],
            jobs_failed=self._jobs["failed"],
            jobs_unknown=self._jobs["unknown"],
            round_trip_p50_ms=round(trips[len(trips) // 2], 1) if trips else None,
            round_trip_p95_ms=round(trips[len(trips) * 95 // 100], 1) if trips else None,
            firmware=self.firmware,
            identity=self.identity,
        )
