"""How far a case is: the page for number and check code, and the case itself, masked. The server made the facts. Pure.

While the kiosk asks whether somebody is still there nothing of the case is on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hall_client.spoken import Spoken

from .asked import CODE_LENGTH, CODE_LETTERS, case_number
from .flow import Flow
from .view_parts import View, button

REFUSALS = ("unknown_case", "no_answer", "too_many_requests")
FIGURES = "1234567890"
MISSING_SHOWN = 4
PAUSES_SHOWN = 2
STEPS_SHOWN = 7


def ask(flow: Flow, words: Spoken, own_name: str) -> View:
    """Number and check code from the receipt, by keys; or the receipt before the scanner."""
    place = flow.place
    number = place.spot != "code"
    spots = [
        button("spot:no", words.say("case.number"), on=number) | {"value": case_number(place.entered)},
        button("spot:code", words.say("case.ask_code"), on=not number) | {"value": place.code},
    ]
    full = len(place.code) == CODE_LENGTH
    go = button("spot:code", words.say("case.ask_next"), enabled=len(place.entered) > 8)
    if not number:
        go = button("ask", words.say("case.ask_now"), icon="search", enabled=flow.may_ask)
        if full and not flow.may_ask:
            go = button("spot:no", words.say("case.ask_number"))
    return {
        "title": words.say("case.query"),
        "hint": words.say("case.ask_hint"),
        "scan": words.say("case.ask_scan"),
        "spots": spots,
        "keys": list(FIGURES if number else CODE_LETTERS),
        "live": list(FIGURES if number else CODE_LETTERS) if number or not full else [],
        "erase": button("erase", words.say("search.erase"), icon="delete"),
        "clear": button("clear", words.say("search.clear")),
        "go": go,
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
    }


def case(flow: Flow, words: Spoken, own_name: str) -> View:
    """The case, or why it is not shown."""
    place = flow.place
    view: View = {
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
        "help": button("help", words.say("tool.help"), icon="hand-helping"),
        "steps": [],
        "facts": [],
        "lamp": "",
        "word": "",
        "state": "",
        "service": "",
        "next": "",
        "found": False,
        "who": "",
        "icon": "file-text",
    }
    if flow.asking_idle_since is not None:
        return view | {"title": words.say("case.query"), "text": ""}
    if place.refusal == "looking":
        return view | {"title": words.say("scan.looking"), "text": "", "icon": "hourglass"}
    if place.refusal or place.seen is None:
        key = f"case.not_{place.refusal}" if place.refusal in REFUSALS else "refused.other"
        return view | {"title": words.say(key), "text": "", "next": words.say("refused.desk"), "icon": "circle-alert"}
    shown = told(place.seen, words)
    if flow.modes.large:  # the steps say when it was received
        shown["facts"] = shown["facts"][1:]
    return view | shown


def told(seen: Mapping[str, Any], words: Spoken) -> View:
    """A case in words. `who` has number and applicant, and a name of its own because the voice reads every `text`."""
    lamp = lamp_of(seen)
    state = words.say(f"case.state.{seen['state']}")
    due = seen.get("promised_due")
    running = due is not None and seen.get("clock") == "running"
    return {
        "found": True,
        "text": "",
        "title": words.say("case.promised_on", d=day(words, str(due))) if running else state,
        "who": " · ".join(x for x in (str(seen["no"]), str(seen.get("applicant") or "")) if x),
        "service": str(seen["service_name"]),
        "lamp": "paused" if lamp == "stopped" else lamp,
        "word": word_of(seen, lamp, words),
        "state": state if running else "",
        "facts": [{"name": name, "value": value} for name, value in facts(seen, words)],
        "steps": steps(seen, words),
    }


def lamp_of(seen: Mapping[str, Any]) -> str:
    """`green yellow red stopped`, empty where no clock runs."""
    if seen.get("clock") == "stopped":
        return "stopped"
    return str(seen.get("light") or "") if seen.get("clock") == "running" else ""


def word_of(seen: Mapping[str, Any], lamp: str, words: Spoken) -> str:
    """The word beside the lamp."""
    left = seen.get("working_days_left")
    if lamp in ("", "stopped"):
        return words.say("light.paused") if lamp else ""
    if lamp == "green":
        return words.say("light.on_time")
    if lamp == "yellow" and seen.get("warning"):
        return words.say("light.due_today" if left == 0 else "light.yellow")
    if left is not None and int(left) < 0:
        return words.say("light.red_days" if lamp == "red" else "light.yellow_past", n=-int(left))
    return words.say("light.red" if lamp == "red" else "supervision.yellow_card")


def day(words: Spoken, moment: str) -> str:
    """`12月22日` of an RFC 3339 text or a date."""
    at = datetime.fromisoformat(moment)
    return words.say("case.day", month=words.say(f"clock.month_{at.month}"), day=at.day)


def due_words(seen: Mapping[str, Any], due: str, words: Spoken, *, left: bool) -> str:
    """A due date with its closing time, what is left of it, and whether it may still move."""
    parts = [words.say("case.page.due", d=day(words, due), time=f"{datetime.fromisoformat(due):%H:%M}")]
    days = seen.get("working_days_left")
    if left and days is not None and int(days) >= 0:
        parts.append(words.say("light.due_today") if days == 0 else words.say("case.page.left", n=days))
    if seen.get("provisional"):
        parts.append(words.say("date.provisional"))
    return " · ".join(parts)


def facts(seen: Mapping[str, Any], words: Spoken) -> list[tuple[str, str]]:
    """Both limits, stops with their reason, what is missing, what was decided."""
    found = [(words.say("case.page.received_on"), day(words, str(seen["received_at"])))]
    if seen.get("promised_due"):
        found.append((words.say("case.promised_due"), due_words(seen, str(seen["promised_due"]), words, left=True)))
    if seen.get("statutory_due"):
        found.append((words.say("case.statutory_due"), due_words(seen, str(seen["statutory_due"]), words, left=False)))
    elif seen.get("accepted_on") and seen.get("statutory_days") is None:
        found.append((words.say("case.statutory_due"), words.say("case.page.no_statutory")))
    for pause in list(seen.get("pauses") or [])[-PAUSES_SHOWN:]:
        until = day(words, str(pause["to"])) if pause.get("to") else words.say("case.page.still")
        name = words.say("case.page.stopped", a=day(words, str(pause["from"])), b=until)
        found.append((name, words.say(f"case.pause.{pause['reason_code']}")))
    missing = [str(name) for name in seen.get("missing") or []]
    if missing:
        rest = len(missing) - MISSING_SHOWN
        more = " " + words.say("docs.more", n=rest) if rest > 0 else ""
        found.append((words.say("case.page.missing").rstrip("：:"), words.listed(missing[:MISSING_SHOWN]) + more))
    if seen.get("supplement_until"):
        found.append((words.say("case.page.bring_until"), day(words, str(seen["supplement_until"]))))
    if seen.get("decided_at"):
        outcome = words.say(f"case.{seen['outcome']}") if seen.get("outcome") else ""
        found.append((words.say("case.page.decided_on", d=day(words, str(seen["decided_at"]))), outcome))
    return found


def steps(seen: Mapping[str, Any], words: Spoken) -> list[View]:
    """The way from receipt to delivery; of a long one the part around where it is now."""
    trail = list(seen.get("trail") or [])
    now = next((n for n, step in enumerate(trail) if step["state"] == "now"), 0)
    first = max(0, min(now - STEPS_SHOWN // 2, len(trail) - STEPS_SHOWN))
    return [
        {
            "label": str(step.get("name") or words.say(f"case.step.{step['code']}")),
            "state": {"to_come": "next"}.get(step["state"], step["state"]),
            "note": words.say("case.page.now")
            if step["state"] == "now"
            else day(words, str(step["at"]))
            if step.get("at")
            else "",
        }
        for step in trail[first : first + STEPS_SHOWN]
    ]
