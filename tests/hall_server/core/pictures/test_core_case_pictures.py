"""Cases on screens: the board's rows and lights, the ticket's page, the counter's list, alerts of cards."""

from __future__ import annotations

import msgspec
import pytest
from case_material import FIVE, LICENCE, SPOT, STEPS, TEN, CaseScene, at

from hall_protocol.codec import plain
from hall_protocol.pictures.matters import BoardRow, BoardTotals
from hall_server.core.matters import case_commands as acts
from hall_server.core.matters.case import Case
from hall_server.core.pictures import alerts as alert_picture
from hall_server.core.pictures.board import (
    ROWS_KEPT_MS,
    WALL_SHOWN,
    board_rows,
    board_totals,
    every_row,
    lit,
    wall_rows,
)
from hall_server.core.pictures.case import case_view, counter_column, preview, status_view
from hall_server.core.pictures.counter import counter_picture
from hall_server.core.pictures.manager import manager_picture
from hall_server.core.pictures.sight import Sight
from hall_server.core.pictures.ticket import ticket_picture
from hall_server.core.pictures.wall import wall_picture

NAMES = {"20261009-0001": "张*", "20261009-0002": "县水务公司"}


@pytest.fixture
def hall() -> CaseScene:
    return CaseScene()


def sight(hall: CaseScene) -> Sight:
    return Sight(
        now=hall.now, estimates={}, coverage={}, devices={}, url_of=str, nonce_of=str, words_of=lambda _: None,
        ticket_estimate=lambda _: None, masked_of=NAMES.get,
    )  # fmt: skip


def rows(hall: CaseScene) -> list[BoardRow]:
    return every_row(hall.hall, sight(hall))


def row_of(hall: CaseScene, case: Case) -> BoardRow:
    return next(row for row in rows(hall) if row.no == case.no)


def test_the_board_shows_number_item_step_light_date_and_days(hall: CaseScene) -> None:
    """A4f: number, masked applicant, item, step, light, promised date, remaining days."""
    case = hall.accepted(FIVE, show_name=True)
    row = row_of(hall, case)
    assert (row.no, row.applicant, row.service, row.service_name) == (case.no, "张*", FIVE, "五日")
    assert (row.step, row.light, row.clock, row.working_days_left) == ("accepted", "green", "running", 5)
    assert row.promised_due == "2026-10-15T16:30:00.000+08:00"
    hall.pass_to("2026-10-15T10:00")
    assert (row_of(hall, case).working_days_left, row_of(hall, case).light, row_of(hall, case).warning) == (
        0, "yellow", True,
    )  # fmt: skip
    hall.pass_to("2026-10-19T10:00")
    assert (row_of(hall, case).working_days_left, row_of(hall, case).warning) == (-2, False)


def test_without_consent_a_case_stands_there_by_its_number_only(hall: CaseScene) -> None:
    """A4f: a case without consent to be shown appears by number only."""
    hall.accepted(FIVE)
    (row,) = rows(hall)
    assert row.applicant is None
    assert "applicant" not in plain(row)


def test_a_stopped_clock_has_no_days_and_a_decided_case_shows_its_step(hall: CaseScene) -> None:
    paused, decided = hall.accepted(TEN), hall.receive(SPOT, decision=hall.granted())
    hall.pause(paused)
    row = row_of(hall, paused)
    assert (row.clock, row.working_days_left, row.promised_due, row.step) == ("stopped", None, None, "paused")
    row = row_of(hall, decided)
    assert (row.clock, row.step, row.light, row.working_days_left) == ("ended", "decided", "green", None)
    hall.pass_to("2026-10-12T09:00")
    assert decided.no not in {row.no for row in rows(hall)}, "of yesterday"
    assert paused.no in {row.no for row in rows(hall)}


def test_the_worst_come_first_and_the_totals_count_every_light(hall: CaseScene) -> None:
    made = {"red": hall.accepted(FIVE)}
    hall.pass_to("2026-10-12T09:30")
    made["yellow"] = hall.accepted(FIVE)
    hall.pass_to("2026-10-20T16:40")
    made["green"] = hall.accepted(TEN)
    made["stopped"] = hall.accepted(TEN)
    hall.pause(made["stopped"])
    hall.receive(SPOT, decision=hall.granted())
    assert [row.no for row in rows(hall)][:4] == [case.no for case in made.values()]
    assert board_totals(hall.hall, sight(hall)) == BoardTotals(green=1, yellow=1, red=1, stopped=1)


