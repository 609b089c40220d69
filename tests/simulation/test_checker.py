"""The judge is judged: it has to find each kind of broken promise in a doctored history, and none in a true one.

A checker that has never failed proves nothing (reliability.md 5).
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from typing import Any

import pytest
from checker import GENESIS, Checker, Recorded, Told
from core_material import Scene

from hall_server.core.lines.block import LeaseBlock
from hall_server.core.lines.calling import CallGivenNumber
from hall_server.core.lines.desk import ReturnTicket
from hall_server.core.lines.ticket import OfflineEntry
from hall_server.core.matters.rating import GiveRating
from hall_server.core.stamp import text

Rows = list[dict[str, Any]]


def a_morning() -> Rows:
    """A true history with a bit of everything, as plain values that can be doctored."""
    scene = Scene()
    for counter in ("1", "2"):
        scene.open(counter)
    scene.do(LeaseBlock(line="A", size=2), device=scene.kiosk)
    for _ in range(4):
        scene.later(s=1), scene.take()
    scene.later(s=1), scene.take(klass="elder")
    scene.do(OfflineEntry(number="A001", issued_at=scene.now, line="A"), device=scene.kiosk)
    scene.call("1")
    request = scene.serve("1")
    scene.do(GiveRating(request=request, level=5, source="keypad"))
    scene.call("1"), scene.call("2")
    scene.do(ReturnTicket(reason="x"), counter="2")
    scene.do(CallGivenNumber(number="A006", reason="x"), counter="2")
    zone = scene.hall.zone
    return [{"at": text(e.at, zone), "type": e.name, "data": json.loads(e.data), "actor": "x"} for e in scene.log]


def chained(rows: Rows) -> list[Recorded]:
    """The rows as a journal would hold them."""
    out: list[Recorded] = []
    head = GENESIS
    for seq, row in enumerate(rows, 1):
        data = json.dumps(row["data"], ensure_ascii=False, separators=(",", ":")).encode()
        columns = (row["at"].encode(), row["type"].encode(), data, row["actor"].encode())
        head = hashlib.sha256(head + struct.pack(">QIIII", seq, *map(len, columns)) + b"".join(columns)).digest()
        out.append(Recorded(seq, row["at"], row["type"], data, row["actor"], head.hex()))
    return out


def history_of(rows: Rows) -> list[Told]:
    """What clients were told: every ticket acknowledged once."""
    return [
        Told(f"key-{n}", "ok", row["data"]["ticket"]) for n, row in enumerate(rows) if row["type"] == "ticket_issued"
    ]


def find(rows: Rows, kind: str, nth: int = 0) -> int:
    return [n for n, row in enumerate(rows) if row["type"] == kind][nth]


def test_a_true_history_breaks_nothing() -> None:
    rows = a_morning()
    checker = Checker().feed(chained(rows))
    assert checker.judge(history_of(rows)) == []
    assert checker.calls == 4
    assert checker.overrides == 1


def lose_a_ticket(rows: Rows) -> None:
    del rows[find(rows, "ticket_issued", -1)]


def give_a_number_twice(rows: Rows) -> None:
    rows.append(rows[find(rows, "ticket_issued", 2)])


def swap_two_calls(rows: Rows) -> None:
    """The ordinary one is called before the elder one."""
    rows[find(rows, "ticket_called")]["data"] |= {"ticket": "20261124-A003", "number": "A003", "reason_code": "first"}
    for kind in ("service_begun", "service_finished", "rating_requested"):
        rows[find(rows, kind)]["data"]["ticket"] = "20261124-A003"
    rows[find(rows, "ticket_called", 1)]["data"]["ticket"] = "20261124-A007"


def call_to_two_counters(rows: Rows) -> None:
    first = rows[find(rows, "ticket_called", 1)]
    at = find(rows, "ticket_called", 2)
    rows[at] = {**first, "data": first["data"] | {"counter": "2"}}


def serve_two_at_one_counter(rows: Rows) -> None:
    rows[find(rows, "ticket_called", 2)]["data"]["counter"] = "1"


def finish_before_it_begins(rows: Rows) -> None:
    at = find(rows, "service_begun")
    rows[at], rows[at + 1] = rows[at + 1], rows[at]


def rate_twice(rows: Rows) -> None:
    rows.append(rows[find(rows, "rating_given")])


def rate_what_was_never_asked(rows: Rows) -> None:
    rows[find(rows, "rating_given")]["data"]["request"] = "R9999"


def give_out_anothers_block(rows: Rows) -> None:
    rows[find(rows, "block_leased")]["data"]["device"] = "D99"


def a_reason_that_does_not_hold(rows: Rows) -> None:
    rows[find(rows, "ticket_called", 1)]["data"]["reason_code"] = "because"


def a_ticket_nobody_asked_for(rows: Rows) -> None:
    ghost = rows[find(rows, "ticket_issued")]
    rows.append({**ghost, "data": ghost["data"] | {"ticket": "20261124-A999", "number": "A999"}})


@pytest.mark.parametrize(
    ("doctor", "promise"),
    [
        (lose_a_ticket, "I1"),
        (give_a_number_twice, "I3"),
        (swap_two_calls, "I5"),
        (call_to_two_counters, "I4"),
        (serve_two_at_one_counter, "I4"),
        (finish_before_it_begins, "I4"),
        (rate_twice, "I7"),
        (rate_what_was_never_asked, "I7"),
        (give_out_anothers_block, "I3"),
        (a_reason_that_does_not_hold, "I5"),
        (a_ticket_nobody_asked_for, "I2"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_doctored_history_is_found(doctor: Callable[[Rows], None], promise: str) -> None:
    rows = a_morning()
    history = history_of(rows)
    doctor(rows)
    violations = Checker().feed(chained(rows)).judge(history)
    assert any(v.startswith(promise) for v in violations), violations


@pytest.mark.parametrize("damage", ["edit", "delete", "swap", "insert"])
def test_a_broken_chain_is_found(damage: str) -> None:
    """I8, with the rows themselves plausible."""
    events = chained(a_morning())
    at = find(a_morning(), "ticket_issued", 2)
    if damage == "edit":
        old = events[at]
        events[at] = Recorded(
            old.seq, old.at, old.type, old.data.replace(b"ordinary", b"military"), old.actor, old.hash
        )
    elif damage == "delete":
        del events[at]
    elif damage == "swap":
        events[at], events[at + 1] = events[at + 1], events[at]
    else:
        events.insert(at, events[at])
    assert any(v.startswith("I8") for v in Checker().feed(events).violations)


def test_what_clients_were_told_is_held_against_the_events() -> None:
    rows = a_morning()
    told = history_of(rows)
    for history, promise in (
        ([*told, Told("key-x", "ok", "20261124-A042")], "I1"),
        ([*told, Told("key-x", "ok", told[0].ticket)], "I3"),
        ([*told, Told(told[0].key, "ok", told[1].ticket)], "I2"),
        (told[1:], "I2"),
    ):
        assert any(v.startswith(promise) for v in Checker().feed(chained(rows)).judge(history)), promise
    in_doubt = [Told("key-lost", "unknown"), *told[1:]]
    assert Checker().feed(chained(rows)).judge(in_doubt) == [], "an answer that never came may have had a ticket"


def test_nobody_is_a_lie_while_somebody_waits() -> None:
    checker = Checker().feed(chained(a_morning()))
    checker.nobody_for("1")
    assert [v[:2] for v in checker.violations] == ["I6"]
    checker.violations.clear()
    checker.nobody_for("3")
    assert not checker.violations
