"""Cases through the doors: receipt, acts, the public board, the masked status, cards; and what must not be told."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw
import pytest
from doors_material import CLERK, Answer, Doors, Viewer, doors_of

from hall_server.core.day import TimePassed
from hall_server.core.oversight.authorisation import GrantLetter, Letter
from hall_server.core.people.account import AddClerk
from hall_server.core.people.session import SignInAccount, SignInClerk
from hall_server.core.stamp import instant

API = "/api/v1"
NAME, PHONE, IDENTITY = "欧阳标记甲", "13977770001", "510000199001019998"
APPLICANT = {"name": NAME, "phone": PHONE, "id_number": IDENTITY}


def item(doors: Doors, *, handling: str = "committed", licence: bool = False) -> str:
    """An item with documents and without them, as the sample county has it."""
    found = (
        s.service
        for s in doors.hall.services.values()
        if s.handling == handling and (s.type_code == "01") == licence and s.materials and s.state == "in_use"
    )
    return next(found)


async def chief_of(doors: Doors, department: str) -> str:
    """A chief representative signs in at counter 3; the clerk there has left."""
    engine = doors.engine
    await engine.submit(AddClerk(number="0990", department=department, chief=True), engine.stamp("console"))
    device = doors.hall.device_named("counter-t")
    assert device is not None
    other = next(n for n in doors.hall.counters if n not in ("3",))
    stamp = engine.stamp("console", device=device.id, counter=other)
    begun = await engine.submit(SignInClerk(clerk="0990", counter=other), stamp)
    token = doors.house.seals.seal("session", begun.events[-1].session)  # type: ignore[attr-defined]
    doors.tokens["chief"] = token
    return token


async def receive(doors: Doors, who: str = "clerk", **body: Any) -> dict[str, Any]:
    made: dict[str, Any] = await doors.happy("POST", f"{API}/cases", who, {"service": item(doors), **body})
    return made


async def act(doors: Doors, no: str, name: str, body: Any = None, who: str = "clerk") -> Answer:
    return await doors.ask("POST", f"{API}/cases/{no}/{name}", who, body)


async def pass_to(doors: Doors, clock: str) -> None:
    """It is that time; the server looks at its clock."""
    doors.clock.at = instant(clock)
    await doors.engine.submit(TimePassed(), doors.engine.stamp("hall"))
    doors.hub.refresh(tickets=True)
    for role in ("manager", "auditor"):  # their sessions ended with the days that went by
        begun = await doors.engine.submit(SignInAccount(name=f"{role}-t"), doors.engine.stamp("console"))
        doors.tokens[role] = doors.house.seals.seal("session", begun.events[-1].session)  # type: ignore[attr-defined]


async def status(doors: Doors, no: str, check_code: str) -> Answer:
    return await doors.ask("POST", f"{API}/case-status", "anyone", {"no": no, "check_code": check_code}, key="")


def test_a_promise_is_the_same_date_everywhere(county: Path) -> None:
    """A3b, A4f: made at the counter it is on the receipt, the wall, the board, the status and the ticket's page."""

    async def story() -> None:
        async with doors_of(county) as doors:
            ticket = await doors.take()
            wall = await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()
            page = await Viewer(doors, f"ticket:{ticket['url'].rsplit('/', 1)[1]}", None).shown()
            begun = time.monotonic()
            made = await receive(doors, applicant=APPLICANT, ticket=ticket["id"], show_name=True, accept=True)
            due = made["promised_due"]
            assert made["state"] == "accepted"
            assert due.endswith("T16:30:00.000+08:00")
            await wall.until(lambda v: any(row["no"] == made["no"] for row in v.picture["board"]))
            assert time.monotonic() - begun < 2, "A4f: on the wall in under two seconds"
            await page.until(lambda v: bool(v.picture["cases"]))
            doors.hub.refresh(tickets=True)
            await wall.until(lambda v: v.picture["board"][0].get("applicant") == "欧*")
            (row,) = await doors.happy("GET", f"{API}/board", "anyone")
            told = (await status(doors, made["no"], made["check_code"])).json
            listed = (await doors.happy("GET", f"{API}/cases", "clerk"))["cases"][0]
            shown = [wall.picture["board"][0], page.picture["cases"][0], row, told, listed]
            assert [one["promised_due"] for one in shown] == [due] * 5
            assert {row["applicant"], told["applicant"], wall.picture["board"][0]["applicant"]} == {"欧*"}
            await wall.leave()
            await page.leave()

    asyncio.run(story())


