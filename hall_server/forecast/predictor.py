"""The forecaster: told what happens in the hall, asked how long somebody will wait. Instants are milliseconds."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .arrivals import Arrivals, Lead
from .blend import FEATURES, Blend, features
from .calibrate import Calibrator
from .drain import moments
from .floor import Counter, Floor
from .learnt import UNITS_MOST, Learnt, Tally
from .openings import DAY_MS
from .quantiles import Quantiles, gamma_quantiles, log_s, seconds_of
from .replay import AHEAD_MOST, Replay, prepare
from .scene import Knowledge, Scene
from .statistics import Manners, ServiceTimes, Waits
from .waiting import Waiting, WaitingRoom

__all__ = ["Learnt", "Predictor", "Quantiles"]

PLAYS = 32
"""Replays of a forecast at most; fewer of a longer queue."""

MEMOS_MOST = 2000
"""Forecasts remembered until their wait is over. Beyond that the hall is in a state nothing should be learnt from."""

MIN_WAIT_S = 20.0
"""Shorter waits are neither learnt from nor counted: they show only that a counter was free."""

COVERAGE_DAYS = 30


class Memo(msgspec.Struct, frozen=True):
    """The forecast a ticket was issued with, and what it was made from, to learn from when the wait is known."""

    klass: str
    x: tuple[float, ...]
    opinions: tuple[float, float, float]
    raw: tuple[float, ...]
    people: int
    published: Quantiles
    is_promise: bool
    """A counter was open, so that the forecast was shown."""
    revision: int
    """Events heard when it was made; while nothing else happens it is still the answer."""
    at_ms: int


class Predictor:
    """Learns from events in order; `plays` 0 leaves replays out (0.1 ms a forecast instead of 1)."""

    def __init__(self, learnt: Learnt | None = None, *, plays: int = PLAYS) -> None:
        self._plays = plays
        if plays:
            prepare(plays)
        self._now_ms = 0
        self._revision = 0
        self._take_over(learnt or Learnt())

    def restore(self, learnt: Learnt) -> None:
        """Starts from what was learnt earlier; the present day is forgotten and must be told again."""
        self._take_over(learnt)

    def state(self) -> Learnt:
        """What has been learnt, as a value that shares nothing with the predictor."""
        learnt = Learnt()
        for part in (self._times, self._manners, self._waits, self._arrivals, self._floor, self._calibrator):
            part.tell(learnt)
        learnt.model = self._blend.model()
        learnt.tallies = {line: list(tallies) for line, tallies in self._tallies.items()}
        return learnt

    def _take_over(self, learnt: Learnt) -> None:
        self._times, self._manners = ServiceTimes(learnt), Manners(learnt)
        self._waits, self._arrivals, self._floor = Waits(learnt), Arrivals(learnt), Floor(learnt)
        self._blend, self._calibrator = Blend(FEATURES, learnt.model), Calibrator(learnt)
        self._tallies = {line: list(tallies) for line, tallies in learnt.tallies.items()}
        self._clear()

    def _clear(self) -> None:
        self._room = WaitingRoom()
        self._memos: dict[str, Memo] = {}
        self._knowledge = Knowledge(
            floor=self._floor,
            room=self._room,
            times=self._times,
            manners=self._manners,
            waits=self._waits,
            arrivals=self._arrivals,
        )

    # ------------------------------------------------------------ what happens

    def day_started(self, at_ms: int) -> None:
        """A hall-day begins: nobody waits, every counter is closed."""
        self._heard(at_ms)
        self._floor.day_started()
        self._arrivals.day_started()
        self._waits.day_started()
        self._clear()

    def ticket_waiting(
        self,
        ticket: str,
        *,
        line: str,
        service: str | None = None,
        klass: str = "",
        at_ms: int,
        key_ms: int,
        forecast: bool = True,
    ) -> Quantiles | None:
        """A ticket waits since `at_ms` in the order of `key_ms`. Told again, it moves and counts as issued now.

        The forecast made here is returned, remembered, and learnt from at the call. None when no open counter serves
        the line, and when none is made: without `forecast` (in a rush not every wait has to be learnt from), for late
        news (after a restart), and when very many forecasts are remembered already.
        """
        is_news = self._heard(at_ms)
        place = Waiting(unit=service or line, line=line, key_ms=key_ms, at_ms=at_ms)
        if ticket not in self._room:
            lead = Lead((at_ms - key_ms) / 1000, place.unit, line)
            self._arrivals.came(lead, klass=klass, at_ms=at_ms)
        self._room.add(ticket, place)
        self._memos.pop(ticket, None)
        if not (forecast and is_news) or len(self._memos) >= MEMOS_MOST:
            return None
        memo = self._memos[ticket] = self._forecast(place, klass=klass, now_ms=at_ms, itself=True)
        return memo.published if memo.is_promise else None

    def called(self, ticket: str, counter: str, at_ms: int) -> None:
        """A ticket is called to a counter: its wait is over and the counter is busy."""
        self._heard(at_ms)
        waiting = self._room.take(ticket)
        before = self._floor.serving(ticket)
        if before is not None and before.name != counter:
            self._floor.free_again(before, at_ms)
        unit, line = (waiting.unit, waiting.line) if waiting else ("", "")
        idle_ms = self._floor.begun(counter, ticket=ticket, unit=unit, line=line, at_ms=at_ms)
        if waiting is not None:
            self._wait_over(ticket, waiting, at_ms=at_ms, idle_ms=idle_ms)

    def begun(self, ticket: str, counter: str, at_ms: int) -> None:
        """The visitor is there. Only news when no call was heard of."""
        at = self._floor.serving(ticket)
        if at is None or at.name != counter:
            self.called(ticket, counter, at_ms)

    def finished(self, ticket: str, at_ms: int) -> None:
        """A service is over; what the counter spent on it is learnt, however it ended."""
        self._heard(at_ms)
        counter = self._floor.serving(ticket)
        if counter is not None:
            self._learn_time(counter, at_ms)
            self._floor.free_again(counter, at_ms)

    def left(self, ticket: str, at_ms: int, *, gave_up: bool = True) -> None:
        """Cancelled, expired, transferred away, parked or a no-show, waiting or at a counter.

        `gave_up` False when a waiting ticket is taken out for another reason than its visitor's patience.
        """
        self._heard(at_ms)
        waiting = self._room.take(ticket)
        self._memos.pop(ticket, None)
        if waiting is None:
            self.finished(ticket, at_ms)
            return
        self._waits.exit_seen(at_ms)
        self._manners.waited((at_ms - waiting.at_ms) / 1000, gave_up=gave_up)

    def counter_opened(self, counter: str, lines: frozenset[str], at_ms: int) -> None:
        """A counter is ready for these lines; told again when they change."""
        self._heard(at_ms)
        self._floor.opened(counter, lines, at_ms)

    def counter_paused(self, counter: str, at_ms: int) -> None:
        """A counter takes nobody for a while; a service in progress may still end."""
        self._heard(at_ms)
        self._floor.closed(counter, at_ms)

    def counter_closed(self, counter: str, at_ms: int) -> None:
        """A counter takes nobody any more, as far as it says; it may still come back."""
        self.counter_paused(counter, at_ms)

    # ------------------------------------------------------------ questions

    def ask(
        self, *, line: str, service: str | None = None, klass: str = "", at_ms: int, key_ms: int | None = None
    ) -> Quantiles | None:
        """What somebody taking a ticket now would wait; None when no open counter serves the line.

        Without a key the usual head start of the class is assumed.
        """
        if not self._floor.open_for(line):
            return None
        if key_ms is None:
            key_ms = at_ms - round(1000 * self._arrivals.usual_lead_s(klass))
        place = Waiting(unit=service or line, line=line, key_ms=key_ms, at_ms=at_ms)
        return self._forecast(place, klass=klass, now_ms=at_ms, itself=False).published

    def ask_ticket(self, ticket: str, at_ms: int, *, when_closed: bool = False) -> Quantiles | None:
        """What a waiting ticket has still to wait; None when it does not wait or no open counter serves its line.

        `when_closed`: also when none is open, from what is known about when counters open.
        """
        place = self._room.get(ticket)
        if place is None or not (when_closed or self._floor.open_for(place.line)):
            return None
        memo = self._memos.get(ticket)
        if memo is not None and memo.revision == self._revision and memo.at_ms == at_ms:
            return memo.published
        klass = memo.klass if memo is not None else ""
        return self._forecast(place, klass=klass, now_ms=at_ms, itself=True).published

    def coverage(self, line: str) -> tuple[int, int] | None:
        """Waits measured in the last 30 days and how many of them fell between P10 and P90; None without any."""
        tallies = self._tallies.get(line, [])
        measured = sum(tally.measured for tally in tallies)
        return (measured, sum(tally.held for tally in tallies)) if measured else None

    # ------------------------------------------------------------ how

    def _heard(self, at_ms: int) -> bool:
        """Counts an event; whether it is news, and not told afterwards."""
        self._revision += 1
        is_news = at_ms >= self._now_ms
        self._now_ms = max(self._now_ms, at_ms)
        return is_news

    def _forecast(self, place: Waiting, *, klass: str, now_ms: int, itself: bool) -> Memo:
        scene = Scene(self._knowledge, place, now_ms=now_ms, itself=itself)
        mean_s, variance_s2 = moments(scene)
        drained = gamma_quantiles(mean_s=mean_s, variance_s2=variance_s2)
        played = self._played(scene) or drained
        base = log_s(drained[1])
        x = features(scene, base=base, played=played)
        opinions = self._blend.opinions(x, unit=place.unit, drained=base, played=log_s(played[1]))
        # The replay (or gamma law) gives the shape, the blend the place.
        shift = self._blend.mixed(opinions) - log_s(played[1])
        raw = tuple(seconds_of(log_s(value) + shift) for value in played)
        return Memo(
            klass=klass,
            x=x,
            opinions=opinions,
            raw=raw,
            people=scene.people_ahead,
            published=self._calibrator.published(raw, unit=place.unit, klass=klass),
            is_promise=bool(scene.open),
            revision=self._revision,
            at_ms=now_ms,
        )

    def _played(self, scene: Scene) -> Sequence[float] | None:
        """Quantiles of the replays; None when there are none."""
        if not self._plays or scene.people_ahead > AHEAD_MOST:
            return None
        return Replay(scene, self._plays).quantiles()

    def _wait_over(self, ticket: str, waiting: Waiting, *, at_ms: int, idle_ms: int | None) -> None:
        wait_s = max(0.0, (at_ms - waiting.at_ms) / 1000)
        self._waits.exit_seen(at_ms)
        self._manners.waited(wait_s, gave_up=False)
        if idle_ms is not None and wait_s > 0:
            self._manners.gap_seen((at_ms - max(idle_ms, waiting.at_ms)) / 1000)
        memo = self._memos.pop(ticket, None)
        if memo is not None and wait_s > MIN_WAIT_S:
            self._learn_wait(memo, waiting, wait_s, at_ms)
        self._waits.called_after(waiting.unit, wait_s)

    def _learn_wait(self, memo: Memo, waiting: Waiting, wait_s: float, at_ms: int) -> None:
        usual_s = max(60.0, self._waits.hall_usual)
        self._calibrator.learn(memo.raw, unit=waiting.unit, klass=memo.klass, wait_s=wait_s)
        self._blend.learn(memo.x, memo.opinions, unit=waiting.unit, people=memo.people, wait_s=wait_s, usual_s=usual_s)
        if memo.is_promise:
            self._tally(waiting.line, day=at_ms // DAY_MS, held=memo.published.p10_s <= wait_s <= memo.published.p90_s)

    def _tally(self, line: str, *, day: int, held: bool) -> None:
        tallies = self._tallies.pop(line, [])
        if not tallies or tallies[-1].day < day:
            tallies.append(Tally(day, 0, 0))
        last = tallies[-1]
        tallies[-1] = Tally(last.day, last.measured + 1, last.held + held)
        self._tallies[line] = [tally for tally in tallies if tally.day > day - COVERAGE_DAYS]
        if len(self._tallies) > UNITS_MOST:
            del self._tallies[next(iter(self._tallies))]

    def _learn_time(self, counter: Counter, at_ms: int) -> None:
        assert counter.served is not None
        _, unit, line, since_ms = counter.served
        spent_s = (at_ms - since_ms) / 1000
        if line and spent_s >= 0:
            usual = self._times.sample(unit, line).mean
            pace = counter.habit.pace
            counter.paced(spent_s / max(usual, 1.0))
            self._times.add(unit=unit, line=line, seconds=spent_s / pace)
