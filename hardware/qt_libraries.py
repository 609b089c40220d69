"""Which system libraries Qt lacks here, without loading Qt: `ldd` over its modules and plugins, named by package.

Linux only; Qt's wheels for Windows bring what they need.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import metadata, util
from pathlib import Path

REFUSED = (6, 12)
"""PySide6 6.12 loses references on Python 3.11 and ends the process after some hundred signals (measured)."""
OLDEST = (6, 8)

MODULES = ("QtCore", "QtGui", "QtQml", "QtQuick", "QtQuickControls2", "QtNetwork", "QtWebSockets", "QtSvg")
SOUND_MODULES = ("QtMultimedia",)

PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libpulse.so.0": "libpulse0",
    "libXext.so.6": "libxext6",
    "libXrandr.so.2": "libxrandr2",
    "libva.so.2": "libva2",
    "libva-drm.so.2": "libva-drm2",
    "libva-x11.so.2": "libva-x11-2",
    "libssl.so.3": "libssl3",
    "libz.so.1": "zlib1g",
}

_MISSING = re.compile(r"^\s*(\S+) => not found", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Libraries that were not found, and what to type."""

    libraries: tuple[str, ...]
    packages: tuple[str, ...] = field(init=False)
    unnamed: tuple[str, ...] = field(init=False)
    """Libraries whose package is not known here."""

    def __post_init__(self) -> None:
        known = {PACKAGES[name] for name in self.libraries if name in PACKAGES}
        object.__setattr__(self, "packages", tuple(sorted(known)))
        object.__setattr__(self, "unnamed", tuple(name for name in self.libraries if name not in PACKAGES))

    @property
    def line(self) -> str:
        """The command that installs them."""
        found = f"apt-get install -y --no-install-recommends {' '.join(self.packages)}" if self.packages else ""
        rest = f"find the packages of {' '.join(self.unnamed)} with apt-file search" if self.unnamed else ""
        return "; ".join(filter(None, (found, rest)))


def version_problem(version: str | None) -> str | None:
    """What is wrong with this PySide6, None when it can be used."""
    if version is None:
        return "PySide6 is not installed"
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if numbers >= REFUSED:
        return f"PySide6 {version} is not used: from 6.12 on it loses references and the program ends by itself"
    if numbers < OLDEST:
        return f"PySide6 {version} is too old"
    return None


def installed_version() -> str | None:
    """PySide6's version, read from its metadata and not by loading it."""
    try:
        return metadata.version("PySide6")
    except metadata.PackageNotFoundError:
        return None


def folder() -> Path | None:
    """Where PySide6 lies."""
    spec = util.find_spec("PySide6")
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places else None


def files_for_screens(place: Path) -> list[Path]:
    """What every screen program loads, drawn off-screen or not."""
    plugins = place / "Qt" / "plugins"
    return [
        *(place / f"{module}.abi3.so" for module in MODULES),
        plugins / "platforms" / "libqoffscreen.so",
        *sorted((plugins / "tls").glob("*.so")),
    ]


def files_for_windows(place: Path) -> list[Path]:
    """What real windows under X load besides."""
    plugins = place / "Qt" / "plugins"
    return [plugins / "platforms" / "libqxcb.so", *sorted((plugins / "xcbglintegrations").glob("*.so"))]


def files_for_wayland(place: Path) -> list[Path]:
    """What windows under Wayland load besides."""
    plugins = place / "Qt" / "plugins"
    wayland = (plugins / "wayland-shell-integration").glob("*.so")
    return [*sorted((plugins / "platforms").glob("libqwayland*.so")), *sorted(wayland)]


def files_for_sound(place: Path) -> list[Path]:
    """What the calling voice loads."""
    multimedia = sorted((place / "Qt" / "plugins" / "multimedia").glob("*.so"))
    return [*(place / f"{module}.abi3.so" for module in SOUND_MODULES), *multimedia]


def lacking(files: Iterable[Path]) -> Lacking | None:
    """The libraries these files need and the system has not; None when nothing is missing or nothing can be said."""
    present = [str(path) for path in files if path.is_file()]
    if not present or not sys.platform.startswith("linux") or shutil.which("ldd") is None:
        return None
    done = subprocess.run(["ldd", *present], capture_output=True, text=True, check=False)
    missing = tuple(sorted(set(_MISSING.findall(done.stdout))))
    return Lacking(missing) if missing else None
