"""The page of one service: limits, fee, documents, who you are, how long; and 取号. Pure."""

from __future__ import annotations

from hall_client.spoken import Spoken
from hall_client.waits import honesty

from .catalogue import Service
from .flow import Flow
from .view_parts import View, busy_key, button, line_ahead, line_name, line_wait

DOCS_A_PAGE, DOCS_LARGE = 5, 3


def detail(flow: Flow, words: Spoken, own_name: str) -> View:
    """One service, or one line."""
    assert flow.index is not None
    place = flow.place
    line = flow.line_of(place) or ""
    row, entry = flow.lines.get(line, {}), flow.index.lines.get(line, {})
    wait = line_wait(flow, words, line)
    service = flow.index.services.get(place.service or "")
    may = flow.may_take(place)
    counters = list(row.get("counters") or entry.get("counters") or [])
    where = [words.say("detail.counters", counters=words.listed(counters))] if counters else []
    where += [str(row.get("place") or entry.get("place") or "")]
    busy = bool(flow.busy_words())
    hint = "" if may else words.say("detail.not_now")
    if may and flow.world.reader in ("ready", "degraded") and not flow.world.stale:
        who = flow.taking.who if flow.taking is not None else None
        hint = words.say("card.read", name=who.name) if who is not None else words.say("card.here")
    view: View = {
        "letter": line,
        "ahead": line_ahead(flow, words, line),
        "wait": wait.full,
        "kind": wait.kind,
        "where": " · ".join(x for x in where if x),
        "honest": wait.reason or (honesty(words, row.get("coverage_percent")) if wait.kind != "now" else ""),
        "you_are": words.say("detail.you_are"),
        "priority_rule": words.say("detail.priority_rule"),
        "priorities": [_priority(flow, words, p) for p in flow.priority_classes],
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
        "take": button(
            "take", words.say(busy_key(flow)), icon="ticket", enabled=may and flow.taking is None, hint=hint
        ),
        "busy": busy,
        "may_take": may,
    }
    if service is None:
        consulting = place.form == "consultation"
        title = words.say("home.consult") if consulting else line_name(flow, line)
        crumb = line_name(flow, line) if consulting else words.say("offline.crumb")
        text = words.say("detail.consult_text") if consulting else words.say("offline.valid")
        return view | {"crumb": crumb, "title": title, "text": text, "limits": [], "docs": None}
    return view | _about(flow, words, service)


def _about(flow: Flow, words: Spoken, service: Service) -> View:
    assert flow.index is not None
    kind, handling = str(service.get("kind") or ""), str(service.get("handling") or "")
    crumbs = [flow.index.department_name(str(service["department"]))]
    for key in (f"kind.{kind}", f"item.{handling}"):
        if words.has(key):
            crumbs.append(words.say(key))
    return {
        "crumb": " · ".join(c for c in crumbs if c),
        "title": str(service["name"]),
        "text": "",
        "limits": limits(words, service),
        "docs": documents(flow, words, service),
    }


def limits(words: Spoken, service: Service) -> list[View]:
    """Promised and statutory time always together, then the fee."""
    promised, statutory = service.get("promised_days"), service.get("statutory_days")
    unit = words.say("limits.unit_day" if service.get("day_unit") == "day" else "limits.unit_working_day")
    spot = words.say("limits.on_the_spot")
    first = {"label": words.say("limits.promised"), "number": "", "text": spot, "note": "", "strong": True}
    if promised:
        first |= {"number": str(promised), "text": unit}
        if statutory and int(statutory) > int(promised):
            first["note"] = words.say("limits.faster", n=int(statutory) - int(promised))
    second = {"label": words.say("limits.statutory"), "number": "", "text": words.say("limits.none"), "note": ""}
    if statutory:
        second |= {"number": str(statutory), "text": unit, "note": words.say("limits.longest")}
    fee = bool(service.get("fee"))
    third = {
        "label": words.say("limits.fee"),
        "number": "",
        "text": words.say("fee.some" if fee else "fee.none"),
        "note": words.say("fee.ask" if fee else "fee.nowhere"),
    }
    return [first, second | {"strong": False}, third | {"strong": False}]


def documents(flow: Flow, words: Spoken, service: Service) -> View:
    """The documents to bring, numbered; a page of them when there are many."""
    materials = list(service.get("materials") or [])
    size = DOCS_LARGE if flow.modes.large else DOCS_A_PAGE
    if len(materials) == size + 1 and not flow.modes.large:
        size += 1  # one more row rather than a page for one document
    pages_ = max(1, -(-len(materials) // size))
    at = flow.place.docs_page % pages_
    rows = [
        {"n": str(i), "name": str(m["name"]), "note": str(m.get("note") or "")}
        for i, m in enumerate(materials[at * size : (at + 1) * size], start=at * size + 1)
    ]
    rest = (len(materials) - (at + 1) * size) if at < pages_ - 1 else 0
    label = words.say("docs.more", n=rest) if rest else words.say("docs.first")
    return {
        "title": _documents_title(words, len(materials)),
        "missing": words.say("docs.missing_ok") if materials else "",
        "rows": rows,
        "more": button(f"docs:{(at + 1) % pages_}", label, icon="chevron-down" if rest else "chevron-up")
        if pages_ > 1
        else None,
    }


def _documents_title(words: Spoken, n: int) -> str:
    if n == 1:
        return words.say("docs.one")
    return words.say("docs.title", n=n) if n else words.say("docs.none")


def _priority(flow: Flow, words: Spoken, priority: str) -> View:
    choice = button(f"priority:{priority}", words.say(f"choice.{priority}"), on=flow.place.priority == priority)
    note = words.say(f"choice.{priority}_note", n=flow.elder_age)
    return choice | {"note": "" if note == "-" else note}
