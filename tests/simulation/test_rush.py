"""Everybody at one instant, against the real program: no number twice, no ticket at two counters (M3, M6; issue 3)."""

from __future__ import annotations

import asyncio
import json

import pytest
from benchmarks.load import Connection
from benchmarks.served import Hall
from checker import Checker, Recorded

from hall_server.cli.access import opened
from hall_server.core.places.catalogue import ClerkRow, CounterRow, TakeOver
from hall_server.journal.reader import Reader
from hall_server.office import perform

KIOSKS, COUNTERS = 256, 16


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    """Sixteen counters that serve the same line, one kiosk's token pressed over 256 connections."""
    made = Hall.made(tmp_path_factory.mktemp("rush") / "hall")

    async def furnish() -> None:
        async with opened(made.data, program="a test") as office:
            counters = tuple(CounterRow(counter=f"R{n}", department="d", lines=("C",)) for n in range(COUNTERS))
            clerks = tuple(ClerkRow(number=f"9{n:03}", department="d") for n in range(COUNTERS))
            await office.do(TakeOver(counters=counters, clerks=clerks))
            made.tokens["K1"] = (await perform(office, "device_add", {"role": "kiosk", "name": "K1"}))["token"]
            for n in range(COUNTERS):
                device = {"role": "counter", "name": f"CR{n}", "counter": f"R{n}"}
                made.tokens[f"R{n}"] = (await perform(office, "device_add", device))["token"]
                await perform(office, "clerk_set_pin", {"clerk": f"9{n:03}", "pin": Hall.PIN})

    asyncio.run(furnish())
    return made


def test_256_kiosks_press_and_16_counters_call_at_one_instant(hall: Hall) -> None:
    served = hall.start()
    numbers: list[str] = []
    called: list[str] = []

    async def press(connection: Connection) -> None:
        status, body = await connection.ask("POST", "/api/v1/tickets", {"line": "C"}, token=hall.tokens["K1"])
        assert status == 201, body
        numbers.append(json.loads(body)["number"])

    async def sit_down(n: int) -> tuple[Connection, str]:
        connection = await Connection.to(served.port)
        signing = {"clerk": f"9{n:03}", "pin": Hall.PIN}
        status, body = await connection.ask("POST", "/api/v1/sessions", signing, token=hall.tokens[f"R{n}"])
        assert status == 201, body
        token = json.loads(body)["token"]
        status, body = await connection.ask("POST", f"/api/v1/counters/R{n}/open", token=token)
        assert status == 200, body
        return connection, token

    async def call(n: int, connection: Connection, token: str) -> None:
        status, body = await connection.ask("POST", f"/api/v1/counters/R{n}/call-next", token=token)
        assert status == 200, body
        ticket = json.loads(body)["ticket"]
        assert ticket is not None
        called.append(ticket["number"])
        for act in ("begin", "finish"):
            status, body = await connection.ask("POST", f"/api/v1/counters/R{n}/{act}", token=token)
            assert status == 200, body

    async def work() -> None:
        kiosks = [await Connection.to(served.port) for _ in range(KIOSKS)]
        seats = [await sit_down(n) for n in range(COUNTERS)]
        for _ in range(3):
            await asyncio.gather(*(press(connection) for connection in kiosks))
        for _ in range(6):
            await asyncio.gather(*(call(n, *seat) for n, seat in enumerate(seats)))
        # All at once, presses and calls.
        await asyncio.gather(
            *(press(connection) for connection in kiosks), *(call(n, *seat) for n, seat in enumerate(seats))
        )
        for connection in (*kiosks, *(connection for connection, _ in seats)):
            connection.close()
        await asyncio.sleep(0)  # the loop lets the sockets go before it ends

    try:
        asyncio.run(work())
    finally:
        served.stop()
    assert sorted(numbers, key=lambda n: int(n[1:])) == [f"C{n:03d}" for n in range(1, 4 * KIOSKS + 1)]
    assert len(called) == len(set(called)) == 7 * COUNTERS
    with Reader(hall.data / "journal.db") as reader:
        rows = [Recorded(r.seq, r.at, r.type, bytes(r.data), r.actor, r.hash) for r in reader.stream()]
    checker = Checker().feed(rows)
    assert checker.violations == []
    assert sorted(called) == sorted(t[9:] for t, p in checker.tickets.items() if p.state == "finished")
