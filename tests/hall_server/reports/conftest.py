"""The rules' own small hall is on the path: when a bulletin freezes is a rule."""

import sys
from pathlib import Path

CORE = str(Path(__file__).parents[1] / "core")
if CORE not in sys.path:
    sys.path.append(CORE)
