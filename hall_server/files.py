"""Files only the hall may read, written whole or not at all. For every room of the server; knows nothing of a hall."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def private_folder(folder: Path) -> Path:
    """Make `folder` (0700) if it is missing; returns it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file (0600) to write into that becomes `path` when the block ends well, and vanishes when it does not.

    Written beside it, synced, renamed, and the folder synced: after a power cut there is the old file or the new one.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_private(path: Path, data: bytes) -> None:
    """Replace `path` (0600) by `data`, on stable storage when this returns. Raises `OSError`."""
    with replacing(path) as file:
        file.write(data)


def create_private(path: Path, data: bytes) -> None:
    """Like `write_private`, but `FileExistsError` when `path` is there already: for keys, which nobody replaces."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.first")
    try:
        write_private(temporary, data)
        os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable. Windows has no such call and needs none: its renames are journalled."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
