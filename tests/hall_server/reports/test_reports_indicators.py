"""The indicators are exact, cut and not rounded, and belong to the month of the service (domain.md A13c, 7)."""

import csv
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_material import DEPARTMENTS, EMPTY_DEPARTMENT, ZONE, Book, any_day, founded, rate, serve

from hall_server.reports import bulletin_pdf, export
from hall_server.reports.indicators import (
    CODE_NAMES,
    Fraction,
    active_rating_rate,
    indicators,
    meets,
    members,
    percent,
    reading,
)
from hall_server.reports.projection import rebuild

# Service, counter, finished at, then level, source and instant of its rating. One month's edge cases:
SERVICES = [
    ("1", "2026-10-10T10:30", 5, "keypad", "2026-10-10T10:31"),
    ("1", "2026-10-13T10:30", 5, "keypad", "2026-10-13T10:31"),
    ("2", "2026-10-14T10:30", 4, "page", "2026-10-14T10:31"),
    ("2", "2026-10-15T10:30", 3, "keypad", "2026-10-15T10:31"),  # 3 is satisfied
    ("1", "2026-10-16T10:30", 2, "keypad", "2026-10-16T10:31"),
    ("2", "2026-10-19T10:30", 1, "keypad", "2026-10-19T10:31"),  # excluded by review
    ("3", "2026-10-20T10:30", 4, "default", "2026-10-27T10:00"),  # nobody gave it
    ("3", "2026-10-21T10:30", 4, "keypad", "2026-10-21T10:31"),
    ("1", "2026-10-31T23:59", 1, "page", "2026-11-02T10:00"),  # given in November, belongs to October
    ("1", "2026-09-30T23:59", 2, "page", "2026-10-08T10:00"),  # given in October, belongs to September
    ("2", "2026-10-22T10:30", 5, "keypad", "2026-10-22T10:31"),
    ("3", "2026-10-23T10:30", 2, "keypad", "2026-10-23T10:31"),
    ("1", "2026-10-26T10:30", None, "", ""),
    ("1", "2026-10-27T10:30", None, "", ""),
]  # fmt: skip


def october() -> Book:
    book = founded()
    for n, (counter, finished, level, source, given_at) in enumerate(SERVICES, start=1):
        request = serve(book, n=n, counter=counter, finished_at=datetime.fromisoformat(finished).replace(tzinfo=ZONE))
        if level is not None:
            rate(book, request, level, source=source, at=f"{given_at}:00.000+08:00")
        if n == 6:
            book.add("2026-10-20T09:00:00.000+08:00", "rating_reviewed", request=request, decision="excluded")
        if n == 12:
            book.add("2026-10-24T09:00:00.000+08:00", "rating_reviewed", request=request, decision="confirmed")
        if n == 11:
            rate(book, request, 1, source="page", at="2026-10-22T11:00:00.000+08:00")  # a second one
    return book


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("october") / "report.db"
    rebuild(path, october().rows)
    return path


def pair(fraction: Fraction) -> tuple[int, int, str | None]:
    return fraction.numerator, fraction.denominator, fraction.percent


def test_the_month_of_edge_cases(report: Path) -> None:
    (hall,) = indicators(report, month="2026-10").rows
    assert hall.key == "hall"
    assert pair(hall.satisfaction_rate) == (6, 9, "66.66")
    assert pair(hall.dissatisfaction_rate) == (3, 9, "33.33")
    assert active_rating_rate(report, month="2026-10") == (9, 13)
    (september,) = indicators(report, month="2026-09").rows
    assert pair(september.dissatisfaction_rate) == (1, 1, "100.00")


def test_what_did_not_happen_has_denominator_nought(report: Path) -> None:
    """No case and no complaint, and one item that nobody is authorised for."""
    (hall,) = indicators(report, month="2026-10").rows
    for name in set(CODE_NAMES) - {"satisfaction_rate", "dissatisfaction_rate", "authorisation_rate"}:
        assert pair(getattr(hall, name)) == (0, 0, None)
    assert pair(hall.authorisation_rate) == (0, 1, "0.00")


