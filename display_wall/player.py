"""The wall's hold on its loudspeaker: hands announcements over, notices a lost device, starts again by itself.

Whatever happens an announcement ends: played, or in silence after its time, so that the band is held all the same. An
announcement cut short by a device that went is said again from its beginning when the device is back before its time is
over. Device health is kept as of every other device (`gone`, `silent`), and told once when lost and once when back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import structlog
from PySide6.QtCore import QElapsedTimer, QObject, QProcess, QTimer, Signal

from hardware.audio.clip import RATE
from hardware.health import Event, HealthBook, Offline, Online, utc_now

KIND = "audio"
RETRIES_MS = (500, 1000, 2000, 5000, 10_000)
"""A lost device is looked for after these spans, then every 10 s for ever (devices.md 4)."""
OVERTIME_MS = 3000
"""A loudspeaker that has not ended an announcement by then hangs."""
COMMAND = (sys.executable, "-m", "display_wall.loudspeaker")
log = structlog.get_logger("voice")


@dataclass
class Piece:
    """The announcement in hand."""

    ident: int
    samples: bytes
    volume: int
    """Percent."""
    state: Literal["waiting", "playing", "silent"] = "waiting"
    """Waiting for a device, played by one, or given up for silence."""
    cut_short: bool = False
    """Whether a device went while it was played; it is begun again once, not for ever."""

    @property
    def ms(self) -> int:
        """How long it sounds."""
        return len(self.samples) * 500 // RATE


class Player(QObject):
    """Plays one announcement at a time; `ended` comes after each, whatever happens."""

    ended = Signal()
    begun = Signal(int)
    """The device has taken the first sample; milliseconds since `play`."""
    changed = Signal()
    """The device's health is another."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        command: tuple[str, ...] = COMMAND,
        wall: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(parent)
        self._command = command
        self.book = HealthBook(kind=KIND, address=KIND, events=self._told, wall=wall)
        self._process: QProcess | None = None
        self.found = False
        """Whether this machine ever had a sound device since the start."""
        self._ready = False
        self._hopeless = False
        self._tries = 0
        self._count = 0
        self._piece: Piece | None = None
        self._since = QElapsedTimer()
        self._limit = QTimer(self, singleShot=True)
        self._limit.timeout.connect(self._over)
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self.open)

    # -- what the wall asks for ---------------------------------------------------------------------------------

    def open(self) -> None:
        """Starts the loudspeaker, if it does not run."""
        if self._process is not None or self._hopeless:
            return
        self._retry.stop()
        self._ready = False
        process = QProcess(self)
        process.setStandardErrorFile(QProcess.nullDevice())  # sound libraries write there whatever they like
        process.readyReadStandardOutput.connect(lambda: self._heard(process))
        process.finished.connect(lambda: self._lost(process, "gone", "the loudspeaker process ended"))
        process.errorOccurred.connect(
            lambda error: (
                self._lost(process, "gone", "it does not start")
                if error == QProcess.ProcessError.FailedToStart
                else None
            )
        )
        self._process = process
        process.start(self._command[0], list(self._command[1:]))

    def play(self, samples: bytes, *, volume: int = 100) -> None:
        """Plays 16-bit mono at `RATE`, little-endian; cuts off what is being played, whose `ended` then never comes."""
        self._count += 1
        self._piece = Piece(self._count, samples, volume)
        self._since.start()
        self._limit.start(self._piece.ms)
        if self._ready:
            self._hand_over()
        else:
            self.open()

    def stop(self) -> None:
        """Ends the loudspeaker; nothing more is told."""
        self._piece, self._hopeless = None, True
        self._limit.stop()
        self._retry.stop()
        process, self._process = self._process, None
        if process is not None:
            self._end(process)

    # -- what the loudspeaker says ------------------------------------------------------------------------------

    def _heard(self, process: QProcess) -> None:
        while process is self._process and process.canReadLine():
            line = bytes(process.readLine().data())
            try:
                said = json.loads(line)
            except ValueError:
                continue  # a library wrote to standard output
            if isinstance(said, dict):
                self._take(process, said)

    def _take(self, process: QProcess, said: dict[str, Any]) -> None:
        word, mine = said.get("say"), self._piece is not None and said.get("id") == self._piece.ident
        if word == "ready":
            self._ready, self.found, self._tries = True, True, 0
            self.book.opened()
            self.book.quiet()  # open; whether it takes sound is known when it has
            log.info("sound device", device=said.get("text"))
            self._hand_over()
            self.changed.emit()
        elif word in ("none", "gone"):
            self._lost(process, "gone", str(said.get("text")))
        elif word == "unusable":
            self._hopeless = True
            log.warning("QtMultimedia does not load", error=said.get("text"), type="sudo apt-get install libpulse0")
            self._lost(process, "gone", "QtMultimedia does not load")
        elif word == "first" and mine:
            self.begun.emit(int(self._since.elapsed()))
            self.book.heard()
            self.changed.emit()
        elif word == "done" and mine:
            self._finish()

    def _hand_over(self) -> None:
        piece = self._piece
        if piece is None or piece.state != "waiting" or self._process is None:
            return
        piece.state = "playing"
        self._limit.start(piece.ms + OVERTIME_MS)
        order = {"id": piece.ident, "bytes": len(piece.samples), "volume": piece.volume}
        self._process.write(json.dumps(order).encode() + b"\n")
        self._process.write(piece.samples)

    def _lost(self, process: QProcess, code: str, why: str) -> None:
        """The device or the loudspeaker is gone: look for it again, soon and then every 10 s."""
        if process is not self._process:
            return
        self._process, self._ready = None, False
        self._end(process)
        if code == "silent":
            self.book.quiet(code=code)
            log.warning("the sound device hangs", why=why)
        elif self.book.lost(code):
            log.warning("announcements are silent", why=why)
        self._wait_again()
        if not self._hopeless:
            self._retry.start(RETRIES_MS[min(self._tries, len(RETRIES_MS) - 1)])
            self._tries += 1
        self.changed.emit()

    def _wait_again(self) -> None:
        """What was cut short keeps the time it had left, and is said again if the device is back by then."""
        piece = self._piece
        if piece is None or piece.state != "playing":
            return
        left = max(0, piece.ms - int(self._since.elapsed()))
        if piece.cut_short or self._hopeless:
            piece.state = "silent"
            self._limit.start(left)
            return
        piece.state, piece.cut_short = "waiting", True
        self._limit.start(max(left, RETRIES_MS[0] + RETRIES_MS[1]))

    def _over(self) -> None:
        """The time of an announcement is over: it was a silent one, or the loudspeaker hangs."""
        piece, process = self._piece, self._process
        if piece is not None and piece.state == "playing" and process is not None:
            piece.state = "silent"
            self._lost(process, "silent", "the sound device takes no sound")
        self._finish()

    def _finish(self) -> None:
        self._limit.stop()
        if self._piece is not None:
            self._piece = None
            self.ended.emit()

    def _end(self, process: QProcess) -> None:
        process.closeWriteChannel()
        if process.state() != QProcess.ProcessState.NotRunning:
            process.kill()
            process.waitForFinished(1000)
        process.deleteLater()

    def _told(self, event: Event) -> None:
        if isinstance(event, Online | Offline):
            log.info("sound device is back" if isinstance(event, Online) else "sound device is lost")
