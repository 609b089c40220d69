"""Blocks of a paper -> one 1-bit picture, as wide as the paper has dots (the ticket of the design).

Sizes are dots on paper of 576 dots (80 mm at 203 dpi); narrower paper scales them. Lines wrap and nothing is ever
cut: a name too long takes more lines, a number too wide (`fit`) is drawn smaller. No grey, no dithering.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

import qrcode
from PIL import Image, ImageDraw

from hardware import fonts
from hardware.printers.blocks import Align, Band, Block, Columns, Qr, Rule, Ruler, Run, Space, Text

__all__ = [
    "FULL_WIDTH", "Align", "Band", "Block", "Columns", "PaperTooNarrow", "Qr", "Raster", "Rule", "Ruler", "Run",
    "Space", "Text", "raster_of", "render",
]  # fmt: skip

FULL_WIDTH = 576
MARGIN = 16
SMALLEST_DOTS = 20
"""2.5 mm at 203 dpi: text of narrow paper stops shrinking here."""
MODULE_MIN = 4
"""Dots a QR module needs to be read back from thermal paper (docs/devices.md)."""
QUIET_MODULES = 4
NUMBER_FROM = 100
"""From this size on a text is a number to be seen from afar, set without room for accents."""
CENTRE = 0.38
"""The middle of a Chinese character above the baseline, in parts of its size: runs of a line share it."""
CARRY_PIECES = 4
"""So many characters after a comma move to the next line together rather than leave a word broken."""
INK, PAPER = 0, 1
_INVERTED = bytes(byte ^ 0xFF for byte in range(256))
NOT_AT_START = "，。、：；！？）》」』】〉”’…—·,.:;!?)]}%"
"""Characters that never begin a line."""
NOT_AT_END = "（《「『【〈“‘([{"


class PaperTooNarrow(ValueError):
    """A QR code does not fit the paper even with the smallest readable modules."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture as a printer takes it: rows of bytes, most significant bit left, 1 = black."""

    width_bytes: int
    height: int
    data: bytes


def render(blocks: Iterable[Block], *, width_dots: int = FULL_WIDTH) -> Image.Image:
    """Draws the blocks one below the other. Raises FontMissing, PaperTooNarrow."""
    painter = _Painter(width_dots)
    strips = [painter.draw(block) for block in blocks]
    y = painter.margin
    paper = Image.new("1", (width_dots, y + sum(strip.height for strip in strips)), PAPER)
    for strip in strips:
        paper.paste(strip, (0, y))
        y += strip.height
    return paper


