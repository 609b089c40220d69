"""Puts what other rooms' tests know how to make on the path: small halls, failing disks, servers and callers."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
for room in ("hall_server", "hall_server/core", "hall_server/journal", "hall_server/web", "."):
    if (folder := str(TESTS / room)) not in sys.path:
        sys.path.append(folder)
