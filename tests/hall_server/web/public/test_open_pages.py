"""Guides, waiting, board, bulletin, contacts and forms: open to anyone, on both listeners, without script."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from page_hall import Page, PageHall, page_hall

from assets.i18n import Catalogue
from display_wall.texts import Texts
from display_wall.zones.services import limit
from hall_client.spoken import Spoken
from hall_protocol.pictures.catalogue import CataloguePicture
from hall_server.core.hall import as_values
from hall_server.core.matters import case_commands as acts
from hall_server.core.matters import message_book
from hall_server.core.oversight.bulletin import Frozen as Known
from hall_server.core.places.catalogue import TakeOver
from hall_server.files import private_folder, write_private
from hall_server.personal.vault import Visitor
from hall_server.reports import bulletin, indicators, secondary
from hall_server.reports.projection import rebuild
from hall_server.web.kept_words import ANSWERED
from kiosk.catalogue import Index
from kiosk.effects import AskCase, SendWords
from kiosk.flow import Flow
from kiosk.page_service import limits
from kiosk.places import Place

Story = Callable[[PageHall], Awaitable[Any]]
PAGES = ("", "/items", "/waiting", "/board", "/bulletin", "/case", "/write", "/hall")
FIRST_LOAD_MOST = 60_000
MONTH = "2026-10"
WORDS = "王小明说窗口不耐烦"


@pytest.fixture
def tell(county: Path) -> Callable[[Story], Any]:
    """Runs a story in a fresh hall."""

    def run(story: Story) -> Any:
        async def whole() -> Any:
            async with page_hall(county) as hall:
                return await story(hall)

        return asyncio.run(whole())

    return run


async def read(hall: PageHall, place: str, *, inside: bool = False, **query: str) -> Page:
    """An open page on the second listener, or on the hall's own."""
    client = hall.client if inside else hall.outside
    return Page(await client.get(f"/guide{place}", params=query, follow_redirects=False))


def squeezed(page: Page) -> str:
    """What a page says, without spaces: where elements meet there is none."""
    return page.words.replace(" ", "")


async def received(hall: PageHall, *, show_name: bool = False) -> str:
    """A case that was accepted; its number."""
    engine = hall.house.engine
    service = next(s.service for s in engine.hall.services.values() if s.promised_days and s.materials)
    stamp = engine.stamp("clerk:0312", clerk="0312", counter="3")
    made = await engine.submit(acts.ReceiveCase(service=service, accept=True, show_name=show_name), stamp)
    no = str(made.events[0].case)  # type: ignore[attr-defined]
    await hall.house.keep(f"case:{no}", Visitor(name="欧阳标记甲", phone="13977770001"))
    return no


# ---------------------------------------------------------------- every page


def test_every_page_opens_on_both_listeners_light_and_without_script(tell: Callable[[Story], Any]) -> None:
    async def story(hall: PageHall) -> None:
        await received(hall)
        item = next(iter(hall.house.engine.hall.services))
        style = len((await hall.outside.get("/page/visitor.css")).content)
        for place in (*PAGES, f"/item/{item}"):
            for language, inside in itertools.product(("zh-Hans", "zh-Hant", "en"), (False, True)):
                hall.house.pace._seen.clear()
                page = await read(hall, place, inside=inside, lang=language)
                assert page.answer.status_code == 200, place
                assert len(page.answer.content) + style < FIRST_LOAD_MOST, place
                assert "<script" not in page.answer.text
                assert "default-src 'none'" in page.answer.headers["Content-Security-Policy"]
                assert page.answer.headers["Cache-Control"] == "no-store"
                assert "set-cookie" not in page.answer.headers
                assert not re.search(r"\{[a-z]+\}", page.words), "a placeholder was left open"
                assert f'<html lang="{language}"' in page.answer.text
        start = await hall.outside.get("/", follow_redirects=False)
        assert (start.status_code, start.headers["location"]) == (303, "/guide")

    tell(story)