def raster_of(picture: Image.Image) -> Raster:
    """The bytes of a 1-bit picture whose width is a multiple of eight."""
    if picture.width % 8:
        raise ValueError(f"width {picture.width} is not a multiple of 8 dots")
    data = picture.convert("1").tobytes().translate(_INVERTED)
    return Raster(width_bytes=picture.width // 8, height=picture.height, data=data)


@dataclass(frozen=True, slots=True)
class _Line:
    """Runs that stand side by side."""

    runs: tuple[Run, ...]
    width: int
    ascent: int
    descent: int


class _Painter:
    """Draws each block into a strip of its own, as wide as the paper."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.margin = self.scaled(MARGIN)

    def scaled(self, dots: int) -> int:
        return max(1, round(dots * self.width / FULL_WIDTH)) if dots else 0

    def size(self, dots: int) -> int:
        return max(self.scaled(dots), min(dots, SMALLEST_DOTS))

    def draw(self, block: Block) -> Image.Image:
        match block:
            case Text():
                return self._text(block)
            case Band():
                return self._band(block)
            case Columns():
                return self._columns(block)
            case Rule():
                return self._rule(block)
            case Qr():
                return self._qr(block)
            case Space():
                return self._strip(self.scaled(block.dots))
            case Ruler():
                return self._ruler(block)

    def _strip(self, height: int, *, colour: int = PAPER) -> Image.Image:
        return Image.new("1", (self.width, height), colour)

    # -- text ---------------------------------------------------------------------------------------------------

    def _run_width(self, run: Run) -> int:
        width = _text_width(run.text, self.size(run.size), bold=run.bold)
        return width + self.scaled(16) if run.boxed else width

    def _metrics(self, run: Run) -> tuple[int, int]:
        """Height above and below the baseline: the face's own line box is half as high again as its characters.

        A large ticket number has neither accents nor descenders and would otherwise stand in a field of white.
        """
        size = self.size(run.size)
        if run.size >= NUMBER_FROM and run.text.isascii() and not run.text.islower():
            return round(size * 0.81), round(size * 0.12)
        return round(size * 0.92), round(size * 0.22)

    def _line(self, runs: Sequence[Run]) -> _Line:
        metrics = [self._metrics(run) for run in runs] or [(0, 0)]
        return _Line(
            runs=tuple(runs),
            width=sum(self._run_width(run) for run in runs),
            ascent=max(ascent for ascent, _ in metrics),
            descent=max(descent for _, descent in metrics),
        )

    def wrap(self, runs: Sequence[Run], *, width: int) -> list[_Line]:
        """Breaks runs into lines no wider than `width`: between Chinese characters, at blanks elsewhere."""
        lines: list[list[Run]] = [[]]
        room = width
        for run in runs:
            for number, paragraph in enumerate(run.text.split("\n")):
                if number:
                    lines.append([])
                    room = width
                for piece in _pieces(paragraph) if not run.boxed else [paragraph]:
                    room = self._place(replace(run, text=piece), lines, room=room, width=width)
        return [self._line(_merged(_trimmed(line))) for line in lines]

    def _place(self, run: Run, lines: list[list[Run]], *, room: int, width: int) -> int:
        needed = self._run_width(replace(run, text=run.text.rstrip())) if not run.boxed else self._run_width(run)
        if needed <= room:
            lines[-1].append(run)
            return room - self._run_width(run)
        if lines[-1]:
            lines.append(_carried(lines[-1]))
            if lines[-1]:
                room = width - sum(self._run_width(carried) for carried in lines[-1])
                return self._place(run, lines, room=room, width=width)
        if needed <= width or len(run.text) == 1:
            text = run.text.lstrip() or run.text
            lines[-1].append(replace(run, text=text))
            return width - self._run_width(replace(run, text=text))
        room = width  # one word wider than the paper: break it anywhere rather than cut it
        for character in run.text:
            room = self._place(replace(run, text=character), lines, room=room, width=width)
        return room

    def _draw_line(self, draw: ImageDraw.ImageDraw, line: _Line, *, x: int, y: int, ink: int = INK) -> None:
        largest = max((self.size(run.size) for run in line.runs), default=0)
        for run in line.runs:
            size = self.size(run.size)
            baseline = y + line.ascent - round(CENTRE * (largest - size))
            pad = self.scaled(8) if run.boxed else 0
            font = fonts.cjk(size, bold=run.bold)
            draw.text((x + pad, baseline), run.text, font=font, fill=ink, anchor="ls")
            if run.boxed:
                box = (x, baseline - round(size * 0.95), x + self._run_width(run) - 1, baseline + round(size * 0.2))
                draw.rectangle(box, outline=ink, width=max(2, self.scaled(3)))
            x += self._run_width(run)

    def _paragraph(self, lines: Sequence[_Line], *, align: Align, left: int, width: int, gap: int) -> Image.Image:
        leading = self.scaled(6)
        height = sum(line.ascent + line.descent for line in lines) + leading * (len(lines) - 1) + gap
        strip = self._strip(height)
        draw = ImageDraw.Draw(strip)
        y = 0
        for line in lines:
            x = {"left": left, "center": left + (width - line.width) // 2, "right": left + width - line.width}[align]
            self._draw_line(draw, line, x=x, y=y)
            y += line.ascent + line.descent + leading
        return strip

    def _text(self, block: Text) -> Image.Image:
        width = self.width - 2 * self.margin
        runs = _runs(block)
        if block.fit:
            runs = self._fitted(runs, width=width)
            lines = [self._line(runs)]
        else:
            lines = self.wrap(runs, width=width)
        return self._paragraph(lines, align=block.align, left=self.margin, width=width, gap=self.scaled(block.gap))

    def _fitted(self, runs: tuple[Run, ...], *, width: int) -> tuple[Run, ...]:
        while sum(self._run_width(run) for run in runs) > width and runs[0].size > SMALLEST_DOTS:
            runs = tuple(replace(run, size=run.size - 2) for run in runs)
        return runs

    def _band(self, block: Band) -> Image.Image:
        inner = self.width - 4 * self.margin
        lines = self.wrap((Run(block.text, size=block.size, bold=block.bold),), width=inner)
        pad = self.scaled(13)
        leading = self.scaled(6)
        body = sum(line.ascent + line.descent for line in lines) + leading * (len(lines) - 1) + 2 * pad
        strip = self._strip(body + self.scaled(block.gap))
        draw = ImageDraw.Draw(strip)
        draw.rectangle((self.margin, 0, self.width - self.margin - 1, body - 1), fill=INK)
        y = pad
        for line in lines:
            self._draw_line(draw, line, x=(self.width - line.width) // 2, y=y, ink=PAPER)
            y += line.ascent + line.descent + leading
        return strip

    def _columns(self, block: Columns) -> Image.Image:
        width = self.width - 2 * self.margin
        gap = self.scaled(block.gap)
        left, right = self._line(block.left), self._line(block.right)
        if left.width + right.width + self.scaled(24) <= width:
            ascent, descent = max(left.ascent, right.ascent), max(left.descent, right.descent)
            strip = self._strip(ascent + descent + gap)
            draw = ImageDraw.Draw(strip)
            self._draw_line(draw, left, x=self.margin, y=ascent - left.ascent)
            self._draw_line(draw, right, x=self.width - self.margin - right.width, y=ascent - right.ascent)
            return strip
        sides: tuple[tuple[tuple[Run, ...], Align], ...] = ((block.left, "left"), (block.right, "right"))
        parts = [
            self._paragraph(self.wrap(runs, width=width), align=align, left=self.margin, width=width, gap=gap)
            for runs, align in sides
            if runs
        ]
        return _stacked(parts, width=self.width)

    def _rule(self, block: Rule) -> Image.Image:
        thick = max(2, self.scaled(2))
        strip = self._strip(thick + self.scaled(block.gap))
        draw = ImageDraw.Draw(strip)
        end = self.width - self.margin
        dash, hole = (self.scaled(8), self.scaled(6)) if block.dashed else (end, 0)
        x = self.margin
        while x < end:
            draw.rectangle((x, 0, min(x + dash, end) - 1, thick - 1), fill=INK)
            x += dash + hole
        return strip

    def _ruler(self, block: Ruler) -> Image.Image:
        height, thick = self.scaled(40), 2
        strip = self._strip(height + self.scaled(block.gap))
        draw = ImageDraw.Draw(strip)
        draw.rectangle((0, height - thick, self.width - 1, height - 1), fill=INK)
        half_cm = block.dots_per_inch / 2.54 / 2
        for half in range(int(self.width / half_cm) + 1):
            x = min(round(half * half_cm), self.width - thick)
            draw.rectangle((x, height // 2 if half % 2 else height // 4, x + thick - 1, height - 1), fill=INK)
        for x in (0, self.width - thick):
            draw.rectangle((x, 0, x + thick - 1, height - 1), fill=INK)
        return strip

    # -- QR -----------------------------------------------------------------------------------------------------

    def _qr(self, block: Qr) -> Image.Image:
        matrix = _matrix(block.data)
        wanted = max(MODULE_MIN, self.scaled(block.module))
        module = min(wanted, self.width // (len(matrix) + 2 * QUIET_MODULES))
        if module < MODULE_MIN:
            raise PaperTooNarrow(f"a QR code of {len(matrix)} modules does not fit {self.width} dots")
        code = _qr_picture(matrix, module=module)
        beside = self.width - self.margin - (code.width + self.scaled(10))
        if block.lines and beside >= self.scaled(180):
            return self._qr_beside(block, code, left=code.width + self.scaled(10), width=beside)
        texts = [self._text(Text((run,), align="center")) for run in block.lines]
        strip = self._strip(code.height)
        strip.paste(code, ((self.width - code.width) // 2, 0))
        return _stacked([strip, *texts, self._strip(self.scaled(block.gap))], width=self.width)

    def _qr_beside(self, block: Qr, code: Image.Image, *, left: int, width: int) -> Image.Image:
        leading = self.scaled(14)
        lines = [line for run in block.lines for line in self.wrap((run,), width=width)]
        text_height = sum(line.ascent + line.descent for line in lines) + leading * (len(lines) - 1)
        height = max(code.height, text_height + 2 * self.scaled(20))
        strip = self._strip(height + self.scaled(block.gap))
        strip.paste(code, (0, (height - code.height) // 2))
        draw = ImageDraw.Draw(strip)
        y = (height - text_height) // 2
        for line in lines:
            self._draw_line(draw, line, x=left, y=y)
            y += line.ascent + line.descent + leading
        return strip


@lru_cache(maxsize=8192)
def _text_width(text: str, size: int, *, bold: bool) -> int:
    """Dots across, never too few: a line is the sum of its pieces. A ticket measures some two hundred of them, most of
    them the same as on the ticket before."""
    return ceil(fonts.cjk(size, bold=bold).getlength(text))


def _runs(block: Text) -> tuple[Run, ...]:
    if isinstance(block.text, str):
        return (Run(block.text, size=block.size, bold=block.bold),)
    return block.text


def _stacked(parts: Sequence[Image.Image], *, width: int) -> Image.Image:
    strip = Image.new("1", (width, sum(part.height for part in parts)), PAPER)
    y = 0
    for part in parts:
        strip.paste(part, (0, y))
        y += part.height
    return strip


def _carried(line: list[Run]) -> list[Run]:
    """Takes the last few characters after a comma off a full line, to begin the next one with."""
    for back in range(1, min(CARRY_PIECES, len(line) - 1) + 1):
        if line[-back - 1].text.rstrip().endswith(("、", "，", "；", "。", "：")):
            tail = line[-back:]
            del line[-back:]
            return tail
    return []


def _trimmed(line: list[Run]) -> list[Run]:
    """Without the blanks at its end, which would push a line at the right edge inwards."""
    while line and not line[-1].boxed and not line[-1].text.strip():
        line = line[:-1]
    if line and not line[-1].boxed:
        line = [*line[:-1], replace(line[-1], text=line[-1].text.rstrip())]
    return line


def _is_wide(character: str) -> bool:
    """Chinese, Japanese, Korean and full-width characters, between which a line may break."""
    return ord(character) >= 0x2E80


def _pieces(text: str) -> list[str]:
    """What must stay together on a line: a Latin word with its blank, a wide character with its punctuation."""
    pieces: list[str] = []
    for character in text:
        if not pieces:
            pieces.append(character)
            continue
        last = pieces[-1]
        joins = (
            character == " "
            or character in NOT_AT_START
            or last[-1] in NOT_AT_END
            or (last[-1] != " " and not _is_wide(character) and not _is_wide(last[-1]) and not _parts(last, character))
        )
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _parts(last: str, character: str) -> bool:
    """Whether a Latin word may break between these two: after a hyphen or slash, but never within 2026-12-08."""
    return last[-1] in "/-" and not character.isdigit() and character not in "/-"


def _merged(runs: Sequence[Run]) -> list[Run]:
    """Neighbours of one look become one run, so that kerning and rounding are those of the whole line."""
    merged: list[Run] = []
    for run in runs:
        if merged and not run.boxed and replace(merged[-1], text=run.text) == run:
            merged[-1] = replace(run, text=merged[-1].text + run.text)
        else:
            merged.append(run)
    return merged


def _matrix(data: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(data)
    code.make(fit=True)
    return [[bool(cell) for cell in row] for row in code.get_matrix()]


def _qr_picture(matrix: Sequence[Sequence[bool]], *, module: int) -> Image.Image:
    """The code with its quiet zone of four modules, one module `module` dots wide."""
    side = (len(matrix) + 2 * QUIET_MODULES) * module
    picture = Image.new("1", (side, side), PAPER)
    draw = ImageDraw.Draw(picture)
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                x, y = (column + QUIET_MODULES) * module, (row + QUIET_MODULES) * module
                draw.rectangle((x, y, x + module - 1, y + module - 1), fill=INK)
    return picture
