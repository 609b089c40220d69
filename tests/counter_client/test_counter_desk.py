"""What the clerk may do now, and the sentence when not; time is told, nothing is waited for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from counter_scenes import (
    NOW,
    at,
    called,
    closed,
    counter,
    crowded,
    entry,
    evacuation,
    in_s,
    nobody,
    parked_now,
    paused,
    picture,
    serving,
    ticket,
)

from assets.i18n import LANGUAGES, Catalogue
from counter_client.desk import ACTS, Desk, Refusal, Situation, look
from counter_client.saying import Say, text_of
from hall_protocol.pictures.counter import NextUp, UndoOffer
from hall_protocol.refusals import REFUSALS

CATALOGUE = Catalogue()


def speak(key: str, **values: Any) -> str:
    return CATALOGUE.say(key, "zh-Hans", **values)


def desk(shown: dict[str, Any] | None, *, after: float = 0, **changes: Any) -> Desk:
    fields: dict[str, Any] = {"now": NOW + timedelta(seconds=after), "clerk": "0312"}
    return look(shown, Situation(**(fields | changes)))


def why(of: Desk, act: str) -> str:
    return text_of(of.buttons[act].why, speak)


def enabled(of: Desk) -> set[str]:
    return {act for act, button in of.buttons.items() if button.enabled}


def test_a_free_counter_may_call_and_says_who_is_next_and_why():
    free = desk(picture())
    assert free.primary == "call_next"
    assert free.buttons["call_next"].primary
    assert free.next is not None
    assert free.next.number == "A042"
    assert text_of(free.next.why, speak) == "老年人优先，抵前 15 分钟"
    assert text_of(free.next.waited, speak) == "已等 14 分"
    assert enabled(free) == {"call_next", "call_number", "resume", "pause", "close", "sign_out", "reinstate"}


@pytest.mark.parametrize(
    ("code", "values", "sentence"),
    [
        ("first", {}, "最早取号"),
        ("priority", {"class": "disabled", "minutes": "15"}, "残疾人优先，抵前 15 分钟"),
        ("priority", {}, "普通优先，抵前 15 分钟"),
        ("appointment", {"time": "10:45"}, "预约 10:45"),
        ("appointment", {"time": at("10:45")}, "预约 10:45"),
        ("reinstated", {}, "复号"),
        ("returned", {}, "退回队首"),
        ("transferred", {}, "转来"),
        ("cap", {}, "等候已到上限"),
    ],
)
def test_why_the_next_one_is_next_comes_from_the_reason_code(code: str, values: dict[str, str], sentence: str):
    upcoming = NextUp(entry=entry("A050", "门诊报销", 3), reason_code=code, values=values)
    shown = desk(picture(next=upcoming))
    assert shown.next is not None
    assert text_of(shown.next.why, speak) == sentence


def test_with_nobody_waiting_the_key_is_disabled_and_says_so():
    empty = desk(nobody())
    assert not empty.buttons["call_next"].enabled
    assert why(empty, "call_next") == "没有人排队"
    assert text_of(empty.empty, speak) == "没有人排队"
    assert empty.next is None


def test_while_serving_the_next_call_waits_for_the_finish():
    busy = desk(serving())
    assert busy.primary == "finish"
    assert why(busy, "call_next") == "办结 A041 后可叫"
    assert why(busy, "recall") == "办理中不用"
    assert enabled(busy) == {"finish", "park", "transfer", "return", "reinstate"}
    assert busy.visitor is not None
    assert busy.visitor.timer == "06:12"
    assert text_of(busy.visitor.timer_note, speak) == "一般 7–12 分"
    assert text_of(busy.visitor.detail, speak) == "普通 · 等了 13 分 · 10:25 到窗口"


def test_the_timer_turns_amber_when_longer_than_nine_in_ten():
    assert desk(serving()).visitor.timer_late is False
    limit = 720 - 372
    assert desk(serving(), after=limit).visitor.timer_late is False
    assert desk(serving(), after=limit + 1).visitor.timer_late is True
    assert desk(serving(usual_service_s=None), after=9999).visitor.timer_late is False


def test_recall_counts_down_its_spacing():
    first = called(1, seconds_ago=5)
    assert why(desk(first), "recall") == "10 秒后可重呼"
    assert why(desk(first, after=9.5), "recall") == "1 秒后可重呼"
    ready = desk(first, after=10)
    assert ready.buttons["recall"].enabled
    assert text_of(ready.buttons["recall"].note, speak) == "还可叫 2 次"


def test_no_show_comes_after_the_third_call_and_its_spacing():
    assert why(desk(called(1)), "no_show") == "第 3 次后可过号"
    assert why(desk(called(2), after=60), "no_show") == "第 3 次后可过号"
    third = called(3, seconds_ago=2)
    assert why(desk(third), "no_show") == "13 秒后可过号"
    assert why(desk(third), "recall") == "已叫满 3 次"
    assert desk(third, after=13).buttons["no_show"].enabled


def test_begin_is_the_answer_in_blue_while_called():
    shown = desk(called(1))
    assert shown.primary == "begin"
    assert why(shown, "finish") == "开始办理后可用"
    assert [act for act, button in shown.buttons.items() if button.primary] == ["begin"]


def test_a_closed_counter_opens_first():
    shown = desk(closed())
    assert shown.primary == "open"
    assert why(shown, "call_next") == "先开窗"
    assert enabled(shown) == {"open", "reinstate", "sign_out"}


def test_a_paused_counter_resumes_first_and_tells_what_the_screens_say():
    shown = desk(paused())
    assert shown.primary == "open"
    assert why(shown, "call_next") == "恢复后可用"
    assert text_of(shown.empty, speak) == "暂停中 · 送材料"
    assert text_of(shown.empty_hint, speak) == "屏上显示 11:00 恢复，按 F9 恢复"
    assert text_of(desk(paused(resume_at=None)).empty_hint, speak) == "按 F9 恢复"


def test_every_disabled_act_says_why_in_every_state():
    scenes = [
        picture(),
        nobody(),
        called(1),
        called(2),
        called(3),
        serving(),
        paused(),
        closed(),
        parked_now(),
        crowded(),
    ]
    for shown in scenes:
        for situation in ({}, {"clerk": None}, {"locked": True}, {"busy": "begin"}, {"offline_since": NOW}):
            for act, button in desk(shown, **situation).buttons.items():
                assert button.enabled or text_of(button.why, speak), act


def test_undo_counts_eight_seconds_and_then_is_gone():
    shown = desk(parked_now(), after=-2)
    assert shown.toast is not None
    assert shown.toast.seconds == 8
    assert text_of(shown.toast.text, speak) == "A041 已挂起：回家取原件"
    assert shown.undo_seq == 77
    assert desk(parked_now(), after=5.5).toast.seconds == 1
    late = desk(parked_now(), after=6)
    assert late.toast is None
    assert late.undo_seq is None
    assert not late.buttons["undo"].enabled


@pytest.mark.parametrize(
    ("act", "text"),
    [("no_show", "A041 已过号"), ("transfer", "A041 已转移"), ("pause", "已暂停"), ("park", "A041 已挂起")],
)
def test_what_may_be_taken_back_is_named(act: str, text: str):
    state = paused() if act == "pause" else picture()
    state["undo"] = {"seq": 5, "until": in_s(9), "act": act, "number": "A041"}
    shown = desk(state)
    assert text_of(shown.toast.text, speak) == text
    assert shown.buttons["undo"].enabled


def test_nothing_is_undone_over_the_next_visitor():
    shown = desk(serving(undo=UndoOffer(seq=5, until=in_s(9), act="park", number="A036")))
    assert not shown.buttons["undo"].enabled
    assert shown.undo_seq is None


def test_offline_disables_everything_and_names_the_next_number():
    shown = desk(picture(), offline_since=NOW)
    assert enabled(shown) == set()
    assert text_of(shown.band, speak) == "连不上服务器，不能叫号，请口头叫 A042"
    assert text_of(desk(nobody(), offline_since=NOW).band, speak) == "连不上服务器，不能叫号，请口头接待"
    assert shown.queue, "the last known queue stays to be read"


def test_an_act_under_way_holds_the_others_and_keeps_its_own_button():
    shown = desk(called(1), busy="begin")
    assert enabled(shown) == set()
    assert shown.buttons["begin"].busy
    assert why(shown, "recall") == "正在办上一步"


def test_a_refusal_stands_under_its_button_and_goes():
    no = Refusal(act="recall", code="recall_too_soon", at=100.0)
    shown = desk(called(1), tick=101.0, refusal=no)
    assert why(shown, "recall") == speak("refusal.recall_too_soon")
    assert shown.buttons["recall"].refused
    later = desk(called(1), tick=109.0, refusal=no)
    assert not later.buttons["recall"].refused


def test_the_loser_of_a_race_reads_who_has_it_for_four_seconds():
    lost = Refusal(act="call_number", code="taken_elsewhere", at=100.0, values={"number": "B018", "counter": "7"})
    toast = desk(picture(), tick=103.9, refusal=lost).toast
    assert text_of(toast.text, speak) == "B018 已由 7 号窗口叫走"
    assert toast.warning
    assert desk(picture(), tick=104.0, refusal=lost).toast is None


def test_every_refusal_of_the_hall_has_a_sentence_in_every_language():
    for code in REFUSALS:
        refusal = Refusal(act="reinstate", code=code, at=0.0)
        text = desk(picture(), tick=1.0, refusal=refusal).toast.text
        assert isinstance(text, Say)
        for language in LANGUAGES:
            spoken = text_of(text, lambda key, _l=language, **v: CATALOGUE.say(key, _l, **v))
            assert spoken
            assert "!" not in spoken


def test_a_code_from_a_newer_hall_is_told_in_the_halls_own_words():
    newer = Refusal(act="reinstate", code="brand_new", at=0.0, detail="这个号明天再来")
    assert text_of(desk(picture(), tick=1.0, refusal=newer).toast.text, speak) == "这个号明天再来"


def test_before_sign_in_and_while_locked_nothing_may_be_done():
    assert desk(picture(), clerk=None).stage == "signed_out"
    locked = desk(serving(), locked=True)
    assert locked.stage == "locked"
    assert enabled(locked) == set()
    assert locked.visitor is not None, "the work is kept"


def test_an_evacuation_stands_over_everything():
    shown = desk(evacuation(**{"counter:3": "left"}))
    assert shown.stage == "evacuation"
    assert text_of(shown.evacuation, speak) == "走左侧安全出口"
    assert enabled(shown) == set()
    assert text_of(desk(evacuation()).evacuation, speak) == "跟着安全出口标志走"


def test_nothing_is_invented_before_the_first_picture():
    shown = desk(None)
    assert shown.stage == "starting"
    assert shown.next is None
    assert shown.buttons == {}


def test_lists_carry_numbers_waits_and_reasons():
    shown = desk(serving())
    assert [row.number for row in shown.queue] == ["A042", "A043", "A044", "A045", "A046"]
    assert shown.queue[0].next
    assert [text_of(row.tag, speak) for row in shown.queue] == ["老年人", "普通", "普通", "预约", "正在过来"]
    assert [row.tagged for row in shown.queue] == [True, False, False, True, True]
    assert text_of(shown.parked[0].title, speak) == "回家取原件"
    assert text_of(shown.parked[0].tag, speak) == "保留到 16:30"
    assert text_of(shown.missed[0].right, speak) == "55 分"
    assert text_of(shown.queue_note, speak) == "最久 17 分"


def test_notes_are_newest_first_and_never_tell_the_level():
    notes = desk(serving()).notes
    assert [text_of(note.title, speak) for note in notes] == ["A040 已评价", "11 点开会，请准时关窗", "下午打印机检修"]
    assert [note.time for note in notes] == ["10:23", "10:15", "10:00"]
    english = desk(serving(), language="en").notes
    assert text_of(english[2].title, speak) == "Printers are serviced this afternoon"


def test_a_reason_of_the_halls_own_is_shown_as_it_is():
    own = picture(counter=counter(state="paused", reason="去三楼盖章"))
    assert text_of(desk(own).empty, speak) == "暂停中 · 去三楼盖章"


@pytest.mark.parametrize(
    ("shown", "state", "line", "detail", "acts"),
    [
        (picture(), "next", "下一位 A042", "排队 5 · 最久 17 分", ("call_next",)),
        (nobody(), "next", "没有人排队", "排队 0 人", ("call_next",)),
        (called(2, seconds_ago=0), "called", "A041 已叫 2 次", "0:18 · 第 3 次后可过号", ("begin", "recall")),
        (called(3, seconds_ago=20), "called", "A041 已叫 3 次", "0:56 · 可以过号", ("begin", "no_show")),
        (serving(), "serving", "A041 办理中", "06:12 · 一般 7–12 分", ("finish",)),
        (paused(), "paused", "暂停中 · 送材料", "03:40 · 窗口屏已显示 11:00 恢复", ("open",)),
        (closed(), "nothing", "窗口还没开", "按 F9 开窗", ("open",)),
    ],
)
def test_the_mini_bar_says_one_truth(shown: dict[str, Any], state: str, line: str, detail: str, acts: tuple[str, ...]):
    mini = desk(shown).mini
    assert (mini.state, text_of(mini.line, speak), text_of(mini.detail, speak), mini.acts) == (
        state,
        line,
        detail,
        acts,
    )


def test_the_mini_bar_offline_names_whom_to_call():
    mini = desk(picture(), offline_since=NOW - timedelta(minutes=11)).mini
    assert mini.state == "offline"
    assert text_of(mini.detail, speak) == "10:21 起 · 不能叫号，请口头叫 A042"
    assert mini.acts == ()


def test_every_word_of_every_scene_exists_in_every_language():
    scenes = [
        picture(),
        nobody(),
        called(1),
        called(3),
        serving(),
        paused(),
        closed(),
        parked_now(),
        crowded(),
        evacuation(),
    ]
    for language in LANGUAGES:
        for shown in scenes:
            for changes in ({}, {"offline_since": NOW}, {"busy": "finish"}):
                _speak_all(desk(shown, **changes), language)


def _speak_all(value: Any, language: str) -> None:
    if isinstance(value, Say):
        text_of(value, lambda key, **v: CATALOGUE.say(key, language, **v))
    elif isinstance(value, dict):
        for one in value.values():
            _speak_all(one, language)
    elif isinstance(value, tuple):
        for one in value:
            _speak_all(one, language)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            _speak_all(getattr(value, name), language)


def test_acts_are_all_of_the_table():
    assert set(desk(picture()).buttons) == set(ACTS)


def test_a_ticket_in_an_unknown_state_is_no_visitor():
    assert desk(picture(ticket=ticket(state="finished"))).visitor is None
