"""Working days of an invented past: who sat at which counter, who came, was called, served, missed, and rated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from hall_server.core.day import TimePassed
from hall_server.core.lines.calling import (
    BeginService,
    CallNext,
    FinishService,
    MarkNoShow,
    Recall,
    ServiceFinished,
    TicketCalled,
)
from hall_server.core.lines.desk import ParkTicket, ResumeTicket, TransferTicket
from hall_server.core.lines.ticket import CancelTicket, RecordPrint, ReinstateTicket, TakeTicket, TicketIssued
from hall_server.core.matters.rating import ASPECTS, GiveRating, RatingRequested
from hall_server.core.people.counter import CloseCounter, OpenCounter
from hall_server.core.people.session import ClerkSignedIn, EndSession, SignInClerk
from hall_server.core.registry import Command, Event
from hall_server.personal.vault import Visitor

from . import habits, past_words
from .chronicle import DAY, MINUTE, SECOND, Chronicle

TICKETS_A_DAY = (60, 80)
ROTA: tuple[tuple[tuple[str, ...], dict[str, float]], ...] = (
    (("1", "2"), {"0301": 3, "0302": 2}),
    (("3", "4"), {"0312": 3, "0311": 2, "0310": 1}),
    (("5",), {"0307": 4, "0308": 1, "0309": 1}),
    (("6",), {"0313": 5, "0314": 1}),
    (("7", "8"), {"0305": 4, "0306": 1}),
    (("9",), {"0303": 4, "0317": 2, "0304": 1}),
    (("10",), {"0315": 4, "0319": 2}),
)
"""Which counters share their lines, and who sits there how often: one of each is open on an ordinary day."""
BUSY_DAY = 0.25
"""On so many days every counter of a group is open."""
MORNING, NOON, BACK, EVENING = (9, 0.0), (12, 0.0), (13, 30.0), (16, 30.0)
CANCELS, TELEPHONE, PRINT_FAILS = 0.1, 0.25, 0.004
PATIENCE_MIN = (0.2, 6.0)
KEYPAD = 0.6
"""Of those who rate, so many at the counter; the others on their page, some on another day."""


@dataclass
class Seat:
    """A clerk at a counter for a day."""

    counter: str
    clerk: str
    lines: tuple[str, ...]
    session: str = ""
    is_open: bool = False
    busy: bool = False
    closes: bool = False
    """It is noon or evening: whoever waits is still served."""
    leaves: bool = False
    parked: list[str] = field(default_factory=list)
    """Numbers of visitors who are back from their errand."""


@dataclass
class Served:
    """What a visitor's service is about, for whoever makes cases and inquiries of it."""

    seat: Seat
    ticket: str
    service: str | None


