"""How large the windows of a demo are, when windows are wanted."""

from __future__ import annotations

import asyncio
import sys

DESIGN = {"kiosk": (1080, 1920), "counter-3": (1280, 800), "counter-7": (1280, 800), "wall": (1920, 1080)}
SHARE = {"kiosk": 0.85, "counter-3": 0.5, "counter-7": 0.5, "wall": 0.5}
"""Of the screen's height for the upright kiosk, of its width for the others: together they stand side by side."""
ASK = (
    "from PySide6.QtGui import QGuiApplication as A;"
    "a=A([]);s=a.primaryScreen().availableGeometry();print(s.width(),s.height())"
)
COMMON = (1920, 1080)
ASK_WITHIN_S = 20.0


async def screen_size() -> tuple[int, int]:
    """Width and height of the screen, asked in a process of its own: the supervisor itself has no window."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ASK, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), ASK_WITHIN_S)
        width, height = out.split()
        return int(width), int(height)
    except (TimeoutError, ValueError):
        return COMMON


def scale_of(screen: str, size: tuple[int, int]) -> str:
    """The scale of a screen's window, as the programs take it."""
    width, height = DESIGN[screen]
    share = SHARE[screen]
    scale = share * size[1] / height if screen == "kiosk" else share * size[0] / width
    return f"{max(0.1, min(1.0, scale)):.2f}"