def test_the_check_code_is_told_once_and_opens_the_status(county: Path) -> None:
    """A3b: a wrong check code tells nothing about whether the number exists."""

    async def story() -> None:
        async with doors_of(county) as doors:
            body = {"service": item(doors), "applicant": APPLICANT}
            first = await doors.ask("POST", f"{API}/cases", "clerk", body, key="press-1")
            again = await doors.ask("POST", f"{API}/cases", "clerk", body, key="press-1")
            assert (first.status, first.body) == (201, again.body)
            made = first.json
            assert len(made["check_code"]) == 8
            assert "/c/" in made["url"]
            code = made["check_code"]
            seen = await doors.happy("GET", f"{API}/cases/{made['no']}", "clerk")
            assert "check_code" not in seen
            typed = f" {code[:4].lower()}-{code[4:]} "
            assert (await status(doors, made["no"], typed)).json["no"] == made["no"]
            other = await receive(doors)
            wrong = [
                await status(doors, made["no"], "22222222"),
                await status(doors, other["no"], code),
                await status(doors, "20261124-9999", code),
                await status(doors, "not a number", "x"),
            ]
            assert {(a.status, a.code, a.body) for a in wrong} == {(404, "unknown_case", wrong[0].body)}
            for scanned in (made["url"], made["url"].rsplit("/", 1)[1]):
                told = await doors.happy("POST", f"{API}/case-status", "kiosk", {"token": scanned}, key="")
                assert told["no"] == made["no"]
            for body in ({"token": "x"}, {"token": made["url"], "no": other["no"]}, {}, {"check_code": code}):
                answer = await doors.ask("POST", f"{API}/case-status", "anyone", body, key="")
                assert (answer.status, answer.body) == (404, wrong[0].body), body
            events = await doors.ask("GET", f"{API}/events?after=0&limit=1000", "auditor")
            for secret in (code, NAME, PHONE, IDENTITY):
                assert secret not in events.body.decode()
        for path in county.rglob("*"):
            if path.is_file():
                found = [s for s in (code, NAME, PHONE, IDENTITY) if s.encode() in path.read_bytes()]
                assert not found, f"{path.name} tells {found}"

    asyncio.run(story())


def test_a_status_is_masked(county: Path) -> None:
    """Section 9: first character and one star; no telephone, no clerk, no document; companies in full by a setting."""

    async def story() -> None:
        async with doors_of(county) as doors:
            person = await receive(doors, applicant=APPLICANT, accept=True)
            firm = await receive(doors, applicant={"name": "示例建筑有限公司"}, accept=True)
            nobody = await receive(doors, accept=True)
            found = {}
            for made in (person, firm, nobody):
                answer = await status(doors, made["no"], made["check_code"])
                found[made["no"]] = answer.json["applicant"]
                text = answer.body.decode()
                assert not any(s in text for s in (NAME, PHONE, IDENTITY, CLERK, '"documents"', '"cards"'))
            assert list(found.values()) == ["欧*", "示例建筑有限公司", None]
            etag = (await doors.ask("GET", f"{API}/settings", "manager")).headers["etag"]
            await doors.happy(
                "PATCH", f"{API}/settings", "manager", {"cases": {"companies_in_full": False}},
                headers={"if-match": etag},
            )  # fmt: skip
            assert (await status(doors, firm["no"], firm["check_code"])).json["applicant"] == "示*"
            assert [row["applicant"] for row in await doors.happy("GET", f"{API}/board", "anyone")] == [None] * 3

    asyncio.run(story())


