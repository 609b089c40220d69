"""Visitors at the kiosks: some touch the real one's screen, the others use a kiosk of their own over the interface."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Any

from . import habits
from .crowd import Crowd, Visitor
from .desks import used_lately
from .talk import Away, Device, Hall, Hand, No

TOUCH_S = (0.7, 1.6)
STEPS_MAX = 14
TAKES_MAX_S = 12.0
CARD_SHARE = 0.25
"""Of the visitors at the real kiosk, so many lay their card on its reader."""
CARD_S = 4.0
SCAN_S = 3.0
EARLY = 16
"""Who came before the demo began and waits already."""


class OwnKiosks:
    """Kiosks without a screen, each with its own credential."""

    def __init__(self, hall: Hall, tokens: list[str], services: dict[str, list[str]]) -> None:
        """`services` are the ids of the catalogue by their line."""
        self._hall, self._tokens, self._services = hall, tokens, services

    async def take(self, wishes: habits.Wishes, dice: Random) -> Visitor | None:
        """A ticket for this visitor, None when the hall gives none now. Raises `Away`."""
        services = self._services.get(wishes.line) or next(iter(self._services.values()))
        body = {
            "service": dice.choice(services),
            "priority_class": wishes.klass,
            "language": wishes.language,
        }
        try:
            ticket = await self._hall.ask("POST", "/tickets", body, token=dice.choice(self._tokens))
        except No:
            return None
        url = "/t/" + str(ticket["url"]).rpartition("/t/")[2]
        return Visitor(ticket["number"], wishes, id=ticket["id"], url=url)


class RealKiosk:
    """The real kiosk, touched one visitor at a time."""

    def __init__(self, hand: Hand, hands: Path, *, reader: Device | None = None, scanner: Device | None = None) -> None:
        self._hand, self._hands = hand, hands
        self._reader, self._scanner = reader, scanner
        self._busy = asyncio.Lock()

    async def scan(self, code: str) -> bool:
        """Holds a paper before the scanner; whether the kiosk shows what it says."""
        if self._scanner is None or not self.is_free:
            return False
        async with self._busy:
            try:
                if not (await self._scanner.do(f"scan {code}")).startswith("ok"):
                    return False
                shown = await self._hand.until(lambda seen: seen["screen"] == "scanned", within_s=SCAN_S)
                await asyncio.sleep(SCAN_S)
                await self._hand.tap("back")
            except Away:
                return False
        return shown is not None

    @property
    def is_free(self) -> bool:
        """Whether nobody stands before it."""
        return not self._busy.locked() and not used_lately(self._hands)

    async def take(self, wishes: habits.Wishes, dice: Random) -> Visitor | None:
        """Touches from the home screen to the number, as a person would; None when that led to no ticket."""
        async with self._busy:
            for _ in range(STEPS_MAX):
                seen = await self._hand.look()
                if used_lately(self._hands):
                    return None
                if seen["screen"] in ("ticket", "paper"):
                    await self._leave(seen, dice)
                    continue
                if seen["screen"] == "detail":
                    return await self._take(wishes, dice, seen)
                if not await self._onward(seen, dice):
                    return None
                await asyncio.sleep(dice.uniform(*TOUCH_S))
        return None

    async def _onward(self, seen: dict[str, Any], dice: Random) -> bool:
        """One touch nearer to a service; False where there is no way."""
        names = [item["name"] for item in seen["items"] if item["enabled"]]
        services = [n for n in names if n.startswith("service:")]
        rows = [n for n in names if n.startswith(("group:", "part:"))]
        lines = [n for n in names if n.startswith("line:")]
        if seen["overlay"]:
            return await self._any(["continue", "anyway", "back", "home"], names)
        if services and (not rows or dice.random() < 0.6):
            return await self._hand.tap(dice.choice(services))
        if rows:
            return await self._hand.tap(dice.choice(rows))
        if lines:
            return await self._hand.tap(dice.choice(lines))
        return await self._any(["back", "home", "done"], names)

    async def _any(self, wanted: list[str], names: list[str]) -> bool:
        name = next((n for n in wanted if n in names), None)
        return name is not None and await self._hand.tap(name)

    async def _take(self, wishes: habits.Wishes, dice: Random, seen: dict[str, Any]) -> Visitor | None:
        """From the service's page to the number."""
        if wishes.klass != "ordinary":
            await self._hand.tap(f"priority:{wishes.klass}")
            await asyncio.sleep(dice.uniform(*TOUCH_S))
        if not await self._card_or_touch(dice):
            await self._hand.tap("back")
            return None
        shown = await self._hand.until(
            lambda now: bool(now["number"]) or now["screen"] not in ("detail",), within_s=TAKES_MAX_S
        )
        if shown is None or not shown["number"]:
            seen = await self._hand.look()
            await self._any(["anyway", "back", "home"], [item["name"] for item in seen["items"]])
            return None
        visitor = Visitor(str(shown["number"]), wishes)
        await asyncio.sleep(dice.uniform(2.0, 4.0))
        await self._leave(await self._hand.look(), dice)
        return visitor

    async def _card_or_touch(self, dice: Random) -> bool:
        """Some lay their identity card on the reader, the others touch; one card, one number."""
        if self._reader is None or dice.random() >= CARD_SHARE:
            return await self._hand.tap("take")
        try:
            await self._reader.do(f"place {dice.randrange(2, 1000)}")
            taken = await self._hand.until(lambda seen: seen["screen"] != "detail", within_s=CARD_S)
            await self._reader.do("remove")
        except Away:
            taken = None
        return taken is not None or await self._hand.tap("take")

    async def _leave(self, seen: dict[str, Any], dice: Random) -> None:
        """Takes the paper and goes."""
        await self._hand.tap("done")
        await asyncio.sleep(dice.uniform(*TOUCH_S))


async def arrivals(crowd: Crowd, *, real: RealKiosk, own: OwnKiosks, dice: Random, touching: float) -> None:
    """People come, by the hour of the day; `touching` of them to the real kiosk when it is free."""
    for _ in range(EARLY if habits.open_at(crowd.time.now()) else 0):
        await one_arrives(crowd, real=real, own=own, dice=dice, touches=False)
    while True:
        rate = habits.arrivals_per_s(crowd.time.now())
        if rate <= 0:
            await crowd.time.pass_s(60, least_s=1.0)
            continue
        await crowd.time.pass_s(min(dice.expovariate(rate), 600.0))
        crowd.spawn(one_arrives(crowd, real=real, own=own, dice=dice, touches=dice.random() < touching))


async def one_arrives(crowd: Crowd, *, real: RealKiosk, own: OwnKiosks, dice: Random, touches: bool) -> None:
    """One visitor takes a number and sits down, or leaves without one."""
    wishes = habits.somebody(dice)
    visitor = None
    if touches and real.is_free:
        try:
            visitor = await real.take(wishes, dice)
        except Away:
            visitor = None
    else:
        visitor = await own.take(wishes, dice)
    if visitor is not None:
        crowd.came(visitor)
