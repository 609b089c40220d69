"""The journal keeps what it acknowledged, in order, and says no otherwise (server.md 3, reliability.md R1, R2)."""

import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from journal_material import LIMIT_S, answer, commit, new_row

from hall_server.journal import chain, schema
from hall_server.journal.rows import Batch, Row
from hall_server.journal.store import Journal, JournalClosed, JournalDamaged, JournalMissing, Reader


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal.create(tmp_path / "journal.db")
    yield made
    made.close()


def test_an_empty_journal_starts_at_the_genesis(journal: Journal) -> None:
    assert journal.head_seq == 0
    assert journal.head_hash == chain.GENESIS.hex() == journal.hash_at(0)
    assert journal.read(0, 10) == []
    assert list(journal.replay(0)) == []


def test_rows_come_back_as_they_were_given_and_chained(journal: Journal) -> None:
    given = [new_row(n) for n in range(1, 6)]
    assert commit(journal, given[:2]) is None
    assert commit(journal, given[2:]) is None
    rows = journal.read(0, 10)
    assert [(r.at, r.type, r.data, r.actor) for r in rows] == [(g.at, g.type, g.data, g.actor) for g in given]
    assert [r.seq for r in rows] == [1, 2, 3, 4, 5]
    previous = chain.GENESIS
    for row in rows:
        previous = chain.link(
            previous,
            seq=row.seq,
            at=row.at.encode(),
            type=row.type.encode(),
            data=row.data,
            actor=row.actor.encode(),
        )
        assert row.hash == previous.hex() == journal.hash_at(row.seq)
    assert (journal.head_seq, journal.head_hash) == (5, previous.hex())
    assert journal.hash_at(6) is None


def test_moving_a_byte_between_columns_changes_the_hash() -> None:
    one = chain.link(chain.GENESIS, seq=1, at=b"ab", type=b"c", data=b"{}", actor=b"x")
    other = chain.link(chain.GENESIS, seq=1, at=b"a", type=b"bc", data=b"{}", actor=b"x")
    assert one != other


def test_reading_pages_and_filters_by_type(journal: Journal) -> None:
    commit(journal, [new_row(n, type="ticket_called" if n % 3 == 0 else "ticket_issued") for n in range(1, 31)])
    assert [r.seq for r in journal.read(10, 5)] == [11, 12, 13, 14, 15]
    assert [r.seq for r in journal.read(10, 3, frozenset({"ticket_called"}))] == [12, 15, 18]
    assert journal.read(0, 10, frozenset()) == []
    assert [r.seq for r in journal.replay(27)] == [28, 29, 30]


def test_batches_are_told_in_the_order_they_were_given(journal: Journal) -> None:
    told: list[object] = []
    last = threading.Event()

    def done(batch: Batch, error: Exception | None) -> None:
        assert error is None
        assert journal.head_seq >= batch.first_seq + len(batch.rows) - 1
        told.append((batch.token, batch.first_seq))
        if batch.token == 499:
            last.set()

    for token in range(500):
        journal.submit(Batch(rows=[new_row(1)] * (token % 7), answers=[], token=token), done)
    assert last.wait(LIMIT_S)
    expected, seq = [], 1
    for token in range(500):
        expected.append((token, seq))
        seq += token % 7
    assert told == expected


def test_done_that_fails_does_not_stop_the_journal(journal: Journal, caplog: pytest.LogCaptureFixture) -> None:
    def fails(_batch: Batch, _error: Exception | None) -> None:
        raise ZeroDivisionError

    journal.submit(Batch(rows=[new_row(1)], answers=[]), fails)
    assert commit(journal, [new_row(2)]) is None
    assert journal.head_seq == 2
    assert "done() failed" in caplog.text


