"""What the kiosk shows, as plain values with all words said: the frame around every page. Pure.

`present` turns a flow into `{"screen", "page", "header", "band", "tools", "overlay", "note"}`; QML draws it.
Whatever can be touched is `{"act", "label", …}`; `act` is the word `Flow.touch` understands and the objectName.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hall_client.spoken import NAMES, Spoken
from hall_client.waits import ahead_words, wait_words

from . import pages
from .flow import Flow
from .view_parts import View, busy_key, button

NOTICE_S = 8
QUIET_SCREENS = ("ticket", "paper", "evacuation", "unpaired", "starting")
"""Screens whose own message must not stand under a notice."""


def present(flow: Flow, words: Spoken, *, own_name: str = "", tick: int = 0, pairing: View | None = None) -> View:
    """The whole screen. `tick` is a running second, for what changes by page (notices)."""
    screen = flow.screen
    shown = pairing if screen == "unpaired" and pairing is not None else pages.page(flow, words, own_name)
    return {
        "screen": screen,
        "page": shown | {"low": flow.modes.low, "large": flow.modes.large},
        "header": header(flow, words),
        "band": band(flow, words, tick),
        "tools": tools(flow, words),
        "overlay": overlay(flow, words),
        "note": note(flow, words),
    }


def header(flow: Flow, words: Spoken) -> View:
    """The hall's name and today's hours."""
    hall: Mapping[str, Any] = (flow.world.picture or {}).get("hall") or {}
    spans = hall.get("hours") or []
    today = words.say("clock.open_today", spans=words.spans(spans)) if spans else words.say("clock.closed_today")
    if spans and flow.hall_now is not None and not hall.get("open") and f"{flow.hall_now:%H:%M}" >= str(spans[-1][1]):
        today = words.say("clock.closed_now")
    return {"hall": hall_name(hall, words) or words.say("hall.hall"), "hours": today if hall else ""}


def hall_name(hall: Mapping[str, Any], words: Spoken) -> str:
    """The hall's name in this language, else in its own."""
    return str((hall.get("names") or {}).get(words.language) or hall.get("name") or "")


