"""One file that holds a hall, made while the server runs, and a hall made from it again (reliability.md R10).

A tar archive (0600): `manifest.json`, `journal.db`, `personal.db`, `hall.toml`, `keys/…`. The databases are copied by
SQLite's online backup in one step, so writers go on. The journal's chain is verified before a backup counts as made
and again before one is restored.
"""

import hashlib
import io
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import apsw
import msgspec

from hall_server.files import private_folder, replacing, sync_folder
from hall_server.journal.store import JournalMissing
from hall_server.journal.verify import Verified, verify

FORMAT: Final = 1
JOURNAL, PERSONAL, SETTINGS, KEYS, MANIFEST = "journal.db", "personal.db", "hall.toml", "keys", "manifest.json"
BULLETINS = "bulletins"
"""Months as they were published: the journal has only their fingerprints."""
_DAY_KEY = re.compile(r"keys/days/(\d{4}-\d{2}-\d{2})[^/]*")
_NAME = re.compile(
    r"(journal\.db|personal\.db|hall\.toml|keys(/[A-Za-z0-9_-][A-Za-z0-9_.-]*){1,3}"
    r"|bulletins/\d{4}-\d{2}\.json)"
)
_MANIFEST_MAX: Final = 4 << 20
_BLOCK: Final = 1 << 20


class BackupRefused(Exception):
    """The backup is not whole, was changed, or has no place to go; nothing was written."""


class Manifest(msgspec.Struct):
    """What the archive says of itself."""

    format: int
    at: str
    events: int
    head: str
    files: dict[str, str]
    """Name in the archive → SHA-256 in hexadecimal digits."""


def backup(data: Path, to: Path, *, at: str) -> Manifest:
    """Write the hall in `data` to the file `to`; on stable storage when it returns.

    `at` is the present instant, for the manifest.
    Raises `JournalMissing`, `BackupRefused` (the journal is damaged), `OSError`.
    """
    if not (data / JOURNAL).is_file():
        raise JournalMissing(data / JOURNAL)
    with _working_folder(to.parent) as copy:
        # The journal first: whatever it speaks of is then in the later copies too. Keys last: no row without its key.
        _copy_database(data / JOURNAL, copy / JOURNAL)
        checked = _verified(copy / JOURNAL)
        if (data / PERSONAL).is_file():
            _copy_database(data / PERSONAL, copy / PERSONAL)
        _copy_files(data, copy)
        manifest = Manifest(FORMAT, at, checked.events, checked.head, {})
        names = [path.relative_to(copy).as_posix() for path in sorted(copy.rglob("*")) if path.is_file()]
        manifest.files = {name: _sha256(copy / name) for name in names}
        with replacing(to) as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            _add_bytes(archive, MANIFEST, msgspec.json.encode(manifest))
            for name in names:
                archive.add(copy / name, arcname=name, recursive=False, filter=_anonymous)
    return manifest


