# ruff: noqa: E402 - a script finds its neighbours' folder before it imports from it
"""How smoothly a full wall turns its pages, off-screen on the software renderer, and what it costs.

python tests/benchmarks/wall_frames.py      prints one JSON line {"fps", "frame_cpu_ms", "cpu_percent"}
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "display_wall")]

import psutil
from PySide6.QtTest import QTest
from test_display_wall_screens import crowded
from wall_scenes import BOARD, case
from wall_stage import Stage

from display_wall.app import parser
from hall_client.shell import Shell

CHANGES = 8
CHANGE_MS = 220
"""Of a page change, less its first and last frame."""
PACE_S = 6.0


def busy_s() -> float:
    """Processor time of this program."""
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)


def full_wall(folder: Path) -> Stage:
    """Counters, lines, cases and notices, more of each than fit."""
    options = parser().parse_args([])
    options.program = "hall-wall"
    wall = Stage(Shell(options, surface="wall", palette="wall", size=(1920, 1080), title="wall"), folder)
    what = crowded()
    what.board = [case(**dict(row)) for row in BOARD] * 3
    wall.tell(what)
    QTest.qWait(2200)
    return wall


def measured(wall: Stage) -> dict[str, float]:
    """Frames a second and processor time a frame while everything turns; share of a core at the wall's own pace."""
    frames: list[float] = []
    wall.window.frameSwapped.connect(lambda: frames.append(time.perf_counter()))
    rates, spent, drawn = [], 0.0, 0
    for _ in range(CHANGES):
        frames.clear()
        busy = busy_s()
        wall.later(30)
        QTest.qWait(CHANGE_MS)
        spent += busy_s() - busy
        drawn += len(frames)
        if len(frames) > 2:
            rates.append((len(frames) - 1) / (frames[-1] - frames[0]))
        QTest.qWait(200)
    began, busy = time.perf_counter(), busy_s()
    while time.perf_counter() - began < PACE_S:
        wall.later(0.5)
        QTest.qWait(500)
    share = (busy_s() - busy) / (time.perf_counter() - began)
    return {
        "fps": round(sorted(rates)[len(rates) // 2], 1),
        "frame_cpu_ms": round(1000 * spent / drawn, 2),
        "cpu_percent": round(100 * share, 1),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(measured(full_wall(Path(name)))), flush=True)
        os._exit(0)  # nothing is left to tidy up but Qt itself
