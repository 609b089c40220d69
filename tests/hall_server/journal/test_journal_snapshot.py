"""A snapshot is used only when it is whole and of this journal; the lock has one holder (reliability.md R8)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from journal_material import commit, new_row

from hall_server.journal import snapshot
from hall_server.journal.lock import LockHeld, WriterLock
from hall_server.journal.store import Journal, Reader


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal.create(tmp_path / "journal.db")
    commit(made, [new_row(n) for n in range(10)])
    yield made
    made.close()


def keep(folder: Path, journal: Journal, seq: int, payload: bytes = b"state", version: str = "1") -> Path:
    head = journal.hash_at(seq) or "00" * 32
    return snapshot.write(folder, seq=seq, head_hash=head, payload=payload, code_version=version)


def test_the_newest_of_the_last_two_is_used(tmp_path: Path, journal: Journal) -> None:
    folder = tmp_path / "snapshots"
    assert snapshot.latest(folder, journal, code_version="1") is None
    for seq in (3, 6, 9):
        keep(folder, journal, seq, payload=b"\n state \x00 %d" % seq)
    assert [path.name for path in sorted(folder.iterdir())] == [
        "snapshot-000000000006.bin",
        "snapshot-000000000009.bin",
    ]
    assert snapshot.latest(folder, journal, code_version="1") == (9, b"\n state \x00 9")
    with Reader(journal.path) as reader:
        assert snapshot.latest(folder, reader, code_version="1") == (9, b"\n state \x00 9")
    assert (folder.stat().st_mode & 0o777, next(folder.iterdir()).stat().st_mode & 0o777) == (0o700, 0o600)


def test_every_single_changed_byte_makes_the_older_one_serve(tmp_path: Path, journal: Journal) -> None:
    folder = tmp_path / "snapshots"
    keep(folder, journal, 3, payload=b"older")
    path = keep(folder, journal, 9, payload=b"newer")
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert snapshot.latest(folder, journal, code_version="1") == (3, b"older"), whole[at:]
    for end in (0, 1, 50, len(whole) - 1):
        path.write_bytes(whole[:end])
        assert snapshot.latest(folder, journal, code_version="1") == (3, b"older")


@pytest.mark.parametrize(
    ("seq", "version", "why"), [(9, "2", "made by version 2"), (11, "1", "has no row 11"), (0, "1", "")]
)
def test_a_snapshot_of_something_else_is_ignored_with_its_reason(
    tmp_path: Path, journal: Journal, caplog: pytest.LogCaptureFixture, seq: int, version: str, why: str
) -> None:
    keep(tmp_path / "snapshots", journal, seq, version=version)
    assert snapshot.latest(tmp_path / "snapshots", journal, code_version="1") == ((0, b"state") if not why else None)
    assert why in caplog.text


def test_a_snapshot_of_another_hall_is_ignored(
    tmp_path: Path, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    other = Journal.create(tmp_path / "other.db")
    commit(other, [new_row(n + 100) for n in range(10)])
    keep(tmp_path / "snapshots", other, 9)
    other.close()
    assert snapshot.latest(tmp_path / "snapshots", journal, code_version="1") is None
    assert "another hash" in caplog.text


def test_the_lock_names_its_holder_and_goes_with_its_process(tmp_path: Path) -> None:
    script = f"""if True:
        import sys
        sys.path[:0] = {sys.path!r}
        from pathlib import Path
        from hall_server.journal.lock import WriterLock
        with WriterLock(Path({str(tmp_path)!r}), program="hall-server run"):
            print("held", flush=True)
            sys.stdin.read()
    """
    child = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(LockHeld, match=rf"hall-server run \(process {child.pid}\)"):
            WriterLock(tmp_path, program="hall-server clerk").acquire()
        child.kill()
        child.wait()
    with WriterLock(tmp_path, program="hall-server clerk"), pytest.raises(LockHeld, match="hall-server clerk"):
        WriterLock(tmp_path, program="hall-server run").acquire()
    with WriterLock(tmp_path, program="again"):
        pass