class PastHall:
    """The floor of the hall, day after day."""

    def __init__(self, past: Chronicle, *, dice: Random, served: Callable[[Served], None]) -> None:
        """`served` is told of everybody who sits at a counter, once, in the middle of it."""
        self.past, self.dice, self._served = past, dice, served
        self.seats: dict[str, Seat] = {}
        """Who sits where today, by counter."""
        hall = past.hall
        self.services: dict[str, list[str]] = {}
        for service in hall.services.values():
            if service.state == "in_use":
                self.services.setdefault(service.line, []).append(service.service)
        self.kiosks = [d.id for d in hall.devices.values() if d.role == "kiosk" and not d.revoked]
        self.pads = {d.counter: d.id for d in hall.devices.values() if d.role == "keypad" and not d.revoked}

    # ------------------------------------------------------------ a day

    def plan_day(self, day: date) -> None:
        """Midnight, and what the clock says when it strikes; on a working day the counters and who comes."""
        past = self.past
        past.plan(past.clock(day) + SECOND, self._tick)
        if not past.is_working_day(day):
            return
        for hour, minute in (MORNING, NOON, EVENING):
            past.plan(past.clock(day, hour, minute) + SECOND, self._tick)
        past.plan(past.clock(day, 8, 40), lambda: self._seat(day))
        for start, end in ((MORNING, NOON), (BACK, EVENING)):
            past.plan(past.clock(day, *end), self._close)
            if start is BACK:
                past.plan(past.clock(day, *BACK), self._back)
        for _ in range(self.dice.randint(*TICKETS_A_DAY)):
            past.plan(self._comes_at(day), self._arrive)

    def _tick(self) -> None:
        self.past.do(TimePassed())

    def _comes_at(self, day: date) -> int:
        """Most people come soon after it opens."""
        start, length = (MORNING, 178) if self.dice.random() < 0.58 else (BACK, 178)
        return self.past.clock(day, *start) + round(length * MINUTE * self.dice.betavariate(1.0, 2.4)) + 2 * SECOND

    def _seat(self, day: date) -> None:
        """Who is here today signs in, and opens at nine."""
        self.seats = {}
        for counters, people in ROTA:
            here = counters if self.dice.random() < BUSY_DAY else (self.dice.choice(counters),)
            left = dict(people)
            for counter in here:
                if counter not in self.past.hall.counters or not left:
                    continue
                clerk = habits.drawn(self.dice, left)
                del left[clerk]
                self._sign_in(Seat(counter, clerk, tuple(self.past.hall.counters[counter].lines)), day)

    def _sign_in(self, seat: Seat, day: date) -> None:
        at = self.past.clock(day, 8, 45 + self.dice.random() * 12)

        def signs_in() -> None:
            events = self.do(seat, SignInClerk(clerk=seat.clerk, counter=seat.counter))
            signed = next((e for e in events if isinstance(e, ClerkSignedIn)), None)
            if signed is not None:
                seat.session, self.seats[seat.counter] = signed.session, seat
                self.past.plan(self.past.clock(day, 9, self.dice.random()), lambda: self._open(seat))

        self.past.plan(at, signs_in)

    def _open(self, seat: Seat) -> None:
        self.do(seat, OpenCounter())
        seat.is_open, seat.closes = True, False
        self._look(seat)

    def _back(self) -> None:
        for seat in self.seats.values():
            self.past.after(self.dice.uniform(0, 90), lambda s=seat: self._open(s))  # type: ignore[misc]

    def _close(self) -> None:
        evening = self.past.at >= self.past.clock(self.past.today, *EVENING)
        for seat in list(self.seats.values()):
            seat.closes, seat.leaves = True, evening
            self._look(seat)

    def do(self, seat: Seat, command: Command) -> list[Event]:
        """One act of the clerk who sits there."""
        return self.past.do(command, clerk=seat.clerk, counter=seat.counter)

    # ------------------------------------------------------------ visitors

    def _arrive(self) -> None:
        """Somebody takes a number."""
        line = habits.drawn(self.dice, habits.LINES)
        device = self.dice.choice(self.kiosks)
        command = TakeTicket(
            service=self.dice.choice(self.services[line]),
            priority_class=habits.drawn(self.dice, habits.CLASSES),  # type: ignore[arg-type]
            language=habits.drawn(self.dice, habits.LANGUAGES),
        )
        for event in self.past.do(command, actor=f"device:{device}", device=device):
            if isinstance(event, TicketIssued):
                self._came(event, device)

    def _came(self, issued: TicketIssued, device: str) -> None:
        past, ticket = self.past, issued.ticket
        if self.dice.random() < TELEPHONE:
            past.keep(ticket, Visitor(phone=past_words.phone(self.dice)))
        outcome = "failed" if self.dice.random() < PRINT_FAILS else "confirmed"
        printed = RecordPrint(ticket=ticket, outcome=outcome, how="asb")
        past.after(1.5, lambda: past.do(printed, actor=f"device:{device}", device=device))
        if self.dice.random() < CANCELS:
            past.after(60 * self.dice.uniform(*PATIENCE_MIN), lambda: self._gives_back(ticket))
        self._wake(issued.line)

    def _gives_back(self, ticket: str) -> None:
        found = self.past.hall.tickets.get(ticket)
        if found is not None and found.state == "waiting":
            self.past.do(CancelTicket(ticket=ticket), actor="ticket")

    def _wake(self, line: str) -> None:
        """A free counter of this line calls in a moment."""
        for seat in self.seats.values():
            if seat.is_open and not seat.busy and line in seat.lines:
                self.past.after(self.dice.uniform(4, 15), lambda s=seat: self._look(s))  # type: ignore[misc]
                return

    # ------------------------------------------------------------ a counter

    def _look(self, seat: Seat) -> None:
        """Calls whoever is next; with nobody there it closes when its time has come."""
        if not seat.is_open or seat.busy:
            return
        if seat.parked:
            number = seat.parked.pop(0)
            if self.do(seat, ResumeTicket(number=number)):
                seat.busy = True
                self.past.after(self.dice.uniform(60, 240), lambda: self._finish(seat))
                return
        called = next((e for e in self.do(seat, CallNext()) if isinstance(e, TicketCalled)), None)
        if called is not None:
            seat.busy = True
            if self.dice.random() < habits.NO_SHOW:
                self.past.after(16, lambda: self._call_again(seat, called))
            else:
                self.past.after(self.dice.uniform(*habits.WALK_S), lambda: self._begin(seat, called))
        elif seat.closes:
            self._leave(seat)

    def _leave(self, seat: Seat) -> None:
        seat.is_open = False
        self.do(seat, CloseCounter())
        if seat.leaves:
            self.seats.pop(seat.counter, None)
            self.do(seat, EndSession(session=seat.session, reason="signed_out"))

    def _call_again(self, seat: Seat, called: TicketCalled) -> None:
        """Until the hall lets nobody call again; then the visitor has missed it."""
        if self.past.hall.tickets[called.ticket].calls < self.past.hall.settings.queue.calls_max:
            self.do(seat, Recall())
            self.past.after(self.dice.uniform(16, 22), lambda: self._call_again(seat, called))
            return
        self.do(seat, MarkNoShow())
        self._free(seat)
        if self.dice.random() < habits.RETURNS:
            self.past.after(self.dice.uniform(180, 1200), lambda: self._comes_back(called))

    def _comes_back(self, called: TicketCalled) -> None:
        found = self.past.hall.tickets.get(called.ticket)
        here = any(called.line in seat.lines for seat in self.seats.values())
        if here and found is not None and found.state == "no_show" and not found.reinstated:
            self.past.do(ReinstateTicket(ticket=called.ticket), actor="ticket")
            self._wake(called.line)

    def _begin(self, seat: Seat, called: TicketCalled) -> None:
        self.do(seat, BeginService())
        took_s = min(habits.service_s(self.dice, called.line), 2_400)
        self.past.after(took_s * 0.7, lambda: self._served(Served(seat, called.ticket, called.service)))
        self.past.after(took_s, lambda: self._end(seat, called))

    def _end(self, seat: Seat, called: TicketCalled) -> None:
        """Most are finished; some fetch an original, some go on to another line."""
        chance = self.dice.random()
        if chance < habits.PARKED and not seat.closes:
            self.do(seat, ParkTicket(reason="fetch_original"))
            self.past.after(self.dice.uniform(240, 900), lambda: self._errand_done(seat, called))
            self._free(seat)
        elif chance < habits.PARKED + habits.MOVED and not seat.closes:
            line = self.dice.choice([x for x in sorted(self.services) if x not in seat.lines])
            self.do(seat, TransferTicket(line=line, reason="next_step"))
            self._free(seat)
            self._wake(line)
        else:
            self._finish(seat)

    def _errand_done(self, seat: Seat, called: TicketCalled) -> None:
        seat.parked.append(called.number)
        self._look(seat)

    def _finish(self, seat: Seat) -> None:
        for event in self.do(seat, FinishService(outcome="done")):
            if isinstance(event, RatingRequested) and self.dice.random() < habits.RATES:
                self._rate(event)
            assert isinstance(event, ServiceFinished | RatingRequested)
        self._free(seat)

    def _free(self, seat: Seat) -> None:
        seat.busy = False
        self.past.after(self.dice.uniform(6, 30), lambda: self._look(seat))

    # ------------------------------------------------------------ ratings

    def _rate(self, asked: RatingRequested) -> None:
        """At the keypad, if the counter has one; else on the page, the same day or one of the next."""
        pad = self.pads.get(asked.counter)
        if pad is not None and self.dice.random() < KEYPAD:
            self.past.after(self.dice.uniform(3, 18), lambda: self._gives(asked, pad=pad))
        elif self.dice.random() < 0.8:
            self.past.after(self.dice.uniform(30, 3_600), lambda: self._gives(asked, pad=None))
        else:
            self.past.plan(
                self.past.at + round(self.dice.uniform(0.4, 2.5) * DAY.total_seconds()) * SECOND,
                lambda: self._gives(asked, pad=None),
            )

    def _gives(self, asked: RatingRequested, *, pad: str | None) -> None:
        level = habits.drawn(self.dice, habits.LEVELS)
        named = level <= 2 and self.dice.random() < 0.6
        command = GiveRating(
            request=asked.request,
            level=level,
            source="page" if pad is None else "keypad",
            counter=None if pad is None else asked.counter,
            ticket=None if pad is not None else asked.ticket,
            aspects=(self.dice.choice(ASPECTS["1"]),) if level <= 3 else (),
            named=named,
        )
        actor = "ticket" if pad is None else f"device:{pad}"
        if self.past.do(command, actor=actor, device=pad) and level in past_words.COMMENTS:
            self.past.keep(f"rating:{asked.request}", Visitor(text=past_words.COMMENTS[level]))
            if named:
                self.past.keep(asked.ticket, Visitor(phone=past_words.phone(self.dice)))