def test_what_is_kept_between_two_looks_is_what_is_made_anew(hall: CaseScene) -> None:
    """The board is kept until a light changes: never a second longer."""
    for n in range(70):
        hall.accepted((FIVE, TEN, STEPS)[n % 3])
        hall.later(minutes=3)
    for clock in (
        "2026-10-14T08:59:59", "2026-10-14T09:00", "2026-10-15T16:29:59", "2026-10-15T16:30", "2026-10-16T00:00",
        "2026-10-20T16:30", "2026-10-22T16:30",
    ):  # fmt: skip
        hall.now = at(clock)
        kept = lit(hall.hall, hall.now)
        assert [c.no for c in kept.first] == [row.no for row in rows(hall)][:WALL_SHOWN], clock
        hall.tick()
        kept = lit(hall.hall, hall.now)
        assert [c.no for c in kept.first] == [row.no for row in rows(hall)][:WALL_SHOWN], clock
        lights = [row.light for row in rows(hall)]
        assert (kept.totals.green, kept.totals.yellow, kept.totals.red) == tuple(
            lights.count(light) for light in ("green", "yellow", "red")
        ), clock


def test_who_asks_often_gets_a_board_of_two_seconds_at_most(hall: CaseScene) -> None:
    """10,000 rows cost a tenth of a second: they are made again with a change, or when they are two seconds old."""
    case = hall.accepted(FIVE)
    hall.pass_to("2026-10-14T08:59:59")
    first = board_rows(hall.hall, sight(hall))
    hall.now += ROWS_KEPT_MS - 1
    assert board_rows(hall.hall, sight(hall)) is first
    hall.now += 1
    assert board_rows(hall.hall, sight(hall))[0].warning, "the light changed meanwhile"
    hall.decide(case)
    assert board_rows(hall.hall, sight(hall))[0].state == "decided", "a change is shown at once"


def test_walls_have_the_board(hall: CaseScene) -> None:
    case = hall.accepted(FIVE, show_name=True)
    picture = wall_picture(hall.hall, sight(hall), "main")
    assert picture.board == wall_rows(hall.hall, sight(hall))
    assert picture.board[0]["no"] == case.no
    assert picture.board_totals == BoardTotals(green=1)


def test_a_ticket_shows_the_cases_it_began_with(hall: CaseScene) -> None:
    """The phone page's case part: light, dates, steps, and the reason of any stop; no clerk and no notice's number."""
    ticket = hall.take("A")
    case = hall.accepted(TEN, ticket=ticket.number)
    assert case.ticket == ticket.id
    hall.pause(case)
    picture = ticket_picture(hall.hall, sight(hall), ticket.id)
    assert picture is not None
    (status,) = picture.cases
    assert (status.no, status.clock, status.stopped_since) == (case.no, "stopped", "2026-10-09")
    assert (status.pauses[0].reason_code, status.pauses[0].notice_no) == ("expert_review", None)
    shown = str(msgspec.to_builtins(status))
    assert "0301" not in shown
    assert "〔2026〕" not in shown


def test_a_case_says_where_it_is_on_its_way(hall: CaseScene) -> None:
    """A1c, A4e: the steps of the guide, those before acceptance and after the decision by themselves."""
    case = hall.receive(STEPS)

    def now() -> tuple[str | None, list[str]]:
        view = case_view(hall.hall, case, hall.now)
        return view.step, [step.state for step in view.trail]

    assert now() == ("收件", ["now", *["to_come"] * 5])
    hall.do(acts.AcceptCase(case=case.no))
    assert now() == ("受理", ["done", "now", *["to_come"] * 4])
    hall.do(acts.StepCase(case=case.no, step="专家评审"))
    assert now() == ("专家评审", ["done"] * 3 + ["now"] + ["to_come"] * 2)
    hall.decide(case)
    assert now() == ("送达", ["done"] * 5 + ["now"])
    hall.do(acts.DeliverCase(case=case.no))
    assert now() == (None, ["done"] * 6)


def test_an_item_without_steps_has_the_plain_way(hall: CaseScene) -> None:
    case = hall.accepted(FIVE)
    view = status_view(hall.hall, case, hall.now, applicant=None)
    assert [(s.code, s.state) for s in view.trail] == [
        ("received", "done"), ("accepted", "done"), ("reviewing", "now"), ("decided", "to_come"),
        ("delivered", "to_come"),
    ]  # fmt: skip
    hall.do(acts.WithdrawCase(case=case.no, reason="applicant_asked"))
    assert "now" not in {s.state for s in status_view(hall.hall, case, hall.now, applicant=None).trail}


