"""A built set: every recording prepared once and written as WAV, so that the wall only reads and joins."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hardware.audio import spelling
from hardware.audio.clip import RATE, BadClip, Wave
from hardware.audio.decoding import decode
from hardware.audio.folder import END, FORMAT, MANIFEST, ClipFolder
from hardware.audio.joining import prepared
from hardware.audio.levels import LOUDNESS_LUFS, loudness_lufs

BUILDING = MANIFEST + ".new"
"""Stands in a folder while it is being built."""


@dataclass(frozen=True)
class Built:
    """What became of one recording."""

    name: str
    files: int = 0
    lufs_before: float = 0.0
    lufs_after: float = 0.0
    why: str = ""
    """Why it was left out, or empty."""


class NotOurs(Exception):
    """The target holds files that no earlier build made; the text says which folder."""


def build(source: ClipFolder, target: Path) -> Iterator[Built]:
    """Prepares every usable clip of `source` into `target`; of a large collection only the syllables a call can need.

    The manifest is written last: a build that was broken off is no built set. Raises NotOurs, OSError.
    """
    if source.built:
        raise NotOurs(f"{source.folder} is a built set already; build from the recordings")
    _clear(target)
    wanted, levels = spelling.vocabulary(), []
    for name in sorted(source.files):
        if name.startswith(spelling.PREFIX) and name not in wanted:
            continue
        built = _one(name, source.files[name], target)
        levels += [built.lufs_after] if built.files else []
        yield built
    about = {"format": FORMAT, "rate": RATE, "lufs": LOUDNESS_LUFS, "clips": len(levels)}
    text = json.dumps(about, indent=1) + "\n"
    if levels:
        (target / MANIFEST).write_text(text, encoding="utf-8")
    (target / BUILDING).unlink()


def _clear(target: Path) -> None:
    """An empty folder, or one an earlier build made."""
    target.mkdir(parents=True, exist_ok=True)
    found = [entry for entry in target.iterdir() if entry.is_file()]
    ours = (target / MANIFEST).exists() or (target / BUILDING).exists()
    if found and not ours:
        raise NotOurs(f"{target} holds other files; name an empty folder")
    (target / BUILDING).touch()
    for file in found:
        if file.suffix == ".wav" or file.name == MANIFEST:
            file.unlink()


def _one(name: str, file: Path, target: Path) -> Built:
    try:
        raw = decode(file)
        clips = {name: prepared(name, raw, final=False)}
        if name.startswith(spelling.PREFIX):
            clips[name + END] = prepared(name, raw, final=True)
        before = loudness_lufs(raw)
    except (BadClip, OSError) as why:
        return Built(name, why=str(why))
    for stem, clip in clips.items():
        _write(target / f"{stem}.wav", clip)
    return Built(name, len(clips), round(before, 1), round(loudness_lufs(clips[name]), 1))


def _write(file: Path, clip: Wave) -> None:
    """Whole or not at all: a wall may be reading."""
    half = file.with_suffix(".part")
    half.write_bytes(clip.to_wav())
    os.replace(half, file)
