"""`report.db` follows the journal and is the same when it is built again (reliability.md I13)."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_material import DEPARTMENTS, ZONE, Book, any_day, founded, serve, text

from hall_server.reports import projection, tables
from hall_server.reports.projection import Projection, ReportOutOfStep, rebuild, refresh


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def one(path: Path, sql: str) -> tuple[object, ...]:
    with closing(sqlite3.connect(path)) as db:
        found = db.execute(sql).fetchone()
        assert found is not None
        return tuple(found)


def follow(path: Path, book: Book) -> int:
    return refresh(path, rows_after=book.after, hash_at=book.hash_at)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), length=st.integers(1, 150), cuts=st.lists(st.integers(1, 150), max_size=6))
def test_building_again_gives_what_following_gave(seed: int, length: int, cuts: list[int]) -> None:
    book = any_day(seed, length)
    with TemporaryDirectory() as folder:
        followed, built = Path(folder, "followed.db"), Path(folder, "built.db")
        for cut in [*sorted(cuts), len(book.rows)]:
            part = Book(book.rows[:cut])
            assert follow(followed, part) == len(part.rows)
        assert rebuild(built, book.rows) == len(book.rows)
        assert dump(followed) == dump(built)


def test_a_visit_is_told_from_end_to_end(tmp_path: Path) -> None:
    book = founded()
    serve(book, n=7, counter="2", finished_at=datetime(2026, 10, 10, 10, 30, tzinfo=ZONE))
    report = tmp_path / "report.db"
    follow(report, book)
    assert one(report, "SELECT state, day, site, counter, clerk, calls FROM tickets WHERE ticket = 'T7'") == (
        "finished", "2026-10-10", "county", "2", "0302", 1,
    )  # fmt: skip
    assert one(report, "SELECT wait_s, service_s, department, month FROM services_done") == (
        480, 660, DEPARTMENTS["2"], "2026-10",
    )  # fmt: skip
    assert one(report, "SELECT kind, reason, void FROM calls") == ("called", "first", 0)
    assert one(report, "SELECT service_seq FROM rating_requests") == one(report, "SELECT seq FROM services_done")
    assert one(report, "SELECT issued, finished FROM days_by_line") == (1, 1)
    assert report.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["report.db"]


def desk(book: Book, minute: int, type: str, **more: object) -> int:
    about = {"ticket": "T1", "number": "A001", "line": "A", "service": "S1", "priority_class": "ordinary"}
    return book.add(
        f"2026-10-10T09:{minute:02d}:00.000+08:00", type, **about | {"counter": "1", "clerk": "0301"} | more
    )


def started() -> Book:
    book = founded()
    desk(book, 0, "ticket_issued", site="county", issued_at="2026-10-10T08:59:30.000+08:00", form="reception")
    desk(book, 1, "ticket_called", reason="first")
    desk(book, 2, "ticket_recalled", calls=2)
    return book


@pytest.mark.parametrize(
    ("type", "more", "state"),
    [("ticket_marked_no_show", {}, "no_show"), ("ticket_parked", {"reason": "copies"}, "parked"),
     ("ticket_transferred", {"line": "B", "from_line": "A"}, "waiting")],
)  # fmt: skip
def test_an_act_that_is_taken_back_leaves_the_ticket_as_it_was(
    tmp_path: Path, type: str, more: dict[str, object], state: str
) -> None:
    book, report = started(), tmp_path / "report.db"
    columns = "SELECT state, line, counter, clerk, calls, called_at, transferred_from, reason_code FROM tickets"
    follow(report, book)
    before = one(report, columns)
    act = desk(book, 3, type, **more)
    follow(report, book)
    assert one(report, columns) != before
    assert one(report, columns)[0] == state
    desk(book, 4, "act_undone", undone=act, act="any")
    follow(report, book)
    assert one(report, columns) == before


def test_the_calls_of_a_number_nobody_held_are_void(tmp_path: Path) -> None:
    book, report = started(), tmp_path / "report.db"
    desk(book, 3, "ticket_cancelled", reason_code="unseen")
    follow(report, book)
    assert one(report, "SELECT count(*), sum(void) FROM calls") == (2, 2)
    assert one(report, "SELECT state, reason_code FROM tickets") == ("cancelled", "unseen")


def test_counters_keep_their_states(tmp_path: Path) -> None:
    book, report = founded(), tmp_path / "report.db"
    at = "2026-10-10T09:00:00.000+08:00"
    book.add(at, "counter_opened", counter="1", clerk="0301", lines=["A"])
    book.add(at, "counter_paused", counter="1", clerk="0301", reason="meeting", resume_at=at)
    follow(report, book)
    assert one(report, "SELECT state, clerk, reason, resume_at, department FROM counters WHERE counter = '1'") == (
        "paused", "0301", "meeting", at, DEPARTMENTS["1"],
    )  # fmt: skip
    book.add(at, "act_undone", ticket="", counter="1", clerk="0301", undone=3, act="pause")
    book.add(at, "counter_closed", counter="1", clerk="0301", reason_code="day_ended")
    follow(report, book)
    assert one(report, "SELECT state, clerk, reason FROM counters WHERE counter = '1'") == ("closed", None, "day_ended")
    assert one(report, "SELECT group_concat(state) FROM counter_states") == ("open,paused,open,closed",)


def test_a_gap_is_refused_and_nothing_of_its_chunk_is_kept(tmp_path: Path) -> None:
    book = any_day(3, 40)
    with Projection(tmp_path / "report.db") as report:
        report.apply(book.rows[:10])
        with pytest.raises(ReportOutOfStep):
            report.apply(book.rows[10:20] + book.rows[21:])
        assert report.seq == 10
        assert report.apply(book.rows) == len(book.rows) - 10, "rows it knows are skipped"
    rebuild(tmp_path / "built.db", book.rows)
    assert dump(tmp_path / "report.db") == dump(tmp_path / "built.db")


@pytest.mark.parametrize("what", ["nonsense", "torn", "other_journal", "other_format"])
def test_a_file_that_does_not_fit_is_built_again(tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    report, book = tmp_path / "report.db", any_day(4, 60)
    rebuild(report, any_day(5, 60).rows if what == "other_journal" else book.rows[:50])
    if what == "nonsense":
        report.write_bytes(b"no database" * 500)
    if what == "torn":
        content = bytearray(report.read_bytes())
        content[4096 : len(content) // 2] = bytes(len(content) // 2 - 4096)
        report.write_bytes(content)
    if what == "other_format":
        monkeypatch.setattr(tables, "FORMAT", tables.FORMAT + 1)
    assert follow(report, book) == len(book.rows)
    rebuild(tmp_path / "built.db", book.rows)
    assert dump(report) == dump(tmp_path / "built.db")


def test_a_crash_in_the_middle_leaves_whole_steps(tmp_path: Path) -> None:
    """Killed between two rows of a transaction; the next run goes on from the cursor."""
    script = f"""if True:
        import os, signal, sys
        sys.path[:0] = {sys.path!r}
        from report_material import any_day
        from hall_server.reports import projection
        projection.CHUNK = 7
        honest = projection.apply_row
        def dying(db, row):
            honest(db, row)
            if row.seq == 60:
                os.kill(os.getpid(), signal.SIGKILL)
        projection.apply_row = dying
        projection.Projection(projection.Path({str(tmp_path / "report.db")!r})).apply(any_day(6, 90).rows)
    """
    assert subprocess.run([sys.executable, "-c", script]).returncode == -9
    book = any_day(6, 90)
    with Projection(tmp_path / "report.db") as report:
        assert report.seq == 56
        report.apply(book.after(report.seq))
    rebuild(tmp_path / "built.db", book.rows)
    assert dump(tmp_path / "report.db") == dump(tmp_path / "built.db")


def test_a_stale_rollback_journal_is_not_played_into_a_new_file(tmp_path: Path) -> None:
    report, book = tmp_path / "report.db", any_day(7, 30)
    rebuild(report, book.rows)
    (tmp_path / "report.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(504))
    rebuild(report, book.rows)
    assert [path.name for path in tmp_path.iterdir()] == ["report.db"]


def test_large_journals_are_taken_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "CHUNK", 16)
    book = any_day(8, 200)
    rebuild(tmp_path / "report.db", iter(book.rows))
    assert one(tmp_path / "report.db", "SELECT seq FROM progress") == (len(book.rows),)
    assert one(tmp_path / "report.db", "SELECT count(*) FROM days")[0] == len({row.at[:10] for row in book.rows})
    assert text(datetime(2026, 1, 1, tzinfo=ZONE)) == "2026-01-01T00:00:00.000+08:00"


def test_two_programs_may_follow_with_one_file(tmp_path: Path) -> None:
    """The server and `hall-server report` at the same time: each takes what the other has not."""
    book = any_day(9, 80)
    with Projection(tmp_path / "report.db") as server, Projection(tmp_path / "report.db") as command:
        assert server.apply(book.rows[:30]) == 30
        assert command.apply(book.rows[:50]) == 20
        assert server.apply(book.rows) == len(book.rows) - 50
        assert command.apply(book.rows) == 0
    rebuild(tmp_path / "built.db", book.rows)
    assert dump(tmp_path / "report.db") == dump(tmp_path / "built.db")


def test_items_are_found_by_any_part_of_their_names(tmp_path: Path) -> None:
    """Full-text search, also after an item has changed; any SQLite tool may ask."""
    from sqlite_utils import Database

    book = founded()
    item = {
        "service": "S9",
        "name": "不动产转移登记",
        "department": "县自然资源局",
        "line": "A",
        "aliases": ["房产过户"],
    }
    book.add("2026-09-02T07:00:00.000+08:00", "catalogue_changed", services=[item])
    rebuild(tmp_path / "report.db", book.rows)
    with Projection(tmp_path / "report.db") as projection:
        book.add("2026-09-03T07:00:00.000+08:00", "catalogue_changed", services=[item | {"name": "不动产首次登记"}])
        projection.apply(book.rows)
    table = Database(tmp_path / "report.db")["services"]
    assert [row["service"] for row in table.search("房产过")] == ["S9"]
    assert [row["name"] for row in table.search("首次登记")] == ["不动产首次登记"]
    assert not list(table.search("转移登"))


def test_how_far_it_has_come_is_told(tmp_path: Path) -> None:
    heard: list[int] = []
    rows = any_day(1, 300).rows
    assert rebuild(tmp_path / "report.db", rows, told=heard.append) == len(rows) == heard[-1]
