"""Pages with one message: closed, out of service, starting, leave the building, unpaired. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hall_client.spoken import Spoken

from .flow import Flow
from .view_parts import View, button, clock


def closed(flow: Flow, words: Spoken, own_name: str) -> View:
    """Outside hours."""
    hall = (flow.world.picture or {}).get("hall") or {}
    opens = hall.get("next_open_at") or next(
        (row["opens_at"] for row in flow.lines.values() if row.get("opens_at")), None
    )
    return {
        "title": words.say("closed.title"),
        "opens": _opens(flow, words, opens),
        "hours": words.say("closed.hours", spans=words.spans(hall["hours"])) if hall.get("hours") else "",
        "rule": words.say("closed.rule"),
        "now": words.say("closed.now"),
        "rows": [
            button("guides", words.say("closed.guides"), icon="book-open", hint=words.say("closed.guides_hint")),
            button("search", words.say("home.find"), icon="search", hint=words.say("closed.search_hint")),
            button("cases", words.say("home.cases"), icon="file-text", hint=words.say("closed.cases_hint")),
        ],
        "hotline": words.say("closed.hotline", number=hall.get("hotline")) if hall.get("hotline") else "",
    }  # fmt: skip


def _opens(flow: Flow, words: Spoken, opens: str | None) -> str:
    if not opens:
        return ""
    at = datetime.fromisoformat(opens)
    today = flow.hall_now.date() if flow.hall_now else None
    if today is not None and at.date() == today:
        return words.say("closed.opens_today", time=clock(opens))
    if today is not None and (at.date() - today).days == 1:
        return words.say("closed.opens_tomorrow", time=clock(opens))
    return words.say("closed.opens_on", date=words.date(at), time=clock(opens))


def out_of_service(flow: Flow, words: Spoken, own_name: str) -> View:
    """Neither server nor own numbers."""
    others = [k for k in (flow.world.picture or {}).get("other_kiosks") or [] if k != own_name]
    key = "out.elsewhere" if others else "out.desk"
    return {
        "title": words.say("out.title"),
        "text": words.say(key, kiosk=others[0]) if others else words.say(key),
        "valid": words.say("out.valid"),
        "icon": "monitor",
    }


def starting(flow: Flow, words: Spoken, own_name: str) -> View:
    """The first seconds."""
    return {"title": words.say("start.title"), "text": words.say("start.text"), "valid": "", "icon": "hourglass"}


def evacuation(flow: Flow, words: Spoken, own_name: str) -> View:
    """Leave the building."""
    evacuation = (flow.world.picture or {}).get("evacuation") or {}
    way = str((evacuation.get("exits") or {}).get(own_name, ""))
    say: Callable[..., str] = words.catalogue.say
    languages = [words.language, "en" if words.language != "en" else "zh-Hans"]
    return {
        "title": words.say("evac.title"),
        "way": way,
        "lines": [
            {
                "title": say("evac.title", x),
                "exit": say(f"evac.exit.{way}", x) if way else say("evac.nearest", x),
                "number": say("evac.number", x),
            }
            for x in languages
        ],
    }


def unpaired(flow: Flow, words: Spoken, own_name: str) -> View:
    """Before first use."""
    return {"title": words.say("pair.title"), "text": words.say("pair.looking"), "halls": [], "code": ""}
