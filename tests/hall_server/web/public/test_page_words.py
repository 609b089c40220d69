"""How a wait is said on the page (design.md 3.1)."""

import pytest

from hall_protocol.pictures import Estimate
from hall_server.web.public.words import Speech, bar_of, honesty, wait_words

ZH = Speech("zh-Hans")
NOW = "2026-11-24T10:38:00.000+08:00"


def said(p10: int, p50: int, p90: int, *, ahead: int = 3, counters: int = 1, free: bool = False) -> str:
    estimate = Estimate(p10_s=p10, p50_s=p50, p80_s=p90, p90_s=p90)
    return wait_words(ZH, estimate, ahead=ahead, counters_open=counters, free=free, now=NOW).short


@pytest.mark.parametrize(
    ("p10", "p50", "p90", "words"),
    [
        (490, 600, 830, "8–14 分钟"),
        (1290, 1500, 1930, "20–35 分钟"),
        (430, 450, 470, "约 8 分钟"),
        (0, 0, 30, "约 1 分钟"),
        (1800, 4000, 7300, "30 分钟到 2 小时 5 分"),
    ],
)
def test_ranges_are_whole_minutes_and_never_cut_short(p10, p50, p90, words):
    assert said(p10, p50, p90) == words


def test_nobody_ahead_means_now_only_while_a_counter_is_free():
    assert said(0, 20, 40, ahead=0, free=True) == "现在就办"
    assert said(0, 300, 700, ahead=0) == "0–12 分钟"
    assert said(0, 20, 165, ahead=0) == "0–3 分钟"


def test_without_a_counter_or_a_forecast_there_is_a_reason_and_no_range():
    closed = wait_words(ZH, Estimate(p10_s=1, p50_s=2, p80_s=3, p90_s=4), ahead=1, counters_open=0, free=False, now=NOW)
    assert (closed.short, closed.bar, closed.why) == ("—", None, "目前没有窗口在办")
    assert wait_words(ZH, None, ahead=1, counters_open=1, free=False, now=NOW).short == "—"


@pytest.mark.parametrize(("percent", "held"), [(None, False), (74, False), (75, True), (85, True), (86, False)])
def test_eight_of_ten_is_claimed_only_while_it_was_measured(percent, held):
    assert ("10 次里有 8 次" in honesty(ZH, percent)) == held


@pytest.mark.parametrize("high", [1, 2, 5, 14, 40, 90, 200])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.95])
def test_the_bar_stays_on_its_line_and_its_clock_times_do_not_touch(high, share):
    bar = bar_of(int(high * share), high, now="2026-11-24T23:50:00.000+08:00")
    assert 0 <= bar.start < bar.end <= 84, "the last clock time needs its place"
    assert bar.narrow or bar.end - bar.start >= 17
    assert bar.at_once or bar.start >= 17
    assert all(clock[2] == ":" and clock < "24:00" for clock in (bar.from_clock, bar.to_clock, bar.last_clock))
