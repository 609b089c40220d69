"""A13f: a bulletin is frozen once; a fact that changes afterwards leaves it byte-identical and adds a correction."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path

import pytest
from core_material import Scene
from golden_month import GOLDEN, golden

from hall_server.core.oversight.bulletin import FreezeBulletin, freezes_at, months_to_freeze
from hall_server.core.stamp import instant
from hall_server.freezing import freeze_what_is_due
from hall_server.reports import bulletin, export
from hall_server.reports.indicators import CODE_NAMES, reading
from hall_server.reports.projection import rebuild

FROZEN_AT = GOLDEN["frozen_at"]
MADE = {"hall_name": "样例县政务服务中心", "language": "zh-Hans", "made_at": "2026-12-01T09:00:00.000+08:00"}


def test_it_freezes_on_the_sixth_working_day_of_the_next_month_at_opening_time() -> None:
    hall = Scene().hall
    assert freezes_at(hall, "2026-10") == instant(FROZEN_AT)
    assert months_to_freeze(hall, since="2026-08", at=instant(FROZEN_AT)) == ["2026-08", "2026-09", "2026-10"]
    assert months_to_freeze(hall, since="2026-08", at=instant(FROZEN_AT) - 1) == ["2026-08", "2026-09"]


def test_a_month_is_frozen_once_and_never_early() -> None:
    scene = Scene()
    early = FreezeBulletin(month="2026-11", sha256="0" * 64, formulas=1)
    assert scene.refusal(early) == "too_early"
    scene.do(FreezeBulletin(month="2026-10", sha256="0" * 64, formulas=1))
    assert scene.refusal(FreezeBulletin(month="2026-10", sha256="1" * 64, formulas=1)) == "wrong_state"
    assert scene.hall.bulletins["2026-10"].frozen_at.startswith("2026-11-09T09:00:00")
    assert months_to_freeze(scene.hall, since="2026-10", at=scene.now) == []
    scene.check()


def test_what_came_after_the_freeze_is_not_in_the_file_and_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    facts = golden()
    first = bulletin.freeze(tmp_path, facts.book().rows, month="2026-10", frozen_at=FROZEN_AT)
    published = bulletin.path_of(tmp_path, "2026-10").read_bytes()
    assert hashlib.sha256(published).hexdigest() == first
    facts.at("2026-11-20T10:00:00.000+08:00", "complaint_disposed", complaint="K5", outcome="upheld")
    assert bulletin.freeze(tmp_path, facts.book().rows, month="2026-10", frozen_at=FROZEN_AT) == first
    (row,) = bulletin.published(tmp_path, "2026-10", sha256=first).rows["hall"]
    for name in CODE_NAMES:
        assert getattr(row, name).percent == GOLDEN["expected"]["hall"][name]["percent"]
    assert not list((tmp_path / bulletin.FOLDER).glob(".*")), "nothing is left beside it"


def test_a_complaint_upheld_after_the_freeze_is_a_correction_beside_the_published_figures(tmp_path: Path) -> None:
    facts = golden()
    sha256 = bulletin.freeze(tmp_path, facts.book().rows, month="2026-10", frozen_at=FROZEN_AT)
    facts.at("2026-11-20T10:00:00.000+08:00", "complaint_disposed", complaint="K5", outcome="upheld")
    rebuild(tmp_path / "report.db", facts.book().rows)
    frozen = bulletin.published(tmp_path, "2026-10", sha256=sha256)
    with reading(tmp_path / "report.db") as db:
        found = bulletin.corrections(frozen, db)
    assert ("hall", "hall", "complaint_rate", (2, 11), (3, 11)) in [
        (c.by, c.key, c.indicator, c.published, c.now) for c in found
    ]
    assert {c.indicator for c in found} == {"complaint_rate"}
    told = bulletin.answer(frozen, by="hall", found=found)
    assert told["rows"][0]["complaint_rate"]["numerator"] == 2
    assert [c["now"] for c in told["corrections"]] == [(3, 11)]


@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "pdf"])
def test_a_frozen_month_is_written_the_same_every_time(tmp_path: Path, format: export.Format) -> None:
    facts = golden()
    sha256 = bulletin.freeze(tmp_path, facts.book().rows, month="2026-10", frozen_at=FROZEN_AT)
    frozen = bulletin.published(tmp_path, "2026-10", sha256=sha256)
    rebuild(tmp_path / "report.db", facts.book().rows)
    to = tmp_path / f"b.{format}"
    asked = {"month": "2026-10", "format": format, "frozen": frozen}
    assert export.write(to, tmp_path / "report.db", **asked, **MADE) == [to]  # type: ignore[arg-type]
    before = to.read_bytes()
    facts.at("2026-11-20T10:00:00.000+08:00", "complaint_disposed", complaint="K5", outcome="upheld")
    rebuild(tmp_path / "report.db", facts.book().rows)
    written = export.write(to, tmp_path / "report.db", **asked, **MADE)  # type: ignore[arg-type]
    assert written == [to, tmp_path / "b.corrections.json"]
    if format != "xlsx":  # a zip archive holds the time it was packed
        assert to.read_bytes() == before
    corrections = json.loads((tmp_path / "b.corrections.json").read_bytes())["corrections"]
    assert {
        "by": "hall",
        "key": "hall",
        "indicator": "complaint_rate",
        "published": [2, 11],
        "now": [3, 11],
    } in corrections


def test_a_file_that_was_touched_is_not_the_bulletin(tmp_path: Path) -> None:
    sha256 = bulletin.freeze(tmp_path, golden().book().rows, month="2026-10", frozen_at=FROZEN_AT)
    path = bulletin.path_of(tmp_path, "2026-10")
    path.write_bytes(path.read_bytes().replace(b"82.35", b"92.35"))
    with pytest.raises(ValueError, match="not the bulletin that was published"):
        bulletin.published(tmp_path, "2026-10", sha256=sha256)


def test_a_running_hall_freezes_what_came_due_while_it_was_down(county: Path) -> None:
    """Founded on 23 November; on the eighth of January two months have passed."""
    from hall_server.clock import StandingClock
    from hall_server.engine import Engine

    async def story() -> list[str]:
        engine = Engine.open(county, StandingClock(instant("2027-01-11T10:00:00.000+08:00")), program="a test")
        try:
            frozen = await freeze_what_is_due(county, engine)
            assert await freeze_what_is_due(county, engine) == []
            for month in frozen:
                assert bulletin.published(county, month, sha256=engine.hall.bulletins[month].sha256).month == month
            return frozen
        finally:
            engine.close()

    assert asyncio.run(story()) == ["2026-11", "2026-12"]
