"""Case status and words at the kiosk: by keys and by scanning, refusals in words, nothing left after the idle time."""

from __future__ import annotations

from typing import Any

import pytest
from kiosk_stage import CASE_KEYS, LATER, SCANNED, STOPPED, case_seen, fresh, tap

from assets.i18n import Catalogue
from hall_client.spoken import Spoken
from kiosk import keyboard
from kiosk.asked import CATEGORIES
from kiosk.effects import AskCase, SendWords
from kiosk.flow import Flow
from kiosk.views import present, spoken

WORDS = Spoken(Catalogue(), "zh-Hans")
CODE = "K7Q4MD2X"


def only(effects: list[Any], kind: type) -> Any:
    """The one effect of a kind."""
    (found,) = [e for e in effects if isinstance(e, kind)]
    return found


def typed() -> tuple[Flow, AskCase]:
    """Number and check code by the keys of the screen."""
    flow = fresh()
    tap(flow, "cases", *CASE_KEYS, "spot:code", *(f"key:{c}" for c in CODE))
    return flow, only(tap(flow, "ask", at=60.0), AskCase)


def test_number_and_check_code_by_keys_ask_for_the_case() -> None:
    """A3b: what stands on the receipt is enough, without a login."""
    flow, asked = typed()
    assert asked.body == {"no": "20261124-0058", "check_code": CODE}
    assert CODE not in repr(asked), "a check code is never written down"
    flow.case_told(asked.key, 200, case_seen(), now=61.0)
    page = present(flow, WORDS)["page"]
    assert (page["title"], page["lamp"], page["word"]) == ("承诺 12月22日 办结", "green", "按时")
    facts = {f["name"]: f["value"] for f in page["facts"]}
    assert facts["承诺办结日期"] == "12月22日 16:30 前 · 还有 20 个工作日 · 暂定"
    assert facts["法定办结日期"] == "1月6日 16:30 前 · 暂定"
    assert [s["state"] for s in page["steps"]] == ["done", "done", "now", "next", "next"]
    tap(flow, "back", at=70.0)
    assert present(flow, WORDS)["page"]["spots"][1]["value"] == "", "coming back finds an empty form"


def test_too_little_cannot_be_asked_and_nonsense_is_not_typed() -> None:
    flow = fresh()
    tap(flow, "cases", "key:A", "key:2", "spot:code", "key:O", "key:7")
    page = present(flow, WORDS)["page"]
    assert [s["value"] for s in page["spots"]] == ["2", "7"]
    assert not [e for e in tap(flow, "ask", at=30.0) if isinstance(e, AskCase)]


@pytest.mark.parametrize(
    ("scanned", "body"),
    [
        (f"https://hall.example/c/{SCANNED}", {"token": SCANNED}),
        (f"/c/{SCANNED}", {"token": SCANNED}),
        (f"CASE:20261124-0058:{CODE}", {"no": "20261124-0058", "check_code": CODE}),
    ],
)
def test_the_receipts_code_opens_the_case(scanned: str, body: dict[str, str]) -> None:
    """A3b: the receipt's QR, with a public address and without one."""
    flow = fresh()
    assert only(flow.scanned(scanned, now=LATER), AskCase).body == body
    assert flow.screen == "case"


def test_a_wrong_pair_and_a_lost_network_are_said_and_tell_nothing() -> None:
    """A3b: a wrong check code tells nothing, not even the number that was typed."""
    for status, answer, title in (
        (404, {"code": "unknown_case"}, "没有查到，请核对编号和查询码"), (None, None, "网络不通，暂时查不到"),
        (429, {"code": "too_many_requests"}, "查得太快，请稍等再试"), (503, {"code": "x"}, "网络不通，暂时查不到"),
    ):  # fmt: skip
        flow, asked = typed()
        flow.case_told(asked.key, status, answer, now=61.0)
        view = present(flow, WORDS)
        assert view["page"]["title"] == title
        assert "0058" not in str(view)


