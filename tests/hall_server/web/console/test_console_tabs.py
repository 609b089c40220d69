"""窗口, 设备 and people: what a manager does with counters, devices and those who serve."""

from __future__ import annotations

import asyncio
import re
import time
from html import unescape
from pathlib import Path

import pytest
from console_hall import Console, console_of, words
from doors_material import Viewer

from hall_client.pairing import grouped as grouped_on_the_device
from hall_server.trust.pins import matches
from hall_server.web.console.pages.counters import JOINT, TICKED
from hall_server.web.console.pages.devices import grouped

LANGUAGES = ("zh-CN", "zh-TW", "en-GB")
LONG_MS = 46 * 60_000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "who"),
    [("counters", "manager"), ("counters?line=A", "manager"), ("counters/3", "auditor"), ("devices", "manager"),
     ("people", "manager"), ("people", "admin")],
)  # fmt: skip
def test_a_page_is_whole_in_every_language(county: Path, path: str, who: str, language: str) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            answer = await console.open(f"/console/{path}", who, language=language)
            shown = words(answer)
            assert answer.status == 200
            assert "{" not in shown
            assert "console." not in shown
            assert "style=" not in answer.body.decode()

    asyncio.run(story())


def were(console: Console, n: str) -> str:
    return JOINT.join(console.doors.hall.counters[n].lines)