def test_the_whole_way_of_a_case(county: Path) -> None:
    """Contract 3: every route of a case, the state it answers, its clock and its light."""

    async def story() -> None:
        async with doors_of(county) as doors:
            made = await receive(doors, documents=[], form="by_appointment", channel="phone")
            no, department = made["no"], made["department"]
            await chief_of(doors, department)
            names = [m.name for m in doors.hall.services[made["service"]].materials]
            said = []
            for name, body, who in (
                ("supplement", {"missing": names}, "clerk"),
                ("accept", None, "clerk"),
                ("extend", {"days": 3, "reason": "complex", "notice_no": "通知〔2026〕1号"}, "chief"),
                ("pause", {"reason": "hearing", "notice_no": "通知〔2026〕2号"}, "chief"),
                ("resume", None, "integrator"),
                ("report-up", {"to": "city", "receipt": "R-7"}, "integrator"),
                ("reported-answer", {"outcome": "granted"}, "integrator"),
                ("deliver", None, "clerk"),
            ):
                answer = await act(doors, no, name, body, who)
                assert answer.status == 200, (name, answer)
                case = answer.json
                said.append((case["state"], case["clock"], case["light"], case["promised_due"] is not None))
            assert said == [
                ("supplementing", "not_started", "green", False),
                ("accepted", "running", "green", True),
                ("accepted", "running", "green", True),
                ("paused", "stopped", "green", False),
                ("accepted", "running", "green", True),
                ("reported_up", "running", "green", True),
                ("decided", "ended", "green", True),
                ("delivered", "ended", "green", True),
            ]
            assert (case["form"], case["channel"], case["outcome"], case["place"]) == (
                "by_appointment", "phone", "granted", "department",
            )  # fmt: skip
            assert case["pauses"] == [
                {"from": "2026-11-24", "to": "2026-11-24", "reason_code": "hearing", "notice_no": "通知〔2026〕2号"}
            ]
            for state, name, body in (("withdrawn", "withdraw", "申请人要求"), ("void", "void", "double_entry")):
                other = await receive(doors)
                assert (await act(doors, other["no"], name, {"reason": body})).json["state"] == state
            other = await receive(doors)
            assert (await act(doors, other["no"], "not-accept", {"reason": "x"})).json["state"] == "not_accepted"

    asyncio.run(story())


