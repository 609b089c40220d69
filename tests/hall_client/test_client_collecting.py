"""Rubbish with Qt objects in it is collected on the thread of the event loop."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from hall_client import collecting

ROOT = Path(__file__).resolve().parents[2]

FLOOD = """
import gc, sys, threading
from PySide6.QtCore import QCoreApplication, QObject
from hall_client.collecting import Collecting

class Ring(QObject):
    died_on = set()
    def __init__(self):
        super().__init__()
        self.me = self
    def __del__(self):
        Ring.died_on.add(threading.current_thread() is threading.main_thread())

app = QCoreApplication([])
kept = Collecting(app)
rings = [Ring() for _ in range(50)]
del rings
noise = []
thread = threading.Thread(target=lambda: noise.extend([i] for i in range(300_000)))
thread.start(); thread.join()
assert not Ring.died_on, "collected beside the event loop"
kept._timer.setInterval(1)
while not Ring.died_on:
    [[i] for i in range(2_000)]
    app.processEvents()
print(Ring.died_on)
"""


def test_a_busy_thread_never_destroys_what_belongs_to_the_screen() -> None:
    """A thread that allocates a lot would run the automatic collector; ours runs in the event loop alone."""
    told = subprocess.run(
        [sys.executable, "-c", FLOOD], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )
    assert (told.stdout.strip(), told.returncode) == ("{True}", 0), told.stderr


def test_the_generations_are_collected_as_the_interpreter_would(qtbot: Any) -> None:
    was = gc.isenabled()
    gc.disable()
    try:
        gc.collect()
        assert collecting.collect_what_is_due() == -1
        kept = [[n] for n in range(2_000)]
        assert collecting.collect_what_is_due() == 0
        for _ in range(30):
            kept = [[n] for n in range(2_000)]
            collecting.collect_what_is_due()
        assert gc.get_count()[1] <= gc.get_threshold()[1] + 1
        assert len(kept) == 2_000
    finally:
        if was:
            gc.enable()


def test_building_it_ends_the_automatic_collector(qtbot: Any) -> None:
    owner = QObject()
    was = gc.isenabled()
    collecting.Collecting(owner)
    try:
        assert not gc.isenabled()
        assert threading.current_thread() is threading.main_thread()
    finally:
        if was:
            gc.enable()
