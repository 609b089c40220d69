"""The registers of the institutions (A3a), a month of each as JSON or CSV, from the journal alone.

An entry is an event: nothing is ever deleted or rewritten, a correction is another entry.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from litestar import Response, get
from litestar.datastructures import State

from hall_protocol.refusals import Refused

from ...journal.reader import Reader
from ...journal.rows import Row
from ...reports.facts import check_month
from ..device.tickets import answers, house_of
from ..house import HttpRequest
from ..sending import Told
from .records import EventDocument, EventView, aside, is_for_auditors, view_of

PAGE: Final = 5000
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would calculate instead of show."""
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "inquiries": (
        "inquiry_opened", "inquiry_handed_over", "inquiry_accepted", "inquiry_declined", "inquiry_answered",
        "inquiry_assigned",
    ),
    "deadlines": (
        "case_received", "case_supplement_asked", "case_accepted", "case_not_accepted", "case_paused", "case_resumed",
        "case_stepped", "case_extended", "case_decided", "case_delivered", "case_withdrawn", "case_voided",
        "case_reported_up", "case_reported_answer", "case_reopened", "case_recalculated", "case_warned",
    ),
    "cards": ("card_raised", "card_revoked"),
    "complaints": (
        "complaint_received", "complaint_accepted", "complaint_investigated", "complaint_disposed",
        "complaint_answered", "complaint_filed", "complaint_withdrawn", "complaint_released",
    ),
    "messages": ("message_written", "message_answered", "message_published", "message_made_complaint"),
    "bad_ratings": (
        "bad_rating_opened", "bad_rating_verified", "bad_rating_put_right", "bad_rating_explained",
        "bad_rating_called_back", "bad_rating_closed", "rating_reviewed",
    ),
    "authorisations": ("letter_granted", "letter_revoked"),
    "seals": ("seal_registered", "case_decided"),
    "findings": ("finding_recorded", "finding_linked"),
}  # fmt: skip
"""Register → the events that are its entries."""


class RegisterView(msgspec.Struct):
    """A month of one register, in the order of the journal."""

    kind: str
    month: str
    entries: list[EventView]


class RegisterDocument(msgspec.Struct):
    """A month of one register, as documented."""

    kind: str
    month: str
    entries: list[EventDocument]


@get("/registers/{kind:str}", responses=answers(200, RegisterDocument, "The entries"), summary="Export a register")
async def export(
    request: HttpRequest, state: State, kind: str, month: str, format: Literal["json", "csv"] = "json"
) -> Response[Any]:
    """Every entry of that month; complaints about misconduct only for auditors until they are released."""
    house = house_of(state)
    if kind not in KINDS:
        raise Refused("not_found")
    try:
        check_month(month)
    except ValueError as error:
        raise Refused("unknown_month") from error
    rows = await aside(lambda: list(entries(house.data, kind, month)))
    if house.caller(request).role != "auditor":
        rows = [row for row in rows if not is_for_auditors(house, row)]
    if format == "json":
        return Told(200, msgspec.json.encode(RegisterView(kind, month, [view_of(row) for row in rows])))
    name = f"{kind}-{month}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(rows), media_type="text/csv; charset=utf-8", headers=headers)


def entries(data: Path, kind: str, month: str) -> Iterator[Row]:
    """The rows of a register's month. On a thread of its own."""
    types, after = frozenset(KINDS[kind]), 0
    with Reader(data / "journal.db") as reader:
        while rows := reader.read(after, PAGE, types):
            yield from (row for row in rows if row.at[:7] == month)
            after = rows[-1].seq


def as_csv(rows: list[Row]) -> bytes:
    """A line each, one column for every field any of them has; with the mark by which spreadsheets know UTF-8."""
    told = [(row, msgspec.json.decode(row.data)) for row in rows]
    columns = list(dict.fromkeys(name for _, data in told for name in data))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["seq", "at", "type", "actor", *columns])
    for row, data in told:
        writer.writerow([row.seq, row.at, row.type, shown(row.actor), *(shown(data.get(name)) for name in columns)])
    return ("\ufeff" + out.getvalue()).encode()


def shown(value: Any) -> str:
    """A value as a cell; texts that a spreadsheet would take for a formula get an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
    return msgspec.json.encode(value).decode()
