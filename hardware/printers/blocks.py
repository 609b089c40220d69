"""What a paper is made of, from top to bottom: plain values, without a dot of it drawn.

Sizes are dots on paper of 576 dots (80 mm at 203 dpi); `paper.py` scales them for narrower paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line with one size and weight; `boxed` draws a frame around it (补打, 离线)."""

    text: str
    size: int = 28
    bold: bool = False
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `text` is one string, or runs of different size on a shared baseline."""

    text: str | tuple[Run, ...]
    size: int = 28
    bold: bool = False
    align: Align = "left"
    fit: bool = False
    """Draw smaller until it fits on one line (the ticket's number)."""
    gap: int = 10
    """Dots of white below."""


@dataclass(frozen=True, slots=True)
class Band:
    """White on black over the paper's whole width: where to go."""

    text: str
    size: int = 42
    bold: bool = True
    gap: int = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """One thing at the left edge, one at the right; the right one moves below when both are long."""

    left: tuple[Run, ...]
    right: tuple[Run, ...] = ()
    gap: int = 14


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across, dashed unless told. Before a Qr `gap` may be 0: the code brings its own white."""

    dashed: bool = True
    gap: int = 14


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code at the left with lines beside it (below it, where the paper is too narrow)."""

    data: str
    lines: tuple[Run, ...] = ()
    module: int = 6
    """Dots a module at 576; never less than four on paper."""
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Space:
    """White."""

    dots: int = 12


@dataclass(frozen=True, slots=True)
class Ruler:
    """Centimetres over the paper's whole width, with a mark at its first and its last dot (test page)."""

    dots_per_inch: int = 203
    gap: int = 10


Block = Text | Band | Columns | Rule | Qr | Space | Ruler
