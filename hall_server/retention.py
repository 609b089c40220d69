"""What a hall forgets and when: one call a day, on a thread of its own (domain.md 9, `personal_retention_days`)."""

import logging
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import msgspec

from .journal.backup import BackupRefused, forget_day_keys
from .journal.store import Journal
from .personal.vault import Vault

log = logging.getLogger(__name__)


class Forgotten(msgspec.Struct, frozen=True):
    """How much went."""

    persons: int
    answers: int
    keys_in_backups: int


def forget_old(
    *,
    data: Path,
    journal: Journal,
    vault: Vault,
    today: str,
    personal_days: int,
    keep: Callable[[str], bool] = lambda _: False,
) -> Forgotten:
    """End personal data older than `personal_days` and answers to keys of the days before yesterday.

    `today` is the hall-day `YYYY-MM-DD`; 0 days keep today's persons only. What `keep` says of a reference is sealed
    anew instead: whoever has an open case must be found. Backups under `backups/` lose the same keys,
    so that the purge holds there too. Doing it twice does nothing. Raises `StorageFailed`, `apsw.Error`, `OSError`.
    """
    day = date.fromisoformat(today)
    before = (day - timedelta(days=personal_days)).isoformat()
    vault.renew(keep, before_day=before, day=today)
    persons = vault.purge(before)
    keys = sum(_forget_in(path, before) for path in sorted((data / "backups").glob("*")) if path.is_file())
    # A key is honoured for its hall-day at least; a night's retry may still come on the next.
    answers = journal.forget_answers((day - timedelta(days=1)).isoformat())
    return Forgotten(persons=persons, answers=answers, keys_in_backups=keys)


def _forget_in(backup: Path, before: str) -> int:
    try:
        return forget_day_keys(backup, before)
    except BackupRefused as why:
        log.warning("keys stay in %s: %s", backup.name, why)
        return 0
