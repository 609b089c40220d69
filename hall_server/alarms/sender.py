"""The watch: what is new on the list goes out once, is tried again until taken, and failure is on the list too."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from hall_protocol.pictures.wall import Alert

from ..core.places.settings import Alarms
from .rules import to_tell
from .ways import MAIL_PASSWORD, WEBHOOK_TOKEN, NotSent, Told, by_mail, by_webhook, secret_in

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 5.0
FIRST_WAIT_S: Final = 5.0
LONGEST_WAIT_S: Final = 300.0
AGAIN_AFTER_S: Final = 900.0
"""What comes and goes is told at most so often."""
KEPT_MOST: Final = 50
"""Messages that wait for a receiver; of more the oldest are given up, and the log says so."""
OUTER_PATIENCE_S: Final = 60.0
TROUBLE: Final = "alarm_not_sent"


@dataclass(frozen=True)
class View:
    """The hall as the watch sees it, made anew at every look."""

    rules: Alarms
    alerts: list[Alert]
    now: int
    """Hall time, milliseconds."""
    at: str
    hall: str
    hall_name: str
    say: Callable[..., str]


@dataclass
class Way:
    """One way out with what still has to go by it."""

    name: str
    waiting: list[Told] = field(default_factory=list)
    failures: int = 0
    next_try: float = 0.0


class Watch:
    """Looks at the list and sends. `on_trouble(True | False)` puts the failure on the list and takes it away."""

    def __init__(
        self,
        *,
        look: Callable[[], Awaitable[View]],
        keys: Path,
        on_trouble: Callable[[bool], None],
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:
        self._look, self._keys, self._on_trouble = look, keys, on_trouble
        self._first_wait_s = first_wait_s
        self._told: dict[str, float] = {}
        """By id of an entry: when it was last on the list, monotonic seconds."""
        self.ways = (Way("webhook"), Way("mail"))

    async def run(self, stop: asyncio.Event, *, every_s: float = LOOK_EVERY_S) -> None:
        """Until the server ends. Whatever goes wrong here is logged and does not end the watch."""
        while not stop.is_set():
            try:
                await self.once()
            except Exception:
                log.exception("alarms could not be looked at")
            try:
                await asyncio.wait_for(stop.wait(), every_s)
            except TimeoutError:
                continue

    async def once(self) -> None:
        """One look, and everything that is due now."""
        view = await self._look()
        open_ways = [way for way in self.ways if _is_open(way, view.rules)]
        for way in self.ways:
            if way not in open_ways:
                way.waiting.clear()
                way.failures, way.next_try = 0, 0.0
        new = self._new(view, remember=bool(open_ways))
        if new:
            told = message_of(view, new)
            for way in open_ways:
                _put(way, told)
        await asyncio.gather(*(self._send(way, view.rules) for way in open_ways))
        self._on_trouble(any(way.failures for way in open_ways))

    def _new(self, view: View, *, remember: bool) -> list[Alert]:
        """What nobody was told yet. Without a way out nothing is remembered: who configures one hears what stands."""
        now = time.monotonic()
        standing = to_tell(view.alerts, view.rules, now=view.now)
        self._told = {ident: at for ident, at in self._told.items() if now - at < AGAIN_AFTER_S}
        if not remember:
            self._told.clear()
            return []
        new = [one for one in standing if one.id not in self._told]
        self._told |= dict.fromkeys((one.id for one in standing), now)
        return new

    async def _send(self, way: Way, rules: Alarms) -> None:
        """The oldest first; after a failure nothing until its time has come."""
        while way.waiting and time.monotonic() >= way.next_try:
            told = way.waiting[0]
            try:
                await aside(self._work(way, told, rules))
            except (NotSent, TimeoutError) as error:
                way.failures += 1
                pause = min(self._first_wait_s * 2 ** min(way.failures - 1, 20), LONGEST_WAIT_S)
                way.next_try = time.monotonic() + pause
                log.warning("an alarm could not be sent by %s: %s; again in %.0f s", way.name, error, pause)
                return
            way.waiting.remove(told)
            way.failures, way.next_try = 0, 0.0
            log.info("%d alarms sent by %s", len(told.alarms), way.name)

    def _work(self, way: Way, told: Told, rules: Alarms) -> Callable[[], None]:
        if way.name == "webhook":
            assert rules.webhook is not None
            return partial(by_webhook, told, address=rules.webhook, token=secret_in(self._keys, WEBHOOK_TOKEN))
        return partial(by_mail, told, rules=rules, password=secret_in(self._keys, MAIL_PASSWORD))


def _is_open(way: Way, rules: Alarms) -> bool:
    """Whether a person configured it."""
    return rules.webhook is not None if way.name == "webhook" else rules.mail_server is not None


def _put(way: Way, told: Told) -> None:
    way.waiting.append(told)
    if len(way.waiting) > KEPT_MOST:
        given_up = way.waiting.pop(0)
        log.warning("%d alarms were never taken by %s and are given up", len(given_up.alarms), way.name)


def message_of(view: View, new: list[Alert]) -> Told:
    """One message for everything that is new, in the hall's own language."""
    return Told(
        id=secrets.token_hex(12),
        hall=view.hall,
        hall_name=view.hall_name,
        at=view.at,
        alarms=tuple(
            {
                **msgspec.structs.asdict(one),
                "text": view.say(f"alert.{one.code}", **one.values),
                "act": view.say(f"alert.{one.code}_act", **one.values),
            }
            for one in new
        ),
    )


async def aside(work: Callable[[], None]) -> None:
    """Runs what blocks on a thread that no end of the program waits for. Raises what it raises, or `TimeoutError`."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def finish(error: BaseException | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def run() -> None:
        error: BaseException | None = None
        try:
            work()
        except BaseException as raised:  # handed over, whatever it is
            error = raised
        try:
            loop.call_soon_threadsafe(finish, error)
        except RuntimeError:  # the loop is closed: nobody asks any more
            log.debug("an alarm's answer came after the end")

    threading.Thread(target=run, name="alarm", daemon=True).start()
    await asyncio.wait_for(done, OUTER_PATIENCE_S)
