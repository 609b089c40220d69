"""Complaints, the message book, bad ratings and reviews through the doors (domain.md 4, A11a, A13b, A13d, A13e)."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from doors_material import CLERK, COUNTER, Doors, doors_of
from inquiries_material import NAME, PHONE, WORDS, account, as_killed, chief_of, files_with

from hall_server.core.hall import as_values
from hall_server.web.kept_words import recall

TEXT = f"{NAME}说窗口不耐烦"


async def complained(doors: Doors, who: str = "kiosk", **more: Any) -> str:
    """A complaint's number."""
    body = {"category": "attitude", "text": TEXT} | more
    return str((await doors.happy("POST", "/api/v1/complaints", who, body))["no"])


async def types_seen(doors: Doors, who: str) -> list[str]:
    """Types of the events this role reads, in order."""
    page = await doors.happy("GET", "/api/v1/events?limit=5000", who)
    assert page["next"] is None
    return [e["type"] for e in page["events"]]


def on(no: str, verb: str) -> str:
    return f"/api/v1/complaints/{no}/{verb}"


# ---------------------------------------------------------------- complaints


def test_a_complaint_from_the_kiosk_to_the_file(county: Path) -> None:
    """Contract 3: a number, then step by step; words and names only for those who handle it."""

    async def work() -> None:
        async with doors_of(county) as doors:
            no = await complained(doors, counter=COUNTER, visitor={"name": NAME, "phone": PHONE})
            assert no == "2026-00001"
            (listed,) = (await doors.happy("GET", "/api/v1/complaints", "manager"))["complaints"]
            assert (listed["state"], listed["channel"], listed["text"]) == ("received", "kiosk", None)
            for verb, body, state in (
                ("accept", None, "accepted"), ("investigate", {"text": "问过当事人"}, "investigating"),
                ("dispose", {"outcome": "upheld"}, "disposed"), ("answer", {"text": "已道歉"}, "answered"),
                ("file", None, "filed"),
            ):  # fmt: skip
                assert (await doors.ask("POST", on(no, "dispose"), "manager", {"outcome": "x"})).code == "bad_request"
                step = await doors.happy("POST", on(no, verb), "manager", body)
                assert step["state"] == state
            again = await doors.ask("POST", on(no, "file"), "manager")
            assert (again.status, again.code) == (409, "wrong_state")
            seen = await doors.happy("GET", f"/api/v1/complaints/{no}", "auditor")
            assert (seen["text"], seen["answer"], seen["outcome"]) == (TEXT, "已道歉", "upheld")
            assert seen["visitor"] == "王* 139****5678"
            assert [s["text"] for s in seen["steps"] if s["step"] == "investigating"] == ["问过当事人"]
            await doors.engine.flushed()
            for mark in (TEXT, NAME, PHONE, "已道歉"):
                assert files_with(county, mark) == set()
            kinds = [t for t in await types_seen(doors, "manager") if t.startswith("complaint_")]
            assert kinds == [f"complaint_{s}" for s in ("received", "accepted", "investigated", "disposed", "answered",
                                                        "filed")]  # fmt: skip

    asyncio.run(work())