def test_bad_input_has_its_own_codes_and_changes_nothing(county: Path) -> None:
    """A pause without reason, a due date by hand, a case for an unknown item, a card without cause: each its code."""

    async def story() -> None:
        async with doors_of(county) as doors:
            made = await receive(doors, accept=True)
            no = made["no"]
            await chief_of(doors, made["department"])
            seq = doors.hall.seq
            service, outcome = item(doors), {"outcome": "granted"}
            tries: list[tuple[str, str, Any, int, str]] = [
                ("clerk", "cases", {"service": "S999"}, 404, "unknown_service"),
                ("clerk", "cases", {"service": service, "promised_due": "2027-01-01"}, 400, "due_by_hand"),
                ("clerk", "cases", {"service": service, "documents": ["没有的材料"]}, 404, "unknown_document"),
                ("clerk", "cases", {"service": service, "form": "unheard"}, 400, "bad_request"),
                ("clerk", "cases", {"service": service, "received_at": "yesterday at ten, about"}, 400, "bad_request"),
                ("clerk", "cases", {"service": service, "decide": outcome, "documents": []}, 409, "documents_missing"),
                ("chief", f"cases/{no}/pause", {}, 400, "reason_missing"),
                ("chief", f"cases/{no}/pause", {"reason": "hearing"}, 400, "notice_missing"),
                ("clerk", f"cases/{no}/pause", {"reason": "hearing", "notice_no": "N1"}, 403, "not_authorised"),
                ("integrator", f"cases/{no}/pause", {"reason": "hearing", "notice_no": "N1"}, 403, "not_allowed"),
                ("chief", f"cases/{no}/extend", {"days": 99, "reason": "x", "notice_no": "N1"},
                 409, "extension_too_long"),
                ("chief", f"cases/{no}/extend", {"days": 1, "reason": "x", "notice_no": "N1", "statutory_due": "x"},
                 400, "due_by_hand"),
                ("clerk", f"cases/{no}/accept", None, 409, "wrong_state"),
                ("clerk", f"cases/{no}/deliver", None, 409, "wrong_state"),
                ("clerk", f"cases/{no}/step", {"step": 199}, 404, "unknown_step"),
                ("clerk", f"cases/{no}/decide", {"outcome": "maybe"}, 400, "bad_request"),
                ("clerk", f"cases/{no}/withdraw", {}, 400, "reason_missing"),
                ("clerk", "cases/20260101-0001/accept", None, 404, "unknown_case"),
                ("manager", f"cases/{no}/deliver", None, 403, "not_allowed"),
                ("auditor", f"cases/{no}/void", {"reason": "x"}, 403, "not_allowed"),
                ("anyone", "cases", {"service": service}, 401, "not_signed_in"),
                ("auditor", "cards", {"case": no}, 400, "card_without_cause"),
                ("clerk", "cards", {"case": no, "cause": "other"}, 403, "not_allowed"),
                ("manager", f"cards/{no}-1/revoke", {"reason": "x", "evidence": "1"}, 403, "not_allowed"),
                ("auditor", f"cards/{no}-1/revoke", {"reason": "x", "evidence": "1"}, 404, "unknown_card"),
            ]  # fmt: skip
            for who, path, body, status_code, code in tries:
                answer = await doors.ask("POST", f"{API}/{path}", who, body)
                assert (answer.status, answer.code) == (status_code, code), (who, path, body, answer)
            assert doors.hall.seq == seq

    asyncio.run(story())


def test_words_about_a_case_are_in_the_vault_and_nowhere_else(county: Path) -> None:
    """The journal has codes: what was typed as a reason may name somebody."""

    async def story() -> None:
        async with doors_of(county) as doors:
            made = await receive(doors)
            words = f"{NAME} 电话 {PHONE} 要求撤回"
            await act(doors, made["no"], "withdraw", {"reason": words})
            events = await doors.ask("GET", f"{API}/events?after=0&limit=1000", "auditor")
            assert NAME not in events.body.decode()
            ended = [e for e in events.json["events"] if e["type"] == "case_withdrawn"]
            assert [e["data"]["reason_code"] for e in ended] == ["other"]
            kept = doors.house.vault.get(f"case:{made['no']}/withdraw", who="test", why="test")
            assert kept is not None
            assert kept.text == words

    asyncio.run(story())


