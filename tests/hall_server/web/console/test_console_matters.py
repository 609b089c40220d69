"""时限 首问 评价 投诉: lists, one matter whole, and its steps from the browser; misconduct is the auditor's alone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from console_hall import Console, console_of, words

API = "/api/v1"


async def bad_rating(console: Console) -> str:
    """A served visitor was very dissatisfied; the loop's number."""
    doors = console.doors
    ended = await doors.served()
    asked = ended["rating_request"]["id"]
    body = {"request": asked, "nonce": doors.house.eyes.nonce_of(asked), "level": 1, "comment": "等了两个小时"}
    await doors.happy("POST", f"{API}/ratings", "keypad", body)
    (loop,) = doors.hall.bad_ratings
    return str(loop)


async def case(console: Console) -> dict[str, Any]:
    service = next(s.service for s in console.doors.hall.services.values() if s.handling == "committed")
    body = {"service": service, "accept": True, "applicant": {"name": "标记甲", "phone": "13900000001"}}
    made: dict[str, Any] = await console.doors.happy("POST", f"{API}/cases", "clerk", body)
    return made


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en-GB"])
def test_every_list_and_every_matter_is_in_words(county: Path, language: str) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            loop, made = await bad_rating(console), await case(console)
            doors = console.doors
            body = {
                "matter": "问医保报销",
                "belongs_to": "counter",
                "visitor": {"name": "标记甲", "phone": "13900000001"},
            }
            asked = await doors.happy("POST", f"{API}/inquiries", "clerk", body)
            told = await doors.happy("POST", f"{API}/complaints", "kiosk", {"category": "attitude", "text": "态度不好"})
            book = await doors.happy("POST", f"{API}/messages", "kiosk", {"text": "希望增加座椅", "publish": True})
            pages = ["limits", "inquiries", "ratings", "complaints", f"limits/{made['no']}", f"inquiries/{asked['id']}",
                     f"ratings/{loop}", f"complaints/{told['no']}", f"messages/{book['no']}"]  # fmt: skip
            for path in pages:
                answer = await console.open(f"/console/{path}", language=language)
                shown = words(answer)
                assert answer.status == 200, (path, shown)
                assert "console." not in shown, path
                assert "{" not in shown, path
                assert "标记甲" not in shown, path
                assert "13900000001" not in shown, path

    asyncio.run(story())


def test_a_bad_rating_is_seen_through_to_its_end(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            loop = await bad_rating(console)
            assert "等了两个小时" in words(await console.open(f"/console/ratings/{loop}"))
            early = await console.send(f"/console/ratings/{loop}/close")
            assert early.status == 409
            for step, fields in (
                ("verify", {"finding": "clear", "text": "当日排队确实过长"}),
                ("put_right", {"text": "下午增开一个窗口"}),
                ("close", {}),
            ):
                done = await console.send(f"/console/ratings/{loop}/{step}", fields)
                assert done.status == 303, (step, words(done))
            shown = words(await console.open(f"/console/ratings/{loop}"))
            assert "下午增开一个窗口" in shown
            assert console.doors.hall.bad_ratings[loop].state == "closed"
            assert (await console.send(f"/console/ratings/{loop}/nothing")).status == 404
            wrong = await console.send(f"/console/ratings/{loop}/verify", {"finding": "maybe"})
            assert wrong.status == 400
            rows = [row for row in console.doors.engine.journal.replay(0) if "增开".encode() in row.data]
            assert not rows, "words are in the vault"

    asyncio.run(story())


def test_misconduct_is_not_there_for_anybody_but_the_auditor(county: Path) -> None:
    """A11a."""

    async def story() -> None:
        async with console_of(county) as console:
            body = {"category": "shirking", "text": "被推来推去"}
            told = await console.doors.happy("POST", f"{API}/complaints", "kiosk", body)
            path = f"/console/complaints/{told['no']}"
            assert (await console.open(path)).status == 404
            assert told["no"] not in words(await console.open("/console/complaints"))
            assert "被推来推去" in words(await console.open(path, "auditor"))
            assert (await console.send(f"{path}/release")).status == 403
            assert (await console.send(f"{path}/release", who="auditor")).status == 303
            assert (await console.open(path)).status == 200

    asyncio.run(story())


def test_a_message_is_answered_and_published_when_both_agree(county: Path) -> None:
    """A13d."""

    async def story() -> None:
        async with console_of(county) as console:
            told = await console.doors.happy(
                "POST", f"{API}/messages", "kiosk", {"text": "想要饮水机", "publish": True}
            )
            path = f"/console/messages/{told['no']}"
            done = await console.send(f"{path}/reply", {"text": "下周安装", "publish": "yes"})
            assert done.status == 303
            published = await console.doors.ask("GET", f"{API}/messages", "anyone", key="")
            assert "下周安装" in published.body.decode()
            assert "下周安装" in words(await console.open(path))

    asyncio.run(story())
