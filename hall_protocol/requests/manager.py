"""Requests of managers, auditors and machines."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from ..ids import Exit, Language, Moment, Text40, Text64, Text200
from . import Request


class AccountSignIn(Request, kw_only=True):
    """`POST /accounts/sessions`."""

    name: Text64
    password: Annotated[str, Meta(min_length=1, max_length=256)]


class AskPairing(Request, kw_only=True):
    """`POST /pairings`."""

    role: Literal["kiosk", "counter", "keypad", "wall"]


class ClaimPairing(Request, kw_only=True):
    """`POST /pairings/{id}/claim`."""

    secret: Annotated[str, Meta(min_length=1, max_length=128)]


class ConfirmPairing(Request, kw_only=True):
    """`POST /pairings/confirm`."""

    code: Text40
    name: Text64
    counter: Text64 | None = None


class PostNotice(Request, kw_only=True, rename={"from_": "from"}):
    """`POST /notices`: shown from `from` until `to`; texts by language, `zones` names screens or is absent for all."""

    text: dict[Language, Text200]
    from_: Moment
    to: Moment
    zones: Annotated[list[Text64], Meta(max_length=40)] | None = None


class StartEvacuation(Request, kw_only=True):
    """`POST /evacuation`: the way out as seen from each screen."""

    exits: dict[str, Exit]


class CounterLines(Request, kw_only=True):
    """`PUT /counters/{n}/lines`."""

    lines: Annotated[list[Text64], Meta(max_length=60)]


class CounterMessage(Request, kw_only=True):
    """`POST /counters/{n}/messages`."""

    text: Text200


class DeviceHealth(Request, kw_only=True):
    """One device a program drives, as its own driver sees it."""

    address: Annotated[str, Meta(max_length=200)]
    state: Literal["absent", "connecting", "ready", "degraded", "fault", "unknown"]
    since: Moment
    faults: Annotated[list[Annotated[str, Meta(max_length=60)]], Meta(max_length=20)]
    """The most hindering first."""
    kind: Annotated[str, Meta(max_length=20)] | None = None
    """`printer led keypad reader scanner`; by the address's protocol when it is not said."""
    last_ok: Moment | None = None
    """When the device last said something sensible."""
    identity: Annotated[str, Meta(max_length=100)] | None = None
    """What it calls itself: model, serial number."""


Patch = dict[str, Any]
"""`PATCH /settings`: an RFC 7396 merge patch of what `GET /settings` shows."""