def test_misconduct_is_found_by_auditors_alone_until_released(county: Path) -> None:
    """A11a: a clerk or manager of that department asking for it gets 404, and the record does not tell him either."""

    async def work() -> None:
        async with doors_of(county) as doors:
            department = doors.hall.counters[COUNTER].department
            chief = await chief_of(doors, department)
            of_department = await account(doors, "dm", "manager", department)
            representative = await account(doors, "dc", "chief_representative", department)
            no = await complained(doors, category="推诿", counter=COUNTER)
            assert doors.hall.complaints[no].department == department
            everybody = ("manager", of_department, representative, "clerk", chief)
            for who in everybody:
                answer = await doors.ask("GET", f"/api/v1/complaints/{no}", who)
                assert (answer.status, answer.code) == (404, "unknown_complaint"), who
                assert (await doors.happy("GET", "/api/v1/complaints", who))["complaints"] == []
            for who in ("manager", of_department, representative):
                assert (await doors.ask("POST", on(no, "accept"), who)).status == 404
            assert not [t for t in await types_seen(doors, "manager") if t.startswith("complaint_")]
            assert [t for t in await types_seen(doors, "auditor") if t.startswith("complaint_")]
            assert (await doors.happy("GET", f"/api/v1/complaints/{no}", "auditor"))["category"] == "shirking"
            await doors.happy("POST", on(no, "accept"), "auditor")
            await doors.happy("POST", on(no, "release"), "auditor")
            for who in set(everybody) - {"clerk"}:
                assert (await doors.happy("GET", f"/api/v1/complaints/{no}", who))["state"] == "accepted"
            assert (await doors.ask("GET", f"/api/v1/complaints/{no}", "clerk")).status == 404, "nor is he a chief"
            assert [t for t in await types_seen(doors, "manager") if t.startswith("complaint_")] == [
                "complaint_received", "complaint_accepted", "complaint_released",
            ]  # fmt: skip

    asyncio.run(work())


def test_pages_of_the_record_go_on_behind_what_is_hidden(county: Path) -> None:
    """A page that is hidden whole is empty and still says where the next begins."""

    async def work() -> None:
        async with doors_of(county) as doors:
            before = doors.hall.seq
            for _ in range(3):
                await complained(doors, category="solicitation")
            await complained(doors)
            page = await doors.happy("GET", f"/api/v1/events?after={before}&limit=3", "manager")
            assert (page["events"], page["next"]) == ([], before + 3)
            page = await doors.happy("GET", f"/api/v1/events?after={before + 3}&limit=3", "manager")
            assert [e["type"] for e in page["events"]] == ["complaint_received"]

    asyncio.run(work())


def test_where_it_comes_from(county: Path) -> None:
    """A13d: kiosk, page, counter, phone, and the paper box with its date; nobody says for another what he is not."""

    async def work() -> None:
        async with doors_of(county) as doors:
            ticket = await doors.take()
            doors.tokens["page"] = ticket["url"].rsplit("/", 1)[1]
            numbers = [
                await complained(doors),
                await complained(doors, "page"),
                await complained(doors, "clerk"),
                await complained(doors, "clerk", channel="phone"),
                await complained(doors, "clerk", channel="paper", received_on="2026-10-30"),
            ]
            found = [doors.hall.complaints[no] for no in numbers]
            assert [c.channel for c in found] == ["kiosk", "page", "counter", "phone", "paper"]
            assert found[1].ticket == ticket["id"]
            paper = await doors.happy("GET", f"/api/v1/complaints/{numbers[4]}", "manager")
            assert paper["received_at"].startswith("2026-10-30T00:00")
            assert paper["overdue"] == "accept"
            for who, more, code in (
                ("clerk", {"channel": "paper"}, "bad_request"),
                ("clerk", {"received_on": "2026-10-30"}, "bad_request"),
                ("kiosk", {"received_on": "2026-10-30"}, "bad_request"),
                ("clerk", {"channel": "paper", "received_on": "2026-02-30"}, "bad_request"),
                ("clerk", {"channel": "paper", "received_on": "2026-11-25"}, "date_ahead"),
                ("page", {"ticket": "20261124-A999"}, "unknown_ticket"),
                ("kiosk", {"ticket": "20261124-A999"}, "unknown_ticket"),
                ("kiosk", {"category": "weather"}, "bad_request"),
                ("kiosk", {"text": ""}, "bad_request"),
                ("kiosk", {"case": f"{NAME}的件"}, "bad_request"),
                ("kiosk", {"counter": "77"}, "unknown_counter"),
            ):  # fmt: skip
                body = {"category": "attitude", "text": TEXT} | more
                answer = await doors.ask("POST", "/api/v1/complaints", who, body)
                assert (answer.code, 400 <= answer.status < 500) == (code, True), (who, more, answer)
            assert len(doors.hall.complaints) == len(numbers)

    asyncio.run(work())