def test_departments_have_their_own_rows_and_add_up(report: Path) -> None:
    rows = {row.key: row for row in indicators(report, month="2026-10", by="department").rows}
    assert set(rows) == {*DEPARTMENTS.values(), EMPTY_DEPARTMENT}
    assert pair(rows[DEPARTMENTS["1"]].satisfaction_rate) == (2, 4, "50.00")
    assert pair(rows[DEPARTMENTS["2"]].satisfaction_rate) == (3, 3, "100.00")
    assert pair(rows[DEPARTMENTS["3"]].satisfaction_rate) == (1, 2, "50.00")
    assert pair(rows[EMPTY_DEPARTMENT].satisfaction_rate) == (0, 0, None)
    assert pair(rows[DEPARTMENTS["2"]].dissatisfaction_rate) == (0, 3, "0.00")


def test_rows_go_to_the_one_who_finished_the_service(report: Path) -> None:
    """The rating events themselves name counter 9 and clerk 0399: that is not who served."""
    counters = {
        row.key: pair(row.satisfaction_rate)[:2] for row in indicators(report, month="2026-10", by="counter").rows
    }
    assert counters == {"1": (2, 4), "2": (3, 3), "3": (1, 2), "not_attributed": (0, 0)}
    clerks = [row.key for row in indicators(report, month="2026-10", by="clerk").rows]
    assert clerks == ["0301", "0302", "0303", "not_attributed"]
    assert [row.key for row in indicators(report, month="2026-10", by="site").rows] == ["county"]


@pytest.mark.parametrize("by", ["department", "counter", "clerk", "site"])
@pytest.mark.parametrize("seed", range(6))
def test_the_rows_add_up_to_the_hall_whatever_happened(tmp_path: Path, by: str, seed: int) -> None:
    rebuild(tmp_path / "report.db", any_day(seed, 300).rows)
    for month in ("2026-09", "2026-10"):
        (hall,) = indicators(tmp_path / "report.db", month=month).rows
        rows = indicators(tmp_path / "report.db", month=month, by=by).rows  # type: ignore[arg-type]
        for name in set(CODE_NAMES) - {"authorisation_rate"}:  # an item stands at every counter that serves it
            total = getattr(hall, name)
            assert sum(getattr(row, name).numerator for row in rows) == total.numerator
            assert sum(getattr(row, name).denominator for row in rows) == total.denominator
        assert rows[-1].key == "not_attributed" or all(row.key != "not_attributed" for row in rows)


def test_the_link_names_the_fraction_and_its_members_are_the_ratings(report: Path) -> None:
    (hall,) = indicators(report, month="2026-10").rows
    assert hall.satisfaction_rate.events == "/api/v1/indicators/satisfaction_rate/events?month=2026-10&by=hall&key=hall"
    rows = {row.seq: row for row in october().rows}
    with reading(report) as db:
        found = members(db, name="satisfaction_rate", month="2026-10")
        first = members(db, name="satisfaction_rate", month="2026-10", by="department", key=DEPARTMENTS["1"])
    assert len(found) == 9
    assert {rows[m.seq].type for m in found} == {"rating_given"}
    late = next(row for row in rows.values() if row.type == "rating_given" and row.at.startswith("2026-11"))
    assert late.seq in [m.seq for m in found]
    assert len(first) == 4


def test_an_empty_month_is_null_everywhere(report: Path) -> None:
    (hall,) = indicators(report, month="2026-02").rows
    told = json.loads(msgspec.json.encode(hall))
    assert set(told) == {"key", *CODE_NAMES}
    for name in CODE_NAMES:
        assert {key: told[name][key] for key in ("numerator", "denominator", "percent")} == {
            "numerator": 0, "denominator": 0, "percent": None,
        }  # fmt: skip


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-00", "2026-1", "26-10", "２０２６-10", "2026-10-01"])
def test_a_month_is_a_month(report: Path, month: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        indicators(report, month=month)


def test_only_the_five_ways_to_group_are_taken(report: Path) -> None:
    with pytest.raises(ValueError, match="not one of"):
        indicators(report, month="2026-10", by="ticket; DROP TABLE ratings")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [(0, 0, None), (0, 5, "0.00"), (5, 5, "100.00"), (2, 3, "66.66"), (8999, 10000, "89.99"), (89996, 100000, "89.99"),
     (99996, 100000, "99.99"), (3, 2, "150.00"), (999_999_999_999, 10**12, "99.99"), (1, 10**7, "0.00")],
)  # fmt: skip
def test_percentages_are_cut(numerator: int, denominator: int, shown: str | None) -> None:
    assert percent(numerator, denominator) == shown


