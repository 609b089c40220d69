"""A backup is made while the server writes and restored only when it is exactly what was made (reliability.md R10)."""

import hashlib
import io
import tarfile
import threading
from pathlib import Path

import apsw
import msgspec
import pytest
from journal_material import answer, commit, filled, new_row

from hall_server.journal.backup import BackupRefused, backup, forget_day_keys, restore
from hall_server.journal.rows import Batch
from hall_server.journal.store import Journal, JournalMissing
from hall_server.journal.verify import verify

AT = "2026-11-02T19:00:00.000+08:00"


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """A data folder with 30 events, a small personal.db, settings and keys."""
    data = tmp_path / "hall"
    (data / "keys" / "days").mkdir(parents=True)
    journal = Journal.create(data / "journal.db")
    commit(journal, [new_row(n) for n in range(30)], [answer("k")])
    journal.close()
    db = apsw.Connection(str(data / "personal.db"))
    db.execute(
        "PRAGMA journal_mode = WAL; CREATE TABLE personal(ref, sealed); INSERT INTO personal VALUES ('T1', x'00ff')"
    ).fetchall()
    db.close()
    (data / "hall.toml").write_text('name = "样例县政务服务中心"\n', "utf-8")
    (data / "keys" / "anchor.key").write_bytes(b"\x01" * 32)
    (data / "keys" / "days" / "2026-11-01.key").write_bytes(b"\x02" * 32)
    (data / "keys" / "days" / "2026-11-02.key").write_bytes(b"\x03" * 32)
    (data / "report.db").write_bytes(b"made again at will")
    return data


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".db" not in path.name)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_restored_hall_is_the_same_hall(tmp_path: Path, hall: Path) -> None:
    made = backup(hall, tmp_path / "hall.tar", at=AT)
    assert (tmp_path / "hall.tar").stat().st_mode & 0o777 == 0o600
    new = tmp_path / "new"
    assert restore(tmp_path / "hall.tar", new) == made
    assert contents(new) == contents(hall)
    assert verify(new / "journal.db") == verify(hall / "journal.db")
    assert not (new / "report.db").exists()
    db = apsw.Connection(str(new / "personal.db"))
    assert db.execute("SELECT * FROM personal").fetchall() == [("T1", b"\x00\xff")]
    db.close()
    assert {path.stat().st_mode & 0o777 for path in new.rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in [new, *new.rglob("*")] if path.is_dir()} == {0o700}
    journal = Journal.open(new / "journal.db")
    assert journal.find_answer("K1 POST /tickets", "k") is not None
    assert commit(journal, [new_row(31)]) is None
    journal.close()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_backup_made_while_the_server_writes_is_whole(tmp_path: Path, hall: Path) -> None:
    journal = Journal.open(hall / "journal.db")
    stop = threading.Event()
    failures: list[Exception] = []

    def go_on(_batch: Batch, error: Exception | None) -> None:
        if error is not None:
            failures.append(error)
        if not stop.is_set():
            journal.submit(Batch(rows=[new_row(1)] * 20, answers=[]), go_on)

    go_on(Batch(rows=[], answers=[]), None)
    try:
        before = journal.head_seq
        made = [backup(hall, tmp_path / f"{n}.tar", at=AT) for n in range(3)]
        after = journal.head_seq
    finally:
        stop.set()
        assert commit(journal, []) is None
        journal.close()
    assert not failures
    assert before <= made[0].events < made[1].events < made[2].events <= after
    for n in range(3):
        assert restore(tmp_path / f"{n}.tar", tmp_path / f"new-{n}").head == made[n].head


def test_a_restore_never_overwrites(tmp_path: Path, hall: Path) -> None:
    backup(hall, tmp_path / "hall.tar", at=AT)
    with pytest.raises(BackupRefused, match="not empty"):
        restore(tmp_path / "hall.tar", hall)
    (tmp_path / "file").write_text("x")
    with pytest.raises(BackupRefused):
        restore(tmp_path / "hall.tar", tmp_path / "file")
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "hall.tar", tmp_path / "empty")
    assert verify(tmp_path / "empty" / "journal.db").ok