def test_nothing_of_a_case_stays_after_the_idle_time() -> None:
    """While the kiosk asks whether somebody is there the case is covered; then everything is gone."""
    flow, asked = typed()
    flow.case_told(asked.key, 200, case_seen(**STOPPED), now=61.0)
    assert "20261124-0058" in str(present(flow, WORDS))
    flow.tick(now=61.0 + 31)
    asking = str(present(flow, WORDS))
    assert "idle" in asking
    for part in ("20261124-0058", "样*", "门诊", CODE):
        assert part not in asking
    flow.tick(now=61.0 + 45)
    assert (flow.screen, flow.places) == ("home", [])
    flow.case_told(asked.key, 200, case_seen(), now=120.0)
    assert flow.screen == "home", "an answer that comes after the wipe is not shown"


def test_the_voice_reads_no_number_and_no_name_of_a_case() -> None:
    flow, asked = typed()
    flow.case_told(asked.key, 200, case_seen(), now=61.0)
    said = spoken(present(flow, WORDS), WORDS)
    assert "样" not in said


def test_a_complaint_is_written_by_pinyin_and_gets_its_number() -> None:
    """A13d: category, text by the keys of the screen, the number to note."""
    flow = fresh()
    tap(flow, "words")
    page = present(flow, WORDS)["page"]
    assert len(page["tiles"]) == 1 + len(CATEGORIES)
    assert "投诉电话 0000-0000000" in page["hint"]
    tap(flow, "about:attitude", "key:F", "key:U", "pick:服", "key:W", "key:U", "candidates", "erase", "erase", at=20.0)
    assert flow.place.entered == "服"
    tap(flow, "key:。", "layout:figures", "key:3", at=40.0)
    sent = only(tap(flow, "send", at=60.0), SendWords)
    assert (sent.path, sent.body) == ("/complaints", {"category": "attitude", "text": "服。3"})
    assert "服" not in repr(sent), "words are never written down"
    flow.words_kept(sent.key, 201, {"no": "2026-00017"}, now=61.0)
    page = present(flow, WORDS)["page"]
    assert page["title"] == "收到了，编号 2026-00017"
    assert "服" not in str(flow.places)
    flow.tick(now=100.0)
    flow.tick(now=112.0)
    assert flow.screen == "home"


def test_without_an_answer_the_text_stays_and_goes_again_under_its_key() -> None:
    """A13d: pressed twice it happens once; another text is another thing."""
    flow = fresh()
    tap(flow, "words", "about:message", "publish", "layout:latin", "key:H", "key:I")
    first = only(tap(flow, "send", at=40.0), SendWords)
    assert first.body == {"text": "Hi", "publish": True}
    assert not [e for e in tap(flow, "send", at=41.0) if isinstance(e, SendWords)], "it is on its way"
    flow.words_kept(first.key, None, None, now=44.0)
    assert "再按一次" in present(flow, WORDS)["page"]["hint"]
    again = only(tap(flow, "send", at=46.0), SendWords)
    assert (again.key, again.body) == (first.key, first.body)
    flow.words_kept(again.key, 503, {"code": "storage_unavailable"}, now=48.0)
    tap(flow, "key:S", at=50.0)
    assert only(tap(flow, "send", at=52.0), SendWords).key != first.key


def test_every_syllable_can_be_typed_and_every_character_reached() -> None:
    from kiosk.syllables import SYLLABLES

    for syllable, characters in SYLLABLES.items():
        assert all(letter.upper() in keyboard.live(syllable[:n]) for n, letter in enumerate(syllable))
        assert keyboard.candidates(syllable).startswith(characters)
        assert len(syllable) <= keyboard.SYLLABLE_MOST
    assert len({c for cs in SYLLABLES.values() for c in cs}) == 3755
    assert keyboard.candidates("wo")[0] == "我"
    assert keyboard.candidates("zzz") == ""


def test_a_text_has_an_end() -> None:
    flow = fresh()
    tap(flow, "words", "about:other", "layout:figures", *["key:7"] * (keyboard.TEXT_MOST + 5))
    assert len(flow.place.entered) == keyboard.TEXT_MOST