# ---------------------------------------------------------------- message book


def test_the_message_book(county: Path, tmp_path: Path) -> None:
    """A13d: an entry gets a number and an answer; everybody reads it when both sides agree, also after a restart."""

    async def work() -> None:
        async with doors_of(county) as doors:
            numbers = []
            for text, publish in ((WORDS, True), ("只给大厅看", False)):
                body = {"text": text, "publish": publish}
                numbers.append((await doors.happy("POST", "/api/v1/messages", "kiosk", body))["no"])
            shown, private = numbers
            assert (await doors.happy("GET", "/api/v1/messages", "anyone"))["messages"] == []
            both = (await doors.happy("GET", "/api/v1/messages", "manager"))["messages"]
            assert [(m["no"], m["state"], m["text"]) for m in both] == [
                (shown, "written", None), (private, "written", None),
            ]  # fmt: skip
            assert (await doors.happy("GET", f"/api/v1/messages/{private}", "manager"))["text"] == "只给大厅看"
            path = f"/api/v1/messages/{private}/answer"
            refused = await doors.ask("POST", path, "manager", {"text": "好", "publish": True})
            assert (refused.status, refused.code) == (409, "publishing_not_wanted")
            await doors.happy("POST", path, "manager", {"text": "好"})
            told = {"text": "请到5号窗口", "publish": True}
            await doors.happy("POST", f"/api/v1/messages/{shown}/answer", "manager", told)
            (public,) = (await doors.happy("GET", "/api/v1/messages", "anyone"))["messages"]
            assert (public["no"], public["text"], public["answer"]) == (shown, WORDS, "请到5号窗口")
            assert (public["publish_wanted"], public["channel"]) == (None, None), "no more than that"
            assert (await doors.ask("GET", f"/api/v1/messages/{private}", "supervisor")).status == 403
            made = await doors.happy("POST", "/api/v1/messages", "clerk", {"text": TEXT, "publish": False})
            complaint = await doors.happy(
                "POST", f"/api/v1/messages/{made['no']}/complaint", "manager", {"category": "attitude"}
            )
            assert complaint["message"] == made["no"]
            seen = await doors.happy("GET", f"/api/v1/complaints/{complaint['no']}", "manager")
            assert seen["text"] == TEXT
            await doors.engine.flushed()
            killed = as_killed(county, tmp_path / "killed")
        async with doors_of(killed) as doors:
            recall(doors.house)
            (public,) = (await doors.happy("GET", "/api/v1/messages", "anyone"))["messages"]
            assert (public["text"], public["answer"]) == (WORDS, "请到5号窗口")

    asyncio.run(work())


def test_a_supervisor_leaves_remarks_and_sees_no_personal_data(county: Path) -> None:
    """A13e: such an account sees no personal data and changes nothing but its remarks."""

    async def work() -> None:
        async with doors_of(county) as doors:
            no = await complained(doors, visitor={"name": NAME, "phone": PHONE})
            before = as_values(doors.hall)
            for path in (f"/api/v1/complaints/{no}", "/api/v1/complaints", "/api/v1/inquiries", "/api/v1/bad-ratings"):
                assert (await doors.ask("GET", path, "supervisor")).status == 403, path
            assert (await doors.ask("POST", on(no, "accept"), "supervisor")).status == 403
            assert as_values(doors.hall) == before
            remark = await doors.happy("POST", "/api/v1/messages", "supervisor", {"text": "标识不清", "publish": False})
            assert doors.hall.book[remark["no"]].channel == "supervisor"
            readable = await doors.happy("GET", "/api/v1/messages", "supervisor")
            assert readable["messages"] == []

    asyncio.run(work())


# ---------------------------------------------------------------- bad ratings


