"""Profiles of the public escpos-printer-db, as python-escpos carries it: width, dots an inch, cutter, picture command.

Only the data file is read; the library itself is not started. The database knows nothing of status answers, so those
are probed like any other printer's.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hardware.printers.codec import CUT_FULL, CUT_PARTIAL
from hardware.printers.profiles.model import BadProfile, Profile


@cache
def database() -> dict[str, dict[str, Any]]:
    """The models by name; empty without python-escpos."""
    found = find_spec("escpos")
    folder = Path(found.origin).parent if found is not None and found.origin else None
    file = folder / "capabilities.json" if folder else None
    if file is None or not file.is_file():
        return {}
    profiles: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["profiles"]
    return profiles


def from_database(name: str) -> Profile | None:
    """The profile of a model of the database, None when it has none. Raises BadProfile for one that cannot do."""
    entry = database().get(name)
    if entry is None:
        return None
    features = entry["features"]
    width = entry["media"]["width"].get("pixels")
    dots_per_inch = entry["media"].get("dpi")
    if not isinstance(width, int):
        raise BadProfile(f"profile {name}: the database does not know how wide it prints; write a profile of your own")
    if not (features["bitImageRaster"] or features["graphics"]):
        raise BadProfile(f"profile {name}: it prints no pictures")
    cut = CUT_FULL if features["paperFullCut"] else CUT_PARTIAL if features["paperPartCut"] else b""
    return Profile(
        name=name,
        title=" ".join(filter(None, (entry.get("vendor", ""), entry["name"]))),
        width_dots=width - width % 8,
        dots_per_inch=dots_per_inch if isinstance(dots_per_inch, int) else 203,
        cut=cut,
        picture="raster" if features["bitImageRaster"] else "graphics",
        status="probe",
    )
