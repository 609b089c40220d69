"""First inquiries through the doors (contract 3; domain.md 3; A3a)."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import apsw
import pytest
from doors_material import CLERK, COUNTER, MORNING, Doors, SetClock, Viewer, doors_of, opened_engine
from inquiries_material import NAME, PHONE, WORDS, account, as_killed, chief_of, clerk_at, files_with

from hall_server.core.day import TimePassed
from hall_server.core.hall import Hall, as_values
from hall_server.core.matters.deadlines import due_instant
from hall_server.core.stamp import instant, local
from hall_server.office import Office, perform
from hall_server.web.app import open_house
from hall_server.web.kept_words import let_go, recall

B, C = "0311", "0301"
ASK = {"matter": WORDS, "belongs_to": "counter", "visitor": {"name": NAME, "phone": PHONE}}


async def asked(doors: Doors, who: str = "clerk", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await doors.happy("POST", "/api/v1/inquiries", who, ASK | more)
    return made


async def mine(doors: Doors, who: str = "clerk") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await doors.happy("GET", "/api/v1/inquiries?mine", who))["inquiries"]
    return found


def test_from_the_first_question_to_the_answer(county: Path) -> None:
    """Contract 3: state, responsible, offered_to and chain at every step; `first_responsible` never changes."""

    async def work() -> None:
        async with doors_of(county) as doors:
            b, c = await clerk_at(doors, B, "4"), await clerk_at(doors, C, "1")
            made = await asked(doors)
            assert {k: made[k] for k in ("state", "first_responsible", "responsible", "offered_to", "chain")} == {
                "state": "open", "first_responsible": CLERK, "responsible": CLERK, "offered_to": None, "chain": [CLERK],
            }  # fmt: skip
            assert made["answered_at"] is None
            path = f"/api/v1/inquiries/{made['id']}"
            for who, to, other in (("clerk", B, b), (b, C, c)):
                offered = await doors.happy("POST", f"{path}/hand-over", who, {"to": to})
                assert (offered["state"], offered["offered_to"]) == ("handed_over", to)
                assert [i["id"] for i in await mine(doors, who)] == [made["id"]], "still his"
                assert [i["offered_to"] for i in await mine(doors, other)] == [to]
                taken = await doors.happy("POST", f"{path}/accept", other)
                assert (taken["state"], taken["responsible"]) == ("open", to)
            assert taken["chain"] == [CLERK, B, C]
            assert taken["first_responsible"] == CLERK
            told = await doors.happy("POST", f"{path}/answer", c, {"result": "告知窗口5", "one_time_notice": True})
            assert (told["state"], told["one_time_notice"]) == ("answered", "N2026-00001")
            assert told["answered_at"]
            assert not await mine(doors, c)
            events = (await doors.happy("GET", "/api/v1/events?limit=5000", "auditor"))["events"]
            kinds = [e["type"] for e in events if e["type"].startswith("inquiry_")]
            assert kinds == [
                "inquiry_opened", *("inquiry_handed_over", "inquiry_accepted") * 2, "inquiry_answered",
            ]  # fmt: skip

    asyncio.run(work())


def test_every_refusal_has_its_code_and_changes_nothing(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            b, c = await clerk_at(doors, B, "4"), await clerk_at(doors, C, "1")
            one, two = await asked(doors), await asked(doors)
            await doors.happy("POST", f"/api/v1/inquiries/{one['id']}/hand-over", "clerk", {"to": B})
            await doors.happy("POST", f"/api/v1/inquiries/{two['id']}/answer", "clerk", {"result": "x"})
            before = as_values(doors.hall)
            for who, verb, body, ident, expected in (
                ("clerk", "hand-over", {"to": CLERK}, one["id"], (409, "hand_over_to_oneself")),
                ("clerk", "hand-over", {"to": "0000"}, one["id"], (404, "unknown_clerk")),
                ("clerk", "hand-over", {"to": B}, one["id"], (409, "wrong_state")),
                (b, "hand-over", {"to": C}, one["id"], (403, "not_yours")),
                (c, "accept", {}, one["id"], (403, "not_yours")),
                ("clerk", "accept", {}, one["id"], (403, "not_yours")),
                (b, "answer", {"result": "x"}, one["id"], (403, "not_yours")),
                (c, "decline", {"reason": "away"}, one["id"], (403, "not_yours")),
                (c, "assign", {"to": B}, one["id"], (403, "not_yours")),
                ("clerk", "answer", {"result": "x"}, two["id"], (409, "wrong_state")),
                ("clerk", "hand-over", {"to": B}, two["id"], (409, "wrong_state")),
                (b, "accept", {}, two["id"], (409, "wrong_state")),
                ("clerk", "answer", {"result": ""}, one["id"], (400, "bad_request")),
                ("clerk", "answer", {}, one["id"], (400, "bad_request")),
                ("clerk", "accept", {}, "I2026-99999", (404, "unknown_inquiry")),
            ):  # fmt: skip
                answer = await doors.ask("POST", f"/api/v1/inquiries/{ident}/{verb}", who, body)
                assert (answer.status, answer.code) == expected, (who, verb, answer)
            for body, code in (
                (ASK | {"service": "S999"}, "unknown_service"), (ASK | {"belongs_to": "nobody"}, "bad_request"),
                ({"belongs_to": "own"}, "bad_request"), (ASK | {"ticket": "20261124-A999"}, "unknown_ticket"),
            ):  # fmt: skip
                answer = await doors.ask("POST", "/api/v1/inquiries", "clerk", body)
                assert answer.code == code, body
            assert as_values(doors.hall) == before

    asyncio.run(work())


def test_a_repeated_request_happens_once(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            first = await doors.ask("POST", "/api/v1/inquiries", "clerk", ASK, key="touch-1")
            again = await doors.ask("POST", "/api/v1/inquiries", "clerk", ASK, key="touch-1")
            assert (first.status, first.body) == (again.status, again.body)
            other = await doors.ask("POST", "/api/v1/inquiries", "clerk", ASK | {"belongs_to": "own"}, key="touch-1")
            assert (other.status, other.code) == (422, "idempotency_key_reused")
            assert (
                await doors.ask("POST", "/api/v1/inquiries", "clerk", ASK, key="")
            ).code == "idempotency_key_missing"
            assert len(doors.hall.inquiries) == 1

    asyncio.run(work())


def test_words_the_disk_refuses_are_told_and_kept_at_the_second_try(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:

            def full(*args: Any, **more: Any) -> None:
                raise apsw.FullError("disk full")

            with monkeypatch.context() as broken:
                broken.setattr(doors.house.vault, "put", full)
                answer = await doors.ask("POST", "/api/v1/inquiries", "clerk", ASK, key="touch-1")
                assert (answer.status, answer.code) == (503, "storage_unavailable")
            again = await doors.ask("POST", "/api/v1/inquiries", "clerk", ASK, key="touch-1")
            assert again.status == 201
            (inquiry,) = doors.hall.inquiries.values()
            kept = doors.house.vault.get(inquiry.id, who="test", why="test")
            assert kept is not None
            assert (again.json["id"], kept.text, kept.phone) == (inquiry.id, WORDS, PHONE)

    asyncio.run(work())


def test_words_of_what_is_open_outlive_the_purge(county: Path) -> None:
    """Kept while it is open, and gone with the rest once it has left the hall."""

    async def work() -> None:
        async with doors_of(county) as doors:
            made = await asked(doors)
            ticket = await doors.take(visitor={"name": NAME, "phone": PHONE})
            doors.clock.at += 40 * 86_400_000
            await doors.engine.submit(TimePassed(), doors.engine.stamp("hall"))
            await doors.house.clean(doors.hall.day)
            assert doors.house.vault.get(ticket["id"], who="test", why="test") is None
            kept = doors.house.vault.get(made["id"], who="test", why="test")
            assert kept is not None
            assert kept.text == WORDS
            again = await clerk_at(doors, CLERK, COUNTER)
            await doors.happy("POST", f"/api/v1/inquiries/{made['id']}/answer", again, {"result": "x"})
            for _ in range(2):
                doors.clock.at += 40 * 86_400_000
                await doors.engine.submit(TimePassed(), doors.engine.stamp("hall"))
                await doors.house.clean(doors.hall.day)
            let_go(doors.house)
            assert doors.house.vault.get(made["id"], who="test", why="test") is None
            assert made["id"] not in doors.house.words

    asyncio.run(work())


def test_words_and_visitors_are_in_the_vault_and_nowhere_else(county: Path, caplog: pytest.LogCaptureFixture) -> None:
    """domain.md 9: masked everywhere; the full telephone for whoever has to answer, and the look is recorded."""

    async def work() -> None:
        async with doors_of(county) as doors:
            b, c = await clerk_at(doors, B, "4"), await clerk_at(doors, C, "1")
            made = await asked(doors)
            path = f"/api/v1/inquiries/{made['id']}"
            await doors.happy("POST", f"{path}/hand-over", "clerk", {"to": B})
            await doors.happy("POST", f"{path}/decline", b, {"reason": f"{NAME}不归我管"})
            (seen,) = await mine(doors)
            assert (seen["matter"], seen["visitor"]) == (WORDS, "王* 139****5678")
            assert (seen["decline_reason"], seen["decline_words"]) == ("other", f"{NAME}不归我管")
            assert (await doors.ask("GET", path, c)).code == "unknown_inquiry", "it does not concern him"
            assert (await doors.ask("GET", f"{path}/visitor", b)).code == "unknown_inquiry"
            caplog.set_level(logging.INFO)
            full = await doors.happy("GET", f"{path}/visitor", "clerk")
            assert full == {"name": NAME, "phone": PHONE}
            looks = [r.getMessage() for r in caplog.records if "personal data was read" in r.getMessage()]
            assert len(looks) == 1
            assert f"clerk:{CLERK}" in looks[0]
            assert "answer_inquiry" in looks[0]
            await doors.happy("POST", f"{path}/answer", "clerk", {"result": f"已告知{NAME}"})
            await doors.engine.flushed()
            for mark in (WORDS, NAME, PHONE):
                assert files_with(county, mark) == set(), "sealed in personal.db, and in no other file"
            journal = json.dumps((await doors.happy("GET", "/api/v1/events?limit=5000", "auditor")), ensure_ascii=False)
            assert NAME not in journal
            assert PHONE not in journal
            shown = await doors.happy("GET", path, "clerk")
            assert shown["result"] == f"已告知{NAME}"

    asyncio.run(work())


def test_two_clerks_and_the_same_visitor(county: Path) -> None:
    """domain.md 3: two records, linkable, none lost."""

    async def work() -> None:
        async with doors_of(county) as doors:
            b = await clerk_at(doors, B, "4")
            one, two = await asyncio.gather(asked(doors), asked(doors, b))
            assert one["id"] != two["id"]
            other = await asked(doors, visitor={"phone": "13800000000"})
            seen = await doors.happy("GET", f"/api/v1/inquiries/{one['id']}", "clerk")
            assert seen["same_visitor"] == [two["id"]]
            assert (await doors.happy("GET", f"/api/v1/inquiries/{other['id']}", "clerk"))["same_visitor"] == []

    asyncio.run(work())


def test_the_screens_see_it_at_once(county: Path) -> None:
    """The column of the one it was handed to shows it with the commit."""

    async def work() -> None:
        async with doors_of(county) as doors:
            b = await clerk_at(doors, B, "4")
            own = await Viewer(doors, f"counter:{COUNTER}", doors.tokens["clerk"]).shown()
            his = await Viewer(doors, "counter:4", doors.tokens[b]).shown()
            made = await asked(doors)
            await doors.happy("POST", f"/api/v1/inquiries/{made['id']}/hand-over", "clerk", {"to": B})
            await asyncio.sleep(0)
            (entry,) = own.picture["inquiries"]["mine"]
            assert (entry["id"], entry["matter"], entry["offered_to"]) == (made["id"], WORDS, B)
            (incoming,) = his.picture["inquiries"]["incoming"]
            assert (incoming["id"], incoming["visitor"]) == (made["id"], "王* 139****5678")
            await doors.happy("POST", f"/api/v1/inquiries/{made['id']}/accept", b)
            await asyncio.sleep(0)
            assert own.picture["inquiries"]["mine"] == []
            assert [i["chain"] for i in his.picture["inquiries"]["mine"]] == [[CLERK, B]]
            await own.leave()
            await his.leave()

    asyncio.run(work())


def test_an_account_that_closes_loses_nothing(county: Path) -> None:
    """`hall-server clerk disable`: his open ones are the chief's, with all who saw them before."""

    async def work() -> None:
        async with doors_of(county) as doors:
            department = doors.hall.clerks[CLERK].department
            chief = await chief_of(doors, department)
            representative = await account(doors, "rep", "chief_representative", department)
            stranger = await account(doors, "rep2", "chief_representative", "another")
            made = await asked(doors)
            office = Office(doors.house.data, doors.engine, doors.house.credentials)
            await perform(office, "clerk_disable", {"clerk": CLERK})
            (his,) = await mine(doors, chief)
            assert (his["id"], his["chain"], his["first_responsible"]) == (made["id"], [CLERK, "0999"], CLERK)
            assert his["matter"] == WORDS
            assert (await doors.ask("POST", "/api/v1/inquiries", "clerk", ASK)).code == "not_signed_in"
            path = f"/api/v1/inquiries/{made['id']}/assign"
            assert (await doors.ask("POST", path, stranger, {"to": B})).code == "not_yours"
            assigned = await doors.happy("POST", path, representative, {"to": B})
            assert assigned["responsible"] == B
            found = (await doors.happy("GET", "/api/v1/inquiries", representative))["inquiries"]
            same_house = doors.hall.clerks[B].department == department
            assert [i["id"] for i in found] == ([made["id"]] if same_house else []), "with whom it is now"

    asyncio.run(work())


