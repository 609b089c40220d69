"""The page a receipt's QR opens, and the case part of a ticket's page."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from page_hall import page_hall

from hall_protocol.pictures.matters import CasePause, CaseStatus
from hall_server.core.matters import case_commands as acts
from hall_server.personal.vault import Visitor
from hall_server.web.public.case_face import case_face
from hall_server.web.public.words import Speech


def status(**more: object) -> CaseStatus:
    """A case on its way."""
    known: dict[str, object] = {
        "no": "20261124-0001", "service": "S1", "service_name": "门诊费用报销", "department": "县医疗保障局",
        "form": "reception", "applicant": "张*", "state": "accepted", "step": None,
        "received_at": "2026-11-24T10:00:00.000+08:00", "accepted_on": "2026-11-24",
        "promised_due": "2026-12-22T16:30:00.000+08:00", "statutory_due": "2027-01-06T16:30:00.000+08:00",
        "provisional": True, "clock": "running", "stopped_since": None, "light": "green", "warning": False,
        "working_days_left": 20, "pauses": [], "missing": [], "supplement_until": None, "decided_at": None,
        "outcome": None, "promised_days": 20, "statutory_days": 30, "day_unit": "working_day", "trail": [],
    }  # fmt: skip
    return CaseStatus(**{**known, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_every_state_light_and_stop_has_its_words(language: str) -> None:
    """A light is never colour alone: each has its word, in every language."""
    speech = Speech(language)  # type: ignore[arg-type]
    for state in ("received", "supplementing", "accepted", "paused", "reported_up", "decided", "delivered",
                  "withdrawn", "not_accepted", "void"):  # fmt: skip
        assert case_face(status(state=state), speech).state
    for reason in acts.PAUSE_REASONS:
        stop = CasePause(from_="2026-11-25", to=None, reason_code=reason)
        face = case_face(status(pauses=[stop], clock="stopped", promised_due=None, working_days_left=None), speech)
        assert (face.lamp, face.facts[-1][1]) == ("stopped", speech.say(f"case.pause.{reason}"))
    words = {
        case_face(status(light=light, warning=warning, working_days_left=left), speech).word
        for light, warning, left in (
            ("green", False, 9), ("yellow", True, 1), ("yellow", True, 0), ("yellow", False, -1), ("yellow", False, 0),
            ("red", False, -3), ("red", False, 0),
        )
    }  # fmt: skip
    assert len(words) == 7, "seven situations, seven words"


def test_dates_are_said_with_their_closing_time_what_is_left_and_whether_they_may_move() -> None:
    """2.3: 暂定 wherever such a date is shown."""
    facts = dict(case_face(status(), Speech("zh-Hans")).facts)
    assert facts["承诺办结日期"] == "12月22日 16:30 前 · 还有 20 个工作日 · 暂定"
    assert facts["法定办结日期"] == "1月6日 16:30 前 · 暂定"
    none = dict(case_face(status(statutory_days=None, statutory_due=None), Speech("zh-Hans")).facts)
    assert none["法定办结日期"] == "这个事项没有法定时限", "A4d: an item without a statutory limit says so"


def test_the_receipts_code_opens_the_page_and_nothing_else_does(county: Path) -> None:
    """A3b: the receipt's QR opens the status page, masked, without a login."""

    async def story() -> None:
        async with page_hall(county) as hall:
            engine, house = hall.house.engine, hall.house
            service = next(s.service for s in hall.house.engine.hall.services.values() if s.materials)
            made = await engine.submit(
                acts.ReceiveCase(service=service, accept=True), engine.stamp("clerk:0312", clerk="0312", counter="3")
            )
            no = made.events[0].case  # type: ignore[attr-defined]
            await house.keep(f"case:{no}", Visitor(name="欧阳标记甲", phone="13977770001"))
            path = re.sub(r"^https?://[^/]+", "", house.eyes.case_url_of(no))
            page = await hall.outside.get(path)
            assert page.status_code == 200
            for shown in (no, "欧*", "承诺办结日期", "法定办结日期", "现在到这一步"):
                assert shown in page.text
            for hidden in ("欧阳标记甲", "13977770001", "0312", house.eyes.check_code_of(no)):
                assert hidden not in page.text
            assert "Content-Security-Policy" in page.headers
            assert len(page.content) < 60_000
            english = await hall.outside.get(f"{path}?lang=en")
            assert "Promised by" in english.text
            wrong = await hall.outside.get(path[:-2] + ("AA" if path[-2:] != "AA" else "BB"))
            assert wrong.status_code == 404
            assert no not in wrong.text

    asyncio.run(story())


def test_a_tickets_page_shows_its_case(county: Path) -> None:
    """Phone page, finished: then the case with light, promised date, statutory date and steps."""

    async def story() -> None:
        async with page_hall(county) as hall:
            ticket, url = await hall.take()
            path = re.sub(r"^https?://[^/]+", "", url)
            engine = hall.house.engine
            service = next(s.service for s in engine.hall.services.values() if s.materials)
            await engine.submit(
                acts.ReceiveCase(service=service, accept=True, ticket=ticket["id"]),
                engine.stamp("clerk:0312", clerk="0312", counter="3"),
            )
            page = await hall.outside.get(path)
            assert "承诺办结日期" in page.text
            assert "按时" in page.text

    asyncio.run(story())
