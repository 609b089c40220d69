"""Own numbers: leased while online, given out without the server, merged once, every debt settled under its key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hall_client.outbox import Outbox
from kiosk.offline import BLOCK_SIZE, OwnNumbers

AT = datetime.fromisoformat("2026-11-24T10:21:00+08:00")
DAY = "2026-11-24"
LINES = {"A": {"state": "open"}, "B": {"state": "closed"}}


class Server:
    """Answers what the test says; keeps every request, answered or not."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any, str | None]] = []
        self.waiting: list[Any] = []
        self.hold = False
        self.next_number = 1
        self.by_key: dict[str, dict[str, Any]] = {}
        self.down = False

    def __call__(self, method: str, path: str, body: Any = None, *, key: str | None = None, done: Any = None) -> None:
        self.asked.append((method, path, body, key))
        if self.hold:
            self.waiting.append(lambda: done(*self.answer(path, body, key)))
        elif self.down:
            done(None, None)
        else:
            done(*self.answer(path, body, key))

    def answer(self, path: str, body: Any, key: str | None) -> tuple[int | None, Any]:
        if path == "/blocks":
            numbers = [f"{body['line']}{900 + i}" for i in range(body["size"])]
            return 201, {"block": f"b{key}", "day": DAY, "tickets": [{"number": n, "url": f"/t/{n}"} for n in numbers]}
        if path == "/tickets/offline":
            told = [
                {"key": t["key"], "id": f"id-{t['key']}", "number": t["number"], "url": "/t/x"} for t in body["tickets"]
            ]
            return 200, {"tickets": told}
        if path == "/tickets":
            assert key is not None
            self.next_number += key not in self.by_key
            return 201, self.by_key.setdefault(
                key, {"id": f"id-{key}", "number": f"A{self.next_number:03d}", "issued_at": "x"}
            )
        return 204, None

    def paths(self, path: str) -> list[Any]:
        return [a for a in self.asked if a[1] == path]


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    one = Outbox(tmp_path / "kiosk.db")
    yield one
    one.close()


@pytest.fixture
def server() -> Server:
    return Server()


def own_numbers(outbox: Outbox, server: Server, merged: list[Any] | None = None) -> OwnNumbers:
    keys = iter(f"n{i}" for i in range(1000))
    note = (lambda k, t: merged.append((k, t))) if merged is not None else (lambda k, t: None)
    return OwnNumbers(outbox, server, new_key=lambda: next(keys), changed=lambda: None, merged=note)


def issue(own: OwnNumbers, key: str, line: str = "A") -> str | None:
    ticket = own.issue(key=key, line=line, service=None, priority_class="ordinary", language="zh-Hans", at=AT)
    return ticket.number if ticket else None


def test_open_lines_get_a_whole_block_and_only_once(outbox: Outbox, server: Server) -> None:
    own = own_numbers(outbox, server)
    own.top_up(LINES, day=DAY, now=0.0)
    own.top_up(LINES, day=DAY, now=2.0)
    assert own.left(DAY) == {"A": BLOCK_SIZE}
    assert len(server.paths("/blocks")) == 1


