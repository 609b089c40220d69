"""The LED bar over the counter, 16 and 32 dots, in every situation of the design."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from counter_scenes import NOW, called, closed, counter, crowded, evacuation, paused, picture, serving

from assets.i18n import LANGUAGES, Catalogue
from counter_client.bar import Shown, Size, show
from hardware.led import matrix
from hardware.led.bxk_driver import BxkBar
from hardware.led.page import Page, Tone, dots_of

CATALOGUE = Catalogue()
SMALL, LARGE = Size(192, 16), Size(192, 32)
SERVICES = [
    {"short_name": "门诊报销", "fee": False, "promised_days": 20},
    {"short_name": "慢病", "fee": False, "promised_days": 20},
    {"short_name": "异地", "fee": False, "promised_days": 20},
]


def bar(
    shown: dict[str, Any] | None, size: Size, *, after: float = 0, lost_s: float = 0, language: str = "zh-Hans"
) -> Shown:
    return show(
        shown,
        now=NOW + timedelta(seconds=after),
        lost_s=lost_s,
        size=size,
        speak=lambda key, **values: CATALOGUE.say(key, language, **values),
        services=SERVICES,
    )


def lines(of: Shown) -> list[tuple[str, ...]]:
    return [page.lines for page in of.pages]


def test_idle_pages_of_one_line():
    assert lines(bar(picture(), SMALL)) == [
        ("3号窗口 县医疗保障局",),
        ("门诊报销 慢病 异地",),
        ("不收费 承诺20工作日",),
        ("热线12345",),
        ("首问责任岗 工号0312",),
    ]


def test_the_counters_own_telephone_and_first_contact_post_stand_before_hotline_and_clerk():
    """A4c: the bar names the post that the hall set, also while another clerk sits there."""
    own = picture() | {"phone": "0000-0000003", "post": "0399"}
    assert lines(bar(own, SMALL))[3:] == [("电话0000-0000003",), ("首问责任岗 工号0399",)]


def test_calendar_days_are_not_promised_as_working_days():
    """A4c: the limits of a bar carry their unit."""
    mixed = [{"promised_days": 7, "day_unit": "working_day"}, {"promised_days": 20, "day_unit": "day"}]
    for services, expected in (
        (mixed, "不收费 承诺7工作日 承诺20天"),
        ([*mixed, {"promised_days": 3, "day_unit": "working_day"}], "不收费 承诺3-7工作日 承诺20天"),
        ([{"promised_days": 0, "day_unit": "day"}], "不收费 当场办结"),
    ):
        shown = show(
            picture(), now=NOW, lost_s=0, size=Size(640, 16), speak=lambda k, **v: CATALOGUE.say(k, "zh-Hans", **v),
            services=services,
        )  # fmt: skip
        assert (expected,) in lines(shown)


def test_idle_pages_of_two_lines():
    shown = lines(bar(picture(), LARGE))
    assert shown[0] == ("3号窗口 县医疗保障局", "门诊报销 慢病 异地")
    assert all(page[0] == "3号窗口 县医疗保障局" for page in shown)
    assert [page[1] for page in shown][1:] == ["不收费 承诺20工作日", "热线12345", "首问责任岗 工号0312"]


def test_calling_blinks_twice_and_then_stands_for_a_minute():
    shown = bar(called(1), SMALL)
    assert (lines(shown), shown.blink) == ([("请A041号到3号窗口",)], 2)
    assert lines(bar(called(1), LARGE)) == [("A041→3号",)]
    assert bar(called(1, seconds_ago=0), SMALL, after=59).why == "calling"
    assert bar(called(1, seconds_ago=0), SMALL, after=60).why == "idle"


def test_a_repeated_call_blinks_again_and_its_minute_begins_anew():
    assert bar(called(1), SMALL) != bar(called(2), SMALL)
    assert bar(called(3, seconds_ago=0), SMALL, after=59).why == "calling"


@pytest.mark.parametrize(
    ("shown", "small", "large"),
    [
        (serving(), "正在办理 A041", "A041"),
        (paused(), "暂停服务 11:00恢复", "暂停 11:00"),
        (paused(resume_at=None), "暂停服务", "暂停"),
        (closed(), "本窗口今天不办公", "关窗"),
        (evacuation(), "请立即离开大厅", "请离开"),
    ],
)
def test_the_other_situations(shown: dict[str, Any], small: str, large: str):
    assert lines(bar(shown, SMALL)) == [(small,)]
    assert lines(bar(shown, LARGE)) == [(large,)]


def test_the_link_lost_for_fifteen_seconds():
    assert bar(serving(), SMALL, lost_s=15).why == "serving"
    assert lines(bar(serving(), SMALL, lost_s=15.5)) == [("请听窗口叫号",)]
    assert lines(bar(None, SMALL)) == [("请听窗口叫号",)]
    assert lines(bar(None, LARGE)) == [("请听窗口叫号",)] or lines(bar(None, LARGE)) == [("请听窗口叫号", "")]


def test_promises_that_differ_are_told_as_a_range():
    mixed = [
        {"short_name": "x", "fee": True, "promised_days": 0},
        {"short_name": "y", "fee": False, "promised_days": 20},
    ]
    shown = show(
        picture(),
        now=NOW,
        lost_s=0,
        size=SMALL,
        speak=lambda key, **v: CATALOGUE.say(key, "zh-Hans", **v),
        services=mixed,
    )
    assert ("承诺0-20工作日",) in lines(shown)
    assert not any("不收费" in line for page in lines(shown) for line in page)


@pytest.mark.parametrize("size", [SMALL, LARGE, Size(128, 16), Size(256, 32)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_loses_a_character(size: Size, language: str):
    long = picture(counter=counter(counter="128", department="县自然资源和规划建设综合行政执法管理服务局"))
    for shown in (long, crowded(), called(2), paused(), closed(), serving(), evacuation(), picture()):
        for page in bar(shown, size, language=language).pages:
            for line in page.lines:
                dots = size.height if len(page.lines) == 1 and size.height > 16 else 16
                assert dots_of(line, line_dots=dots) <= size.width, line
    text = "".join(line for page in bar(long, SMALL, language=language).pages for line in page.lines)
    assert "县自然资源和规划建设综合行政执法管理服务局" in text.replace(" ", "")


# -- what a page means, and what a bar can draw -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "tone"),
    [
        (picture(), Tone.CALM),
        (called(1), Tone.CALL),
        (serving(), Tone.CALM),
        (paused(), Tone.WARN),
        (closed(), Tone.WARN),
        (evacuation(), Tone.WARN),
        (None, Tone.WARN),
    ],
)
def test_each_situation_has_its_tone(shown: dict[str, Any] | None, tone: Tone):
    for size in (SMALL, LARGE):
        assert {page.tone for page in bar(shown, size).pages} == {tone}


def test_the_last_words_are_known_beforehand():
    for shown in (picture(), called(1), None):
        assert bar(shown, SMALL).fallback == Page(("请听窗口叫号",), tone=Tone.WARN)


def test_notices_that_hold_now_come_after_the_idle_pages():
    def notice(number: int, begins: float, ends: float) -> dict[str, Any]:
        times = {
            "from": (NOW + timedelta(minutes=begins)).isoformat(),
            "to": (NOW + timedelta(minutes=ends)).isoformat(),
        }
        return {"id": f"n{number}", "text": {"zh-Hans": f"第{number}条通知", "en": f"Notice {number}"}, **times}

    now = {
        **picture(),
        "notices": [notice(1, -5, 5), notice(2, 1, 5), notice(3, -5, -1), notice(4, -1, 9), notice(5, -1, 9)],
    }
    shown = show(
        now,
        now=NOW,
        lost_s=0,
        size=SMALL,
        speak=lambda key, **v: CATALOGUE.say(key, "zh-Hans", **v),
        services=SERVICES,
        language="zh-Hans",
    )
    assert lines(shown)[-2:] == [("第1条通知",), ("第4条通知",)]
    assert lines(bar(called(1), SMALL)) == [("请A041号到3号窗口",)]


def test_a_card_without_traditional_characters_is_spoken_to_simply():
    def said(lacks: Any, shown: dict[str, Any]) -> str:
        return show(
            shown,
            now=NOW,
            lost_s=0,
            size=SMALL,
            speak=lambda key, **v: CATALOGUE.say(key, "zh-Hant", **v),
            simply=lambda key, **v: CATALOGUE.say(key, "zh-Hans", **v),
            lacks=lacks,
        ).text

    card = BxkBar("bxk+socket://127.0.0.1:5005")
    assert said(card.lacks, called(1)) == "请A041号到3号窗口"
    assert said(lambda text: (), called(1)) == "請A041號到3號窗口"
    assert said(card.lacks, evacuation()) == "请立即离开大厅"


BAR_TEXTS = {
    key: {
        name: ("A041" if name == "number" else "11:00" if name == "time" else "3")
        for name in ("number", "time", "n", "a", "b", "phone", "department")
    }
    for key in CATALOGUE.words("zh-Hans")
    if key.startswith("bar.")
}


def test_there_are_texts_to_look_at():
    assert len(BAR_TEXTS) > 15


@pytest.mark.parametrize("key", BAR_TEXTS)
def test_no_text_of_the_catalogue_loses_a_character_on_a_bar(key: str):
    """Every bar text has its dots in every language, and its bytes on a GB2312 card in Simplified and English."""
    card = BxkBar("bxk+socket://127.0.0.1:5005")
    for language in LANGUAGES:
        text = CATALOGUE.say(key, language, **BAR_TEXTS[key])
        assert matrix.missing(text) == set(), language
        if language != "zh-Hant":
            assert card.lacks(text) == frozenset(), language
        if key.endswith(".large"):
            assert dots_of(text, line_dots=32) <= 192, language