def test_a_counter_takes_another_line_and_nobody_is_overwritten(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            hall = console.doors.hall
            ours, other = hall.counters["3"].lines[0], next(n for n in hall.lines if n not in hall.counters["3"].lines)
            fields = {"were": were(console, "3"), f"{TICKED}{ours}": "on", f"{TICKED}{other}": "on"}
            for _ in range(2):
                answer = await console.send("/console/counters/3/lines", fields, key="same")
                assert answer.headers["location"] == "/console/counters/3?said=lines_changed"
            assert hall.counters["3"].lines == [ours, other]
            seq = hall.seq
            late = await console.send("/console/counters/3/lines", fields | {f"{TICKED}{other}": "on"}, key="other")
            assert (late.status, hall.seq) == (303, seq), "the same again changes nothing"
            stale = {"were": "Z", f"{TICKED}{ours}": "on"}
            assert (await console.send("/console/counters/3/lines", stale)).status == 412
            assert hall.counters["3"].lines == [ours, other]
            strange = await console.send("/console/counters/3/lines", {"were": were(console, "3"), "serves-ZZ": "on"})
            assert strange.status == 404
            assert (await console.send("/console/counters/999/lines", {})).status == 404

    asyncio.run(story())


def test_a_long_wait_leads_to_a_further_counter_in_one_press(county: Path) -> None:
    """The alert leads to the page with the line chosen; one press there opens it at a counter."""

    async def story() -> None:
        async with console_of(county) as console:
            longer, ours = {"session": {"idle_min": 480}}, {"if-match": "*"}
            await console.doors.happy("PATCH", "/api/v1/settings", "manager", longer, headers=ours)
            await console.doors.take("A")
            console.doors.clock.at += LONG_MS
            floor = (await console.open("/console/floor")).body.decode()
            link = re.search(r'href="(/console/counters\?line=A)"', floor)
            assert link is not None
            page = (await console.open(link[1])).body.decode()
            first = re.search(r'<form method="post" action="([^"]+/further)".*?</form>', page, re.S)
            assert first is not None
            sent = dict(re.findall(r'name="(line|were)" value="([^"]*)"', first[0]))
            answer = await console.send(unescape(first[1]), {k: unescape(v) for k, v in sent.items()})
            assert answer.headers["location"] == "/console/counters?said=lines_changed"
            assert "A" in console.doors.hall.counters[first[1].split("/")[3]].lines

    asyncio.run(story())


def test_a_word_to_a_counter_is_seen_there_and_is_not_in_the_journal(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            for _ in range(2):
                answer = await console.send("/console/counters/3/message", {"words": "请帮二号窗口"}, key="one-word")
                assert answer.headers["location"] == "/console/counters/3?said=message_sent"
            (told,) = console.doors.hall.messages
            assert (told.counter, console.doors.house.words[told.id]) == ("3", "请帮二号窗口")
            assert console.doors.house.vault.get(told.id, who="test", why="test").text == "请帮二号窗口"  # type: ignore[union-attr]
            assert "请帮二号窗口".encode() not in (county / "journal.db").read_bytes()
            for wrong in ("", "x" * 201):
                assert (await console.send("/console/counters/3/message", {"words": wrong})).status == 400

    asyncio.run(story())


# ---------------------------------------------------------------- devices


def test_the_fingerprint_is_grouped_as_the_device_shows_it() -> None:
    fp = "0123456789abcdef" * 4
    assert grouped(fp) == grouped_on_the_device(fp) == "0123 4567 89AB CDEF"


def test_a_device_is_let_in_by_its_code_and_revoked_in_two_steps_without_touching_another(county: Path) -> None:
    """S2: pairing needs code, name and a compared fingerprint; revoking closes within 2 s and touches no other."""

    async def story() -> None:
        async with console_of(county) as console:
            doors = console.doors
            asked = await doors.happy("POST", "/api/v1/pairings", "anyone", {"role": "kiosk"})
            assert grouped(asked["fp"]) in words(await console.open("/console/devices"))
            right = {"code": asked["code"].lower(), "name": "东门取号机", "same": "on"}
            assert (await console.send("/console/devices/pair", right | {"same": ""})).status == 409
            assert (await console.send("/console/devices/pair", right | {"code": "AAA-AAA"})).status == 404
            assert (await console.send("/console/devices/pair", right | {"name": ""})).status == 400
            for _ in range(2):
                answer = await console.send("/console/devices/pair", right, key="one-pairing")
                assert answer.headers["location"] == "/console/devices?said=paired"
            claim = await doors.happy(
                "POST", f"/api/v1/pairings/{asked['id']}/claim", "anyone", {"secret": asked["secret"]}
            )
            ident, token = claim["device"], claim["token"]
            page = await console.open("/console/devices")
            assert "东门取号机" in words(page)
            other = await Viewer(doors, "kiosk:kiosk-t", doors.tokens["kiosk"]).shown()
            gone = await Viewer(doors, "kiosk:东门取号机", token).shown()
            assert gone.snapshots == other.snapshots == 1
            first = await console.open(f"/console/devices/{ident}/revoke")
            assert "东门取号机" in words(first)
            assert not doors.hall.devices[ident].revoked, "the first step only asks"
            began = time.monotonic()
            assert (await console.send(f"/console/devices/{ident}/revoke")).status == 303
            await gone.until(lambda v: v.closed is not None)
            took = time.monotonic() - began
            assert took < 2
            assert other.closed is None
            assert (await doors.ask("GET", "/api/v1/lines", token=token)).status == 401
            assert (await doors.ask("GET", "/api/v1/lines", "kiosk")).status == 200
            assert (await console.open(f"/console/devices/{ident}/revoke")).status == 404
            await other.leave()
            await gone.leave()

    asyncio.run(story())


def test_a_fault_says_what_to_do(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            since = "2026-11-24T09:00:00.000+08:00"
            told = [
                {"address": "escpos+usb", "state": "fault", "since": since, "faults": ["paper_out", "nack_7", "odd"]}
            ]
            await console.doors.happy("PUT", "/api/v1/devices/current/health", "kiosk", told)
            viewer = await Viewer(console.doors, "manager", console.doors.tokens["manager"]).shown()
            shown = (await console.open("/console/devices")).body.decode()
            assert "打开上盖装纸" in shown
            assert "代码 7" in shown
            assert "<p>odd</p>" in shown, "a word nobody knows is shown, not hidden"
            assert "2026-11-24 09:00" in shown
            await viewer.leave()

    asyncio.run(story())


# ---------------------------------------------------------------- people


def test_a_clerk_is_added_gets_a_pin_that_nobody_sees_and_is_disabled(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            doors = console.doors
            department = next(iter(doors.hall.departments))
            new = {"number": "9901", "department": department, "chief": "on"}
            assert (await console.send("/console/people/clerks", new)).status == 303
            assert doors.hall.clerks["9901"].chief
            assert (await console.send("/console/people/clerks", new)).status == 409
            assert (await console.send("/console/people/clerks", new | {"department": "无此部门"})).status == 404
            weak = await console.send("/console/people/clerks/pin", {"who": "9901", "pin": "12ab"})
            assert (weak.status, doors.house.credentials.pin_hash("9901")) == (400, None)
            secret = {"who": "9901", "pin": "730164"}
            answer = await console.send("/console/people/clerks/pin", secret, key="first-pin")
            assert answer.headers["location"] == "/console/people?said=pin_set"
            assert matches("730164", doors.house.credentials.pin_hash("9901"))
            await console.send("/console/people/clerks/pin", secret | {"pin": "264907"})
            await console.send("/console/people/clerks/pin", secret, key="first-pin")
            assert matches("264907", doors.house.credentials.pin_hash("9901")), "an old form brings no old PIN back"
            page = (await console.open("/console/people")).body.decode()
            assert "264907" not in page
            await doors.engine.flushed()
            journal = b"".join(p.read_bytes() for p in county.glob("journal.db*"))
            assert b"264907" not in journal
            assert (await console.send("/console/people/clerks/disable", {"who": "9901"})).status == 303
            assert not doors.hall.clerks["9901"].enabled

    asyncio.run(story())


def test_an_administrator_keeps_accounts_and_does_not_lock_himself_out(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            doors = console.doors
            assert (await console.open("/console", "admin")).headers["location"] == "/console/people"
            assert (await console.open("/console")).headers["location"] == "/console/floor"
            new = {"name": "li", "role": "auditor", "department": ""}
            assert (await console.send("/console/people/accounts", new, "admin")).status == 303
            assert doors.hall.accounts["li"].role == "auditor"
            assert (await console.send("/console/people/accounts", new | {"role": "king"}, "admin")).status == 400
            for weak in ("password1234", "li123456", "short"):
                sent = {"who": "li", "password": weak}
                assert (await console.send("/console/people/accounts/password", sent, "admin")).status == 400, weak
            good = {"who": "li", "password": "seven yellow umbrellas"}
            assert (await console.send("/console/people/accounts/password", good, "admin")).status == 303
            assert matches("seven yellow umbrellas", doors.house.credentials.password_hash("li"))
            assert (await console.send("/console/people/accounts/disable", {"who": "li"}, "admin")).status == 303
            assert not doors.hall.accounts["li"].enabled
            own = await console.send("/console/people/accounts/disable", {"who": "admin-t"}, "admin")
            assert (own.status, doors.hall.accounts["admin-t"].enabled) == (403, True)
            shown = words(await console.open("/console/people", "manager"))
            assert "admin-t" not in shown, "accounts are the administrator's"

    asyncio.run(story())
