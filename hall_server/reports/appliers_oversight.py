"""What events about letters, findings, first inquiries, complaints, messages and bad ratings change in the tables."""

import sqlite3
from typing import Any

from .appliers import Fact, change, insert, on


def _of(fact: Fact, *names: str) -> dict[str, Any]:
    return {name: fact.data.get(name) for name in names} | {"seq": fact.seq}


# ------------------------------------------------------------------ letters, seals, findings


@on("letter_granted")
def letter_granted(db: sqlite3.Connection, fact: Fact) -> None:
    insert(db, "letters", _of(fact, "letter", "holder", "valid_from", "valid_to"))
    rows = [(fact.data["letter"], s, p) for s in fact.data["services"] for p in fact.data["powers"]]
    db.executemany("INSERT INTO letter_powers VALUES (?, ?, ?)", rows)


@on("letter_revoked")
def letter_revoked(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "letters", "letter", fact.data["letter"], revoked_from=fact.data["revoked_from"])


@on("seal_registered")
def seal_registered(db: sqlite3.Connection, fact: Fact) -> None:
    insert(db, "seals", _of(fact, "seal", "holder", "department"), verb="INSERT OR REPLACE")


@on("finding_recorded")
def finding_recorded(db: sqlite3.Connection, fact: Fact) -> None:
    values = _of(fact, "finding", "department", "service", "found_on") | {"case_no": fact.data.get("case")}
    insert(db, "findings", values)


@on("finding_linked")
def finding_linked(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "findings", "finding", fact.data["finding"], case_no=fact.data["case"])


# ------------------------------------------------------------------ first inquiries


@on("inquiry_opened")
def inquiry_opened(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    values = _of(fact, "inquiry", "service", "department", "counter", "channel")
    values |= {"opened_at": fact.at, "belongs_to": data.get("matter_code"), "state": "open"}
    insert(db, "inquiries", values | {"first_responsible": data["clerk"], "responsible": data["clerk"]})
    _step(db, fact, "opened", clerk=data["clerk"])


@on("inquiry_handed_over")
def inquiry_handed_over(db: sqlite3.Connection, fact: Fact) -> None:
    """Offered: the one before stays responsible."""
    data = fact.data
    change(db, "inquiries", "inquiry", data["inquiry"], state="handed_over", offered_to=data["to_clerk"])
    _step(db, fact, "handed_over", clerk=data["to_clerk"], from_clerk=data["from_clerk"])


@on("inquiry_accepted")
def inquiry_accepted(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    change(db, "inquiries", "inquiry", data["inquiry"], state="open", offered_to=None, responsible=data["clerk"])
    _step(db, fact, "accepted", clerk=data["clerk"])


@on("inquiry_declined")
def inquiry_declined(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "inquiries", "inquiry", fact.data["inquiry"], state="open", offered_to=None)
    _step(db, fact, "declined", clerk=fact.data["clerk"], reason=fact.data.get("reason_code"))


@on("inquiry_answered")
def inquiry_answered(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    change(
        db, "inquiries", "inquiry", data["inquiry"], state="answered", answered_at=fact.at,
        result=data.get("result_code"), one_time_notice=data.get("one_time_notice"), offered_to=None,
    )  # fmt: skip
    _step(db, fact, "answered", clerk=data["clerk"])


@on("inquiry_assigned")
def inquiry_assigned(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    change(db, "inquiries", "inquiry", data["inquiry"], responsible=data["to_clerk"])
    db.execute(  # an offer to somebody else still stands
        "UPDATE inquiries SET state = 'open', offered_to = NULL WHERE inquiry = ? AND offered_to = ?",
        (data["inquiry"], data["to_clerk"]),
    )
    _step(
        db, fact, "assigned", clerk=data.get("to_clerk"), from_clerk=data.get("from_clerk"),
        reason=data.get("reason_code"),
    )  # fmt: skip


def _step(db: sqlite3.Connection, fact: Fact, step: str, **who: Any) -> None:
    insert(db, "inquiry_steps", {"seq": fact.seq, "at": fact.at, "inquiry": fact.data["inquiry"], "step": step} | who)


# ------------------------------------------------------------------ complaints and the message book


@on("complaint_received")
def complaint_received(db: sqlite3.Connection, fact: Fact) -> None:
    """Belongs to the month of its receipt (domain.md 4.3)."""
    data = fact.data
    names = (
        "complaint", "kind", "category", "channel", "ticket", "department", "counter", "clerk", "accept_due",
        "answer_due",
    )  # fmt: skip
    received_at = data.get("received_at", fact.at)
    values = _of(fact, *names) | {"case_no": data.get("case"), "state": "received"}
    insert(db, "complaints", values | {"received_at": received_at, "month": received_at[:7]})


@on("complaint_disposed")
def complaint_disposed(db: sqlite3.Connection, fact: Fact) -> None:
    data = fact.data
    decided_on = data.get("decided_on", fact.at[:10])
    change(
        db, "complaints", "complaint", data["complaint"], state="disposed", outcome=data["outcome"],
        decided_on=decided_on,
    )  # fmt: skip


@on("complaint_answered")
def complaint_answered(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "complaints", "complaint", fact.data["complaint"], state="answered", answered_at=fact.at)


@on("complaint_accepted")
def complaint_accepted(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "complaints", "complaint", fact.data["complaint"], state="accepted")


@on("complaint_investigated")
def complaint_investigated(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "complaints", "complaint", fact.data["complaint"], state="investigated")


@on("complaint_filed")
def complaint_filed(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "complaints", "complaint", fact.data["complaint"], state="filed")


@on("complaint_withdrawn")
def complaint_withdrawn(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "complaints", "complaint", fact.data["complaint"], state="withdrawn")


@on("message_written")
def message_written(db: sqlite3.Connection, fact: Fact) -> None:
    received_at = fact.data.get("received_at", fact.at)
    values = _of(fact, "message", "channel", "answer_due") | {"received_at": received_at, "published": 0}
    insert(db, "messages", values)


@on("message_answered")
def message_answered(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "messages", "message", fact.data["message"], answered_at=fact.at)
    if fact.data.get("publish"):
        change(db, "messages", "message", fact.data["message"], published=1)


@on("message_published")
def message_published(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "messages", "message", fact.data["message"], published=1)


# ------------------------------------------------------------------ bad ratings, bulletins


@on("bad_rating_opened")
def bad_rating_opened(db: sqlite3.Connection, fact: Fact) -> None:
    values = _of(fact, "loop", "request", "ticket", "counter", "clerk", "department", "level")
    insert(db, "bad_ratings", values | {"named": int(fact.data["named"]), "state": "opened", "opened_at": fact.at})


@on("bad_rating_verified")
def bad_rating_verified(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "bad_ratings", "loop", fact.data["loop"], state="verified")


@on("bad_rating_put_right")
def bad_rating_put_right(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "bad_ratings", "loop", fact.data["loop"], state="put_right")


@on("bad_rating_explained")
def bad_rating_explained(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "bad_ratings", "loop", fact.data["loop"], state="explained")


@on("bad_rating_called_back")
def bad_rating_called_back(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "bad_ratings", "loop", fact.data["loop"], state="called_back")


@on("bad_rating_closed")
def bad_rating_closed(db: sqlite3.Connection, fact: Fact) -> None:
    change(db, "bad_ratings", "loop", fact.data["loop"], state="closed", closed_at=fact.at)


@on("bulletin_frozen")
def bulletin_frozen(db: sqlite3.Connection, fact: Fact) -> None:
    insert(db, "bulletins", _of(fact, "month", "frozen_at", "sha256", "formulas"))
