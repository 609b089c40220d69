"""What goes in and what comes out: readings change nothing, bad bodies are the caller's fault, a key counts once."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from doors_material import COUNTER, LIMIT_S, Doors, doors_of

from hall_protocol.ids import LANGUAGES
from hall_server.core.hall import as_values
from hall_server.trust.roles import ALLOWED

BAD_BODIES: list[bytes] = [
    b"{",
    b"nonsense",
    b"[]",
    b"[[[[]]]]",
    b"1",
    b'"text"',
    b"true",
    b'{"unknown_field": 1}',
    b'{"line": 1, "service": [], "reason": {}, "number": {}, "tickets": "x", "role": 3, "seq": "x", "text": 5}',
    b'{"line": ""}',
    b'{"line": "' + b"x" * 65 + b'"}',
    b'{"line": null, "service": null}',
    b'{"line": "\xff\xfe"}',
    b'{"a":' * 3000 + b"1" + b"}" * 3000,
    b"\x00" * 100,
    b'{"line": 1e999}',
    json.dumps({"line": "A" * 900_000}).encode(),
]
NO_BODY_NEEDED = (
    "open",
    "close",
    "call-next",
    "recall",
    "begin",
    "no-show",
    "finish",
    "cancel",
    "reinstate",
    "on-my-way",
)


def fingerprint(doors: Doors) -> tuple[int, Any]:
    return doors.engine.journal.head_seq, as_values(doors.hall)


def test_no_reading_changes_anything(county: Path) -> None:
    """M2: every GET of the document, with whatever in its query: the head of the journal stays where it is."""

    async def work() -> None:
        async with doors_of(county) as doors:
            ticket = await doors.take()
            doors.tokens["ticket"] = ticket["url"].rsplit("/", 1)[1]
            before = fingerprint(doors)
            gets = [(path, roles) for (method, path), roles in ALLOWED.items() if method == "GET"]
            for path, roles in gets:
                for role in roles:
                    for query in (
                        "",
                        "?after=1&limit=5&month=2026-11&by=hall&lang=en",
                        "?after=-1&limit=x&month=9&by=z",
                    ):
                        where = path.replace("{id}", ticket["id"]) + query
                        answer = await doors.ask("GET", where, role)
                        assert answer.status < 500, (path, role, answer)
            assert fingerprint(doors) == before
            assert len(gets) > 12

    asyncio.run(work())


def test_a_bad_body_is_the_callers_fault_and_changes_nothing(county: Path) -> None:
    """Contract 3: bad input is always 4xx, never 5xx, and changes nothing; errors are problem documents with words."""

    async def work() -> None:
        async with doors_of(county) as doors:
            ticket = await doors.take()
            doors.tokens["ticket"] = ticket["url"].rsplit("/", 1)[1]
            tried = 0
            for (method, path), roles in ALLOWED.items():
                if method == "GET" or "sessions/current" in path:
                    continue
                where = path.replace("{n}", COUNTER).replace("{id}", ticket["id"] if "/tickets/" in path else "D0")
                role = sorted(roles - {"anyone"})[0]
                for raw in BAD_BODIES:
                    if path.endswith(NO_BODY_NEEDED) or method == "DELETE":
                        continue  # whatever is sent along, these are complete without it
                    before = fingerprint(doors)
                    answer = await doors.ask(method, where, role, raw=raw)
                    if path == "/api/v1/settings" and answer.status == 428:
                        answer = await doors.ask(method, where, role, raw=raw, headers={"if-match": "*"})
                    tried += 1
                    taken = answer.status < 300 and not_bad(path, raw)
                    assert 400 <= answer.status < 500 or taken, (path, raw[:60], answer)
                    if answer.status >= 400:
                        assert answer.code, (path, answer)
                        assert answer.json["detail"], (path, answer)
                        assert answer.headers["content-type"] == "application/problem+json"
                        assert fingerprint(doors) == before, (path, raw[:60])
            assert tried > 300

    asyncio.run(work())


def not_bad(path: str, raw: bytes) -> bool:
    """What this door takes although others do not: no devices at all, a patch that removes what is not there."""
    return (path.endswith("/health") and raw == b"[]") or (path.endswith("/settings") and b": null, " in raw)


def test_refusals_speak_the_callers_language(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            said = {}
            for accepted in ("zh-CN,zh;q=0.9", "zh-TW", "en-GB,en;q=0.8", "fr", ""):
                answer = await doors.ask("GET", "/api/v1/tickets/none", "kiosk", headers={"accept-language": accepted})
                assert (answer.status, answer.code) == (404, "unknown_ticket")
                said[accepted] = answer.json["detail"]
            assert said["fr"] == said[""] == said["zh-CN,zh;q=0.9"]
            assert len(set(said.values())) == len(LANGUAGES)

    asyncio.run(work())


def test_closed_and_full_lines_say_when_the_next_numbers_are(county: Path) -> None:
    """U23: in words, with the next opening."""

    async def work() -> None:
        async with doors_of(county, at="2026-11-24T12:10:00.000+08:00") as doors:
            answer = await doors.ask(
                "POST", "/api/v1/tickets", "kiosk", {"line": "A"}, headers={"accept-language": "en"}
            )
            assert (answer.status, answer.code) == (409, "line_closed")
            assert "13:30" in answer.json["values"]["opens_at"]

    asyncio.run(work())


# ---------------------------------------------------------------- keys


def test_a_key_gets_its_first_answer_again_and_other_words_do_not(county: Path) -> None:
    """R2: for tickets, acts and empty answers alike, byte for byte."""

    async def work() -> None:
        async with doors_of(county) as doors:
            for method, path, who, body in (
                ("POST", "/api/v1/tickets", "kiosk", {"line": "A"}),
                ("POST", f"/api/v1/counters/{COUNTER}/call-next", "clerk", None),
                ("POST", "/api/v1/help", "kiosk", {"language": "en"}),
                ("POST", "/api/v1/blocks", "kiosk", {"line": "A", "size": 2}),
                ("POST", "/api/v1/notices", "manager", {
                    "text": {"en": "x"}, "from": "2026-11-24T10:00:00.000+08:00", "to": "2026-11-24T11:00:00.000+08:00",
                }),
            ):  # fmt: skip
                first = await doors.ask(method, path, who, body, key="one")
                assert first.status < 300, first
                seq = doors.engine.journal.head_seq
                for _ in range(3):
                    again = await doors.ask(method, path, who, body, key="one")
                    assert (again.status, again.body) == (first.status, first.body)
                other = await doors.ask(method, path, who, {"line": "B", "size": 1}, key="one")
                assert (other.status, other.code) in ((422, "idempotency_key_reused"), (400, "bad_request"))
                assert doors.engine.journal.head_seq == seq

    asyncio.run(work())


def test_a_key_outlives_a_restart_and_its_answer_still_has_its_secrets(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            first = await doors.ask("POST", "/api/v1/tickets", "kiosk", {"line": "A"}, key="one")
            token = doors.tokens["kiosk"]
        async with doors_of(county) as doors:
            revoked = await doors.ask("POST", "/api/v1/tickets", token=token, body={"line": "A"}, key="one")
            assert revoked.status == 401, "the device was revoked meanwhile"
            scope = next(iter(doors.engine.journal.replay(0)))
            assert scope.seq == 1
            other = await doors.ask("POST", "/api/v1/tickets", "kiosk", {"line": "A"}, key="one")
            assert other.json["number"] == "A002", "another device's key is another key"
            assert first.json["url"].startswith("/t/")

    asyncio.run(work())


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "idempotency_key_missing"),
        ("x" * 129, "idempotency_key_bad"),
        ("a b", "idempotency_key_bad"),
        ("é", "idempotency_key_bad"),
    ],
)
def test_without_a_proper_key_nothing_happens(county: Path, key: str, code: str) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            for path, who, body in (
                ("/api/v1/tickets", "kiosk", {"line": "A"}),
                (f"/api/v1/counters/{COUNTER}/call-next", "clerk", None),
                ("/api/v1/evacuation", "manager", {"exits": {}}),
            ):
                before = fingerprint(doors)
                answer = await doors.ask("POST", path, who, body, key=key)
                assert (answer.status, answer.code) == (400, code), path
                assert fingerprint(doors) == before

    asyncio.run(work())


def test_crossed_retries_at_the_door_get_one_ticket(county: Path) -> None:
    """U1: a double click, and the same press through two connections at one instant."""

    async def work() -> None:
        async with doors_of(county) as doors:
            asked = [doors.ask("POST", "/api/v1/tickets", "kiosk", {"line": "A"}, key="one") for _ in range(10)]
            answers = await asyncio.gather(*asked)
            assert {a.body for a in answers} == {answers[0].body}
            assert len(doors.hall.tickets) == 1

    asyncio.run(work())


# ---------------------------------------------------------------- what must not be in an answer


def test_what_identifies_a_visitor_is_in_no_answer_no_picture_and_no_event(county: Path) -> None:
    """M10 and the contract: no event holds a name, phone, identity number or free text that may hold one."""
    from doors_material import Viewer

    async def work() -> None:
        async with doors_of(county) as doors:
            who = {"name": "Hidden Visitor", "phone": "13912345678", "id_number": "110101199003074258"}
            answers = [await doors.ask("POST", "/api/v1/tickets", "kiosk", {"line": "A", "visitor": who})]
            pictures = {"wall:main": "wall", "manager": "manager", "kiosk:kiosk-t": "kiosk"}
            walls = [await Viewer(doors, p, doors.tokens[w]).shown() for p, w in pictures.items()]
            await doors.at_counter("call-next")
            await doors.at_counter("park", {"reason": "Hidden Visitor fetches a copy, 13912345678"})
            await doors.at_counter("resume", {"number": "A001"})
            await doors.at_counter("finish", {"note": "Hidden Visitor was content", "outcome": "Hidden Visitor"})
            answers += [await doors.ask("GET", "/api/v1/events?limit=5000", "manager")]
            text = b" ".join(a.body for a in answers).decode()
            public = text + json.dumps([w.messages for w in walls], ensure_ascii=False)
            for secret in ("Hidden", "13912345678", "110101199003074258"):
                assert secret not in public
            for wall in walls:
                await wall.leave()

    asyncio.run(work())


def test_times_are_of_the_halls_zone_with_milliseconds(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            assert (await doors.happy("GET", "/api/v1/clock", "anyone")) == {"now": "2026-11-24T10:00:00.000+08:00"}
            ticket = await doors.take()
            assert ticket["issued_at"] == "2026-11-24T10:00:00.000+08:00"
            (event,) = (await doors.happy("GET", f"/api/v1/events?after={doors.hall.seq - 1}", "manager"))["events"]
            assert event["at"] == "2026-11-24T10:00:00.000+08:00"

    asyncio.run(work())


# ---------------------------------------------------------------- a disk that fails


def test_while_storage_fails_callers_are_told_and_screens_say_since_when(county: Path) -> None:
    """M14, R4: 503 `storage_unavailable`, walls show since when, reading goes on, and it heals by itself."""
    import sys

    sys.path.append(str(Path(__file__).parents[1] / "journal"))
    from doors_material import Viewer
    from journal_material import failing_disk

    async def work() -> None:
        with failing_disk("doors-disk") as disk:
            async with doors_of(county, vfs=disk.name) as doors:
                await doors.take()
                wall = await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()
                disk.syncs_fail = True
                answer = await doors.ask("POST", "/api/v1/tickets", "kiosk", {"line": "A"}, key="one")
                assert (answer.status, answer.code) == (503, "storage_unavailable"), answer
                ready = await doors.ask("GET", "/readyz")
                assert ready.status == 503
                await wall.until(lambda w: "stale_since" in w.picture)
                async with asyncio.timeout(LIMIT_S):
                    while (await doors.ask("GET", "/api/v1/tickets/20261124-A001", "kiosk")).status != 200:
                        await asyncio.sleep(0.01)
                assert (await doors.ask("GET", "/api/v1/tickets/20261124-A002", "kiosk")).status == 404
                disk.syncs_fail = False
                await wall.until(lambda w: "stale_since" not in w.picture)
                answer = await doors.ask("POST", "/api/v1/tickets", "kiosk", {"line": "A"}, key="one")
                assert answer.json["number"] == "A002"
                await wall.leave()

    asyncio.run(work())
