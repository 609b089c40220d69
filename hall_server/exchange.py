"""Cases that arrive as a file from another system, with the same result as over HTTP (domain.md A3d).

All or nothing, every mistake by line and column. A case is known by its number over there (`reference`), so the same
file twice receives nothing twice. Names and telephones go to the vault, as everywhere.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from hall_protocol.refusals import Refused

from .core import machine
from .core.matters.case_commands import Decision, ReceiveCase
from .core.stamp import instant, text_or_none
from .personal.vault import Visitor
from .sheets.cells import Cell, Fault, Faulty, Row, read
from .sheets.columns import Column, code, one_of, several, text, yes_no

if TYPE_CHECKING:
    from .office import Office

FORMS: Final = (
    "reception", "agency", "overtime", "by_appointment", "dedicated_lane", "home_visit", "information", "consultation",
)  # fmt: skip
CHANNELS: Final = ("hall", "phone", "web", "paper", "home_visit", "integrator", "agent")


def moment(value: Any) -> int:
    """An instant with its offset."""
    try:
        return instant(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not a time such as 2026-11-24T10:00:00+08:00") from None


def reference(value: Any) -> str:
    """A number of another system: it stands in the journal, so it is letters, figures and marks and nothing else."""
    said = code(value)
    if re.fullmatch(r"[A-Za-z0-9_.:-]{1,64}", said) is None:
        raise ValueError(f"{said!r} is not a number of 1 to 64 letters, figures and _ . : -")
    return said


COLUMNS: Final = (
    Column("reference", reference, required=True),
    Column("service", code, required=True),
    Column("received_at", moment),
    Column("form", one_of(*FORMS)),
    Column("channel", one_of(*CHANNELS)),
    Column("documents", several(text(200), 200)),
    Column("show_name", yes_no),
    Column("accept", yes_no),
    Column("outcome", one_of("granted", "denied")),
    Column("seal", text(64)),
    Column("name", text(64)),
    Column("phone", text(32)),
    Column("id_number", text(32)),
)
"""The columns of a file of cases; `outcome` is a decision the department has made already."""


async def cases_take(office: Office, *, files: Mapping[str, str]) -> Any:
    """Receives the cases of these files (name → content in base64); tells number and check code of each."""
    from .personal.vault import Vault
    from .trust.tokens import load_secret

    try:
        rows = [pair for name, data in files.items() for pair in parsed(name, base64.b64decode(data, validate=True))]
        commands = {values["reference"]: command_of(values) for _, values in rows}
        require_once(rows)
        fresh = [c for known, c in commands.items() if known not in office.hall.references]
        require_possible(office, rows, fresh)
    except Faulty as faulty:
        return {"faults": [str(f) for f in faulty.faults], "cases": []}
    except binascii.Error:
        return {"faults": ["the content is not base64"], "cases": []}
    if fresh:
        await office.engine.submit(fresh, office.engine.stamp("console"))
    hall, seals = office.hall, load_secret(office.data / "keys")
    vault = Vault(office.data, on_look=lambda _: None)
    try:
        for _, values in rows:
            no, day = hall.references[values["reference"]], hall.date_of(office.engine.clock.now())
            left = Visitor(name=values.get("name"), phone=values.get("phone"), id_number=values.get("id_number"))
            vault.put(f"case:{no}", left, day=day)
    finally:
        vault.close()
    taken = [hall.cases[hall.references[known]] for known in commands]
    return {
        "faults": [],
        "cases": [
            {
                "reference": case.reference,
                "no": case.no,
                "check_code": seals.code("case", case.no),
                "state": case.state,
                "promised_due": text_or_none(case.promised_due, hall.zone),
                "statutory_due": text_or_none(case.statutory_due, hall.zone),
            }
            for case in taken
        ],
    }


def parsed(file: str, data: bytes) -> list[tuple[Row, dict[str, Any]]]:
    """The rows of a file with their values; raises `Faulty` with every mistake."""
    sheets, faults = read(file, data).sheets, []
    rows: list[tuple[Row, dict[str, Any]]] = []
    known = {column.name for column in COLUMNS}
    for sheet in sheets:
        faults += [
            Fault(file, 1, at, name, "cases have no such column")
            for at, name in enumerate(sheet.columns, 1)
            if name not in known
        ]
        for row in sheet.rows:
            values: dict[str, Any] = {}
            for column in COLUMNS:
                cell = row.cells.get(column.name)
                if cell is None:
                    faults += [row.fault("nothing there", column.name)] if column.required else []
                    continue
                faults += converted(column, cell, values)
            rows.append((row, values))
    if not sheets:
        faults.append(Fault(file, 1, 0, "", "cases come as a table"))
    if faults:
        raise Faulty(faults)
    return rows


def converted(column: Column, cell: Cell, values: dict[str, Any]) -> list[Fault]:
    """Puts a cell's value where it belongs, or tells what is wrong with it."""
    try:
        values[column.name] = column.convert(cell.value)
    except ValueError as error:
        return [cell.fault(str(error))]
    return []


def command_of(values: Mapping[str, Any]) -> ReceiveCase:
    """The command of a row."""
    outcome = values.get("outcome")
    return ReceiveCase(
        service=values["service"],
        form=values.get("form", "reception"),
        channel=values.get("channel", "integrator"),
        documents=values.get("documents"),
        show_name=values.get("show_name", False),
        received_at=values.get("received_at"),
        reference=values["reference"],
        accept=values.get("accept", False),
        decision=None if outcome is None else Decision(outcome=outcome, seal=values.get("seal"), place="department"),
    )


def require_once(rows: list[tuple[Row, dict[str, Any]]]) -> None:
    """Refuses a reference that stands in the files twice."""
    first: dict[str, Row] = {}
    faults = [
        row.fault(f"stands in line {first[values['reference']].line} already", "reference")
        for row, values in rows
        if first.setdefault(values["reference"], row) is not row
    ]
    if faults:
        raise Faulty(faults)


def require_possible(office: Office, rows: list[tuple[Row, dict[str, Any]]], fresh: list[ReceiveCase]) -> None:
    """Refuses when a rule of the hall says no to any of them, with its code at the row."""
    place = {values["reference"]: row for row, values in rows}
    faults, stamp = [], office.engine.stamp("console")
    for command in fresh:
        try:
            machine.decide(office.hall, command, stamp)
        except Refused as refused:
            faults.append(place[str(command.reference)].fault(refused.code.replace("_", " "), "reference"))
    if faults:
        raise Faulty(faults)
