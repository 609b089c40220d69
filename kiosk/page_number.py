"""The pages after 取号: the number, the number without a paper, no number and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hall_client.papers.ticket import code_of, invites_phones
from hall_client.spoken import Spoken
from hall_client.waits import wait_words

from .flow import COPIES_MAX, Flow
from .places import Place
from .view_parts import View, button, clock, line_name, short

COUNTERS_SHOWN = 3


def ticket(flow: Flow, words: Spoken, own_name: str) -> View:
    """Take your ticket."""
    held = flow.held
    assert held is not None
    ticket = held.ticket
    row = flow.lines.get(str(ticket["line"]), {})
    wait = wait_words(
        words,
        ticket.get("estimate"),
        ahead=ticket.get("ahead"),
        open_counters=int(row.get("open_counters", 1)),
        free=bool(row.get("counter_free")),
        stale=held.own,
    )
    counters = list(ticket.get("counters") or [])
    url = str(ticket["url"])
    hall = (flow.world.picture or {}).get("hall") or {}
    left = int(flow.ticket_left() + 0.999)
    invited = invites_phones(url)
    place = str(ticket.get("place") or "")
    return {
        "title": words.say("ticket.take_paper" if held.printing != "unknown" else "ticket.look_paper"),
        "service": ticket_title(flow, held.service, ticket),
        "number": str(ticket["number"]),
        "spoken_number": str(ticket["number"]),
        "facts": [
            {"label": words.say("paper.ahead"), "text": _people(words, ticket.get("ahead")), "kind": "range"},
            {"label": words.say("paper.wait"), "text": wait.short, "kind": wait.kind},
            {
                "label": words.say("ticket.counters"),
                "text": _counter_list(words, counters),
                "kind": "range",
            },
        ],
        "code": code_of(url),
        "code_title": words.say("ticket.code_phone" if invited else "ticket.code_keep"),
        "code_lines": [words.say("ticket.code_phone_1"), words.say("ticket.code_phone_2")]
        if invited
        else [words.say("ticket.code_keep_1"), words.say("ticket.code_keep_2")],
        "where": words.say("ticket.wait_here", place=place) if place else words.say("ticket.wait_hall"),
        "noshow": words.say("offline.valid") if held.own else words.say("ticket.noshow", n=hall.get("calls_max", 3)),
        "reprint": _reprint(flow, words),
        "done": button("done", words.say("ticket.done"), icon="check"),
        "countdown": words.say("ticket.countdown", n=left),
        "share": flow.ticket_left() / flow.ticket_limit,
        "outlet": words.say("ticket.outlet" if held.copies == 0 else "ticket.outlet_copy"),
        "own": held.own,
    }


def _counter_list(words: Spoken, counters: list[str]) -> str:
    """The counters of a ticket; of many the first ones."""
    if not counters:
        return "—"
    if len(counters) > COUNTERS_SHOWN:
        return words.say("ticket.counter_many", counters=words.listed(counters[:2]), n=len(counters))
    return words.say("ticket.counter_list", counters=words.listed(counters))


def _reprint(flow: Flow, words: Spoken) -> View:
    """没打出来: with its reason while it cannot be used."""
    held = flow.held
    assert held is not None
    used, busy = held.copies >= COPIES_MAX, flow.still_printing
    hint = "ticket.copies_used" if used else "ticket.printing" if busy else "ticket.same_number"
    label, enabled = words.say("ticket.not_out"), not used and not busy
    return button("reprint", label, icon="printer", hint=words.say(hint), enabled=enabled)


def ticket_title(flow: Flow, service: str | None, ticket: Mapping[str, Any]) -> str:
    """What a ticket is for: the service, else its line."""
    entry = flow.index.services.get(service or "") if flow.index else None
    return short(entry) if entry else str(ticket.get("line_name") or ticket["line"])


def _people(words: Spoken, n: int | None) -> str:
    return "—" if n is None else words.say("paper.people", n=n)


def paper(flow: Flow, words: Spoken, own_name: str) -> View:
    """No paper came: the number is the ticket."""
    held = flow.held
    assert held is not None
    shown = ticket(flow, words, own_name)
    ahead, wait = (f["text"] for f in shown["facts"][:2])
    invited = invites_phones(str(held.ticket["url"]))
    others = [k for k in (flow.world.picture or {}).get("other_kiosks") or [] if k != own_name]
    told = [] if flow.world.stale else [words.say("paper.told")]
    if others:
        told.append(words.say("paper.elsewhere", kiosk=others[0]))
    elif not told:
        told.append(words.say("help.not_sent"))
    detail = [shown["service"]]
    detail += [words.say("wait.ahead", n=ahead_n)] if (ahead_n := held.ticket.get("ahead")) is not None else []
    detail += [wait] if wait != "—" else []
    return {
        "title": words.say("paper.your_number"),
        "number": shown["number"],
        "spoken_number": shown["number"],
        "detail": " · ".join(detail),
        "code": shown["code"],
        "keep": words.say("paper.keep" if invited else "paper.keep_plain"),
        "told": " · ".join(told),
        "done": button("done", words.say("paper.noted"), icon="check"),
        "countdown": shown["countdown"],
        "ahead": ahead,
    }


def refused(flow: Flow, words: Spoken, own_name: str) -> View:
    """No number this time, and why."""
    place = flow.place
    line = place.line or ""
    name = f"{line} {line_name(flow, line)}".strip()
    opens = clock(flow.lines.get(line, {}).get("opens_at"))
    others = [k for k in (flow.world.picture or {}).get("other_kiosks") or [] if k != own_name]
    text, then = "refused.no_number", words.say("refused.desk")
    if others and place.refusal == "no_number":
        then = words.say("refused.other_kiosk", kiosk=others[0])
    elif place.refusal == "already_waiting":
        text, then = "refused.one_each", words.say("refused.lost_paper")
    return {
        "title": _why_refused(words, place, name, opens),
        "text": words.say(text),
        "next": then,
        "icon": "ticket-x",
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
        "help": button("help", words.say("tool.help"), icon="hand-helping"),
    }  # fmt: skip


def _why_refused(words: Spoken, place: Place, name: str, opens: str) -> str:
    if place.refusal == "no_number":
        return words.say("refused.block_empty", line=name)
    if place.refusal == "quota_reached":
        return words.say("quota.reached", line=name, time=opens) if opens else words.say("quota.today", line=name)
    if place.refusal in ("closed", "line_closed"):
        return words.say("line.closed", line=name, time=opens) if opens else words.say("line.closed_today", line=name)
    if place.refusal == "already_waiting":
        held = place.number
        return words.say("refusal.already_waiting", number=held) if held else words.say("refused.held")
    key = f"refusal.{place.refusal}"
    return words.say(key) if words.has(key) and not words.catalogue.placeholders(key) else words.say("refused.other")
