"""`python -m demo.history --data DIR --seed 1 --months 3`: an invented past for a demo hall, for any seed.

A hall that is not there yet is founded on the day the history begins. The same seed, the same days and the same hall
give the same journal, to the last hash. Exit 0 done, 2 wrong usage, 1 with one plain line.
"""

from __future__ import annotations

import argparse
import sys
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from hall_server.cli import command
from hall_server.cli.failure import Failure, explained
from hall_server.cli.init import sample_files
from hall_server.clock import StandingClock
from hall_server.core.hall import Hall
from hall_server.core.lines.ticket import TicketIssued
from hall_server.core.matters.calendar import Calendar
from hall_server.core.people.account import AddAccount
from hall_server.core.people.device import AddDevice
from hall_server.core.registry import type_name
from hall_server.core.stamp import local
from hall_server.engine import Engine
from hall_server.office import keep_settings
from hall_server.personal.vault import Look, Vault
from hall_server.sheets.reading import wanted

from .chronicle import DAY, Chronicle
from .past_cases import FROM_PLATFORM, PastCases
from .past_hall import PastHall, Served
from .past_oversight import PastOversight
from .plan import ACCOUNTS, CHIEF_OF

MONTHS_MOST = 24
CASE, INQUIRY = 0.52, 0.06
"""Of the visitors at a counter, so many apply for something, so many ask a first question."""
BY_PHONE, COMPLAINTS, MESSAGES, FINDINGS = 2, 0.5, 0.6, 0.12
"""A working day: first inquiries by telephone, and how likely a complaint, a message, a finding is."""
CHANGES = (
    (0.2, "queue", "reinstate_after", 2),
    (0.35, "rating", "keypad_s", 25),
    (0.5, "queue", "reinstate_after", 3),
    (0.6, "kiosk", "idle_s", 40),
    (0.8, "rating", "keypad_s", 20),
    (0.9, "kiosk", "idle_s", 30),
)
"""When in the history a manager tries another setting; all are as before at the end."""


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def write(data: Path, *, seed: int, until: date) -> Chronicle:
    """Writes the past of the hall in `data`, from where it stands until `until`. Raises `Failure`."""
    engine = Engine.open(data, StandingClock(0), program="demo.history")
    try:
        require_fresh(engine, until)
        past = Chronicle(engine, dice=Random(seed), until=until)
        live(past, seed)
        keep_settings(data, engine.hall.settings)
        vault = Vault(data, on_look=nobody_looks)
        try:
            past.fill(vault)
        finally:
            vault.close()
        return past
    finally:
        engine.close()


def nobody_looks(look: Look) -> None:
    """Nothing is read while a history is written."""
    raise AssertionError(look)


def require_fresh(engine: Engine, until: date) -> None:
    """Refuses a real hall, a hall in which something has happened, and one that is too young."""
    hall = engine.hall
    if not hall.demo:
        raise Failure("this is a real hall, its history is made by its days; name a new folder, or a demo hall's")
    if hall.issued or hall.cases or any(row.type == type_name(TicketIssued) for row in engine.journal.replay(0)):
        raise Failure("tickets were given out in this hall already; name a new folder")
    if local(hall.at, hall.zone).date() >= until:
        raise Failure(f"the hall was founded on {hall.day}, not before {until}; name a new folder, or a later --until")


