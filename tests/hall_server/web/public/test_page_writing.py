"""Complaints and the message book on the visitor's page, without script (A13d; contract 3)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from page_hall import PageHall, page_hall

from assets.i18n import Catalogue
from hall_server.core.hall import as_values
from hall_server.core.matters import message_book
from hall_server.personal.vault import Visitor
from hall_server.web.public.writing import STATE_WORDS

Story = Callable[[PageHall], Awaitable[Any]]
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


async def send(hall: PageHall, url: str, verb: str, **form: str) -> Any:
    """A form of the page, as a browser sends it."""
    return await hall.client.post(f"{url}/{verb}", data=form, follow_redirects=False)


def keys_in(html: str) -> list[str]:
    """The hidden keys of the forms of a page."""
    return re.findall(r'name="idempotency_key" value="([^"]+)"', html)


def test_the_ticket_leads_to_the_forms_which_do_not_reload(tell: Callable[[Story], Any]) -> None:
    """A page that reloads would take a half-written word with it."""

    async def story(hall: PageHall) -> None:
        _, url = await hall.take()
        ticket = (await hall.client.get(f"{url}?lang=en")).text
        assert f'href="{url}/write?lang=en"' in ticket
        forms = (await hall.client.get(f"{url}/write?lang=en")).text
        assert "http-equiv" not in forms
        assert len(set(keys_in(forms))) == 2, "each form has a key of its own"
        assert forms.count("<option") == 10
        assert (await hall.client.get("/t/nonsense/write")).status_code == 404

    tell(story)


def test_a_complaint_gets_its_number_and_its_words_go_to_the_vault(tell: Callable[[Story], Any]) -> None:
    async def story(hall: PageHall) -> None:
        ticket, url = await hall.take()
        key = keys_in((await hall.client.get(f"{url}/write")).text)[0]
        form = {"idempotency_key": key, "category": "attitude", "text": WORDS, "phone": "13912345678"}
        answers = [await send(hall, url, "complain", **form) for _ in range(2)]
        assert [(a.status_code, a.headers["location"]) for a in answers] == [
            (303, f"{url}/write?noted=2026-00001")
        ] * 2, "pressed twice, it happened once"
        (complaint,) = hall.house.engine.hall.complaints.values()
        assert (complaint.ticket, complaint.channel, complaint.category) == (ticket["id"], "page", "attitude")
        kept = hall.house.vault.get("2026-00001", who="test", why="test")
        assert kept is not None
        assert (kept.text, kept.phone) == (WORDS, "13912345678")
        page = (await hall.client.get(answers[0].headers["location"])).text
        assert "2026-00001" in page
        other = await send(hall, url, "complain", **(form | {"text": "x"}))
        assert other.status_code == 422

    tell(story)


@pytest.mark.parametrize(("consent", "wanted"), [({"publish": "yes"}, True), ({}, False)])
def test_the_message_book_publishes_only_with_a_tick(
    tell: Callable[[Story], Any], consent: dict[str, str], wanted: bool
) -> None:
    async def story(hall: PageHall) -> None:
        _, url = await hall.take()
        answer = await send(hall, url, "write", idempotency_key="k1", text=WORDS, **consent)
        assert answer.status_code == 303
        (entry,) = hall.house.engine.hall.book.values()
        assert (entry.publish_wanted, entry.channel) == (wanted, "page")

    tell(story)


def test_the_writer_sees_how_far_it_is_and_what_was_answered(tell: Callable[[Story], Any]) -> None:
    """A13d: an entry gets a number and an answer; both are for whoever wrote it, and for no other ticket."""

    async def story(hall: PageHall) -> None:
        (_, url), (_, other) = await hall.take(), await hall.take()
        await send(hall, url, "complain", idempotency_key="k1", category="shirking", text=WORDS)
        await send(hall, url, "write", idempotency_key="k2", text=WORDS)
        engine, book = hall.house.engine, "2026-00002"
        stamp = engine.stamp("account:m")
        await engine.submit(message_book.AnswerMessage(message=book, publish=False), stamp)
        await hall.house.keep(f"{book}/answered", Visitor(text="请到5号窗口"))
        seen = (await hall.client.get(f"{url}/write?lang=zh-Hans")).text
        assert re.findall(r"<b>(2026-\d+)</b> · (\S+?)(?:<br>(\S+))?</p>", seen) == [
            ("2026-00002", "反馈", "请到5号窗口"), ("2026-00001", "已收到", ""),
        ]  # fmt: skip
        assert WORDS not in seen
        assert "2026-0000" not in (await hall.client.get(f"{other}/write")).text

    tell(story)


def test_every_state_has_a_word_for_the_writer() -> None:
    states = {"received", "accepted", "investigating", "disposed", "answered", "filed", "withdrawn"}
    assert set(STATE_WORDS) == states | {"written", "answered", "published", "complaint"}
    assert all(key in Catalogue().words("en") for key in STATE_WORDS.values())


def test_what_is_not_right_changes_nothing(tell: Callable[[Story], Any]) -> None:
    async def story(hall: PageHall) -> None:
        _, url = await hall.take()
        before = as_values(hall.house.engine.hall)
        good = {"idempotency_key": "k1", "category": "attitude", "text": WORDS}
        for verb, change, status in (
            ("complain", {"text": "  "}, 400), ("complain", {"text": "x" * 2001}, 400),
            ("complain", {"category": "weather"}, 400), ("complain", {"category": ""}, 400),
            ("complain", {"phone": "1" * 33}, 400), ("complain", {"idempotency_key": ""}, 400),
            ("complain", {"idempotency_key": "with blank"}, 400), ("write", {"text": ""}, 400),
        ):  # fmt: skip
            answer = await send(hall, url, verb, **(good | change))
            assert answer.status_code == status, (verb, change)
            assert "text/html" in answer.headers["content-type"]
        answer = await hall.client.post(
            f"{url}/complain", data=good, headers={"sec-fetch-site": "cross-site"}, follow_redirects=False
        )
        assert answer.status_code == 403
        assert (await send(hall, "/t/nonsense", "complain", **good)).status_code == 404
        assert as_values(hall.house.engine.hall) == before
        for strange in ("<script>", "2026-00001<b>", "x"):
            assert (
                'class="card" role="status"'
                not in (await hall.client.get(f"{url}/write", params={"noted": strange})).text
            )

    tell(story)
