"""Figures of pads: how fast each codec reads, and from a pad's key to the call in a wall's picture.

    python -m tests.benchmarks.pad_figures

The way of a key is measured through the real programs: hall-server, hall-counter off-screen with its pad on a socket of
this machine. It begins when the pad's frame is written and ends when the patch with the call has reached a wall's
connection; drawing the wall is measured elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from hardware.keypads import codec as neutral
from hardware.keypads.hid import codec as hid
from hardware.keypads.pad68 import codec as pad68
from hardware.keypads.template import codec as template
from hardware.keypads.template.profiles import built_in

from .bench import Figure
from .load import Connection, at_share, until_last, walls
from .served import Hall

STREAM_BYTES = 2_000_000
PIECE_BYTES = 4096
"""What a port gives at once on a fast line."""
GOAL_MB_S = 5
KEYS = 200
WARM = 3
"""Visits before counting: the window makes its rows and cards when it shows the first ones."""
GOAL_MS = 150
COUNTER, CLERK = "3", "0312"
LIMIT_S = 20.0


def figures(*, quick: bool = False) -> list[Figure]:
    """Every row about pads."""
    rows = [_reading(name, make, frames) for name, (make, frames) in _codecs().items()]
    return [*rows, asyncio.run(_key_to_wall(40 if quick else KEYS))]


# -- reading ----------------------------------------------------------------------------------------------------


def _codecs() -> dict[str, tuple[Callable[[], Any], list[bytes]]]:
    """A parser and frames as the line would carry them, of many addresses and keys."""
    example, raw1 = built_in()["example"].incoming, built_in()["raw1"].incoming
    keys = ("call", "recall", "no_show", "hold", "return", "transfer", "pause", "rate")
    press = [
        neutral.frame_of(neutral.Press(n, 1 + n % 5, n * 7919, 900 + n), addr=1 + n % 200, seq=n % 256).encode()
        for n in range(500)
    ]
    return {
        "pad68": (pad68.FrameParser, [pad68.key_frame(addr, key).encode() for addr in range(1, 255) for key in keys]),
        "neutral": (neutral.FrameParser, press),
        "template, frame": (
            lambda: template.FrameParser(example),
            [example.encode(addr=addr, key=key) for addr in range(1, 255) for key in range(0x31, 0x36)],
        ),
        "template, one byte": (lambda: template.FrameParser(raw1), [bytes((key,)) for key in range(1, 6)]),
        "hid": (hid.EventParser, [hid.event(2 + n % 5, n % 2, at_us=n) for n in range(1000)]),
    }


def _reading(name: str, make: Callable[[], Any], frames: list[bytes]) -> Figure:
    once = b"".join(frames)
    times = STREAM_BYTES // len(once) + 1
    stream, count = once * times, len(frames) * times
    pieces = [stream[at : at + PIECE_BYTES] for at in range(0, len(stream), PIECE_BYTES)]
    best = 0.0
    for _ in range(3):
        parser, read = make(), 0
        begun = time.perf_counter()
        for piece in pieces:
            read += len(parser.feed(piece))
        taken = time.perf_counter() - begun
        if read != count:
            raise RuntimeError(f"{name}: {read} of {count} frames were read")
        best = max(best, len(stream) / 1e6 / taken)
    return Figure(f"decode {name}", best, "MB/s", goal=f">= {GOAL_MB_S} MB/s", reached=best >= GOAL_MB_S)


# -- from a key to the wall -------------------------------------------------------------------------------------


class _Pad:
    """The pad at the far end of the counter's line."""

    def __init__(self) -> None:
        self._writer: asyncio.StreamWriter | None = None
        self.connected = asyncio.Event()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._taken, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._writer = writer
        self.connected.set()
        with suppress(asyncio.CancelledError, ConnectionError):
            while await reader.read(4096):
                pass

    async def press(self, key: str) -> None:
        assert self._writer is not None
        self._writer.write(pad68.key_frame(1, key).encode())

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        if self._server is not None:
            self._server.close()


