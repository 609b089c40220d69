"""Recording a hall's phrases one after the other with the system's own recorder; each is checked at once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from hardware.audio.checking import Grade, Report, check_bytes
from hardware.audio.clip import RATE
from hardware.audio.phrases import Wanted

RECORDERS = {
    "pw-record": ("--format=s16", f"--rate={RATE}", "--channels=1"),
    "parecord": ("--file-format=wav", "--format=s16le", f"--rate={RATE}", "--channels=1"),
    "arecord": ("-q", "-t", "wav", "-f", "S16_LE", "-r", str(RATE), "-c", "1"),
}
"""Programs that record a WAV file until they are interrupted, best first."""
ASK = "apt-get install -y alsa-utils; or record with any program from the sheet and run: hall-device voice check"
END_S = 5.0


class NoRecorder(Exception):
    """This machine has no program that records."""


def recorder() -> list[str]:
    """The command, without the file's name. Raises NoRecorder."""
    for program, arguments in RECORDERS.items():
        if os.name == "posix" and shutil.which(program):
            return [program, *arguments]
    raise NoRecorder(f"no program here records: {ASK}")


def record_all(
    todo: Sequence[Wanted],
    folder: Path,
    *,
    command: Sequence[str],
    say: Callable[[str], None],
    ask: Callable[[str], str],
) -> int:
    """Goes through the list with a person; returns how many were kept. `ask` shows a line and waits for Enter."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = 0
    for place, want in enumerate(todo, 1):
        while True:
            say(f"\n[{place}/{len(todo)}] {want.name}:   {want.text}")
            if ask("Enter begins, q ends: ").strip().lower() == "q":
                return kept
            half = folder / f".{want.name}.part.wav"
            report = _take(half, want.name, command, ask)
            say(report.line)
            if report.grade is Grade.BAD or ask("Enter keeps it, r records it again: ").strip().lower() == "r":
                half.unlink(missing_ok=True)
                continue
            os.replace(half, folder / f"{want.name}.wav")
            kept += 1
            break
    return kept


def _take(file: Path, name: str, command: Sequence[str], ask: Callable[[str], str]) -> Report:
    """One attempt: the recorder runs until Enter."""
    quiet = subprocess.DEVNULL
    running = subprocess.Popen([*command, str(file)], stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        ask("... speak; Enter ends: ")
    finally:
        running.send_signal(signal.SIGINT)  # all three write the length into the file's header then
        try:
            running.wait(END_S)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
    try:
        return check_bytes(name, file.read_bytes())
    except OSError as error:
        return Report(name, Grade.BAD, findings=(f"the recorder wrote no file: {error.strerror}",))
