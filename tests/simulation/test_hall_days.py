"""Seeded hall-days: whatever the network, the disk and the printers did, no promise is broken.

reliability.md 4 and 5: I1 to I8, I11, I12. The seed is in the name of the test; the same seed is the same people and
the same faults.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from founding import found_county
from hall_day import HallDay, wall_of
from journal_material import failing_disk

from hall_server.core.hall import Hall, as_values
from hall_server.engine import apply_row
from hall_server.journal.verify import verify


@pytest.fixture(scope="session")
def county_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("made") / "hall"
    found_county(data)
    return data


def live(seed: int, data: Path, steps: int) -> HallDay:
    """The day is lived; then the journal, the hall, the walls and every client agree."""
    with failing_disk(f"day-{seed}") as disk:
        day = HallDay(seed, data, disk)

        async def through() -> None:
            async with day.open():
                await day.run(steps)
                replayed = Hall()
                for row in day.doors.engine.journal.replay(0, check=True):
                    apply_row(replayed, row)
                assert as_values(replayed) == as_values(day.doors.hall), f"seed {seed}: hall and journal differ"
                before = wall_of(day.doors)
                await day.restart()
                assert wall_of(day.doors) == before, f"seed {seed}: walls differ after a restart"

        asyncio.run(through())
    assert verify(data / "journal.db").ok
    checker = day.judged()
    assert checker.violations == [], f"seed {seed}"
    return day


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_a_day(seed: int, county_made: Path, tmp_path: Path) -> None:
    shutil.copytree(county_made, tmp_path / "hall")
    day = live(seed, tmp_path / "hall", steps=120)
    checker = day.judged()
    assert len(checker.tickets) > 60
    assert checker.calls > 20
    assert sum(checker.requests.values()) > 10


def test_the_days_have_faults_in_them(county_made: Path, tmp_path: Path) -> None:
    """Or they would prove nothing: the disk failed, cables were out, answers were lost, the server began anew."""
    shutil.copytree(county_made, tmp_path / "hall")
    day = live(11, tmp_path / "hall", steps=200)
    assert day.faults > 3
    assert day.restarts >= 1
    assert any(told.outcome == "unknown" for told in day.history)
    journal = (tmp_path / "hall" / "journal.db").read_bytes()
    assert b"ticket_print_failed" in journal
    assert b'"offline":true' in journal


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_a_long_day(seed: int, county_made: Path, tmp_path: Path) -> None:
    shutil.copytree(county_made, tmp_path / "hall")
    live(seed, tmp_path / "hall", steps=800)
