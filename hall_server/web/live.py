"""Live pictures: what every screen shows, sent as it changes, through bounded mailboxes.

A topic is one picture somebody looks at. When a batch is closed the pictures it touched are taken and compared with the
ones before; the difference is sent when the batch is on disk. A client that lags gets a new snapshot instead of a
backlog, one that reads nothing for 30 s is cut, and neither delays anybody else.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from hall_protocol.codec import difference, merge, plain
from hall_protocol.refusals import Refused

from ..core.hall import Hall
from ..core.people.account import AccountDisabled, ClerkDisabled
from ..core.people.device import DevicePaired, DeviceRevoked
from ..core.people.session import AccountSignedOut, ClerkSignedOut
from ..core.pictures.counter import counter_picture
from ..core.pictures.keypad import keypad_picture
from ..core.pictures.kiosk import kiosk_picture
from ..core.pictures.manager import manager_picture
from ..core.pictures.ticket import ticket_picture
from ..core.pictures.wall import wall_picture
from ..core.registry import Event
from ..core.stamp import text
from ..trust.roles import PICTURES
from .caller import ANYONE, Caller, bearer, caller_of
from .house import House
from .wire import ABORT

log = logging.getLogger(__name__)

MAILBOX = 64
BEAT_S = 5.0
CUT_AFTER_S = 30.0
HELLO_WITHIN_S = 10.0
HELLO_BYTES_MAX = 4096
VERSION = 1
"""Of the conversation, as the hello says it."""
GOING_AWAY, NOT_ALLOWED = 1001, 4403
ENDS = (DeviceRevoked, ClerkSignedOut, AccountSignedOut, ClerkDisabled, AccountDisabled)
"""Events after which somebody may no longer look."""
_encoder = msgspec.json.Encoder()

Send = Callable[[dict[str, Any]], Any]
Receive = Callable[[], Any]


class Hello(msgspec.Struct):
    """The first message of a client."""

    hello: int
    picture: str
    after: int | None = None
    token: str | None = None


class Topic:
    """One picture and those who look at it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind, _, self.subject = name.partition(":")
        self.latest: dict[str, Any] = {}
        """As taken last; what it shows may not be committed yet."""
        self.committed: dict[str, Any] | None = None
        """As committed last, with the seq it belongs to; None until the first is."""
        self.seq = 0
        self.viewers: set[Viewer] = set()


class Viewer:
    """One client with its mailbox."""

    def __init__(self, topic: Topic, caller: Caller, send: Send, abort: Callable[[], None]) -> None:
        self.topic = topic
        self.caller = caller
        self.box: deque[str] = deque()
        self.lost = True
        """Needs a snapshot before anything else."""
        self.wake = asyncio.Event()
        self.sending_since: float | None = None
        self.close_code: int | None = None
        self.abort = abort
        """Ends the connection with all that waits to be sent: a client that reads nothing hears no good-bye."""
        self._send = send

    def post(self, message: str) -> None:
        """One message for this client; a full box is emptied and the client gets a snapshot."""
        if self.lost:
            self.wake.set()
            return
        if len(self.box) >= MAILBOX:
            self.box.clear()
            self.lost = True
        else:
            self.box.append(message)
        self.wake.set()

    def close(self, code: int) -> None:
        """Ends this client's connection."""
        self.close_code = code
        self.wake.set()

    async def deliver(self) -> None:
        """Sends what is in the box, until told to close."""
        while self.close_code is None:
            await self.wake.wait()
            self.wake.clear()
            if self.close_code is not None:
                break
            if self.lost and self.topic.committed is not None:
                self.box.clear()
                self.lost = False
                snapshot = {"seq": self.topic.seq, "snapshot": self.topic.committed}
                self.box.append(_encoder.encode(snapshot).decode())
            while self.box:
                self.sending_since = time.monotonic()
                await self._send({"type": "websocket.send", "text": self.box.popleft()})
                self.sending_since = None
        await self._send({"type": "websocket.close", "code": self.close_code or GOING_AWAY})


