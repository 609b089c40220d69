"""Finds the typefaces of paper and LED bars on this machine; a missing one is named with its package.

Debian's Noto Sans CJK collections hold JP 0, KR 1, SC 2, TC 3, HK 4 (measured); a variable face is never
taken, Pillow draws it thin. On Windows the system's own YaHei or SimHei stand in.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from PIL import ImageFont

_NOTO_FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-cjk",
    "/usr/share/fonts/google-noto-sans-cjk-fonts",
    "/usr/local/share/fonts/noto",
)
_SC_FACE = 2

PACKAGE_CJK = "fonts-noto-cjk"
PACKAGE_UNIFONT = "unifont"


class FontMissing(RuntimeError):
    """No usable typeface; the message names the package to install."""


def _windows_fonts() -> Path:
    return Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"


def candidates(*, bold: bool) -> list[tuple[Path, int]]:
    """Files with the index of the face for Simplified Chinese, best first."""
    weight = "Bold" if bold else "Regular"
    found = [(Path(folder) / f"NotoSansCJK-{weight}.ttc", _SC_FACE) for folder in _NOTO_FOLDERS]
    windows = _windows_fonts()
    found += [(windows / f"NotoSansCJK-{weight}.ttc", _SC_FACE), (windows / f"NotoSansSC-{weight}.otf", 0)]
    found += [(windows / ("msyhbd.ttc" if bold else "msyh.ttc"), 0), (windows / "simhei.ttf", 0)]
    return found


@cache
def cjk(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The paper's typeface at `size` dots. Raises FontMissing."""
    path, index = cjk_file(bold=bold)
    return ImageFont.truetype(str(path), size, index=index)


@cache
def cjk_file(*, bold: bool = False) -> tuple[Path, int]:
    """Where the typeface is, and which face of the file. Raises FontMissing."""
    for path, index in candidates(bold=bold):
        if path.is_file():
            return path, index
    raise FontMissing(
        "no typeface with Chinese characters found (Noto Sans CJK SC, "
        f"{'Bold' if bold else 'Regular'}): apt-get install {PACKAGE_CJK}"
    )


UNIFONT_PATHS = (Path("/usr/share/unifont/unifont.hex"), Path("/usr/local/share/unifont/unifont.hex"))


def unifont_file() -> Path:
    """The dot-matrix glyphs; `COUNTERHALL_UNIFONT` may name another place (Windows). Raises FontMissing."""
    own = os.environ.get("COUNTERHALL_UNIFONT")
    for path in ([Path(own)] if own else []) + list(UNIFONT_PATHS):
        if path.is_file():
            return path
    raise FontMissing(f"no dot-matrix glyphs found (unifont.hex): apt-get install {PACKAGE_UNIFONT}")
