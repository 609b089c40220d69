"""The hall's state at one row, kept so that a start need not replay the whole journal (reliability.md R8).

A snapshot is a convenience and never the truth: one that is torn, of another code version, or not of this journal is
ignored with its reason in the log, and the journal is replayed instead.
"""

import hashlib
import logging
import re
from pathlib import Path
from typing import Final

import msgspec

from hall_server.files import private_folder, replacing
from hall_server.journal.reader import Reader
from hall_server.journal.store import Journal

log = logging.getLogger(__name__)

KEPT: Final = 2
_NAME = re.compile(r"snapshot-(\d{12})\.bin")
_HEADER_MAX: Final = 4096


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    seq: int
    head: str
    code_version: str
    length: int
    sha256: str


class _Ignored(Exception):
    """Why a snapshot is not used."""


def write(folder: Path, *, seq: int, head_hash: str, payload: bytes, code_version: str, keep: int = KEPT) -> Path:
    """Keep the state after row `seq`, whose hash is `head_hash`; all but the newest `keep` are removed.

    On stable storage when it returns. Raises `OSError` (disk full), which harms nothing.
    """
    header = _Header(
        seq=seq,
        head=head_hash,
        code_version=code_version,
        length=len(payload),
        sha256=_checksum(seq, head_hash, code_version, payload),
    )
    path = private_folder(folder) / f"snapshot-{seq:012d}.bin"
    with replacing(path) as file:
        file.write(msgspec.json.encode(header) + b"\n")
        file.write(payload)
    for old in _snapshots(folder)[keep:]:
        old.unlink(missing_ok=True)
    return path


def latest(folder: Path, journal: Journal | Reader, *, code_version: str) -> tuple[int, bytes] | None:
    """(seq, payload) of the newest snapshot that is whole, of this code version and of this journal; else None."""
    for path in _snapshots(folder):
        try:
            header, payload = _read(path)
            _check(header, journal, code_version)
            return header.seq, payload
        except (_Ignored, OSError) as why:
            log.warning("snapshot %s ignored: %s", path.name, why)
    return None


def kept_after(folder: Path) -> list[int]:
    """The rows after which a state is kept, the newest first; whether it can be used `read` says."""
    return [int(found[1]) for path in _snapshots(folder) if (found := _NAME.fullmatch(path.name))]


def read(folder: Path, seq: int, journal: Journal | Reader, *, code_version: str) -> bytes | None:
    """The payload of the state kept after row `seq`, if it is whole, of this code version and of this journal."""
    path = folder / f"snapshot-{seq:012d}.bin"
    try:
        header, payload = _read(path)
        _check(header, journal, code_version)
    except (_Ignored, OSError) as why:
        log.warning("snapshot %s ignored: %s", path.name, why)
        return None
    return payload


def last_known(folder: Path) -> int:
    """The highest row a whole snapshot was taken after, whichever journal is there now; 0 without one."""
    for path in _snapshots(folder):
        try:
            return _read(path)[0].seq
        except (_Ignored, OSError):
            continue
    return 0


def _snapshots(folder: Path) -> list[Path]:
    """Newest first."""
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)


def _read(path: Path) -> tuple[_Header, bytes]:
    content = path.read_bytes()
    end = content.find(b"\n", 0, _HEADER_MAX)
    try:
        header = msgspec.json.decode(content[: max(end, 0)], type=_Header)
    except msgspec.MsgspecError as error:
        raise _Ignored(f"its header is not readable ({error})") from error
    payload = content[end + 1 :]
    if len(payload) != header.length:
        raise _Ignored("it is not complete")
    if _checksum(header.seq, header.head, header.code_version, payload) != header.sha256:
        raise _Ignored("its checksum is wrong")
    return header, payload


def _check(header: _Header, journal: Journal | Reader, code_version: str) -> None:
    if header.code_version != code_version:
        raise _Ignored(f"made by version {header.code_version}, this is {code_version}")
    known = journal.hash_at(header.seq)
    if known is None:
        raise _Ignored(f"the journal has no row {header.seq}")
    if known != header.head:
        raise _Ignored(f"the journal has another hash at row {header.seq}")


def _checksum(seq: int, head_hash: str, code_version: str, payload: bytes) -> str:
    """Covers the header too, so that neither part can be exchanged alone."""
    told = msgspec.json.encode([seq, head_hash, code_version])
    summed = hashlib.sha256(told + b"\n")
    summed.update(payload)
    return summed.hexdigest()
