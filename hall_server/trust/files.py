"""Files only the hall may read, written whole or not at all."""

import os
from pathlib import Path


def private_folder(folder: Path) -> Path:
    """Make `folder` (0700) if it is missing; returns it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_private(path: Path, data: bytes) -> None:
    """Replace `path` (0600) by `data`, on stable storage when this returns.

    Written beside it, synced, renamed, and the folder synced: after a power cut there is the old file or the new one.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read_private(path: Path) -> bytes:
    """The bytes of `path`; raises `OSError`."""
    return path.read_bytes()


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable. Windows has no such call and needs none: its renames are journalled."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
