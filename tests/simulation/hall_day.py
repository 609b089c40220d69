"""A seeded hall-day against the real server in this process: people, a bad network, a bad disk, bad printers.

Visitors, clerks and raters behave by the seed; so do the faults. Every client keeps its key until it is answered, as
the kiosk and the counter do, and writes down what it was told. In the end the independent checker judges.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from checker import Checker, Recorded, Told
from doors_material import Answer, Doors, SetClock, opened_engine
from journal_material import Disk

from hall_server.core.people.counter import OpenCounter
from hall_server.core.people.session import SignInClerk
from hall_server.core.places.config import ChangeSettings
from hall_server.core.places.settings_rules import patched
from hall_server.core.stamp import instant, text
from hall_server.journal.reader import Reader
from hall_server.office import Office, perform
from hall_server.web.app import open_house
from hall_server.web.live import Hub

MORNING = "2026-11-24T09:05:00.000+08:00"
SEATS = {"3": "0312", "4": "0311", "1": "0301", "7": "0306"}
"""Counter → clerk."""
TRIES_MOST = 400


class Cut(Exception):
    """No answer came: whatever was asked may have happened or not."""


class Network:
    """Between one client and the server: loses requests, loses answers, sends twice, lets the first try arrive late."""

    def __init__(self, day: HallDay, token: str) -> None:
        self.day, self.token = day, token
        self.down = False

    async def once(self, method: str, path: str, body: Any, key: str) -> Answer:
        """One try. Raises `Cut`."""
        dice, doors = self.day.dice, self.day.doors
        if self.down or dice.random() < self.day.loss / 2:
            raise Cut

        async def ask() -> Answer:
            return await doors.ask(method, path, token=self.token, body=body, key=key)

        fate = dice.random()
        if fate < self.day.loss / 2:
            await ask()
            raise Cut
        if fate < self.day.loss:
            late = asyncio.ensure_future(ask())  # arrives while the next try is under way
            self.day.stragglers.append(late)
            raise Cut
        if fate < self.day.loss * 1.5:
            first, second = await asyncio.gather(ask(), ask())
            assert first.status == second.status or 503 in (first.status, second.status), (first, second)
            return first
        return await ask()


class HallDay:
    """One day and everybody in it."""

    def __init__(self, seed: int, data: Path, disk: Disk) -> None:
        self.seed, self.data, self.disk = seed, data, disk
        self.dice = random.Random(seed)
        self.clock = SetClock(instant(MORNING))
        self.doors: Doors
        self.loss = self.dice.choice([0.0, 0.1, 0.3])
        self.history: list[Told] = []
        self.stragglers: list[asyncio.Future[Answer]] = []
        self.kiosks: list[Kiosk] = []
        self.seats: list[Seat] = []
        self.keys = 0
        self.faults = 0
        self.restarts = 0
        self.tokens: dict[str, str] = {}

    # ------------------------------------------------------------ the server

    @asynccontextmanager
    async def open(self) -> AsyncIterator[HallDay]:
        """The hall is served until the block ends."""
        await self.start()
        try:
            yield self
        finally:
            self.disk.syncs_fail = False
            await self.stop()

    async def start(self) -> None:
        """The server begins, or begins again on the same folder."""
        engine = opened_engine(self.data, self.clock, self.disk.name)
        house = open_house(self.data, engine)
        hub = Hub(house)
        engine.watcher = hub
        self.doors = Doors(house, hub, self.clock)
        if not self.tokens:
            await self.furnish()

    async def stop(self) -> None:
        """The server ends as SIGTERM ends it."""
        engine = self.doors.engine
        await until(lambda: engine.failed_at is None)
        await engine.flushed()
        self.doors.house.close()
        engine.close()

    async def furnish(self) -> None:
        engine, house = self.doors.engine, self.doors.house
        office = Office(self.data, engine, house.credentials, house.pins, house.passwords)
        settings = patched(engine.hall.settings, {"limits": {"requests_per_s": 0}, "queue": {"call_interval_s": 1}})
        await engine.submit(ChangeSettings(settings=settings), engine.stamp("console"))
        for n in range(3):
            self.tokens[f"K{n}"] = (await perform(office, "device_add", {"role": "kiosk", "name": f"K{n}"}))["token"]
            self.kiosks.append(Kiosk(self, Network(self, self.tokens[f"K{n}"])))
        for counter, clerk in SEATS.items():
            pad = await perform(office, "device_add", {"role": "keypad", "name": f"P{counter}", "counter": counter})
            begun = await engine.submit(
                SignInClerk(clerk=clerk, counter=counter), engine.stamp("console", counter=counter)
            )
            session = house.seals.seal("session", begun.events[-1].session)  # type: ignore[attr-defined]
            await engine.submit(OpenCounter(), engine.stamp("console", counter=counter, clerk=clerk))
            self.seats.append(Seat(self, counter, Network(self, session), Network(self, pad["token"])))

    # ------------------------------------------------------------ asking

    def new_key(self) -> str:
        self.keys += 1
        return f"{self.seed}-{self.keys}"

    async def insist(self, network: Network, method: str, path: str, body: Any, key: str) -> Answer:
        """The same key until there is an answer; 503 is no answer, only a promise that nothing has happened."""
        for _ in range(TRIES_MOST):
            try:
                answer = await network.once(method, path, body, key)
            except Cut:
                if network.down:
                    raise
                await asyncio.sleep(0)
                continue
            assert answer.status < 500 or answer.code == "storage_unavailable", (path, answer)
            if answer.status != 503:
                return answer
            await asyncio.sleep(0.01)
        raise AssertionError(f"seed {self.seed}: {path} was never answered")

    # ------------------------------------------------------------ the day

    async def run(self, steps: int) -> None:
        """So many moments; in each some people act at once, and now and then something breaks or heals."""
        for _ in range(steps):
            self.clock.at += self.dice.randrange(12_000)
            self.nemesis()
            people = [*self.kiosks, *self.seats]
            acting = self.dice.sample(people, self.dice.randint(1, len(people)))
            await asyncio.gather(*(person.act() for person in acting))
            await self.doors.engine.tick() if self.doors.engine.failed_at is None else None
            if self.dice.random() < 0.01:
                await self.restart()
        await self.calm()

    def nemesis(self) -> None:
        """What breaks, and what heals."""
        draw = self.dice.random()
        if draw < 0.02 and not self.disk.syncs_fail:
            self.disk.syncs_fail = True
            self.faults += 1
            asyncio.get_running_loop().call_later(0.03, self.heal)
        kiosk = self.dice.choice(self.kiosks)
        if draw > 0.96:
            kiosk.network.down = not kiosk.network.down
            self.faults += 1

    def heal(self) -> None:
        self.disk.syncs_fail = False

    async def restart(self) -> None:
        """In the middle of everything."""
        await asyncio.gather(*self.stragglers, return_exceptions=True)
        self.stragglers.clear()
        await self.stop()
        await self.start()
        self.restarts += 1

    async def calm(self) -> None:
        """Nothing breaks any more; everybody ends what he has begun."""
        self.loss = 0.0
        self.disk.syncs_fail = False
        await asyncio.gather(*self.stragglers, return_exceptions=True)
        await until(lambda: self.doors.engine.failed_at is None)
        for kiosk in self.kiosks:
            kiosk.network.down = False
            await kiosk.merge()
            await kiosk.end()
        for seat in self.seats:
            await seat.end()
        await self.doors.engine.flushed()

    def judged(self) -> Checker:
        """What the independent checker says of the journal and of what everybody was told."""
        with Reader(self.data / "journal.db") as reader:
            rows = [Recorded(r.seq, r.at, r.type, bytes(r.data), r.actor, r.hash) for r in reader.stream()]
        checker = Checker().feed(rows)
        checker.judge(self.history)
        return checker


async def until(true: Any) -> None:
    """Waits for a condition, with a limit."""
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.005)


class Kiosk:
    """A kiosk with a visitor before it: online while it can, from its own numbers while it cannot."""

    def __init__(self, day: HallDay, network: Network) -> None:
        self.day, self.network = day, network
        self.own: dict[str, list[str]] = {"A": [], "C": []}
        """Numbers set aside, of today."""
        self.waiting: list[dict[str, Any]] = []
        """Given out alone, not merged yet."""
        self.open: tuple[str, dict[str, Any]] | None = None
        """A touch whose outcome nobody knows: key and body."""

    async def act(self) -> None:
        dice = self.day.dice
        if not self.network.down and self.waiting:
            await self.merge()
        if not self.network.down and len(self.own["A"]) < 3:
            await self.lease()
        await self.touch()
        if dice.random() < 0.2 and not self.network.down:
            await self.visitor_changes_his_mind()

    async def touch(self) -> None:
        """A visitor takes a number; the paper comes out, or does not."""
        dice, day = self.day.dice, self.day
        key, body = self.open or (
            day.new_key(),
            {"line": dice.choice("AC"), "priority_class": dice.choice(["ordinary", "ordinary", "elder", "pregnant"])},
        )
        self.open = (key, body)
        try:
            answer = await self.one_try("POST", "/api/v1/tickets", body, key)
        except Cut:
            day.history.append(Told(key, "unknown"))
            if self.network.down and self.own[body["line"]]:
                self.give_out_alone(key, body)
            return
        self.open = None
        if answer.status == 201:
            day.history.append(Told(key, "ok", answer.json["id"]))
            await self.print(answer.json["id"])
        else:
            assert answer.code in ("line_closed", "quota_reached"), answer
            day.history.append(Told(key, "refused"))

    async def one_try(self, method: str, path: str, body: Any, key: str) -> Answer:
        """Some tries, then the kiosk shows that it does not know."""
        for _ in range(self.day.dice.randint(1, 3)):
            try:
                answer = await self.network.once(method, path, body, key)
            except Cut:
                continue
            if answer.status != 503:
                return answer
        raise Cut

    def give_out_alone(self, key: str, body: dict[str, Any]) -> None:
        """The touch keeps its key, the visitor gets one of the kiosk's own numbers."""
        number = self.own[body["line"]].pop(0)
        issued_at = text(self.day.clock.now(), "Asia/Shanghai")
        self.waiting.append({"key": key, "number": number, "issued_at": issued_at, **body})
        self.open = None

    async def merge(self) -> None:
        """What was given out alone comes in; the same merge again until it is answered."""
        if not self.waiting:
            return
        tickets, key = list(self.waiting), self.day.new_key()
        try:
            answer = await self.day.insist(self.network, "POST", "/api/v1/tickets/offline", {"tickets": tickets}, key)
        except Cut:
            return
        assert answer.status == 200, answer
        self.waiting = self.waiting[len(tickets) :]
        for ticket, one in zip(tickets, answer.json["tickets"], strict=True):
            assert (one["key"], one["number"]) == (ticket["key"], ticket["number"])
            self.day.history.append(Told(ticket["key"], "ok", one["id"], merged=True))

    async def lease(self) -> None:
        body = {"line": self.day.dice.choice("AC"), "size": 3}
        try:
            answer = await self.day.insist(self.network, "POST", "/api/v1/blocks", body, self.day.new_key())
        except Cut:
            return
        if answer.status == 201:
            self.own[body["line"]] += [t["number"] for t in answer.json["tickets"]]

    async def print(self, ticket: str) -> None:
        """Paper out, jam, or nobody knows: the number is valid all the same."""
        outcome = self.day.dice.choice(["confirmed", "confirmed", "confirmed", "failed", "unknown"])
        body = {"outcome": outcome, "how": "asb"}
        try:
            path = f"/api/v1/tickets/{ticket}/print-result"
            answer = await self.day.insist(self.network, "POST", path, body, self.day.new_key())
        except Cut:
            return
        assert answer.status == 204, answer

    async def visitor_changes_his_mind(self) -> None:
        known = [t.ticket for t in self.day.history[-20:] if t.ticket]
        if known:
            act = self.day.dice.choice(["cancel", "reinstate", "reinstate", "on-my-way"])
            path = f"/api/v1/tickets/{self.day.dice.choice(known)}/{act}"
            try:
                answer = await self.day.insist(self.network, "POST", path, None, self.day.new_key())
            except Cut:
                return
            assert answer.status in (200, 404, 409), answer

    async def end(self) -> None:
        """A touch in doubt asks once more, with its key."""
        while self.open is not None:
            await self.touch()


