"""A13a, A14a, A14b: listed until there is a result, opened with evidence, closed with a decision, looks on record."""

from __future__ import annotations

import pytest
from core_material import Scene

from hall_server.core.oversight import accountability as a

DEPARTMENT = "县人社局"


def test_an_entry_is_closed_only_with_a_result() -> None:
    """A13a."""
    scene = Scene()
    (event,) = scene.do(a.ListForSupervision(department=DEPARTMENT, deadline="2026-12-01", evidence=("case:C1",)))
    entry = event.entry  # type: ignore[attr-defined]
    assert scene.refusal(a.CloseListing(entry=entry, result="")) == "result_missing"
    assert scene.hall.listed[entry].result is None
    scene.do(a.CloseListing(entry=entry, result="done"))
    assert scene.refusal(a.CloseListing(entry=entry, result="done")) == "wrong_state"
    assert scene.refusal(a.CloseListing(entry="S9999", result="done")) == "unknown_entry"
    scene.check()


def test_a_record_is_opened_with_evidence_and_closed_with_a_decision() -> None:
    """A14a."""
    scene = Scene()
    without = a.OpenRecord(department=DEPARTMENT, clerk="0301", evidence=())
    assert scene.refusal(without) == "evidence_missing"
    assert not scene.hall.records
    (event,) = scene.do(a.OpenRecord(department=DEPARTMENT, clerk="0301", evidence=("complaint:2026-00001", "seq:12")))
    record = event.record  # type: ignore[attr-defined]
    assert scene.refusal(a.DecideRecord(record=record, decision="")) == "decision_missing"
    scene.do(a.DecideRecord(record=record, decision="reminded"))
    assert scene.refusal(a.DecideRecord(record=record, decision="reminded")) == "wrong_state"
    assert scene.hall.records[record].decision == "reminded"
    scene.check()


def test_every_look_is_a_row_with_who_when_and_which() -> None:
    """A14b."""
    scene = Scene()
    (event,) = scene.do(a.OpenRecord(department=DEPARTMENT, clerk=None, evidence=("seq:12",)))
    record = event.record  # type: ignore[attr-defined]
    before = scene.hall.seq
    scene.do(a.LookAtRecord(record=record))
    assert scene.hall.seq == before + 1
    assert scene.log[-1].name == "accountability_looked"
    assert scene.refusal(a.LookAtRecord(record="Z9")) == "unknown_entry"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (a.ListForSupervision(department="nowhere", deadline="2026-12-01"), "unknown_department"),
        (a.ListForSupervision(department=DEPARTMENT, deadline="2026-11-23"), "bad_request"),
        (a.ListForSupervision(department=DEPARTMENT, deadline="2026-12-01", evidence=("somebody",)), "bad_request"),
        (a.OpenRecord(department="nowhere", clerk=None, evidence=("seq:1",)), "unknown_department"),
        (a.OpenRecord(department=DEPARTMENT, clerk="9999", evidence=("seq:1",)), "unknown_clerk"),
        (a.OpenRecord(department=DEPARTMENT, clerk=None, evidence=("张三说的",)), "bad_request"),
        (a.DecideRecord(record="Z9", decision="reminded"), "unknown_entry"),
    ],
)
def test_what_cannot_be_is_refused(command: object, code: str) -> None:
    assert Scene().refusal(command) == code  # type: ignore[arg-type]
