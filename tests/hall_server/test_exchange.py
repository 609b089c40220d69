"""Cases from another system's file: the same result as over HTTP, all or nothing, nothing twice."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from hall_server.cli import command
from hall_server.cli.access import opened
from hall_server.exchange import COLUMNS, cases_take
from hall_server.personal.vault import Vault

HEAD = "reference,service,received_at,accept,name,phone,documents,outcome\n"
GOOD = HEAD + (
    "JZ-2026-1,S025,2026-11-24T09:10:00+08:00,yes,金丝雀甲,13977770001,,\n"
    "JZ-2026-2,S026,,no,,,,\n"
    "JZ-2026-3,S025,,yes,,,,granted\n"
)


def taken(data: Path, text: str, *, name: str = "cases.csv") -> Any:
    async def story() -> Any:
        async with opened(data, program="a test") as office:
            return await cases_take(office, files={name: b64encode(text.encode()).decode()})

    return asyncio.run(story())


def cases_of(data: Path) -> list[Any]:
    async def story() -> list[Any]:
        async with opened(data, program="a test") as office:
            return list(office.hall.cases.values())

    return asyncio.run(story())


def test_a_case_that_arrives_as_a_file_is_the_same_case(county: Path) -> None:
    """A3d: a case arrives as a file and by HTTP with the same result; nothing outside is needed for it."""
    answer = taken(county, GOOD)
    assert answer["faults"] == []
    first, second, third = cases_of(county)
    assert (first.state, first.channel, first.clerk, first.reference) == ("accepted", "integrator", None, "JZ-2026-1")
    assert (second.state, second.promised_due) == ("received", None)
    assert (third.state, third.outcome, third.place) == ("decided", "granted", "department")
    assert [c["no"] for c in answer["cases"]] == [first.no, second.no, third.no]
    assert all(len(c["check_code"]) == 8 for c in answer["cases"])
    assert answer["cases"][0]["promised_due"].endswith("16:30:00.000+08:00")
    vault = Vault(county, on_look=lambda _: None)
    kept = vault.get(f"case:{first.no}", who="test", why="test")
    vault.close()
    assert kept is not None
    assert (kept.name, kept.phone) == ("金丝雀甲", "13977770001")
    journal = (county / "journal.db").read_bytes()
    assert "金丝雀甲".encode() not in journal
    assert b"JZ-2026-1" in journal


def test_the_same_file_twice_receives_nothing_twice(county: Path) -> None:
    first = taken(county, GOOD)
    again = taken(county, GOOD + "JZ-2026-4,S025,,yes,,,,\n")
    assert again["cases"][:3] == first["cases"]
    assert len(cases_of(county)) == 4


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ("JZ-1,S999,,,,,,\n", ["cases.csv, line 2, reference: unknown service"]),
        ("JZ-1,S025,yesterday,,,,,\n", ["cases.csv, line 2, column 3 (received_at): 'yesterday' is not a time"]),
        ("JZ-1,S025,,maybe,,,,\n", ["cases.csv, line 2, column 4 (accept): 'maybe' is none of yes no"]),
        ("JZ-1,S025,,yes,,,没有的材料,\n", ["cases.csv, line 2, reference: unknown document"]),
        ("JZ-1,S025,,,,,,\nJZ-1,S025,,,,,,\n", ["cases.csv, line 3, reference: stands in line 2 already"]),
        (",S025,,,,,,\n", ["cases.csv, line 2, reference: nothing there"]),
        ("张三,S025,,,,,,\n", ["cases.csv, line 2, column 1 (reference): '张三' is not a number"]),
        ("JZ-1,S025,2030-01-01T09:00:00+08:00,,,,,\n", ["cases.csv, line 2, reference: bad request"]),
    ],
)
def test_every_mistake_is_told_and_nothing_is_received(county: Path, rows: str, faults: list[str]) -> None:
    answer = taken(county, HEAD + rows)
    assert answer["cases"] == []
    assert len(answer["faults"]) == len(faults)
    for told, expected in zip(answer["faults"], faults, strict=True):
        assert told.startswith(expected)
    assert cases_of(county) == []


def test_one_bad_row_keeps_the_good_ones_out(county: Path) -> None:
    answer = taken(county, GOOD + "JZ-2026-9,S999,,,,,,\n")
    assert answer["faults"] == ["cases.csv, line 5, reference: unknown service"]
    assert cases_of(county) == []
    assert taken(county, "reference,service,colour\nJZ-1,S025,red\n")["faults"] == [
        "cases.csv, line 1, column 3 (colour): cases have no such column"
    ]


def test_the_command_prints_a_line_for_each_case(
    county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(GOOD, encoding="utf-8")
    assert command(["exchange", "--data", str(county), str(file)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["reference"] for line in lines] == ["JZ-2026-1", "JZ-2026-2", "JZ-2026-3"]
    file.write_text(HEAD + "JZ-5,S999,,,,,,\n", encoding="utf-8")
    assert command(["exchange", "--data", str(county), str(file)]) == 1
    assert "nothing was received: 1 mistake" in capsys.readouterr().err


def test_the_help_names_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command(["exchange", "--help"])
    shown = capsys.readouterr().out
    assert [c.name for c in COLUMNS if c.name not in shown] == []
