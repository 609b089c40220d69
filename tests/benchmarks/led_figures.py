"""Figures of LED bars: from `show` to the bytes on the port, and how fast each codec reads.

    python -m tests.benchmarks.led_figures

The bars are simulated, over a socket of this machine; a bar stands idle for long enough that its pace of one refresh a
second does not hold the update back: the pace is switched off for the measurement.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hardware.driver import Surroundings
from hardware.inventory import DRIVERS, SIMULATORS
from hardware.led import artnet_codec, bxk_areas, bxk_codec, cpower_codec, cpower_commands, ddp_codec
from hardware.led.bar import BarDriver, Timing
from hardware.led.page import Page
from hardware.port import Port, open_port
from hardware.simulation.server import SimulatorServer

from .bench import Figure
from .load import at_share

UPDATES = 120
GOAL_MS = 10
GOAL_MB_S = 5
STREAM_BYTES = 200_000
READINGS = 30
"""Short and many, the best counts: whatever else runs on the machine steals whole time slices."""
PIECE_BYTES = 4096
"""What a port gives at once on a fast line."""
WAIT_S = 5.0


def figures() -> list[Figure]:
    """Every row about LED bars."""
    rows = [_update(name, height) for name, height in (("bxk", 16), ("cpower", 16), ("artnet", 32), ("ddp", 32))]
    return rows + [_reading(name, make, frame) for name, (make, frame) in _codecs().items()]


# -- update -----------------------------------------------------------------------------------------------------


class _Watched:
    """A port that notes when something is written."""

    def __init__(self, port: Port, written: Callable[[], None]) -> None:
        self._port, self._written = port, written

    def write(self, data: bytes) -> None:
        self._port.write(data)
        self._written()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)


@contextmanager
def _driven(name: str, height: int, written: Callable[[], None]) -> Iterator[BarDriver]:
    listen = "udp" if name in ("artnet", "ddp") else "socket"
    device = SIMULATORS[name]({"height": str(height)}, None)
    with SimulatorServer(device, f"{listen}://127.0.0.1:0") as server:
        around = Surroundings(opener=lambda at: _Watched(open_port(at), written))  # type: ignore[arg-type,return-value]
        timing = Timing(refresh_s=0.0, repeat_s=1e9, ping_s=1e9)
        bar: BarDriver = DRIVERS[name](f"{name}+{server.url}?height={height}", around=around, timing=timing)
        stop = threading.Event()
        thread = threading.Thread(target=bar.serve, args=(stop,), daemon=True)
        thread.start()
        try:
            bar.show([Page(("请留意叫号",))]).result(WAIT_S)
            stop.wait(0.3)  # greeted, probed, its clock set: idle
            yield bar
        finally:
            stop.set()
            thread.join(WAIT_S)


def _update(name: str, height: int) -> Figure:
    wrote = threading.Event()
    at: list[float] = []

    def written() -> None:
        at.append(time.perf_counter())
        wrote.set()

    times = []
    with _driven(name, height, written) as bar:
        for number in range(UPDATES):
            wrote.clear()
            at.clear()
            begun = time.perf_counter()
            future = bar.show([Page((f"请A{number:03}号到3号窗口",))])
            if not wrote.wait(WAIT_S):
                raise RuntimeError(f"{name}: nothing was written")
            times.append((at[0] - begun) * 1000)
            future.result(WAIT_S)
            wrote.wait(0.04)  # the driver is back in its waiting, as it is nearly always
    times.sort()
    p50, p99 = at_share(times, 0.5), at_share(times, 0.99)
    what = f"LED update to the first byte on the port, {name} 192x{height}, p99"
    return Figure(what, p99, "ms", goal=f"<= {GOAL_MS} ms", reached=p99 <= GOAL_MS, note=f"p50 {p50:.2f} ms")


# -- reading ----------------------------------------------------------------------------------------------------


def _codecs() -> dict[str, tuple[Callable[[], Any], bytes]]:
    text, _ = bxk_areas.text_bytes("请A041号到3号窗口 " * 20)
    area = bxk_areas.DynamicArea(text, width=192, height=16)
    picture = cpower_commands.Picture(192, 32, red=os.urandom(768), green=os.urandom(768))
    (first, *_) = cpower_commands.frames(picture.encode(), card=1)
    return {
        "bxk": (bxk_codec.FrameParser, bxk_codec.Frame(bxk_areas.dynamic_areas([area])).encode()),
        "cpower serial": (cpower_codec.FrameParser, first.encode()),
        "cpower tcp": (cpower_codec.TcpParser, first.encode_tcp()),
        "artnet": (artnet_codec.FrameParser, artnet_codec.Dmx(os.urandom(510), sequence=1).encode()),
        "ddp": (ddp_codec.FrameParser, ddp_codec.Pixels(os.urandom(ddp_codec.DATA_BYTES_MAX), sequence=1).encode()),
    }


def _reading(name: str, make: Callable[[], Any], frame: bytes) -> Figure:
    count = STREAM_BYTES // len(frame)
    stream = frame * count
    pieces = [stream[at : at + PIECE_BYTES] for at in range(0, len(stream), PIECE_BYTES)]
    best = 0.0
    for _ in range(READINGS):
        parser, read = make(), 0
        begun = time.perf_counter()
        for piece in pieces:
            read += len(parser.feed(piece))
        taken = time.perf_counter() - begun
        if read != count:
            raise RuntimeError(f"{name}: {read} of {count} frames were read")
        best = max(best, len(stream) / 1e6 / taken)
    return Figure(f"decode {name}", best, "MB/s", goal=f">= {GOAL_MB_S} MB/s", reached=best >= GOAL_MB_S)


if __name__ == "__main__":
    from .bench import line_of

    for row in figures():
        print(line_of(row), flush=True)
