"""Announcements made and performed: recordings of the hall's folder, English by espeak-ng, or the chime alone.

Making happens on a thread of its own; the screen never waits for it. A folder on a drive that hangs costs one chime,
not the voice: the thread is given up and another one begins. Nothing that failed once is given up for good.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from queue import SimpleQueue

import structlog
from PySide6.QtCore import QObject, QTimer, Signal

import assets
from assets.i18n import Catalogue
from display_wall.player import Player
from display_wall.voice import Saying
from hardware.audio import spelling
from hardware.audio.clip import BadClip, Wave, little_endian, read_wav
from hardware.audio.folder import ClipFolder
from hardware.audio.joining import announcement, joined
from hardware.audio.levels import levelled, trimmed
from hardware.audio.spelling import Phrase

ESPEAK_LIMIT_S = 3.0
MAKE_LIMIT_MS = 5000
"""An announcement not made by then is a chime: the drive with the recordings hangs."""
log = structlog.get_logger("voice")


@dataclass(frozen=True)
class Made:
    """One announcement as sound."""

    wave: Wave
    lacking: tuple[str, ...] = ()
    """Clips that a hall with a folder should have and has not: something else was said instead."""


class Maker:
    """Makes the sound of a saying. Used on one thread."""

    def __init__(
        self, folder: ClipFolder, catalogue: Catalogue, *, english: bool = True, chime: Wave | None = None
    ) -> None:
        self.folder = folder
        self.chime = chime or built_in_chime()
        self._others: list[ClipFolder] | None = None
        """Further languages; None before the folder was looked into."""
        self._catalogue = catalogue
        self.espeak = shutil.which("espeak-ng") if english else None
        self._told: set[str] = set()

    def anew(self) -> Maker:
        """The same for another thread; touches no drive."""
        other = Maker(self.folder.anew(), self._catalogue, english=False, chime=self.chime)
        other.espeak = self.espeak
        return other

    def make(self, saying: Saying) -> Made:
        """Chime and phrases. Without clips the phrase is English, or the chime stands alone; the band says the rest."""
        self._look()
        phrases, lacking = self._said(saying)
        return Made(announcement(self._own_chime(), phrases), lacking)

    def warm(self) -> None:
        """Prepares what every call needs, so that the first one does not wait for it."""
        for name in sorted(self.folder.available()):
            if name in spelling.vocabulary() or name.startswith(("to", "prefix", "digit")):
                for final in (False, True):
                    self._tried(lambda n=name, f=final: self.folder.clip(n, f))  # type: ignore[misc]

    def _look(self) -> None:
        if self.folder.look() or self._others is None:
            self._told.clear()
            self._others = [ClipFolder(inside) for _, inside in self.folder.languages()]
        self._tell_once([f"folder: {self.folder.trouble}"] if self.folder.trouble else [])

    def _said(self, saying: Saying) -> tuple[list[Wave], tuple[str, ...]]:
        """The phrase as often as the hall repeats it, then once in every further language recorded."""
        own, lacking = self._in(self.folder, saying)
        if own is None:
            english = self._english(self._sentence(saying))
            return ([english] * saying.repeats if english else []), lacking
        others = [self._in(folder, saying)[0] for folder in self._others or ()]
        return [own] * max(1, saying.repeats) + [wave for wave in others if wave is not None], lacking

    def _in(self, folder: ClipFolder, saying: Saying) -> tuple[Wave | None, tuple[str, ...]]:
        """In one language; None and the names when recordings are missing."""
        for _ in range(2):  # a clip that turns out bad is no longer available: the second time goes round it
            sentence, missing = spelling.resolve(phrases_of(saying), folder.available())
            if missing:
                break
            wave = self._tried(lambda s=sentence: joined(s, folder.clip))  # type: ignore[misc]
            if wave is not None:
                return wave, ()
        news = tuple(missing or sorted(folder.bad) or (folder.trouble or "unreadable",)) if folder.files else ()
        self._tell_once(news)
        return None, news

    def _tried(self, act: Callable[[], Wave]) -> Wave | None:
        """What cannot be read now is named once and tried again next time."""
        try:
            return act()
        except (OSError, BadClip) as error:
            self._tell_once([str(error)])
            return None

    def _tell_once(self, troubles: Iterable[str]) -> None:
        news = sorted(set(troubles) - self._told)
        if news:
            self._told.update(news)
            log.warning("recordings missing or not usable", what=news[:20], folder=str(self.folder.folder))

    def _sentence(self, saying: Saying) -> str:
        say = self._catalogue.say
        if saying.kind == "call":
            return say("call.voice", "en", number=spelling.english(saying.number), counter=saying.counter)
        if saying.kind == "stale":
            return say("wall.listen", "en")
        way = f"evac.exit.{saying.exit}" if saying.exit else "evac.way_unknown"
        return f"{say('evac.title', 'en')}. {say(way, 'en')}."

    def _english(self, text: str) -> Wave | None:
        if self.espeak is None:
            return None
        command = [self.espeak, "-v", "en-us", "-s", "150", "--stdout", text]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=ESPEAK_LIMIT_S, check=True, stdin=subprocess.DEVNULL
            )
            return levelled(trimmed(read_wav(_whole(done.stdout))))
        except (OSError, subprocess.SubprocessError, BadClip) as error:
            self._tell_once([f"espeak-ng: {error}"])
            return None

    def _own_chime(self) -> Wave:
        if "chime" not in self.folder.available():
            return self.chime
        return self._tried(lambda: self.folder.clip("chime", True)) or self.chime


def _whole(wav: bytes) -> bytes:
    """espeak-ng writes to a pipe and leaves a length it cannot know; the true one is put in (offsets of its header)."""
    size = len(wav)
    if size < 44 or wav[36:40] != b"data":
        return wav
    return wav[:4] + (size - 8).to_bytes(4, "little") + wav[8:40] + (size - 44).to_bytes(4, "little") + wav[44:]


def built_in_chime() -> Wave:
    """The chime that comes with the program; silence where even that cannot be read."""
    try:
        return read_wav(assets.path("sounds", "chime.wav").read_bytes())
    except (OSError, BadClip) as error:
        log.warning("no chime", error=str(error))
        return Wave(array("h"))


def phrases_of(saying: Saying) -> list[Phrase]:
    """The clips of a saying. Sentences beside calls exist as recordings only: `stale`, `evacuate-left` …"""
    if saying.kind == "call":
        return spelling.call_phrases(saying.number, saying.counter, again=saying.again, yao=saying.yao)
    if saying.kind == "stale":
        return [Phrase("stale")]
    return [Phrase(f"evacuate-{saying.exit}" if saying.exit else "evacuate")]


class Worker:
    """One thread that does one job after the other; a job that hangs is left behind with its thread."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._begin()

    def _begin(self) -> None:
        self._jobs = SimpleQueue()
        self.thread = threading.Thread(target=_work, args=(self._jobs,), name="voice", daemon=True)
        self.thread.start()

    def do(self, job: Callable[[], None]) -> None:
        """Puts a job in line."""
        self._jobs.put(job)

    def leave_behind(self) -> None:
        """The job hangs: the next ones get a thread of their own."""
        self._jobs.put(None)
        self._begin()

    def stop(self, *, limit_s: float) -> None:
        """Ends after the job in hand, or without it."""
        self._jobs.put(None)
        self.thread.join(limit_s)


