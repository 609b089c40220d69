"""Encoded recordings (mp3, ogg, flac) as samples, through whichever decoder the machine has.

The wall decodes by itself at its start; this is for the command line, which knows no Qt.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from array import array
from pathlib import Path

from hardware.audio.clip import RATE, BadClip, Wave, from_pcm, read_wav

LIMIT_S = 30.0
ASK = "apt-get install -y ffmpeg (or mpg123, for mp3 alone)"
_RATE = str(RATE)


def decode(file: Path) -> Wave:
    """A recording of any format. Raises BadClip, OSError."""
    if file.suffix.lower() == ".wav":
        return read_wav(file.read_bytes())
    command = command_for(file)
    if command is None:
        raise BadClip(f"nothing here decodes {file.suffix}: {ASK}")
    try:
        done = subprocess.run(command, capture_output=True, timeout=LIMIT_S, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as error:
        raise BadClip(f"{command[0]} did not end within {LIMIT_S:.0f} s") from error
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise BadClip(f"{command[0]} cannot decode it" + (f": {said[-1][:120]}" if said else ""))
    samples = array("h")
    samples.frombytes(done.stdout[: len(done.stdout) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return from_pcm(samples, channels=1, rate=RATE)


def command_for(file: Path) -> list[str] | None:
    """What to run for 16-bit little-endian mono at `RATE` on standard output; None when nothing is installed."""
    name = str(file.absolute())  # never taken for an option
    ways = {
        "ffmpeg": ["-v", "error", "-nostdin", "-i", name, "-ac", "1", "-ar", _RATE, "-f", "s16le", "-"],
        "mpg123": ["-q", "-m", "-r", _RATE, "-e", "s16", "-s", name],
        "sox": [name, "-t", "raw", "-r", _RATE, "-c", "1", "-b", "16", "-e", "signed-integer", "-L", "-"],
    }
    for program, arguments in ways.items():
        if shutil.which(program) and (program != "mpg123" or file.suffix.lower() == ".mp3"):
            return [program, *arguments]
    return None
