"""The doors' hall is on the path: the past is asked of a journal that was really written."""

import sys
from pathlib import Path

WEB = str(Path(__file__).parents[1] / "web")
if WEB not in sys.path:
    sys.path.append(WEB)
