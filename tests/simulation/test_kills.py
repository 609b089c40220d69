"""kill -9 under load, at random and at exact points of a commit: nothing acknowledged is lost, no key counts twice.

reliability.md 3.1; R1, R2, R3, R8, I1 to I5, I8, I12. The real program, real sockets, real files.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.load import Connection
from benchmarks.served import HALL_SERVER, Hall
from checker import Checker, Recorded, Told

from hall_server.cli.access import opened
from hall_server.journal.reader import Reader
from hall_server.journal.verify import verify
from hall_server.office import perform

CLIENTS = 8
SEATS = {"3": "0312", "4": "0311", "1": "0301"}
ANSWER_WITHIN_S = 30.0
DIES = """
import os, signal
from hall_server.journal.writer import Writer

commits, point, at = 0, {point!r}, {at}
honest_commit, honest_insert = Writer._commit, Writer._insert

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def commit(self, batches):
    global commits
    commits += 1
    if commits == at and point == "before anything is written":
        die()
    honest_commit(self, batches)
    if commits == at and point == "after the sync, before anybody knows":
        die()

def insert(self, statement, rows):
    honest_insert(self, statement, rows)
    if commits == at and point == "between writing and the sync" and "answers" in statement:
        die()

Writer._commit, Writer._insert = commit, insert
from hall_server.cli import main
main()
"""
POINTS = ("before anything is written", "between writing and the sync", "after the sync, before anybody knows")


class Loop:
    """A server that is killed again and again, and clients that do not give up."""

    def __init__(self, folder: Path) -> None:
        self.hall = Hall.made(folder / "hall")
        asyncio.run(self.furnish())
        self.kiosks = [self.hall.tokens[f"K{n}"] for n in range(CLIENTS)]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.history: list[Told] = []
        self.answers = 0
        self.calls = 0
        self.retries = 0
        self.stopping = False
        self.first_answer_s: list[float] = []
        self.process: subprocess.Popen[bytes] | None = None
        self.log = (folder / "server.log").open("ab")

    async def furnish(self) -> None:
        """Devices and PINs, by the office's own functions: quicker than a command for each."""
        async with opened(self.hall.data, program="a test") as office:
            for n in range(CLIENTS):
                added = await perform(office, "device_add", {"role": "kiosk", "name": f"K{n}"})
                self.hall.tokens[f"K{n}"] = added["token"]
            for counter, clerk in SEATS.items():
                device = {"role": "counter", "name": f"C{counter}", "counter": counter}
                self.hall.tokens[f"C{counter}"] = (await perform(office, "device_add", device))["token"]
                await perform(office, "clerk_set_pin", {"clerk": clerk, "pin": Hall.PIN})

    # ------------------------------------------------------------ the server

    def start(self, program: tuple[str, ...] = HALL_SERVER) -> None:
        arguments = ("run", "--data", str(self.hall.data), "--listen", f"127.0.0.1:{self.port}", "--insecure-http")
        self.process = subprocess.Popen(
            [sys.executable, *program, *arguments, "--no-announce", "--log-level", "error"],
            stdout=subprocess.DEVNULL,
            stderr=self.log,
        )

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    async def until_answered(self) -> None:
        """The server has answered once more."""
        begun, before = time.perf_counter(), self.answers
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while self.answers == before:
                await asyncio.sleep(0.005)
        self.first_answer_s.append(time.perf_counter() - begun)

    # ------------------------------------------------------------ the clients

    async def insist(
        self, method: str, path: str, body: object, *, token: str, key: str, connection: list[Connection | None]
    ) -> tuple[int, bytes]:
        """The same key until it is answered, over as many connections and servers as it takes."""
        while True:
            try:
                if connection[0] is None:
                    connection[0] = await Connection.to(self.port)
                status, answer = await asyncio.wait_for(
                    connection[0].ask(method, path, body, token=token, key=key), ANSWER_WITHIN_S
                )
                if status != 503:
                    self.answers += 1
                    return status, answer
            except (OSError, TimeoutError):
                connection[0] = None
            self.retries += 1
            await asyncio.sleep(0.01)

    async def kiosk(self, name: int) -> None:
        """Presses without pause; one press in five is a double click."""
        dice, connection, other = random.Random(name), [None], [None]
        count = 0
        while not self.stopping:
            count += 1
            key, body = f"kiosk-{name}-{count}", {"line": dice.choice("AC")}
            self.history.append(Told(key, "unknown"))
            press = self.insist(
                "POST", "/api/v1/tickets", body, token=self.kiosks[name], key=key, connection=connection
            )
            answers = [press]
            if dice.random() < 0.2:
                answers.append(
                    self.insist("POST", "/api/v1/tickets", body, token=self.kiosks[name], key=key, connection=other)
                )
            for status, answer in await asyncio.gather(*answers):
                assert status == 201, answer
                self.history.append(Told(key, "ok", json.loads(answer)["id"]))

    async def seat(self, counter: str) -> None:
        """Calls and serves without pause; the session outlives the server."""
        connection: list[Connection | None] = [None]
        token = await self.signed_in(counter, connection)
        count = 0
        while not self.stopping:
            for act in ("call-next", "begin", "finish"):
                count += 1
                path, body = f"/api/v1/counters/{counter}/{act}", {} if act == "finish" else None
                status, answer = await self.insist(
                    "POST", path, body, token=token, key=f"seat-{counter}-{count}", connection=connection
                )
                assert status in (200, 409), (act, answer)
                if act == "call-next" and status == 200:
                    if json.loads(answer)["ticket"] is None:
                        await asyncio.sleep(0.02)
                        break
                    self.calls += 1

    async def signed_in(self, counter: str, connection: list[Connection | None]) -> str:
        signing = {"clerk": SEATS[counter], "pin": Hall.PIN}
        device = self.hall.tokens[f"C{counter}"]
        status, answer = await self.insist(
            "POST", "/api/v1/sessions", signing, token=device, key=f"in-{counter}", connection=connection
        )
        assert status == 201, answer
        token = str(json.loads(answer)["token"])
        status, answer = await self.insist(
            "POST", f"/api/v1/counters/{counter}/open", None, token=token, key=f"open-{counter}", connection=connection
        )
        assert status == 200, answer
        return token

    async def run(self, disasters: list[Callable[[Loop], None]]) -> None:
        """Each disaster begins a server, lets it answer, and ends it; then one more server ends in peace."""
        dice = random.Random(9)
        clients = [asyncio.ensure_future(self.kiosk(n)) for n in range(CLIENTS)]
        clients += [asyncio.ensure_future(self.seat(counter)) for counter in SEATS]
        for begin in disasters:
            begin(self)
            assert self.process is not None
            if self.process.args[2] is HALL_SERVER[1]:  # type: ignore[index]
                await self.until_answered()
                await asyncio.sleep(dice.uniform(0.05, 0.5))
                self.kill()
            else:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    while self.process.poll() is None:
                        await asyncio.sleep(0.01)
            for client in clients:
                if client.done():
                    client.result()
        self.start()
        await self.until_answered()
        # Signing in takes a hash of the PIN: the kills may have come quicker than the first call.
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while not self.calls:
                await asyncio.sleep(0.005)
        self.stopping = True
        await asyncio.gather(*clients)
        self.process.terminate()
        self.process.wait(10)

    def judged(self) -> Checker:
        with Reader(self.hall.data / "journal.db") as reader:
            rows = [Recorded(r.seq, r.at, r.type, bytes(r.data), r.actor, r.hash) for r in reader.stream()]
        checker = Checker().feed(rows)
        checker.judge(self.history)
        return checker


