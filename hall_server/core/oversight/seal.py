"""Approval seals (行政审批专用章) and who keeps each. Every use is part of the decision (domain.md A5c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp

if TYPE_CHECKING:
    from ..hall import Hall


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """One seal and its keeper's staff number."""

    seal: str
    holder: str
    department: str


class RegisterSeal(Command, frozen=True, kw_only=True):
    """A seal is entered, or has another keeper from now on."""

    seal: Seal


class SealRegistered(Event, frozen=True, kw_only=True):
    """The seal is kept by this holder."""

    seal: str
    holder: str
    department: str


@decides(RegisterSeal)
def register(hall: Hall, c: RegisterSeal, stamp: Stamp) -> list[Event]:
    if c.seal.holder not in hall.clerks:
        raise Refused("unknown_clerk")
    if c.seal.department not in hall.departments:
        raise Refused("unknown_department")
    known = hall.seals.get(c.seal.seal)
    if known is not None and known.department != c.seal.department:
        raise Refused("name_taken", name=c.seal.seal)
    return [] if known == c.seal else [registered_event(c.seal)]


def registered_event(seal: Seal) -> SealRegistered:
    """The event that enters it."""
    return SealRegistered(seal=seal.seal, holder=seal.holder, department=seal.department)


@evolves(SealRegistered)
def registered(hall: Hall, e: SealRegistered, at: int, seq: int) -> None:
    hall.seals[e.seal] = Seal(seal=e.seal, holder=e.holder, department=e.department)


def seal_may_be_used(hall: Hall, *, seal: str, department: str) -> bool:
    """Whether the seal is one of this department's."""
    known = hall.seals.get(seal)
    return known is not None and known.department == department
