"""What the server sees beside the hall: who is connected, how devices feel, forecasts: the `Sight` of pictures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from hall_protocol.pictures import DeviceState, Estimate
from hall_protocol.requests.manager import DeviceHealth

from ..core.hall import Hall
from ..core.pictures.sight import Sight
from ..core.stamp import text

if TYPE_CHECKING:
    from ..engine import Engine
    from ..foresight import Foresight
    from ..trust.tokens import Seals

DEVICES_BEHIND_MAX = 40
SILENT_AFTER_S = 150.0
"""Programs say how their devices feel once a minute; after so long without a word nothing is known of them."""
KINDS = {
    "escpos": "printer",
    "samv": "reader",
    "scanner": "scanner",
    **dict.fromkeys(("bxk", "cpower", "artnet", "ddp", "png"), "led"),
    **dict.fromkeys(("neutral", "pad68", "template", "hid"), "keypad"),
}
"""What a device is by the protocol of its address, where its program does not say."""
ESTIMATE_KEPT_S = 1.5
"""Longer than the second between two looks ahead, so that whoever asks does not wait for a forecast."""


def plain_code(code: str) -> str:
    """A check code as it is compared: however it was typed from the paper."""
    return "".join(code.split()).replace("-", "").upper()


class Presence(msgspec.Struct):
    """One paired program as it is heard."""

    connections: int = 0
    since: int | None = None
    """When it was last seen coming or going, hall time."""
    behind: list[DeviceHealth] = msgspec.field(default_factory=list)
    heard_s: float = 0.0
    """When it last said how its devices feel, monotonic."""

    def tells(self, now_s: float) -> bool:
        """Whether what it said last still stands."""
        return self.connections > 0 and now_s - self.heard_s <= SILENT_AFTER_S


class Eyes:
    """Everything a picture needs beside the hall. Nothing of it is journaled."""

    def __init__(
        self,
        *,
        engine: Engine,
        seals: Seals,
        foresight: Foresight,
        words_of: Callable[[str], str | None],
        masked_of: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._engine = engine
        self._seals = seals
        self._foresight = foresight
        self._words_of = words_of
        self._masked_of = masked_of
        self._presence: dict[str, Presence] = {}
        self._estimates: dict[str, tuple[float, Estimate | None]] = {}
        """By line: when it was made, monotonic seconds, and what it says."""
        self._devices: dict[str, DeviceState] | None = None
        self._devices_until_s = 0.0
        """When one of them may have been silent too long, monotonic."""
        self.alarms: dict[str, int] = {}
        """Troubles of the server itself, since when."""

    # ------------------------------------------------------------ devices

    def came(self, device: str) -> None:
        """A live connection of this device stands."""
        known = self._presence.setdefault(device, Presence())
        if known.connections == 0:
            known.since = self._engine.clock.now()
        known.connections += 1
        self._devices = None

    def went(self, device: str) -> None:
        """A live connection of this device ended."""
        known = self._presence.setdefault(device, Presence())
        known.connections = max(0, known.connections - 1)
        if known.connections == 0:
            known.since = self._engine.clock.now()
        self._devices = None

    def reported(self, device: str, health: list[DeviceHealth]) -> None:
        """A program says how the devices behind it feel."""
        known = self._presence.setdefault(device, Presence())
        known.behind, known.heard_s = health[:DEVICES_BEHIND_MAX], time.monotonic()
        self._devices = None

    def devices(self, hall: Hall) -> dict[str, DeviceState]:
        """Every paired device, and what stands behind it. Silence is `unknown`, never green."""
        if self._devices is None or time.monotonic() >= self._devices_until_s:
            self._devices, self._devices_until_s = {}, time.monotonic() + SILENT_AFTER_S
            for device in hall.devices.values():
                if not device.revoked and device.role != "integrator":
                    self._add(hall, device.id)
        return self._devices

    def forget_devices(self) -> None:
        """Devices were paired or revoked."""
        self._devices = None

    def _add(self, hall: Hall, ident: str) -> None:
        assert self._devices is not None
        device = hall.devices[ident]
        known = self._presence.get(ident, Presence())
        state = "ready" if known.connections else ("absent" if known.since is not None else "unknown")
        since = None if known.since is None else text(known.since, hall.zone)
        own = DeviceState(
            device=ident,
            name=device.name,
            role=device.role,
            state=state,
            since=since,
            faults=[],
            counter=device.counter,
        )
        self._devices[ident] = own
        now_s = time.monotonic()
        if known.behind and known.tells(now_s):
            self._devices_until_s = min(self._devices_until_s, known.heard_s + SILENT_AFTER_S + 1)
        for health in known.behind:
            self._devices[f"{ident}/{health.address}"] = DeviceState(
                device=ident,
                name=device.name,
                role=health.kind or KINDS.get(health.address.split("+")[0], health.address.split("+")[0]),
                state=health.state if known.tells(now_s) else "unknown",
                since=health.since,
                faults=list(health.faults),
                counter=device.counter,
                address=health.address,
                last_ok=health.last_ok,
                identity=health.identity,
            )

    # ------------------------------------------------------------ forecasts

    def forget_estimates(self) -> None:
        """Counters opened or closed: what was forecast before is worth nothing."""
        self._estimates.clear()

    async def look_ahead(self) -> None:
        """Makes the forecasts that somebody looks at anew, one at a time, and lets others in between."""
        for line in list(self._estimates):
            if line in self._estimates:
                self._look(line)
            await asyncio.sleep(0)

    def _look(self, line: str) -> Estimate | None:
        found = self._foresight.for_line(line, self._engine.clock.now())
        self._estimates[line] = (time.monotonic(), found)
        return found

    def estimate_for(self, line: str) -> Estimate | None:
        """What somebody taking a ticket of that line now would wait, at most `ESTIMATE_KEPT_S` old.

        A forecast costs more than a ticket, so neither tickets nor calls wait for it: it is made once a second.
        """
        if line not in self._engine.hall.lines:
            return None
        kept = self._estimates.get(line)
        if kept is None or time.monotonic() - kept[0] > ESTIMATE_KEPT_S:
            return self._look(line)
        return kept[1]

    # ------------------------------------------------------------ the sight

    def sight(self, hall: Hall) -> Sight:
        """The circumstances of pictures taken now."""
        now = self._engine.clock.now()
        alarms = tuple(self.alarms)
        stale = self._engine.failed_at
        if stale is not None:
            alarms = ("storage", *alarms)
        return Sight(
            now=now,
            estimates=_Estimates(self, hall),
            coverage=self._foresight.coverage(),
            devices=self.devices(hall),
            url_of=self.url_of,
            nonce_of=self.nonce_of,
            words_of=self._words_of,
            masked_of=self._masked_of,
            ticket_estimate=lambda ticket: self._foresight.for_ticket(ticket, now),
            alarms=alarms,
            stale_since=stale,
        )

    def url_of(self, ticket: str) -> str:
        """The visitor's page of a ticket."""
        base = (self._engine.hall.settings.public.public_url or "").rstrip("/")
        return f"{base}/t/{self._seals.seal('ticket', ticket)}"

    def check_code_of(self, case: str) -> str:
        """The check code of a case number, whether there is such a case or not."""
        return self._seals.code("case", case)

    def case_url_of(self, case: str) -> str:
        """The status page of a case, as the receipt's QR has it."""
        base = (self._engine.hall.settings.public.public_url or "").rstrip("/")
        return f"{base}/c/{self._seals.seal('case', case)}"

    def nonce_of(self, request: str) -> str:
        """The nonce of a rating request."""
        return self._seals.derive("rating", request)


class _Estimates(Mapping[str, Estimate | None]):
    """Forecasts by line, as pictures ask for them."""

    def __init__(self, eyes: Eyes, hall: Hall) -> None:
        self._eyes, self._hall = eyes, hall

    def __getitem__(self, line: str) -> Estimate | None:
        return self._eyes.estimate_for(line)

    def __iter__(self) -> Iterator[str]:
        return iter(self._hall.lines)

    def __len__(self) -> int:
        return len(self._hall.lines)
