"""Why one ticket was called before another, with the rule and the settings of that moment (waiting.md 11)."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from hall_protocol.refusals import Refused

from ..core.hall import Hall
from ..core.lines import choice
from ..core.lines.ticket import Ticket
from ..core.lines.waiting import counts_from
from ..core.stamp import text
from ..journal.rows import Row
from .past import Past, Span

LINES_OF_A_STORY: Final = frozenset(
    {
        "ticket_issued", "ticket_called", "ticket_recalled", "service_begun", "ticket_marked_no_show",
        "ticket_reinstated", "ticket_parked", "ticket_resumed", "ticket_transferred", "ticket_returned",
        "ticket_reclassified", "ticket_cancelled", "ticket_expired", "act_undone",
    }
)  # fmt: skip


class Step(msgspec.Struct, frozen=True):
    """One row about one of the two."""

    seq: int
    at: str
    type: str
    number: str
    counter: str | None
    reason_code: str | None


class Explanation(msgspec.Struct, frozen=True):
    """`answer` with `values` makes the sentence `explain.ANSWER`; the rest is what it rests on.

    Answers: `not_called` (nobody called it that day) `called_later` (it was not before the other at all)
    `came_earlier` `head_start` `returned` `reinstated` `transferred` `by_number` `not_there_yet` `not_waiting`
    `other_lines` `other_counter`.
    """

    day: str
    ticket: str
    before: str
    answer: str
    values: dict[str, str]
    seq: int | None
    """The call that is explained."""
    called_at: str | None
    counter: str | None
    settings: str | None
    """Version of the settings the rule used."""
    rule: dict[str, Any]
    """The settings that decide, as they were then."""
    counts_from: dict[str, str | None]
    """From when each of the two counts in the order; null when it did not wait."""
    events: list[Step]


def why(past: Past, *, day: str, ticket: str, before: str) -> Explanation:
    """Why number `ticket` was called before number `before` on that day. Refuses with `unknown_ticket`."""
    span = past.span(day)
    story = [] if span is None else [row for row in past.rows(span) if row.type in LINES_OF_A_STORY]
    told = [(row, msgspec.json.decode(row.data)) for row in story]
    numbers = {data.get("number") for _, data in told}
    if span is None or ticket not in numbers or before not in numbers:
        raise Refused("unknown_ticket")
    mine = [(row, data) for row, data in told if data.get("number") in (ticket, before)]
    call = _first_call(mine, ticket)
    other = _first_call(mine, before)
    if call is None or (other is not None and other[0].seq < call[0].seq):
        return _without_call(span, mine, ticket, before, call=call, other=other)
    row, data = call
    hall = past.hall_after(row.seq - 1)
    first, second = hall.by_number(ticket), hall.by_number(before)
    assert first is not None, "what is called is there"
    answer, values = _reason(hall, first, second, data)
    return Explanation(
        day=day,
        ticket=ticket,
        before=before,
        answer=answer,
        values=values,
        seq=row.seq,
        called_at=row.at,
        counter=data.get("counter"),
        settings=data.get("settings") or hall.settings_version,
        rule={
            "head_start_min": hall.settings.queue.head_start_min,
            "reinstate_after": hall.settings.queue.reinstate_after,
        },
        counts_from={ticket: _from(hall, first), before: _from(hall, second)},
        events=[_step(row, data) for row, data in mine if row.seq <= call[0].seq],
    )


def _reason(hall: Hall, first: Ticket, second: Ticket | None, called: dict[str, Any]) -> tuple[str, dict[str, str]]:
    counter = str(called.get("counter"))
    if called.get("out_of_order"):
        return "by_number", {"counter": counter, "reason": str(called.get("reason_code") or "other")}
    if second is None:
        return "not_there_yet", {}
    if second.state != "waiting":
        return "not_waiting", {"state": second.state}
    lists = choice.lists_of(hall, counter)
    if second.queue not in lists:
        personal = second.queue not in hall.lines
        return ("other_counter" if personal else "other_lines"), {
            "counter": counter, "lines": " ".join(hall.counters[counter].lines), "line": second.line,
        }  # fmt: skip
    if first.standing is not None:
        return first.standing, {"after": str(hall.settings.queue.reinstate_after)}
    if first.issued > second.issued and first.klass != "ordinary":
        return "head_start", {
            "class": first.klass, "minutes": str(hall.settings.queue.head_start_min),
            "from": text(counts_from(first.key), hall.zone), "other_from": text(counts_from(second.key), hall.zone),
        }  # fmt: skip
    return "came_earlier", {"at": text(first.issued, hall.zone), "other_at": text(second.issued, hall.zone)}


def _without_call(
    span: Span, mine: list[tuple[Row, dict[str, Any]]], ticket: str, before: str, *, call: Any, other: Any
) -> Explanation:
    """Nothing to explain: it was not called, or not before the other."""
    values = {} if call is None else {"at": call[0].at, "other_at": other[0].at}
    return Explanation(
        day=span.day, ticket=ticket, before=before, answer="not_called" if call is None else "called_later",
        values=values, seq=None if call is None else call[0].seq, called_at=None if call is None else call[0].at,
        counter=None, settings=None, rule={}, counts_from={ticket: None, before: None},
        events=[_step(row, data) for row, data in mine],
    )  # fmt: skip


def _first_call(mine: list[tuple[Row, dict[str, Any]]], number: str) -> tuple[Row, dict[str, Any]] | None:
    return next(((r, d) for r, d in mine if r.type == "ticket_called" and d.get("number") == number), None)


def _from(hall: Hall, ticket: Ticket | None) -> str | None:
    if ticket is None or ticket.state != "waiting":
        return None
    moment = counts_from(ticket.key)
    return text(moment, hall.zone) if moment else text(ticket.issued, hall.zone)


def _step(row: Row, data: dict[str, Any]) -> Step:
    return Step(
        seq=row.seq, at=row.at, type=row.type, number=str(data.get("number", "")), counter=data.get("counter"),
        reason_code=data.get("reason_code") or data.get("priority_class"),
    )  # fmt: skip