def test_half_a_block_used_is_filled_up_again(outbox: Outbox, server: Server) -> None:
    own = own_numbers(outbox, server)
    own.top_up(LINES, day=DAY, now=0.0)
    for i in range(BLOCK_SIZE // 2 + 1):
        issue(own, f"k{i}")
    own.top_up(LINES, day=DAY, now=10.0)
    assert server.paths("/blocks")[-1][2]["size"] == BLOCK_SIZE // 2 + 1


def test_an_unknown_lease_is_asked_again_under_its_key(outbox: Outbox, server: Server) -> None:
    own = own_numbers(outbox, server)
    server.down = True
    own.top_up(LINES, day=DAY, now=0.0)
    own.top_up(LINES, day=DAY, now=1.0)
    server.down = False
    own.top_up(LINES, day=DAY, now=40.0)
    keys = [a[3] for a in server.paths("/blocks")]
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_numbers_are_merged_once_by_their_touch(outbox: Outbox, server: Server) -> None:
    merged: list[Any] = []
    own = own_numbers(outbox, server, merged)
    own.top_up(LINES, day=DAY, now=0.0)
    numbers = [issue(own, f"touch{i}") for i in range(3)]
    own.merge()
    own.merge()
    (sent,) = server.paths("/tickets/offline")
    assert [t["number"] for t in sent[2]["tickets"]] == numbers
    assert [t["key"] for t in sent[2]["tickets"]] == ["touch0", "touch1", "touch2"]
    assert merged == [(f"touch{i}", f"id-touch{i}") for i in range(3)]


def test_a_merge_without_an_answer_is_sent_again(outbox: Outbox, server: Server) -> None:
    own = own_numbers(outbox, server)
    own.top_up(LINES, day=DAY, now=0.0)
    issue(own, "touch")
    server.down = True
    own.merge()
    server.down = False
    own.merge()
    assert len(server.paths("/tickets/offline")) == 2
    assert outbox.to_merge() == []


def test_one_ticket_the_server_cannot_take_does_not_hold_back_the_others(outbox: Outbox, server: Server) -> None:
    own = own_numbers(outbox, server)
    own.top_up(LINES, day=DAY, now=0.0)
    for key in ("good1", "bad", "good2"):
        issue(own, key)
    plain = server.answer

    def picky(path: str, body: Any, key: str | None) -> tuple[int | None, Any]:
        if path == "/tickets/offline" and any(t["key"] == "bad" for t in body["tickets"]):
            return 400, {"code": "bad_request"}
        return plain(path, body, key)

    server.answer = picky  # type: ignore[method-assign]
    own.merge()
    assert [t.key for t in outbox.to_merge()] == ["bad"]


def test_a_touch_that_became_an_own_number_is_settled_by_the_merge_alone(outbox: Outbox, server: Server) -> None:
    own = own_numbers(outbox, server)
    own.top_up(LINES, day=DAY, now=0.0)
    server.hold = True
    own.send_ticket("touch", {"line": "A"}, at=AT, wanted=lambda: False, done=lambda s, a: None)
    server.hold = False
    issue(own, "touch")
    for late in server.waiting:
        late()
    assert not [a for a in server.asked if a[1].endswith("/cancel")]
    own.merge()
    own.settle()
    assert outbox.unanswered() == []


def test_a_ticket_nobody_was_shown_gives_its_place_back(outbox: Outbox, server: Server) -> None:
    own = own_numbers(outbox, server)
    server.hold = True
    own.send_ticket("touch", {"line": "A"}, at=AT, wanted=lambda: False, done=lambda s, a: None)
    server.hold = False
    for late in server.waiting:
        late()
    assert [a[1] for a in server.asked if a[1].endswith("/cancel")] == ["/tickets/id-touch/cancel"]
    assert outbox.unanswered() == []


def test_after_a_crash_the_touch_without_an_answer_is_asked_about_and_given_back(
    tmp_path: Path, server: Server
) -> None:
    outbox = Outbox(tmp_path / "kiosk.db")
    server.hold = True
    own_numbers(outbox, server).send_ticket("touch", {"line": "A"}, at=AT, wanted=lambda: True, done=lambda s, a: None)
    outbox.close()
    server.hold = False
    outbox = Outbox(tmp_path / "kiosk.db")
    own_numbers(outbox, server).settle()
    assert [a[3] for a in server.paths("/tickets")] == ["touch", "touch"]
    assert any(a[1] == "/tickets/id-touch/cancel" for a in server.asked)
    outbox.close()


def test_a_shown_number_is_never_given_back(outbox: Outbox, server: Server) -> None:
    own = own_numbers(outbox, server)
    shown: list[Any] = []
    own.send_ticket("touch", {"line": "A"}, at=AT, wanted=lambda: True, done=lambda s, a: shown.append(a["number"]))
    own.settle()
    assert len(shown) == 1
    assert not [a for a in server.asked if a[1].endswith("/cancel")]


def test_print_results_are_owed_until_the_server_has_them(outbox: Outbox, server: Server) -> None:
    own = own_numbers(outbox, server)
    server.down = True
    own.owe(key="p", path="/tickets/t1/print-result", body={"outcome": "failed"}, at=AT)
    assert len(outbox.unanswered()) == 1
    server.down = False
    own.settle()
    assert outbox.unanswered() == []
    assert {a[3] for a in server.paths("/tickets/t1/print-result")} == {"p"}


# -- whose card it was --------------------------------------------------------------------------------------------

WHO = {"id_number": "11010519491231002X"}


def sent_with_card(own: OwnNumbers, key: str = "card", *, waits: bool = True) -> list[Any]:
    told: list[Any] = []
    own.send_ticket(
        key, {"line": "A"}, at=AT, wanted=lambda: waits, done=lambda s, a: told.append(s), visitor=WHO
    )  # fmt: skip
    return told


def test_who_touched_is_sent_and_never_on_disk(outbox: Outbox, server: Server, tmp_path: Path) -> None:
    own = own_numbers(outbox, server)
    server.down = True
    sent_with_card(own)
    assert server.paths("/tickets")[0][2] == {"line": "A", "visitor": WHO}
    (kept,) = outbox.unanswered()
    assert kept.body == {"line": "A"}
    for file in tmp_path.iterdir():
        assert WHO["id_number"].encode() not in file.read_bytes(), file


def test_asked_again_it_is_the_same_request_and_then_forgotten(outbox: Outbox, server: Server) -> None:
    """A request without the person would be another one under the same key, which the server refuses."""
    own = own_numbers(outbox, server)
    server.down = True
    sent_with_card(own)
    server.down = False
    own.settle()
    assert [a[2] for a in server.paths("/tickets")] == [{"line": "A", "visitor": WHO}] * 2
    assert own._visitors == {}
    assert server.paths("/tickets/id-card/cancel"), "nobody was shown it"


def test_an_answer_and_an_own_number_forget_who_touched(outbox: Outbox, server: Server) -> None:
    own = own_numbers(outbox, server)
    own.top_up(LINES, day=DAY, now=0.0)
    assert sent_with_card(own, "known") == [201]
    assert own._visitors == {}
    server.down = True
    sent_with_card(own, "unknown")
    assert "unknown" in own._visitors
    assert issue(own, "unknown") is not None
    assert own._visitors == {}
