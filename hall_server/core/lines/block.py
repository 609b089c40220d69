"""Blocks: numbers a kiosk sets aside while it can, to go on issuing while the server is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..places import hours
from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, day_of
from . import numbering
from .ticket import require_quota

if TYPE_CHECKING:
    from ..hall import Hall


class Block(msgspec.Struct):
    """Numbers of one line and day that belong to one kiosk."""

    id: str
    device: str
    line: str
    day: str
    left: int


class LeaseBlock(Command, frozen=True, kw_only=True):
    """A kiosk asks for numbers."""

    line: str
    size: int


class BlockLeased(Event, frozen=True, kw_only=True):
    """These numbers are this kiosk's for the day."""

    block: str
    device: str
    line: str
    day: str
    numbers: tuple[str, ...]
    last: int
    """The line's counter after them."""


@decides(LeaseBlock)
def lease(hall: Hall, c: LeaseBlock, stamp: Stamp) -> list[Event]:
    if c.line not in hall.lines:
        raise Refused("unknown_line")
    hours.require_open(hall, line=c.line, at=stamp.at)
    day = day_of(stamp.at, hall.zone)
    require_quota(hall, line=c.line, day=day)
    numbers, last = numbering.next_numbers(hall, line=c.line, day=day, count=c.size)
    return [
        BlockLeased(
            block=f"B{hall.seq + 1}",
            device=str(stamp.device),
            line=c.line,
            day=day,
            numbers=tuple(numbers),
            last=last,
        )
    ]


@evolves(BlockLeased)
def leased(hall: Hall, e: BlockLeased, at: int, seq: int) -> None:
    hall.blocks[e.block] = Block(id=e.block, device=e.device, line=e.line, day=e.day, left=len(e.numbers))
    for number in e.numbers:
        hall.set_aside[numbering.ticket_id(day=e.day, number=number)] = e.block
    hall.last_number.setdefault(e.day, {})[e.line] = e.last
