# ruff: noqa: E402 - a script finds its own folder before it imports from it
"""How long from the lift of the finger on 取号 to the number in the frame buffer, with a real server on this machine.

python tests/kiosk/kiosk_bench.py [ROUNDS]      prints one JSON line {"p50_ms", "p99_ms", "rounds"}
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

from kiosk_world import World

from hall_client.drive import centre, find, tap
from hall_client.link import Link
from hall_client.outbox import Outbox
from hall_client.shell import Shell
from kiosk.app import QML, SIZE
from kiosk.desk import Desk, new_key
from kiosk.flow import Flow
from kiosk.viewmodels import KioskScreen
from kiosk.voice import Voice


def measure(rounds: int, folder: Path) -> list[float]:
    """Milliseconds of each round, sorted."""
    world = World(folder)
    options = argparse.Namespace(program="hall-kiosk", window=None, screenshot=None, after=0.0)
    shell = Shell(options, surface="kiosk", size=SIZE, title="bench")
    screen = KioskScreen()
    flow = Flow(new_key=new_key, now=time.monotonic())
    desk = Desk(shell, flow=flow, screen=screen, outbox=Outbox(folder / "kiosk.db"), voice=Voice(on=False))
    desk.connect_hall(Link(f"http://127.0.0.1:{world.port}", token=world.token.read_text(), picture="kiosk:"))
    shell.clock.tell_by(desk.hall_now)
    window = shell.show(QML, kiosk=screen)
    desk.start()
    frames: list[float] = []
    window.frameSwapped.connect(
        lambda: frames.append(time.perf_counter()) if flow.screen in ("ticket", "paper") else None
    )

    def until(what: Callable[[], object], *, limit_s: float = 20.0, must: bool = True) -> None:
        end = time.monotonic() + limit_s
        while not what() and time.monotonic() < end:
            shell.app.processEvents()
            time.sleep(0.0005)
        assert what() or not must, f"stuck on {flow.screen}"

    def touch(name: str, done: Callable[[], bool]) -> None:
        """Touches until it counts: the dead time after a page change ignores a touch."""
        while not done():
            item = find(window, name)
            if item is not None:
                tap(window, centre(item))
            until(done, limit_s=0.06, must=False)

    until(lambda: flow.screen == "home" and sum(flow.world.left.values()) >= 100)
    took: list[float] = []
    for _ in range(rounds):
        touch(f"service:{flow.top[0]}", lambda: flow.screen == "detail")
        until(lambda: False, limit_s=0.6, must=False)  # the page has come in and its dead time is over
        frames.clear()
        item = find(window, "take")
        assert item is not None
        begun = time.perf_counter()
        tap(window, centre(item))
        until(lambda: bool(frames))
        took.append((frames[0] - begun) * 1000)
        touch("done", lambda: flow.screen == "home")
    desk.stop()
    shell.close()
    world.close()
    return sorted(took)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory() as name:
        times = measure(wanted, Path(name))
    result = {"p50_ms": times[len(times) // 2], "p99_ms": times[min(len(times) - 1, int(len(times) * 0.99))]}
    print(json.dumps({k: round(v, 1) for k, v in result.items()} | {"rounds": wanted}))  # noqa: T201 - its answer
