"""What a bar beside the wall shows, and that every page fits a real bar."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from wall_scenes import at, calling, catalogue, counter, evacuation, picture

from assets.i18n import LANGUAGES, Catalogue
from display_wall.app import Bar
from display_wall.board import Board
from display_wall.led import BLINKS, BarFace, bar_face, put
from hall_protocol.pictures.wall import WallPicture, Zone
from hardware.led import matrix
from hardware.led.bxk_driver import BxkBar
from hardware.led.page import Page, Tone, dots_of, fitted

CATALOGUE = Catalogue()


def bar(what: WallPicture | None, *, after: float = 0.0, lost: bool = False) -> BarFace:
    wall = Board(screen="main", catalogue=CATALOGUE, now=at(0))
    if what is not None:
        wall.changed(what, now=at(0))
        wall.face(now=at(0), speaking=False)
    if lost:
        wall.lost(now=at(0))
    face = wall.face(now=at(after), speaking=False)
    call = wall.queue.current
    calls = (call.counter, call.number) if call else None
    return bar_face(what, face, calling=calls, texts=wall.texts(), now=at(after), times=wall.times)


def lines(face: BarFace) -> list[str]:
    return [line for page in face.pages for line in page.lines]


def test_a_call_blinks_twice_and_stands() -> None:
    face = bar(calling(("A041", "3"), ("B018", "7")))
    assert (lines(face), face.blink) == (["请A041号到3号窗口"], BLINKS)


def test_calls_nobody_answered_stand_until_begin_or_a_minute() -> None:
    what = calling(("A041", "3"))
    what.counters = {"3": counter("A041", ago=0), "4": counter("A040", ago=300)}
    assert lines(bar(what, after=30)) == ["请A041号到3号窗口"]
    assert "请A041号到3号窗口" not in lines(bar(what, after=61))


def test_idle_pages_name_the_hall_and_the_notices() -> None:
    what = picture()
    what.counters = {}
    assert lines(bar(what)) == ["示例县政务服务中心", "请留意叫号", "午间 12:00–13:30 不取新号，已取号的办完为止"]


def test_idle_pages_over_one_counter_are_its_duties() -> None:
    """A4c: department, items, limits, fees, telephone and post, each on its page; what nobody set has none."""
    layout = [Zone(zone="counter", x=0, y=0, w=1920, h=1080, counter="3")]
    what = picture(layout=layout, counters={"3": counter()}, notices=[])
    wall = Board(screen="main", catalogue=CATALOGUE, now=at(0))
    wall.services = catalogue()
    wall.changed(what, now=at(0))
    face = wall.face(now=at(0), speaking=False)
    shown = bar_face(what, face, calling=None, texts=wall.texts(), now=at(0), times=wall.times)
    assert lines(shown) == [
        "3号窗口 县医疗保障局",
        "门诊费用报销 生育津贴支付 跨省异地急诊人员备案",
        "承诺时限 当场办结，其余 10–20 个工作日",
        "不收费",
        "咨询电话 0000-0000003",
        "首问责任岗 工号 0312",
    ]
    what.posts = None
    wall.changed(what, now=at(1))
    face = wall.face(now=at(1), speaking=False)
    shown = bar_face(what, face, calling=None, texts=wall.texts(), now=at(1), times=wall.times)
    assert len(lines(shown)) == 4


def test_lost_and_leaving() -> None:
    assert lines(bar(picture(), lost=True, after=16)) == ["请听窗口叫号"]
    assert lines(bar(None, after=1)) == ["请听窗口叫号"]
    leaving = bar(picture(evacuation=evacuation(main="left")))
    assert lines(leaving) == ["请立即离开大厅", "走左侧安全出口", "Leave the building now"]
    assert leaving.blink == BLINKS


@pytest.mark.parametrize(("width", "height"), [(192, 16), (192, 32), (128, 16)])
def test_no_page_loses_a_character(width: int, height: int) -> None:
    for what in (calling(("A041", "3")), picture(), picture(evacuation=evacuation(main="back"))):
        pages = bar(what).pages
        cut = fitted(pages, width=width, height=height)
        letters = "".join(line for page in pages for line in page.lines).replace(" ", "")
        assert "".join(line for page in cut for line in page.lines).replace(" ", "") == letters
        rows = [line for page in cut for line in page.lines]
        assert all(dots_of(line) <= width for line in rows)


def test_the_usual_call_fits_one_page_of_twelve_hanzi() -> None:
    for language in LANGUAGES[:2]:
        assert dots_of(CATALOGUE.say("led.call", language, number="A041", counter="12")) <= 192
        assert dots_of(CATALOGUE.say("led.stale", language)) <= 192


def test_a_bar_is_driven_and_told_only_what_changed(tmp_path: Path) -> None:
    one = Bar(f"png+file://{tmp_path}/bar?width=192&height=16")
    one.start()
    try:
        one.show(bar(calling(("A041", "3"))))
        deadline = threading.Event()
        for _ in range(200):
            if (tmp_path / "bar" / "bar.png").exists():
                break
            deadline.wait(0.02)
        assert (tmp_path / "bar" / "bar.png").read_bytes().startswith(b"\x89PNG")
    finally:
        one.stop()
    assert not [t for t in threading.enumerate() if t.name == "led"]


def test_each_situation_has_its_tone_and_its_last_words() -> None:
    idle = picture()
    idle.counters = {}
    for what, tone in (
        (calling(("A041", "3")), Tone.CALL),
        (idle, Tone.CALM),
        (picture(evacuation=evacuation(main="left")), Tone.WARN),
        (None, Tone.WARN),
    ):
        face = bar(what)
        assert {page.tone for page in face.pages} == {tone}
        assert face.fallback == Page(("请听窗口叫号",), tone=Tone.WARN)


class Drawn:
    """Stands where a bar's driver stands: keeps what it was told. `lacks` is a real card's."""

    def __init__(self, lacks) -> None:
        self.lacks = lacks
        self.told: list[tuple[Page, ...]] = []

    def show(self, pages, *, blink=0, fallback=None) -> None:
        self.told.append(pages)


def test_a_card_without_traditional_characters_is_spoken_to_simply() -> None:
    traditional = (Page(("請A041號到3號窗口",)),)
    simple = (Page(("请A041号到3号窗口",)),)
    face = BarFace(traditional, simply=simple)
    card, panel = Drawn(BxkBar("bxk+socket://127.0.0.1:5005").lacks), Drawn(lambda text: frozenset())
    for one in (card, panel):
        put(one, face)
    assert (card.told, panel.told) == ([simple], [traditional])
    assert bar(calling(("A041", "3"))).simply == (), "a hall that speaks Simplified says it once"


@pytest.mark.parametrize("key", ["led.call", "led.idle", "led.stale", "evac.title", "evac.way_unknown"])
def test_no_text_of_the_catalogue_loses_a_character_on_a_bar(key: str) -> None:
    card = BxkBar("bxk+socket://127.0.0.1:5005")
    for language in LANGUAGES:
        text = CATALOGUE.say(key, language, number="A041", counter="3")
        assert matrix.missing(text) == set()
        assert language == "zh-Hant" or card.lacks(text) == frozenset()
