"""Dots of a bar: text -> 1-bit matrix -> a picture that looks like the bar (the design of the counter bars).

16-dot lines use the system's Unifont bitmaps, read at run time and never copied (GPL-2+); 32-dot lines use the
paper's bold outline face. No outline is scaled to 16 dots: it would be mush.
"""

from __future__ import annotations

import io
import mmap
from functools import cache, lru_cache

from PIL import Image, ImageDraw

from hardware import fonts
from hardware.led.page import LINE_DOTS, Frame, Tone

PITCH = 4
"""Pixels from dot to dot in a preview picture."""
FRAME = 6
LIT = (255, 80, 48)
UNLIT = (44, 34, 32)
BOARD = (20, 16, 15)
CASE = (14, 14, 16)
RED, GREEN, YELLOW = LIT, (64, 224, 110), (255, 196, 50)
"""How the colours of a bar look from the hall."""
TONES = {Tone.PLAIN: RED, Tone.CALM: GREEN, Tone.CALL: YELLOW, Tone.WARN: RED}
REPLACEMENT = "*"
LARGE_TYPE = 0.94
"""Size of the outline face in parts of the bar's height."""
BASELINE = 0.39
"""How far below the middle the letters stand, in parts of their size."""


@cache
def _glyph_table() -> mmap.mmap:
    with fonts.unifont_file().open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@lru_cache(maxsize=4096)
def glyph(character: str) -> Image.Image | None:
    """The 8 x 16 or 16 x 16 bitmap of a character, lit dots 1; None when the table lacks it. Raises FontMissing."""
    line = _line_of(ord(character))
    if line is None:
        return None
    bits = bytes.fromhex(line.partition(b":")[2].decode("ascii"))
    return Image.frombytes("1", (len(bits) * 8 // LINE_DOTS, LINE_DOTS), bits)


def _line_of(code: int) -> bytes | None:
    """The line of a code point, by halving: the file is sorted by code point."""
    table = _glyph_table()
    low, high = 0, len(table)
    while low < high:
        start = table.rfind(b"\n", 0, (low + high) // 2) + 1
        end = table.find(b"\n", start)
        line = table[start : end if end >= 0 else len(table)]
        here = int(line.partition(b":")[0] or b"110000", 16)
        if here == code:
            return line
        if here < code:
            low = start + len(line) + 1
        else:
            high = start
    return None


def missing(text: str) -> set[str]:
    """The characters of a text that no bitmap is there for."""
    return {character for character in text if glyph(character) is None}


def small_line(text: str) -> Image.Image:
    """A line 16 dots high."""
    glyphs = [glyph(character) or glyph(REPLACEMENT) for character in text]
    strip = Image.new("1", (max(1, sum(item.width for item in glyphs if item)), LINE_DOTS))
    x = 0
    for item in glyphs:
        if item is not None:
            strip.paste(item, (x, 0))
            x += item.width
    return strip


def large_line(text: str, *, height: int, width: int) -> Image.Image:
    """A line as high as the bar, in the bold outline face; without that face, the bitmaps doubled.

    Its Latin letters are wider than half a square: a line of many is drawn a little smaller rather than cut off.
    """
    try:
        size = round(height * LARGE_TYPE)
        while (font := fonts.cjk(size, bold=True)).getlength(text) > width and size > LINE_DOTS:
            size -= 1
    except fonts.FontMissing:
        small = small_line(text)
        factor = height // LINE_DOTS
        return small.resize((small.width * factor, small.height * factor), Image.Resampling.NEAREST)
    strip = Image.new("1", (max(1, round(font.getlength(text))), height))
    base = round(height / 2 + size * BASELINE)
    ImageDraw.Draw(strip).text((0, base), text, font=font, fill=1, anchor="ls")
    return strip


def dots(frame: Frame, *, width: int, height: int) -> Image.Image:
    """The whole bar as a 1-bit picture, lit dots 1. Raises FontMissing."""
    board = Image.new("1", (width, height))
    lines = frame.page.lines
    if len(lines) == 1 and height > LINE_DOTS:
        put(board, large_line(lines[0], height=height, width=width), y=0)
    else:
        top = (height - LINE_DOTS * len(lines)) // 2
        for number, line in enumerate(lines):
            put(board, small_line(line), y=max(0, top) + number * LINE_DOTS)
    return board.point(lambda dot: 0 if dot else 1, "1") if frame.inverse else board


def colours(frame: Frame, *, width: int, height: int) -> Image.Image:
    """The whole bar in the colour of its page's tone. Raises FontMissing."""
    return coloured(dots(frame, width=width, height=height), TONES[frame.page.tone])


def put(board: Image.Image, strip: Image.Image, *, y: int) -> None:
    """Centres a line; one too wide keeps its beginning."""
    board.paste(strip, (max(0, (board.width - strip.width) // 2), y))


def coloured(board: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Lit dots of a 1-bit board in a colour, the others black."""
    picture = Image.new("RGB", board.size)
    picture.paste(colour, (0, 0, *board.size), board)
    return picture


def photograph(board: Image.Image) -> Image.Image:
    """The bar as it looks from the hall, dots on a dark board in its case; a 1-bit board is lit in red."""
    colours = coloured(board, LIT) if board.mode == "1" else board
    mask = colours.convert("L").point(lambda grey: 255 if grey else 0).resize(_large(board), Image.Resampling.NEAREST)
    lit = colours.resize(_large(board), Image.Resampling.NEAREST)
    lit = Image.composite(lit, Image.new("RGB", lit.size, BOARD), _shape(board.size))
    picture = Image.new("RGB", (lit.width + 2 * FRAME, lit.height + 2 * FRAME), CASE)
    picture.paste(Image.composite(lit, _tiled(UNLIT, board.size), mask), (FRAME, FRAME))
    return picture


def _large(board: Image.Image) -> tuple[int, int]:
    return board.width * PITCH, board.height * PITCH


@lru_cache(maxsize=8)
def _shape(size: tuple[int, int]) -> Image.Image:
    """Where the dots of a board are: round ones of three pixels on a pitch of four."""
    dot = Image.new("L", (PITCH, PITCH))
    dot.paste(255, (0, 0, PITCH - 1, PITCH - 1))
    for x, y in ((0, 0), (PITCH - 2, 0), (0, PITCH - 2), (PITCH - 2, PITCH - 2)):
        dot.putpixel((x, y), 170)
    row = Image.new("L", (size[0] * PITCH, PITCH))
    for column in range(size[0]):
        row.paste(dot, (column * PITCH, 0))
    board = Image.new("L", (size[0] * PITCH, size[1] * PITCH))
    for line in range(size[1]):
        board.paste(row, (0, line * PITCH))
    return board


@lru_cache(maxsize=8)
def _tiled(colour: tuple[int, int, int], size: tuple[int, int]) -> Image.Image:
    """A board on which every dot has this colour."""
    large = (size[0] * PITCH, size[1] * PITCH)
    return Image.composite(Image.new("RGB", large, colour), Image.new("RGB", large, BOARD), _shape(size))


def png(picture: Image.Image) -> bytes:
    """The bytes of a PNG file."""
    stream = io.BytesIO()
    picture.save(stream, format="PNG")
    return stream.getvalue()
