"""mp3, ogg and flac recordings decoded by QtMultimedia at the start of a wall; WAV and built sets need none of it."""

from __future__ import annotations

from array import array
from typing import Any

import structlog
from PySide6.QtCore import QLoggingCategory, QObject, QTimer, QUrl, Signal

from hardware.audio.clip import RATE, from_pcm
from hardware.audio.folder import ClipFolder

DECODED_MAX = 400
"""Clips kept decoded; a larger folder is better built (`hall-device voice build`)."""
log = structlog.get_logger("voice")


class Decoder(QObject):
    """Decodes clips one after the other through QtMultimedia, each with a QAudioDecoder of its own: one that is given
    a second source says at once that it has finished (6.11.3, measured).
    """

    finished = Signal()
    """Every clip that can be used is; comes also when there was nothing to decode."""

    def __init__(self, folder: ClipFolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._names = folder.to_decode()[:DECODED_MAX]
        self._name = ""
        self._samples = array("h")
        self._decoder: Any = None
        self.busy = False
        """Whether clips are still being decoded."""

    def start(self) -> None:
        """Begins, if there is anything to decode."""
        if not self._names:
            self.finished.emit()
            return
        if load_multimedia() is None:
            log.warning("only WAV clips can be used: QtMultimedia does not load", clips_left_out=len(self._names))
            self.finished.emit()
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
            self.finished.emit()
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
            self._spoiled("no sound in it")
        QTimer.singleShot(0, self._next)  # not from inside the decoder's own signal

    def _failed(self, _error: object) -> None:
        self._spoiled(self._decoder.errorString())
        QTimer.singleShot(0, self._next)

    def _spoiled(self, why: str) -> None:
        log.warning("recording not usable", clip=self._name, why=why)


def mono(multimedia: Any) -> Any:
    """The one format of this program: 16 bits, one channel, 48 kHz."""
    wanted = multimedia.QAudioFormat()
    wanted.setSampleRate(RATE)
    wanted.setChannelCount(1)
    wanted.setSampleFormat(multimedia.QAudioFormat.SampleFormat.Int16)
    return wanted


_multimedia: Any = None
_multimedia_tried = False


def load_multimedia() -> Any:
    """QtMultimedia, or None where its libraries are missing; loaded only when there is something to decode."""
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
