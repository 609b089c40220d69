"""The call pad: what a key means at this desk, and what the pad shows. Pure.

A key of the pad is the act of the same key on the screen, and asks nothing: where the screen would ask for a reason the
pad takes “other”, which the clerk may take back while the hall offers it. Only a transfer needs to know where to: its
number is typed before the key, or after it with confirm while the screen asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .dialogs import TRANSFER_REASONS, Intent, closing
from .whynot import counter_state, in_hand

SAME = {"call": "call_next", "recall": "recall", "no_show": "no_show"}
"""Keys that are acts as they stand."""
TYPED = {"no_show": "6", "hold": "0", "return": "3"}
"""The digit that was pressed before confirm for these keys: a counter's number while a transfer is being asked."""
PLAIN_REASON = "other"
DONE_BEEPS, REFUSED_BEEPS = 1, 2


@dataclass(frozen=True)
class Wish:
    """What a key asks for: an act complete with its words, or a command of the window; neither is a refusal."""

    intent: Intent | None = None
    command: str = ""


@dataclass(frozen=True)
class PadShown:
    """What stands on the pad."""

    number: str | None
    """The ticket in hand."""
    waiting: int


NOTHING = Wish()


def wish_of(
    key: str, digits: str, picture: dict[str, Any] | None, *, now: datetime, asking: str, undo_seq: int | None
) -> Wish:
    """What a key means now. `asking` is the kind of the open dialog, `undo_seq` what may be taken back."""
    if picture is None:
        return NOTHING
    if asking == "transfer" and (typed := digits if key == "confirm" else TYPED.get(key, "")):
        return _transfer(picture, typed)
    if key in SAME:
        return Wish(Intent(SAME[key]))
    match key:
        case "hold":
            words = {"reason": _plain(picture.get("park_reasons")), "until": closing(picture, now=now)}
            return Wish(Intent("park", words=words))
        case "return":
            return _return(picture)
        case "rate":
            return _rate(picture)
        case "pause":
            return _pause(picture)
        case "transfer":
            return _transfer(picture, digits) if digits else Wish(command="transfer")
        case "cancel":
            if asking:
                return Wish(command="escape")
            return Wish(Intent("undo", words={"seq": undo_seq})) if undo_seq is not None else NOTHING
    return NOTHING


def _plain(reasons: Any) -> str:
    """The reason nobody was asked for: “other” where the hall's list has it, else its last."""
    known = [str(one) for one in reasons or ()]
    return PLAIN_REASON if PLAIN_REASON in known or not known else known[-1]


def _return(picture: dict[str, Any]) -> Wish:
    """Goes on with the visitor who was put on hold first."""
    held = picture.get("parked") or ()
    return Wish(Intent("resume", words={"number": str(held[0]["number"])})) if held else NOTHING


def _rate(picture: dict[str, Any]) -> Wish:
    """The pad's rating key is the screen's filled button while somebody is here: begin, then finish, which asks."""
    state, _ = in_hand(picture)
    return Wish(Intent("begin" if state == "called" else "finish")) if state else NOTHING


def _pause(picture: dict[str, Any]) -> Wish:
    if counter_state(picture) != "open":
        return Wish(Intent("open"))
    return Wish(Intent("pause", words={"reason": _plain(picture.get("pause_reasons"))}))


def _transfer(picture: dict[str, Any], digits: str) -> Wish:
    """To the counter of that number, with or without leading zeros."""
    wanted = digits.lstrip("0")
    for one in picture.get("counters", ()):
        if str(one.get("counter", "")).lstrip("0") == wanted and wanted:
            words = {"counter": str(one["counter"]), "reason": TRANSFER_REASONS[0]}
            return Wish(Intent("transfer", words=words))
    return NOTHING


def shown(picture: dict[str, Any]) -> PadShown:
    """The ticket in hand and how many wait."""
    state, number = in_hand(picture)
    return PadShown(number if state else None, int(picture.get("queue_length") or 0))
