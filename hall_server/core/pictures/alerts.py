"""What a manager should do something about, red first, then yellow, then by age."""

from __future__ import annotations

from hall_protocol.pictures import DeviceState
from hall_protocol.pictures.wall import Alert

from ..hall import Hall
from ..matters.calendar import notice_missing
from ..matters.card import Card
from ..matters.case import edition_of
from ..places.notice import HELP_KEPT_MS
from ..stamp import text
from .case import deliver_until
from .late import late_steps
from .sight import Sight

LONG_WAIT_MS = 45 * 60_000
CARDS_SHOWN = 20
"""Alerts of cards; the others are counted in one more."""
URGENT_STATES = frozenset({"fault", "absent"})


def alerts(hall: Hall, sight: Sight) -> list[Alert]:
    """Everything that stands now; each goes when its cause does."""
    found = [*own_troubles(hall, sight), *help_wanted(hall, sight), *device_troubles(sight), *long_waits(hall, sight)]
    found += long_queues(hall)
    found += [
        *standing_cards(hall),
        *late_deliveries(hall, sight),
        *calendar_troubles(hall, sight),
        *late_steps(hall, now=sight.now),
    ]
    return sorted(found, key=lambda a: (a.level != "red", a.since))


def own_troubles(hall: Hall, sight: Sight) -> list[Alert]:
    """The server's own."""
    since = text(sight.stale_since or sight.now, hall.zone)
    return [Alert(id=f"server/{code}", level="red", code=code, since=since, values={}) for code in sight.alarms]


def help_wanted(hall: Hall, sight: Sight) -> list[Alert]:
    """Visitors who asked for a person."""
    return [
        Alert(
            id=h.id,
            level="red",
            code="help_requested",
            since=text(h.at, hall.zone),
            values={
                "name": hall.devices[h.device].name if h.device in hall.devices else h.device,
                "language": h.language or "",
                "screen": h.screen or "",
            },
        )
        for h in hall.help
        if sight.now - h.at < HELP_KEPT_MS
    ]


def device_troubles(sight: Sight) -> list[Alert]:
    """Programs and devices that are gone or ill."""
    return [
        Alert(
            id=f"device/{key}",
            level="red" if state.state in URGENT_STATES else "yellow",
            code=_code(state),
            since=state.since or "",
            values={
                "name": state.name,
                "role": state.role,
                "counter": state.counter or "",
                "address": state.address or "",
                "n": _number(state),
            },
        )
        for key, state in sight.devices.items()
        if state.state in ("fault", "absent", "degraded")
    ]


def _code(state: DeviceState) -> str:
    """The most hindering fault; a bar's refusals are one sentence with a number."""
    if not state.faults:
        return f"device_{state.state}"
    return "nack" if state.faults[0].startswith("nack_") else state.faults[0]


def _number(state: DeviceState) -> str:
    return state.faults[0].removeprefix("nack_") if state.faults and state.faults[0].startswith("nack_") else ""


def long_waits(hall: Hall, sight: Sight) -> list[Alert]:
    """Lines whose first visitor waits too long."""
    limit = hall.settings.alarms.wait_min
    longest = LONG_WAIT_MS if limit is None else limit * 60_000
    out = []
    for name in sorted(hall.lines):
        waiting = hall.waiting.get(name)
        if waiting and waiting.ids:
            issued = hall.tickets[waiting.ids[0]].issued
            if sight.now - issued > longest:
                minutes = (sight.now - issued) // 60_000
                values = {"line": name, "name": hall.lines[name].name, "minutes": str(minutes)}
                out.append(
                    Alert(
                        id=f"wait/{name}",
                        level="yellow",
                        code="long_wait",
                        since=text(issued, hall.zone),
                        values=values,
                    )
                )
    return out


def long_queues(hall: Hall) -> list[Alert]:
    """Lines in which more people wait than the hall wants (`[alarms]`)."""
    most = hall.settings.alarms.queue
    out: list[Alert] = []
    for name in sorted(hall.lines) if most is not None else ():
        waiting = hall.waiting.get(name)
        if most is not None and waiting and len(waiting.ids) >= most:
            since = text(hall.tickets[waiting.ids[most - 1]].issued, hall.zone)
            values = {"line": name, "name": hall.lines[name].name, "n": str(len(waiting.ids))}
            out.append(Alert(id=f"queue/{name}", level="yellow", code="queue_long", since=since, values=values))
    return out


def card_alert(hall: Hall, card: Card) -> Alert:
    """A card in words; nothing of whose case it is."""
    return Alert(
        id=f"card/{card.id}",
        level=card.level,
        code=f"card_{card.level}",
        since=text(card.true, hall.zone),
        values={
            "case": card.case,
            "cause": card.cause,
            "name": edition_of(hall, hall.cases[card.case]).name,
            "department": hall.cases[card.case].department,
            "counter": hall.cases[card.case].counter or "",
        },
    )


def cards_in_order(hall: Hall) -> list[Card]:
    """Cards that stand on cases in progress, red ones first, then the oldest."""
    cards = [hall.cards[c] for case in hall.cases.values() if case.standing and case.is_open for c in case.cards]
    return sorted((c for c in cards if c.revoked is None), key=lambda c: (c.level != "red", c.true, c.id))


def standing_cards(hall: Hall) -> list[Alert]:
    """Cards that stand on cases in progress, red ones first, then the oldest; beyond a score only their number."""
    standing = cards_in_order(hall)
    out = [card_alert(hall, card) for card in standing[:CARDS_SHOWN]]
    if len(standing) > CARDS_SHOWN:
        more = standing[CARDS_SHOWN:]
        since = text(min(c.true for c in more), hall.zone)
        level = "red" if any(c.level == "red" for c in more) else "yellow"
        out.append(Alert(id="card/more", level=level, code="cards_more", since=since, values={"n": str(len(more))}))
    return out


def late_deliveries(hall: Hall, sight: Sight) -> list[Alert]:
    """Decisions that should have been delivered by now (licensing law 44): how many, and the oldest of them."""
    late = [
        (due, case.no)
        for case in hall.cases.values()
        if case.state == "decided" and (due := deliver_until(hall, case)) is not None and due < sight.now
    ]
    if not late:
        return []
    since, oldest = min(late)
    values = {"n": str(len(late)), "case": oldest}
    return [
        Alert(id="case/undelivered", level="yellow", code="delivery_late", since=text(since, hall.zone), values=values)
    ]


def calendar_troubles(hall: Hall, sight: Sight) -> list[Alert]:
    """From the first of November, while the notice for next year is not in the calendar (domain.md 2.3)."""
    missing = notice_missing(hall, at=sight.now)
    if missing is None:
        return []
    since, year = missing
    return [
        Alert(
            id=f"calendar/{year}",
            level="yellow",
            code="calendar_missing",
            since=text(since, hall.zone),
            values={"year": str(year)},
        )
    ]
