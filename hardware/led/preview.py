"""`png+file://DIR`: a bar that is a picture file, for the demo page, for tests and for documents.

`bar.png` is what the bar shows now; `page-1.png`, `page-2.png`, … are the pages it goes through.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event

from PIL import Image

from hardware.fonts import FontMissing
from hardware.led import matrix
from hardware.led.bar import NEVER, Answer, BarDriver, Timing
from hardware.led.page import Frame, Page
from hardware.port import Port, PortGone, fault_word

FONT_MISSING = Answer("font_missing", how="none")


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


class PngBar(BarDriver):
    """A bar of `?width=` by `?height=` dots (192 x 16) in `?colours=` (1) drawn into a folder."""

    timing_usual = Timing(refresh_s=0.0, repeat_s=NEVER, blink_s=0.5)

    def _open(self) -> Port:
        self._folder = FolderPort(Path(self.at.path))
        self._pages_drawn: tuple[Page, ...] = ()
        return self._folder

    def _probe(self) -> None:
        self._heard()

    def _put(self, frame: Frame) -> Answer:
        try:
            self._folder.save("bar.png", self._picture(frame))
            lost = self._draw_pages()
        except FontMissing:
            return FONT_MISSING
        self._heard()
        return Answer(replaced=frozenset(lost))

    def _draw_pages(self) -> set[str]:
        """Every page in a file of its own, once for a show; the characters no glyph is there for."""
        pages = self._pager.pages if self._pager is not None else ()
        if pages != self._pages_drawn:
            self._folder.clear("page-*.png")
            for number, page in enumerate(pages, start=1):
                self._folder.save(f"page-{number}.png", self._picture(Frame(page)))
            self._pages_drawn = pages
        return set().union(*(matrix.missing(line) for page in pages for line in page.lines))

    def _picture(self, frame: Frame) -> bytes:
        draw = matrix.colours if self.colours > 1 else matrix.dots
        board: Image.Image = draw(frame, width=self.width, height=self.height)
        return matrix.png(matrix.photograph(board))
