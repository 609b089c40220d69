"""What events about cases and cards change in the tables.

`case_clocks` keeps every due date a case ever had: an indicator asks what it was at the month's end, not now.
"""

import sqlite3
from datetime import datetime
from typing import Any, Final

from .appliers import Fact, change, insert, on

_ENDS: Final = {"case_not_accepted": "not_accepted", "case_withdrawn": "withdrawn"}


def milliseconds(rfc3339: str | None) -> int | None:
    """An instant as a number, so that two of them can be compared whatever their offsets."""
    return None if rfc3339 is None else round(datetime.fromisoformat(rfc3339).timestamp() * 1000)


def _change(db: sqlite3.Connection, fact: Fact, **changes: Any) -> None:
    change(db, "cases", "case_no", fact.data["case"], **changes, last_seq=fact.seq)


def _note(db: sqlite3.Connection, fact: Fact, kind: str) -> None:
    data = fact.data
    values = {"seq": fact.seq, "at": fact.at, "case_no": data["case"], "type": kind}
    insert(db, "case_events", values | {"counter": data.get("counter"), "clerk": data.get("clerk")})


def _clock(db: sqlite3.Connection, fact: Fact, case: str, *, clock: str, reason: str, **dues: str | None) -> None:
    promised, statutory = dues.get("promised_due"), dues.get("statutory_due")
    values = {
        "seq_case": f"{fact.seq}/{case}", "seq": fact.seq, "at": fact.at, "case_no": case, "clock": clock,
        "promised_due": promised, "promised_due_ms": milliseconds(promised), "statutory_due": statutory,
        "reason": reason,
    }  # fmt: skip
    insert(db, "case_clocks", values)


def _runs(db: sqlite3.Connection, fact: Fact, *, state: str, reason: str) -> None:
    """The clocks run towards these dates."""
    data = fact.data
    dues = {"promised_due": data.get("promised_due"), "statutory_due": data.get("statutory_due")}
    _change(db, fact, state=state, clock="running", provisional=int(data.get("provisional", False)), **dues)
    _clock(db, fact, data["case"], clock="running", reason=reason, **dues)
    _note(db, fact, reason)


