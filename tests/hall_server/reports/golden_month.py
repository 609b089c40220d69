"""The golden month as journal rows: every fact becomes the events a hall would have written for it."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from report_material import Book

from hall_server.core.oversight.authorisation import POWERS

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "indicators_golden.json").read_text("utf-8")
)
NAMES = {d["id"]: d["name"] for d in GOLDEN["departments"]}
Fact = tuple[str, int, str, dict[str, Any]]


class Facts:
    """Events with their times, in the order they were thought of; `book` puts them into the order they happened."""

    def __init__(self) -> None:
        self.found: list[Fact] = []

    def at(self, moment: str, event: str, /, **data: Any) -> None:
        self.found.append((moment, len(self.found), event, data))

    def book(self, order: Any = None) -> Book:
        book = Book()
        for moment, _, kind, data in sorted(self.found, key=order or (lambda f: (datetime.fromisoformat(f[0]), f[1]))):
            book.add(moment, kind, "hall", **data)
        return book


def morning(day: str) -> str:
    return f"{day}T09:00:00.000+08:00"


def golden() -> Facts:
    """All facts."""
    facts = Facts()
    facts.at("2025-12-31T08:00:00.000+08:00", "hall_founded", settings={"hall": {"zone": GOLDEN["zone"]}})
    catalogue(facts)
    letters(facts)
    for case in GOLDEN["cases"]:
        tell_case(facts, case)
    for finding in GOLDEN["findings"]:
        facts.at(
            morning(finding["found_on"]), "finding_recorded", finding=finding["finding"],
            department=NAMES[finding["department"]], found_on=finding["found_on"], case=finding["case"],
        )  # fmt: skip
    services(facts)
    for complaint in GOLDEN["complaints"]:
        tell_complaint(facts, complaint)
    return facts


def catalogue(facts: Facts) -> None:
    counters = [
        {"counter": str(n), "site": "county", "department": d["name"], "lines": [d["id"]]}
        for d in GOLDEN["departments"]
        for n in d["counters"]
    ]
    lines = [{"line": d["id"], "name": d["name"], "site": "county"} for d in GOLDEN["departments"]]
    facts.at("2025-12-31T09:00:00.000+08:00", "catalogue_changed", counters=counters, lines=lines)
    for item in GOLDEN["items"]:
        guide = {"steps": [{"name": "受理"}], "materials": [{"name": "身份证"}]} if item["complete_in_hall"] else {}
        row = {"service": item["service"], "department": NAMES[item["department"]], "line": item["department"]} | guide
        begins = item["in_use_from"] or "2026-01-01"
        state = "in_use" if item["in_use_from"] else "suspended"
        facts.at(morning(begins), "catalogue_changed", services=[row | {"state": state}])
        if item["suspended_from"]:
            facts.at(morning(item["suspended_from"]), "catalogue_changed", services=[row | {"state": "suspended"}])


def letters(facts: Facts) -> None:
    for letter in GOLDEN["letters"]:
        assert set(letter["powers"]) <= set(POWERS)
        names = ("letter", "services", "holder", "powers", "valid_from", "valid_to")
        facts.at("2025-12-31T10:00:00.000+08:00", "letter_granted", **{n: letter[n] for n in names})
        if letter["revoked_from"]:
            facts.at(
                morning(letter["revoked_from"]), "letter_revoked", letter=letter["letter"],
                revoked_from=letter["revoked_from"],
            )  # fmt: skip


def tell_case(facts: Facts, case: dict[str, Any]) -> None:
    counter = {"A": "1", "B": "2", "C": "3"}[case["department"]]
    about = {
        "case": case["case"], "service": case["service"], "department": NAMES[case["department"]], "counter": counter,
        "clerk": f"rep-{case['department']}",
    }  # fmt: skip
    received = case["received_at"]
    late = case["entered_on"] != received[:10]
    entered = f"{case['entered_on']}T09:31:00.000+08:00" if late else received
    facts.at(
        entered, "case_received", **about, site="county", form="reception", catalogue_version="c1", type_code="20",
        handling="committed", promised_days=case["promised_working_days"] or 5, statutory_days=None,
        day_unit="working_day", received_at=received, channel="hall",
    )  # fmt: skip
    if case["accepted_on"]:
        accept_and_pause(facts, case, about, entered)
    if case["reported_up"]:
        facts.at(f"{case['accepted_on']}T15:00:00.000+08:00", "case_reported_up", **about, to_code="city", receipt="1")
    end_case(facts, case, about)


def accept_and_pause(facts: Facts, case: dict[str, Any], about: dict[str, Any], entered: str) -> None:
    due = case["promised_due_at"]
    accepted_at = (datetime.fromisoformat(entered) + timedelta(minutes=2)).isoformat(timespec="milliseconds")
    dues = {"promised_due": due, "statutory_due": None, "provisional": False}
    first = "2026-10-23T16:30:00+08:00" if case["pauses"] else due
    facts.at(
        accepted_at, "case_accepted", **about, accepted_on=case["accepted_on"],
        **dues | {"promised_due": first}, calendar_version="k1",
    )  # fmt: skip
    for begins, ends in case["pauses"]:
        facts.at(morning(begins), "case_paused", **about, from_on=begins, reason_code="expert_review", notice_no="1")
        if ends:
            facts.at(morning(ends), "case_resumed", **about, to_on=ends, **dues)


def end_case(facts: Facts, case: dict[str, Any], about: dict[str, Any]) -> None:
    ending = {"withdrawn": "case_withdrawn", "not_accepted": "case_not_accepted", "void": "case_voided"}
    if case["ending"] in ending:
        facts.at(f"{case['ended_on']}T15:00:00.000+08:00", ending[case["ending"]], **about, reason_code="other")
    for at, first in ((case["decided_at"], True), (case.get("decided_again_at"), False)):
        if at is not None:
            facts.at(
                at, "case_decided", **about, outcome="granted", place=case["decided_place"],
                under=case["decided_under"], seal=None, decided_at=at, first=first,
            )  # fmt: skip
    if case.get("reopened_at"):
        facts.at(case["reopened_at"], "case_reopened", **about, reason_code="error")


def services(facts: Facts) -> None:
    rated = {r["service_record"] for r in GOLDEN["ratings"]}
    for service in GOLDEN["services_finished"]:
        at, ident, counter = service["finished_at"], service["service_record"], str(service["counter"])
        about = {"ticket": ident, "counter": counter, "clerk": f"rep-{service['department']}"}
        facts.at(at, "service_finished", **about, site="county", department=NAMES[service["department"]])
        if ident in rated:
            facts.at(at, "rating_requested", request=ident, ticket=ident, expires_at="2026-12-01T17:00:00.000+08:00")
    for rating in GOLDEN["ratings"]:
        tell_rating(facts, rating)


def tell_rating(facts: Facts, rating: dict[str, Any]) -> None:
    """A refused attempt leaves no event: the rules tests say so."""
    if rating["status"].startswith("refused"):
        return
    ident, given_at = rating["service_record"], rating["given_at"]
    facts.at(given_at, "rating_given", request=ident, ticket=ident, level=rating["level"], source=rating["source"])
    decision = {"excluded_by_review": "excluded"}.get(rating["status"], "confirmed" if rating["why"] else None)
    if decision and "review" in rating["why"]:
        reviewed = (datetime.fromisoformat(given_at) + timedelta(days=1)).isoformat(timespec="milliseconds")
        facts.at(reviewed, "rating_reviewed", request=ident, decision=decision)


def tell_complaint(facts: Facts, complaint: dict[str, Any]) -> None:
    ident = {"complaint": complaint["complaint"]}
    facts.at(
        complaint["received_at"], "complaint_received", **ident, kind="complaint", category="attitude", channel="hall",
        department=NAMES[complaint["department"]], received_at=complaint["received_at"],
    )  # fmt: skip
    if complaint["state"] in ("upheld", "dismissed"):
        on = complaint["decided_on"]
        facts.at(morning(on), "complaint_disposed", **ident, outcome=complaint["state"], decided_on=on)
    if complaint["state"] == "withdrawn":
        facts.at(morning(complaint["decided_on"]), "complaint_withdrawn", **ident)
