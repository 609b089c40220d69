"""A disk that fails, a process that is killed, a power cut: nothing acknowledged is lost, nothing false is said.

reliability.md R1, R4, I1, I11; recipes 3.1 to 3.4.
"""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from journal_material import DATABASE, LIMIT_S, LOG, Disk, after_power_loss, answer, commit, failing_disk, new_row

from hall_server.journal import schema
from hall_server.journal.rows import Batch
from hall_server.journal.store import Journal, StorageFailed
from hall_server.journal.verify import verify


@pytest.fixture
def disk(request: pytest.FixtureRequest) -> Iterator[Disk]:
    with failing_disk(f"disk-{request.node.name}") as made:
        yield made


def test_a_failed_sync_refuses_the_batch_and_all_behind_it_until_recovery(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "journal.db", vfs=disk.name)
    assert commit(journal, [new_row(1), new_row(2)], [answer("k1")]) is None
    head = journal.head
    disk.syncs_fail = True
    assert isinstance(commit(journal, [new_row(3)], [answer("k2")]), StorageFailed)
    with pytest.raises(StorageFailed):
        journal.recover()
    disk.syncs_fail = False
    assert isinstance(commit(journal, [new_row(4)], [answer("k3")]), StorageFailed), "refused until recover()"
    assert journal.head == head
    assert [row.seq for row in journal.read(0, 10)] == [1, 2], "reading goes on"

    journal.recover()
    assert journal.head == head
    assert journal.failure is None
    assert journal.find_answer("K1 POST /tickets", "k2") is None
    assert commit(journal, [new_row(5)], [answer("k2")]) is None
    assert [(row.seq, row.data) for row in journal.read(2, 10)] == [(3, new_row(5).data)]
    journal.close()
    assert verify(tmp_path / "journal.db").events == 3


def test_batches_queued_before_the_failure_was_known_fail_in_order(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "journal.db", vfs=disk.name)
    told: list[tuple[object, bool]] = []
    go = threading.Event()
    # The first batch holds the writer's thread until all the others are queued.
    journal.submit(Batch(rows=[new_row(0)], answers=[]), lambda _batch, _error: go.wait(LIMIT_S))
    disk.syncs_fail = True
    for token in range(30):
        batch = Batch(rows=[new_row(token)] * 100, answers=[], token=token)
        journal.submit(batch, lambda batch, error: told.append((batch.token, error is None)))
    # The first is committed or not, as the race goes; the disk works again before any recovery is asked for.
    go.set()
    assert isinstance(commit(journal, [new_row(31)]), StorageFailed)
    disk.syncs_fail = False
    journal.recover()
    assert told == [(token, False) for token in range(30)]
    assert commit(journal, [new_row(32)]) is None
    journal.close()
    assert verify(tmp_path / "journal.db").ok


def test_a_full_disk_loses_nothing_and_heals_by_itself(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "journal.db", vfs=disk.name)
    acknowledged = 0
    for round_no in range(6):
        disk.full_files = {DATABASE, LOG} if round_no % 2 else set()
        if round_no and not disk.full_files:
            journal.recover()
        for n in range(5):
            acknowledged += commit(journal, [new_row(n, padding=3000)]) is None
        assert journal.head_seq == acknowledged
    assert acknowledged == 15
    journal.close()
    assert verify(tmp_path / "journal.db").events == 15


