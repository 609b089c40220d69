"""What each zone says: words, order, pages, and how much fits."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from wall_scenes import (
    LINES,
    at,
    call,
    calling,
    case,
    catalogue,
    counter,
    devices,
    evacuation,
    face,
    line,
    office,
    picture,
    service,
    text,
)

from assets import tokens
from assets.i18n import LANGUAGES, Catalogue
from display_wall import measure
from display_wall.board import Board, WallFace
from display_wall.layout import KNOWN, plan, standard
from display_wall.moment import Moment, clock, when
from display_wall.paging import packed, page
from display_wall.texts import Texts, texts_of
from display_wall.zones import Place, Seen, natural
from display_wall.zones.approvals import approvals_zone, lamp
from display_wall.zones.counters import AMBER_S, CallTimes, CountersZone, counters_zone
from display_wall.zones.evacuation import EXITS, evacuation_page
from display_wall.zones.lines import LineRow, lines_zone
from display_wall.zones.notices import NoticesZone, notices_zone
from display_wall.zones.office import office_zone
from display_wall.zones.post import PostZone, post_zone
from display_wall.zones.services import PAGE_S, limit, promised_of, services_zone
from hall_protocol.pictures import DeviceState, Estimate, Notice
from hall_protocol.pictures.matters import BoardTotals
from hall_protocol.pictures.wall import Post, WallCounter, WallPicture
from kiosk.page_service import limits

CATALOGUE = Catalogue()
CHINESE = Texts(CATALOGUE)
LINES_PLACE = Place(x=1280, y=116, w=600, h=600)
COUNTERS_PLACE = Place(x=40, y=340, w=1200, h=376)
APPROVALS_PLACE = Place(x=40, y=736, w=1840, h=272)


def shown(what: WallPicture, *, after: float = 0.0) -> WallFace:
    wall = Board(screen="main", catalogue=CATALOGUE, now=at(0))
    wall.changed(what, now=at(0))
    wall.face(now=at(0), speaking=False)
    return wall.face(now=at(after), speaking=False)


# -- lines ------------------------------------------------------------------------------------------------------


def row(
    estimate: tuple[int, int] | None = (12, 20), *, texts: Texts = CHINESE, stale: bool = False, **changes: Any
) -> LineRow:
    one = line("A")
    one.counters = ["3"]
    one.estimate = None
    if estimate is not None:
        low, high = (minutes * 60 for minutes in estimate)
        one.estimate = Estimate(p10_s=low, p50_s=(low + high) // 2, p80_s=high, p90_s=high)
    counters = {"3": counter() if changes.pop("free", False) else counter("A040", ago=300)}
    for name, value in changes.items():
        setattr(one, name, value)
    zone = lines_zone({"A": one}, counters, place=LINES_PLACE, seen=Seen(texts, stale), now=at(0))
    return zone.rows[0]


def plain(text: str) -> str:
    return text.replace("\u2060", "")


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        ((12, 20), "12–20 分钟"),
        ((6, 11), "6–11 分钟"),
        ((4, 5), "约 5 分钟"),
        ((36, 52), "35–55 分钟"),
        ((50, 89), "50–90 分钟"),
        ((100, 155), "1.5–3 小时"),
        (None, "—"),
    ],
)
def test_a_range_is_said_in_whole_minutes(estimate: tuple[int, int] | None, words: str) -> None:
    assert plain(row(estimate).wait) == words


def test_nobody_ahead_and_a_free_counter_is_now() -> None:
    now = row((0, 3), waiting=0, free=True)
    assert (now.wait, now.now) == ("现在就办", True)
    busy = row((4, 9), waiting=0)
    assert not busy.now, "all counters are busy: that is a wait"
    assert not row((0, 0), waiting=3, free=True).now, "somebody waits for it already"


def test_no_open_counter_is_a_dash_with_its_reason() -> None:
    closed = row(open_counters=0)
    assert (closed.wait, closed.note) == ("—", "暂无窗口")
    assert row(state="quota_reached").note == "今天号已取完"
    assert row(state="closed", opens_at="2026-11-24T13:30:00.000+08:00").note == "13:30 开始取号"


def test_stale_lines_have_no_range_and_no_reason_of_their_own() -> None:
    stale = row(stale=True, open_counters=0)
    assert (stale.wait, stale.note, stale.waiting) == ("—", "", "5")


def test_nine_thousand_people_have_a_separator() -> None:
    assert row(waiting=9999).waiting == "9,999"


def test_two_languages_stand_above_each_other() -> None:
    both = row(texts=Texts(CATALOGUE, first="zh-Hans", second="en"))
    assert plain(both.wait) == "12–20 分钟\n12–20 min"


def test_lines_that_do_not_fit_take_turns_and_none_is_lost() -> None:
    lines = {chr(65 + i): line("A") for i in range(20)}
    seen: list[str] = []
    for second in range(0, 40, 10):
        zone = lines_zone(lines, {}, place=LINES_PLACE, seen=Seen(CHINESE), now=at(second))
        assert sum(r.high for r in zone.rows) <= LINES_PLACE.h - zone.head
        seen += [r.line for r in zone.rows]
    assert set(seen) == set(lines)


# -- counters ---------------------------------------------------------------------------------------------------


def counters(
    rows: dict[str, WallCounter],
    *,
    calling: tuple[str, str] | None = None,
    stale: bool = False,
    now: Moment | None = None,
    place: Place = COUNTERS_PLACE,
) -> CountersZone:
    times = CallTimes()
    times.learn(rows, at(0))
    return counters_zone(rows, place=place, seen=Seen(CHINESE, stale), now=now or at(0), times=times, calling=calling)


def test_closed_counters_are_hidden_and_paused_ones_say_only_when_they_resume() -> None:
    rows = {
        "1": counter("C009", ago=300),
        "2": counter(state="closed"),
        "9": counter(state="paused", resume_at="2026-11-24T11:00:00.000+08:00"),
        "10": counter(state="paused"),
    }
    zone = counters(rows)
    assert [(r.counter, r.paused, r.note) for r in zone.rows] == [
        ("1", False, "户籍证件"),
        ("9", True, "11:00 恢复"),
        ("10", True, ""),
    ]


def test_a_number_is_amber_for_one_minute_after_its_call() -> None:
    rows = {"1": counter("C009", ago=20), "2": counter("C008", ago=400)}
    assert [r.amber for r in counters(rows).rows] == [True, False]
    assert [r.amber for r in counters(rows, now=at(AMBER_S - 20)).rows] == [False, False]
    assert not any(r.amber for r in counters(rows, stale=True).rows)


def test_the_counter_called_now_is_always_on_screen() -> None:
    rows = {str(n): counter(f"A{n:03}", ago=300) for n in range(1, 36)}
    for second in range(0, 60, 5):
        zone = counters(rows, calling=("31", "A031"), now=at(second))
        assert zone.pages == 4
        assert "31" in {r.counter for r in zone.rows if r.now}
    seen = {r.counter for second in range(0, 40, 10) for r in counters(rows, now=at(second)).rows}
    assert seen == set(rows), "without a call all pages have their turn"


def test_counters_stand_as_people_count() -> None:
    assert sorted(["10", "2", "综合", "1"], key=natural) == ["1", "2", "10", "综合"]


def test_a_long_name_makes_rows_higher_and_fewer() -> None:
    short = counters({"1": counter("A001", ago=300)})
    long = counters({"1": counter("A001", ago=300, line_name="不动产登记与住房公积金综合服务")})
    assert long.per_column < short.per_column == 5


# -- cases ------------------------------------------------------------------------------------------------------


def test_the_worst_come_first_then_by_date() -> None:
    zone = approvals_zone(picture().board, place=Place(40, 112, 1840, 880), seen=Seen(CHINESE), now=at(0))
    assert [r.light for r in zone.rows] == ["red", "yellow", "yellow", "green", "green", "green", "paused"]
    assert [r.days for r in zone.rows] == ["过 4 天", "今天", "1 天", "7 天", "16 天", "15 天", "—"]
    assert [r.word for r in zone.rows][:3] == ["超期 4 天", "今天到期", "临期"]
    assert zone.rows[-1].due == "顺延中"
    assert "1月15日 暂定" in {r.due for r in zone.rows}
    assert [t.word for t in zone.totals] == ["按时 3", "临期 2", "超期 1", "时限暂停 1"]


def test_rows_are_the_servers_facts_in_words() -> None:
    """The item by its name, a state by its word, a card that is no warning by its own, totals as counted there."""
    known: dict[str, str | int | bool | None] = {
        "no": "20261119-0003", "applicant": None, "service": "S025", "service_name": "失业保险金申领",
        "light": "yellow", "clock": "running", "promised_due": "2026-12-02T16:30:00.000+08:00", "provisional": False,
    }  # fmt: skip
    board = [
        {**known, "step": "审查", "state": "accepted", "warning": True, "working_days_left": 0},
        {**known, "step": "accepted", "state": "accepted", "warning": False, "working_days_left": 5},
    ]
    zone = approvals_zone(
        board,
        place=Place(40, 112, 1840, 880),
        seen=Seen(CHINESE),
        now=at(0),
        counted=BoardTotals(green=900, yellow=2, red=0, stopped=7),
    )
    assert [(r.service, r.step, r.word) for r in zone.rows] == [
        ("失业保险金申领", "审查", "今天到期"),
        ("失业保险金申领", "办理中", "黄牌"),
    ]
    assert [t.word for t in zone.totals] == ["按时 900", "临期 2", "超期 0", "时限暂停 7"]


def test_no_case_is_said_in_words() -> None:
    zone = approvals_zone([], place=APPROVALS_PLACE, seen=Seen(CHINESE), now=at(0))
    assert (zone.empty, zone.rows, zone.totals) == ("目前没有在办件", (), ())


@pytest.mark.parametrize(
    ("light", "running", "expected"),
    [
        ("green", "running", "green"),
        ("green", "stopped", "paused"),
        ("green", "ended", "none"),
        (None, "running", "unknown"),
        ("blue", "running", "unknown"),
    ],
)
def test_a_light_is_shown_as_sent_and_never_green_when_unknown(light: str | None, running: str, expected: str) -> None:
    assert lamp({"light": light, "clock": running}) == expected


def test_cases_turn_every_fifteen_seconds_and_say_the_page() -> None:
    board = [
        case(no=f"2026-{i:03}", service="门诊费用报销", step="受理", light="green", due="2026-12-16", left=9)
        for i in range(7)
    ]
    pages = [
        approvals_zone(board, place=APPROVALS_PLACE, seen=Seen(CHINESE), now=Moment(15.0 * i, at(0).hall))
        for i in range(3)
    ]
    assert [len(zone.rows) for zone in pages] == [3, 3, 1]
    assert pages[1].page_text == "第 2 / 3 页 · 每页 15 秒"


def test_a_name_of_110_characters_is_shown_whole() -> None:
    long = case(
        no="20261119-0003",
        applicant="某" * 20,
        service="建" * 110,
        step="受理",
        light="green",
        due="2026-12-16",
        left=1,
    )
    zone = approvals_zone([long], place=APPROVALS_PLACE, seen=Seen(CHINESE), now=at(0))
    assert zone.rows[0].narrow
    assert zone.rows[0].high <= APPROVALS_PLACE.h - zone.head


# -- notices ----------------------------------------------------------------------------------------------------


NOTICES_PLACE = Place(x=0, y=1012, w=1920, h=68)


def notice(now: Moment, *, notices: list[Notice], texts: Texts = CHINESE) -> NoticesZone:
    return notices_zone(notices, face(), place=NOTICES_PLACE, seen=Seen(texts), now=now)


def test_a_notice_has_its_time_and_its_turn() -> None:
    noon = picture().notices
    texts = {notice(Moment(8.0 * i, at(0).hall), notices=noon).text for i in range(3)}
    assert texts == {"午间 12:00–13:30 不取新号，已取号的办完为止", "叫号 3 次未到算过号，回来请到导办台", "热线 12345"}
    assert notice(Moment(0.0, at(3600).hall), notices=noon).pages == 2, "it has ended"
    assert notice(Moment(0.0, at(-3601).hall), notices=noon).pages == 2, "it has not begun"


def test_a_long_notice_is_shown_in_parts_and_nothing_is_lost() -> None:
    text_ = "请注意：" + "今天下午三点起二楼综合窗口搬到一楼大厅东侧办理，" * 6
    long = [Notice(id="x", text={"zh-Hans": text_}, from_=text(60), to=text(-60))]
    zones = [notice(Moment(8.0 * i, at(0).hall), notices=long) for i in range(10)]
    parts = [z.text for z in zones[: zones[0].pages - 2]]
    assert "".join(parts) == text_
    assert all(measure.em(part) * 34 <= NOTICES_PLACE.w - 270 for part in parts)


# -- the manager's room -----------------------------------------------------------------------------------------


def test_alerts_say_what_to_do_red_first_then_older() -> None:
    what = office()
    zone = office_zone(
        what.figures, what.alerts, what.devices, place=Place(0, 92, 1920, 988), seen=Seen(CHINESE), now=at(0)
    )
    assert [(a.light, a.title) for a in zone.alerts] == [
        ("red", "1 号取号机 缺纸"),
        ("red", "never_heard_of 网关"),
        ("yellow", "B 不动产 等候超 47 分钟"),
        ("yellow", "7 号评价器 没有回应"),
    ]
    assert zone.alerts[0].act == "装纸后合盖，自动恢复"
    assert [(t.value, t.light) for t in zone.tiles][:2] == [("25", ""), ("47", "yellow")]
    lights = {tile.kind: (tile.count, tile.light) for tile in zone.devices}
    assert lights["取号机"] == ("1 / 2", "red")
    assert lights["打印机"] == ("1 / 2", "yellow")
    assert lights["窗口端"] == ("10 / 10", "green")


def test_silence_is_never_green_and_no_data_is_a_dash() -> None:
    silent = {"k": DeviceState(device="k", name="k", role="kiosk", state="unknown", faults=[])}
    zone = office_zone(None, None, silent, place=Place(0, 92, 1920, 988), seen=Seen(CHINESE), now=at(0))
    assert {t.value for t in zone.tiles} == {"—"}
    assert zone.none == "暂无数据"
    assert zone.devices[0].light == "unknown"


def test_alerts_that_do_not_fit_are_counted() -> None:
    what = office()
    assert what.alerts is not None
    many = what.alerts * 10
    zone = office_zone(what.figures, many, devices(), place=Place(0, 92, 1920, 988), seen=Seen(CHINESE), now=at(0))
    assert zone.more == f"还有 {40 - len(zone.alerts)} 件"


# -- one counter, evacuation ------------------------------------------------------------------------------------


def test_the_screen_over_a_counter() -> None:
    times = CallTimes()
    rows = {"3": counter("A041", ago=5), "4": counter("A040", ago=300), "5": counter(), "6": counter(state="closed")}
    times.learn(rows, at(0))
    zones = {n: post_zone(n, c, place=POST_PLACE, seen=Seen(CHINESE), now=at(0), times=times) for n, c in rows.items()}
    assert [(zones[n].state, zones[n].number) for n in rows] == [
        ("请到本窗口", "A041"),
        ("正在办理", "A040"),
        ("请听叫号", ""),
        ("本窗口暂不办公", ""),
    ]
    assert post_zone("77", None, place=POST_PLACE, seen=Seen(CHINESE), now=at(0), times=times).state == "—"


@pytest.mark.parametrize("way", EXITS)
def test_every_way_out_is_said_in_two_languages(way: str) -> None:
    shown_page = evacuation_page(evacuation(main=way), screen="main", texts=CHINESE)
    assert shown_page is not None
    assert (shown_page.exit, shown_page.title, shown_page.title_second) == (
        way,
        "请立即离开大厅",
        "Leave the building now",
    )
    assert shown_page.way == CHINESE.say(f"evac.exit.{way}")


def test_a_screen_whose_way_nobody_told_shows_no_arrow() -> None:
    shown_page = evacuation_page(evacuation(office="left"), screen="main", texts=CHINESE)
    assert shown_page is not None
    assert (shown_page.exit, shown_page.way) == ("", "跟着工作人员走")


def test_an_evacuation_outlives_the_link_and_ends_only_by_word() -> None:
    wall = Board(screen="main", catalogue=CATALOGUE, now=at(0))
    wall.changed(picture(evacuation=evacuation(main="left")), now=at(0))
    wall.lost(now=at(5))
    assert wall.face(now=at(600), speaking=False).evacuation is not None
    wall.changed(picture(), now=at(601))
    assert wall.face(now=at(601), speaking=False).evacuation is None


# -- the catalogue ----------------------------------------------------------------------------------------------


CATALOGUE_PLACE = Place(x=40, y=104, w=1840, h=960)


def test_one_department_a_page_with_both_limits_and_no_service_lost() -> None:
    """A4d: department, items, both limits with their unit; without a statutory one it says so."""
    turns = [
        services_zone(catalogue(), place=CATALOGUE_PLACE, seen=Seen(CHINESE), now=Moment(PAGE_S * i, at(0).hall))
        for i in range(3)
    ]
    assert [t.department for t in turns] == ["县医疗保障局", "县不动产登记中心", "县不动产登记中心"]
    assert turns[0].contact == "窗口 3、10"
    first = turns[0].rows[0]
    assert (first.promised, first.statutory, first.fee, first.documents) == (
        "20 个工作日",
        "30 个工作日",
        "不收",
        "3 样",
    )
    spot = turns[0].rows[2]
    assert (spot.promised, spot.documents) == ("当场办结", "免提交")
    assert (turns[1].rows[0].statutory, turns[1].rows[0].fee) == ("无法定时限", "收费")
    assert turns[2].rows[-1].promised == "20 天", "calendar days have another word"
    assert len({row.name for t in turns for row in t.rows}) == len(catalogue().services)
    for t in turns:
        assert sum(row.high for row in t.rows) <= CATALOGUE_PLACE.h - 240


def test_without_a_catalogue_the_zone_is_a_name_and_a_dash() -> None:
    empty = services_zone(None, place=CATALOGUE_PLACE, seen=Seen(CHINESE), now=at(0))
    assert empty.empty == "事项公开\n—"


POST_PLACE = Place(0, 0, 1920, 1080)


def own_screen(
    counter_name: str,
    *,
    post: Post | None = None,
    texts: Texts = CHINESE,
    place: Place = POST_PLACE,
    seconds: float = 0,
) -> PostZone:
    department = "县不动产登记中心" if counter_name == "7" else "县医疗保障局"
    return post_zone(
        counter_name,
        counter("A041", ago=5, department=department, clerk="0999"),
        place=place,
        seen=Seen(texts),
        now=Moment(seconds, at(0).hall),
        times=CallTimes(),
        catalogue=catalogue(),
        post=post,
    )


def test_a_counter_shows_its_six_duties() -> None:
    """A4c: department, main items, fees, limits, telephone, first-contact post; not who happens to sit there."""
    told = own_screen("3", post=Post(phone="0000-0000003", post="0312"))
    assert told.department == "县医疗保障局"
    assert [(d.name, d.value) for d in told.duties] == [
        ("主要业务", "门诊费用报销 · 生育津贴支付 · 跨省异地急诊人员备案"),
        ("承诺时限", "当场办结，其余 10–20 个工作日"),
        ("收费标准", "不收费"),
        ("咨询电话", "0000-0000003"),
        ("首问责任岗", "工号 0312"),
    ]
    assert own_screen("7").duties[2].value == "部分收费"


def test_a_duty_nobody_set_is_a_dash_in_its_place() -> None:
    """A4c: what is missing is seen to be missing; the signed-in clerk does not stand in for the post."""
    told = own_screen("3")
    assert [d.value for d in told.duties][3:] == ["—", "—"]


def test_working_days_and_calendar_days_are_never_one_range() -> None:
    """A4c: a promise of 20 calendar days is not said to be working days."""
    mixed = [service("x", promised_days=7), service("y", promised_days=20, day_unit="day")]
    assert promised_of(mixed, CHINESE) == "7 个工作日、20 天"
    assert promised_of([*mixed, service("z", promised_days=3)], CHINESE) == "3–7 个工作日、20 天"
    assert promised_of([service("w", promised_days=0)], CHINESE) == "当场办结"


def test_duties_that_do_not_fit_take_turns_and_none_is_lost() -> None:
    low = Place(0, 0, 1280, 640)
    zones = [own_screen("3", place=low, seconds=8.0 * i) for i in range(6)]
    assert len({zone.page for zone in zones}) > 1
    assert len({d.name for zone in zones for d in zone.duties}) == 5


def test_the_catalogue_names_counters_telephone_and_first_contact_of_a_department() -> None:
    """A4d: the units present with their duties."""
    posts = {"3": Post(phone="0000-0000003", post="0312"), "10": Post()}
    zone = services_zone(
        catalogue(), place=CATALOGUE_PLACE, seen=Seen(CHINESE), now=Moment(0.0, at(0).hall), posts=posts
    )
    assert zone.contact == "窗口 3、10   电话 0000-0000003   首问责任岗 工号 0312"


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_limits_have_the_words_of_the_kiosk(language: str) -> None:
    """A1b, A4e: the same item reads the same on kiosk and wall, unit and all."""
    texts = Texts(CATALOGUE, first=language)
    for unit in ("working_day", "day"):
        entry = service("x", promised_days=7, statutory_days=None, day_unit=unit)
        kiosk = limits(texts, msgspec.to_builtins(entry))
        assert limit(7, unit, texts) == f"{kiosk[0]['number']} {kiosk[0]['text']}"
        assert texts.say("limits.none") == kiosk[1]["text"]
    assert limit(0, "day", texts) == CATALOGUE.say("limits.on_the_spot", language)


# -- the screen as a whole --------------------------------------------------------------------------------------


def test_sizes_grow_with_distance_and_never_shrink() -> None:
    wall = tokens()["wall"]
    for metres in (1, 8, 13, 20, 30):
        unit = measure.unit(distance_m=metres, size=(1920, 1080))
        assert unit >= 1
        number_mm = tokens()["type"]["wall"]["row_number"] * unit * wall["mm_per_px_55in"]
        assert number_mm * wall["comfortable_m_per_mm"] >= metres * 0.999
    assert measure.unit(distance_m=8, size=(3840, 2160)) > 1.2, "a finer panel of the same size needs more pixels"


def test_a_far_wall_drops_rows() -> None:
    near, far = (shown(calling(("A041", "3"), viewing_distance_m=d)) for d in (8.0, 25.0))
    assert len(next(iter(far.counters.values())).rows) < len(next(iter(near.counters.values())).rows)
    assert "3" in {r.counter for r in next(iter(far.counters.values())).rows}


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (3840, 2160), (1280, 720), (800, 480)])
def test_the_standard_layout_fits_every_screen(size: tuple[int, int]) -> None:
    for zone in standard(*size):
        assert zone.zone in KNOWN
        assert zone.x >= 0
        assert zone.x + zone.w <= size[0]
        assert zone.y >= 0
        assert zone.y + zone.h <= size[1]


def test_a_layout_of_nonsense_becomes_the_standard_one() -> None:
    assert [zone.zone for zone in plan([], size=[], distance_m=0).zones] == ["calls", "counters", "lines", "notices"]


def test_the_words_are_those_of_the_hall() -> None:
    for language in LANGUAGES:
        texts = texts_of(CATALOGUE, face(languages=[language]))
        assert texts.first == language
        assert texts.second is None
    assert texts_of(CATALOGUE, face(second_language="zh-Hans")).second is None, "once is enough"
    assert texts_of(CATALOGUE, face(languages=["ii"], second_language="en")).first == "zh-Hans"


def test_times_that_are_none_are_no_times() -> None:
    assert when("yesterday") is None
    assert when("2026-11-24T10:00:00") is None, "without an offset it is no instant"
    assert clock(None) == ""
    assert at(0).age_s(text(-50)) == 0, "a clock set back makes nothing younger than now"


def test_pages_hold_every_row_once() -> None:
    rows = list(range(23))
    seen = [r for second in range(3) for r in page(rows, per_page=10, now_s=second * 5, page_s=5).rows]
    assert seen == rows
    assert packed([30.0, 30.0, 50.0, 90.0], room=60, height=lambda h: h) == [(30.0, 30.0), (50.0,), (90.0,)]


def test_the_picture_of_the_design() -> None:
    """`wall-main`: the numbers, words and colours of the specification."""
    what = calling(("A041", "3"), ("B018", "7"), ("C009", "1"))
    wall = shown(what)
    calls = next(iter(wall.calls.values()))
    assert (calls.before, calls.number, calls.between, calls.counter, calls.after) == (
        "请",
        "A041",
        "到",
        "3",
        "号窗口",
    )
    assert calls.queue == ("B018 → 7 号", "C009 → 1 号")
    rows = next(iter(wall.counters.values())).rows
    assert [r.counter for r in rows if r.amber] == ["1", "3", "7"]
    assert [r.counter for r in rows if r.now] == ["3"]
    waits = {r.line: plain(r.wait) for r in next(iter(wall.lines.values())).rows}
    assert waits == {"A": "12–20 分钟", "B": "35–55 分钟", "C": "约 5 分钟", "D": "现在就办", "E": "6–11 分钟",
                     "F": "6–11 分钟", "G": "10–25 分钟", "H": "现在就办"}  # fmt: skip
    assert set(waits) == set(LINES)
    assert call(1, "A001", "1").calls == 1
