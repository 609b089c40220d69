"""Pages of a bar: what to show, how it is cut to the bar's dots, and which page is on at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Event
from typing import Protocol

from hardware.health import Health, Receipt

LINE_DOTS = 16
PAGE_S = 6.0


class Tone(StrEnum):
    """What a page means, for bars with more than one colour; the words say the same, colour is never alone."""

    PLAIN = "plain"
    CALM = "calm"
    """Goes its ordinary way: idle, serving. Green."""
    CALL = "call"
    """A call now. Yellow, the wall's `call`."""
    WARN = "warn"
    """Closed, paused, leave, ask the clerk. Red."""


@dataclass(frozen=True, slots=True)
class Page:
    """One or two lines. A single line fills a 32-dot bar; two lines stand below each other there."""

    lines: tuple[str, ...]
    seconds: float = PAGE_S
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Show:
    """The pages of a bar from now on, in turn; `blink` inverts the first page that many times before it stands."""

    pages: tuple[Page, ...]
    blink: int = 0
    fallback: Page | None = None
    """The last words of a bar without a memory of its own, when the program ends."""


@dataclass(frozen=True, slots=True)
class Brightness:
    """In parts of a hundred of what the bar can do; its driver takes the nearest step."""

    percent: int


@dataclass(frozen=True, slots=True)
class SetClock:
    """Sets the bar's own clock to the driver's wall clock."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Writes a page into the bar's own memory: shown when nobody drives it. A fitter's act, it wears the flash."""

    page: Page


LedJob = Show | Brightness | SetClock | Keep


class LedBar(Protocol):
    """What display_wall and counter_client use; the driver behind it is told by the address."""

    address: str

    def show(self, pages: Sequence[Page], *, blink: int = 0, fallback: Page | None = None) -> Future[Receipt]:
        """Shows these pages until told otherwise. Raises DeviceBusy at once when the bar does not keep up."""

    def lacks(self, text: str) -> frozenset[str]:
        """The characters of a text this bar cannot show; any thread."""

    def serve(self, stop: Event) -> None:
        """The driver's thread."""

    def snapshot(self) -> Health:
        """How the bar is."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a bar shows at one moment."""

    page: Page
    inverse: bool = False


class Pager:
    """Turns pages into frames over time. Times are seconds of the driver's clock."""

    def __init__(self, show: Show, *, begun_s: float, blink_s: float) -> None:
        self.pages = show.pages or (Page(("",)),)
        self._begun_s = begun_s
        self._blink_s = blink_s
        self._blink_until_s = begun_s + 2 * show.blink * blink_s

    def frame(self, now: float) -> Frame:
        """The frame for `now`: plain and inverse in turn while it blinks, then page after page."""
        if now < self._blink_until_s:
            step = int((now - self._begun_s) / self._blink_s)
            return Frame(self.pages[0], inverse=step % 2 == 1)
        if len(self.pages) == 1:
            return Frame(self.pages[0])
        round_s = sum(page.seconds for page in self.pages)
        if round_s <= 0:
            return Frame(self.pages[0])
        into = (now - self._blink_until_s) % round_s
        for page in self.pages:
            if into < page.seconds:
                return Frame(page)
            into -= page.seconds
        return Frame(self.pages[-1])


def dots_of(text: str, *, line_dots: int = LINE_DOTS) -> int:
    """The width of a line: half a square for ASCII, a square for everything else."""
    return sum(line_dots // 2 if character.isascii() else line_dots for character in text)


def fitted(pages: Sequence[Page], *, width: int, height: int) -> tuple[Page, ...]:
    """Pages as the bar can show them: lines too long are split at blanks over several pages, nothing is cut off."""
    return tuple(part for page in pages for part in _fitted(page, width=width, height=height))


def _fitted(page: Page, *, width: int, height: int) -> list[Page]:
    rows = max(1, height // LINE_DOTS)
    if len(page.lines) == 1 and rows > 1 and dots_of(page.lines[0], line_dots=height) <= width:
        return [page]
    lines = [part for line in page.lines for part in split(line, width=width)]
    parts = [lines[start : start + rows] for start in range(0, len(lines), rows)]
    # A line alone would be drawn as large as the bar, too wide for what had to be split: it stands above an empty one.
    return [replace(page, lines=tuple(part if len(part) > 1 or rows == 1 else [*part, ""])) for part in parts]


def split(line: str, *, width: int, line_dots: int = LINE_DOTS) -> list[str]:
    """A line in pieces no wider than the bar: at blanks where there are any, else between characters."""
    pieces, current = [], ""
    for word in _words(line):
        if current and dots_of((current + word).rstrip(), line_dots=line_dots) > width:
            pieces.append(current.strip())
            current = ""
        while dots_of(word.rstrip(), line_dots=line_dots) > width:
            head = _head(word, width=width, line_dots=line_dots)
            pieces.append(head)
            word = word[len(head) :]
        current += word
    return [*pieces, current.strip()] if current.strip() or not pieces else pieces


def _words(line: str) -> list[str]:
    words = line.split(" ")
    return [word + " " for word in words[:-1]] + words[-1:]


def _head(word: str, *, width: int, line_dots: int) -> str:
    size = 1
    while size < len(word) and dots_of(word[: size + 1], line_dots=line_dots) <= width:
        size += 1
    return word[:size]