def test_language_and_size_go_along_and_a_list_keeps_its_page(tell: Callable[[Story], Any]) -> None:
    async def story(hall: PageHall) -> None:
        page = await read(hall, "/items", lang="en", size="large", page="2")
        assert all("lang=en" in a or "lang=" in a for a in page.links if a.startswith("/guide"))
        inside = [a for a in page.links if a.startswith("/guide/item/")]
        assert inside
        assert all(a.endswith("?lang=en&size=large") for a in inside)
        assert any("page=2" in a and "lang=zh-Hans" in a for a in page.links), "the same page in another language"
        nonsense = [(await read(hall, "/items", page=p)).answer.status_code for p in ("0", "x", "99999", "-1")]
        assert nonsense == [200] * 4

    tell(story)


# ---------------------------------------------------------------- guides


def test_an_item_reads_the_same_on_kiosk_wall_and_page(tell: Callable[[Story], Any]) -> None:
    """A1b: one item, one text: name, both limits, fee and documents, wherever it is shown."""

    async def story(hall: PageHall) -> None:
        answer = await hall.outside.get("/api/v1/catalogue")
        catalogue = msgspec.json.decode(answer.content, type=CataloguePicture)
        for service, language in itertools.product(catalogue.services[::6], ("zh-Hans", "en")):
            kiosk, wall = Spoken(Catalogue(), language), Texts(Catalogue(), first=language)
            hall.house.pace._seen.clear()
            page = squeezed(await read(hall, f"/item/{service.service}", lang=language))
            promised, statutory, _ = limits(kiosk, msgspec.to_builtins(service))
            for told in (promised, statutory):
                assert f"{told['label']}{told['number']}{told['text']}".replace(" ", "") in page
            shown = [service.name, *(m.name for m in service.materials), *(s.name for s in service.steps)]
            assert all(text.replace(" ", "") in page for text in shown)
            for days, told in ((service.promised_days, promised), (service.statutory_days, statutory)):
                if days:
                    assert limit(days, service.day_unit, wall).split()[0] == told["number"] == str(days)

    tell(story)


def test_a_suspended_item_is_nowhere_to_be_read(tell: Callable[[Story], Any]) -> None:
    """A1: suspended items vanish everywhere at once."""

    async def story(hall: PageHall) -> None:
        engine = hall.house.engine
        known = engine.hall.services["S035"]
        assert known.name in (await read(hall, "/items", q=known.name)).words
        stopped = TakeOver(services=(msgspec.structs.replace(known, state="suspended"),))
        await engine.submit(stopped, engine.stamp("account:test"))
        gone = await read(hall, "/item/S035", lang="zh-Hans")
        assert gone.answer.status_code == 404
        assert known.name not in gone.words
        assert "/guide?lang=zh-Hans" in gone.links
        assert "没有找到这样的事项" in (await read(hall, "/items", q=known.name, lang="zh-Hans")).words

    tell(story)


def test_what_is_typed_comes_back_as_text_only(tell: Callable[[Story], Any]) -> None:
    async def story(hall: PageHall) -> None:
        for place, query in (
            ("/items", {"q": '"><script>x'}), ("/items", {"department": "<img src=x>"}),
            ("/item/<b>x", {}), ("/bulletin", {"month": "<b>"}), ("/write", {"noted": "<b>", "said": "<b>"}),
            ("/board", {"lang": '"><b>', "size": '"><b>'}),
        ):  # fmt: skip
            answer = await hall.outside.get(f"/guide{place}", params=query)
            assert answer.status_code < 500
            assert "<script" not in answer.text
            assert "<img" not in answer.text
            assert '"><b>' not in answer.text

    tell(story)


# ---------------------------------------------------------------- how things stand


