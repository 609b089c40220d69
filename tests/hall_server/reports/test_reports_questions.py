"""Every question has an answer, sorted, searched and paged; what it counts agrees with counting by hand."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from golden_month import golden
from report_material import any_day

from hall_server.reports.indicators import reading
from hall_server.reports.projection import rebuild
from hall_server.reports.questions import QUESTIONS, ask

OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("questions") / "report.db"
    rebuild(path, golden().book().rows)
    return path


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_whatever_happened(tmp_path: Path, report: Path, name: str) -> None:
    question = QUESTIONS[name]
    rebuild(tmp_path / "report.db", any_day(3, 250).rows)
    for file in (report, tmp_path / "report.db"):
        with reading(file) as db:
            whole = ask(db, question, first="2026-01-01", last="2027-01-01")
            assert whole.total == len(whole.rows)
            assert all(len(row) == len(question.columns) for row in whole.rows)
            for column in question.columns:
                up = ask(db, question, first="2026-01-01", last="2027-01-01", sort=column.name)
                at = [c.name for c in question.columns].index(column.name)
                values = [row[at] for row in up.rows if row[at] is not None]
                assert values == sorted(values), column.name
            paged = [
                row
                for offset in range(0, whole.total, 3)
                for row in ask(db, question, first="2026-01-01", last="2027-01-01", limit=3, offset=offset).rows
            ]
            assert paged == whole.rows


def test_cases_are_found_and_counted(report: Path) -> None:
    with reading(report) as db:
        late = ask(db, QUESTIONS["cases_late"], **OCTOBER)
        assert [row[0] for row in late.rows] == ["C15", "C02", "C04"]
        assert ask(db, QUESTIONS["cases_late"], **OCTOBER, find="c0").total == 2
        still_open = ask(db, QUESTIONS["cases_open"], **OCTOBER)
        assert sorted(row[0] for row in still_open.rows) == ["C11", "C12", "C13", "C19"]
        rated = ask(db, QUESTIONS["ratings_by_department"], **OCTOBER)
        assert sum(row[1] for row in rated.rows) == 13
        assert sum(row[4] for row in rated.rows) == 6
        assert sum(row[5] for row in rated.rows) == 3


def test_a_column_nobody_has_is_refused(report: Path) -> None:
    with reading(report) as db, pytest.raises(ValueError, match="no column"):
        ask(db, QUESTIONS["cards"], **OCTOBER, sort="1; DROP TABLE cards")


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_sql_that_is_shown_may_be_asked_by_itself(report: Path, name: str) -> None:
    with sqlite3.connect(f"{report.as_uri()}?mode=ro", uri=True) as db:
        rows = db.execute(QUESTIONS[name].sql, OCTOBER).fetchall()
    db.close()
    with reading(report) as other:
        assert len(rows) == ask(other, QUESTIONS[name], **OCTOBER).total
