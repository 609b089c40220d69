"""What several pages show alike: buttons, lines and their waits, the outline of a group. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hall_client.spoken import Spoken
from hall_client.waits import Wait, ahead_short, ahead_words, wait_words

from .catalogue import Service
from .flow import Flow

View = dict[str, Any]
ICONS = (
    ("公安", "id-card"), ("户籍", "id-card"), ("身份", "id-card"), ("社保", "wallet"), ("就业", "wallet"),
    ("医疗", "heart-pulse"), ("卫生", "heart-pulse"), ("医保", "heart-pulse"), ("不动产", "house"), ("房", "house"),
    ("市场", "store"), ("企业", "store"), ("公积金", "piggy-bank"), ("交管", "car"), ("车", "car"), ("交通", "car"),
    ("住建", "building-2"), ("规划", "building-2"), ("建设", "building-2"), ("民政", "users"),
    ("残联", "users"), ("水电", "zap"), ("电", "zap"), ("一件事", "baby"), ("税", "banknote"), ("法", "landmark"),
)  # fmt: skip
"""Which outline stands beside a group's name: the first word found in it; a plain grid for others."""


def button(act: str, label: str, *, icon: str = "", on: bool = False, enabled: bool = True, hint: str = "") -> View:
    """Something to touch."""
    return {"act": act, "label": label, "icon": icon, "on": on, "enabled": enabled, "hint": hint}


def icon_of(group: str) -> str:
    """The outline beside a group's name."""
    return next((icon for word, icon in ICONS if word in group), "layout-grid")


def line_wait(flow: Flow, words: Spoken, line: str) -> Wait:
    """The wait of a line in words."""
    row = flow.lines.get(line, {})
    return wait_words(
        words,
        row.get("estimate"),
        ahead=row.get("waiting"),
        open_counters=int(row.get("open_counters", 0)),
        free=bool(row.get("counter_free")),
        stale=flow.world.stale,
    )


def line_ahead(flow: Flow, words: Spoken, line: str) -> str:
    """People ahead in a line; a dash when nobody knows."""
    return ahead_words(words, None if flow.world.stale else flow.lines.get(line, {}).get("waiting"))


def line_name(flow: Flow, line: str) -> str:
    """A line's name from the picture, else from the catalogue."""
    entry = flow.lines.get(line) or (flow.index.lines.get(line, {}) if flow.index else {})
    return str(entry.get("name", ""))


def short(service: Service) -> str:
    """The short name; a long one stands whole where there is none."""
    return str(service.get("short_name") or service["name"])


def clock(moment: str | None) -> str:
    """`9:00` of an RFC 3339 text."""
    return f"{datetime.fromisoformat(moment):%H:%M}".removeprefix("0") if moment else ""


def service_tile(flow: Flow, words: Spoken, service: Service) -> View:
    """A service with its line's state, for home and lists."""
    line = str(service["line"])
    is_open = flow.line_open(line)
    wait = line_wait(flow, words, line)
    ahead = ahead_short(words, None if flow.world.stale else flow.lines.get(line, {}).get("waiting"))
    state = str(flow.lines.get(line, {}).get("state", "open"))
    closed = words.say("tile.quota" if state == "quota_reached" else "tile.closed")
    status = words.say("tile.row", line=line, ahead=ahead) if is_open else closed
    tile = button(f"service:{service['service']}", short(service))
    return tile | {
        "name": short(service),
        "full": str(service["name"]),
        "letter": line,
        "ahead": ahead if is_open else closed,
        "wait": wait.short if is_open else "",
        "kind": wait.kind,
        "status": status,
        "open": is_open,
        "take": button(f"take:{service['service']}", words.say("search.take"), enabled=flow.taking is None),
        "description": f"{ahead} {wait.short}" if is_open else closed,
    }


def busy_key(flow: Flow) -> str:
    """What 取号 says while a number is being fetched."""
    return {"taking": "busy.taking", "waiting": "busy.waiting"}.get(flow.busy_words(), "ticket.take")
