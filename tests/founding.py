"""A county hall founded by the real command on a day before every moment that the tests' own clocks show."""

from pathlib import Path

import pytest

from hall_server.cli import command
from hall_server.clock import StandingClock
from hall_server.core.stamp import instant

FOUNDED = "2026-11-23T08:00:00.000+08:00"
"""A hall founded on the day the tests run would one day be ahead of them."""


def found_county(data: Path) -> None:
    """`hall-server init --sample county` on that day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hall_server.clock.HallClock", lambda: StandingClock(instant(FOUNDED)))
        assert command(["init", "--data", str(data), "--sample", "county"]) == 0
