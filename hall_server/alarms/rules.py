"""Which of the things on the managers' list are told outside: thresholds of the settings against the list. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from hall_protocol.pictures.wall import Alert

from ..core.places.settings import Alarms
from ..core.stamp import instant

MINUTE_MS = 60_000
GONE = "device_absent"
DISK = ("server/disk_low", "server/storage")
BACKUP = "server/backup_old"


def to_tell(alerts: Iterable[Alert], rules: Alarms, *, now: int) -> list[Alert]:
    """Those a rule speaks of, in the order of the list. `now` is hall time in milliseconds."""
    return [one for one in alerts if speaks_of(one, rules, now=now)]


def speaks_of(one: Alert, rules: Alarms, *, now: int) -> bool:
    """Whether a rule is set that this entry meets."""
    if one.code == "long_wait":
        return rules.wait_min is not None
    if one.code == "queue_long":
        return rules.queue is not None
    if one.code == GONE and one.id.startswith("device/"):
        return rules.device_gone_min is not None and _older(one, rules.device_gone_min, now=now)
    if one.id.startswith("card/"):
        return rules.card is not None and (one.level == "red" or rules.card == "yellow")
    if one.id in DISK:
        return rules.disk_mb is not None
    return one.id == BACKUP and rules.backup_age_h is not None


def _older(one: Alert, minutes: int, *, now: int) -> bool:
    return bool(one.since) and now - instant(one.since) >= minutes * MINUTE_MS