class Hub:
    """All topics; the engine's watcher."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.topics: dict[str, Topic] = {}
        self._late: set[str] = set()
        """Ticket topics that moved because somebody else did; refreshed with the next tick."""
        self.closing = False

    # ------------------------------------------------------------ pictures

    def take(self, topic: Topic, hall: Hall) -> dict[str, Any] | None:
        """The picture of a topic as the hall is now; None when there is no such thing."""
        sight = self.house.eyes.sight(hall)
        picture: Any = None
        if topic.kind == "wall":
            picture = wall_picture(hall, sight, topic.subject)
        elif topic.kind == "counter":
            picture = counter_picture(hall, sight, topic.subject)
        elif topic.kind == "keypad":
            picture = keypad_picture(hall, sight, topic.subject)
        elif topic.kind == "kiosk":
            picture = kiosk_picture(hall, sight, topic.subject)
        elif topic.kind == "ticket":
            picture = ticket_picture(hall, sight, topic.subject)
        elif topic.kind == "manager":
            picture = manager_picture(hall, sight)
        return None if picture is None else plain(picture)

    def sealed(self, hall: Hall, events: Sequence[Event]) -> Callable[[], None]:
        """Takes the pictures a batch touched; what is returned shows them once it is committed."""
        self._learn(events)
        changed = [(topic, patch) for topic in self._touched(hall, events) if (patch := self._retake(topic, hall))]
        seq, ends = hall.seq, any(isinstance(e, ENDS) for e in events)
        observed = list(events)

        def show() -> None:
            self.house.foresight.observe(observed, hall)
            for topic, patch in changed:
                self._publish(topic, patch, seq)
            if ends:
                self._drop_strangers()

        return show

    def _learn(self, events: Sequence[Event]) -> None:
        if any(isinstance(e, DevicePaired | DeviceRevoked) for e in events):
            self.house.eyes.forget_devices()
        if not all(hasattr(e, "ticket") for e in events):
            self.house.eyes.forget_estimates()

    def _touched(self, hall: Hall, events: Sequence[Event]) -> list[Topic]:
        """Topics a batch may have changed."""
        lines = {getattr(e, "line", None) for e in events} | {getattr(e, "from_line", None) for e in events}
        lines.discard(None)
        counters = {getattr(e, "counter", None) for e in events} | {getattr(e, "to_counter", None) for e in events}
        tickets = {getattr(e, "ticket", None) for e in events}
        everything = any(not hasattr(e, "ticket") for e in events)
        found = []
        for topic in self.topics.values():
            if topic.kind == "ticket":
                ticket = hall.tickets.get(topic.subject)
                if topic.subject in tickets or everything:
                    found.append(topic)
                elif ticket is not None and ticket.state == "waiting" and ticket.line in lines:
                    self._late.add(topic.name)
            elif topic.kind == "counter":
                counter = hall.counters.get(topic.subject)
                if (
                    everything
                    or topic.subject in counters
                    or (counter is not None and not lines.isdisjoint(counter.lines))
                ):
                    found.append(topic)
            elif topic.kind == "keypad":
                if everything or topic.subject in counters:
                    found.append(topic)
            else:
                found.append(topic)
        return found

    def _retake(self, topic: Topic, hall: Hall) -> dict[str, Any]:
        """Takes a picture again and returns what differs."""
        picture = self.take(topic, hall)
        if picture is None:
            return {}
        patch = difference(topic.latest, picture)
        topic.latest = picture
        return patch

    def _publish(self, topic: Topic, patch: dict[str, Any], seq: int) -> None:
        topic.committed = merge(topic.committed or {}, patch)
        topic.seq = seq
        message = _encoder.encode({"seq": seq, "patch": patch}).decode()
        for viewer in topic.viewers:
            viewer.post(message)

    def rebuilt(self, hall: Hall) -> None:
        """The hall was read back: every viewer gets a snapshot of what the disk has."""
        self.house.eyes.forget_devices()
        for topic in self.topics.values():
            picture = self.take(topic, hall)
            if picture is not None:
                topic.latest = topic.committed = picture
                topic.seq = hall.seq
                for viewer in topic.viewers:
                    viewer.lost = True
                    viewer.wake.set()

    def refresh(self, *, tickets: bool) -> None:
        """What moved without an event: time, forecasts, devices. Only when nothing is under way."""
        engine = self.house.engine
        if not engine.is_settled:
            return
        late, self._late = self._late, set()
        for topic in self.topics.values():
            if topic.kind == "ticket" and not tickets and topic.name not in late:
                continue
            if topic.committed is None:
                continue
            patch = self._retake(topic, engine.hall)
            if patch:
                self._publish(topic, patch, engine.hall.seq)

    def beat(self) -> None:
        """Every 5 s to everybody; cuts those who read nothing."""
        now = time.monotonic()
        hall = self.house.engine.hall
        message = _encoder.encode({"beat": text(self.house.engine.clock.now(), hall.zone)}).decode()
        for topic in self.topics.values():
            for viewer in list(topic.viewers):
                if viewer.sending_since is not None and now - viewer.sending_since > CUT_AFTER_S:
                    viewer.abort()
                elif not viewer.lost:
                    viewer.post(message)

    # ------------------------------------------------------------ clients

    def _drop_strangers(self) -> None:
        """Ends the pictures of devices and sessions that are no longer let in."""
        hall = self.house.engine.hall
        for topic in self.topics.values():
            for viewer in list(topic.viewers):
                caller = viewer.caller
                device = hall.devices.get(caller.device or "")
                gone = caller.device is not None and (device is None or device.revoked)
                if gone or (caller.session is not None and caller.session not in hall.sessions):
                    viewer.close(NOT_ALLOWED)

    def admit(self, hello: Hello, caller: Caller) -> str:
        """The topic's name if this caller may see it; refuses otherwise."""
        kind, _, subject = hello.picture.partition(":")
        if kind == "ticket":
            ticket = self.house.seals.unseal("ticket", subject)
            if ticket is None or ticket not in self.house.engine.hall.tickets:
                raise Refused("unknown_ticket")
            return f"ticket:{ticket}"
        if kind not in PICTURES or caller.role not in PICTURES[kind]:
            raise Refused("not_allowed")
        own = {"counter": caller.counter, "keypad": caller.counter, "kiosk": caller.device_name}.get(kind, subject)
        if kind == "kiosk" and not subject and own:
            return f"kiosk:{own}"  # a kiosk holds a token, not a name: it learns the name from its picture
        if subject != (own or "") or (kind == "manager" and subject) or len(subject) > 64:
            raise Refused("not_allowed")
        return hello.picture

    async def join(self, name: str, caller: Caller, send: Send, abort: Callable[[], None]) -> Viewer:
        """A new viewer; his first message will be the snapshot."""
        topic = self.topics.get(name)
        if topic is None:
            topic = Topic(name)
            picture = self.take(topic, self.house.engine.hall)
            if picture is None:
                raise Refused("not_found")
            topic.latest, topic.seq = picture, self.house.engine.hall.seq
            self.topics[name] = topic
        viewer = Viewer(topic, caller, send, abort)
        topic.viewers.add(viewer)
        if caller.device is not None:
            self.house.eyes.came(caller.device)
        if topic.committed is None:
            first, seq = topic.latest, topic.seq
            try:
                await self.house.engine.settled()
            except Refused:
                first = topic.latest
            if topic.committed is None:
                topic.committed, topic.seq = first, seq
            for other in topic.viewers:
                other.wake.set()
        viewer.wake.set()
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """A viewer has gone; a picture nobody looks at is forgotten."""
        topic = viewer.topic
        topic.viewers.discard(viewer)
        if viewer.caller.device is not None:
            self.house.eyes.went(viewer.caller.device)
        if not topic.viewers and self.topics.get(topic.name) is topic:
            del self.topics[topic.name]

    def close_all(self) -> None:
        """The server ends: everybody is told."""
        self.closing = True
        for topic in self.topics.values():
            for viewer in topic.viewers:
                viewer.close(GOING_AWAY)

    # ------------------------------------------------------------ the socket

    async def serve(self, scope: Any, receive: Receive, send: Send) -> None:
        """One WebSocket, from the hello to the end."""
        message = await receive()
        if message["type"] != "websocket.connect":
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        if bearer(headers, cookies_of(headers))[1] and not same_origin(headers):
            await send({"type": "websocket.close"})  # before it is accepted: the answer is 403
            return
        await send({"type": "websocket.accept"})
        try:
            hello = await asyncio.wait_for(self._hello(receive), HELLO_WITHIN_S)
            caller = self._caller(headers, hello)
            abort = scope["extensions"].get(ABORT, {}).get("abort", _nothing)
            viewer = await self.join(self.admit(hello, caller), caller, send, abort)
        except (Refused, TimeoutError, msgspec.MsgspecError, ConnectionError) as error:
            code = error.code if isinstance(error, Refused) else "bad_request"
            await send({"type": "websocket.send", "text": _encoder.encode({"refused": code}).decode()})
            await send({"type": "websocket.close", "code": NOT_ALLOWED})
            return
        deliver = asyncio.ensure_future(viewer.deliver())
        watch = asyncio.ensure_future(self._until_gone(receive))
        try:
            await asyncio.wait((deliver, watch), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.leave(viewer)
            for task in (deliver, watch):
                task.cancel()
            await asyncio.gather(deliver, watch, return_exceptions=True)

    async def _hello(self, receive: Receive) -> Hello:
        message = await receive()
        if message["type"] != "websocket.receive":
            raise ConnectionError("gone before hello")
        words = message.get("text") or (message.get("bytes") or b"").decode("utf-8", "replace")
        if len(words) > HELLO_BYTES_MAX:
            raise Refused("body_too_large")
        hello = msgspec.json.decode(words, type=Hello)
        if hello.hello != VERSION:
            raise Refused("bad_request", why="hello")
        return hello

    def _caller(self, headers: dict[str, str], hello: Hello) -> Caller:
        token, _ = bearer(headers, cookies_of(headers))
        if hello.token is not None:
            token = hello.token
        if token is None:
            return ANYONE
        house = self.house
        caller = caller_of(token, hall=house.engine.hall, credentials=house.credentials, seals=house.seals)
        if caller is None:
            raise Refused("not_signed_in")
        return caller

    async def _until_gone(self, receive: Receive) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return


def _nothing() -> None:
    """Where there is no connection, in a test, there is nothing to cut."""


def cookies_of(headers: dict[str, str]) -> dict[str, str]:
    """The cookies of a request, by name."""
    return dict(part.strip().split("=", 1) for part in headers.get("cookie", "").split(";") if "=" in part)


def same_origin(headers: dict[str, str]) -> bool:
    """Whether a browser's request comes from our own pages; programs send no Origin."""
    origin, host = headers.get("origin"), headers.get("host", "")
    return origin is None or origin in (f"http://{host}", f"https://{host}")
