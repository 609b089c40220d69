"""The two steps of a wall that lost its link, and the page on disk."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from wall_scenes import NOON, at, calling, face, picture, text

from assets.i18n import Catalogue
from display_wall.board import Board
from display_wall.layout import plan, under_band
from display_wall.memory import Memory
from display_wall.moment import Moment
from display_wall.panel import Panel
from display_wall.staleness import RED_AFTER_S

CATALOGUE = Catalogue()


@pytest.fixture
def board() -> Board:
    wall = Board(screen="main", catalogue=CATALOGUE, now=at(0))
    wall.changed(calling(("A041", "3")), now=at(0))
    wall.face(now=at(0), speaking=False)
    return wall


def test_a_page_of_a_hall_whose_clock_is_another_is_of_today(qtbot: QtBot, tmp_path: Path) -> None:
    """A demo hall lives on a working day of its own; a machine's clock may be wrong by hours."""
    memory = Memory(tmp_path / "page.json")
    machine = datetime.now().astimezone()
    memory.keep(picture(), truth=NOON, heard_to=1, now_s=0.0, machine=machine)
    kept = memory.load()
    assert kept is not None
    assert abs(kept.ahead - (NOON - machine)) < timedelta(seconds=1)
    panel = Panel("main", catalogue=CATALOGUE, memory=memory)
    assert abs(panel.now().hall - NOON) < timedelta(minutes=1)
    assert panel.board.picture is not None
    assert panel.board.picture.lines == picture().lines, "the numbers are today's and shown"


def test_a_live_wall_says_nothing_about_its_age(board: Board) -> None:
    shown = board.face(now=at(1), speaking=False)
    assert (shown.stale.step, shown.stale.mark, shown.stale.band, shown.dim) == ("live", "", "", False)


def test_the_mark_comes_at_once_with_the_second_of_the_last_truth(board: Board) -> None:
    board.lost(now=at(64), truth=NOON + timedelta(seconds=63))
    shown = board.face(now=at(64.2), speaking=False)
    assert shown.stale.step == "mark"
    assert shown.stale.mark == "数据停在 10:26:03"
    assert not shown.dim, "step one takes nothing away"
    assert next(iter(shown.lines.values())).rows[0].wait != "—"


def test_the_red_band_comes_after_fifteen_seconds_and_takes_colours_ranges_and_calls(board: Board) -> None:
    board.lost(now=at(0))
    assert board.face(now=at(RED_AFTER_S - 0.1), speaking=False).stale.step == "mark"
    shown = board.face(now=at(RED_AFTER_S), speaking=False)
    assert shown.stale.step == "red"
    assert shown.stale.band == "数据停在 10:25，请以窗口叫号为准"
    assert shown.stale.mark == ""
    assert shown.dim
    assert {row.wait for zone in shown.lines.values() for row in zone.rows} == {"—"}
    assert next(iter(shown.calls.values())).none == "请听窗口工作人员叫号"
    other = board.face(now=at(RED_AFTER_S + 10), speaking=False)
    counters = [row for one in (shown, other) for zone in one.counters.values() for row in zone.rows]
    assert "A041" in {row.number for row in counters}, "numbers stay"
    assert not any(row.amber or row.now for row in counters)
    assert shown.clock == "10:25"


def test_the_band_counts_minutes_and_the_clock_goes_on(board: Board) -> None:
    board.lost(now=at(60))
    shown = board.face(now=at(60 + 6 * 60 + 30), speaking=False)
    assert shown.stale.minutes == "已停 6 分钟"
    assert shown.clock == "10:32"


def test_a_second_loss_does_not_start_the_count_again(board: Board) -> None:
    board.lost(now=at(0))
    board.lost(now=at(14))
    assert board.face(now=at(RED_AFTER_S), speaking=False).stale.step == "red"


def test_back_in_one_step(board: Board) -> None:
    board.lost(now=at(0))
    board.face(now=at(100), speaking=False)
    board.changed(picture(), now=at(100))
    shown = board.face(now=at(100), speaking=False)
    assert (shown.stale.step, shown.dim, shown.begins) == ("live", False, None)


