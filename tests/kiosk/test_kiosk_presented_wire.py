"""The real kiosk with a simulated card reader and scanner on sockets, on a real server: one number a person, one way
back, and nothing of anybody on this machine's disk or in the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from kiosk_world import World, run, wait_for

from hall_server.trust.tokens import load_secret
from hardware.readers.simulated import SimulatedReader, SimulatedScanner, synthetic
from hardware.simulation.server import SimulatorServer

NUMBER, PIN = "11010519491231002X", "482913"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    one = World(tmp_path)
    yield one
    one.close()


class Clerk:
    """A clerk at a counter, by HTTP."""

    def __init__(self, world: World, counter: str) -> None:
        self._base = f"http://127.0.0.1:{world.port}/api/v1"
        run("clerk", "set-pin", "--data", str(world.data), "--clerk", "0312", stdin=f"{PIN}\n")
        self._token = world.device("counter", "C", "--counter", counter)
        self._token = self.ask("POST", "/sessions", {"clerk": "0312", "pin": PIN})["token"]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        headers["Idempotency-Key"] = uuid4().hex
        data = json.dumps(body).encode() if body is not None else None
        with urlopen(Request(self._base + path, data=data, headers=headers, method=method), timeout=10) as answer:
            return json.loads(answer.read() or b"null")


def issued(world: World) -> list[dict[str, Any]]:
    return [json.loads(e["data"]) for e in world.events() if e["type"] == "ticket_issued"]


def test_a_card_takes_one_number_and_a_late_paper_comes_back(world: World) -> None:
    reader, scanner = SimulatedReader(), SimulatedScanner()
    with (
        SimulatorServer(reader, "socket://127.0.0.1:0") as cards,
        SimulatorServer(scanner, "socket://127.0.0.1:0") as codes,
    ):
        world.start_kiosk("--reader", f"samv+{cards.url}", "--scanner", f"scanner+{codes.url}", printer=False)
        names = lambda: [i["name"] for i in world.screen("home")["items"] if i["name"].startswith("service:")]  # noqa: E731
        service = str(wait_for(names, told="the tiles")[0])
        wait_for(lambda: world.state()["reader"] == "ready", told="the reader")

        world.tap(service, then="detail")
        reader.place(synthetic())
        number = wait_for(lambda: world.state()["number"], told="a number for the card")
        reader.remove()
        (first,) = issued(world)
        assert first["number"] == number
        world.tap("done", then="home")

        world.tap(service, then="detail")
        reads = reader.reads
        reader.place(synthetic())
        wait_for(lambda: reader.reads > reads, told="the second reading")
        reader.remove()
        world.screen("refused")
        world.tap("back", then="detail")
        reader.place(synthetic(2))
        other = wait_for(lambda: world.state()["number"], told="a number for somebody else")
        assert other != number
        assert len(issued(world)) == 2
        world.tap("done", then="home")

        counter = {"A": "3", "B": "7", "C": "1"}.get(str(first["line"]), "6")
        clerk = Clerk(world, counter)
        clerk.ask("POST", f"/counters/{counter}/open")
        called = clerk.ask("POST", f"/counters/{counter}/call", {"number": number, "reason": "test"})["ticket"]
        clerk.ask("POST", f"/counters/{counter}/no-show", {})
        assert called["id"] == first["ticket"]
        token = load_secret(world.data / "keys").seal("ticket", first["ticket"])
        scanner.scan(f"https://hall.example/t/{token}")
        world.screen("scanned")
        wait_for(lambda: any(e["type"] == "ticket_reinstated" for e in world.events()), told="the way back")
        scanner.scan("481203")
        wait_for(lambda: world.state()["screen"] == "scanned", told="the appointment")

        everything = [p for p in world.folder.rglob("*") if p.is_file()]
        assert any(p.name == "kiosk.db" for p in everything)
        for path in everything:
            raw = path.read_bytes()
            assert NUMBER.encode() not in raw, path
            assert synthetic(2).number.encode() not in raw, path
            assert "样例".encode() not in raw, path
            assert path.suffix != ".log" or token.encode() not in raw, path