@given(numerator=st.integers(0, 10**15), denominator=st.integers(1, 10**15))
def test_a_printed_percentage_is_never_more_than_the_truth_and_less_than_a_hundredth_off(
    numerator: int, denominator: int
) -> None:
    shown = percent(numerator, denominator)
    assert shown is not None
    whole, _, cents = shown.partition(".")
    hundredths = int(whole) * 100 + int(cents)
    assert hundredths * denominator <= numerator * 10_000 < (hundredths + 1) * denominator


def test_targets_are_compared_on_whole_numbers() -> None:
    assert meets(0, 0, 90) is None
    assert meets(9, 10, 90) is True
    assert meets(89_999, 100_000, 90) is False
    assert meets(8_999_999_999, 10_000_000_000, 90) is False


MADE = {"hall_name": "样例县政务服务中心", "language": "zh-Hans", "made_at": "2026-11-09T09:00:00.000+08:00"}


def written(tmp_path: Path, report: Path, format: str, **changes: str) -> bytes:
    to = tmp_path / f"bulletin.{format}"
    export.write(to, report, month="2026-10", format=format, **MADE | changes)  # type: ignore[arg-type]
    assert to.stat().st_mode & 0o777 == 0o600
    return to.read_bytes()


def test_json_is_the_answer_of_the_interface(tmp_path: Path, report: Path) -> None:
    told = json.loads(written(tmp_path, report, "json"))
    beside = told.pop("beside")
    assert (beside["services_finished"], beside["active_rating_rate"]) == (13, [9, 13, "69.23"])
    assert told.pop("formulas") == 1
    assert told == json.loads(msgspec.json.encode(indicators(report, month="2026-10", by="hall")))
    assert (told["month"], told["by"]) == ("2026-10", "hall")


def test_csv_has_a_line_for_every_fraction(tmp_path: Path, report: Path) -> None:
    content = written(tmp_path, report, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 8 + 7 * 4
    found = {(row["by"], row["key"], row["indicator"]): row for row in rows}
    hall = found["hall", "hall", "satisfaction_rate"]
    assert (hall["numerator"], hall["denominator"], hall["percent"], hall["name"]) == ("6", "9", "66.66", "测评满意率")
    assert found["hall", "hall", "active_rating_rate"]["percent"] == "69.23"
    assert found["department", EMPTY_DEPARTMENT, "entry_rate"]["percent"] == ""


def test_xlsx_holds_numbers_and_cut_percentages(tmp_path: Path, report: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(written(tmp_path, report, "xlsx", language="zh-Hant"))) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    for wanted in ("測評滿意率", "66.66", "69.23", "—", EMPTY_DEPARTMENT, MADE["hall_name"]):
        assert wanted in strings
    assert "<v>9</v>" in sheet
    assert "<f>" not in sheet


def test_names_never_become_formulas(tmp_path: Path) -> None:
    book = founded()
    book.add("2026-10-01T08:00:00.000+08:00", "catalogue_changed", counters=[{"counter": "7", "department": "=1+1"}])
    rebuild(tmp_path / "report.db", book.rows)
    rows = list(csv.DictReader(io.StringIO(written(tmp_path, tmp_path / "report.db", "csv").decode("utf-8-sig"))))
    assert "'=1+1" in {row["key"] for row in rows}
    with zipfile.ZipFile(io.BytesIO(written(tmp_path, tmp_path / "report.db", "xlsx"))) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()


def test_pdf_is_whole_and_the_same_twice(tmp_path: Path, report: Path) -> None:
    first, again = (written(tmp_path, report, "pdf") for _ in range(2))
    assert first.startswith(b"%PDF-")
    assert first.rstrip().endswith(b"%%EOF")
    assert first == again
    assert bulletin_pdf.font_name().encode() in first or b"/FontFile2" in first
    assert written(tmp_path, report, "pdf", language="en") != first


def test_an_unknown_format_or_month_writes_nothing(tmp_path: Path, report: Path) -> None:
    with pytest.raises(ValueError, match="unknown format"):
        written(tmp_path, report, "docx")
    with pytest.raises(ValueError, match="not a month"):
        export.write(tmp_path / "x", report, month="2026-99", format="json", **MADE)
    assert list(tmp_path.iterdir()) == []