def test_a_late_hand_over_is_before_the_chief_and_on_the_managers_list(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            chief = await chief_of(doors, doors.hall.clerks[CLERK].department)
            made = await asked(doors)
            offered = await doors.happy("POST", f"/api/v1/inquiries/{made['id']}/hand-over", "clerk", {"to": B})
            today = local(doors.clock.now(), doors.hall.zone).date()
            assert instant(offered["accept_due"]) == due_instant(doors.hall, start=today, days=1)
            assert (await doors.happy("GET", "/api/v1/inquiries?chief", chief))["inquiries"] == []
            doors.clock.at = instant(offered["accept_due"]) + 1000
            doors.house.last_used.clear()
            chief = await clerk_at(doors, "0999", "5")
            (late,) = (await doors.happy("GET", "/api/v1/inquiries?chief", chief))["inquiries"]
            assert (late["id"], late["overdue"], late["responsible"]) == (made["id"], True, CLERK)
            sight = doors.house.eyes.sight(doors.hall)
            from hall_server.core.pictures.manager import manager_picture

            codes = {a.code: a.values for a in manager_picture(doors.hall, sight).alerts}
            assert codes["hand_over_overdue"]["no"] == made["id"]

    asyncio.run(work())


def test_killed_and_started_again_everybody_is_as_responsible_as_before(county: Path, tmp_path: Path) -> None:
    """Lists and chains are the same after a kill at each step, and the words are found again."""

    def registers(hall: Hall) -> tuple[Any, Any, Any]:
        values = as_values(hall)
        return values["inquiries"], values["inquiries_answered"], values["register_counts"]

    async def work() -> None:
        copies: list[tuple[Path, Any]] = []
        async with doors_of(county) as doors:
            b = await clerk_at(doors, B, "4")
            path = f"/api/v1/inquiries/{(await asked(doors))['id']}"
            for who, verb, body in (
                ("clerk", "", None),
                ("clerk", "hand-over", {"to": B}),
                (b, "accept", None),
                (b, "answer", {"result": "done", "one_time_notice": True}),
            ):
                if verb:
                    await doors.happy("POST", f"{path}/{verb}", who, body)
                await doors.engine.flushed()
                copies.append((as_killed(county, tmp_path / f"killed-{len(copies)}"), registers(doors.hall)))
        for copy, before in copies:
            engine = opened_engine(copy, SetClock(instant(MORNING)), None)
            house = open_house(copy, engine)
            try:
                assert registers(engine.hall) == before, copy.name
                recall(house)
                assert house.words[path.rsplit("/", 1)[1]] == WORDS
                let_go(house)
                assert house.words[path.rsplit("/", 1)[1]] == WORDS, "let go of when nobody sees it any more"
            finally:
                house.close()
                engine.close()

    asyncio.run(work())
