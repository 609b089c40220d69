"""月报: the month, what is behind each figure, every question as page and file, in three languages."""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from pathlib import Path

import pytest
from console_hall import console_of, words

from hall_server.reports.indicators import CODE_NAMES
from hall_server.reports.questions import QUESTIONS

MONTH = "2026-11"


def test_a_month_shows_its_seven_figures_and_each_opens_what_it_is_made_of(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            shown = words(await console.open(f"/console/bulletin?month={MONTH}"))
            assert "96.00 %" in shown
            assert "72 / 75" in shown
            assert "(" not in shown.partition("目录齐全率")[2][:20], "pairs are words, not tuples"
            for name in CODE_NAMES:
                page = await console.open(f"/console/bulletin/members/{name}?month={MONTH}&by=hall&key=hall")
                assert page.status == 200, name
            items = await console.open(f"/console/bulletin/members/authorisation_rate?month={MONTH}")
            assert words(items).count("catalogue_changed") == 75
            for by in ("department", "counter", "clerk", "site"):
                assert (await console.open(f"/console/bulletin?month={MONTH}&by={by}")).status == 200
            assert (await console.open("/console/bulletin?month=2026-13")).status == 400
            assert (await console.open("/console/bulletin?by=nobody")).status == 400

    asyncio.run(story())


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en-GB"])
def test_every_question_is_a_page_in_words(county: Path, language: str) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            await console.doors.served()
            for name in QUESTIONS:
                page = await console.open(
                    f"/console/bulletin/{name}?first=2026-11-01&last=2026-11-30", language=language
                )
                shown = words(page)
                assert page.status == 200, name
                assert "report." not in shown.partition("SELECT")[0], name
                assert "console." not in shown, name
            assert (await console.open("/console/bulletin/nothing")).status == 404

    asyncio.run(story())


def test_an_answer_sorts_filters_and_leaves_as_a_file(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            for _ in range(3):
                await console.doors.served()
            asked = "first=2026-11-01&last=2026-11-30"
            page = await console.open(f"/console/bulletin/times_by_line?{asked}&sort=served&down=1")
            assert 'aria-sort="descending"' in page.body.decode()
            assert (await console.open(f"/console/bulletin/times_by_line?{asked}&sort=nothing")).status == 400
            assert "没有记录" in words(await console.open(f"/console/bulletin/times_by_line?{asked}&find=zzz"))
            file = await console.open(f"/console/bulletin/times_by_line/file?{asked}&format=csv")
            assert file.headers["content-disposition"] == 'attachment; filename="times_by_line.csv"'
            rows = list(csv.reader(io.StringIO(file.body.decode("utf-8-sig"))))
            assert rows[0][:2] == ["队列", "办理人数"]
            assert rows[1][:2] == ["A", "3"]
            book = await console.open(f"/console/bulletin/times_by_line/file?{asked}&format=xlsx")
            assert zipfile.ZipFile(io.BytesIO(book.body)).testzip() is None
            paper = await console.open(f"/console/bulletin/cases_open/file?{asked}&format=pdf")
            assert paper.body.startswith(b"%PDF")
            assert (await console.open(f"/console/bulletin/cases_open/file?{asked}&format=exe")).status == 400

    asyncio.run(story())


@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "pdf"])
def test_the_bulletin_is_a_file_like_the_command_writes(county: Path, format: str) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            file = await console.open(f"/console/bulletin/file?month={MONTH}&format={format}", "supervisor")
            assert file.status == 200
            assert f"bulletin-{MONTH}.{format}" in file.headers["content-disposition"]
            assert file.headers["x-content-type-options"] == "nosniff"

    asyncio.run(story())


def test_an_item_without_a_counter_is_on_the_list_the_same_day(county: Path) -> None:
    """A5e: what the departments have not moved into the hall."""

    async def story() -> None:
        async with console_of(county) as console:
            hall = console.doors.hall
            line = next(name for name in hall.lines if len(hall.counters_of_line(name)) == 1)
            item = next(s for s in hall.services.values() if s.line == line and s.state == "in_use")
            path = "/console/bulletin/not_in_the_hall?first=2026-11-01&last=2026-11-30"
            assert item.service not in words(await console.open(path))
            (counter,) = hall.counters_of_line(line)
            kept = [name for name in hall.counters[counter].lines if name != line]
            body = {"lines": kept}
            changed = await console.doors.ask("PUT", f"/api/v1/counters/{counter}/lines", "manager", body)
            assert changed.status == 200
            assert item.service in words(await console.open(path))

    asyncio.run(story())
