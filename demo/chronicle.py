"""A history being written: one clock that is set, what is to happen when, and the hall's own rules that decide it.

Every line goes through `decide`, as if somebody had pressed a key then. Rows reach the disk in few commits; words and
names are held back and reach the vault at the end, as far as a hall of that age would still have them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from zoneinfo import ZoneInfo

from hall_protocol.refusals import Refused
from hall_server.core.day import TimePassed
from hall_server.core.matters.calendar import calendar_of
from hall_server.core.registry import Command, Event
from hall_server.core.stamp import Stamp
from hall_server.engine import Engine
from hall_server.journal.rows import NewRow
from hall_server.personal.vault import Vault, Visitor

ROWS_TOGETHER = 4_000
"""Rows of one commit: about a week."""
SECOND, MINUTE = 1_000, 60_000
DAY = timedelta(days=1)
Act = Callable[[], object]


class Chronicle:
    """One hall's past from the day it was founded until `until`, which is not in it any more."""

    def __init__(self, engine: Engine, *, dice: Random, until: date) -> None:
        self.engine, self.hall, self.dice = engine, engine.hall, dice
        self.at = self.hall.at
        """Hall time now, milliseconds."""
        self.end = self.clock(until)
        self.refused: dict[str, int] = {}
        """How often the hall refused something of this history, by code."""
        self._zone = ZoneInfo(self.hall.zone)
        self._ahead: list[tuple[int, int, Act]] = []
        self._planned = 0
        self._rows: list[NewRow] = []
        self._words: dict[str, tuple[str, Visitor]] = {}
        self._calendar = calendar_of(self.hall)

    # ------------------------------------------------------------ time

    def clock(self, day: date, hour: int = 0, minute: float = 0) -> int:
        """An instant of a day on the hall's wall, milliseconds."""
        start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.hall.zone))
        return round(start.timestamp() * 1000) + round((hour * 60 + minute) * MINUTE)

    @property
    def today(self) -> date:
        """The date in the hall now."""
        return datetime.fromtimestamp(self.at / 1000, self._zone).date()

    def is_working_day(self, day: date) -> bool:
        """Whether the hall works on that day."""
        return self._calendar.is_working_day(day)

    def working_day(self, ahead: int) -> date:
        """The n-th working day after today; today itself for 0."""
        day = self.today
        while ahead > 0:
            day += DAY
            ahead -= self.is_working_day(day)
        return day

    def plan(self, at: int, act: Act) -> None:
        """Lets something happen at that instant, or at once when it has passed; never after the end."""
        if at < self.end:
            self._planned += 1
            heappush(self._ahead, (max(at, self.at), self._planned, act))

    def after(self, seconds: float, act: Act) -> None:
        """Lets something happen in so many seconds."""
        self.plan(self.at + round(seconds * SECOND), act)

    def office_time(self, days: int, act: Act) -> None:
        """Lets something happen on the n-th working day from today, at any time the hall is open."""
        day = self.working_day(days)
        at = self.clock(day, 9, 15 + self.dice.random() * 155)
        if self.dice.random() < 0.45 or (days == 0 and at <= self.at):
            at = self.clock(day, 13, 40 + self.dice.random() * 155)
        if at <= self.at:
            at = self.at + round(self.dice.uniform(30, 240) * SECOND)
        self.plan(at, act)

    # ------------------------------------------------------------ acts

    def run(self) -> None:
        """Everything that was planned, in order, and the midnight that ends it; all of it is on disk then."""
        while self._ahead:
            self.at, _, act = heappop(self._ahead)
            act()
        self.at = self.end
        self.do(TimePassed())
        self.engine.write(self._rows)
        self._rows = []

    def do(
        self,
        command: Command,
        *,
        actor: str = "hall",
        clerk: str | None = None,
        counter: str | None = None,
        device: str | None = None,
    ) -> list[Event]:
        """One command, now. What the hall refuses is counted and happens not at all."""
        who = f"clerk:{clerk}" if clerk is not None else actor
        stamp = Stamp(at=self.at, actor=who, clerk=clerk, counter=counter, device=device)
        try:
            events, rows = self.engine.decided(command, stamp)
        except Refused as no:
            name = f"{type(command).__name__}:{no.code}"
            self.refused[name] = self.refused.get(name, 0) + 1
            return []
        self._rows.extend(rows)
        if len(self._rows) >= ROWS_TOGETHER:
            self.engine.write(self._rows)
            self._rows = []
        return events

    # ------------------------------------------------------------ words

    def keep(self, ref: str, visitor: Visitor) -> None:
        """What the vault has under that reference."""
        self._words[ref] = (self.today.isoformat(), visitor)

    def fill(self, vault: Vault) -> None:
        """Puts what a hall of that age still has: the last days' words, and of whatever is not over (domain.md 9).

        Older ones that are still needed are sealed under the last day's key, as the nightly purge does it.
        """
        hall = self.hall
        oldest = hall.days_back(hall.settings.retention.personal_retention_days)
        vault.put_all(
            (ref, visitor, max(day, oldest))
            for ref, (day, visitor) in self._words.items()
            if day >= oldest or self._is_needed(ref)
        )

    def _is_needed(self, ref: str) -> bool:
        number, hall = ref.partition("/")[0], self.hall
        if number.startswith("case:"):
            return number.removeprefix("case:") in hall.cases
        return any(
            number in known
            for known in (hall.inquiries, hall.inquiries_answered, hall.complaints, hall.book, hall.bad_ratings)
        )
