"""A case of the counter from Ctrl+K to its delivery: what may be done, what is sent, what is printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import counter_scenes as scenes
import pytest
from counter_window import CounterWindow

from counter_client.cases import light_of
from hall_client.drive import press
from hall_protocol.pictures.matters import CaseBrief, CaseColumn

NO = "20261124-0031"


@pytest.fixture(scope="module")
def window() -> Iterator[CounterWindow]:
    made = CounterWindow()
    yield made
    made.close()


def listed(**changes: Any) -> dict[str, Any]:
    fields = {"no": NO, "service": "YB-01", "service_name": "门诊费用报销", "clock": "running", "light": "green"}
    brief = CaseBrief(**({"state": "accepted", "promised_due": scenes.at("16:30"), "working_days_left": 5} | fields))
    return scenes.serving(cases=CaseColumn(cases=[brief], total=1)) | changes


def whole(state: str, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"no": NO, "service": "YB-01", "service_name": "门诊费用报销", "state": state}
    fields |= {"clock": "running", "light": "green", "documents": ["身份证"], "missing": []}
    return (
        fields
        | {"received_at": scenes.at("10:00"), "promised_due": scenes.at("16:30"), "statutory_due": None}
        | changes
    )


def opened(window: CounterWindow, case: dict[str, Any]) -> None:
    """The question of the case by keys alone, with the hall's answer to what it asks."""
    window.show(listed())
    window.screen.casework._cases.clear()
    window.screen.casework._looked.clear()
    press(window.window, "Ctrl+K")
    window.screen.ask.typed("0031")
    press(window.window, "Return")
    assert window.screen.ask.dialogs.kind == "case"
    answer(window, f"/cases/{NO}", case)
    preview = {"service": "YB-01", "materials": ["身份证", "发票"], "may_decide": False, "seal_needed": False}
    answer(window, "/cases/preview?service=YB-01", preview)
    window.screen.refresh()


def answer(window: CounterWindow, path: str, body: dict[str, Any]) -> None:
    for one in [one for one in window.hall.sent if one.path == path]:
        one.answer(200, body)
        window.screen.refresh()


def may(window: CounterWindow) -> dict[str, bool]:
    sheet = window.screen.ask.dialogs.sheet(window.picture or {}, now=window.hall.time)
    assert sheet is not None
    return {choice.code: choice.why is None for choice in sheet.choices}


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        ("received", {"case_accept", "case_notice", "case_withdraw"}),
        ("supplementing", {"case_accept", "case_withdraw"}),
        ("accepted", {"case_decide", "case_withdraw"}),
        ("paused", {"case_withdraw"}),
        ("decided", {"case_deliver"}),
        ("delivered", set()),
    ],
)
def test_what_may_not_be_done_says_why_before_it_is_tried(window: CounterWindow, state: str, acts: set[str]):
    opened(window, whole(state))
    assert {act for act, can in may(window).items() if can} == acts


def test_the_notice_names_everything_that_is_missing_and_asks_once(window: CounterWindow):
    opened(window, whole("received"))
    press(window.window, "2")
    assert window.screen.ask.dialogs.kind == "case_notice"
    press(window.window, "Return")
    assert (window.hall.sent[-1].path, window.hall.sent[-1].body) == (f"/cases/{NO}/supplement", {"missing": ["发票"]})


def test_without_the_power_only_the_departments_decision_may_be_typed_in(window: CounterWindow):
    opened(window, whole("accepted"))
    press(window.window, "3")
    assert may(window) == {
        "granted:counter": False,
        "denied:counter": False,
        "granted:department": True,
        "denied:department": True,
    }
    press(window.window, "3")
    press(window.window, "Return")
    assert window.hall.sent[-1].path == f"/cases/{NO}/decide"
    assert window.hall.sent[-1].body == {"outcome": "granted", "place": "department"}


def test_lights_are_the_halls():
    assert light_of({"clock": "stopped", "light": "green"})[0] == "paused"
    assert light_of({"clock": "ended", "light": "red"})[0] == ""
    assert light_of({"clock": "running", "light": "nonsense"})[0] == "unknown"
