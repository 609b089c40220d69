"""One writer across processes: the lock file of a data folder.

Whoever holds it may write the journal; everybody else asks the holder or waits. The operating system lets go of it when
the process ends, however it ends, so a lock file that is merely lying there means nothing.
"""

import json
import os
import sys
from pathlib import Path
from types import TracebackType

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_FILE = "writer.lock"
_BYTE = 1 << 30
"""On Windows a locked byte cannot be read: lock one far behind the text."""


class LockHeld(Exception):
    """Another process writes this data folder; `holder` says which."""

    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__(f"{folder} is in use by {holder}")
        self.holder = holder


class WriterLock:
    """`with WriterLock(folder, program="hall-server run"): …`; raises `LockHeld` at once, never waits."""

    def __init__(self, folder: Path, *, program: str) -> None:
        self._path = folder / LOCK_FILE
        self._program = program
        self._descriptor: int | None = None

    def acquire(self) -> None:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise LockHeld(self._path.parent, holder(self._path.parent)) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps({"pid": os.getpid(), "program": self._program}).encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go. The file stays: removing it would let two processes lock two files of one name."""
        if self._descriptor is None:
            return
        os.ftruncate(self._descriptor, 0)
        _unlock(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = None

    def __enter__(self) -> "WriterLock":
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def holder(folder: Path) -> str:
    """Who says that it holds the lock: for messages only."""
    try:
        told = json.loads((folder / LOCK_FILE).read_bytes())
        return f"{told['program']} (process {told['pid']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
