"""Any sequence of acts on the pure rules: what the independent checker and the invariants say afterwards.

reliability.md 3.8 and 4 (I2 to I7), replay equality, the round trip of a snapshot. No socket, no disk, no clock.
"""

from __future__ import annotations

import json
import os
from typing import Any

from checker import GENESIS, Checker
from core_material import Scene
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hall_protocol.refusals import Refused
from hall_server.core import invariants
from hall_server.core.day import TimePassed
from hall_server.core.lines.block import LeaseBlock
from hall_server.core.lines.calling import (
    BeginService,
    CallGivenNumber,
    CallNext,
    FinishService,
    MarkNoShow,
    Recall,
)
from hall_server.core.lines.desk import ParkTicket, ResumeTicket, ReturnTicket, TransferTicket, UndoAct
from hall_server.core.lines.ticket import (
    CancelTicket,
    OfflineEntry,
    ReclassifyTicket,
    RecordPrint,
    ReinstateTicket,
    SayOnMyWay,
    TakeTicket,
)
from hall_server.core.matters.rating import GiveRating
from hall_server.core.people.counter import CloseCounter, OpenCounter, PauseCounter
from hall_server.core.people.session import EndSession, SignInClerk
from hall_server.core.places.config import ChangeSettings, SetCounterLines
from hall_server.core.places.notice import AskHelp, EndEvacuation, PostNotice, StartEvacuation
from hall_server.core.places.settings_rules import patched
from hall_server.core.registry import Command, Event
from hall_server.core.stamp import text

COUNTERS = st.sampled_from(["1", "2", "3", "9"])
LINES = st.sampled_from(["A", "B"])
CLASSES = st.sampled_from(["ordinary", "ordinary", "ordinary", "elder", "disabled", "pregnant", "military"])
ALWAYS_OPEN = {
    "hours": {"working_day": ["00:00-24:00"]},
    "calendar": {"work": [f"2026-11-{day}" for day in range(24, 31)] + [f"2026-12-{day:02}" for day in range(1, 31)]},
    "session": {"longest_h": 24},
}
PICK = st.integers(0, 10_000)


