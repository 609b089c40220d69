"""What a scanned code says: where the ticket stands, back in line, or that nobody knows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hall_client.spoken import Spoken
from hall_client.waits import ahead_words

from .flow import Flow
from .view_parts import View, button

STATES = ("waiting", "called", "serving", "parked", "finished", "no_show", "cancelled", "expired")
ENDED = ("finished", "cancelled", "expired", "no_show")
REFUSALS = ("reinstated_already", "unknown_ticket", "unknown_appointment", "too_early", "no_answer")


def scanned(flow: Flow, words: Spoken, own_name: str) -> View:
    """One page for every outcome."""
    place = flow.place
    ticket: Mapping[str, Any] = place.seen or {}
    title, text = _told(words, place.refusal, ticket)
    return {
        "title": title,
        "text": text,
        "next": _next(words, place.refusal, ticket),
        "icon": _icon(place.refusal, str(ticket.get("state", ""))),
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
        "help": button("help", words.say("tool.help"), icon="hand-helping"),
    }


def _told(words: Spoken, refusal: str, ticket: Mapping[str, Any]) -> tuple[str, str]:
    """The title and the line below it."""
    number = str(ticket.get("number", ""))
    if refusal == "looking":
        return words.say("scan.looking"), ""
    if refusal == "reinstated":
        return words.say("scan.reinstated", number=number), ahead_words(words, ticket.get("ahead"))
    state = str(ticket.get("state", ""))
    if refusal in ("", "wrong_state") and state in STATES:
        counter = str(ticket.get("counter") or "")
        known = f"scan.{state}" if counter or state not in ("called", "serving", "parked") else "scan.waiting"
        text = ahead_words(words, ticket.get("ahead")) if state == "waiting" else str(ticket.get("line_name") or "")
        return words.say(known, number=number, counter=counter), text
    if refusal == "reinstated_already":
        return words.say("scan.twice", number=number), str(ticket.get("line_name") or "")
    return words.say(f"scan.{refusal}" if refusal in REFUSALS else "refused.other"), ""


def _next(words: Spoken, refusal: str, ticket: Mapping[str, Any]) -> str:
    """What to do now."""
    state = str(ticket.get("state", ""))
    if refusal == "looking":
        return ""
    if refusal in ("reinstated", "") and state not in ENDED:
        return words.say("scan.listen")
    if refusal == "reinstated_already" or state in ENDED:
        return words.say("scan.take_new")
    return words.say("refused.desk")


def _icon(refusal: str, state: str) -> str:
    if refusal == "looking":
        return "hourglass"
    return "ticket" if refusal in ("", "reinstated") and state not in ENDED else "ticket-x"
