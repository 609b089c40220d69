"""The page about report.db names every table with exactly its columns, and its query runs."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from hall_server.reports import tables
from hall_server.reports.projection import rebuild

PAGE = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")


def test_the_page_has_every_table_and_column(tmp_path: Path) -> None:
    rebuild(tmp_path / "report.db", [])
    db = Database(tmp_path / "report.db")
    told = {name: columns.split() for name, columns in re.findall(r"^\| `(\w+)` \| .* \| ([\w ]+) \|$", PAGE, re.M)}
    real = {t.name: [c.name for c in t.columns] for t in db.tables if not t.name.startswith("services_fts")}
    assert told == real
    assert set(re.findall(r"`(\w+)`", PAGE.partition("Views:")[2])) == set(db.view_names())
    db.close()
    assert tables.FORMAT >= 3


def test_its_query_finds_an_item(tmp_path: Path) -> None:
    rebuild(tmp_path / "report.db", [])
    (query,) = re.findall(r"```sql\n(.*?)```", PAGE, re.S)
    with sqlite3.connect(tmp_path / "report.db") as db:
        db.execute(
            "INSERT INTO services(service, name, department) VALUES ('S1', '城乡居民医保参保登记', '县医疗保障局')"
        )
        assert db.execute(query).fetchall() == [("S1", "城乡居民医保参保登记")]
    db.close()
