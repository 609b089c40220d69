"""How waits are said, how time is carried on, which texts exist."""

from __future__ import annotations

import pytest

from assets.i18n import Catalogue
from hall_client.hall_time import HallTime
from hall_client.i18n import Words, next_language
from hall_client.papers.ticket import code_of, invites_phones
from hall_client.spoken import Spoken
from hall_client.waits import ahead_words, honesty, minutes, wait_words

ZH = Spoken(Catalogue(), "zh-Hans")
EN = Spoken(Catalogue(), "en")


def estimate(p10: int, p50: int, p90: int) -> dict[str, int]:
    return {"p10_s": p10, "p50_s": p50, "p80_s": p90, "p90_s": p90}


@pytest.mark.parametrize(
    ("given", "ahead", "counters", "free", "kind", "short"),
    [
        (estimate(720, 900, 1170), 5, 2, False, "range", "12–20 分钟"),
        (estimate(1310, 1800, 2800), 5, 2, False, "range", "20–50 分钟"),
        (estimate(240, 290, 350), 2, 2, False, "about", "约 5 分钟"),
        (estimate(0, 20, 40), 0, 2, True, "now", "现在就办"),
        (estimate(0, 400, 900), 0, 2, True, "now", "现在就办"),
        (estimate(0, 20, 165), 0, 1, False, "range", "0–3 分钟"),
        (estimate(0, 400, 900), 3, 2, True, "range", "0–15 分钟"),
        (estimate(9000, 9900, 13000), 80, 2, False, "long", "2.5–4 小时"),
        (None, 5, 2, False, "unknown", "—"),
        (estimate(720, 900, 1200), 5, 0, False, "unknown", "—"),
        (estimate(0, 0, 0), 0, 0, True, "unknown", "—"),
    ],
)
def test_a_wait_is_said_by_the_rules(
    given: dict[str, int] | None, ahead: int, counters: int, free: bool, kind: str, short: str
) -> None:
    """Nobody ahead is only "now" while a counter is free: with all of them busy there is still a wait."""
    wait = wait_words(ZH, given, ahead=ahead, open_counters=counters, free=free)
    assert (wait.kind, wait.short) == (kind, short)


def test_a_stale_range_is_never_shown() -> None:
    wait = wait_words(EN, estimate(720, 900, 1200), ahead=5, open_counters=2, free=True, stale=True)
    assert wait.short == "—"
    assert "12" not in wait.full
    assert wait.reason


def test_the_upper_end_is_never_cut_short() -> None:
    assert (minutes(1201, up=True), minutes(1199), minutes(1200)) == (25, 19, 20)
    assert minutes(61, up=True) == 2


@pytest.mark.parametrize(
    ("percent", "claimed"), [(80, True), (75, True), (85, True), (74, False), (86, False), (None, False)]
)
def test_the_share_that_held_is_claimed_only_while_measured(percent: int | None, claimed: bool) -> None:
    assert (honesty(ZH, percent) == ZH.say("wait.honest")) is claimed


def test_nobody_and_unknown_are_not_zero() -> None:
    assert ahead_words(ZH, 0) == "无人等候"
    assert ahead_words(ZH, None) == "—"


def test_hall_time_follows_the_speed_of_a_demo_hall() -> None:
    time = HallTime()
    assert time.at(now=1.0) is None
    time.heard("2026-11-24T09:20:00.000+08:00", now=100.0)
    time.heard("2026-11-24T09:25:00.000+08:00", now=105.0)
    assert time.rate == 60.0
    told = time.at(now=106.0)
    assert told is not None
    assert told.isoformat() == "2026-11-24T09:26:00+08:00"


def test_nonsense_leaves_the_time_as_it_is() -> None:
    time = HallTime()
    time.heard("2026-11-24T09:20:00.000+08:00", now=100.0)
    for text in ("tomorrow", "2026-11-24T09:21:00", ""):
        time.heard(text, now=101.0)
    told = time.at(now=100.0)
    assert told is not None
    assert f"{told:%H:%M}" == "09:20"


def test_a_stepped_clock_is_not_taken_for_speed() -> None:
    time = HallTime()
    time.heard("2026-11-24T09:20:00.000+08:00", now=100.0)
    time.heard("2026-11-24T09:20:05.000+08:00", now=105.0)
    time.heard("2026-11-24T12:20:05.000+08:00", now=110.0)
    assert time.rate == 1.0


def test_languages_change_every_text_at_once(qtbot: object) -> None:
    words = Words()
    with qtbot.waitSignal(words.language_changed, timeout=1000):  # type: ignore[attr-defined]
        words.set_language("en")
    assert words.say("home.title") == "What do you need?"
    assert words.text("wait.ahead", "zh-Hans", {"n": 5.0}) == "前面 5 人"
    with pytest.raises(ValueError, match="no language"):
        words.set_language("xx")


def test_the_language_button_goes_round() -> None:
    assert next_language("zh-Hans", ["zh-Hans", "en"]) == "en"
    assert next_language("en", ["zh-Hans", "en"]) == "zh-Hans"
    assert next_language("en", ["fr"]) == "zh-Hans"


def test_without_a_public_address_the_code_holds_the_token_alone() -> None:
    assert code_of("/t/ABC") == "ABC"
    assert not invites_phones("/t/ABC")
    assert code_of("https://hall.example/t/ABC") == "https://hall.example/t/ABC"
