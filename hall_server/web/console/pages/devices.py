"""设备: every paired program and what stands behind it, what to do about a fault, pairing and revoking (S2)."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post

from hall_protocol.pictures import DeviceState
from hall_protocol.refusals import Refused

from ...house import House, HttpRequest
from ...public.words import Speech
from ..devices import confirmed, forgotten
from .frame import BASE, FIELD, form_of, go, page, speech_of

HERE: Final = f"{BASE}/devices"
SHAPES: Final = {
    "ready": "circle-check",
    "degraded": "triangle-alert",
    "fault": "circle-x",
    "absent": "unplug",
    "connecting": "clock",
    "unknown": "circle-question-mark",
}
"""A state is a word and a shape; colour comes third."""
LIGHTS: Final = {"ready": "green", "degraded": "yellow", "fault": "red", "absent": "red"}
NAME_MOST: Final = 64
CODE_MOST: Final = 40


@get(HERE, include_in_schema=False)
async def show_devices(request: HttpRequest) -> Response[str]:
    """All of them, and the form that lets one in."""
    house: House = request.app.state.house
    speech, hall = speech_of(request), house.engine.hall
    answer = page(
        request, "devices.html", tab="devices", title=speech.say("console.tab.devices"), rows=rows_of(house, speech),
        counters=[c.counter for c in hall.counters.values() if not c.retired],
        fingerprint=grouped(house.fingerprint), unseen=unseen(house),
    )  # fmt: skip
    await house.engine.settled()
    return answer


@get(f"{HERE}/now", include_in_schema=False)
async def devices_now(request: HttpRequest) -> Response[str]:
    """The part that moves."""
    house: House = request.app.state.house
    answer = page(request, "devices_now.html", rows=rows_of(house, speech_of(request)))
    await house.engine.settled()
    return answer


def grouped(fingerprint: str) -> str:
    """The first 16 digits as four groups, as the device's own screen has them."""
    return " ".join(fingerprint[at : at + 4].upper() for at in range(0, 16, 4))


def rows_of(house: House, speech: Speech) -> list[dict[str, Any]]:
    """Each program and then what stands behind it."""
    states = house.eyes.devices(house.engine.hall)
    return [row_of(speech, key, one) for key, one in states.items()]


def row_of(speech: Speech, key: str, one: DeviceState) -> dict[str, Any]:
    """One device in words. Only programs have a credential, so only they are revoked."""
    kind = f"console.kind.{one.role}"
    return {
        "id": one.device if key == one.device else "",
        "name": one.name,
        "kind": speech.say(kind) if speech.knows(kind) else one.role,
        "address": one.address or "",
        "counter": one.counter or "—",
        "state": speech.say(f"device.state.{one.state}"),
        "shape": SHAPES.get(one.state, SHAPES["unknown"]),
        "light": LIGHTS.get(one.state, ""),
        "since": "—" if one.since is None else f"{one.since[:10]} {one.since[11:16]}",
        "faults": [fault_of(speech, word, one.name) for word in one.faults]
        or ([speech.say("alert.device_absent_act")] if one.state == "absent" else []),
    }


def fault_of(speech: Speech, word: str, name: str) -> str:
    """What to do about a fault, in a sentence; a word nobody knows is shown as it is."""
    code, _, number = word.partition("_") if word.startswith("nack_") else (word, "", "")
    for key in (f"device.fault.{code}", f"alert.{code}_act"):
        if speech.knows(key):
            return speech.say(key, n=number, name=name)
    return word


def unseen(house: House) -> list[dict[str, str]]:
    """Programs without a screen picture of their own: integrators, which are not in the list of devices."""
    return [
        {"id": d.id, "name": d.name}
        for d in house.engine.hall.devices.values()
        if not d.revoked and d.role == "integrator"
    ]


# ---------------------------------------------------------------- acts


@post(f"{HERE}/pair", include_in_schema=False, status_code=303)
async def pair(request: HttpRequest) -> Response[Any]:
    """Whoever sends this stands before the device and read code and fingerprint on its screen."""
    house: House = request.app.state.house
    fields = await form_of(request)
    code, name = fields.get("code", ""), fields.get("name", "")
    if not (1 <= len(name) <= NAME_MOST and name.isprintable()):
        raise Refused("bad_request", why="name")
    if not 1 <= len(code) <= CODE_MOST:
        raise Refused("unknown_code")
    if fields.get("same") != "on":
        raise Refused("not_confirmed")
    key = fields.get(FIELD)
    if not key:
        raise Refused("idempotency_key_missing")
    await confirmed(house, house.caller(request), code=code, name=name, counter=fields.get("counter") or None, key=key)
    return go(HERE, said="paired")


@get(f"{HERE}/{{id:str}}/revoke", include_in_schema=False)
async def ask_revoke(request: HttpRequest, id: str) -> Response[str]:
    """The first step: what would go, and that it does not come back."""
    house: House = request.app.state.house
    device = house.engine.hall.devices.get(id)
    if device is None or device.revoked:
        raise Refused("unknown_device")
    title = speech_of(request).say("console.revoke_which", name=device.name)
    return page(request, "revoke.html", tab="devices", title=title, device=device)


@post(f"{HERE}/{{id:str}}/revoke", include_in_schema=False, status_code=303)
async def revoke(request: HttpRequest, id: str) -> Response[Any]:
    """The second step: its token never works again, its live pictures end, nobody else notices."""
    house: House = request.app.state.house
    fields = await form_of(request)
    await forgotten(request, house, id, key=fields.get(FIELD, ""))
    return go(HERE, said="revoked")


ROUTES = (show_devices, devices_now, pair, ask_revoke, revoke)