def live(past: Chronicle, seed: int) -> None:
    """Everybody and everything of these days."""
    people(past)
    floor = PastHall(past, dice=Random(f"{seed} floor"), served=lambda served: happens(served))
    cases = PastCases(past, floor, dice=Random(f"{seed} cases"), auditor=account("auditor"))
    over = PastOversight(
        past, floor, dice=Random(f"{seed} words"), manager=account("manager"), auditor=account("auditor")
    )

    def happens(served: Served) -> None:
        """What somebody at a counter came for."""
        chance = past.dice.random()
        if chance < CASE and served.service is not None:
            cases.at_counter(served.seat, served.ticket, served.service)
        elif chance < CASE + INQUIRY:
            over.asked(served.seat, served.ticket)

    days = plan_days(past, floor)
    for day in days:
        plan_words(past, floor, cases, over, day)
    past.plan(past.clock(days[0], 15), lambda: over.complains(None))
    past.plan(past.clock(days[len(days) // 2], 11), over.finds)
    for share, section, name, value in CHANGES:
        day = days[int(share * len(days))]
        past.plan(past.clock(day, 8, 30), lambda s=section, n=name, v=value: over.changes(s, n, v))  # type: ignore[misc]
    past.run()


def plan_days(past: Chronicle, floor: PastHall) -> list[date]:
    """Every day of the history gets its hours; the working days among them."""
    day, working = past.today, []
    while past.clock(day) < past.end:
        floor.plan_day(day)
        if past.is_working_day(day):
            working.append(day)
        day += DAY
    if not working:
        raise Failure("there is no working day in this history; ask for more months, or another --until")
    return working


def plan_words(past: Chronicle, floor: PastHall, cases: PastCases, over: PastOversight, day: date) -> None:
    """What comes by telephone, by the platform and from the auditor on a working day."""
    dice = past.dice

    def some_time() -> int:
        return past.clock(day, 9, 20 + dice.random() * 150)

    def somebody_calls() -> None:
        seats = [s for s in floor.seats.values() if s.session]
        if seats:
            over.asked(dice.choice(seats), None)

    def a_ticket() -> str | None:
        known = [t.id for t in past.hall.tickets.values() if t.state == "finished"]
        return dice.choice(known) if known else None

    for _ in range(BY_PHONE):
        past.plan(some_time(), somebody_calls)
    for _ in range(FROM_PLATFORM):
        past.plan(some_time(), cases.from_platform)
    if dice.random() < COMPLAINTS:
        past.plan(past.clock(day, 15, dice.random() * 60), lambda: over.complains(a_ticket()))
    if dice.random() < MESSAGES:
        past.plan(past.clock(day, 14, dice.random() * 60), lambda: over.writes(a_ticket()))
    if dice.random() < FINDINGS:
        past.plan(some_time(), over.finds)
    past.plan(past.clock(day, 9, 10), over.look_after_ratings)


def people(past: Chronicle) -> None:
    """The accounts and programs a history needs, unless the hall has them."""
    for name, role in ACCOUNTS.items():
        if name not in past.hall.accounts:
            of = CHIEF_OF if role == "chief_representative" else None
            past.do(AddAccount(name=name, role=role, department=of), actor="console")  # type: ignore[arg-type]
    for name, kind in (("K1", "kiosk"), ("platform", "integrator")):
        if not any(d.role == kind for d in past.hall.devices.values()):
            past.do(AddDevice(role=kind, name=name), actor="console")  # type: ignore[arg-type]


def account(role: str) -> str:
    """The demo's account of that role, as the journal names it."""
    return f"account:{next(name for name, has in ACCOUNTS.items() if has == role)}"


# ---------------------------------------------------------------- the command


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; leaves by `SystemExit` 2 when that cannot be."""
    made = argparse.ArgumentParser(prog="demo.history", description="An invented past for a demo hall.")
    made.add_argument("--data", type=Path, required=True, metavar="DIR", help="a new folder, or a fresh demo hall's")
    made.add_argument("--seed", type=int, default=1, metavar="N", help="another number, another past; default 1")
    made.add_argument("--months", type=months, default=3, metavar="N", help="how long it is; default 3")
    made.add_argument(
        "--until", type=a_day, metavar="YYYY-MM-DD", help="the day after it; default the next working day"
    )
    return made.parse_args(given)


def months(text: str) -> int:
    """A number of months."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MONTHS_MOST):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {MONTHS_MOST}")
    return int(text)


def a_day(text: str) -> date:
    """A date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-24") from None


def main(given: Sequence[str] | None = None) -> int:
    """Entry point."""
    asked = arguments(given)
    try:
        until = asked.until or opening_day(datetime.now(UTC).date())
        found(asked.data, on=months_before(until, asked.months))
        past = write(asked.data, seed=asked.seed, until=until)
    except Exception as error:
        print(f"demo.history: {explained(error)}", file=sys.stderr)  # noqa: T201 - the one plain line
        return 1
    hall = past.hall
    print(f"{hall.seq} events until {until}, {len(hall.cases)} cases")  # noqa: T201 - what came of it
    return 0


def opening_day(today: date) -> date:
    """The first working day from `today` on by the sample's calendar: the day a new demo hall shows."""
    rows = wanted({n: d for n, d in sample_files().items() if n.endswith(".json")}, Hall()).rows
    day = today
    while not Calendar(rows.calendar, rows.provisional).is_working_day(day):
        day += DAY
    return day


def found(data: Path, *, on: date) -> None:
    """A demo hall founded on that day, unless there is a hall. Raises `Failure`."""
    if (data / "journal.db").is_file():
        return
    told = ["init", "--data", str(data), "--sample", "county", "--demo", "--founded", on.isoformat()]
    if command(told) != 0:
        raise Failure("the hall could not be founded; see the line above")


if __name__ == "__main__":
    sys.exit(main())
