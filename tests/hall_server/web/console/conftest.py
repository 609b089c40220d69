"""The doors' hall is on the path; the console's pages are asked through them."""

import sys
from pathlib import Path

WEB = str(Path(__file__).parents[1])
if WEB not in sys.path:
    sys.path.append(WEB)
