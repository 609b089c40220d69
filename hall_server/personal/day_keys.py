"""One key a hall-day, in `keys/days/`. Destroying a key is what makes the data of its day unreadable for good."""

import os
import re
import secrets
import threading
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from hall_server.files import create_private, private_folder, sync_folder

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.key")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
KEY_BYTES = 32


class DayKeys:
    """The keys of the days that still have any. Safe from every thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = private_folder(folder)
        self._known: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def existing(self, day: str) -> bytes | None:
        """The key of this day, None when it has none or no longer has one."""
        with self._lock:
            return self._read(day)

    def for_writing(self, day: str) -> bytes:
        """The key of this day, made and synced now if it is the first use. Raises `OSError`."""
        with self._lock:
            key = self._read(day)
            if key is None:
                try:
                    create_private(self._path(day), secrets.token_bytes(KEY_BYTES))
                except FileExistsError:
                    pass  # another process was first: its key counts
                key = self._read(day)
            assert key is not None, "the key was just written"
            return key

    def destroy_before(self, before_day: str) -> int:
        """Overwrite and remove every key of a day before `YYYY-MM-DD`; returns how many."""
        with self._lock:
            old = [path for path in self._folder.iterdir() if _is_before(path.name, before_day)]
            for path in old:
                _overwrite(path)
                path.unlink()
            if old:
                sync_folder(self._folder)
            self._known = {day: key for day, key in self._known.items() if day >= before_day}
            return len(old)

    def _path(self, day: str) -> Path:
        if not _DAY.fullmatch(day):
            raise ValueError(f"not a hall-day: {day!r}")
        return self._folder / f"{day}.key"

    def _read(self, day: str) -> bytes | None:
        key = self._known.get(day)
        if key is None and (path := self._path(day)).exists():
            key = self._known[day] = path.read_bytes()
        return key


def derived(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose from a day's key (HKDF-Expand, RFC 5869), so that no key does two jobs."""
    return HKDFExpand(algorithm=hashes.SHA256(), length=KEY_BYTES, info=purpose).derive(key)


def _is_before(name: str, day: str) -> bool:
    found = _NAME.fullmatch(name)
    return found is not None and found[1] < day


def _overwrite(path: Path) -> None:
    # On flash the old cells may live on for a while; it costs nothing and helps on disks.
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