class Seat:
    """A clerk at a counter, and the keypad in front of it."""

    def __init__(self, day: HallDay, counter: str, network: Network, pad: Network) -> None:
        self.day, self.counter, self.network, self.pad = day, counter, network, pad
        self.asked: list[str] = []

    async def post(self, act: str, body: Any = None) -> Answer:
        path = f"/api/v1/counters/{self.counter}/{act}"
        answer = await self.day.insist(self.network, "POST", path, body, self.day.new_key())
        assert answer.status in (200, 404, 409), (act, answer)
        return answer

    async def act(self) -> None:
        """What a clerk does next, by what he has in hand."""
        dice = self.day.dice
        hall = self.day.doors.hall
        held = hall.tickets.get(hall.counters[self.counter].ticket or "")
        if held is None:
            await self.without_a_visitor()
        elif held.state == "called":
            act = dice.choice(["begin", "begin", "begin", "begin", "recall", "no-show", "return", "park"])
            await self.post(act, {"reason": "x"} if act in ("return", "park") else None)
        else:
            await self.with_a_visitor()
        if self.asked and dice.random() < 0.7:
            await self.rate(self.asked.pop(0))

    async def without_a_visitor(self) -> None:
        dice, hall = self.day.dice, self.day.doors.hall
        if hall.parked and dice.random() < 0.3:
            await self.post("resume", {"number": dice.choice(list(hall.parked))[9:]})
        elif dice.random() < 0.1:
            await self.post("pause", {"reason": "meal"})
            await self.post("open")
        elif dice.random() < 0.1 and hall.counters[self.counter].undo is not None:
            offer = hall.counters[self.counter].undo
            await self.post("undo", {"seq": offer.seq if offer else 1})
        else:
            await self.post("call-next")

    async def with_a_visitor(self) -> None:
        dice = self.day.dice
        draw = dice.random()
        if draw < 0.75:
            answer = await self.post("finish", {"outcome": "done"})
            if answer.status == 200:
                self.asked.append(answer.json["rating_request"]["id"])
        elif draw < 0.85:
            await self.post("park", {"reason": "copy"})
        else:
            where = {"line": dice.choice("AC")} if dice.random() < 0.7 else {"counter": dice.choice(list(SEATS))}
            await self.day.insist(
                self.network, "POST", f"/api/v1/counters/{self.counter}/transfer", {"reason": "x", **where},
                self.day.new_key(),
            )  # fmt: skip

    async def rate(self, request: str) -> None:
        nonce = self.day.doors.house.eyes.nonce_of(request)
        body = {"request": request, "nonce": nonce, "level": self.day.dice.randint(1, 5)}
        answer = await self.day.insist(self.pad, "POST", "/api/v1/ratings", body, self.day.new_key())
        assert answer.status == 201, answer

    async def end(self) -> None:
        """Nothing is left open."""
        for request in self.asked:
            await self.rate(request)


def wall_of(doors: Doors) -> str:
    """The wall as a fresh client would get it, without what only moves with time."""
    from hall_protocol.codec import plain
    from hall_server.core.pictures.wall import wall_picture

    picture = plain(wall_picture(doors.hall, doors.house.eyes.sight(doors.hall), "main"))
    for line in picture["lines"].values():
        line.pop("estimate", None)
    return json.dumps(picture, sort_keys=True, ensure_ascii=False)
