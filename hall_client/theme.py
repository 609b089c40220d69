"""The theme's tokens for QML: a palette and a set of sizes, both switchable at run time (design.md 2)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot

import assets

PALETTES = ("light", "elder", "contrast", "wall")
SURFACES = ("kiosk", "elder", "wall", "desktop", "phone")


class Tokens(QObject):
    """What `Theme.qml` reads; nothing else does."""

    palette_changed = Signal()
    surface_changed = Signal()
    scale_changed = Signal()

    def __init__(self, *, palette: str = "light", surface: str = "kiosk", reduced_motion: bool = False) -> None:
        super().__init__()
        self._tokens = assets.tokens()
        self._palette, self._surface = palette, surface
        self._scale = 1.0
        self._still = reduced_motion

    def _get_palette(self) -> str:
        return self._palette

    def set_palette(self, palette: str) -> None:
        """`light elder contrast wall`."""
        if palette not in PALETTES:
            raise ValueError(f"no palette {palette!r}")
        if palette != self._palette:
            self._palette = palette
            self.palette_changed.emit()

    def _get_surface(self) -> str:
        return self._surface

    def set_surface(self, surface: str) -> None:
        """`kiosk elder wall desktop`: which column of sizes."""
        if surface not in SURFACES:
            raise ValueError(f"no surface {surface!r}")
        if surface != self._surface:
            self._surface = surface
            self.surface_changed.emit()

    def set_text_scale(self, scale: float) -> None:
        """Multiplies every type size (walls, by viewing distance)."""
        if scale != self._scale:
            self._scale = scale
            self.surface_changed.emit()

    def _get_colours(self) -> dict[str, str]:
        base: dict[str, str] = {**self._tokens["colour"]["light"], **self._tokens["colour"][self._palette]}
        return base

    def _get_sizes(self) -> dict[str, int]:
        sizes = {**self._tokens["type"]["kiosk"], **self._tokens["type"][self._surface]}
        return {name: round(size * self._scale) for name, size in sizes.items()}

    def _get_fixed(self) -> dict[str, Any]:
        motion = dict(self._tokens["motion_ms"])
        if self._still:
            motion |= dict.fromkeys(("press", "page", "page_shift_px", "toast", "call_blinks"), 0)
        return {
            "family": self._tokens["type"]["family"],
            "line_height": self._tokens["type"]["line_height"],
            "number_spacing": self._tokens["type"]["number_spacing_px"],
            "stale_opacity": self._tokens["stale_opacity"],
            "space": self._tokens["space"],
            "radius": self._tokens["radius"],
            "touch": self._tokens["touch"],
            "motion": motion,
            "lights": self._tokens["lights"],
        }

    @property
    def raw(self) -> dict[str, Any]:
        """All tokens, for whoever needs a number in Python (times, reach lines)."""
        return self._tokens

    palette = Property(str, _get_palette, set_palette, notify=palette_changed)
    surface = Property(str, _get_surface, set_surface, notify=surface_changed)
    colours = Property("QVariantMap", _get_colours, notify=palette_changed)  # type: ignore[arg-type]
    sizes = Property("QVariantMap", _get_sizes, notify=surface_changed)  # type: ignore[arg-type]
    fixed = Property("QVariantMap", _get_fixed, constant=True)  # type: ignore[arg-type]

    @Slot(str, str, result=str)
    def icon(self, name: str, colour: str) -> str:
        """Address of an outline icon (`assets/icons/NAME.svg`) in one colour, for `Image.source`."""
        return f"image://icon/{name}/{colour.lstrip('#')}"

    @Slot(str, result=QUrl)
    def asset(self, name: str) -> QUrl:
        """Address of another file of `assets`."""
        return QUrl.fromLocalFile(str(assets.path(*name.split("/"))))