@on("case_received")
def received(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    names = (
        "service", "department", "site", "counter", "clerk", "form", "channel", "ticket", "handling",
        "catalogue_version", "promised_days", "statutory_days", "day_unit", "received_at", "project",
    )  # fmt: skip
    values: dict[str, Any] = {name: data.get(name) for name in names}
    values |= {
        "case_no": data["case"], "received_on": data["received_at"][:10], "entered_on": fact.at[:10],
        "state": "received", "clock": "not_started", "provisional": 0, "reported_up": 0, "void": 0,
        "received_seq": fact.seq, "last_seq": fact.seq,
    }  # fmt: skip
    insert(db, "cases", values)
    _note(db, fact, "case_received")


@on("case_supplement_asked")
def supplement(db: sqlite3.Connection, fact: Fact) -> None:
    _change(db, fact, state="supplementing")
    _note(db, fact, "case_supplement_asked")


@on("case_accepted")
def accepted(db: sqlite3.Connection, fact: Fact) -> None:
    _change(db, fact, accepted_on=fact.data["accepted_on"])
    _runs(db, fact, state="accepted", reason="case_accepted")


@on("case_paused")
def paused(db: sqlite3.Connection, fact: Fact) -> None:
    _change(db, fact, state="paused", clock="stopped", promised_due=None, statutory_due=None)
    _clock(db, fact, fact.data["case"], clock="stopped", reason="case_paused")
    _note(db, fact, "case_paused")


@on("case_resumed")
def resumed(db: sqlite3.Connection, fact: Fact) -> None:
    _runs(db, fact, state="accepted", reason="case_resumed")


@on("case_extended")
def extended(db: sqlite3.Connection, fact: Fact) -> None:
    (state,) = db.execute("SELECT state FROM cases WHERE case_no = ?", (fact.data["case"],)).fetchone()
    _runs(db, fact, state=state, reason="case_extended")


@on("case_recalculated")
def recalculated(db: sqlite3.Connection, fact: Fact) -> None:
    reason = "case_recalculated"
    for case, _, promised, _, statutory, provisional in fact.data["cases"]:
        dues = {"promised_due": promised, "statutory_due": statutory}
        _change(db, fact._replace(data={"case": case}), provisional=int(provisional), **dues)
        _clock(db, fact, case, clock="stopped" if promised is None else "running", reason=reason, **dues)


@on("case_stepped")
def stepped(db: sqlite3.Connection, fact: Fact) -> None:
    _change(db, fact, step=fact.data["step"])
    _note(db, fact, "case_stepped")


@on("case_decided")
def decided(db: sqlite3.Connection, fact: Fact) -> None:
    """The first decision counts, once; a later one is only noted (domain.md 7)."""
    data = fact.data
    _note(db, fact, "case_decided")
    if not data.get("first", True):
        _change(db, fact, state="decided", clock="ended")
        return
    found = db.execute("SELECT promised_due, statutory_due FROM cases WHERE case_no = ?", (data["case"],)).fetchone()
    promised, statutory = found or (None, None)
    at, due, by_law = (milliseconds(t) for t in (data["decided_at"], promised, statutory))
    assert at is not None
    _change(
        db, fact, state="decided", clock="ended", decided_at=data["decided_at"], decided_on=data["decided_at"][:10],
        outcome=data["outcome"], place=data["place"], under=data.get("under"), seal=data.get("seal"),
        decided_counter=data.get("counter"), decided_clerk=data.get("clerk"), decided_seq=fact.seq,
        on_time=int(due is None or at <= due), on_time_by_law=None if by_law is None else int(at <= by_law),
        before_due_day=int(promised is not None and data["decided_at"][:10] < promised[:10]),
    )  # fmt: skip


@on("case_delivered")
def delivered(db: sqlite3.Connection, fact: Fact) -> None:
    _change(db, fact, state="delivered", delivered_at=fact.at)
    _note(db, fact, "case_delivered")


@on("case_not_accepted")
def not_accepted(db: sqlite3.Connection, fact: Fact) -> None:
    _ended(db, fact, "not_accepted")


@on("case_withdrawn")
def withdrawn(db: sqlite3.Connection, fact: Fact) -> None:
    _ended(db, fact, "withdrawn")


@on("case_voided")
def voided(db: sqlite3.Connection, fact: Fact) -> None:
    """Double or mistaken: it stays in the table and is in no indicator."""
    _change(db, fact, void=1)
    _ended(db, fact, "void")


def _ended(db: sqlite3.Connection, fact: Fact, state: str) -> None:
    _change(db, fact, state=state, clock="ended", ended_on=fact.at[:10])
    _note(db, fact, f"case_{'voided' if state == 'void' else state}")


@on("case_reported_up")
def reported_up(db: sqlite3.Connection, fact: Fact) -> None:
    """Outside indicator 3 from now on, inside 4 (domain.md A6f)."""
    _change(db, fact, state="reported_up", reported_up=1)
    _note(db, fact, "case_reported_up")


@on("case_reported_answer")
def reported_answer(db: sqlite3.Connection, fact: Fact) -> None:
    _note(db, fact, "case_reported_answer")


@on("case_reopened")
def reopened(db: sqlite3.Connection, fact: Fact) -> None:
    _change(db, fact, state="accepted", reopened_at=fact.at)
    _note(db, fact, "case_reopened")


@on("card_raised")
def card_raised(db: sqlite3.Connection, fact: Fact) -> None:
    names = ("card", "service", "department", "counter", "clerk", "level", "cause", "rule", "due_at", "true_at")
    values = {name: fact.data.get(name) for name in names}
    values |= {"case_no": fact.data["case"], "raised_at": fact.data.get("raised_at", fact.at), "seq": fact.seq}
    insert(db, "cards", values)


@on("card_revoked")
def card_revoked(db: sqlite3.Connection, fact: Fact) -> None:
    """It stays in the register, counted apart."""
    db.execute(
        "UPDATE cards SET revoked_at = ?, revoked_reason = ? WHERE card = ?",
        (fact.at, fact.data.get("reason_code"), fact.data["card"]),
    )
