"""Puts what other rooms' tests know how to make on the path: small halls, failing disks, servers and callers."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
for room in (TESTS / "hall_server", TESTS / "hall_server" / "core", TESTS / "hall_server" / "journal", TESTS):
    if str(room) not in sys.path:
        sys.path.append(str(room))
