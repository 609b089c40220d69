"""Pairing, listing, revoking; and what programs say of the devices behind them."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from litestar import Response, get, post, put
from litestar.datastructures import State

from hall_protocol.pictures import DeviceState
from hall_protocol.refusals import Refused
from hall_protocol.requests import manager as ask

from ...core.people import device
from ..device.tickets import REFUSED, answers, house_of
from ..house import HttpRequest


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
    caller = house.caller(request)
    key = key_of(request)
    pairing = house.pairings.find(code=data.code, account=caller.account or "", key=key, now_ms=now_ms())
    if pairing.device is None:
        role: Any = pairing.role
        command = device.AddDevice(role=role, name=data.name, counter=data.counter)
        outcome = await house.engine.submit(command, caller.stamp(house.engine.clock.now()))
        event = outcome.events[0]
        assert isinstance(event, device.DevicePaired)
        house.pairings.confirm(pairing, device=event.device, account=caller.account or "", key=key)
        house.eyes.forget_devices()
    return house.response(204, b"")


@get("/devices", responses=answers(200, DevicesView, "All devices"), summary="List the devices")
async def devices(request: HttpRequest, state: State) -> Response[bytes]:
    """State, since when, and faults; silence is `unknown`."""
    house = house_of(state)
    return await house.shown(lambda hall: DevicesView(devices=list(house.eyes.devices(hall).values())))


@post("/devices/{id:str}/revoke", status_code=204, responses=REFUSED, summary="Revoke a device")
async def revoke(request: HttpRequest, state: State, id: str) -> Response[None]:
    """Its token never works again and its live pictures end; nobody else notices."""
    house = house_of(state)
    answer = await house.act(request, device.RevokeDevice(device=id), None, status=204)
    house.credentials.forget_device(id)
    house.eyes.forget_devices()
    return answer


@put("/devices/current/health", status_code=204, responses=REFUSED, summary="Say how the devices behind a program feel")
async def health(request: HttpRequest, state: State, data: list[ask.DeviceHealth]) -> Response[None]:
    """Replaces what this program said before. Not journaled."""
    house = house_of(state)
    caller = house.caller(request)
    house.eyes.reported(caller.device or "", data)
    return house.response(204, b"")