def test_a_decision_says_until_when_it_is_to_be_delivered(hall: CaseScene) -> None:
    """Law 44: ten working days."""
    case = hall.receive(SPOT, decision=hall.granted())
    assert case_view(hall.hall, case, hall.now).deliver_due == "2026-10-22T16:30:00.000+08:00"
    hall.do(acts.DeliverCase(case=case.no))
    assert case_view(hall.hall, case, hall.now).deliver_due is None


def test_the_form_shows_both_dates_before_anything_is_received(hall: CaseScene) -> None:
    """Acceptance form: computed dates, and 当场办结 only if this clerk holds the power."""
    seen = preview(hall.hall, hall.hall.services[TEN], hall.stamp())
    case = hall.accepted(TEN)
    view = case_view(hall.hall, case, hall.now)
    assert (seen.promised_due, seen.statutory_due) == (view.promised_due, view.statutory_due)
    assert (seen.may_decide, seen.seal_needed, seen.materials) == (True, False, ["申请表", "身份证", "照片"])
    licence = preview(hall.hall, hall.hall.services[LICENCE], hall.stamp())
    assert (licence.may_decide, licence.seal_needed) == (False, True)
    hall.by("0388", "3")
    assert preview(hall.hall, hall.hall.services[LICENCE], hall.stamp()).may_decide


def test_a_counter_sees_its_own_cases_worst_first(hall: CaseScene) -> None:
    late = hall.accepted(FIVE)
    hall.pass_to("2026-10-16T09:00")
    fresh = hall.accepted(TEN)
    hall.by("0302", "2")
    other = hall.accepted(TEN)
    column = counter_column(hall.hall, "1", hall.now)
    assert column is not None
    assert ([c.no for c in column.cases], column.total) == ([late.no, fresh.no], 2)
    picture = counter_picture(hall.hall, sight(hall), "2")
    assert picture is not None
    assert picture.cases is not None
    assert [c.no for c in picture.cases.cases] == [other.no]
    assert counter_column(hall.hall, "3", hall.now) is None


def test_cards_and_a_missing_calendar_are_alerts(hall: CaseScene) -> None:
    """2.3: the manager is warned from 1 November while next year's notice is missing; a card names its case."""
    case = hall.accepted(FIVE)
    hall.pass_to("2026-10-16T09:00")
    (alert,) = alert_picture.standing_cards(hall.hall)
    assert (alert.level, alert.code, alert.values["case"]) == ("yellow", "card_yellow", case.no)
    assert alert.since == "2026-10-15T16:30:00.000+08:00"
    assert alert_picture.calendar_troubles(hall.hall, sight(hall)) == []
    hall.pass_to("2026-10-31T23:59")
    assert alert_picture.calendar_troubles(hall.hall, sight(hall)) == []
    hall.pass_to("2026-11-01T00:00")
    (missing,) = alert_picture.calendar_troubles(hall.hall, sight(hall))
    assert (missing.code, missing.values) == ("calendar_missing", {"year": "2027"})
    assert missing.id in {a.id for a in manager_picture(hall.hall, sight(hall)).alerts}
    hall.decide(case)
    assert alert_picture.standing_cards(hall.hall) == [], "the card stays in the register, the case is decided"


def test_decisions_nobody_delivered_are_an_alert(hall: CaseScene) -> None:
    """2.4: ten working days from the decision to its delivery."""
    case = hall.receive(SPOT, decision=hall.granted())
    hall.pass_to("2026-10-22T16:30")
    assert alert_picture.late_deliveries(hall.hall, sight(hall)) == []
    hall.pass_to("2026-10-22T16:30:01")
    (alert,) = alert_picture.late_deliveries(hall.hall, sight(hall))
    assert (alert.code, alert.values) == ("delivery_late", {"n": "1", "case": case.no})
    hall.do(acts.DeliverCase(case=case.no))
    assert alert_picture.late_deliveries(hall.hall, sight(hall)) == []


def test_many_cards_become_one_alert_more(hall: CaseScene) -> None:
    for _ in range(alert_picture.CARDS_SHOWN + 5):
        hall.accepted(FIVE)
    hall.pass_to("2026-10-15T16:30")
    found = alert_picture.standing_cards(hall.hall)
    assert len(found) == alert_picture.CARDS_SHOWN + 1
    assert (found[-1].code, found[-1].values) == ("cards_more", {"n": "5"})
