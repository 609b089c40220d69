"""The people of a demo hall: `python -m demo.people DATA SEED`. A program of its own, started by the supervisor."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from random import Random
from typing import Any

from .clerks import Clerk
from .crowd import Crowd
from .desks import Desk, HttpDesk, KeyDesk
from .entrance import OwnKiosks, RealKiosk, arrivals
from .matters import Known, Matters, seals
from .mischief import mishaps
from .notes import read
from .plan import CLERK_AT, COUNTERS, DEVICES, OWN_KIOSKS, REAL_COUNTERS, Runtime
from .talk import Away, Device, Hall, HallTime, Hand, patiently

SET_CLOCK_EVERY_S = 20.0
TOUCHING = 0.6
"""Of the visitors who arrive, so many go to the real kiosk's screen if it is free."""


class People:
    """Everybody, and what they need to reach the hall."""

    def __init__(self, data: Path, *, seed: int, speed: int) -> None:
        self.runtime = Runtime.beside(data)
        self.dice = Random(seed)
        self.ports: dict[str, int] = read(self.runtime.ports)
        self.secrets: dict[str, Any] = read(self.runtime.secrets)
        self.hall = Hall(self.ports["server"])
        self.time = HallTime(self.hall, speed=speed)
        self.crowd = Crowd(self.hall, self.time, Random(self.dice.random()), self.runtime)
        self.known = Known({}, {}, ())
        self.devices = {name: Device(self.ports[f"{name}-control"]) for name in DEVICES}

    async def live(self) -> None:
        """Until ended."""
        await patiently(self.time.set)
        catalogue = await patiently(lambda: self.hall.ask("GET", "/catalogue"))
        lines = {c["counter"]: list(c["lines"]) for c in catalogue["counters"]}
        self.known = Known({s["service"]: s for s in catalogue["services"]}, seals(), tuple(CLERK_AT.values()))
        services: dict[str, list[str]] = {}
        for service in catalogue["services"]:
            services.setdefault(service["line"], []).append(service["service"])
        print("people are here", flush=True)  # noqa: T201 - the supervisor waits for it
        kiosk = RealKiosk(
            self._hand("kiosk"),
            self.runtime.hands / "kiosk",
            reader=self.devices["reader"],
            scanner=self.devices["scanner"],
        )
        self.crowd.scan = kiosk.scan
        work = [self._clerk(counter, lines[counter]).work() for counter in COUNTERS]
        work += [
            arrivals(
                self.crowd,
                real=kiosk,
                own=OwnKiosks(self.hall, [self.secrets["tokens"][k] for k in OWN_KIOSKS], services),
                dice=Random(self.dice.random()),
                touching=TOUCHING,
            ),
            mishaps(self.crowd, self.runtime, self.devices, Random(self.dice.random())),
            self._watch_clock(),
        ]
        await asyncio.gather(*work)

    def _hand(self, screen: str) -> Hand:
        return Hand(self.ports[f"{screen}-hand"])

    def _clerk(self, counter: str, lines: list[str]) -> Clerk:
        clerk, dice = CLERK_AT[counter], Random(self.dice.random())
        pin = self.secrets["clerks"][clerk]
        name = f"counter-{counter}"
        desk: Desk
        matters: Matters | None = None
        if counter in REAL_COUNTERS:
            desk = KeyDesk(
                self._hand(name),
                counter=counter,
                clerk=clerk,
                pin=pin,
                hands=self.runtime.hands / name,
                pad=self.devices.get(f"pad-{counter}"),
            )
        else:
            token = self.secrets["tokens"][name]
            desk = plain = HttpDesk(self.hall, counter=counter, token=token, clerk=clerk, pin=pin)
            own = Random(dice.random())
            matters = Matters(plain, known=self.known, crowd=self.crowd, time=self.time, dice=own)
        made = Clerk(desk, lines=lines, crowd=self.crowd, time=self.time, dice=dice)
        made.matters = matters
        made.pad = self.devices.get(f"keypad-{counter}")
        return made

    async def _watch_clock(self) -> None:
        while True:
            await asyncio.sleep(SET_CLOCK_EVERY_S)
            with contextlib.suppress(Away):
                await self.time.set()


async def until_signal(people: People) -> None:
    """Lives until SIGTERM or SIGINT."""
    task = asyncio.ensure_future(people.live())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def main() -> int:
    """Entry point."""
    people = People(Path(sys.argv[1]), seed=int(sys.argv[2]), speed=int(os.environ.get("HALL_SPEED") or "1"))
    asyncio.run(until_signal(people))
    return 0


if __name__ == "__main__":
    sys.exit(main())
