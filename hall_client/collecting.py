"""Python's cyclic garbage is collected on the screens' own thread and on no other.

The automatic collector runs on whichever thread allocates next. When that is a driver's or the network's thread and the
garbage holds Qt objects, they are destroyed beside a running event loop and the program dies in it, perhaps after weeks
(seen with sockets in a cycle: 2 of 4 runs; never when collected here).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 2_000
"""Between two looks; a screen allocates a few thousand objects in that time."""


def collect_what_is_due() -> int:
    """Collects the generations the interpreter's own thresholds ask for; returns the oldest one, or -1 for none."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    due = -1
    for generation in range(3):
        if counts[generation] <= thresholds[generation]:
            break
        due = generation
    if due >= 0:
        gc.collect(due)
    return due


class Collecting(QObject):
    """Takes the automatic collector's place from now on. Build it on the thread of the event loop."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start()
