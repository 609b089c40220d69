"""Whatever is done to `journal.db`, `hall-server verify` exits 1 and names the row (reliability.md S11)."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from hall_server.cli import command

EVENTS = 9
"""Rows of the hall below: what init writes, then devices."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hall with some events and no snapshot of the last; not to be changed."""
    data = tmp_path_factory.mktemp("written") / "hall"
    assert command(["init", "--data", str(data)]) == 0
    while rows(data) < EVENTS:
        name = f"wall-{rows(data)}"
        assert command(["device", "add", "--data", str(data), "--role", "wall", "--name", name]) == 0
    return data


def rows(data: Path) -> int:
    with sqlite3.connect(data / "journal.db") as db:
        (count,) = db.execute("SELECT count(*) FROM events").fetchone()
    db.close()
    return int(count)


def tampered(data: Path, *statements: str) -> None:
    """Changes rows as somebody who knows SQLite would: without the triggers, which are there again afterwards."""
    db = sqlite3.connect(data / "journal.db", isolation_level=None)
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    for _, sql in triggers:
        db.execute(sql)
    db.close()


def sql(*statements: str) -> Callable[[Path], None]:
    return lambda data: tampered(data, *statements)


def bytes_changed(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def do(data: Path) -> None:
        path = data / "journal.db"
        path.write_bytes(change(path.read_bytes()))

    return do


TAMPERED = {
    "data": (sql("UPDATE events SET data = replace(data, 'wall', 'well') WHERE seq = 7"), 7),
    "a blank in data": (sql("UPDATE events SET data = data || ' ' WHERE seq = 5"), 5),
    "actor": (sql("UPDATE events SET actor = 'clerk:0301' WHERE seq = 8"), 8),
    "time": (sql("UPDATE events SET at = '2020-01-01T00:00:00.000+08:00' WHERE seq = 4"), 4),
    "type": (sql("UPDATE events SET type = 'device_revoked' WHERE seq = 6"), 6),
    "hash": (sql("UPDATE events SET hash = zeroblob(32) WHERE seq = 6"), 6),
    "hash as text": (sql("UPDATE events SET hash = CAST(hex(hash) AS BLOB) WHERE seq = 3"), 3),
    "deleted": (sql("DELETE FROM events WHERE seq = 5"), 5),
    "the first deleted": (sql("DELETE FROM events WHERE seq = 1"), 1),
    "deleted and closed up": (
        sql(
            "DELETE FROM events WHERE seq = 5",
            *(f"UPDATE events SET seq = {n - 1} WHERE seq = {n}" for n in (6, 7, 8, 9)),
        ),
        5,
    ),
    "exchanged": (
        sql(
            "UPDATE events SET seq = 100 WHERE seq = 6",
            "UPDATE events SET seq = 6 WHERE seq = 7",
            "UPDATE events SET seq = 7 WHERE seq = 100",
        ),
        6,
    ),
    "inserted at the end": (
        sql("INSERT INTO events SELECT 10, at, type, data, actor, hash FROM events WHERE seq = 9"),
        10,
    ),
    "inserted before the first": (
        sql("INSERT INTO events SELECT -1, at, type, data, actor, hash FROM events WHERE seq = 9"),
        -1,
    ),
    "inserted far behind": (
        sql("INSERT INTO events SELECT 99, at, type, data, actor, hash FROM events WHERE seq = 9"),
        10,
    ),
    "file cut in half": (bytes_changed(lambda b: b[: len(b) // 2]), None),
    "last page gone": (bytes_changed(lambda b: b[:-4096]), None),
    "a page of zeros": (bytes_changed(lambda b: b[:8192] + bytes(4096) + b[12288:]), None),
    "not a database": (bytes_changed(lambda _: b"something else"), 1),
    "emptied": (bytes_changed(lambda _: b""), 0),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_found_and_named(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    data = tmp_path / "hall"
    shutil.copytree(written, data)
    tamper, seq = TAMPERED[name]
    tamper(data)
    capsys.readouterr()
    assert command(["verify", "--data", str(data)]) == 1
    told = capsys.readouterr()
    found = re.fullmatch(r"broken at seq (-?\d+): .+", told.err.splitlines()[-1])
    assert found, told.err
    assert seq is None or int(found[1]) == seq
    assert not told.out


def test_what_was_not_touched_is_whole(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["verify", "--data", str(written)]) == 0
    assert re.fullmatch(rf"ok {EVENTS} events head [0-9a-f]{{64}}\n", capsys.readouterr().out)


def test_an_end_that_is_gone_is_found_with_an_anchor(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, note = tmp_path / "hall", tmp_path / "note"
    shutil.copytree(written, data)
    assert command(["anchor", "--data", str(data), "--to", str(note)]) == 0
    tampered(data, "DELETE FROM events WHERE seq >= 8")
    shutil.rmtree(data / "snapshots")
    assert command(["verify", "--data", str(data), "--anchor", str(note)]) == 1
    assert "broken at seq 8: " in capsys.readouterr().err


def test_an_end_that_is_gone_is_found_when_a_later_state_was_kept(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "hall"
    shutil.copytree(written, data)
    tampered(data, "DELETE FROM events WHERE seq >= 8")
    assert command(["verify", "--data", str(data)]) == 1
    assert "broken at seq 8: " in capsys.readouterr().err