def test_first_answers_survive_a_restart_and_are_forgotten_by_day(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    first = Journal.create(path)
    commit(first, [new_row(1)], [answer("k1"), answer("k2", day="2026-11-03")])
    first.close()
    second = Journal.open(path)
    assert second.find_answer("K1 POST /tickets", "k1") == answer("k1")
    assert second.find_answer("K2 POST /tickets", "k1") is None
    assert second.forget_answers("2026-11-03") == 1
    assert second.find_answer("K1 POST /tickets", "k1") is None
    assert second.find_answer("K1 POST /tickets", "k2") is not None
    second.close()


def test_a_second_answer_under_one_key_undoes_its_events(journal: Journal) -> None:
    commit(journal, [new_row(1)], [answer("k")])
    assert isinstance(commit(journal, [new_row(2)], [answer("k")]), Exception)
    journal.recover()
    assert journal.head_seq == 1
    assert len(journal.read(0, 10)) == 1
    assert commit(journal, [new_row(2)], [answer("other")]) is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events SET data = '{}' WHERE seq = 2",
        "DELETE FROM events WHERE seq = 3",
        "INSERT OR REPLACE INTO events VALUES (2, 'a', 'b', '{}', 'd', x'00')",
        "INSERT INTO events VALUES (9, 'a', 'b', '{}', 'd', x'00')",
    ],
)
def test_the_table_itself_refuses_everything_but_appending(journal: Journal, sql: str) -> None:
    commit(journal, [new_row(n) for n in range(1, 4)])
    other = apsw.Connection(str(journal.path))
    with pytest.raises(apsw.ConstraintError):
        other.execute(sql)
    other.close()


def test_opening_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with pytest.raises(JournalMissing):
        Journal.open(path)
    path.write_bytes(b"")
    with pytest.raises(JournalMissing):
        Journal.open(path)
    path.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(JournalDamaged):
        Journal.open(path)
    path.unlink()
    apsw.Connection(str(path)).execute("CREATE TABLE a(b)")
    with pytest.raises(JournalDamaged):
        Journal.open(path)


def test_opening_recomputes_the_tail(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = Journal.create(path)
    commit(journal, [new_row(n) for n in range(1, 21)])
    journal.close()
    db = apsw.Connection(str(path))
    db.execute("DROP TRIGGER events_never_updated; UPDATE events SET actor = 'nobody' WHERE seq = 17")
    db.close()
    with pytest.raises(JournalDamaged) as caught:
        Journal.open(path)
    assert caught.value.seq == 17
    Journal.open(path, check_after=17).close()


def test_a_missing_row_is_found_while_replaying(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = Journal.create(path)
    commit(journal, [new_row(n) for n in range(1, 11)])
    db = apsw.Connection(str(path))
    db.execute("DROP TRIGGER events_never_deleted; DELETE FROM events WHERE seq = 4")
    db.close()
    seen: list[Row] = []
    with pytest.raises(JournalDamaged, match="broken at seq 4"):
        seen.extend(journal.replay(0))
    journal.close()


def test_a_second_creation_and_use_after_closing_are_refused(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "journal.db")
    with pytest.raises(FileExistsError):
        Journal.create(tmp_path / "journal.db")
    journal.close()
    journal.close()
    with pytest.raises(JournalClosed):
        journal.submit(Batch(rows=[], answers=[]), lambda _batch, _error: None)


def test_closing_writes_what_is_queued(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "journal.db")
    told: list[Exception | None] = []
    for n in range(200):
        journal.submit(Batch(rows=[new_row(n)], answers=[]), lambda _batch, error: told.append(error))
    journal.close()
    assert told == [None] * 200
    again = Journal.open(tmp_path / "journal.db")
    assert again.head_seq == 200
    again.close()


def test_every_connection_has_the_settings_that_make_it_safe(journal: Journal) -> None:
    wanted = {"synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "wal_autocheckpoint": 0, "cell_size_check": 1}
    for read_only in (False, True):
        db = schema.connect(journal.path, read_only=read_only)
        assert {name: db.pragma(name) for name in wanted} == wanted
        assert db.pragma("journal_mode") == "wal"
        db.close()


def test_files_are_for_this_user_alone(journal: Journal) -> None:
    commit(journal, [new_row(1)])
    modes = {file.name: file.stat().st_mode & 0o777 for file in journal.path.parent.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_the_log_is_moved_into_the_file_in_a_pause(journal: Journal) -> None:
    commit(journal, [new_row(n) for n in range(500)])
    grown = threading.Event()
    for _ in range(100):
        if journal.path.stat().st_size > 50_000:
            break
        grown.wait(0.05)
    assert journal.path.stat().st_size > 50_000


def test_readers_in_other_threads_see_what_is_committed(journal: Journal) -> None:
    commit(journal, [new_row(n) for n in range(1, 31)], [answer("k")])
    seen: list[object] = []

    def read() -> None:
        with Reader(journal.path) as reader:
            seen.append([row.seq for row in reader.stream(10, check=True)])
            seen.append((reader.head, reader.hash_at(30), reader.find_answer("K1 POST /tickets", "k")))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join(LIMIT_S)
    assert seen == [list(range(11, 31)), (journal.head, journal.head_hash, answer("k"))]
    with pytest.raises(JournalMissing):
        Reader(journal.path.with_name("other.db"))