def test_lines_board_and_published_month_are_open_to_all(tell: Callable[[Story], Any]) -> None:
    """A10a: how long the lines are, how far cases are, what was published; never a name without consent."""

    async def story(hall: PageHall) -> None:
        for _ in range(3):
            await hall.take()
        waiting = await read(hall, "/waiting", lang="zh-Hans")
        assert re.search(r"A社保医保3人(约)?\d+", squeezed(waiting)), waiting.words
        assert 'http-equiv="refresh" content="30"' in waiting.answer.text
        assert "每 30 秒刷新" in waiting.words, "what reloads by itself says so"
        first, second = await received(hall), await received(hall, show_name=True)
        hall.clock.pass_s(3)
        board = await read(hall, "/board", lang="zh-Hans")
        assert first in board.words
        assert second in board.words
        assert board.words.count("欧*") == 1, "a name, masked, only where the applicant agreed"
        for hidden in ("欧阳", "13977770001", "0312"):
            assert hidden not in board.answer.text

    tell(story)


def fraction(*, numerator: int, denominator: int) -> indicators.Fraction:
    """A figure with both halves."""
    shown = indicators.percent(numerator, denominator)
    return indicators.Fraction(numerator=numerator, denominator=denominator, percent=shown, events="")


def publish(hall: PageHall, clerk: str) -> None:
    """A month frozen with a hall's, a department's and a clerk's row."""

    def row(key: str, n: int) -> indicators.IndicatorRow:
        told = {name: fraction(numerator=n, denominator=17) for name in indicators.CODE_NAMES}
        told["complaint_rate"] = fraction(numerator=0, denominator=0)
        return indicators.IndicatorRow(key=key, **told)

    rows = {"hall": [row("hall", 14)], "department": [row("县公安局", 13)], "clerk": [row(clerk, 3)]}
    with_nothing = hall.house.data / "empty.db"
    rebuild(with_nothing, [])
    with indicators.reading(with_nothing) as db:
        beside = secondary.secondary(db, month=MONTH)
    document = bulletin.Frozen(
        month=MONTH, frozen_at="2026-11-09T09:00:00.000+08:00", formulas=indicators.FORMULAS, rows=rows, beside=beside
    )
    content = msgspec.json.encode(document)
    private_folder(hall.house.data / bulletin.FOLDER)
    write_private(bulletin.path_of(hall.house.data, MONTH), content)
    sha256 = hashlib.sha256(content).hexdigest()
    known = Known(frozen_at=document.frozen_at, sha256=sha256, formulas=document.formulas)
    hall.house.engine.hall.bulletins[MONTH] = known


def test_a_month_is_shown_as_published_and_no_clerks_figures(tell: Callable[[Story], Any]) -> None:
    """A10a: published figures only, each with both halves; nobody's own figures; a touched file is not shown."""

    async def story(hall: PageHall) -> None:
        before = await read(hall, "/bulletin", lang="zh-Hans")
        assert "还没有公布过通报" in before.words
        publish(hall, "8877")
        page = await read(hall, "/bulletin", lang="zh-Hans")
        for shown in ("2026-10月度效能通报", "82.35%14/17", "县公安局", "13/17", "投诉率—0/0", "11月9日"):
            assert shown in squeezed(page), shown
        assert "8877" not in page.answer.text
        assert "3 / 17" not in page.words.replace("13 / 17", "")
        assert "2026-09 还没有公布" in (await read(hall, "/bulletin", month="2026-09", lang="zh-Hans")).words
        assert (await read(hall, "/bulletin", month="x")).answer.status_code == 400
        path = bulletin.path_of(hall.house.data, MONTH)
        path.write_bytes(path.read_bytes().replace(b"82.35", b"92.35"))
        touched = await read(hall, "/bulletin", lang="zh-Hans")
        assert touched.answer.status_code == 503
        assert "92.35" not in touched.answer.text

    tell(story)


# ---------------------------------------------------------------- forms


