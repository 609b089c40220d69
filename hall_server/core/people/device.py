"""Devices: the programs of the hall, each with a credential of its own (reliability.md S2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp
from .session import ending

if TYPE_CHECKING:
    from ..hall import Hall

DeviceRole = Literal["kiosk", "counter", "keypad", "wall", "integrator"]


class Device(msgspec.Struct):
    """A paired program. Its token is known to `trust` alone, by hash."""

    id: str
    role: str
    name: str
    counter: str | None = None
    paired: int = 0
    revoked: bool = False


class AddDevice(Command, frozen=True, kw_only=True):
    """A program joins the hall."""

    role: DeviceRole
    name: str
    counter: str | None = None


class RevokeDevice(Command, frozen=True, kw_only=True):
    """A program leaves for ever; what its counter's clerk had open ends with it."""

    device: str


class DevicePaired(Event, frozen=True, kw_only=True):
    """May connect with its own token."""

    device: str
    role: str
    name: str
    counter: str | None = None


class DeviceRevoked(Event, frozen=True, kw_only=True):
    """Its token never works again."""

    device: str
    role: str
    name: str


@decides(AddDevice)
def add_device(hall: Hall, c: AddDevice, stamp: Stamp) -> list[Event]:
    if hall.device_named(c.name) is not None:
        raise Refused("name_taken", name=c.name)
    if c.role in ("counter", "keypad"):
        if c.counter is None:
            raise Refused("bad_request", field="counter")
        if c.counter not in hall.counters:
            raise Refused("unknown_counter")
    return [DevicePaired(device=f"D{hall.seq + 1}", role=c.role, name=c.name, counter=c.counter)]


@decides(RevokeDevice)
def revoke_device(hall: Hall, c: RevokeDevice, stamp: Stamp) -> list[Event]:
    device = hall.devices.get(c.device)
    if device is None:
        raise Refused("unknown_device")
    if device.revoked:
        return []
    events: list[Event] = [DeviceRevoked(device=device.id, role=device.role, name=device.name)]
    for session in hall.sessions.values():
        if session.device == device.id:
            events.extend(ending(hall, session, reason="device_revoked"))
    return events


@evolves(DevicePaired)
def device_paired(hall: Hall, e: DevicePaired, at: int, seq: int) -> None:
    hall.devices[e.device] = Device(id=e.device, role=e.role, name=e.name, counter=e.counter, paired=at)


@evolves(DeviceRevoked)
def device_revoked(hall: Hall, e: DeviceRevoked, at: int, seq: int) -> None:
    hall.devices[e.device].revoked = True
