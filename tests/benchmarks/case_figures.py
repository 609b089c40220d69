"""What 10,000 open cases cost: another calendar, every light at one tick, a second in which nothing happens.

    python -m tests.benchmarks.case_figures

Prints its rows; `make bench` shows them with the others.
"""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from typing import Any

from hall_protocol.pictures import Estimate
from hall_server.core import day, machine
from hall_server.core.hall import Hall
from hall_server.core.matters import case_commands as acts
from hall_server.core.matters.case_events import CasePaused
from hall_server.core.pictures.board import every_row, lit_now, wall_rows
from hall_server.core.pictures.sight import Sight
from hall_server.core.places.catalogue import Line, Service, TakeOver, YearRow
from hall_server.core.places.config import FoundHall
from hall_server.core.places.settings import Settings
from hall_server.core.registry import Command
from hall_server.core.stamp import Stamp, at_clock

from .bench import Figure

CASES = 10_000
ZONE = "Asia/Shanghai"
FIRST = date(2026, 10, 12)
GOAL_CALENDAR_MS, GOAL_LIGHTS_MS = 1000.0, 50.0


def services() -> tuple[Service, ...]:
    """Items of every usual limit, some in plain days."""
    limits = [(n, 2 * n, "working_day") for n in range(5, 31)] + [(30, 60, "day"), (45, 90, "day")]
    return tuple(
        Service(
            service=f"B{n:02}", name=f"事项 {n}", department=f"部门 {n % 9}", line="A",
            promised_days=promised, statutory_days=statutory, day_unit=unit,
        )
        for n, (promised, statutory, unit) in enumerate(limits)
    )  # fmt: skip


def made(count: int = CASES, *, seed: int = 7) -> tuple[Hall, int]:
    """A hall with so many open cases, accepted over forty days, a fifth of them paused and resumed once."""
    chance, hall = random.Random(seed), Hall()
    now = at_clock(FIRST, "09:30", ZONE)

    def do(command: Command, at: int) -> list[Any]:
        stamp = Stamp(at=at, actor="clerk:0101", clerk="0101", counter="1")
        events = machine.decide(hall, command, stamp)
        for event in events:
            machine.evolve(hall, event, at)
        return events

    do(FoundHall(settings=Settings()), now)
    do(TakeOver(lines=(Line(line="A", name="A"),), services=services(), calendar=years()), now)
    for n in range(count):
        at = at_clock(FIRST + timedelta(days=n * 40 // count), "09:30", ZONE) + n
        do(acts.ReceiveCase(service=f"B{chance.randrange(28):02}", accept=True, show_name=n % 3 == 0), at)
    at = at_clock(FIRST + timedelta(days=41), "10:00", ZONE)
    for case in list(hall.cases.values()):
        if chance.random() < 0.2 and case.promised_due is not None and case.promised_due > at:
            paused = CasePaused(
                case=case.no, service=case.service, department=case.department,
                from_on="2026-11-16", reason_code="hearing", notice_no="N1",
            )  # fmt: skip
            machine.evolve(hall, paused, at)
            do(acts.ResumeCase(case=case.no), at)
    for event in machine.decide(hall, day.TimePassed(), Stamp(at=at, actor="hall")):
        machine.evolve(hall, event, at)
    return hall, at


def years() -> dict[str, YearRow]:
    """The published year, enough to count by."""
    off = tuple((date(2026, 10, 1) + timedelta(days=n)).isoformat() for n in range(8))
    return {"2026": YearRow(off=off, work=("2026-10-10",))}


def ms_of(work: Any, *, times: int = 3) -> float:
    """The best of a few runs, milliseconds."""
    best = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        work()
        best = min(best, (time.perf_counter() - begun) * 1000)
    return best


def sight_at(now: int) -> Sight:
    """A picture's circumstances with nothing else in them."""
    none: dict[str, Estimate | None] = {}
    return Sight(
        now=now, estimates=none, coverage={}, devices={}, url_of=str, nonce_of=str, words_of=lambda _: None,
        ticket_estimate=lambda _: None, masked_of=lambda _: "张*",
    )  # fmt: skip


def figures(*, quick: bool = False) -> list[Figure]:
    """The rows of `make bench`."""
    hall, at = made(1000 if quick else CASES)
    open_ones = sum(case.is_open for case in hall.cases.values())
    notice = TakeOver(calendar={"2027": YearRow(off=("2027-01-01", "2027-01-04"), work=("2027-01-09",))})
    stamp = Stamp(at=at, actor="console")

    def import_calendar() -> None:
        events = machine.decide(hall, notice, stamp)
        assert len(events) == 2, "the notice moves dates"
        machine.encode(events[1])

    def every_light() -> None:
        lit_now(hall, at)

    def anew() -> None:
        hall.forget_agenda()
        hall.agenda_now()

    def one_tick() -> None:
        day.is_due(hall, at)
        wall_rows(hall, sight_at(at))

    recalculated = ms_of(import_calendar)
    lights = ms_of(every_light)
    one_tick()
    tick = ms_of(one_tick, times=20)
    agenda = ms_of(anew)
    board = ms_of(lambda: every_row(hall, sight_at(at)))
    goal = "" if quick else f"<= {GOAL_CALENDAR_MS:.0f} ms"
    return [
        Figure(f"another calendar, {open_ones:,} open cases", recalculated, "ms", goal=goal,
               reached=None if quick else recalculated <= GOAL_CALENDAR_MS),
        Figure(f"lights of {open_ones:,} cases, all looked at", lights, "ms", goal=f"<= {GOAL_LIGHTS_MS:.0f} ms",
               reached=lights <= GOAL_LIGHTS_MS),
        Figure("a tick in which no light changes", tick, "ms", goal=f"<= {GOAL_LIGHTS_MS:.0f} ms",
               reached=tick <= GOAL_LIGHTS_MS, note="with the rows of a wall"),
        Figure("the agenda made anew", agenda, "ms", note="after a start, a calendar or a setting"),
        Figure("the whole public board", board, "ms"),
    ]  # fmt: skip


if __name__ == "__main__":
    for figure in figures():
        print(f"{figure.what:45} {figure.ours:10.2f} {figure.unit}  {figure.goal}")
