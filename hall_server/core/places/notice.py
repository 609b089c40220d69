"""What concerns the whole hall: notices, a visitor's call for help, an evacuation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, instant, text

if TYPE_CHECKING:
    from ..hall import Hall

HELP_KEPT_MS = 15 * 60_000
"""A call for help stands until somebody came or for a quarter of an hour."""


class Notice(msgspec.Struct):
    """One sentence for everybody, by language; shown from `start` until `end`."""

    id: str
    text: dict[str, str]
    start: int
    end: int
    zones: tuple[str, ...] = ()


class Help(msgspec.Struct):
    """Somebody at a kiosk asked for a person."""

    id: str
    device: str
    at: int
    language: str | None = None
    screen: str | None = None


class Evacuation(msgspec.Struct):
    """The hall is being left."""

    since: int
    exits: dict[str, str]


class PostNotice(Command, frozen=True, kw_only=True):
    """A manager's notice."""

    text: dict[str, str]
    start: int
    end: int
    zones: tuple[str, ...] = ()


class RemoveNotice(Command, frozen=True, kw_only=True):
    """Taken down before its end."""

    notice: str


class AskHelp(Command, frozen=True, kw_only=True):
    """A visitor at a kiosk wants a person."""

    language: str | None = None
    screen: str | None = None


class StartEvacuation(Command, frozen=True, kw_only=True):
    """Everybody leaves; `exits` is the way out as seen from each screen."""

    exits: dict[str, str]


class EndEvacuation(Command, frozen=True, kw_only=True):
    """Numbers count on."""


class NoticePosted(Event, frozen=True, kw_only=True):
    """Public words, shown from `from_at` until `to_at`."""

    notice: str
    text: dict[str, str]
    from_at: str
    to_at: str
    zones: tuple[str, ...] = ()


class NoticeRemoved(Event, frozen=True, kw_only=True):
    """Gone."""

    notice: str


class HelpRequested(Event, frozen=True, kw_only=True):
    """Raises an alert."""

    help: str
    device: str
    language: str | None = None
    screen: str | None = None


class EvacuationStarted(Event, frozen=True, kw_only=True):
    """Replaces every picture."""

    exits: dict[str, str]


class EvacuationEnded(Event, frozen=True, kw_only=True):
    """Every picture is back."""


@decides(PostNotice)
def post(hall: Hall, c: PostNotice, stamp: Stamp) -> list[Event]:
    if c.end <= c.start or not c.text:
        raise Refused("bad_request", field="to")
    return [
        NoticePosted(
            notice=f"N{hall.seq + 1}",
            text=c.text,
            from_at=text(c.start, hall.zone),
            to_at=text(c.end, hall.zone),
            zones=c.zones,
        )
    ]


@decides(RemoveNotice)
def remove(hall: Hall, c: RemoveNotice, stamp: Stamp) -> list[Event]:
    if c.notice not in hall.notices:
        raise Refused("unknown_notice")
    return [NoticeRemoved(notice=c.notice)]


@decides(AskHelp)
def ask_help(hall: Hall, c: AskHelp, stamp: Stamp) -> list[Event]:
    return [HelpRequested(help=f"H{hall.seq + 1}", device=str(stamp.device), language=c.language, screen=c.screen)]


@decides(StartEvacuation)
def start_evacuation(hall: Hall, c: StartEvacuation, stamp: Stamp) -> list[Event]:
    if hall.evacuation is not None and hall.evacuation.exits == c.exits:
        return []
    return [EvacuationStarted(exits=c.exits)]


@decides(EndEvacuation)
def end_evacuation(hall: Hall, c: EndEvacuation, stamp: Stamp) -> list[Event]:
    if hall.evacuation is None:
        raise Refused("no_evacuation")
    return [EvacuationEnded()]


@evolves(NoticePosted)
def posted(hall: Hall, e: NoticePosted, at: int, seq: int) -> None:
    hall.notices[e.notice] = Notice(
        id=e.notice, text=dict(e.text), start=instant(e.from_at), end=instant(e.to_at), zones=e.zones
    )
    for old in [n.id for n in hall.notices.values() if n.end < at - 86_400_000]:
        del hall.notices[old]


@evolves(NoticeRemoved)
def removed(hall: Hall, e: NoticeRemoved, at: int, seq: int) -> None:
    hall.notices.pop(e.notice, None)


@evolves(HelpRequested)
def help_requested(hall: Hall, e: HelpRequested, at: int, seq: int) -> None:
    hall.help = [h for h in hall.help if h.device != e.device and h.at > at - HELP_KEPT_MS]
    hall.help.append(Help(id=e.help, device=e.device, at=at, language=e.language, screen=e.screen))


@evolves(EvacuationStarted)
def evacuation_started(hall: Hall, e: EvacuationStarted, at: int, seq: int) -> None:
    hall.evacuation = Evacuation(since=at, exits=dict(e.exits))


@evolves(EvacuationEnded)
def evacuation_ended(hall: Hall, e: EvacuationEnded, at: int, seq: int) -> None:
    hall.evacuation = None
