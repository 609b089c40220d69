"""Freezes each month's bulletin when its time has come, also one that came while the server was down."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from .core.oversight.bulletin import FreezeBulletin, freezes_at, months_to_freeze
from .core.stamp import Stamp, text
from .engine import Engine

log = logging.getLogger(__name__)


async def freeze_what_is_due(data: Path, engine: Engine) -> list[str]:
    """The months frozen now. Counting runs on a thread of its own; the rows of a month are few beside its tickets."""
    first = engine.journal.read(0, 1)
    if not first:
        return []
    done = []
    for month in months_to_freeze(engine.hall, since=first[0].at[:7], at=engine.clock.now()):
        from .reports.indicators import FORMULAS

        frozen_at = text(freezes_at(engine.hall, month), engine.hall.zone)
        sha256 = await asyncio.to_thread(_write, data, engine, month, frozen_at)
        command = FreezeBulletin(month=month, sha256=sha256, formulas=FORMULAS)
        await engine.submit(command, Stamp(at=engine.clock.now(), actor="hall"))
        log.info("the bulletin of %s is frozen", month)
        done.append(month)
    return done


def _write(data: Path, engine: Engine, month: str, frozen_at: str) -> str:
    from .reports import bulletin  # sqlite-utils takes 14 MB, which a hall needs once a month

    return bulletin.freeze(data, engine.journal.replay(0), month=month, frozen_at=frozen_at)
