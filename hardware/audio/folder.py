"""A folder of recordings: which there are, read and prepared when first needed, and read again after a change.

Two kinds. A folder as recorded: every clip is trimmed, paced and levelled when it is first used. A built set
(`hall-device voice build`), told by its `voice.json`: all that was done once, and files are used as they are; in it a
syllable stands twice, `NAME.wav` inside a phrase and `NAME.end.wav` before a pause. Folders inside it that are named by
a language (`en`, `bo`) hold the same names in that language. For one thread; `put` may come from another.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from hardware.audio import spelling
from hardware.audio.clip import BadClip, Wave, read_wav
from hardware.audio.joining import prepared

MANIFEST = "voice.json"
FORMAT = 1
END = ".end"
ENCODED = (".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a")
"""Formats that want a decoder."""
KEPT_MAX = 400
"""Prepared clips in memory, about 20 MB; the ones used longest ago go first."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


class ClipFolder:
    """The clips of a hall in one language: names without endings."""

    def __init__(self, folder: Path | None, *, look: bool = True) -> None:
        """Without `look` the drive is not touched before the first `look()`."""
        self.folder = folder
        self.files: dict[str, Path] = {}
        self.built = False
        """Whether the clips are used as they are."""
        self.trouble = ""
        """Why the folder cannot be read, or empty."""
        self.bad: dict[str, str] = {}
        """Clips that cannot be used, and why."""
        self._decoded: dict[str, Wave] = {}
        self._ready: OrderedDict[tuple[str, bool], Wave] = OrderedDict()
        self._seen: frozenset[tuple[str, int, int]] | None = None
        if look:
            self.look()

    def anew(self) -> ClipFolder:
        """The same folder for another thread, not yet looked at; what was decoded is carried over."""
        other = ClipFolder(self.folder, look=False)
        other._decoded = dict(self._decoded)
        return other

    def look(self) -> bool:
        """Reads the list of files again when the folder has changed; True when it did."""
        if self.folder is None:
            return False
        try:
            found = sorted(self.folder.iterdir())
            seen = frozenset((f.name, *_made(f)) for f in found)
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return False
        self.trouble = ""
        if seen == self._seen:
            return False
        self._seen = seen
        self.files = {file.stem: file for file in found if file.suffix.lower() in ENCODED}
        self.files |= {file.stem: file for file in found if file.suffix.lower() == ".wav"}
        self.built = _is_built(self.folder / MANIFEST)
        for name in set(self._decoded) - self.files.keys():
            self._decoded.pop(name, None)
        self.bad.clear()
        self._ready.clear()
        return True

    def languages(self) -> Iterator[tuple[str, Path]]:
        """Further languages: folders inside this one that are named by one."""
        if self.folder is not None and self.folder.is_dir():
            for inside in sorted(self.folder.iterdir()):
                if inside.is_dir() and LANGUAGE.fullmatch(inside.name):
                    yield inside.name, inside

    def to_decode(self) -> list[str]:
        """Clips worth decoding: whole phrases, and of syllables those a call can need."""
        wanted = spelling.vocabulary()
        return [
            name
            for name, file in self.files.items()
            if file.suffix.lower() in ENCODED
            and name not in self._decoded
            and (name in wanted or not name.startswith(spelling.PREFIX))
        ]

    def put(self, name: str, wave: Wave) -> None:
        """The samples of an encoded clip; prepared when first used."""
        self._decoded[name] = wave

    def available(self) -> frozenset[str]:
        """Names that can be said now."""
        wav = {name for name, file in self.files.items() if file.suffix.lower() == ".wav"}
        return frozenset((wav | set(self._decoded)) - self.bad.keys())

    def clip(self, name: str, final: bool) -> Wave:
        """One clip, prepared for its place. Raises BadClip for one that will not do, OSError for a failing disk."""
        key = (name, final)
        if key in self._ready:
            self._ready.move_to_end(key)
            return self._ready[key]
        try:
            self._ready[key] = self._prepared(name, final=final)
        except BadClip as why:
            self.bad[name] = str(why)
            raise
        while len(self._ready) > KEPT_MAX:
            self._ready.popitem(last=False)
        return self._ready[key]

    def _prepared(self, name: str, *, final: bool) -> Wave:
        if not self.built:
            return prepared(name, self.raw(name), final=final)
        end = self.files.get(name + END) if final else None
        return read_wav((end or self.files[name]).read_bytes())

    def raw(self, name: str) -> Wave:
        """One clip as recorded. Raises BadClip, OSError."""
        if name in self._decoded:
            return self._decoded[name]
        return read_wav(self.files[name].read_bytes())


def _made(file: Path) -> tuple[int, int]:
    about = file.stat()
    return about.st_mtime_ns, about.st_size


def _is_built(manifest: Path) -> bool:
    try:
        return bool(json.loads(manifest.read_text(encoding="utf-8")).get("format") == FORMAT)
    except (OSError, ValueError, AttributeError):
        return False
