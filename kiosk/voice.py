"""The kiosk's voice: espeak-ng where it is installed; its words stand on the screen as a caption in any case."""

from __future__ import annotations

import shutil
import subprocess

import structlog

VOICES = {"zh-Hans": "cmn", "zh-Hant": "cmn", "en": "en"}
WORDS_A_MINUTE = "150"
TEXT_MAX = 400
log = structlog.get_logger("kiosk.voice")


class Voice:
    """Says one text at a time; a new one ends the old one."""

    def __init__(self, *, on: bool = True) -> None:
        self._program = shutil.which("espeak-ng") if on else None
        self._speaking: subprocess.Popen[bytes] | None = None

    @property
    def audible(self) -> bool:
        """Whether this machine can speak."""
        return self._program is not None

    def say(self, text: str, *, language: str) -> None:
        """Speaks and returns at once."""
        self.hush()
        if self._program is None or not text:
            return
        quiet = subprocess.DEVNULL
        command = [self._program, "-v", VOICES.get(language, "en"), "-s", WORDS_A_MINUTE, "--stdin"]
        try:
            self._speaking = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
            assert self._speaking.stdin is not None
            self._speaking.stdin.write(text[:TEXT_MAX].encode())
            self._speaking.stdin.close()
        except OSError as error:
            log.warning("cannot speak", error=str(error))

    def hush(self) -> None:
        """Silence."""
        process, self._speaking = self._speaking, None
        if process is not None:
            if process.poll() is None:
                process.kill()
            process.wait()
