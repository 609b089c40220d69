"""Announcements made and played: clips from the hall's folder, English by espeak-ng, QtMultimedia, or silence on time.

WAV clips are read when first needed. Other formats (mp3, ogg, flac) are decoded at the start by QAudioDecoder, one
after the other, and only those a call can need. Making an announcement happens on one worker thread; the GUI never
waits for it. Without a sound device announcements take their time in silence, so that the band is held all the same.
"""

from __future__ import annotations

import shutil
import subprocess
from array import array
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import structlog
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLoggingCategory, QObject, QTimer, QUrl, Signal

import assets
from assets.i18n import Catalogue
from display_wall import spelling
from display_wall.clips import (
    RATE,
    BadClip,
    Wave,
    announcement,
    from_pcm,
    joined,
    little_endian,
    prepared,
    read_wav,
)
from display_wall.spelling import Phrase
from display_wall.voice import Saying

DECODED_MAX = 400
"""Clips of other formats than WAV that are kept decoded; a larger folder is better converted to WAV."""
DECODED_ENDINGS = (".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a")
ESPEAK_LIMIT_S = 10.0
log = structlog.get_logger("voice")


class ClipFolder:
    """The clips of a hall: names without endings, prepared when first used."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.files: dict[str, Path] = {}
        self._ready: dict[str, Wave] = {}
        self._bad: set[str] = set()
        if folder is not None:
            self._look(folder)

    def _look(self, folder: Path) -> None:
        try:
            found = sorted(folder.iterdir())
        except OSError as error:
            log.warning("voice folder not readable", folder=str(folder), error=error.strerror)
            return
        for file in found:
            if file.suffix.lower() == ".wav" or (
                file.suffix.lower() in DECODED_ENDINGS and file.stem not in self.files
            ):
                self.files[file.stem] = file
        if not self.files:
            log.warning("voice folder has no clips", folder=str(folder))

    def to_decode(self) -> list[str]:
        """Names worth decoding at the start: whole phrases, and the syllables a call can need."""
        wanted = spelling.vocabulary()
        names = [
            name
            for name, file in self.files.items()
            if file.suffix.lower() in DECODED_ENDINGS and (name in wanted or not name.startswith(spelling.PREFIX))
        ]
        return names[:DECODED_MAX]

    def put(self, name: str, wave: Wave) -> None:
        """A decoded clip; one of nothing but silence counts as missing."""
        try:
            self._ready[name] = prepared(wave)
        except BadClip as why:
            self.spoiled(name, str(why))

    def spoiled(self, name: str, why: str) -> None:
        """A clip that cannot be used is named once and never asked for again."""
        self._bad.add(name)
        log.warning("clip not usable", clip=name, why=why)

    def available(self) -> frozenset[str]:
        """Names that can be said now."""
        wav = {name for name, file in self.files.items() if file.suffix.lower() == ".wav"}
        return frozenset((wav | self._ready.keys()) - self._bad)

    def clip(self, name: str) -> Wave:
        """One clip, prepared. Raises BadClip."""
        if name not in self._ready:
            try:
                self._ready[name] = prepared(read_wav(self.files[name].read_bytes()))
            except (OSError, BadClip) as error:
                self.spoiled(name, str(error))
                raise BadClip(f"{name}: {error}") from error
        return self._ready[name]


class Maker:
    """Makes one sound of a saying. Used on one thread."""

    def __init__(self, folder: ClipFolder, catalogue: Catalogue, *, english: bool = True) -> None:
        self.folder = folder
        self._catalogue = catalogue
        self.espeak = shutil.which("espeak-ng") if english else None
        self._chime: Wave | None = None
        self._told: set[str] = set()

    def make(self, saying: Saying) -> Wave:
        """Chime and phrase. Without clips the phrase is English, or the chime stands alone; the band says the rest."""
        phrase = self._said(saying)
        chime = self._chime_wave()
        if phrase is None:
            return chime or Wave(array("h"))
        return announcement(chime, phrase, repeats=saying.repeats)

    def _said(self, saying: Saying) -> Wave | None:
        phrases = phrases_of(saying)
        groups, missing = spelling.resolve(phrases, self.folder.available())
        if not missing:
            try:
                return joined([[self.folder.clip(name) for name in group] for group in groups])
            except BadClip:
                return self._said(saying)  # the bad clip is no longer available: the next way
        self._tell_once(missing)
        return self._english(self._sentence(saying))

    def _tell_once(self, missing: Iterable[str]) -> None:
        news = sorted(set(missing) - self._told) if self.folder.files else []
        if news:
            self._told.update(news)
            log.warning("clips missing", clips=news, folder=str(self.folder.folder))

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
        try:
            done = subprocess.run(
                [self.espeak, "-v", "en-us", "-s", "150", "--stdout", text],
                capture_output=True,
                timeout=ESPEAK_LIMIT_S,
                check=True,
            )
            return prepared(read_wav(done.stdout))
        except (OSError, subprocess.SubprocessError, BadClip) as error:
            log.warning("espeak-ng failed, chime alone from now on", error=str(error))
            self.espeak = None
            return None

    def _chime_wave(self) -> Wave | None:
        if self._chime is None:
            try:
                own = "chime" in self.folder.available()
                self._chime = (
                    self.folder.clip("chime") if own else read_wav(assets.path("sounds", "chime.wav").read_bytes())
                )
            except (OSError, BadClip) as error:
                log.warning("no chime", error=str(error))
        return self._chime


def phrases_of(saying: Saying) -> list[Phrase]:
    """The clips of a saying. Sentences beside calls exist as recordings only: `stale`, `evacuate-left` …"""
    if saying.kind == "call":
        return spelling.call_phrases(saying.number, saying.counter, again=saying.again, yao=saying.yao)
    if saying.kind == "stale":
        return [Phrase("stale")]
    return [Phrase(f"evacuate-{saying.exit}" if saying.exit else "evacuate")]


class Decoder(QObject):
    """Decodes clips one after the other through QtMultimedia, each with a QAudioDecoder of its own: one that is given
    a second source says at once that it has finished (6.11.3, measured).
    """

    def __init__(self, folder: ClipFolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._names = folder.to_decode()
        self._name = ""
        self._samples = array("h")
        self._decoder: Any = None
        self.busy = False
        """Whether clips are still being decoded."""

    def start(self) -> None:
        """Begins, if there is anything to decode."""
        if not self._names:
            return
        if load_multimedia() is None:
            log.warning("only WAV clips can be used: QtMultimedia does not load", clips_left_out=len(self._names))
            return
        self.busy = True
        self._next()

    def _next(self) -> None:
        if self._decoder is not None:
            self._decoder.deleteLater()
            self._decoder = None
        if not self._names:
            self.busy = False
            log.info("voice clips ready", clips=len(self._folder.available()))
            return
        self._name, self._samples = self._names.pop(0), array("h")
        multimedia = load_multimedia()
        self._decoder = multimedia.QAudioDecoder(self)
        self._decoder.setAudioFormat(mono(multimedia))
        self._decoder.bufferReady.connect(self._more)
        self._decoder.finished.connect(self._done)
        self._decoder.error.connect(self._failed)
        self._decoder.setSource(QUrl.fromLocalFile(str(self._folder.files[self._name])))
        self._decoder.start()

    def _more(self) -> None:
        buffer = self._decoder.read()
        if buffer.isValid():
            self._samples.frombytes(bytes(buffer.constData())[: buffer.byteCount() // 2 * 2])

    def _done(self) -> None:
        if self._samples:
            self._folder.put(self._name, from_pcm(self._samples, channels=1, rate=RATE))
        else:
            self._folder.spoiled(self._name, "no sound in it")
        QTimer.singleShot(0, self._next)  # not from inside the decoder's own signal

    def _failed(self, _error: object) -> None:
        self._folder.spoiled(self._name, self._decoder.errorString())
        QTimer.singleShot(0, self._next)


def mono(multimedia: Any) -> Any:
    """The one format of this program: 16 bits, one channel, 48 kHz."""
    wanted = multimedia.QAudioFormat()
    wanted.setSampleRate(RATE)
    wanted.setChannelCount(1)
    wanted.setSampleFormat(multimedia.QAudioFormat.SampleFormat.Int16)
    return wanted


class Speaker(QObject):
    """Performs sayings one at a time and says when each has ended."""

    ended = Signal()
    _made = Signal(object, int)

    def __init__(self, maker: Maker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maker = maker
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice")
        self._made.connect(self._play)
        self._sink: Any = None
        self._buffer: QBuffer | None = None
        self._bytes = QByteArray()
        self._told_silent = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._finish)
        self.spoken: Callable[[Saying, Wave], None] = lambda _saying, _wave: None
        """Told of every announcement as it begins, for whoever records what was said."""
        self._saying: Saying | None = None

    def perform(self, saying: Saying) -> None:
        """Makes and plays one announcement; `ended` comes afterwards, whatever happens."""
        self._saying = saying
        self._worker.submit(self._make, saying)

    def _make(self, saying: Saying) -> None:
        try:
            wave = self._maker.make(saying)
        except Exception as error:
            log.error("announcement not made", error=repr(error))
            wave = Wave(array("h"))
        self._made.emit(wave, saying.volume)

    def _play(self, wave: Wave, volume: int) -> None:
        if self._saying is not None:
            self.spoken(self._saying, wave)
        if not self._start_sink(wave, volume):
            self._timer.start(int(1000 * wave.seconds))

    def _start_sink(self, wave: Wave, volume: int) -> bool:
        multimedia = load_multimedia()
        device = multimedia.QMediaDevices.defaultAudioOutput() if multimedia is not None else None
        if multimedia is None or device is None or device.isNull():
            self._silent("no sound device")
            return False
        wanted = mono(multimedia)
        if not device.isFormatSupported(wanted):
            self._silent("the sound device takes no 48 kHz mono")
            return False
        self._told_silent = False
        self._bytes = QByteArray(little_endian(wave.samples))
        self._buffer = QBuffer(self._bytes, self)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink = multimedia.QAudioSink(device, wanted, self)
        self._sink.setVolume(volume / 100)
        self._sink.stateChanged.connect(self._moved)
        self._sink.start(self._buffer)
        return True

    def _silent(self, why: str) -> None:
        if not self._told_silent:
            log.warning("announcements are silent", why=why)
        self._told_silent = True

    def _moved(self, state: Any) -> None:
        if state.name in ("IdleState", "StoppedState"):
            QTimer.singleShot(0, self._finish)

    def _finish(self) -> None:
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.stateChanged.disconnect(self._moved)
            sink.stop()
            sink.deleteLater()
        if self._buffer is not None:
            self._buffer.close()
            self._buffer.deleteLater()
            self._buffer = None
        if self._saying is not None:
            self._saying = None
            self.ended.emit()

    def stop(self) -> None:
        """Ends at once: the program ends."""
        self._timer.stop()
        self._saying = None
        self._finish()
        self._worker.shutdown(wait=True, cancel_futures=True)


_multimedia: Any = None
_multimedia_tried = False


def load_multimedia() -> Any:
    """QtMultimedia, or None where its libraries are missing (libpulse0); loaded only by a wall that speaks."""
    global _multimedia, _multimedia_tried
    if not _multimedia_tried:
        _multimedia_tried = True
        QLoggingCategory.setFilterRules("qt.multimedia.*=false")  # it warns of every sound server that is not there
        try:
            from PySide6 import QtMultimedia

            _multimedia = QtMultimedia
        except ImportError as error:
            log.warning("QtMultimedia does not load", error=str(error), type="sudo apt-get install libpulse0")
    return _multimedia