def test_cards_rise_with_the_clock_and_an_auditor_revokes_them(county: Path) -> None:
    """A3c: a card links to what caused it; revoked it stays in the register, counted apart."""

    async def story() -> None:
        async with doors_of(county) as doors:
            made = await receive(doors, accept=True)
            wall = await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()
            await pass_to(doors, made["promised_due"])
            await wall.until(lambda v: v.picture["board"][0]["light"] == "yellow")
            register = await doors.happy("GET", f"{API}/cards", "manager")
            (card,) = register["cards"]
            assert (card["case"], card["level"], card["cause"]) == (made["no"], "yellow", "promised_limit_passed")
            assert card["due_at"] == card["true_at"] == made["promised_due"]
            assert (register["standing"], register["revoked"]) == (1, 0)
            raised = {"case": made["no"], "cause": "unlawful_fee", "level": "red"}
            red = await doors.happy("POST", f"{API}/cards", "auditor", raised)
            await wall.until(lambda v: v.picture["board"][0]["light"] == "red")
            body = {"reason": f"{NAME} 未收费", "evidence": "seq:12"}
            done = await doors.happy("POST", f"{API}/cards/{red['id']}/revoke", "auditor", body)
            assert (done["revoked_at"] is not None, done["reason_code"]) == (True, "other")
            await wall.until(lambda v: v.picture["board"][0]["light"] == "yellow")
            register = await doors.happy("GET", f"{API}/cards?case={made['no']}", "auditor")
            assert (register["standing"], register["revoked"]) == (1, 1)
            again = await doors.ask("POST", f"{API}/cards/{red['id']}/revoke", "auditor", body)
            assert (again.status, again.code) == (409, "wrong_state")
            case = await doors.happy("GET", f"{API}/cases/{made['no']}", "auditor")
            assert (case["promised_due"], len(case["cards"])) == (made["promised_due"], 2)
            await wall.leave()

    asyncio.run(story())


def test_on_the_spot_is_one_request_under_a_letter(county: Path) -> None:
    """A5a: in one act; without the letter nothing of it happens; the department's own decision is not on site."""

    async def story() -> None:
        async with doors_of(county) as doors:
            service = item(doors, handling="on_the_spot")
            doors.hall.letters.clear()
            seq = doors.hall.seq
            body = {"service": service, "decide": {"outcome": "granted"}}
            refused = await doors.ask("POST", f"{API}/cases", "clerk", body)
            assert (refused.status, refused.code, doors.hall.seq) == (403, "not_authorised", seq)
            typed = {"service": service, "decide": {"outcome": "granted", "place": "department"}}
            made = await doors.happy("POST", f"{API}/cases", "clerk", typed)
            assert (made["state"], made["place"], made["promised_days"]) == ("decided", "department", 0)
            letter = Letter(letter="T1", services=(service,), holder=CLERK, powers=("decide",), valid_from="2026-01-01")
            await doors.engine.submit(GrantLetter(letter=letter), doors.engine.stamp("console"))
            seen = await doors.happy("GET", f"{API}/cases/preview?service={service}", "clerk")
            assert (seen["may_decide"], seen["promised_due"]) == (True, made["promised_due"])
            made = await doors.happy("POST", f"{API}/cases", "clerk", body)
            assert (made["state"], made["place"]) == ("decided", "counter")
            unknown = await doors.ask("GET", f"{API}/cases/preview?service=S999", "clerk")
            assert (unknown.status, unknown.code) == (404, "unknown_service")

    asyncio.run(story())


def test_a_case_comes_from_the_integrator_with_the_same_result(county: Path) -> None:
    """A3d: by HTTP from another system; its decision is the department's."""

    async def story() -> None:
        async with doors_of(county) as doors:
            by_clerk = await receive(doors, accept=True)
            made = await receive(doors, "integrator", accept=True, received_at="2026-11-23T15:00:00.000+08:00")
            same = ("promised_due", "statutory_due", "department", "state", "accepted_on")
            assert [made[k] for k in same] == [by_clerk[k] for k in same]
            assert (made["channel"], made["clerk"], made["received_at"]) == (
                "integrator", None, "2026-11-23T15:00:00.000+08:00",
            )  # fmt: skip
            twice = {"service": item(doors), "reference": "JZ-2026-1"}
            first = await doors.happy("POST", f"{API}/cases", "integrator", twice)
            again = await doors.ask("POST", f"{API}/cases", "integrator", twice)
            assert (again.status, again.code, again.json["values"]) == (409, "already_received", {"no": first["no"]})
            answer = await act(doors, made["no"], "decide", {"outcome": "denied"}, "integrator")
            assert (answer.json["outcome"], answer.json["place"]) == ("denied", "department")

    asyncio.run(story())