async def rated(doors: Doors, level: int, **visitor: str) -> tuple[str, str]:
    """A service rated on the ticket's own page; the request and the loop's number."""
    ticket = await doors.take(**({"visitor": visitor} if visitor else {}))
    for act in ("call-next", "begin"):
        await doors.at_counter(act)
    asked = (await doors.at_counter("finish", {}))["rating_request"]["id"]
    doors.tokens["page"] = ticket["url"].rsplit("/", 1)[1]
    body = {"request": asked, "nonce": doors.house.eyes.nonce_of(asked), "level": level, "comment": TEXT}
    await doors.happy("POST", "/api/v1/ratings", "page", body)
    return asked, next((b.id for b in doors.hall.bad_ratings.values() if b.request == asked), "")


def test_the_closed_loop_of_a_bad_rating(county: Path) -> None:
    """A13b; domain.md 4.2: named because a telephone was left; call-back before closing; the clerk learns nothing."""

    async def work() -> None:
        async with doors_of(county) as doors:
            request, loop = await rated(doors, 1, name=NAME, phone=PHONE)
            _, anonymous = await rated(doors, 2)
            assert (await rated(doors, 3))[1] == ""
            assert doors.hall.bad_ratings[loop].named
            assert not doors.hall.bad_ratings[anonymous].named
            path = f"/api/v1/bad-ratings/{loop}"
            for verb, body in (("verify", {"finding": "clear", "text": "x"}), ("close", {})):
                answer = await doors.ask("POST", f"{path}/{verb}", "clerk", body)
                assert (answer.status, answer.code) == (404, "unknown_bad_rating"), "the clerk concerned"
            assert (await doors.ask("GET", path, "clerk")).status == 404
            assert (await doors.happy("GET", "/api/v1/bad-ratings", "clerk"))["bad_ratings"] == []
            for verb, body, code in (
                ("close", {}, "not_verified"), ("put-right", {"text": "x"}, "not_verified"),
                ("verify", {"finding": "maybe", "text": "x"}, "bad_request"), ("verify", {"finding": "clear"},
                                                                               "bad_request"),
            ):  # fmt: skip
                assert (await doors.ask("POST", f"{path}/{verb}", "manager", body)).code == code
            await doors.happy("POST", f"{path}/verify", "manager", {"finding": "clear", "text": "属实"})
            await doors.happy("POST", f"{path}/put-right", "manager", {"text": "已培训"})
            assert (await doors.ask("POST", f"{path}/close", "manager")).code == "not_called_back"
            await doors.happy("POST", f"{path}/call-back", "manager", {"outcome": "satisfied", "text": f"{NAME}满意"})
            closed = await doors.happy("POST", f"{path}/close", "manager")
            assert (closed["state"], closed["call_back"]) == ("closed", "satisfied")
            seen = await doors.happy("GET", path, "auditor")
            assert seen["comment"] == TEXT
            assert [s["text"] for s in seen["steps"]] == [None, "属实", "已培训", f"{NAME}满意", None]
            await doors.engine.flushed()
            for mark in (NAME, "已培训", TEXT):
                assert files_with(county, mark) == set()
            journal = (await doors.happy("GET", "/api/v1/events?limit=5000", "manager"))["events"]
            opened = [e["data"] for e in journal if e["type"] == "bad_rating_opened"]
            assert [(o["loop"], o["named"]) for o in opened] == [(loop, True), (anonymous, False)]
            assert {o["clerk"] for o in opened} == {CLERK}
            assert request == opened[0]["request"]

    asyncio.run(work())


def test_words_of_a_hold_do_not_take_the_place_of_the_visitors_telephone(county: Path) -> None:
    """Whoever left a telephone is called back, also when the ticket was on hold with words of the clerk's own."""

    async def work() -> None:
        async with doors_of(county) as doors:
            ticket = await doors.take(visitor={"name": NAME, "phone": PHONE})
            for act in ("call-next", "begin"):
                await doors.at_counter(act)
            await doors.at_counter("park", {"reason": WORDS})
            doors.house.words.clear()
            doors.house.recall_words()
            assert doors.house.words == {ticket["id"]: WORDS}
            await doors.at_counter("resume", {"number": ticket["number"]})
            asked = (await doors.at_counter("finish", {}))["rating_request"]["id"]
            body = {"request": asked, "nonce": doors.house.eyes.nonce_of(asked), "level": 1}
            token = ticket["url"].rsplit("/", 1)[1]
            assert (await doors.ask("POST", "/api/v1/ratings", body=body, token=token)).status == 201
            (loop,) = doors.hall.bad_ratings.values()
            assert loop.named

    asyncio.run(work())


