"""The simulated devices as the page shows them: pictures with parts one can click, and what a click may ask for.

A picture is drawn by the page from what the device says of itself; a click becomes one line of the device's own control
connection, and nothing else ever reaches it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hall_server.core.hall import Hall
from hall_server.web.house import House

from .plan import DEVICES

PAD_KEYS = ("call", "recall", "no_show", "hold", "return", "transfer", "pause", "rate")
"""Keys of the call pad, as its simulator names them."""
PAD_WORDS = {
    "call": "act.call_next",
    "recall": "act.recall",
    "no_show": "act.no_show",
    "hold": "act.park",
    "return": "act.resume",
    "transfer": "act.transfer",
    "pause": "act.pause",
    "rate": "demo.pad_rate",
}
CARDS = ("1", "2", "foreigner")
"""Synthetic cards that can be placed; nobody has their numbers."""
OWN_FAULTS = {
    "escpos": {"paper_out", "paper_near_end", "cover_open", "cutter", "head_hot"},
    "pad68": {"key_stuck"},
    "template": {"key_stuck"},
    "neutral": {"key_stuck", "pad_display"},
    "samv": {"card_auth"},
}
FAULTS = {name: {"gone", "silent"} | OWN_FAULTS.get(protocol, set()) for name, protocol in DEVICES.items()}
"""What a click may break, by device."""


@dataclass(frozen=True)
class Click:
    """A click as the line that the device's control connection takes."""

    device: str
    line: str


def click_of(order: dict[str, Any], house: House | None = None) -> Click | None:
    """What an order of the page means for a device; None when it means nothing for one."""
    name = order.get("device")
    if not isinstance(name, str) or name not in DEVICES:
        return None
    match order:
        case {"do": "fault" | "clear" as verb, "fault": str(fault)} if fault in FAULTS[name]:
            return Click(name, f"{verb} {fault}")
        case {"do": "press", "key": int(level)} if name.startswith("keypad-") and 1 <= level <= 5:
            return Click(name, f"press {level}")
        case {"do": "press", "key": str(key)} if DEVICES[name] == "pad68" and key in PAD_KEYS:
            return Click(name, f"press {key}")
        case {"do": "place", "card": str(card)} if name == "reader" and card in CARDS:
            return Click(name, f"place {card}")
        case {"do": "remove"} if name == "reader":
            return Click(name, "remove")
        case {"do": "scan"} if name == "scanner" and house is not None:
            code = visitor_code(house.engine.hall, house.eyes.url_of)
            return Click(name, f"scan {code}") if code else None
    return None


def visitor_code(hall: Hall, url_of: Callable[[str], str]) -> str | None:
    """What stands on the paper of somebody whose call was missed, else of somebody who waits; None in an empty hall."""
    missed = [ident for ident in hall.missed if not hall.tickets[ident].reinstated]
    waiting = sorted(hall.waiting.values(), key=len)[-1:] if hall.waiting else []
    chosen = missed[-1:] or [line.ids[len(line.ids) // 2] for line in waiting if len(line)]
    return url_of(chosen[0]) if chosen else None
