"""Every failure as one plain line: what is wrong and what to do."""

from __future__ import annotations

import logging
import sqlite3
from typing import Final

import apsw

from hall_protocol.refusals import Refused

from ..clock import BadClockVariable
from ..control import NobodyThere
from ..journal.anchor import AnchorInvalid
from ..journal.backup import BackupRefused
from ..journal.lock import LockHeld
from ..journal.schema import JournalDamaged, JournalMissing, StorageFailed
from ..office import NotPossible
from ..settings import SettingsFileBad

log = logging.getLogger(__name__)

SENTENCES: Final = {
    "name_taken": "{name} is there already; choose another name",
    "unknown_device": "there is no such device; `hall-server device list` shows them",
    "unknown_counter": "there is no such counter in this hall",
    "unknown_clerk": "there is no such clerk; `hall-server clerk list` shows them",
    "unknown_account": "there is no such account; `hall-server account list` shows them",
    "storage_unavailable": "the disk takes nothing at the moment; nothing was changed, try again",
    "idempotency_key_reused": "the same was asked with other words before",
}


class Failure(Exception):
    """A command cannot do what it was asked; the text is the plain line."""


PLAIN: Final = (
    Failure,
    NotPossible,
    SettingsFileBad,
    BadClockVariable,
    JournalMissing,
    AnchorInvalid,
    BackupRefused,
)
"""Errors whose own text is the plain line."""


def explained(error: Exception) -> str:
    """The line for a person. Its cause is in the log when it is a fault of ours."""
    return _one_line(_sentence(error))


def _sentence(error: Exception) -> str:
    if isinstance(error, PLAIN):
        return str(error)
    if isinstance(error, Refused):
        values = {"name": "that name", **error.values}
        return SENTENCES.get(error.code, f"the hall refused ({error.code})").format(**values)
    if isinstance(error, LockHeld):
        return f"{error}; stop it first, a data folder has one server"
    if isinstance(error, NobodyThere):
        return "the data folder is in use by a program that does not answer; wait for it or stop it"
    if isinstance(error, JournalDamaged):
        return f"the journal is damaged ({error}); restore a backup, `hall-server restore --help`"
    if isinstance(error, StorageFailed | apsw.Error | sqlite3.Error):
        return f"the disk or the database says no: {error}"
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    log.error("a fault of this program", exc_info=error)
    return f"a fault of this program ({type(error).__name__}: {error}); please report it with the log line above"


def _one_line(text: str) -> str:
    return " ".join(text.split())
