"""Everybody who is in the hall: visitors by their number, and what each does from the ticket to the rating."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from random import Random
from typing import Any

from . import habits
from .notes import write
from .plan import Runtime
from .talk import Away, Forms, Hall, HallTime, No

STRANGER_WALK_S = 20.0
RETURN_AFTER_S = (180.0, 1200.0)
ERRAND_S = (240.0, 900.0)
DIARY_KEPT = 60


async def nobody(code: str) -> bool:
    """A hall without a scanner."""
    return False


@dataclass
class Visitor:
    """One visitor with a number. Somebody who took it himself through the page is a stranger: he comes when called."""

    number: str
    wishes: habits.Wishes
    id: str | None = None
    url: str | None = None
    here: bool = True
    back_from_errand: bool = False
    done: bool = False
    walks_until: float | None = None
    """When he stands at the counter, event loop seconds; None while he is not called."""
    was_parked: bool = False
    was_moved: bool = False
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


class Crowd:
    """The visitors in the hall, and the diary of what people do."""

    def __init__(self, hall: Hall, time: HallTime, dice: Random, runtime: Runtime) -> None:
        self.hall, self.time, self.dice, self.runtime = hall, time, dice, runtime
        self.visitors: dict[str, Visitor] = {}
        self.scan: Callable[[str], Awaitable[bool]] = nobody
        """Holds a paper's code before the kiosk's scanner; False where that led to nothing."""
        self._diary: deque[dict[str, Any]] = deque(maxlen=DIARY_KEPT)
        self._tasks: set[asyncio.Task[None]] = set()

    # ------------------------------------------------------------ diary

    def note(self, what: str, **values: Any) -> None:
        """Writes what somebody does, for the demo's page."""
        self._diary.append({"at": self.time.now().isoformat(timespec="seconds"), "what": what, "values": values})
        write(self.runtime.diary, list(self._diary))

    def spawn(self, what: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Lets something go on by itself."""
        task = asyncio.ensure_future(self._guarded(what))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, what: Coroutine[Any, Any, None]) -> None:
        try:
            await what
        except (Away, No):
            return  # the hall was away or said no: this person goes home

    # ------------------------------------------------------------ a visitor's way

    def came(self, visitor: Visitor) -> None:
        """A visitor has his number and sits down."""
        self.visitors[visitor.number] = visitor
        self.spawn(self._lose_patience(visitor))
        if len(self.visitors) > 1500:
            for number in [n for n, v in self.visitors.items() if v.done][:500]:
                del self.visitors[number]

    def of(self, number: str) -> Visitor:
        """Whoever holds that number; a stranger when nobody of ours does."""
        if number not in self.visitors:
            wishes = habits.somebody(self.dice)
            wishes.shows, wishes.level, wishes.comment = True, None, None
            self.visitors[number] = Visitor(number, wishes)
        return self.visitors[number]

    async def _lose_patience(self, visitor: Visitor) -> None:
        await self.time.pass_s(visitor.wishes.patience_s)
        if visitor.done or visitor.walks_until is not None or not visitor.here:
            return
        visitor.here = False
        if visitor.url is not None and visitor.wishes.gives_back:
            await self.through_page(visitor, "cancel")
            visitor.done = True
            self.note("gave_back", number=visitor.number)
        else:
            self.note("walked_away", number=visitor.number)

    def called(self, visitor: Visitor) -> None:
        """His number is called: he gets up, or not."""
        if visitor.walks_until is not None:
            return
        walk_s = self.dice.uniform(*habits.WALK_S)
        comes = visitor.here and visitor.wishes.shows
        now = asyncio.get_running_loop().time()
        visitor.walks_until = now + max(walk_s / self.time.speed, 0.8) if comes else float("inf")
        if comes and visitor.wishes.says_coming and visitor.url is not None:
            self.spawn(self.through_page(visitor, "on-my-way"))

    def stands_there(self, visitor: Visitor) -> bool:
        """Whether he stands at the counter now."""
        return visitor.walks_until is not None and asyncio.get_running_loop().time() >= visitor.walks_until

    def missed(self, visitor: Visitor) -> None:
        """He was called in vain; some come back later, once."""
        self.note("missed", number=visitor.number)
        if visitor.wishes.returns and visitor.url is not None:
            visitor.wishes.returns = False
            self.spawn(self._come_back(visitor))
        else:
            visitor.done = True

    async def _come_back(self, visitor: Visitor) -> None:
        await self.time.pass_s(self.dice.uniform(*RETURN_AFTER_S))
        visitor.here, visitor.wishes.shows, visitor.walks_until = True, True, None
        assert visitor.url is not None
        if await self.scan(visitor.url):
            self.note("scanned_back", number=visitor.number)
            return
        await self.through_page(visitor, "reinstate")
        self.note("came_back", number=visitor.number)

    def parked(self, visitor: Visitor) -> None:
        """He fetches something and comes back."""
        visitor.was_parked, visitor.back_from_errand = True, False
        self.spawn(self._errand(visitor))

    async def _errand(self, visitor: Visitor) -> None:
        await self.time.pass_s(self.dice.uniform(*ERRAND_S))
        visitor.back_from_errand = True

    def moved(self, visitor: Visitor) -> None:
        """He waits again, elsewhere."""
        visitor.was_moved, visitor.walks_until, visitor.here = True, None, True

    def served(self, visitor: Visitor) -> None:
        """He was served. Who has the page may rate there; at a counter with a keypad the clerk's side asks."""
        visitor.done = True

    def rate_later(self, visitor: Visitor) -> None:
        """Rates on the page, some minutes later."""
        if visitor.url is not None and visitor.wishes.level is not None:
            self.spawn(self._rate(visitor))

    async def _rate(self, visitor: Visitor) -> None:
        await self.time.pass_s(self.dice.uniform(20, 240))
        level = visitor.wishes.level
        await self.through_page(visitor, "rate", level=str(level), comment=visitor.wishes.comment or "")
        self.note("rated_page", number=visitor.number)

    async def through_page(self, visitor: Visitor, verb: str, **more: str) -> None:
        """Uses his page as a phone without script does. Raises `No`, `Away`."""
        assert visitor.url is not None
        forms = Forms(await self.hall.page(visitor.url))
        if verb in forms.found:
            await self.hall.send_form(forms.addresses[verb], {**forms.found[verb], **more})