def test_a_damaged_journal_is_not_backed_up_in_silence(tmp_path: Path, hall: Path) -> None:
    db = apsw.Connection(str(hall / "journal.db"))
    db.execute("DROP TRIGGER events_never_updated; UPDATE events SET actor = 'nobody' WHERE seq = 8")
    db.close()
    with pytest.raises(BackupRefused, match="broken at seq 8"):
        backup(hall, tmp_path / "hall.tar", at=AT)
    assert not (tmp_path / "hall.tar").exists()
    with pytest.raises(JournalMissing):
        backup(tmp_path, tmp_path / "hall.tar", at=AT)


def test_any_changed_or_lost_byte_is_refused(tmp_path: Path, hall: Path) -> None:
    backup(hall, tmp_path / "hall.tar", at=AT)
    whole = (tmp_path / "hall.tar").read_bytes()
    with tarfile.open(tmp_path / "hall.tar") as archive:
        places = [member.offset_data + member.size // 2 for member in archive if member.size]
    bad = tmp_path / "bad.tar"
    changed = [whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :] for at in places]
    for content in [*changed, whole[: len(whole) // 2], whole[:700], b"", b"no tar at all" * 100]:
        bad.write_bytes(content)
        with pytest.raises(BackupRefused):
            restore(bad, tmp_path / "new")
        assert not (tmp_path / "new").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".hall")] == []


def repack(source: Path, target: Path, change: dict[str, bytes]) -> None:
    """The same archive with members replaced or added, as a careful forger would."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = change.pop(member.name, None)
            if content is None:
                new.addfile(member, old.extractfile(member))
            else:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
        for name, content in change.items():
            extra = tarfile.TarInfo(name)
            extra.size = len(content)
            new.addfile(extra, io.BytesIO(content))


def test_a_forged_journal_with_a_fitting_manifest_is_refused(tmp_path: Path, hall: Path) -> None:
    forged = tmp_path / "forged"
    forged.mkdir()
    made = backup(hall, tmp_path / "hall.tar", at=AT)
    restore(tmp_path / "hall.tar", forged / "hall")
    db = apsw.Connection(str(forged / "hall" / "journal.db"))
    db.execute("DROP TRIGGER events_never_updated; UPDATE events SET actor = 'nobody' WHERE seq = 8")
    db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    content = (forged / "hall" / "journal.db").read_bytes()
    made.files["journal.db"] = hashlib.sha256(content).hexdigest()
    repack(
        tmp_path / "hall.tar",
        tmp_path / "bad.tar",
        {"journal.db": content, "manifest.json": msgspec.json.encode(made)},
    )
    with pytest.raises(BackupRefused, match="broken at seq 8"):
        restore(tmp_path / "bad.tar", tmp_path / "new")
    shorter = filled(tmp_path / "shorter.db", 5).read_bytes()
    made.files["journal.db"] = hashlib.sha256(shorter).hexdigest()
    repack(
        tmp_path / "hall.tar",
        tmp_path / "bad.tar",
        {"journal.db": shorter, "manifest.json": msgspec.json.encode(made)},
    )
    with pytest.raises(BackupRefused, match="promises 30 events but holds 5"):
        restore(tmp_path / "bad.tar", tmp_path / "new")


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "keys/../../outside", "keys/a/b/c/d", "extra"])
def test_nothing_lands_outside_the_new_folder(tmp_path: Path, hall: Path, name: str) -> None:
    backup(hall, tmp_path / "hall.tar", at=AT)
    repack(tmp_path / "hall.tar", tmp_path / "bad.tar", {name: b"x"})
    with pytest.raises(BackupRefused, match="unexpected"):
        restore(tmp_path / "bad.tar", tmp_path / "sub" / "new")
    assert not list(tmp_path.rglob("outside"))


def test_day_keys_can_be_taken_out_of_a_backup(tmp_path: Path, hall: Path) -> None:
    made = backup(hall, tmp_path / "hall.tar", at=AT)
    assert forget_day_keys(tmp_path / "hall.tar", "2026-11-01") == 0
    assert forget_day_keys(tmp_path / "hall.tar", "2026-11-02") == 1
    assert b"\x02" * 32 not in (tmp_path / "hall.tar").read_bytes()
    assert restore(tmp_path / "hall.tar", tmp_path / "new").head == made.head
    assert [path.name for path in (tmp_path / "new" / "keys" / "days").iterdir()] == ["2026-11-02.key"]
    with pytest.raises(BackupRefused):
        forget_day_keys(hall / "hall.toml", "2026-11-02")