def test_after_a_kill_there_is_still_one_loop(county: Path, tmp_path: Path) -> None:
    """domain.md 4.2: exactly one, even after restart and replay."""

    async def work() -> None:
        async with doors_of(county) as doors:
            request, loop = await rated(doors, 2)
            body = {"request": request, "nonce": doors.house.eyes.nonce_of(request), "level": 1}
            await doors.engine.flushed()
            before = as_values(doors.hall)["bad_ratings"]
            killed = as_killed(county, tmp_path / "killed")
            page = doors.tokens["page"]
        async with doors_of(killed) as doors:
            assert as_values(doors.hall)["bad_ratings"] == before
            assert (await doors.ask("POST", "/api/v1/ratings", body=body, token=page)).code == "already_rated"
            assert list(doors.hall.bad_ratings) == [loop]

    asyncio.run(work())


def test_no_clerk_reads_a_level_anywhere(county: Path) -> None:
    """domain.md 4.1: whatever a clerk may read is the same whether he was rated 1 or 5."""

    async def work() -> None:
        async with doors_of(county) as doors:
            await rated(doors, 1)
            for path in ("/api/v1/events", "/api/v1/indicators?month=2026-11", "/api/v1/bad-ratings",
                         "/api/v1/complaints", "/api/v1/inquiries"):  # fmt: skip
                answer = await doors.ask("GET", path, "clerk")
                assert answer.status == 403 or answer.json[path.rsplit("/", 1)[1].replace("-", "_")] == [], path

    asyncio.run(work())


def test_an_auditor_reviews_a_rating_of_long_ago_too(county: Path) -> None:
    """domain.md 4.1: the rating stays for ever; the review takes it out of the indicators or confirms it, once."""

    async def work() -> None:
        async with doors_of(county) as doors:
            request, loop = await rated(doors, 1)
            kept = doors.hall.ratings.pop(request)
            del doors.hall.bad_ratings[loop]
            path, body = f"/api/v1/ratings/{request}/review", {
                "decision": "excluded", "reason": "按错了", "evidence": ["seq:12"], "text": f"{NAME}来电说明",
            }  # fmt: skip
            for who in ("manager", "clerk", "supervisor"):
                assert (await doors.ask("POST", path, who, body)).status == 403
            for wrong in ({"evidence": []}, {"evidence": [NAME]}, {"decision": "maybe"}):
                assert (await doors.ask("POST", path, "auditor", body | wrong)).code == "bad_request"
            for unknown in ("R1", "R", "x", "R99999999999999999999"):
                answer = await doors.ask("POST", f"/api/v1/ratings/{unknown}/review", "auditor", body)
                assert (answer.status, answer.code) == (404, "unknown_rating"), unknown
            made = await doors.happy("POST", path, "auditor", body)
            assert made == {"request": request, "decision": "excluded"}
            again = await doors.ask("POST", path, "auditor", body | {"decision": "confirmed"})
            assert (again.status, again.code) == (409, "already_reviewed")
            events = (await doors.happy("GET", "/api/v1/events?limit=5000", "auditor"))["events"]
            (review,) = [e["data"] for e in events if e["type"] == "rating_reviewed"]
            assert review == {"request": request, "decision": "excluded", "evidence": ["seq:12"],
                              "reason_code": "other"}  # fmt: skip
            assert [e["data"]["level"] for e in events if e["type"] == "rating_given"] == [1]
            assert NAME not in json.dumps(events, ensure_ascii=False)
            doors.hall.ratings[request] = kept

    asyncio.run(work())
