"""The last page of a screen on disk: shown, marked stale, when the program starts before the hall is heard."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import structlog

from display_wall.moment import when
from hall_protocol.pictures.wall import WallPicture

FORMAT = 1
EVERY_S = 10.0
"""Pages are written at most so often: the newest matters, not every one."""
log = structlog.get_logger("memory")


class Page(msgspec.Struct, kw_only=True):
    """What is kept."""

    format: int = FORMAT
    truth: str
    """Hall time of the last word heard, RFC 3339."""
    machine: str = ""
    """This machine's own time at the same instant: its clock may be wrong, a demo hall's is another one."""
    heard_to: int
    """The newest call already said."""
    picture: WallPicture

    @property
    def at(self) -> datetime | None:
        """`truth` as a time."""
        return when(self.truth)

    @property
    def ahead(self) -> timedelta:
        """How far the hall's clock was ahead of this machine's."""
        machine, hall = when(self.machine), self.at
        return hall - machine if hall and machine else timedelta()


class Memory:
    """One screen's file. The disk failing is logged once and never stops a wall."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._written_s = float("-inf")
        self._failed = False

    def load(self) -> Page | None:
        """The last page; None when there is none, or it is damaged or of another version."""
        try:
            page = msgspec.json.decode(self.file.read_bytes(), type=Page)
        except (OSError, msgspec.MsgspecError) as error:
            if not isinstance(error, FileNotFoundError):
                log.warning("last page not readable", file=str(self.file), error=str(error))
            return None
        return page if page.format == FORMAT else None

    def keep(
        self,
        picture: WallPicture,
        *,
        truth: datetime,
        heard_to: int,
        now_s: float,
        machine: datetime | None = None,
        force: bool = False,
    ) -> None:
        """Writes the page whole or not at all; sooner than `EVERY_S` after the last one only when forced."""
        if now_s - self._written_s < EVERY_S and not force:
            return
        self._written_s = now_s
        page = Page(
            truth=truth.isoformat(timespec="milliseconds"),
            machine=machine.isoformat(timespec="milliseconds") if machine else "",
            heard_to=heard_to,
            picture=picture,
        )
        try:
            self._write(msgspec.json.encode(page))
        except OSError as error:
            if not self._failed:
                log.warning("last page not kept", file=str(self.file), error=str(error))
            self._failed = True

    def _write(self, data: bytes) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.file.parent, prefix=f".{self.file.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.replace(temporary, self.file)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