def _work(jobs: SimpleQueue[Callable[[], None] | None]) -> None:
    while (job := jobs.get()) is not None:
        job()


class Speaker(QObject):
    """Performs sayings one at a time and says when each has ended."""

    ended = Signal()
    lacking = Signal(bool)
    """Whether recordings were missing for the last announcement."""
    _made = Signal(int, object)

    def __init__(self, maker: Maker, parent: QObject | None = None, *, player: Player | None = None) -> None:
        super().__init__(parent)
        self._maker = maker
        self._worker = Worker()
        self.player = player or Player(self)
        self.player.ended.connect(self._finish)
        self._made.connect(self._play)
        self._turn = 0
        self._saying: Saying | None = None
        self._late = QTimer(self, singleShot=True, interval=MAKE_LIMIT_MS)
        self._late.timeout.connect(self._too_late)
        self.spoken: Callable[[Saying, Wave], None] = lambda _saying, _wave: None
        """Told of every announcement as it begins, for whoever records what was said."""

    def warm(self) -> None:
        """Opens the sound device and prepares the recordings, before the first call."""
        self.player.open()
        self._worker.do(self._maker.warm)

    def perform(self, saying: Saying) -> None:
        """Makes and plays one announcement; `ended` comes afterwards, whatever happens."""
        self._turn += 1
        self._saying = saying
        self._late.start()
        turn, maker = self._turn, self._maker
        self._worker.do(lambda: self._make(turn, maker, saying))

    def _make(self, turn: int, maker: Maker, saying: Saying) -> None:
        try:
            made = maker.make(saying)
        except Exception as error:
            log.error("announcement not made", error=repr(error))
            made = Made(maker.chime)
        try:
            self._made.emit(turn, made)
        except RuntimeError:
            pass  # the program has ended meanwhile

    def _too_late(self) -> None:
        log.warning("announcement not made in time, chime instead", folder=str(self._maker.folder.folder))
        self._worker.leave_behind()
        self._maker = self._maker.anew()
        if self._saying is not None:
            self._play(self._turn, Made(self._maker.chime, ("slow",)))

    def _play(self, turn: int, made: Made) -> None:
        if turn != self._turn or self._saying is None:
            return  # an older one, made too late
        self._late.stop()
        self._turn += 1
        self.spoken(self._saying, made.wave)
        self.lacking.emit(bool(made.lacking))
        self.player.play(little_endian(made.wave.samples), volume=self._saying.volume)

    def _finish(self) -> None:
        if self._saying is not None:
            self._saying = None
            self.ended.emit()

    def stop(self) -> None:
        """Ends at once: the program ends."""
        self._saying = None
        self._late.stop()
        self.player.stop()
        self._worker.stop(limit_s=0.5)
