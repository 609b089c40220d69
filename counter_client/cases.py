"""Cases at the counter: what may be done with one, why not, its light in words. Pure, told the time.

Dates, lights and powers are the hall's; here it is only said beforehand what the hall would refuse (design, section 6).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .saying import Say, plain, say
from .whynot import Situation, hindered

WITHDRAW_REASONS = ("applicant_asked", "double_entry", "other")
OPEN_TO_ACCEPT = frozenset({"received", "supplementing"})
OPEN_TO_WITHDRAW = frozenset({"received", "supplementing", "accepted", "paused"})


def act_refused(act: str, case: dict[str, Any], picture: dict[str, Any], at: Situation) -> Say | None:
    """Why an act on a case of the list may not be done now. `case` is the whole case, or empty while it is fetched."""
    why = hindered(picture, at)
    if why is not None or not case:
        return why or say("cases.why.loading")
    state = str(case.get("state", ""))
    return {
        "case_accept": None if state in OPEN_TO_ACCEPT else say("cases.why.accepted"),
        "case_notice": _no_notice(case),
        "case_decide": None if state == "accepted" else _not_decided(state),
        "case_deliver": None if state == "decided" else say("cases.why.decide_first"),
        "case_withdraw": None if state in OPEN_TO_WITHDRAW else say("cases.why.over"),
    }[act]


def _not_decided(state: str) -> Say:
    if state in OPEN_TO_ACCEPT:
        return say("cases.why.accept_first")
    return say("cases.why.stopped") if state in ("paused", "reported_up") else say("cases.why.over")


def _no_notice(case: dict[str, Any]) -> Say | None:
    if case.get("state") == "supplementing":
        return None
    if case.get("state") != "received":
        return say("cases.why.accepted")
    return None if case.get("missing") or case.get("lacks") else say("cases.why.nothing_missing")


def say_date(at: datetime | None, *, now: datetime) -> Say:
    """`12月22日 星期二`, with its year when that is another one; `—` without a date."""
    if at is None:
        return plain("—")
    words = {"month": say(f"clock.month_{at.month}"), "weekday": say(f"clock.weekday_{at.isoweekday()}")}
    date = say("clock.date", day=at.day, **words)
    return date if at.year == now.year else say("cases.date_year", date=date, year=at.year)


def light_of(case: dict[str, Any]) -> tuple[str, Say]:
    """Lamp and word of a case as the hall sends them; a case whose clock does not run has none but its word."""
    clock, left = case.get("clock"), case.get("working_days_left")
    if clock == "stopped":
        return "paused", say("light.paused")
    if clock != "running":
        return "", plain("")
    light = str(case.get("light", ""))
    if light == "green":
        return "green", say("light.on_time")
    if light == "yellow":
        if case.get("warning"):
            return "yellow", say("light.due_today" if left == 0 else "light.yellow")
        return "yellow", say("light.yellow_past", n=-left) if left is not None and left < 0 else say("light.yellow")
    if light == "red":
        return "red", say("light.red_days", n=-left) if left is not None and left < 0 else say("cases.red_card")
    return "unknown", say("light.unknown")


def state_of(case: dict[str, Any]) -> Say:
    """Where a case is: the catalogue's step, else the word of its state."""
    state = str(case.get("state", ""))
    step = case.get("step") if state in ("accepted", "paused", "reported_up") else None
    return plain(str(step)) if step else say(f"case.state.{state}")
