"""The visitor's page, as a browser without script sees and uses it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from page_hall import PageHall, page_hall

from hall_server.web.public import page as pages
from hall_server.web.public.look import script, style

Story = Callable[[PageHall], Awaitable[Any]]


@pytest.fixture
def tell(county: Path) -> Callable[[Story], Any]:
    """Runs a story in a fresh hall."""

    def run(story: Story) -> Any:
        async def whole() -> Any:
            async with page_hall(county) as hall:
                return await story(hall)

        return asyncio.run(whole())

    return run


async def called(hall: PageHall) -> tuple[str, str]:
    """One ticket called at counter 3: id and page."""
    ticket, url = await hall.take()
    await hall.at_counter("call-next")
    return ticket["id"], url


async def finished(hall: PageHall) -> tuple[str, str]:
    """One ticket served to its end."""
    ident, url = await called(hall)
    await hall.at_counter("begin")
    hall.clock.pass_s(240)
    await hall.at_counter("finish")
    return ident, url


async def missed(hall: PageHall) -> tuple[str, str]:
    """One ticket called three times in vain."""
    ident, url = await called(hall)
    for _ in range(2):
        hall.clock.pass_s(20)
        await hall.at_counter("recall")
    hall.clock.pass_s(20)
    await hall.at_counter("no-show")
    return ident, url


def state(hall: PageHall, ident: str) -> str:
    return hall.house.engine.hall.tickets[ident].state


def test_waiting_shows_number_people_ahead_range_and_place_in_the_html_itself(tell):
    async def story(hall: PageHall) -> None:
        for _ in range(3):
            _ticket, url = await hall.take()
        page = await hall.see(url, **{"accept-language": "zh-CN,zh;q=0.9"})
        assert page.answer.status_code == 200
        assert "A003" in page.words
        assert "前面还有2 人" in page.words
        assert "分钟" in page.words
        assert "一楼左手边，3 号窗口" in page.words
        assert "叫 3 次没到算过号" in page.words
        assert any(a.get("http-equiv") == "refresh" and a.get("content") == "15" for _, a in page.attributes)
        assert "每 15 秒刷新" in page.words

    tell(story)


def test_the_range_hides_behind_a_dash_when_no_counter_is_open(tell):
    async def story(hall: PageHall) -> None:
        _, url = await hall.take()
        await hall.at_counter("close")
        page = await hall.see(url)
        assert "大约再等—" in page.words.replace(" ", "")
        assert "目前没有窗口在办" in page.words

    tell(story)


@pytest.mark.parametrize(
    ("query", "accept", "taken_in", "expected"),
    [
        ("", "", "en", "en"),
        ("", "zh-TW,en;q=0.5", "en", "zh-Hant"),
        ("", "fr, en;q=0.3", "zh-Hans", "en"),
        ("?lang=zh-Hans", "en", "en", "zh-Hans"),
        ("?lang=xx", "de", "zh-Hant", "zh-Hant"),
    ],
)
def test_language_is_asked_for_accepted_or_the_tickets_own(tell, query, accept, taken_in, expected):
    async def story(hall: PageHall) -> None:
        _, url = await hall.take(language=taken_in)
        page = await hall.see(url + query, **{"accept-language": accept})
        assert ("html", expected) in [(tag, a.get("lang")) for tag, a in page.attributes]

    tell(story)


def test_giving_back_asks_once_and_happens_once(tell):
    async def story(hall: PageHall) -> None:
        ticket, url = await hall.take()
        page = await hall.see(url)
        form = page.form("cancel")
        assert [tag for tag, _ in page.attributes].count("details") == 1
        assert state(hall, ticket["id"]) == "waiting"
        for _ in range(2):
            answer = await hall.send(form)
            assert (answer.status_code, answer.headers["location"]) == (303, url)
        assert state(hall, ticket["id"]) == "cancelled"
        assert "A001 已退号" in (await hall.see(url)).words

    tell(story)


def test_another_key_after_the_fact_is_refused_in_words(tell):
    async def story(hall: PageHall) -> None:
        _, url = await hall.take()
        first = (await hall.see(url)).form("cancel")
        second = (await hall.see(url)).form("cancel")
        assert first.hidden != second.hidden
        await hall.send(first)
        answer = await hall.send(second)
        assert answer.headers["location"] == f"{url}?said=wrong_state"
        assert "现在不能这样办" in (await hall.see(answer.headers["location"])).words

    tell(story)


@pytest.mark.parametrize("key", ["", "a b", "x" * 129])
def test_a_form_without_a_proper_key_does_nothing(tell, key):
    async def story(hall: PageHall) -> None:
        ticket, url = await hall.take()
        form = (await hall.see(url)).form("cancel")
        answer = await hall.send(form, idempotency_key=key)
        assert answer.status_code == 400
        assert "text/html" in answer.headers["content-type"]
        assert state(hall, ticket["id"]) == "waiting"

    tell(story)


def test_called_names_the_counter_and_the_call_and_lets_one_say_coming(tell):
    async def story(hall: PageHall) -> None:
        ident, url = await called(hall)
        page = await hall.see(url)
        assert "A001 到您了" in page.words
        assert "第 1 次叫号" in page.words
        assert "还会再叫 2 次" in page.words
        await hall.send(page.form("on-my-way"))
        assert hall.house.engine.hall.tickets[ident].on_my_way
        again = await hall.see(url)
        assert not again.has("on-my-way")
        assert "窗口看到您正在赶来" in again.words

    tell(story)


def test_who_missed_the_call_comes_back_once(tell):
    async def story(hall: PageHall) -> None:
        ident, url = await missed(hall)
        page = await hall.see(url)
        assert "3 号窗口叫了 3 次，没有见到您" in page.words
        assert "排在 3 位之后" in page.words
        await hall.send(page.form("reinstate"))
        assert state(hall, ident) == "waiting"
        assert "已复号" in (await hall.see(url)).words
        await hall.at_counter("call-next")
        for _ in range(2):
            hall.clock.pass_s(20)
            await hall.at_counter("recall")
        hall.clock.pass_s(20)
        await hall.at_counter("no-show")
        page = await hall.see(url)
        assert not page.has("reinstate")
        assert "今天已经复号一次" in page.words

    tell(story)


def test_parked_and_moved_say_where_it_is_and_why(tell):
    async def story(hall: PageHall) -> None:
        _, url = await called(hall)
        await hall.at_counter("begin")
        await hall.at_counter("park", {"reason": "fetch_original", "until": "2026-11-24T11:00:00.000+08:00"})
        page = await hall.see(url)
        assert "3 号窗口为您留到 11:00" in page.words
        assert "原因：回家取原件" in page.words
        await hall.at_counter("resume", {"number": "A001"})
        await hall.at_counter("transfer", {"line": "B", "reason": "属于不动产"})
        assert "您的号转到了 B 不动产，号码不变" in (await hall.see(url)).words

    tell(story)


def test_a_rating_counts_once_and_its_comment_is_kept_with_the_personal_data(tell):
    async def story(hall: PageHall) -> tuple[Path, str]:
        ident, url = await finished(hall)
        page = await hall.see(url)
        form = page.form("rate")
        assert form.buttons == [("level", str(n)) for n in (5, 4, 3, 2, 1)]
        assert not any("checked" in a or "selected" in a for _, a in page.attributes)
        assert not any(a.get("http-equiv") for _, a in page.attributes), "a reload would lose the comment"
        assert "12月1日 16:30 前有效" in page.words
        asked = hall.house.engine.hall.tickets[ident].rating
        for _ in range(2):
            answer = await hall.send(form, press=("level", "2"), comment="等得太久 CANARY")
            assert (answer.status_code, answer.headers["location"]) == (303, url)
        assert hall.house.engine.hall.ratings[asked].rated
        assert hall.house.vault.get(f"rating:{asked}", who="test", why="test").text == "等得太久 CANARY"
        page = await hall.see(url)
        assert "感谢您的评价" in page.words
        assert not page.has("rate")
        return hall.house.data, form.hidden["nonce"]

    data, nonce = tell(story)
    journal = b"".join(f.read_bytes() for f in data.glob("journal.db*"))
    assert b"CANARY" not in journal
    assert nonce.encode() not in journal


def test_a_wrong_nonce_or_level_rates_nothing(tell):
    async def story(hall: PageHall) -> None:
        ident, url = await finished(hall)
        form = (await hall.see(url)).form("rate")
        answer = await hall.send(form, press=("level", "5"), nonce="guess")
        assert answer.headers["location"].endswith("said=wrong_nonce")
        assert (await hall.send(form, press=("level", "6"))).status_code == 400
        assert (await hall.send(form)).status_code == 400
        assert not hall.house.engine.hall.ratings[hall.house.engine.hall.tickets[ident].rating].rated

    tell(story)


def test_one_visitors_question_cannot_be_answered_from_anothers_page(tell):
    async def story(hall: PageHall) -> None:
        first, url = await finished(hall)
        _, other = await finished(hall)
        form = (await hall.see(url)).form("rate")
        form.action = f"{other}/rate"
        assert (await hall.send(form, press=("level", "1"))).status_code == 403
        assert not hall.house.engine.hall.ratings[hall.house.engine.hall.tickets[first].rating].rated

    tell(story)


def test_a_wrong_link_tells_nothing_and_an_old_one_neither(tell):
    async def story(hall: PageHall) -> None:
        ticket, url = await hall.take()
        for wrong in ("/t/wrong", url[:-1] + ("A" if url[-1] != "A" else "B"), "/t/" + "x" * 2000):
            page = await hall.see(wrong)
            assert page.answer.status_code == 404
            assert "这个链接打不开" in page.words
            assert "12345" in page.words
            assert "A001" not in page.words
        hall.house.engine.hall.tickets[ticket["id"]].state = "expired"
        page = await hall.see(url)
        assert page.answer.status_code == 410
        assert "这个号已经过了当天" in page.words
        assert "A001" not in page.words

    tell(story)


def test_headers_allow_nothing_inline_and_the_page_loads_nothing_else(tell):
    async def story(hall: PageHall) -> None:
        _, url = await hall.take()
        page = await hall.see(url)
        headers = page.answer.headers
        assert headers["content-security-policy"] == pages.POLICY
        assert "unsafe" not in pages.POLICY
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert not any("style" in a or any(name.startswith("on") for name in a) for _, a in page.attributes)
        loads = [a for a in page.loads if a != "data:,"]
        assert [a.split("?")[0] for a in loads] == ["/page/visitor.css", "/page/visitor.js"]
        sizes = [len(page.answer.content)]
        for address in loads:
            answer = await hall.client.get(address)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
            sizes.append(len(answer.content))
        assert sum(sizes) < 60_000

    tell(story)


def test_style_takes_every_colour_from_the_tokens():
    own = style()[style().index("box-sizing") :]
    assert "#" not in own
    assert "rgb" not in own
    assert "innerHTML" not in script()


def test_a_page_cannot_be_asked_without_end_and_other_pages_do_not_notice(tell):
    async def story(hall: PageHall) -> None:
        _, url = await hall.take()
        _, other = await hall.take()
        answers = [(await hall.see(url)).answer for _ in range(30)]
        slow = [a for a in answers if a.status_code == 429]
        assert slow
        assert int(slow[0].headers["retry-after"]) >= 1
        assert (await hall.see(other)).answer.status_code == 200

    tell(story)


def test_another_sites_page_cannot_send_the_form(tell):
    async def story(hall: PageHall) -> None:
        ticket, url = await hall.take()
        form = (await hall.see(url)).form("cancel")
        answer = await hall.client.post(form.action, data=form.hidden, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
        assert state(hall, ticket["id"]) == "waiting"

    tell(story)


def test_the_token_of_a_page_is_in_no_stored_answer(tell):
    async def story(hall: PageHall) -> tuple[Path, str]:
        _, url = await hall.take()
        await hall.send((await hall.see(url)).form("cancel"))
        return hall.house.data, url.split("/")[-1]

    data, token = tell(story)
    assert token.encode() not in b"".join(f.read_bytes() for f in data.glob("*.db*"))


def test_large_print_and_language_are_carried_along(tell):
    async def story(hall: PageHall) -> None:
        _, url = await hall.take()
        page = await hall.see(f"{url}?size=large&lang=en")
        assert ("html", "large") in [(tag, (a.get("class") or "")) for tag, a in page.attributes]
        assert "?lang=en" in page.links
        answer = await hall.send(page.form("cancel"))
        assert answer.headers["location"] == f"{url}?lang=en&size=large"

    tell(story)


def test_an_evacuation_replaces_everything(tell):
    async def story(hall: PageHall) -> None:
        from hall_server.core.places.notice import StartEvacuation

        _, url = await hall.take()
        engine = hall.house.engine
        await engine.submit(StartEvacuation(exits={}), engine.stamp("account:test"))
        page = await hall.see(url)
        assert "请立即离开大厅" in page.words
        assert "A001" in page.words
        assert not page.forms

    tell(story)
