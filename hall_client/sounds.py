"""Short sounds of the screens through whatever player the system has; silence is never an error."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import structlog
from PySide6.QtCore import QObject, Slot

import assets

PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"))
log = structlog.get_logger("sounds")


class Sounds(QObject):
    """`play("tick")`: the file `assets/sounds/NAME.wav`."""

    def __init__(self, *, on: bool = True) -> None:
        super().__init__()
        self.on = on
        self._player = next((p for p in PLAYERS if shutil.which(p[0])), None)
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def audible(self) -> bool:
        """Whether this machine can play at all."""
        return self.on and (sys.platform == "win32" or self._player is not None)

    @Slot(str)
    def play(self, name: str) -> None:
        """Plays and returns at once; an unknown name is logged."""
        try:
            file = assets.path("sounds", f"{name}.wav")
        except FileNotFoundError:
            log.warning("no such sound", name=name)
            return
        if self.audible:
            self._start(file)

    def _start(self, file: Path) -> None:
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_ASYNC)
            return
        assert self._player is not None
        self._running = [p for p in self._running if p.poll() is None]
        if len(self._running) < 4:  # a stuck sound server must not collect processes
            quiet = subprocess.DEVNULL
            self._running.append(subprocess.Popen([*self._player, str(file)], stdin=quiet, stdout=quiet, stderr=quiet))

    def stop(self) -> None:
        """Ends whatever still plays."""
        for process in self._running:
            if process.poll() is None:
                process.kill()
            process.wait()
        self._running.clear()
