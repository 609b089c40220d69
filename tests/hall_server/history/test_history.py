"""Replay and why: the hall at any row is what it was, and every order has its reason (domain.md A11d, A11b)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from doors_material import Doors, doors_of

from hall_protocol.refusals import Refused
from hall_server.core.hall import Hall, encode
from hall_server.core.stamp import instant
from hall_server.history.past import Past
from hall_server.history.why import why

API = "/api/v1"
DAY = "2026-11-24"
MINUTE = 60_000


async def take(doors: Doors, klass: str = "ordinary", line: str = "A") -> str:
    doors.clock.at += MINUTE
    made = await doors.happy("POST", f"{API}/tickets", "kiosk", {"line": line, "priority_class": klass})
    return str(made["number"])


async def at_counter(doors: Doors, verb: str, body: object = None) -> dict[str, object]:
    doors.clock.at += MINUTE
    done = await doors.ask("POST", f"{API}/counters/3/{verb}", "clerk", body)
    assert done.status == 200, done.body
    return done.json["ticket"]  # type: ignore[no-any-return]


async def serve_next(doors: Doors) -> str:
    called = await at_counter(doors, "call-next")
    await at_counter(doors, "begin")
    await at_counter(doors, "finish", {})
    return str(called["number"])


def test_a_head_start_is_explained_with_its_minutes_and_the_settings_of_that_moment(county: Path) -> None:
    """A11d: for any call of the day the report says why that ticket came next."""

    async def story() -> None:
        async with doors_of(county) as doors:
            first, second, elder = await take(doors), await take(doors), await take(doors, "elder")
            version = doors.hall.settings_version
            assert await serve_next(doors) == elder
            patch = {"queue": {"head_start_min": 0}}
            changed = await doors.ask("PATCH", f"{API}/settings", "manager", patch, headers={"If-Match": "*"})
            assert changed.status == 200
            assert await serve_next(doors) == first
            asked = f"{API}/why?ticket={elder}&before={first}"
            told = (await doors.ask("GET", asked, "manager")).json
            assert (told["answer"], told["values"]["class"], told["values"]["minutes"]) == ("head_start", "elder", "15")
            assert told["settings"] == version, "the rule of that moment, not of now"
            assert told["rule"]["head_start_min"] == 15
            assert told["counts_from"][elder] < told["counts_from"][first]
            assert [e["type"] for e in told["events"]] == ["ticket_issued", "ticket_issued", "ticket_called"]
            assert told["seq"] == told["events"][-1]["seq"]
            later = (await doors.ask("GET", f"{API}/why?ticket={first}&before={second}", "auditor")).json
            assert later["answer"] == "came_earlier"
            turned = (await doors.ask("GET", f"{API}/why?ticket={first}&before={elder}", "manager")).json
            assert turned["answer"] == "called_later"
            waiting = (await doors.ask("GET", f"{API}/why?ticket={second}&before={first}", "manager")).json
            assert waiting["answer"] == "not_called"

    asyncio.run(story())


def test_every_other_reason_has_its_own_answer(county: Path) -> None:
    async def story() -> None:
        async with doors_of(county) as doors:
            a, b, c = await take(doors), await take(doors), await take(doors)
            other = await take(doors, line="B")
            await at_counter(doors, "call", {"number": c, "reason": "manager"})
            await at_counter(doors, "return", {"reason": "mistake"})
            assert str((await at_counter(doors, "call-next"))["number"]) == c
            await at_counter(doors, "begin")
            await at_counter(doors, "finish", {})
            await at_counter(doors, "call-next")
            late = await take(doors)

            async def answer(ticket: str, before: str) -> str:
                told = await doors.ask("GET", f"{API}/why?ticket={ticket}&before={before}", "manager")
                assert told.status == 200, told.body
                return str(told.json["answer"])

            assert await answer(c, a) == "by_number"
            assert await answer(a, other) == "other_lines"
            assert await answer(a, late) == "not_there_yet"
            cancelled = await doors.ask("POST", f"{API}/tickets/{DAY.replace('-', '')}-{b}/cancel", "kiosk", {})
            assert cancelled.status == 200
            await at_counter(doors, "begin")
            await at_counter(doors, "finish", {})
            await at_counter(doors, "call-next")
            assert await answer(late, b) == "not_waiting"
            unknown = await doors.ask("GET", f"{API}/why?ticket={a}&before=Z999", "manager")
            assert (unknown.status, unknown.json["code"]) == (404, "unknown_ticket")
            assert (await doors.ask("GET", f"{API}/why?ticket={a}&before={b}", "clerk")).status == 403

    asyncio.run(story())


def test_the_hall_at_every_row_is_what_the_rows_before_it_say(county: Path) -> None:
    """A11b: with kept days or without, forwards and backwards."""

    async def story() -> None:
        async with doors_of(county) as doors:
            for _ in range(4):
                await take(doors)
            await serve_next(doors)
            states: dict[int, bytes] = {}
            rows = list(doors.engine.journal.replay(0))
            hall = Hall()
            from hall_server.engine import apply_row

            for row in rows:
                apply_row(hall, row)
                states[row.seq] = encode(hall)
            doors.clock.at = instant("2026-11-25T10:00:00.000+08:00")
            await doors.engine.tick()
            with Past(county) as past:
                for seq in sorted(states, key=lambda n: (n % 5, -n))[:40]:
                    assert encode(past.hall_after(seq)) == states[seq], seq
                assert past.keep_start_of(DAY)
                assert not past.keep_start_of(DAY), "once"
                assert not past.keep_start_of("2026-11-23"), "the first day begins before everything"
                for seq in sorted(states)[-30:]:
                    assert encode(past.hall_after(seq)) == states[seq], seq
                (kept,) = (county / "snapshots" / "days").iterdir()
                kept.write_bytes(kept.read_bytes()[:-1])
                assert encode(past.hall_after(len(rows))) == states[len(rows)], "a torn one is not believed"

    asyncio.run(story())


def test_a_day_is_found_by_its_rows(county: Path) -> None:
    async def story() -> None:
        async with doors_of(county) as doors:
            number = await take(doors)
            told = await doors.ask("GET", f"{API}/replay?day={DAY}", "manager")
            assert told.status == 200, told.body
            day = told.json
            assert day["then"]["seq"] == day["first"] - 1
            assert day["then"]["lines"]["A"]["waiting"] == 0
            issued = next(e for e in day["events"] if e[2] == "ticket_issued")
            assert issued[3:5] == [number, "A"]
            at = await doors.ask("GET", f"{API}/replay?day={DAY}&seq={issued[0]}&events=false", "auditor")
            assert at.json["events"] == []
            assert at.json["then"]["lines"]["A"]["next"] == [number]
            assert at.json["then"]["counters"]["3"]["state"] == "open"
            for wrong, code in (
                (f"day={DAY}&seq=999999", "bad_request"),
                ("day=2026-02-30", "bad_request"),
                ("day=2026-11-20", "unknown_day"),
            ):
                refused = await doors.ask("GET", f"{API}/replay?{wrong}", "manager")
                assert refused.json["code"] == code, wrong

    asyncio.run(story())


def test_nothing_is_explained_about_a_day_nobody_lived(county: Path) -> None:
    with Past(county) as past:
        assert past.span("2026-11-20") is None
        span = past.span("2026-11-23")
        assert span is not None
        assert span.first == 1
        with pytest.raises(Refused, match="unknown_ticket"):
            why(past, day="2026-11-20", ticket="A001", before="A002")
