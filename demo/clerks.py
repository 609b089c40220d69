"""Clerks at their counters: open in the morning, call, wait for the visitor, serve, park, move, finish, rest."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

from . import habits
from .crowd import Crowd, Visitor
from .desks import Desk, KeyDesk, Seen, until_free
from .matters import Matters, takes_s
from .talk import Away, Device, HallTime, No

CALL_EVERY_S = 17.0
IDLE_S = 8.0
LOOK_S = 0.4
OVERTIME = timedelta(minutes=25)
PRESS_AFTER_S = (1.5, 6.0)
"""Real seconds until a visitor presses a key of the rating pad: hands are as quick as ever."""


class Clerk:
    """One clerk at one counter, for as long as the demo lives."""

    def __init__(self, desk: Desk, *, lines: list[str], crowd: Crowd, time: HallTime, dice: Random) -> None:
        self.desk, self.lines, self.crowd, self.time, self.dice = desk, lines, crowd, time, dice
        self.pad: Device | None = None
        self.matters: Matters | None = None
        """Applications and questions, where the counter is worked over the hall's interface."""
        self._waiting_for: list[str] = []
        """Numbers this clerk has parked."""
        self._pause_in_s = self._until_pause()
        self._pressing: asyncio.Task[None] | None = None

    async def work(self) -> None:
        """For ever; a hall or program that is away for a while is waited for."""
        while True:
            try:
                await until_free(self.desk)
                await self._next()
            except (Away, No):
                await asyncio.sleep(2.0)

    async def _next(self) -> None:
        seen = await self.desk.look()
        within = habits.open_at(self.time.now())
        if seen.ticket == "called" and seen.number:
            await self._meet(self.crowd.of(seen.number))
        elif seen.ticket == "serving" and seen.number:
            await self._serve(self.crowd.of(seen.number))
        elif not within:
            await self._wind_down(seen)
        elif seen.state != "open":
            await self._open()
        elif self._pause_in_s <= 0:
            await self._pause()
        else:
            await self._call()

    async def _open(self) -> None:
        if not await self.desk.act("open"):
            await self.time.pass_s(IDLE_S, least_s=1.0)

    async def _wind_down(self, seen: Seen) -> None:
        """Whoever is in the hall when it closes is still served; then the counter closes."""
        if seen.state == "open" and habits.open_at(self.time.now() - OVERTIME):
            await self._call()
            if (await self.desk.look()).number:
                return
        await self._rest(seen)

    async def _rest(self, seen: Seen) -> None:
        if seen.state != "closed":
            await self.desk.act("close")
        await self.time.pass_s(60, least_s=1.0)

    async def _pause(self) -> None:
        self._pause_in_s = self._until_pause()
        if await self.desk.act("pause", reason="fetch_documents"):
            self.crowd.note("pause", counter=self.desk.counter)
            await self.time.pass_s(60 * self.dice.uniform(*habits.PAUSE_MIN), least_s=4.0)

    def _until_pause(self) -> float:
        return 60 * habits.PAUSE_EVERY_MIN * self.dice.uniform(0.5, 1.5)

    # ------------------------------------------------------------ one visitor

    async def _call(self) -> None:
        back = next((n for n in self._waiting_for if self.crowd.of(n).back_from_errand), None)
        if back is not None:
            self._waiting_for.remove(back)
            if await self.desk.act("resume", number=back):
                self.crowd.note("resumed", number=back, counter=self.desk.counter)
            return
        if self.matters is not None:
            await self.matters.between()
        await self.desk.act("call_next")
        if not (await self.desk.look()).number:
            await self._idle(IDLE_S)

    async def _meet(self, visitor: Visitor) -> None:
        """Until he stands there, or is called in vain."""
        self.crowd.called(visitor)
        waited = 0.0
        while not self.crowd.stands_there(visitor):
            if waited >= CALL_EVERY_S:
                waited = 0.0
                # The hall counts the calls: once it lets nobody call again, it lets the clerk go on.
                if not await self.desk.act("recall") and await self.desk.act("no_show"):
                    self.crowd.missed(visitor)
                    return
            step_s = max(LOOK_S, 1.0 / self.time.speed)
            await asyncio.sleep(step_s)
            waited += step_s * self.time.speed
            if not await self.desk.is_free() or (await self.desk.look()).number != visitor.number:
                return  # a person took over here
        await self.desk.act("begin")

    async def _serve(self, visitor: Visitor) -> None:
        first_s, rest_s = takes_s(self.dice, visitor.number[0])
        await self._idle(first_s)
        if self.matters is not None:
            await self.matters.of_visitor()
        await self._idle(rest_s)
        if not await self.desk.is_free() or (await self.desk.look()).number != visitor.number:
            return
        chance = self.dice.random()
        if chance < habits.PARKED and not visitor.was_parked:
            if await self.desk.act("park", reason="fetch_original"):
                self._waiting_for.append(visitor.number)
                self.crowd.parked(visitor)
                self.crowd.note("parked", number=visitor.number, counter=self.desk.counter)
        elif chance < habits.PARKED + habits.MOVED and not visitor.was_moved and visitor.number[0] not in ("H", "G"):
            line = self.dice.choice([x for x in habits.LINES if x not in self.lines])
            if await self.desk.act("transfer", line=line, reason="next_step"):
                self.crowd.moved(visitor)
                self.crowd.note("moved", number=visitor.number, line=line)
        elif await self.desk.act("finish"):
            self.crowd.served(visitor)
            self._ask(visitor)

    def _ask(self, visitor: Visitor) -> None:
        """The visitor rates: at the pad where there is one, else on his page, or not at all."""
        level = visitor.wishes.level
        if level is None:
            return
        if self.pad is not None:
            self._pressing = self.crowd.spawn(self._press(visitor, level))
        else:
            self.crowd.rate_later(visitor)

    async def _press(self, visitor: Visitor, level: int) -> None:
        assert self.pad is not None
        await asyncio.sleep(self.dice.uniform(*PRESS_AFTER_S))
        if (await self.pad.status()).get("screen") == "ask":
            await self.pad.do(f"press {level}")
            self.crowd.note("rated_pad", number=visitor.number, counter=self.desk.counter)

    async def _idle(self, hall_s: float) -> None:
        """Some time passes; the next pause comes nearer."""
        self._pause_in_s -= hall_s
        least_s = 1.0 if isinstance(self.desk, KeyDesk) else 0.7
        await self.time.pass_s(hall_s, least_s=least_s)
