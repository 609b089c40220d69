"""Pairing, listing, revoking; and what programs say of the devices behind them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from litestar import Response, get, post, put
from litestar.datastructures import State

from hall_protocol.pictures import DeviceState
from hall_protocol.refusals import Refused
from hall_protocol.requests import manager as ask

from ...core.people import device
from ...core.stamp import instant
from ..caller import Caller
from ..device.tickets import REFUSED, answers, house_of
from ..house import House, HttpRequest


class PairingView(msgspec.Struct):
    """A pairing to be confirmed by a manager who stands before the device. `secret` is the device's alone."""

    id: str
    code: str
    secret: str
    fp: str
    expires_at: str


class ClaimView(msgspec.Struct):
    """The device's own credential, told once."""

    device: str
    token: str


class DevicesView(msgspec.Struct):
    """Every paired device and what stands behind it."""

    devices: list[DeviceState]


STATES = ("ready", "degraded", "fault", "absent", "connecting", "unknown")


def device_gauges(devices: Mapping[str, DeviceState]) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Name, help and values by labels of the gauges of devices: state, faults, since when."""
    labels = {
        key: f'device="{_escaped(key)}",name="{_escaped(d.name)}",kind="{_escaped(d.role)}",'
        f'counter="{_escaped(d.counter or "")}"'
        for key, d in devices.items()
    }
    up = {f"{{{labels[key]}}}": float(d.state == "ready") for key, d in devices.items()}
    yield "hall_device_up", "1 when ready, 0 otherwise, also when nobody knows", up
    states = {
        f'{{{labels[key]},state="{state}"}}': float(d.state == state) for key, d in devices.items() for state in STATES
    }
    yield "hall_device_state", "1 for the state a device is in; silence is unknown", states
    faults = {f'{{{labels[key]},fault="{_escaped(word)}"}}': 1.0 for key, d in devices.items() for word in d.faults}
    yield "hall_device_fault", "1 for every fault word present now (docs/devices.md)", faults
    since = {f"{{{labels[key]}}}": instant(d.since) / 1000 for key, d in devices.items() if d.since is not None}
    yield "hall_device_since_seconds", "Since when a device is in its state, Unix time", since


def _check_times(health: ask.DeviceHealth) -> None:
    """A time that is none is refused here: pictures and metrics count on it."""
    for field in ("since", "last_ok"):
        told = getattr(health, field)
        try:
            if told is not None:
                instant(told)
        except (ValueError, OverflowError):
            raise Refused("bad_request", field=field) from None


def _escaped(text: str) -> str:
    """A label's value, as the exposition format wants it."""
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def now_ms() -> int:
    """Monotonic milliseconds."""
    return round(time.monotonic() * 1000)


def key_of(request: HttpRequest) -> str:
    """The Idempotency-Key, which pairing looks after itself."""
    key = request.headers.get("idempotency-key")
    if not key:
        raise Refused("idempotency_key_missing")
    return key


@post("/pairings", responses=answers(201, PairingView, "A code to confirm"), summary="Ask to join the hall")
async def ask_pairing(request: HttpRequest, state: State, data: ask.AskPairing) -> Response[bytes]:
    """A program without a token shows the code; a manager confirms it within ten minutes."""
    house = house_of(state)
    address = request.client.host if request.client else ""
    pairing = house.pairings.ask(role=data.role, address=address, key=key_of(request), now_ms=now_ms())
    left = pairing.expires_ms - now_ms()

    from ...core.stamp import text

    view = PairingView(
        id=pairing.id,
        code=pairing.code,
        secret=pairing.secret,
        fp=house.fingerprint,
        expires_at=text(house.engine.clock.now() + left, house.engine.hall.zone),
    )
    return house.response(201, msgspec.json.encode(view))


@post(
    "/pairings/{id:str}/claim",
    status_code=200,
    responses=answers(200, ClaimView, "The device's credential"),
    summary="Claim the token",
)
async def claim(request: HttpRequest, state: State, id: str, data: ask.ClaimPairing) -> Response[bytes]:
    """202 while nobody has confirmed, then once 200; a repeat with its own key gets its answer again."""
    house = house_of(state)
    key = key_of(request)
    repeated = house.pairings.token_of(id=id, secret=data.secret, key=key)
    known = house.credentials.device_of(repeated)
    if known is not None:
        return house.response(200, msgspec.json.encode(ClaimView(device=known, token=repeated)))
    claimed = house.pairings.claim(id=id, secret=data.secret, key=key, now_ms=now_ms())
    if claimed is None:
        return house.response(202, b"{}")
    ident, token = claimed
    house.credentials.add_device(ident, token)
    house.pairings.claimed(id)
    return house.response(200, msgspec.json.encode(ClaimView(device=ident, token=token)))


@post("/pairings/confirm", status_code=204, responses=REFUSED, summary="Confirm a pairing code")
async def confirm(request: HttpRequest, state: State, data: ask.ConfirmPairing) -> Response[None]:
    """The manager read the code on the device's own screen."""
    house = house_of(state)
    await confirmed(
        house, house.caller(request), code=data.code, name=data.name, counter=data.counter, key=key_of(request)
    )
    return house.response(204, b"")


async def confirmed(house: House, caller: Caller, *, code: str, name: str, counter: str | None, key: str) -> None:
    """The device with this code joins; the same account's same key again changes nothing. Raises `Refused`."""
    account = caller.account or ""
    pairing = house.pairings.find(code=code, account=account, key=key, now_ms=now_ms())
    if pairing.device is not None:
        return
    role: Any = pairing.role
    command = device.AddDevice(role=role, name=name, counter=counter)
    outcome = await house.engine.submit(command, caller.stamp(house.engine.clock.now()))
    event = outcome.events[0]
    assert isinstance(event, device.DevicePaired)
    house.pairings.confirm(pairing, device=event.device, account=account, key=key)
    house.eyes.forget_devices()


@get("/devices", responses=answers(200, DevicesView, "All devices"), summary="List the devices")
async def devices(request: HttpRequest, state: State) -> Response[bytes]:
    """State, since when, and faults; silence is `unknown`."""
    house = house_of(state)
    return await house.shown(lambda hall: DevicesView(devices=list(house.eyes.devices(hall).values())))


@post("/devices/{id:str}/revoke", status_code=204, responses=REFUSED, summary="Revoke a device")
async def revoke(request: HttpRequest, state: State, id: str) -> Response[None]:
    """Its token never works again and its live pictures end; nobody else notices."""
    return await forgotten(request, house_of(state), id)


async def forgotten(request: HttpRequest, house: House, id: str, *, key: str | None = None) -> Response[None]:
    """Revokes a device once and forgets its token."""
    answer = await house.act(request, device.RevokeDevice(device=id), None, status=204, key=key)
    house.credentials.forget_device(id)
    house.eyes.forget_devices()
    return answer


@put("/devices/current/health", status_code=204, responses=REFUSED, summary="Say how the devices behind a program feel")
async def health(request: HttpRequest, state: State, data: list[ask.DeviceHealth]) -> Response[None]:
    """Replaces what this program said before. Not journaled."""
    for one in data:
        _check_times(one)
    house = house_of(state)
    caller = house.caller(request)
    house.eyes.reported(caller.device or "", data)
    return house.response(204, b"")
