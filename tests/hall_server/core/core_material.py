"""A small hall for the tests of the rules: founded, two lines, counters, clerks, and a clock the test moves.

Every command goes the whole way it goes in the server: decide, encode for the journal, decode, evolve, invariants. And
every one is watched: `decide` must leave the hall as it was, a refusal too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hall_protocol.refusals import Refused
from hall_server.core import invariants, machine
from hall_server.core.hall import Hall, as_values, decode, encode
from hall_server.core.lines import calling, choice
from hall_server.core.lines.ticket import TakeTicket, Ticket
from hall_server.core.people import counter as counters
from hall_server.core.people.account import AddAccount
from hall_server.core.people.device import AddDevice
from hall_server.core.people.session import SignInClerk
from hall_server.core.places.catalogue import ClerkRow, CounterRow, Line, MaterialRow, Service, TakeOver
from hall_server.core.places.config import FoundHall
from hall_server.core.places.settings import Settings
from hall_server.core.places.settings_rules import settings_from
from hall_server.core.registry import Command, Event
from hall_server.core.stamp import Stamp, instant

MORNING = "2026-11-24T09:30:00.000+08:00"
"""A Tuesday, half an hour after the doors open."""
LINES = (Line(line="A", name="社保医保", place="一楼左手边"), Line(line="B", name="不动产", quota=5))
SERVICES = (
    Service(service="S1", name="社会保障卡申领", department="县人社局", line="A", handling="on_the_spot"),
    Service(
        service="S2", name="不动产登记", department="县自然资源局", line="B", promised_days=3,
        materials=(MaterialRow("身份证", "原件"),),
    ),
    Service(service="S3", name="旧事项", department="县人社局", line="A", state="abolished"),
)  # fmt: skip
COUNTERS = (
    CounterRow(counter="1", department="县人社局", lines=("A",)),
    CounterRow(counter="2", department="县人社局", lines=("A", "B")),
    CounterRow(counter="3", department="县自然资源局", lines=("B",)),
    CounterRow(counter="9", department="咨询导办台", kind="desk", lines=()),
)


@dataclass(frozen=True)
class Entry:
    """One row as the journal has it."""

    name: str
    data: bytes
    at: int


class Scene:
    """A hall, its time, and everything that happened in it."""

    def __init__(self, values: dict[str, Any] | None = None, *, at: str = MORNING) -> None:
        self.hall = Hall()
        self.now = instant(at)
        self.log: list[Entry] = []
        settings = settings_from(values) if values else Settings()
        self.do(FoundHall(settings=settings))
        clerks = tuple(ClerkRow(number=f"030{n}", department="县人社局") for n in range(1, 10))
        self.do(TakeOver(lines=LINES, services=SERVICES, counters=COUNTERS, clerks=clerks))
        self.kiosk = self.device("kiosk", "K1")

    # ------------------------------------------------------------ doing

    def do(
        self, command: Command, *, counter: str | None = None, device: str | None = None, watched: bool = True
    ) -> list[Event]:
        """What happens; raises `Refused`. At a counter its clerk acts."""
        stamp = self.stamp(counter=counter, device=device)
        before = encode(self.hall) if watched else b""
        try:
            events = machine.decide(self.hall, command, stamp)
        finally:
            assert not watched or encode(self.hall) == before, f"deciding {command} changed the hall"
        for event in events:
            entry = Entry(machine.name_of(event), machine.encode(event), machine.at_of(event, stamp))
            again = machine.decode(entry.name, entry.data)
            assert machine.encode(again) == entry.data, "an event comes back from the journal as it went in"
            machine.evolve(self.hall, again, entry.at)
            self.log.append(entry)
            invariants.check_event(self.hall, again)
        return events

    def stamp(self, *, counter: str | None = None, device: str | None = None) -> Stamp:
        """Now, by the clerk of a counter or by a device."""
        clerk = self.hall.counters[counter].clerk if counter in self.hall.counters else None
        actor = f"clerk:{clerk}" if clerk else (f"device:{device}" if device else "hall")
        return Stamp(at=self.now, actor=actor, counter=counter, device=device, clerk=clerk)

    def refusal(self, command: Command, **who: str | None) -> str:
        """The code a command is refused with. Fails when it is not."""
        try:
            events = self.do(command, **who)  # type: ignore[arg-type]
        except Refused as refused:
            return refused.code
        raise AssertionError(f"{command} was not refused: {events}")

    def later(self, *, s: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Time passes."""
        self.now += round((s + 60 * minutes + 3600 * hours) * 1000)

    def at(self, clock: str, day: str = "2026-11-24") -> None:
        """It is this time of that day."""
        self.now = instant(f"{day}T{clock}:00.000+08:00")

    # ------------------------------------------------------------ usual acts

    def device(self, role: Any, name: str, counter: str | None = None) -> str:
        """A paired device; its id."""
        (event,) = self.do(AddDevice(role=role, name=name, counter=counter))
        return str(event.device)  # type: ignore[attr-defined]

    def account(self, name: str, role: Any) -> None:
        """An account that may sign in."""
        self.do(AddAccount(name=name, role=role))

    def open(self, counter: str, clerk: str | None = None) -> None:
        """A clerk signs in and opens the counter."""
        self.do(SignInClerk(clerk=clerk or f"030{counter}", counter=counter))
        self.do(counters.OpenCounter(), counter=counter)

    def take(self, line: str | None = "A", klass: Any = "ordinary", *, service: str | None = None) -> Ticket:
        """A number at the kiosk."""
        command = TakeTicket(line=None if service else line, service=service, priority_class=klass)
        (event,) = self.do(command, device=self.kiosk)
        return self.hall.tickets[event.ticket]  # type: ignore[attr-defined]

    def call(self, counter: str) -> Ticket | None:
        """Call next; the ticket, or None when nobody waits."""
        self.do(calling.CallNext(), counter=counter)
        held = self.hall.counters[counter].ticket
        return None if held is None else self.hall.tickets[held]

    def serve(self, counter: str, *, seconds: float = 60) -> str:
        """Begin and finish the ticket in hand; the id of the rating request."""
        self.do(calling.BeginService(), counter=counter)
        self.later(s=seconds)
        events = self.do(calling.FinishService(), counter=counter)
        return str(events[1].request)  # type: ignore[attr-defined]

    def miss(self, counter: str) -> None:
        """The visitor called does not come."""
        self.do(calling.MarkNoShow(), counter=counter)

    def order(self, counter: str) -> list[str]:
        """Numbers in the order this counter would call them."""
        return [t.number for t in choice.in_order(self.hall, counter, limit=1000)]

    def states(self) -> dict[str, str]:
        """Number → state."""
        return {t.number: t.state for t in self.hall.tickets.values()}

    # ------------------------------------------------------------ judging

    def replayed(self) -> Hall:
        """A hall made from the rows alone."""
        hall = Hall()
        for entry in self.log:
            machine.evolve(hall, machine.decode(entry.name, entry.data), entry.at)
        return hall

    def check(self) -> None:
        """All invariants; the rows alone, and a snapshot, give the same hall."""
        invariants.check_all(self.hall)
        assert as_values(self.replayed()) == as_values(self.hall)
        assert as_values(decode(encode(self.hall))) == as_values(self.hall)