class _Counter:
    """hall-counter off-screen, driven through its test port."""

    def __init__(self, hall: Hall, folder: Path, pad_port: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._drive = free.getsockname()[1]
        token = folder / "counter.token"
        token.write_text(hall.tokens[f"C{COUNTER}"])
        offscreen = {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software", "HALL_DRIVE": str(self._drive)}
        with (folder / "counter.log").open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-c", "from counter_client.app import main; import sys; sys.exit(main())"),
                    *("--server", f"http://127.0.0.1:{hall.port}", "--counter", COUNTER, "--token-file", str(token)),
                    *("--pad", f"pad68+socket://127.0.0.1:{pad_port}?addr=1"),
                ],
                stderr=log,
                env=os.environ | offscreen,
            )

    async def do(self, line: str) -> dict[str, Any]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._drive)
        writer.write(line.encode() + b"\n")
        answer: dict[str, Any] = json.loads(await reader.readline())
        writer.close()
        return answer

    async def until(self, **wanted: Any) -> None:
        """Waits for what the program says of itself."""
        await self._until(lambda state: all(state.get(name) == value for name, value in wanted.items()), str(wanted))

    async def until_can(self, act: str) -> None:
        """Waits until the clerk may do this."""
        await self._until(lambda state: act in state["can"], act)

    async def _until(self, condition: Callable[[dict[str, Any]], bool], what: str) -> None:
        end = time.monotonic() + LIMIT_S
        state: dict[str, Any] = {}
        while time.monotonic() < end:
            try:
                state = await self.do("state")
            except OSError:
                state = {}
            if state and condition(state):
                return
            await asyncio.sleep(0.02)
        raise RuntimeError(f"the counter did not come to {what}: {state}")

    async def sign_in(self, pin: str) -> None:
        await self.until(stage="signed_out")
        for line in ("tap signin_clerk", f"text {CLERK}", "key Return", f"text {pin}", "key Return"):
            await self.do(line)
        await self.until(stage="desk")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)


async def _key_to_wall(keys: int) -> Figure:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        hall, pad = Hall.made(folder / "hall"), _Pad()
        kiosk, wall = hall.pair("kiosk", "K1"), hall.pair("wall", "W1")
        hall.prepare_clerk(COUNTER, CLERK)
        served = hall.start()
        await pad.listen()
        counter = _Counter(hall, folder, pad.port)
        try:
            door = await Connection.to(served.port)
            for _ in range(WARM + keys + 3):
                status, body = await door.ask("POST", "/api/v1/tickets", {"line": "A"}, token=kiosk)
                assert status == 201, body
            await counter.sign_in(hall.PIN)
            await asyncio.wait_for(pad.connected.wait(), LIMIT_S)
            hello = {"hello": 1, "picture": "wall:main", "after": None}
            screens = await walls(served.port, 1, path="/api/v1/live", token=wall, hello=hello)
            times = await _calls(counter, pad, screens, keys)
            door.close()
            for screen in screens:
                screen.close()
        finally:
            counter.stop()
            pad.close()
            served.stop(kill=True)
    times.sort()
    p50, p99 = at_share(times, 0.5), at_share(times, 0.99)
    return Figure(
        "pad key to the call in a wall's picture, p99", p99, "ms", goal=f"<= {GOAL_MS} ms", reached=p99 <= GOAL_MS,
        note=f"p50 {p50:.1f} ms, {len(times)} calls after {WARM}",
    )  # fmt: skip


async def _calls(counter: _Counter, pad: _Pad, screens: list[Any], keys: int) -> list[float]:
    """From the pad alone: open, then call and put on hold, one visitor after another."""
    await pad.press("pause")
    await counter.until(counter_state="open")
    await counter.until_can("call_next")
    times = []
    for _ in range(WARM + keys):
        times.append(await until_last(screens, b'"calls"', lambda: pad.press("call")))
        await counter.until_can("park")
        await pad.press("hold")
        await counter.until_can("call_next")
    return times[WARM:]


if __name__ == "__main__":
    from .bench import line_of

    for row in figures(quick="--quick" in sys.argv):
        print(line_of(row), flush=True)