def restore(from_file: Path, data: Path) -> Manifest:
    """Make the hall in `from_file` again in `data`, which must be missing or empty.

    Everything is unpacked beside it, checked, synced and only then renamed. Raises `BackupRefused`, `OSError`.
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise BackupRefused(f"{data} is not empty: a restore never overwrites a hall")
    data.parent.mkdir(parents=True, exist_ok=True)
    with _working_folder(data.parent) as folder:
        manifest = _unpack(from_file, folder)
        _check(folder, manifest)
        _sync_tree(folder)
        if data.exists():
            data.rmdir()
        os.rename(folder, data)
        sync_folder(data.parent)
    return manifest


def forget_day_keys(backup_file: Path, before_day: str) -> int:
    """Take the keys of days before `YYYY-MM-DD` out of a backup, so that its personal rows of those days can never be
    read again. Returns how many went. The journal inside is left as it is. Raises `BackupRefused`, `OSError`."""
    try:
        with tarfile.open(backup_file, mode="r:") as old:
            manifest = _read_manifest(old)
            gone = {name for name in manifest.files if _is_key_before(name, before_day)}
            if not gone:
                return 0
            manifest.files = {name: digest for name, digest in manifest.files.items() if name not in gone}
            with replacing(backup_file) as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as new:
                _add_bytes(new, MANIFEST, msgspec.json.encode(manifest))
                for member in old:
                    if member.name != MANIFEST and member.name not in gone:
                        new.addfile(member, old.extractfile(member))
    except tarfile.TarError as error:
        raise BackupRefused(f"{backup_file} is not a whole backup ({error})") from error
    return len(gone)


def _is_key_before(name: str, before_day: str) -> bool:
    found = _DAY_KEY.fullmatch(name)
    return found is not None and found[1] < before_day


@contextmanager
def _working_folder(parent: Path) -> Iterator[Path]:
    """A folder (0700) on the same disk, gone afterwards unless it was renamed."""
    folder = Path(tempfile.mkdtemp(prefix=".hall-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's online backup in one step: a single read of the source that no writer waits for."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    reading = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READONLY)
    writing = apsw.Connection(str(target), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        reading.set_busy_timeout(10_000)
        with writing.backup("main", reading, "main") as step:
            step.step(-1)
        # One plain file, without a log beside it.
        writing.execute("PRAGMA journal_mode = DELETE").fetchall()
    finally:
        writing.close()
        reading.close()


def _copy_files(data: Path, copy: Path) -> None:
    if (data / SETTINGS).is_file():
        _copy_private(data / SETTINGS, copy / SETTINGS)
    for path in sorted([*(data / KEYS).rglob("*"), *(data / BULLETINS).glob("*")]):
        name = path.relative_to(data).as_posix()
        if path.is_file() and _NAME.fullmatch(name):
            private_folder((copy / name).parent)
            _copy_private(path, copy / name)


def _copy_private(source: Path, target: Path) -> None:
    with open(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(source.read_bytes())


def _verified(journal: Path) -> Verified:
    checked = verify(journal)
    if not checked.ok:
        raise BackupRefused(f"the journal is {checked.line}")
    return checked


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """No user names of this machine in the archive."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _read_manifest(archive: tarfile.TarFile) -> Manifest:
    first = archive.next()
    content = archive.extractfile(first) if first is not None and first.name == MANIFEST and first.isreg() else None
    if first is None or content is None or first.size > _MANIFEST_MAX:
        raise BackupRefused("this is not a backup: it does not begin with its manifest")
    try:
        manifest = msgspec.json.decode(content.read(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise BackupRefused(f"the backup's manifest is not readable ({error})") from error
    if manifest.format > FORMAT:
        raise BackupRefused("the backup was made by a newer program")
    return manifest


def _unpack(from_file: Path, folder: Path) -> Manifest:
    """Only plain files with names the manifest knows; nothing can land outside the folder."""
    try:
        with tarfile.open(from_file, mode="r:") as archive:
            manifest = _read_manifest(archive)
            for member in archive:
                if member.name == MANIFEST:
                    continue
                if member.name not in manifest.files or not member.isreg() or not _NAME.fullmatch(member.name):
                    raise BackupRefused(f"the backup holds something unexpected: {member.name!r}")
                _unpack_one(archive, member, folder / member.name)
    except (tarfile.TarError, FileExistsError) as error:
        raise BackupRefused(f"{from_file} is not a whole backup ({error})") from error
    return manifest


def _unpack_one(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    private_folder(target.parent)
    content = archive.extractfile(member)
    assert content is not None, "a regular member has content"
    with open(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, _BLOCK)


def _check(folder: Path, manifest: Manifest) -> None:
    for name, digest in manifest.files.items():
        if not (folder / name).is_file():
            raise BackupRefused(f"{name} is missing from the backup")
        if _sha256(folder / name) != digest:
            raise BackupRefused(f"{name} was changed in the backup")
    if not (folder / JOURNAL).is_file():
        raise BackupRefused("the backup holds no journal")
    checked = _verified(folder / JOURNAL)
    if (checked.events, checked.head) != (manifest.events, manifest.head):
        raise BackupRefused(f"the backup promises {manifest.events} events but holds {checked.events}, or other ones")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_tree(folder: Path) -> None:
    """Everything below the folder, and the folder, on stable storage; folders 0700."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.chmod(0o700)
            sync_folder(path)
        else:
            with path.open("r+b") as file:
                os.fsync(file.fileno())
    folder.chmod(0o700)
    sync_folder(folder)
