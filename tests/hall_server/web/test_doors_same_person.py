"""One open ticket per person and item: right under concurrency and after a crash, and nobody's number is kept."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from doors_material import Answer, Doors, doors_of

from hall_server.core.places.config import ChangeSettings
from hall_server.core.places.settings_rules import patched
from hall_server.core.stamp import instant
from hall_server.web.device import same_person

NUMBER, OTHER = "11010519491231002X", "440524188001010014"
TICKETS = "/api/v1/tickets"
Work = Callable[[Doors], Awaitable[None]]


def run(county: Path, work: Work) -> None:
    async def all_of_it() -> None:
        async with doors_of(county) as doors:
            await work(doors)

    asyncio.run(all_of_it())


async def take(doors: Doors, number: str = NUMBER, *, key: str | None = None, **more: Any) -> Answer:
    body = {"line": "A", "visitor": {"id_number": number}} | more
    return await doors.ask("POST", TICKETS, "kiosk", {k: v for k, v in body.items() if v}, key=key)


async def services(doors: Doors) -> list[str]:
    """Two items of one line."""
    every = doors.hall.services
    line = next(s.line for s in every.values() if sum(o.line == s.line for o in every.values()) > 1)
    return [name for name, s in every.items() if s.line == line][:2]


def test_a_second_number_for_the_same_item_is_refused_with_the_one_held(county: Path) -> None:
    async def work(doors: Doors) -> None:
        first = await take(doors)
        assert first.status == 201
        again = await take(doors, " 11010519491231002x ")
        assert (again.status, again.code, again.json["values"]) == (409, "already_waiting", {"number": "A001"})
        assert "A001" in again.json["detail"]
        assert (await take(doors, OTHER)).status == 201  # another person
        assert (await take(doors, line="B")).status == 201  # another line
        assert (await doors.ask("POST", TICKETS, "kiosk", {"line": "A"})).status == 201  # nobody in particular
        assert len(doors.hall.tickets) == 4

    run(county, work)


def test_an_item_is_held_through_a_transfer_and_free_once_the_ticket_has_ended(county: Path) -> None:
    async def work(doors: Doors) -> None:
        one, two = await services(doors)
        held = (await take(doors, line=None, service=one)).json
        assert (await take(doors, line=None, service=two)).status == 201
        assert (await take(doors, line=held["line"])).status == 201  # the line alone is no item
        assert (await take(doors, line=None, service=one)).code == "already_waiting"
        await doors.happy("POST", f"{TICKETS}/{held['id']}/cancel", "kiosk", {})
        assert (await take(doors, line=None, service=one)).status == 201

    run(county, work)


@pytest.mark.parametrize("ending", ["finish", "no-show"])
def test_who_was_served_or_missed_the_call_may_take_another(county: Path, ending: str) -> None:
    async def work(doors: Doors) -> None:
        await take(doors)
        await doors.at_counter("call-next")
        assert (await take(doors)).code == "already_waiting"
        if ending == "finish":
            await doors.at_counter("begin")
            assert (await take(doors)).code == "already_waiting"
        doors.clock.at += 10 * 60_000
        await doors.at_counter(ending, {})
        assert (await take(doors)).status == 201

    run(county, work)


def test_a_ticket_on_hold_with_the_clerks_words_is_still_that_persons(county: Path) -> None:
    async def work(doors: Doors) -> None:
        await take(doors)
        await doors.at_counter("call-next")
        await doors.at_counter("begin")
        await doors.at_counter("park", {"reason": "fetches a copy"})
        assert (await take(doors)).code == "already_waiting"

    run(county, work)


def test_of_many_at_one_instant_one_gets_a_number(county: Path) -> None:
    async def work(doors: Doors) -> None:
        answers = await asyncio.gather(*(take(doors, n) for _ in range(10) for n in (NUMBER, OTHER)))
        assert sorted(a.status for a in answers) == [201] * 2 + [409] * 18
        assert len(doors.hall.tickets) == 2
        assert not doors.house.turns  # nobody waits any more

    run(county, work)


def test_however_people_come_and_go_nobody_holds_two_numbers_for_one_thing(county: Path) -> None:
    """Three persons, two lines, everybody at once, over two lives of the program; ended tickets make room again."""
    people = [NUMBER, OTHER, "SAMPLE0000000003"]
    holds: dict[tuple[str, str], list[str]] = {}

    async def one(doors: Doors, chance: random.Random) -> None:
        person, line = chance.choice(people), chance.choice("AB")
        if chance.random() < 0.3 and holds.get((person, line)):
            await doors.ask("POST", f"{TICKETS}/{chance.choice(holds[person, line])}/cancel", "kiosk", {})
            return
        answer = await take(doors, person, line=line)
        assert answer.status in (201, 409), answer
        if answer.status == 201:
            holds.setdefault((person, line), []).append(answer.json["id"])

    async def work(doors: Doors) -> None:
        chance = random.Random(len(holds))
        for _ in range(12):
            await asyncio.gather(*(one(doors, chance) for _ in range(6)))
            for who, tickets in holds.items():
                assert sum(doors.hall.tickets[t].state == "waiting" for t in tickets) <= 1, who

    run(county, work)
    assert max(map(len, holds.values())) > 1, "nobody came a second time"
    run(county, work)


def test_the_same_touch_again_is_the_same_ticket(county: Path) -> None:
    async def work(doors: Doors) -> None:
        answers = await asyncio.gather(*(take(doors, key="touch") for _ in range(5)))
        assert {(a.status, a.json["number"]) for a in answers} == {(201, "A001")}
        assert (await take(doors, key="touch")).json["number"] == "A001"
        assert (await take(doors, key="another")).code == "already_waiting"
        assert (await take(doors, OTHER, key="touch")).code == "idempotency_key_reused"
        assert len(doors.hall.tickets) == 1

    run(county, work)


def test_a_program_that_dies_between_ticket_and_mark_still_knows(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The claim written before the command finds the ticket by its first answer."""
    real = same_person.keep

    class Died(BaseException):
        """The power went."""

    async def dies(house: Any, ref: str, *told: Any, **more: Any) -> None:
        if not ref.startswith(same_person.CLAIM):
            raise Died
        await real(house, ref, *told, **more)

    async def first(doors: Doors) -> None:
        with monkeypatch.context() as dying:
            dying.setattr(same_person, "keep", dies)
            with pytest.raises(Died):
                await take(doors)
        assert len(doors.hall.tickets) == 1

    async def second(doors: Doors) -> None:
        assert (await take(doors)).code == "already_waiting"
        assert (await take(doors, OTHER)).status == 201

    run(county, first)
    run(county, second)


