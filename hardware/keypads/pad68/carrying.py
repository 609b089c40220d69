"""One address of a shared line over another connection, for `hall-device serve`.

The line's owner has answered a key before it is carried; the counter's own driver at the far end answers it again,
because it knows no difference. That second answer ends here and never reaches the line.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from hardware.driver import DeviceBusy
from hardware.keypads.pad68 import codec
from hardware.keypads.pad68.jobs import Carry

if TYPE_CHECKING:
    from hardware.keypads.pad68.station import Station

ANSWERS_KEPT = 16
ANSWER_S = 2.0
"""A second answer comes within this time; later the same bytes are a frame of their own."""


class Carrier:
    """Frames of one pad out, frames for that pad in. `close` ends it; one of one connection at a time."""

    def __init__(self, station: Station, to: Callable[[bytes], None]) -> None:
        self._station, self._to = station, to
        self._parser = codec.FrameParser()
        self._expected: deque[tuple[float, codec.Frame]] = deque(maxlen=ANSWERS_KEPT)
        self._lock = Lock()
        self.dropped = 0
        """Frames for other addresses, or more than the line can take."""
        station.carried.append(self._out)

    def _out(self, frame: codec.Frame) -> None:
        with self._lock:
            self._expected.append((self._station.now(), codec.answer_to(frame)))
        self._to(frame.encode())

    def feed(self, data: bytes) -> None:
        """Bytes from the counter's program; any thread, one at a time."""
        for item in self._parser.feed(data):
            if not isinstance(item, codec.Frame):
                continue
            if self._is_second_answer(item):
                continue
            if item.addr == self._station.addr:
                self._submit(item)
            else:
                self.dropped += 1

    def _is_second_answer(self, frame: codec.Frame) -> bool:
        since = self._station.now() - ANSWER_S
        with self._lock:
            for entry in self._expected:
                if entry[1] == frame and entry[0] >= since:
                    self._expected.remove(entry)
                    return True
        return False

    def _submit(self, frame: codec.Frame) -> None:
        try:
            self._station.submit(Carry(frame))
        except DeviceBusy:
            self.dropped += 1

    def close(self) -> None:
        """No more of either."""
        if self._out in self._station.carried:
            self._station.carried.remove(self._out)
