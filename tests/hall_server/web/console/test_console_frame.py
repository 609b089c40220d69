"""The console's frame: who gets in, forms that happen once, refusals as sentences, the floor in one look."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from console_hall import ACCOUNTS, Console, console_of, words

from hall_server.trust.roles import PAGES
from hall_server.web.console.pages.routes import ROOMS

LANGUAGES = {"zh-CN": "现场", "zh-TW": "現場", "en-GB": "Floor"}


def pages_of(method: str) -> list[str]:
    return [path for (one, path) in PAGES if one == method and "sign-in" not in path and "files" not in path]


def test_the_table_and_the_routes_are_the_same() -> None:
    """A page without a row is open to nobody, a row without a page is a mistake (reliability.md S4)."""
    routes = {
        (method, template)
        for room in ROOMS
        for route in room.ROUTES
        for template in route.paths
        for method in route.http_methods - {"HEAD", "OPTIONS"}
    }
    told = {(method, path.replace(":str", "")) for method, path in routes}
    assert told | {("GET", "/console/files/{name}")} == set(PAGES)


def test_every_page_is_for_those_in_its_row_and_for_nobody_else(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            for path in pages_of("GET"):
                asked = path.replace("{id}", "X1").replace("{n}", "3")
                away = await console.open(asked, None)
                assert (away.status, "sign-in" in away.headers["location"]) == (303, True), path
                for role in ACCOUNTS:
                    answer = await console.open(asked, role)
                    allowed = role in PAGES["GET", path]
                    assert (answer.status != 403) == allowed, (path, role, answer)
                    assert answer.status < 500, (path, role, answer)

    asyncio.run(story())


def test_every_form_is_for_those_in_its_row_and_changes_nothing_for_others(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            before = console.doors.hall.seq
            for path in pages_of("POST"):
                asked = path.replace("{id}", "X1").replace("{n}", "3")
                assert (await console.send(asked, {}, None)).status == 303, path
                for role in ACCOUNTS:
                    strange = await console.send(asked, {}, role, origin="http://evil.test")
                    assert strange.status == 403, (path, role)
                    if role not in PAGES["POST", path]:
                        assert (await console.send(asked, {}, role)).status == 403, (path, role)
            assert console.doors.hall.seq == before

    asyncio.run(story())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_floor_is_whole_in_every_language(county: Path, language: str) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            await console.doors.take()
            answer = await console.open("/console/floor", language=language)
            shown = words(answer)
            assert LANGUAGES[language] in shown
            assert "{" not in shown
            assert "console." not in shown
            assert answer.headers["content-security-policy"].startswith("default-src 'none'")
            assert "style=" not in answer.body.decode(), "no style in the page: the policy forbids it"
            part = await console.open("/console/floor/now", language=language)
            assert "<html" not in part.body.decode()

    asyncio.run(story())


def test_a_notice_is_posted_once_however_often_the_form_is_sent(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            fields = {"text-zh-Hans": "今天下午停电检修", "hours": "4"}
            for _ in range(2):
                answer = await console.send("/console/floor/notices", fields, key="the-same-form")
                assert (answer.status, answer.headers["location"]) == (303, "/console/floor?said=posted")
            assert len(console.doors.hall.notices) == 1
            shown = words(await console.open("/console/floor?said=posted"))
            assert "今天下午停电检修" in shown
            assert "通知已发布" in shown
            (ident,) = console.doors.hall.notices
            await console.send(f"/console/floor/notices/{ident}/remove")
            assert not console.doors.hall.notices
            again = await console.send(f"/console/floor/notices/{ident}/remove")
            assert again.status == 404
            assert "{" not in words(again)

    asyncio.run(story())


@pytest.mark.parametrize(("hours", "status"), [("", 400), ("0", 400), ("241", 400), ("a", 400), ("-1", 400)])
def test_a_wrong_form_is_a_sentence_and_changes_nothing(county: Path, hours: str, status: int) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            answer = await console.send("/console/floor/notices", {"text-zh-Hans": "x", "hours": hours})
            assert answer.status == status
            assert "这一步没有做成" in words(answer)
            assert not console.doors.hall.notices

    asyncio.run(story())


def test_an_evacuation_takes_two_steps_and_ends_with_one(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            first = await console.open("/console/floor")
            assert "exit-main" in first.body.decode()
            await console.send("/console/floor/evacuation", {"exit-main": "left"})
            assert console.doors.hall.evacuation is not None
            assert "正在疏散" in words(await console.open("/console/floor"))
            await console.send("/console/floor/evacuation/end")
            assert console.doors.hall.evacuation is None
            wrong = await console.send("/console/floor/evacuation", {"exit-main": "up"})
            assert wrong.status == 400

    asyncio.run(story())


def test_signing_in_and_out(county: Path) -> None:
    """S1, S5, S6: no known password; what is wrong is not said; the session ends at once."""

    async def story() -> None:
        async with console_of(county) as console:
            await set_password(console, "manager-t", "a long pass phrase")
            wrong = await console.send("/console/sign-in", {"name": "manager-t", "password": "123456"}, None)
            nobody = await console.send("/console/sign-in", {"name": "admin", "password": "admin"}, None)
            assert (wrong.status, nobody.status) == (401, 401)
            assert "set-cookie" not in wrong.headers
            right = {"name": "manager-t", "password": "a long pass phrase", "next": "//evil.test"}
            answer = await console.send("/console/sign-in", right, None)
            assert (answer.status, answer.headers["location"]) == (303, "/console")
            cookie = answer.headers["set-cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=strict" in cookie
            console.doors.tokens["fresh"] = cookie.partition("=")[2].partition(";")[0]
            assert (await console.open("/console/floor", "fresh")).status == 200
            await console.send("/console/sign-out", who="fresh")
            assert (await console.open("/console/floor", "fresh")).status == 303

    asyncio.run(story())


async def set_password(console: Console, name: str, password: str) -> None:
    from hall_server.office import Office, perform

    house = console.doors.house
    office = Office(house.data, house.engine, house.credentials, house.pins, house.passwords)
    await perform(office, "account_set_password", {"name": name, "password": password})


def test_files_are_ours_and_kept_for_ever(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            for name in ("console.css", "console.js", "htmx.min.js"):
                answer = await console.open(f"/console/files/{name}", None)
                assert (answer.status, "immutable" in answer.headers["cache-control"]) == (200, True)
            assert (await console.open("/console/files/../frame.py", None)).status == 404

    asyncio.run(story())