class Rules(RuleBasedStateMachine):
    """Commands in any order; refusals are as good as acts, as long as nothing changes."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene(ALWAYS_OPEN)
        self.scene.do(SetCounterLines(counter="9", lines=("A", "B")))
        self.checker = Checker(head=GENESIS)
        self.judged = 0
        self.kiosks = [self.scene.kiosk, self.scene.device("kiosk", "K2")]

    # ------------------------------------------------------------ doing and judging

    def act(self, command: Command, *, counter: str | None = None, device: str | None = None) -> list[Event] | None:
        """The events, or None when it was refused."""
        try:
            events = self.scene.do(command, counter=counter, device=device, watched=len(self.scene.hall.tickets) < 30)
        except Refused:
            return None
        for entry in self.scene.log[self.judged :]:
            self.checker.seq += 1
            data = json.loads(entry.data)
            self.checker.happened(entry.name, data, at=text(entry.at, self.scene.hall.zone))
        self.judged = len(self.scene.log)
        assert not self.checker.violations, self.checker.violations
        return events

    def some_number(self, pick: int) -> str:
        """A number that was given out, or none that ever was."""
        known = [t.number for t in self.scene.hall.tickets.values()]
        return known[pick % len(known)] if known else "A001"

    def some_ticket(self, pick: int) -> str:
        known = list(self.scene.hall.tickets)
        return known[pick % len(known)] if known else "20261124-A001"

    @initialize()
    def opening(self) -> None:
        for counter in ("1", "2", "3", "9"):
            self.act(SignInClerk(clerk=f"030{counter}", counter=counter))
            self.act(OpenCounter(), counter=counter)

    # ------------------------------------------------------------ visitors

    @rule(line=LINES, klass=CLASSES, count=st.integers(1, 3))
    def take(self, line: str, klass: Any, count: int) -> None:
        for _ in range(count):
            self.act(TakeTicket(line=line, priority_class=klass), device=self.kiosks[0])

    @rule(service=st.sampled_from(["S1", "S2", "S3"]))
    def take_service(self, service: str) -> None:
        self.act(TakeTicket(service=service), device=self.kiosks[1])

    @rule(pick=PICK)
    def give_back(self, pick: int) -> None:
        self.act(CancelTicket(ticket=self.some_ticket(pick)))

    @rule(pick=PICK)
    def come_back(self, pick: int) -> None:
        missed = list(self.scene.hall.missed)
        self.act(ReinstateTicket(ticket=missed[pick % len(missed)] if missed else self.some_ticket(pick)))

    @rule(pick=PICK)
    def on_my_way(self, pick: int) -> None:
        self.act(SayOnMyWay(ticket=self.some_ticket(pick)))

    @rule(pick=PICK, klass=CLASSES)
    def reclassify(self, pick: int, klass: Any) -> None:
        self.act(ReclassifyTicket(ticket=self.some_ticket(pick), priority_class=klass, reason="seen"), counter="1")

    @rule(pick=PICK, outcome=st.sampled_from(["confirmed", "failed", "unknown"]))
    def printer_says(self, pick: int, outcome: str) -> None:
        self.act(RecordPrint(ticket=self.some_ticket(pick), outcome=outcome, how="asb"), device=self.kiosks[0])

    @rule(pick=PICK, level=st.integers(1, 5))
    def rate(self, pick: int, level: int) -> None:
        asked = list(self.scene.hall.ratings)
        if asked:
            self.act(GiveRating(request=asked[pick % len(asked)], level=level, source="keypad"))

    # ------------------------------------------------------------ kiosks without a server

    @rule(line=LINES, size=st.integers(1, 4), kiosk=st.integers(0, 1))
    def lease(self, line: str, size: int, kiosk: int) -> None:
        self.act(LeaseBlock(line=line, size=size), device=self.kiosks[kiosk])

    @rule(pick=PICK, kiosk=st.integers(0, 1), minutes=st.integers(0, 3000), klass=CLASSES, online=st.booleans())
    def merge(self, pick: int, kiosk: int, minutes: int, klass: Any, online: bool) -> None:
        """Of its own block mostly, of another's, a number given out, or one from nowhere."""
        hall = self.scene.hall
        own = [i for i, b in hall.set_aside.items() if hall.blocks[b].device == self.kiosks[kiosk]]
        numbers = [i[9:] for i in own] * 3 + [
            self.some_number(pick),
            f"A9{pick % 90 + 10}",
            *(i[9:] for i in hall.set_aside),
        ]
        number = numbers[pick % len(numbers)]
        unseen = self.some_ticket(pick) if online else None
        line = "B" if number.startswith("B") else "A"
        entry = OfflineEntry(
            number=number, issued_at=self.scene.now - minutes * 60_000, line=line, priority_class=klass, unseen=unseen
        )
        self.act(entry, device=self.kiosks[kiosk])

    # ------------------------------------------------------------ counters

    @rule(counter=COUNTERS)
    def call_next(self, counter: str) -> None:
        if self.act(CallNext(), counter=counter) == []:
            self.checker.nobody_for(counter)
            assert not self.checker.violations, self.checker.violations

    @rule(counter=COUNTERS, pick=PICK)
    def call_number(self, counter: str, pick: int) -> None:
        self.act(CallGivenNumber(number=self.some_number(pick), reason="asked"), counter=counter)

    @rule(
        counter=COUNTERS,
        command=st.sampled_from(
            [
                Recall(),
                BeginService(),
                BeginService(),
                FinishService(),
                FinishService(),
                MarkNoShow(),
                ParkTicket(reason="copy"),
                ReturnTicket(reason="x"),
                TransferTicket(reason="x", line="A"),
                TransferTicket(reason="x", line="B"),
                TransferTicket(reason="x", counter="2"),
                PauseCounter(reason="meal"),
                OpenCounter(),
                OpenCounter(),
                CloseCounter(),
            ]
        ),
    )
    def at_the_counter(self, counter: str, command: Command) -> None:
        self.act(command, counter=counter)

    @rule(counter=COUNTERS, pick=PICK)
    def resume(self, counter: str, pick: int) -> None:
        parked = list(self.scene.hall.parked)
        number = parked[pick % len(parked)][9:] if parked else "A001"
        self.act(ResumeTicket(number=number), counter=counter)

    @rule(counter=COUNTERS)
    def undo(self, counter: str) -> None:
        offer = self.scene.hall.counters[counter].undo
        self.act(UndoAct(seq=offer.seq if offer else 1), counter=counter)

    @rule(counter=COUNTERS, clerk=st.integers(1, 9))
    def sign_in(self, counter: str, clerk: int) -> None:
        self.act(SignInClerk(clerk=f"030{clerk}", counter=counter))

    @rule(pick=PICK)
    def sign_out(self, pick: int) -> None:
        sessions = list(self.scene.hall.sessions)
        if sessions:
            self.act(EndSession(session=sessions[pick % len(sessions)], reason="signed_out"))

    # ------------------------------------------------------------ the hall

    @rule(counter=st.sampled_from(["1", "2", "3"]), lines=st.lists(LINES, unique=True))
    def other_lines(self, counter: str, lines: list[str]) -> None:
        self.act(SetCounterLines(counter=counter, lines=tuple(lines)))

    @rule(quota=st.sampled_from([None, 40, 400]), calls=st.integers(1, 3), alone=st.booleans())
    def settings(self, quota: int | None, calls: int, alone: bool) -> None:
        queue = {"daily_quota": quota, "calls_max": calls, "no_show_by_itself": alone}
        self.act(ChangeSettings(settings=patched(self.scene.hall.settings, {"queue": queue})))

    @rule(what=st.sampled_from(["help", "notice", "evacuate", "over"]))
    def everybody(self, what: str) -> None:
        now = self.scene.now
        commands: dict[str, Command] = {
            "help": AskHelp(),
            "notice": PostNotice(text={"en": "x"}, start=now, end=now + 60_000),
            "evacuate": StartEvacuation(exits={"main": "left"}),
            "over": EndEvacuation(),
        }
        self.act(commands[what], device=self.kiosks[0])

    @rule(seconds=st.sampled_from([0, 1, 5, 16, 60, 900]))
    def time_passes(self, seconds: int) -> None:
        self.scene.later(s=seconds)
        self.act(TimePassed())

    @precondition(lambda self: self.scene.hall.day < "2026-12-20")
    @rule(hours=st.sampled_from([6, 11, 20, 30]))
    def much_time_passes(self, hours: int) -> None:
        self.scene.later(hours=hours)
        self.act(TimePassed())

    # ------------------------------------------------------------ always

    @invariant()
    def nothing_impossible(self) -> None:
        invariants.check_all(self.scene.hall)

    @invariant()
    def the_lists_agree_with_the_checker(self) -> None:
        """I4 from two sides: who waits, who is held where."""
        hall = self.scene.hall
        assert {c.counter: c.ticket for c in hall.counters.values() if c.ticket} == self.checker.holds
        theirs = {i for i, t in self.checker.tickets.items() if t.state == "waiting"}
        assert {t.id for t in hall.tickets.values() if t.state == "waiting"} == theirs

    def teardown(self) -> None:
        """The rows alone, and a snapshot, give the same hall."""
        self.scene.check()


LONG = int(os.environ.get("HALL_EXAMPLES", "60"))
"""More for a longer look."""
Rules.TestCase.settings = settings(
    max_examples=LONG, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
TestRules = Rules.TestCase