def test_a_case_opens_by_number_and_check_code_and_every_wrong_pair_is_the_same(tell: Callable[[Story], Any]) -> None:
    """A3b: a wrong check code tells nothing, not even whether there is such a case."""

    async def story(hall: PageHall) -> None:
        no = await received(hall)
        code = hall.house.eyes.check_code_of(no)
        page = Page(await hall.outside.post("/guide/case?lang=zh-Hans", data={"no": no, "check_code": code}))
        assert page.answer.status_code == 200
        for shown in (no, "欧*", "承诺办结日期", "法定办结日期", "按时"):
            assert shown in page.words
        for hidden in (code, "欧阳", "13977770001", "0312"):
            assert hidden not in page.answer.text
        told = []
        for pair in ((no, "AAAAAA"), ("20990101-9999", code), ("20990101-9999", "x"), (no, ""), ("", code)):
            hall.house.pace._seen.clear()
            answer = await hall.outside.post("/guide/case", data={"no": pair[0], "check_code": pair[1]})
            told.append((answer.status_code, answer.text.replace(f'value="{pair[0]}"', 'value=""')))
        assert {status for status, _ in told} == {404}
        assert len({text for _, text in told}) == 1, "five wrong pairs, one answer"
        assert code not in told[0][1]
        hall.house.pace._seen.clear()
        answers = [
            (await hall.outside.post("/guide/case", data={"no": no, "check_code": f"A{n}"})).status_code
            for n in range(6)
        ]
        assert answers[0] == 404
        assert answers[-1] == 429, "a check code is not found by trying"

    tell(story)


def test_a_complaint_and_a_message_need_no_ticket(tell: Callable[[Story], Any]) -> None:
    """A13d: by a form without script; pressed twice it happened once; words stand in the vault alone."""

    async def story(hall: PageHall) -> None:
        forms = await read(hall, "/write", lang="zh-Hans")
        complain, write = forms.form("complain"), forms.form("message")
        sent = {**complain.hidden, "category": "attitude", "text": WORDS, "phone": "13912345678"}
        answers = [await hall.outside.post(complain.action, data=sent, follow_redirects=False) for _ in range(2)]
        assert {(a.status_code, a.headers["location"]) for a in answers} == {
            (303, "/guide/write?noted=2026-00001&lang=zh-Hans")
        }
        (complaint,) = hall.house.engine.hall.complaints.values()
        assert (complaint.ticket, complaint.channel, complaint.category) == (None, "page", "attitude")
        kept = hall.house.vault.get("2026-00001", who="test", why="test")
        assert kept is not None
        assert (kept.text, kept.phone) == (WORDS, "13912345678")
        shown = await hall.outside.get(answers[0].headers["location"])
        assert "2026-00001" in shown.text
        assert WORDS not in shown.text
        hall.house.pace._seen.clear()
        answer = await hall.outside.post(
            write.action, data={**write.hidden, "text": "灯太暗", "publish": "yes"}, follow_redirects=False
        )
        assert answer.status_code == 303
        (entry,) = hall.house.engine.hall.book.values()
        assert (entry.publish_wanted, entry.channel, entry.ticket) == (True, "page", None)

    tell(story)


def test_what_both_sides_agreed_to_is_read_by_all(tell: Callable[[Story], Any]) -> None:
    """A13d: question and answer are published when the writer ticked it and the hall agrees; then they stand here."""

    async def story(hall: PageHall) -> None:
        engine, house = hall.house.engine, hall.house
        stamp = engine.stamp("account:test")
        for n, wanted in enumerate((True, False)):
            made = await engine.submit(message_book.WriteMessage(publish=wanted, channel="kiosk"), stamp)
            no = str(made.events[0].message)  # type: ignore[attr-defined]
            house.words |= {no: f"问题{n}", no + ANSWERED: f"答复{n}"}
            await engine.submit(message_book.AnswerMessage(message=no, publish=wanted), stamp)
        page = await read(hall, "/write", lang="zh-Hans")
        assert "问题0" in page.words
        assert "答复0" in page.words
        assert "问题1" not in page.words

    tell(story)


