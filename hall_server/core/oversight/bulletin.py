"""The monthly bulletin is frozen once; what changes afterwards stands beside it as a correction (domain.md A13f, 7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..matters import deadlines
from ..matters.calendar import calendar_of
from ..places import hours
from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, at_clock, text

if TYPE_CHECKING:
    from ..hall import Hall


class Frozen(msgspec.Struct, frozen=True):
    """What is known of a frozen bulletin: when, and the SHA-256 of its file."""

    frozen_at: str
    sha256: str
    formulas: int


class FreezeBulletin(Command, frozen=True, kw_only=True):
    """The file of that month is written and never changes again."""

    month: str
    sha256: str
    formulas: int


class BulletinFrozen(Event, frozen=True, kw_only=True):
    """The bulletin of `month` counts what was recorded until `frozen_at`, by that version of the formulas."""

    month: str
    frozen_at: str
    sha256: str
    formulas: int


def freezes_at(hall: Hall, month: str) -> int:
    """Opening time of the n-th working day of the next month, an instant (setting `bulletin_freeze_working_day`)."""
    last = (date.fromisoformat(f"{month}-01") + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    day = deadlines.due(calendar_of(hall), start=last, days=hall.settings.bulletin.bulletin_freeze_working_day).day
    assert day is not None, "without pauses every limit ends"
    open_spans = hours.spans(hall, day=day)
    return open_spans[0][0] if open_spans else at_clock(day, "00:00", hall.zone)


def months_to_freeze(hall: Hall, *, since: str, at: int) -> list[str]:
    """Months from `since` on whose time has come and that are not frozen, the oldest first."""
    found = []
    month = since
    while month < hall.date_of(at)[:7] and freezes_at(hall, month) <= at:
        if month not in hall.bulletins:
            found.append(month)
        month = (date.fromisoformat(f"{month}-01") + timedelta(days=31)).isoformat()[:7]
    return found


@decides(FreezeBulletin)
def freeze(hall: Hall, c: FreezeBulletin, stamp: Stamp) -> list[Event]:
    if c.month in hall.bulletins:
        raise Refused("wrong_state")
    frozen_at = freezes_at(hall, c.month)
    if frozen_at > stamp.at:
        raise Refused("too_early")
    return [BulletinFrozen(month=c.month, frozen_at=text(frozen_at, hall.zone), sha256=c.sha256, formulas=c.formulas)]


@evolves(BulletinFrozen)
def frozen(hall: Hall, e: BulletinFrozen, at: int, seq: int) -> None:
    hall.bulletins[e.month] = Frozen(frozen_at=e.frozen_at, sha256=e.sha256, formulas=e.formulas)
