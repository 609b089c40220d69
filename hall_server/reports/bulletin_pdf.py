"""The bulletin's pages with reportlab.

reportlab embeds TrueType outlines only, and the usual free Chinese fonts (Noto CJK) have PostScript outlines. So a
TrueType one is embedded where the machine has it; otherwise the page names Adobe's STSong-Light, which every PDF viewer
with Chinese support replaces by its own.
"""

import io
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

_TRUETYPE: Final = (
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "msyh.ttc",
    "simsun.ttc",
)
_BUILT_IN: Final = "STSong-Light"
_COLUMNS_MM: Final = (80, 30, 30, 30)
_WIDE_MM: Final = 257


class Owned(NamedTuple):
    """One table: whose, and its rows, each with a cell for every heading."""

    owner: str
    rows: list[tuple[str, ...]]


@lru_cache(maxsize=1)
def font_name() -> str:
    """Register a font with Chinese characters once; returns its name."""
    for folder in _font_folders():
        for name in _TRUETYPE:
            for path in folder.rglob(name):
                try:
                    pdfmetrics.registerFont(TTFont("hall", str(path)))
                    return "hall"
                except (TTFError, OSError):
                    continue  # another kind of file under that name
    pdfmetrics.registerFont(UnicodeCIDFont(_BUILT_IN))
    return _BUILT_IN


def _font_folders() -> list[Path]:
    if os.name == "nt":
        return [Path(os.environ.get("SYSTEMROOT", "C:\\Windows")) / "Fonts"]
    return [path for path in (Path("/usr/share/fonts"), Path("/usr/local/share/fonts")) if path.is_dir()]


def draw(
    *,
    title: str,
    subtitle: str,
    headings: Sequence[str],
    tables: Sequence[Owned],
    notes: Sequence[str],
    wide: bool = False,
) -> bytes:
    """One table under each owner's name, figures to the right; `wide` lays the paper on its side for many columns.

    The same figures give the same bytes: no time of making is written in."""
    font = font_name()
    plain = ParagraphStyle("plain", fontName=font, fontSize=10, leading=15, wordWrap="CJK")
    figure = ParagraphStyle("figure", parent=plain, alignment=TA_RIGHT)
    large = ParagraphStyle("large", parent=plain, fontSize=18, leading=26)
    middle = ParagraphStyle("middle", parent=plain, fontSize=12, leading=20, spaceBefore=4 * mm)
    small = ParagraphStyle("small", parent=plain, fontSize=8, leading=12, textColor=colors.HexColor("#444444"))
    story: list[Flowable] = [Paragraph(_safe(title), large), Paragraph(_safe(subtitle), plain)]
    for owner, rows in tables:
        cells = [
            [Paragraph(_safe(cell), figure if column and not wide else plain) for column, cell in enumerate(row)]
            for row in [headings, *rows]
        ]
        widths = [_WIDE_MM / len(headings)] * len(headings) if wide else _COLUMNS_MM
        table = Table(cells, colWidths=[width * mm for width in widths], repeatRows=1, style=_style())
        story.append(table if wide else KeepTogether([Paragraph(_safe(owner), middle), table]))
    story.append(Spacer(1, 6 * mm))
    story += [Paragraph(_safe(note), small) for note in notes]
    out = io.BytesIO()
    SimpleDocTemplate(
        out, pagesize=landscape(A4) if wide else A4, title=subtitle, author=title, invariant=1,
        leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm, bottomMargin=18 * mm,
    ).build(story)  # fmt: skip
    return out.getvalue()


def _style() -> TableStyle:
    return TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
            ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.HexColor("#BBBBBB")),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ]
    )


def _safe(text: str) -> str:
    """Paragraphs read a kind of XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