def test_a_form_that_is_not_right_changes_nothing(tell: Callable[[Story], Any]) -> None:
    async def story(hall: PageHall) -> None:
        before = as_values(hall.house.engine.hall)
        good = {"idempotency_key": "k1", "category": "attitude", "text": WORDS}
        for verb, change, status in (
            ("complain", {"text": " "}, 400), ("complain", {"text": "x" * 2001}, 400),
            ("complain", {"category": "weather"}, 400), ("complain", {"idempotency_key": ""}, 400),
            ("message", {"text": ""}, 400), ("message", {"idempotency_key": "with blank"}, 400),
        ):  # fmt: skip
            hall.house.pace._seen.clear()
            answer = await hall.outside.post(f"/guide/{verb}", data=good | change, follow_redirects=False)
            assert answer.status_code == status, (verb, change)
            assert "text/html" in answer.headers["content-type"]
        away = {"sec-fetch-site": "cross-site"}
        assert (await hall.outside.post("/guide/complain", data=good, headers=away)).status_code == 403
        hall.house.pace._seen.clear()
        many = [
            (await hall.outside.post("/guide/complain", data=good | {"idempotency_key": f"k{n}", "category": "fees"},
                                     follow_redirects=False)).status_code for n in range(5)
        ]  # fmt: skip
        assert many[-1] == 429, "one address may not fill the register"
        assert as_values(hall.house.engine.hall) != before
        assert len(hall.house.engine.hall.complaints) == many.count(303)

    tell(story)


def test_the_hall_says_who_it_is_from_its_settings(tell: Callable[[Story], Any]) -> None:
    async def story(hall: PageHall) -> None:
        page = await read(hall, "/hall", lang="zh-Hans")
        assert "机构职责" not in page.words, "nothing is made up where nothing was set"
        assert "1 号窗口" in page.words
        known = hall.house.engine.hall
        chosen = msgspec.structs.replace(
            known.settings.public,
            organisation={"zh-Hans": "第一行\n第二行", "en": "What we do"},
            address={"zh-Hans": "中心路 <1> 号"},
            contacts={"zh-Hans": "乘 5 路车"},
        )
        known.settings = msgspec.structs.replace(known.settings, public=chosen)
        page = await read(hall, "/hall", lang="zh-Hans")
        for shown in ("第一行", "第二行", "中心路 <1> 号", "乘 5 路车"):
            assert shown in page.words
        english = await read(hall, "/hall", lang="en")
        assert "What we do" in english.words
        assert "中心路" in english.words, "a text that is there in one language only is better than none"

    tell(story)


def test_what_the_kiosk_asks_and_sends_is_understood(tell: Callable[[Story], Any]) -> None:
    """A3b, A13d: the bodies of the kiosk's own effects, on the hall's doors."""

    async def story(hall: PageHall) -> None:
        no = await received(hall)
        flow = Flow(new_key=lambda: "k-1", now=0.0)
        flow.heard(now=0.0, picture={}, stale=False)
        receipt = f"CASE:{no}:{hall.house.eyes.check_code_of(no)}"
        flow.index = Index(msgspec.json.decode((await hall.outside.get("/api/v1/catalogue")).content))
        assert flow.index.desks == ["10"]
        flow.world.picture = {"lines": {}}
        (asked,) = [e for e in flow.scanned(receipt, now=5.0) if isinstance(e, AskCase)]
        seen = await hall.ask("POST", "/case-status", "kiosk", dict(asked.body))
        assert (seen["no"], seen["applicant"]) == (no, "欧*")
        for about in ("message", "attitude"):
            flow.places = [Place("write", about=about, entered=WORDS, key=f"k-{about}")]
            sent = flow._send_words()
            assert isinstance(sent, SendWords)
            number = await hall.ask("POST", sent.path, "kiosk", dict(sent.body), key=sent.key)
            assert re.fullmatch(r"\d{4}-\d{5}", number["no"])
        assert [c.channel for c in hall.house.engine.hall.complaints.values()] == ["kiosk"]

    tell(story)