def test_cases_are_found_by_whose_they_are_and_how_they_stand(county: Path) -> None:
    """The clerk's list: own, of a department, in a state, by any part of the number; worst first."""

    async def story() -> None:
        async with doors_of(county) as doors:
            own = await receive(doors, accept=True)
            other = await receive(doors, "integrator")
            gone = await receive(doors)
            await act(doors, gone["no"], "void", {"reason": "double_entry"})
            for query, found in (
                ("", [own, other]), ("?mine=yes", [own]), ("?state=void", [gone]), ("?state=received", [other]),
                (f"?department={quote(own['department'])}", [own, other]), ("?department=none", []),
                (f"?no={gone['no'][-4:]}", [gone]),
            ):  # fmt: skip
                listed = await doors.happy("GET", f"{API}/cases{query}", "clerk")
                assert [c["no"] for c in listed["cases"]] == [c["no"] for c in found], query
                assert listed["more"] is False

    asyncio.run(story())


def test_killed_and_started_again_lights_and_dates_are_the_same(county: Path) -> None:
    """It is done when: killing the server at any step of a case and restarting shows the same lights and due dates."""

    async def story() -> None:
        async with doors_of(county) as doors:
            made = [await receive(doors, accept=True, show_name=True, applicant=APPLICANT) for _ in range(3)]
            await chief_of(doors, made[0]["department"])
            await act(doors, made[1]["no"], "pause", {"reason": "hearing", "notice_no": "N1"}, "chief")
            await pass_to(doors, made[0]["promised_due"])
            before = await doors.happy("GET", f"{API}/board", "anyone")
            assert [row["light"] for row in before] == ["yellow", "yellow", "green"]
        async with doors_of(county, at=made[0]["promised_due"]) as doors:
            assert await doors.happy("GET", f"{API}/board", "anyone") == before

    asyncio.run(story())


def test_whose_case_it_is_sees_the_counter_alone_and_the_look_is_on_record(
    county: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Section 9: the full value only on the one screen that needs it, and the look is recorded."""

    async def story() -> None:
        async with doors_of(county) as doors:
            made = await receive(doors, applicant=APPLICANT)
            path = f"{API}/cases/{made['no']}/applicant"
            caplog.set_level("INFO")
            seen = await doors.happy("GET", path, "clerk")
            assert seen == {"name": NAME, "phone": PHONE, "id_number": "510***********9998"}
            assert f"who='clerk:{CLERK}'" in caplog.text
            assert NAME not in caplog.text
            for who in ("integrator", "manager", "auditor", "kiosk", "wall"):
                assert (await doors.ask("GET", path, who)).status == 403, who
            await chief_of(doors, "咨询导办台")
            stranger = await doors.ask("GET", path, "chief")
            assert (stranger.status, stranger.code) == (403, "not_authorised")
            unknown = await doors.ask("GET", f"{API}/cases/x/applicant", "clerk")
            assert (unknown.status, unknown.code) == (404, "unknown_case")

    asyncio.run(story())


def test_when_the_vault_says_no_the_same_key_keeps_the_name_at_the_second_try(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 `storage_unavailable`; the case is there once, and whose it is as well."""

    async def story() -> None:
        async with doors_of(county) as doors:
            body = {"service": item(doors), "applicant": APPLICANT}

            def full(*_: object, **__: object) -> None:
                raise apsw.FullError("database or disk is full")

            with monkeypatch.context() as broken:
                broken.setattr(doors.house.vault, "put", full)
                refused = await doors.ask("POST", f"{API}/cases", "clerk", body, key="press-1")
            assert (refused.status, refused.code) == (503, "storage_unavailable")
            made = await doors.happy("POST", f"{API}/cases", "clerk", body, key="press-1")
            assert list(doors.hall.cases) == [made["no"]]
            assert doors.house.applicants.masked(made["no"]) == "欧*"

    asyncio.run(story())