def at_random(loop: Loop) -> None:
    loop.start()


def at_commit(point: str, at: int) -> Callable[[Loop], None]:
    def begin(loop: Loop) -> None:
        loop.start(("-c", DIES.format(point=point, at=at)))

    return begin


def survived(folder: Path, disasters: list[Callable[[Loop], None]]) -> Loop:
    """The disasters are gone through and judged."""
    loop = Loop(folder)
    asyncio.run(loop.run(disasters))
    loop.log.close()
    assert verify(loop.hall.data / "journal.db").ok
    checker = loop.judged()
    assert checker.violations == []
    acknowledged = {told.key for told in loop.history if told.outcome == "ok"}
    assert len(acknowledged) > 10 * len(disasters)
    assert checker.calls > 0
    assert loop.retries > 0
    return loop


def test_killed_at_exact_points_of_a_commit(tmp_path: Path) -> None:
    """M18: between any two steps of a commit there is nothing half done."""
    survived(tmp_path, [at_commit(point, at) for point, at in zip(POINTS, (3, 20, 11), strict=True)])


def test_killed_under_load(tmp_path: Path) -> None:
    survived(tmp_path, [at_random] * 3)


@pytest.mark.slow
def test_twenty_five_kills_under_load_lose_nothing(tmp_path: Path) -> None:
    """R8: and each time the first answer comes soon, however much has happened."""
    loop = survived(tmp_path, [at_random] * 25)
    assert sorted(loop.first_answer_s)[len(loop.first_answer_s) // 2] < 5


@pytest.mark.slow
def test_killed_at_every_early_commit(tmp_path: Path) -> None:
    survived(tmp_path, [at_commit(point, at) for at in (1, 2, 5, 9, 30) for point in POINTS])
