"""What goes wrong on purpose, now and then, in real time: paper out and refilled, a pulled cable, a silent device."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from random import Random

from .crowd import Crowd
from .notes import write
from .plan import Runtime
from .talk import Away, Device

FIRST_AFTER_S = (100.0, 160.0)
EVERY_S = (110.0, 260.0)


@dataclass(frozen=True)
class Mishap:
    """One thing that can go wrong: at which device or cable, and for how long, real seconds."""

    what: str
    where: str
    fault: str
    """A fault of the device's simulator, or `cable` for a program's network cable."""
    lasts_s: tuple[float, float]
    weight: float


MISHAPS = (
    Mishap("paper_out", "printer", "paper_out", (45, 80), 3),
    Mishap("paper_low", "printer", "paper_near_end", (60, 90), 1),
    Mishap("cover_open", "printer", "cover_open", (15, 25), 1),
    Mishap("cable_kiosk", "kiosk", "cable", (30, 50), 2),
    Mishap("cable_counter", "counter-7", "cable", (20, 35), 1),
    Mishap("cable_wall", "wall", "cable", (25, 45), 1),
    Mishap("pad_gone", "keypad-7", "gone", (20, 40), 1),
    Mishap("call_pad_gone", "pad-3", "gone", (20, 40), 1),
    Mishap("card_bad", "reader", "card_auth", (30, 60), 1),
    Mishap("bar_gone", "led-3", "gone", (20, 40), 1),
)


async def mishaps(crowd: Crowd, runtime: Runtime, devices: dict[str, Device], dice: Random) -> None:
    """For ever, one at a time."""
    await asyncio.sleep(dice.uniform(*FIRST_AFTER_S))
    while True:
        mishap = dice.choices(MISHAPS, weights=[m.weight for m in MISHAPS])[0]
        await happen(mishap, crowd, runtime, devices, dice)
        await asyncio.sleep(dice.uniform(*EVERY_S))


async def happen(mishap: Mishap, crowd: Crowd, runtime: Runtime, devices: dict[str, Device], dice: Random) -> None:
    """One mishap from its beginning to its repair."""
    crowd.note(mishap.what)
    try:
        await set_fault(mishap, runtime, devices)
        await asyncio.sleep(dice.uniform(*mishap.lasts_s))
    except Away:
        pass  # the device is being started again: that is mishap enough
    finally:
        try:
            await set_fault(mishap, runtime, devices, over=True)
        except Away:
            pass  # and comes back without any fault
    crowd.note(f"{mishap.what}_over")


async def set_fault(mishap: Mishap, runtime: Runtime, devices: dict[str, Device], *, over: bool = False) -> None:
    """Begins or ends it."""
    if mishap.fault == "cable":
        wish(runtime, {"plug" if over else "pull": mishap.where})
    else:
        await devices[mishap.where].do(f"{'clear' if over else 'fault'} {mishap.fault}")


def wish(runtime: Runtime, what: dict[str, str]) -> None:
    """Asks the supervisor for something."""
    write(runtime.wishes / f"{uuid.uuid4().hex}.json", what)
