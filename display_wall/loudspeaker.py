"""The process that plays: samples come in on standard input, what becomes of them goes out on standard output.

A process of its own, because libpulse aborts the whole program when the sound server ends while somebody asks it
(Qt 6.11.3 with PulseAudio 16, measured), and because a new process sees the devices as they are now. It never repairs
anything: on any trouble it says so and ends, and the wall starts another one.

In:  a line {"id": 7, "bytes": 96000, "volume": 60} and so many bytes: 16-bit mono, 48 kHz, little-endian.
     The end of input ends it.
Out: lines {"say": "ready"|"first"|"done"|"none"|"gone"|"unusable", "id": 7, "text": "…"}
"""

from __future__ import annotations

import json
import sys
import threading
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QObject, QTimer, Signal

from hardware.audio.clip import RATE

LOOK_MS = 20
STALLED_MS = 1000
"""A device that takes no sample for so long has gone: the sink itself goes on saying that it is active (measured)."""
DRAIN_MS = 250
"""What the sound server still holds when the last sample was handed over."""
BYTES_MAX = 2 * RATE * 120


def tell(say: str, ident: int = 0, text: str = "") -> None:
    """One line to the wall."""
    sys.stdout.write(json.dumps({"say": say, "id": ident, "text": text}) + "\n")
    sys.stdout.flush()


class Loudspeaker(QObject):
    """Plays one piece at a time."""

    came = Signal(int, int, bytes)
    ended = Signal()

    def __init__(self, multimedia: Any, device: Any, wanted: Any) -> None:
        super().__init__()
        self._multimedia, self._device, self._wanted = multimedia, device, wanted
        self._sink: Any = None
        self._buffer = QBuffer(self)
        self._id = 0
        self._taken = -1
        self._still_ms = 0
        self._total_us = 0
        self.came.connect(self._play)
        self.ended.connect(QCoreApplication.quit)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._each_look)
        self._devices = multimedia.QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._other_device)
        threading.Thread(target=self._read, daemon=True).start()

    def _other_device(self) -> None:
        """Another device is the default one now: a new loudspeaker takes it, between two announcements."""
        if self._sink is None and self._multimedia.QMediaDevices.defaultAudioOutput() != self._device:
            tell("gone", text="the default sound device is another one")
            QCoreApplication.exit(1)

    def _read(self) -> None:
        source = sys.stdin.buffer
        while line := source.readline():
            order = json.loads(line)
            size = int(order["bytes"])
            if not 0 < size <= BYTES_MAX:
                break
            self.came.emit(int(order["id"]), int(order["volume"]), source.read(size))
        self.ended.emit()

    def _play(self, ident: int, volume: int, samples: bytes) -> None:
        self._finish()
        self._id, self._taken, self._still_ms = ident, -1, 0
        self._total_us = len(samples) * 500_000 // RATE
        self._buffer.close()
        self._buffer.setData(QByteArray(samples))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink = self._multimedia.QAudioSink(self._device, self._wanted, self)
        self._sink.setVolume(volume / 100)
        self._sink.start(self._buffer)
        self._look.start()

    def _each_look(self) -> None:
        """By asking, not by the sink's signal: its argument cannot be converted for Python (6.11.3, measured)."""
        taken, state, error = self._sink.processedUSecs(), self._sink.state().name, self._sink.error().name
        if self._taken <= 0 < taken:
            tell("first", self._id)
        self._still_ms = 0 if taken != self._taken else self._still_ms + LOOK_MS
        self._taken = taken
        if taken >= self._total_us or (state == "IdleState" and self._buffer.atEnd()):
            self._look.stop()
            QTimer.singleShot(DRAIN_MS, self._done)
        elif state == "StoppedState" or self._still_ms >= STALLED_MS:
            self._look.stop()
            tell("gone", self._id, f"{state} {error}")
            QCoreApplication.exit(1)

    def _done(self) -> None:
        self._finish()
        tell("done", self._id)

    def _finish(self) -> None:
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.stop()
            sink.deleteLater()


def main() -> int:
    """Runs until standard input ends or something is wrong."""
    app = QCoreApplication([])
    try:
        from PySide6 import QtMultimedia
    except ImportError as error:
        tell("unusable", text=str(error))
        return 1
    device = QtMultimedia.QMediaDevices.defaultAudioOutput()
    if device.isNull():
        tell("none", text="no sound device")
        return 1
    wanted = QtMultimedia.QAudioFormat()
    wanted.setSampleRate(RATE)
    wanted.setChannelCount(1)
    wanted.setSampleFormat(QtMultimedia.QAudioFormat.SampleFormat.Int16)
    if not device.isFormatSupported(wanted):
        tell("none", text="the sound device takes no 48 kHz mono")
        return 1
    speaker = Loudspeaker(QtMultimedia, device, wanted)
    tell("ready", text=device.description())
    code = app.exec()
    speaker.deleteLater()
    return code


if __name__ == "__main__":
    raise SystemExit(main())
