"""What the server looks at itself for alarms: room on the disk, age of the newest backup."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Final

MEGABYTE: Final = 1024 * 1024
HOUR_S: Final = 3600
DISK_LOW_MB: Final = 512
"""Warned of on the list where the settings say nothing (reliability.md R4)."""


def disk_is_low(data: Path, *, least_mb: int | None) -> bool:
    """Whether less than `least_mb` is free where the hall is kept. Raises `OSError`."""
    return shutil.disk_usage(data).free < (least_mb or DISK_LOW_MB) * MEGABYTE


def backup_is_old(data: Path, *, most_h: int | None, now_s: float | None = None) -> bool:
    """Whether the newest file in `backups/` is older than so many hours of wall time, or there is none."""
    if most_h is None:
        return False
    try:
        made = max((one.stat().st_mtime for one in (data / "backups").iterdir() if one.is_file()), default=0.0)
    except OSError:
        made = 0.0
    return (time.time() if now_s is None else now_s) - made > most_h * HOUR_S