def test_nothing_happens_and_nothing_stays_when_a_rule_says_no(county: Path) -> None:
    async def work(doors: Doors) -> None:
        doors.clock.at = instant("2026-11-24T03:00:00.000+08:00")
        refused = await take(doors)
        assert refused.code == "line_closed"
        day = doors.hall.date_of(doors.clock.at)
        assert doors.house.vault.find_same(NUMBER, day=day) == []

    run(county, work)


@pytest.mark.parametrize("overnight", [True, False])
def test_tickets_kept_overnight_are_remembered_the_next_day(county: Path, overnight: bool) -> None:
    async def work(doors: Doors) -> None:
        kept = patched(doors.hall.settings, {"hours": {"keep_tickets_overnight": overnight}})
        await doors.engine.submit(ChangeSettings(settings=kept), doors.engine.stamp("console"))
        assert (await take(doors)).status == 201
        await doors.at_counter("close")
        doors.clock.at += 24 * 3600_000
        await doors.engine.tick()
        assert doors.hall.day == "2026-11-25"
        assert (await take(doors)).status == (409 if overnight else 201)

    run(county, work)


def test_the_vault_keeps_four_characters_and_nobody_else_any(county: Path) -> None:
    async def work(doors: Doors) -> None:
        issued = (await take(doors, visitor={"id_number": NUMBER, "name": "CANARY"})).json
        await take(doors)
        kept = doors.house.vault.get(issued["id"], who="test", why="test")
        assert (kept.id_number, kept.id_last_four, kept.name) == (None, "002X", "CANARY")

    run(county, work)
    for path in county.rglob("*"):
        if path.is_file():
            assert NUMBER.encode() not in path.read_bytes(), path
            assert b"CANARY" not in path.read_bytes(), path


def test_a_vault_that_says_no_is_told_and_the_same_key_asks_again(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(doors: Doors) -> None:
        def full(*_: Any, **__: Any) -> None:
            raise OSError("no space")

        for method in ("find_same", "put"):
            with monkeypatch.context() as broken:
                broken.setattr(doors.house.vault, method, full)
                assert (await take(doors, key="k")).code == "storage_unavailable"
            assert not doors.hall.tickets
        assert (await take(doors, key="k")).status == 201

    run(county, work)


def test_a_kiosk_finds_a_ticket_by_the_token_on_its_paper(county: Path) -> None:
    async def work(doors: Doors) -> None:
        ticket = await doors.take()
        token = ticket["url"].rpartition("/")[2]
        seen = await doors.happy("GET", f"{TICKETS}/{token}", "kiosk")
        assert (seen["id"], seen["state"]) == (ticket["id"], "waiting")
        assert (await doors.ask("GET", f"{TICKETS}/{token}", "clerk")).code == "unknown_ticket"
        assert (await doors.ask("GET", f"{TICKETS}/{token[:-2]}AA", "kiosk")).code == "unknown_ticket"
        assert (await doors.ask("POST", f"{TICKETS}/{token}/cancel", "kiosk", {})).code == "unknown_ticket"

    run(county, work)


def test_an_appointment_code_nobody_knows_is_told_so(county: Path) -> None:
    async def work(doors: Doors) -> None:
        for more in ({}, {"line": "A"}):
            answer = await doors.ask("POST", TICKETS, "kiosk", {"appointment": "481203"} | more)
            assert (answer.status, answer.code) == (404, "unknown_appointment")

    run(county, work)