def test_storage_that_failed_is_the_same_as_a_lost_link(board: Board) -> None:
    board.changed(picture(stale_since=text(2)), now=at(0))
    assert board.face(now=at(0), speaking=False).stale.mark == "数据停在 10:24:58"
    board.found()
    assert board.face(now=at(RED_AFTER_S), speaking=False).stale.step == "red", "a living link does not mend a disk"
    board.changed(picture(), now=at(20))
    assert board.face(now=at(20), speaking=False).stale.step == "live"


def test_the_red_band_pushes_rows_down_whole_and_the_case_board_gives_way() -> None:
    shown = picture()
    drawn = plan(shown.layout, size=shown.size, distance_m=8)
    before = {zone.zone: zone.place for zone in drawn.zones}
    after = {zone.zone: zone.place for zone in under_band(drawn, band=True)}
    edge = drawn.header + drawn.band
    assert all(place.y >= edge for place in after.values())
    assert after["lines"].h == before["lines"].h, "all lines stay"
    assert after["lines"].y + after["lines"].h <= after["approvals"].y
    assert after["counters"] == before["counters"]


def test_a_wall_without_a_page_says_that_it_connects_and_then_that_it_cannot() -> None:
    wall = Board(screen="main", catalogue=CATALOGUE, now=at(0))
    first = wall.face(now=at(0), speaking=False)
    assert first.stale.mark == "正在连接服务器"
    assert first.dim
    assert wall.face(now=at(15), speaking=False).stale.band == "连不上服务器，请以窗口叫号为准"


def remembered(tmp_path: Path, *, now: Moment) -> Board:
    memory = Memory(tmp_path / "wall-main.json")
    memory.keep(calling(("A041", "3")), truth=NOON, heard_to=100, now_s=0.0)
    page = Memory(memory.file).load()
    assert page is not None
    wall = Board(screen="main", catalogue=CATALOGUE, now=now, heard_to=page.heard_to)
    wall.remember(page.picture, truth=page.at, now=now)
    return wall


def test_the_last_page_is_shown_as_stale_at_the_start(tmp_path: Path) -> None:
    shown = remembered(tmp_path, now=at(120)).face(now=at(120), speaking=False)
    assert shown.hall == "示例县政务服务中心"
    assert shown.stale.mark == "数据停在 10:25:00"
    assert shown.dim
    assert "A041" in {row.number for row in next(iter(shown.counters.values())).rows}
    assert shown.begins is None, "nothing on disk is spoken"


def test_yesterdays_numbers_are_never_shown(tmp_path: Path) -> None:
    shown = remembered(tmp_path, now=at(86_400)).face(now=at(86_400), speaking=False)
    assert shown.hall == "示例县政务服务中心"
    assert next(iter(shown.counters.values())).rows == ()
    assert shown.stale.mark == "数据停在 2026-11-24 10:25:00"


@pytest.mark.parametrize("content", [b"", b"{", b'{"format":1}', b'{"format":99,"truth":"","heard_to":0}'])
def test_a_damaged_page_is_no_page(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "wall-main.json"
    file.write_bytes(content)
    assert Memory(file).load() is None


def test_pages_are_written_rarely_and_a_disk_that_fails_stops_nothing(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "page.json")
    memory.keep(picture(), truth=NOON, heard_to=1, now_s=100.0)
    memory.keep(picture(hall=face(hotline="0")), truth=NOON, heard_to=2, now_s=105.0)
    page = memory.load()
    assert page is not None
    assert page.heard_to == 1
    memory.keep(picture(), truth=NOON, heard_to=3, now_s=106.0, force=True)
    page = memory.load()
    assert page is not None
    assert page.heard_to == 3
    (tmp_path / "file").write_text("in the way")
    Memory(tmp_path / "file" / "page.json").keep(picture(), truth=NOON, heard_to=1, now_s=0.0)
