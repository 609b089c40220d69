"""The least that a durable ticket costs: aiohttp, one SQLite table, WAL FULL, group commit. What can be reached.

No rules, no journal chain, no idempotency, no validation, no pictures but the number itself. Beside it the figures of
the hall are ratios, and ratios are what counts from one machine to another.
"""

import asyncio
import json
import queue
import sqlite3
import sys
import threading

from aiohttp import WSMsgType, web

tickets: "queue.SimpleQueue[tuple[str, int, asyncio.Future[None]] | None]" = queue.SimpleQueue()
numbers: dict[str, int] = {}
walls: set[web.WebSocketResponse] = set()


def write(path: str, loop: asyncio.AbstractEventLoop) -> None:
    """The writer thread: whatever is queued becomes one commit."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE tickets(line TEXT, number INTEGER, PRIMARY KEY(line, number))")
    while (first := tickets.get()) is not None:
        batch = [first]
        while not tickets.empty() and len(batch) < 1024 and (one := tickets.get()) is not None:
            batch.append(one)
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO tickets VALUES (?, ?)", [(line, number) for line, number, _ in batch])
        db.execute("COMMIT")
        loop.call_soon_threadsafe(lambda done=[f for *_, f in batch]: [f.done() or f.set_result(None) for f in done])


async def take(request: web.Request) -> web.Response:
    """A number, once it is on disk."""
    line = (await request.json())["line"]
    numbers[line] = number = numbers.get(line, 0) + 1
    stored = asyncio.get_running_loop().create_future()
    tickets.put((line, number, stored))
    await stored
    return web.json_response({"number": f"{line}{number:03d}"}, status=201)


async def call(request: web.Request) -> web.Response:
    """A call, once it is on disk, told to every wall."""
    number = numbers[""] = numbers.get("", 0) + 1
    stored = asyncio.get_running_loop().create_future()
    tickets.put(("call", number, stored))
    await stored
    told = json.dumps({"patch": {"calls": [f"A{number:03d}"]}})
    sending = [asyncio.ensure_future(wall.send_str(told)) for wall in walls]
    if sending:
        await asyncio.wait(sending)
    return web.json_response({"ticket": {"number": f"A{number:03d}"}})


async def live(request: web.Request) -> web.WebSocketResponse:
    """A wall."""
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    walls.add(socket)
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await socket.send_str('{"snapshot":{}}')
    walls.discard(socket)
    return socket


async def main(path: str) -> None:
    """Serves until it is killed."""
    threading.Thread(target=write, args=(path, asyncio.get_running_loop()), daemon=True).start()
    sys.setswitchinterval(0.0005)
    app = web.Application()
    app.add_routes([web.post("/tickets", take), web.post("/call", call), web.get("/live", live)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=4096)
    await site.start()
    print(f"ready {runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
