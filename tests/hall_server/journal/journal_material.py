"""Rows, answers and a disk that fails on demand, for the tests of the journal."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from hall_server.journal.rows import Answer, Batch, NewRow
from hall_server.journal.store import Journal

LIMIT_S = 20
DATABASE, LOG = "", "-wal"
"""Suffixes behind `.db`."""


def new_row(n: int, type: str = "ticket_issued", padding: int = 0) -> NewRow:
    data = b'{"ticket":"T%d","number":"A%03d","note":"\xe5\x8f\xb7%s"}' % (n, n, b"x" * padding)
    return NewRow(at="2026-11-02T09:00:00.000+08:00", type=type, data=data, actor="device:K1")


def answer(key: str, day: str = "2026-11-02", scope: str = "K1 POST /tickets") -> Answer:
    return Answer(scope=scope, key=key, fingerprint=b"f" * 32, status=201, body=b'{"id":"T1"}', day=day)


def commit(journal: Journal, rows: list[NewRow], answers: list[Answer] | None = None) -> Exception | None:
    """Submit one batch and wait for its outcome."""
    told = threading.Event()
    outcome: list[Exception | None] = []

    def done(_batch: Batch, error: Exception | None) -> None:
        outcome.append(error)
        told.set()

    journal.submit(Batch(rows=rows, answers=answers or []), done)
    assert told.wait(LIMIT_S)
    return outcome[0]


def filled(path: Path, count: int) -> Path:
    """A closed journal of `count` rows."""
    journal = Journal.create(path)
    assert commit(journal, [new_row(n) for n in range(1, count + 1)]) is None
    journal.close()
    return path


class Disk(apsw.VFS):
    """SQLite's own file layer with switches for failures and a record of what was written and synced."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "unix")
        self.name = name
        self.syncs_fail = False
        self.every_sync_fails = 0
        """When n, the n-th sync fails, and every n-th after it, whichever file it is about."""
        self.syncs = 0
        self.full_files: set[str] = set()
        """Suffixes of the files that nothing more can be written to."""
        self.record: list[tuple[str, str, int, bytes]] = []
        """(`write`, `sync`, `cut` or `ack`; file's suffix; offset, size or seq; bytes), in order."""

    def xOpen(self, name: apsw.URIFilename | str | None, flags: list[int]) -> apsw.VFSFile:
        return _File(self, name, flags)

    def xDelete(self, name: str, sync_folder: bool) -> None:
        self.record.append(("cut", _suffix(name), 0, b""))
        super().xDelete(name, sync_folder)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: apsw.URIFilename | str | None, flags: list[int]) -> None:
        self._disk = disk
        self._suffix = _suffix(name.filename() if isinstance(name, apsw.URIFilename) else name or "temporary")
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._suffix in self._disk.full_files:
            raise apsw.FullError("no space left on device")
        self._disk.record.append(("write", self._suffix, offset, bytes(data)))
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self._disk.syncs += 1
        nth = self._disk.every_sync_fails
        if self._disk.syncs_fail or (nth and self._disk.syncs % nth == 0):
            raise apsw.IOError("fsync failed")
        super().xSync(flags)
        self._disk.record.append(("sync", self._suffix, 0, b""))

    def xTruncate(self, size: int) -> None:
        self._disk.record.append(("cut", self._suffix, size, b""))
        super().xTruncate(size)


def _suffix(name: str) -> str:
    return name.rsplit(".db", 1)[-1]


@contextmanager
def failing_disk(name: str) -> Iterator[Disk]:
    disk = Disk(name)
    yield disk
    disk.unregister()


def after_power_loss(record: list[tuple[str, str, int, bytes]], rng: random.Random) -> dict[str, bytes]:
    """What a disk that keeps only synced data may hold: unsynced writes arrive or not, some of them torn.

    Writes reach the disk in any order between two syncs (reliability.md 3.2).
    """
    durable: dict[str, bytearray] = {}
    unsynced: dict[str, list[tuple[str, int, bytes]]] = {}
    for what, file, place, data in record:
        if what == "sync":
            for step in unsynced.pop(file, []):
                _apply(durable.setdefault(file, bytearray()), *step)
        elif what != "ack":
            unsynced.setdefault(file, []).append((what, place, data))
    for file, steps in unsynced.items():
        for what, place, data in steps:
            if rng.random() < 0.5:
                torn = rng.random() < 0.3 and len(data) > 512
                kept = data[: 512 * rng.randrange(1, len(data) // 512 + 1)] if torn else data
                _apply(durable.setdefault(file, bytearray()), what, place, kept)
    return {file: bytes(content) for file, content in durable.items()}


def _apply(content: bytearray, what: str, place: int, data: bytes) -> None:
    if what == "cut":
        del content[place:]
        return
    if len(content) < place:
        content.extend(bytes(place - len(content)))
    content[place : place + len(data)] = data