def band(flow: Flow, words: Spoken, tick: int) -> View | None:
    """The one line under the header, the most important first; None when all is well."""
    screen = flow.screen
    if screen == "ticket":
        return None
    if screen == "paper":
        return _band(words, _paper_key(flow), icon="printer-x")
    if screen in QUIET_SCREENS:
        return None
    if flow.world.stale and screen != "out_of_service" and flow.index is not None:
        return _band(words, "offline.kiosk", icon="cloud-off")
    if flow.world.printer in ("fault", "absent") and screen not in ("out_of_service", "closed"):
        return _band(words, "kiosk.no_paper_here", icon="printer-x")
    notices = (flow.world.picture or {}).get("notices") or []
    if notices and screen not in ("out_of_service",):
        texts = notices[tick // NOTICE_S % len(notices)]["text"]
        text = texts.get(words.language) or next(iter(texts.values()), "")
        return {"text": str(text), "icon": "megaphone", "level": "notice"}
    return None


def _band(words: Spoken, key: str, *, icon: str) -> View:
    return {"text": words.say(key), "icon": icon, "level": "notice"}


def _paper_key(flow: Flow) -> str:
    assert flow.held is not None
    return "paper.out" if flow.held.fault in ("paper_out", "paper_near_end") else "paper.not_printed"


def tools(flow: Flow, words: Spoken) -> list[View]:
    """The tool bar; in large print the help button is on the page itself when that is the home screen."""
    modes = flow.modes
    bar = [
        _tool("mode:large", "a-large-small", words.say("tool.small" if modes.large else "tool.large"), on=modes.large),
        _tool("mode:low", "arrow-down-to-line", words.say("tool.low"), on=modes.low),
        _tool("mode:contrast", "contrast", words.say("tool.contrast"), on=modes.contrast),
        _tool("mode:voice", "volume-2", words.say("tool.voice"), on=modes.voice),
        _language_tool(flow, words),
    ]
    if not (modes.large and flow.screen == "home"):
        bar.append(_tool("help", "hand-helping", words.say("tool.help"), on=False))
    return bar


def offered(flow: Flow) -> list[str]:
    """Languages the hall offers and this program knows."""
    languages = ((flow.world.picture or {}).get("hall") or {}).get("languages") or list(NAMES)
    return [x for x in languages if x in NAMES] or list(NAMES)


def _language_tool(flow: Flow, words: Spoken) -> View:
    languages = offered(flow)
    if len(languages) == 2:
        other = next(x for x in languages if x != words.language) if words.language in languages else languages[0]
        return _tool(f"language:{other}", "languages", NAMES[other], on=False)
    return _tool("languages", "languages", words.say("tool.language"), on=flow.choosing_language)


def _tool(act: str, icon: str, label: str, *, on: bool) -> View:
    return {"act": act, "icon": icon, "label": label, "on": on}


def overlay(flow: Flow, words: Spoken) -> View | None:
    """A dialog over the page: idle before everything, then languages, then 今天可能办不到您."""
    left = flow.idle_left()
    if left is not None:
        seconds = int(left + 0.999)
        return {
            "kind": "idle",
            "title": words.say("idle.title"),
            "text": words.say("idle.wipe", n=seconds),
            "seconds": seconds,
            "share": left / flow.idle_limits[1],
            "yes": button("continue", words.say("idle.continue")),
            "no": button("wipe", words.say("idle.end")),
        }
    if flow.choosing_language:
        choices = [button(f"language:{x}", NAMES[x], on=x == words.language) for x in offered(flow)]
        return {
            "kind": "languages",
            "title": words.say("tool.language_title"),
            "choices": choices,
            "back": button("dismiss", words.say("kiosk.back")),
        }
    if flow.late is not None:
        return _late(flow, words)
    return None


def _late(flow: Flow, words: Spoken) -> View:
    assert flow.late is not None
    line = flow.line_of(flow.late) or ""
    row = flow.lines.get(line, {})
    wait = wait_words(
        words,
        row.get("estimate"),
        ahead=row.get("waiting"),
        open_counters=int(row.get("open_counters", 1)),
        free=bool(row.get("counter_free")),
    )
    return {
        "kind": "late",
        "title": words.say("late.title"),
        "text": words.say(
            "late.text",
            line=f"{line} {row.get('name', '')}",
            ahead=ahead_words(words, row.get("waiting")),
            wait=wait.full,
            closing=str(flow.closes_at() or "").removeprefix("0"),
        ),
        "anyway": button("anyway", words.say(busy_key(flow) if flow.busy_words() else "late.anyway")),
        "busy": bool(flow.busy_words()),
        "back": button("back", words.say("kiosk.back")),
    }


NOTES = {
    "help_sent": ("help.sent", "hand-helping"),
    "help_failed": ("help.not_sent", "hand-helping"),
    "card_first": ("card.first", "id-card"),
    "scan_unknown": ("scan.unknown", "scan-line"),
    "scan_offline": ("scan.no_answer", "cloud-off"),
}


def note(flow: Flow, words: Spoken) -> View | None:
    """A short word over the page: what became of the call for help, of a card, of a code. It is never read out."""
    if flow.note not in NOTES:
        return None
    key, icon = NOTES[flow.note]
    return {"text": words.say(key), "icon": icon}


def spoken(view: View, words: Spoken) -> str:
    """What the voice says on entering a screen: its title and the first choices. Never anything that was entered."""
    page, dialog = view["page"], view["overlay"]
    if dialog is not None:
        return _sentences(words, [str(dialog[k]) for k in ("title", "text") if dialog.get(k)])
    parts = [str(page[k]) for k in ("title", "spoken_number", "text", "hint") if page.get(k)]
    choices = [c["label"] for c in (page.get("tiles") or page.get("rows") or [])[:3]]
    return _sentences(words, [*parts, *choices])


def _sentences(words: Spoken, parts: list[str]) -> str:
    """Parts one after the other, a stop behind each that has none."""
    stop = words.say("clock.stop")
    return "".join(p if p.endswith(("？", "。", "?", ".")) else p + stop for p in parts).strip()
