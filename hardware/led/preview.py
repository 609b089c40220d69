"""`png+file://DIR`: a bar that is a picture file, for the demo page, for tests and for documents.

`bar.png` is what the bar shows now; `page-1.png`, `page-2.png`, … are the pages it goes through.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from threading import Event

from hardware.address import Address
from hardware.driver import PortDriver, Surroundings, Waiting
from hardware.fonts import FontMissing
from hardware.health import LED_FAULTS, Receipt
from hardware.led import matrix
from hardware.led.page import LINE_DOTS, Frame, LedJob, Page, Pager, Show, fitted
from hardware.port import Port, PortGone, fault_word

BLINK_S = 0.5


class FolderPort:
    """A folder that pictures are put into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._never = Event()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PortGone(fault_word(error), f"{folder}: {error.strerror}") from error

    def save(self, name: str, content: bytes) -> None:
        """Writes a file whole or not at all. Raises PortGone."""
        temporary = self.folder / f".{name}.part"
        try:
            temporary.write_bytes(content)
            os.replace(temporary, self.folder / name)
        except OSError as error:
            raise PortGone(fault_word(error), f"{self.folder}: {error.strerror}") from error

    def clear(self, pattern: str) -> None:
        """Takes away pictures of an earlier show."""
        for path in self.folder.glob(pattern):
            path.unlink(missing_ok=True)

    def read(self, timeout_s: float) -> bytes:
        """A folder says nothing."""
        self._never.wait(timeout_s)
        return b""

    def write(self, data: bytes) -> None:
        """A bar's bytes as a picture: `save` is used instead."""
        self.save("bar.png", data)

    def close(self) -> None:
        """Nothing to let go of."""


class PngBar(PortDriver[LedJob]):
    """A bar of `?width=` by `?height=` dots (192 x 16) drawn into a folder."""

    kind = "led"

    def __init__(self, address: Address | str, *, around: Surroundings | None = None) -> None:
        super().__init__(address, around=around)
        self.width = self.at.number("width", 192)
        self.height = self.at.number("height", LINE_DOTS)
        self._folder: FolderPort | None = None
        self._pager: Pager | None = None
        self._shown: Frame | None = None

    def show(self, pages: Sequence[Page], *, blink: int = 0) -> Future[Receipt]:
        """Shows pages until told otherwise."""
        return self.submit(Show(tuple(pages), blink=blink))

    def _open(self) -> Port:
        self._folder = FolderPort(Path(self.at.path))
        return self._folder

    def _begin(self) -> None:
        self._shown = None
        self._heard()

    def _turn(self) -> None:
        while (waiting := self._next_job()) is not None:
            if isinstance(waiting.job, Show):
                self._start(waiting, waiting.job)
            else:
                self._finish(waiting, how="ack")
        if self._pager is not None:
            self._draw(self._pager.frame(self._clock()))

    def _start(self, waiting: Waiting[LedJob], show: Show) -> None:
        show = replace(show, pages=fitted(show.pages, width=self.width, height=self.height))
        self._pager = Pager(show, begun_s=self._clock(), blink_s=BLINK_S)
        try:
            self._draw(self._pager.frame(self._clock()))
            self._draw_pages(show)
            lost = set().union(*(matrix.missing(line) for page in show.pages for line in page.lines), set())
        except FontMissing:
            self._pager = None
            self.book.set_faults({"font_missing"}, among=LED_FAULTS)
            self._finish(waiting, error="font_missing")
            return
        self.book.set_faults(set(), among=LED_FAULTS)
        self._finish(waiting, how="ack", warnings=tuple(f"replaced:{character}" for character in sorted(lost)))

    def _draw_pages(self, show: Show) -> None:
        assert self._folder is not None
        self._folder.clear("page-*.png")
        for number, page in enumerate(show.pages, start=1):
            self._folder.save(f"page-{number}.png", self._picture(Frame(page)))

    def _draw(self, frame: Frame) -> None:
        if frame == self._shown:
            return
        assert self._folder is not None
        self._folder.save("bar.png", self._picture(frame))
        self._shown = frame
        self._heard()

    def _picture(self, frame: Frame) -> bytes:
        return matrix.png(matrix.photograph(matrix.dots(frame, width=self.width, height=self.height)))