def test_a_real_limit_on_the_files_size_is_survived(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "journal.db")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    acknowledged = 0
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
        while (refusal := commit(journal, [new_row(acknowledged, padding=8000)])) is None:
            acknowledged += 1
        again = commit(journal, [new_row(0)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert isinstance(refusal, StorageFailed)
    assert again is refusal
    assert acknowledged > 10
    journal.recover()
    assert journal.head_seq == acknowledged
    assert commit(journal, [new_row(7)]) is None
    journal.close()
    assert verify(tmp_path / "journal.db").events == acknowledged + 1


def test_a_checkpoint_that_fails_costs_no_row(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("hall_server.journal.writer.WAL_PAGES_MAX", 0)  # a checkpoint after every commit
    journal = Journal.create(tmp_path / "journal.db", vfs=disk.name)
    disk.full_files = {DATABASE}
    for n in range(5):
        assert commit(journal, [new_row(n, padding=9000)]) is None
    journal.forget_answers("2026-01-01")  # behind the last checkpoint
    assert "checkpoint put off" in caplog.text
    assert [row.seq for row in journal.read(0, 9)] == [1, 2, 3, 4, 5]
    disk.full_files = set()
    assert commit(journal, [new_row(6)]) is None
    journal.forget_answers("2026-01-01")
    assert (tmp_path / "journal.db").stat().st_size > 5 * 9000
    journal.close()
    assert verify(tmp_path / "journal.db").events == 6


WRITER = """
    import os, sys, threading
    sys.path[:0] = {paths!r}
    from journal_material import answer, new_row
    from hall_server.journal.rows import Batch
    from hall_server.journal.store import Journal
    journal = Journal.open({path!r})
    room = threading.Semaphore(64)
    def done(batch, error):
        if error is None:
            os.write(1, b"%d %d\\n" % (batch.first_seq + len(batch.rows) - 1, batch.token))
        room.release()
    n = {start}
    while True:
        room.acquire()
        n += 1
        journal.submit(Batch([new_row(n)] * (n % 4 + 1), [answer("k%d" % n)], n), done)
"""


def test_a_writer_killed_at_any_moment_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    Journal.create(path).close()
    rng = random.Random(11)
    start = acknowledged = 0
    for _ in range(6):
        script = textwrap.dedent(WRITER).format(paths=sys.path, path=str(path), start=start)
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(rng.randrange(1, 400))]
        child.kill()
        told += child.stdout.read().splitlines(keepends=True)
        child.wait()
        child.stdout.close()
        whole = [tuple(map(int, line.split())) for line in told if line.endswith(b"\n")]
        journal = Journal.open(path, check_after=0)
        assert journal.head_seq >= whole[-1][0]
        assert [row.seq for row in journal.replay(0)] == list(range(1, journal.head_seq + 1))
        for _seq, n in whole:
            assert journal.find_answer("K1 POST /tickets", f"k{n}") is not None
        journal.close()
        acknowledged += len(whole)
        start = whole[-1][1] + 1000
    assert acknowledged > 6
    assert verify(path).ok


def cuts_that_lose(folder: Path, record: list[tuple[str, str, int, bytes]], count: int) -> int:
    """Cut the power `count` times at random; how often an acknowledged row was gone or the file unreadable."""
    rng = random.Random(5)
    first = next(i for i, entry in enumerate(record) if entry[0] == "ack")
    lost = 0
    for n in range(count):
        cut = rng.randrange(first, len(record))
        promised = max(seq for what, _, seq, _ in record[: cut + 1] if what == "ack")
        place = folder / f"cut-{n}"
        place.mkdir()
        for suffix, content in after_power_loss(record[: cut + 1], rng).items():
            if suffix in ("", "-wal"):
                (place / f"journal.db{suffix}").write_bytes(content)
        journal = Journal.open(place / "journal.db", check_after=0)
        lost += journal.head_seq < promised
        journal.close()
    return lost


def run_a_recorded_day(path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hall_server.journal.writer.WAL_PAGES_MAX", 12)
    journal = Journal.create(path, vfs=disk.name)
    for n in range(60):
        assert commit(journal, [new_row(n)] * (n % 5 + 1), [answer(f"k{n}")]) is None
        disk.record.append(("ack", "", journal.head_seq, b""))
    journal.close()


def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    run_a_recorded_day(tmp_path / "journal.db", disk, monkeypatch)
    assert cuts_that_lose(tmp_path, disk.record, 150) == 0


def test_the_power_cut_would_catch_a_journal_that_does_not_sync(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = schema.connect

    def careless(path: Path, **options: object) -> object:
        db = honest(path, **options)  # type: ignore[arg-type]
        db.execute("PRAGMA synchronous = NORMAL")
        return db

    monkeypatch.setattr(schema, "connect", careless)
    run_a_recorded_day(tmp_path / "journal.db", disk, monkeypatch)
    assert cuts_that_lose(tmp_path, disk.record, 60) > 30


@pytest.mark.skipif(not Path("/usr/bin/strace").exists(), reason="needs strace")
def test_an_input_output_error_of_the_kernel_is_never_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    Journal.create(path).close()
    script = f"""
        import json, sys
        sys.path[:0] = {sys.path!r}
        from journal_material import commit, new_row
        from hall_server.journal.store import Journal, StorageFailed
        journal = Journal.open({str(path)!r})
        good = bad = 0
        for n in range(40):
            if commit(journal, [new_row(n)]) is None:
                good += 1
                continue
            bad += 1
            for _ in range(20):
                try:
                    journal.recover()
                    break
                except StorageFailed:
                    pass
        print(json.dumps([good, bad, journal.head_seq]))
        journal.close()
    """
    faults = ["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=8..16"]
    program = [sys.executable, "-c", textwrap.dedent(script)]
    traced = subprocess.run(
        ["strace", "-f", "-q", *faults, "-o", os.devnull, *program], capture_output=True, timeout=60
    )
    if b"ptrace" in traced.stderr:
        pytest.skip("tracing is not allowed here")
    good, bad, head = json.loads(traced.stdout)
    assert bad > 0
    assert good == head == verify(path).events
