"""The life of a case: what may happen when, what is refused with which code, and that a refusal changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from case_material import FIVE, ITEMS, LANDS, LICENCE, PLAIN, SPOT, STEPS, TEN, WORKS, CaseScene, at

from hall_server.core.hall import as_values
from hall_server.core.matters import case_commands as acts
from hall_server.core.matters.case_events import CaseAccepted, CaseDecided, CaseSupplementAsked
from hall_server.core.oversight.authorisation import GrantLetter, Letter, RevokeLetter
from hall_server.core.places.catalogue import Service, TakeOver


@pytest.fixture
def hall() -> CaseScene:
    return CaseScene()


# ---------------------------------------------------------------- receipt and acceptance


def test_numbers_run_with_the_day_and_are_given_out_once(hall: CaseScene) -> None:
    """A3b: a case has a number of its own."""
    first, second = hall.receive(), hall.receive(TEN)
    assert (first.no, second.no) == ("20261009-0001", "20261009-0002")
    hall.pass_to("2026-10-12T09:00")
    assert hall.receive().no == "20261012-0001"
    hall.check()


def test_both_dates_are_promised_at_acceptance(hall: CaseScene) -> None:
    """A3c: both clocks start with the day after acceptance and end at closing time."""
    case = hall.accepted(TEN, documents=("申请表", "身份证", "照片"))
    assert (case.state, case.accepted_on, case.clock) == ("accepted", "2026-10-09", "running")
    assert (case.promised_due, case.statutory_due) == (at("2026-10-22T16:30"), at("2026-10-26T16:30"))
    assert not case.provisional
    hall.check()


def test_a_case_keeps_the_limits_it_began_under(hall: CaseScene) -> None:
    """A1a, A4e: change or suspend the item: open cases keep their limits, steps and documents."""
    old = hall.receive(TEN)
    changed = next(s for s in ITEMS if s.service == TEN)
    hall.do(TakeOver(services=(Service(**{**{f: getattr(changed, f) for f in changed.__struct_fields__},
                                          "promised_days": 3, "materials": ()}),)))  # fmt: skip
    assert (old.promised_days, hall.receive(TEN).promised_days) == (10, 3)
    assert [len(row.materials) for row in hall.hall.editions[TEN]] == [3, 0]
    hall.do(acts.AcceptCase(case=old.no))
    assert old.promised_due == at("2026-10-22T16:30")
    hall.do(TakeOver(services=(Service(service=TEN, name="十日事项", department=WORKS, line="A", state="suspended"),)))
    assert hall.refusal(acts.ReceiveCase(service=TEN)) == "unknown_service"
    assert hall.hall.editions[TEN][old.edition].materials[1].name == "身份证"
    hall.check()


def test_nothing_is_accepted_while_a_document_is_missing(hall: CaseScene) -> None:
    case = hall.receive(TEN, documents=("照片",))
    assert hall.refusal(acts.AcceptCase(case=case.no)) == "documents_missing"
    assert hall.refusal(acts.AcceptCase(case=case.no, documents=("照片", "身份证"))) == "documents_missing"
    assert hall.refusal(acts.ReceiveCase(service=TEN, documents=(), accept=True)) == "documents_missing"
    hall.do(acts.AcceptCase(case=case.no, documents=("照片", "身份证", "申请表")))
    assert case.documents == (0, 1, 2)


def test_everything_missing_is_named_once(hall: CaseScene) -> None:
    """Licensing law 32: one list; the clock has not started; the acceptance after it says that all is there."""
    case = hall.receive(TEN, documents=("申请表",))
    (asked,) = hall.do(acts.AskSupplement(case=case.no, missing=("照片", "身份证")))
    assert isinstance(asked, CaseSupplementAsked)
    assert (asked.missing, asked.until, asked.notice_no) == ((1, 2), "2026-10-15", f"{case.no}-1")
    assert (case.state, case.clock) == ("supplementing", "not_started")
    assert hall.refusal(acts.AskSupplement(case=case.no, missing=("申请表",))) == "supplement_given"
    hall.pass_to("2026-10-20T10:00")
    assert case.state == "supplementing", "nobody is accepted by the clock once everything was named in time"
    hall.do(acts.AcceptCase(case=case.no))
    assert (case.accepted_on, case.documents) == ("2026-10-20", (0, 1, 2))
    hall.check()


def test_who_does_not_say_in_time_what_is_missing_has_accepted(hall: CaseScene) -> None:
    """Domain 2.4: after five working days the clock itself accepts, counted from the day of receipt."""
    case = hall.receive(TEN, documents=())
    assert hall.pass_to("2026-10-15T16:29:59") == [] or case.state == "received"
    (event,) = [e for e in hall.pass_to("2026-10-15T16:30") if isinstance(e, CaseAccepted)]
    assert (event.by_clock, event.accepted_on) == (True, "2026-10-09")
    assert (event.clerk, case.clerk, case.promised_due) == ("0301", "0301", at("2026-10-22T16:30"))
    assert hall.refusal(acts.AskSupplement(case=case.no, missing=("照片",))) == "wrong_state"
    assert case.documents == (), "the clock has seen no document"
    hall.check()


def test_an_act_after_the_instant_finds_the_case_accepted_although_no_tick_came(hall: CaseScene) -> None:
    case = hall.receive(TEN, documents=())
    hall.now = at("2026-10-15T16:30:01")
    assert hall.refusal(acts.AskSupplement(case=case.no, missing=("照片",))) == "wrong_state"
    hall.by("0399", "1")
    events = hall.do(acts.PauseCase(case=case.no, reason="hearing", notice_no="N-1"))
    assert [type(e).__name__ for e in events] == ["CaseAccepted", "CasePaused"]
    hall.check()


def test_what_was_received_before_and_entered_late_has_its_first_day(hall: CaseScene) -> None:
    """Golden case C19: received on the 12th, entered on the 22nd, accepted that day; entry rate sees the difference."""
    hall.pass_to("2026-10-22T09:30")
    case = hall.receive(TEN, received_at=at("2026-10-12T09:30"))
    assert hall.tick() == []
    hall.do(acts.AcceptCase(case=case.no))
    assert (case.accepted_on, case.promised_due) == ("2026-10-22", at("2026-11-05T16:30"))


def test_every_reason_is_asked_for(hall: CaseScene) -> None:
    """Bad input: a pause without reason, an end without reason: each its own code."""
    case = hall.receive()
    assert hall.refusal(acts.RefuseCase(case=case.no, reason="")) == "reason_missing"
    assert hall.refusal(acts.WithdrawCase(case=case.no, reason=" ")) == "reason_missing"
    hall.do(acts.AcceptCase(case=case.no))
    assert hall.refusal(acts.VoidCase(case=case.no, reason="")) == "reason_missing"
    hall.by("0399")
    assert hall.refusal(acts.PauseCase(case=case.no, reason="", notice_no="N1")) == "reason_missing"
    assert hall.refusal(acts.PauseCase(case=case.no, reason="hearing", notice_no="")) == "notice_missing"
    assert hall.refusal(acts.PauseCase(case=case.no, reason="hearing", notice_no="张三")) == "bad_request"
    assert hall.refusal(acts.PauseCase(case=case.no, reason="hearing", notice_no="13800001111")) == "bad_request"
    assert hall.refusal(acts.ExtendCase(case=case.no, days=5, reason="", notice_no="N1")) == "reason_missing"
    assert hall.refusal(acts.ExtendCase(case=case.no, days=5, reason="complex", notice_no="")) == "notice_missing"
    hall.check()


UNKNOWN: list[tuple[Any, str]] = [
    (acts.ReceiveCase(service="S99"), "unknown_service"),
    (acts.ReceiveCase(service="S3"), "unknown_service"),
    (acts.ReceiveCase(service=FIVE, ticket="20261009-A999"), "unknown_ticket"),
    (acts.ReceiveCase(service=TEN, documents=("户口簿",)), "unknown_document"),
    (acts.ReceiveCase(service=TEN, received_at=at("2026-10-09T09:31")), "bad_request"),
    (acts.ReceiveCase(service=TEN, received_at=at("1999-10-09T09:31")), "date_outside_calendar"),
    (acts.AcceptCase(case="20261009-0001"), "unknown_case"),
    (acts.DecideCase(case="x", decision=acts.Decision(outcome="granted")), "unknown_case"),
]


@pytest.mark.parametrize(("command", "code"), UNKNOWN, ids=str)
def test_what_does_not_exist_is_refused_by_name(hall: CaseScene, command: Any, code: str) -> None:
    """Bad input: a case for an unknown item, a date outside the calendar: its own code, nothing changed."""
    before = as_values(hall.hall)
    assert hall.refusal(command) == code
    assert as_values(hall.hall) == before


# ---------------------------------------------------------------- what may happen in which state

ACTS: dict[str, Any] = {
    "supplement": lambda no: acts.AskSupplement(case=no, missing=("照片",)),
    "accept": lambda no: acts.AcceptCase(case=no),
    "not_accept": lambda no: acts.RefuseCase(case=no, reason="not_our_matter"),
    "pause": lambda no: acts.PauseCase(case=no, reason="hearing", notice_no="N1"),
    "resume": lambda no: acts.ResumeCase(case=no),
    "extend": lambda no: acts.ExtendCase(case=no, days=3, reason="complex", notice_no="N2"),
    "decide": lambda no: acts.DecideCase(case=no, decision=acts.Decision(outcome="denied", place="department")),
    "deliver": lambda no: acts.DeliverCase(case=no),
    "withdraw": lambda no: acts.WithdrawCase(case=no, reason="applicant_asked"),
    "void": lambda no: acts.VoidCase(case=no, reason="double_entry"),
    "report_up": lambda no: acts.ReportUp(case=no, to="city", receipt="R-7"),
    "reported_answer": lambda no: acts.ReportedAnswer(case=no, outcome="granted"),
    "reopen": lambda no: acts.ReopenCase(case=no, reason="decision_corrected"),
}
WAY: dict[str, tuple[str, ...]] = {
    "received": (),
    "supplementing": ("supplement",),
    "accepted": ("accept",),
    "paused": ("accept", "pause"),
    "reported_up": ("accept", "report_up"),
    "decided": ("accept", "decide"),
    "delivered": ("accept", "decide", "deliver"),
    "withdrawn": ("withdraw",),
    "not_accepted": ("not_accept",),
    "void": ("void",),
}
MAY = {
    "received": {"supplement", "accept", "not_accept", "withdraw", "void"},
    "supplementing": {"accept", "not_accept", "withdraw", "void"},
    "accepted": {"pause", "extend", "decide", "withdraw", "void", "report_up"},
    "paused": {"resume", "withdraw", "void"},
    "reported_up": {"decide", "withdraw", "void", "reported_answer"},
    "decided": {"deliver", "reopen"},
    "delivered": {"reopen"},
    "withdrawn": set(),
    "not_accepted": set(),
    "void": set(),
}


@pytest.mark.parametrize("state", WAY)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_in_each_state(hall: CaseScene, state: str, act: str) -> None:
    """Contract: a wrong step is 409 `wrong_state` and changes nothing."""
    hall.by("0399", "1")
    case = hall.receive(TEN)
    for step in WAY[state]:
        hall.do(ACTS[step](case.no))
    assert case.state == state
    if act in MAY[state]:
        assert hall.do(ACTS[act](case.no))
    else:
        before = as_values(hall.hall)
        code = hall.refusal(ACTS[act](case.no))
        assert code == ("supplement_given" if (state, act) == ("supplementing", "supplement") else "wrong_state")
        assert as_values(hall.hall) == before
    hall.check()


# ---------------------------------------------------------------- powers


def test_only_a_chief_of_its_department_pauses_extends_and_reopens(hall: CaseScene) -> None:
    """A5d: these need the chief representative of the department."""
    case = hall.accepted(TEN)
    for clerk in ("0301", "0388"):
        hall.by(clerk, "1")
        for act in ("pause", "extend", "reopen"):
            assert hall.refusal(ACTS[act](case.no)) == "not_authorised", (clerk, act)
    hall.by_actor("account:watch")
    assert hall.refusal(ACTS["pause"](case.no)) == "not_authorised"
    from hall_server.core.people.account import AddAccount

    hall.do(AddAccount(name="own", role="chief_representative", department=WORKS))
    hall.do(AddAccount(name="other", role="chief_representative", department=LANDS))
    hall.by_actor("account:other")
    assert hall.refusal(ACTS["pause"](case.no)) == "not_authorised"
    hall.by_actor("account:own")
    hall.do(ACTS["pause"](case.no))
    assert case.state == "paused"


def test_on_site_needs_the_letter_for_that_item_on_that_day(hall: CaseScene) -> None:
    """A5a: a holder without the power cannot decide on the spot; one day after the letter ends likewise."""
    case = hall.accepted(TEN)
    hall.by("0302", "2")
    assert hall.refusal(acts.DecideCase(case=case.no, decision=hall.granted())) == "not_authorised"
    hall.do(GrantLetter(letter=Letter(letter="L9", services=(TEN,), holder="0302", powers=("report_up",),
                                      valid_from="2026-01-01")))  # fmt: skip
    assert hall.refusal(acts.DecideCase(case=case.no, decision=hall.granted())) == "not_authorised"
    hall.by("0301", "1")
    hall.do(RevokeLetter(letter="L1", revoked_from="2026-10-12"))
    (event,) = hall.decide(case)
    assert isinstance(event, CaseDecided)
    assert (event.place, event.under, event.first) == ("counter", "L1", True)
    late = hall.accepted(TEN)
    hall.pass_to("2026-10-12T09:00")
    assert hall.refusal(acts.DecideCase(case=late.no, decision=hall.granted())) == "not_authorised"
    (event,) = hall.decide(late, place="department")
    assert isinstance(event, CaseDecided)
    assert (event.place, event.under) == ("department", None), "decided there and typed in here is not on site"


def test_a_licence_is_not_decided_without_its_seal(hall: CaseScene) -> None:
    """A5c: a decision on an item of type 行政许可 without a seal entry is refused."""
    hall.by("0388", "3")
    case = hall.accepted(LICENCE)
    assert hall.refusal(acts.DecideCase(case=case.no, decision=hall.granted())) == "seal_missing"
    assert hall.refusal(acts.DecideCase(case=case.no, decision=hall.granted(seal="章2"))) == "unknown_seal"
    assert hall.refusal(acts.DecideCase(case=case.no, decision=hall.granted(place="department"))) == "seal_missing"
    (event,) = hall.decide(case, seal="章1")
    assert isinstance(event, CaseDecided)
    assert (event.seal, event.under, case.seal) == ("章1", "L2", "章1")


def test_an_integrators_decision_is_the_departments(hall: CaseScene) -> None:
    """A3d, contract: an integrator's decision is not on site."""
    hall.by_actor("device:D9")
    case = hall.accepted(FIVE)
    assert (case.channel, case.counter, case.clerk) == ("integrator", None, None)
    assert hall.refusal(acts.DecideCase(case=case.no, decision=hall.granted(place="counter"))) == "not_authorised"
    (event,) = hall.decide(case)
    assert isinstance(event, CaseDecided)
    assert (event.place, event.under) == ("department", None)


# ---------------------------------------------------------------- on the spot, up, again


def test_on_the_spot_is_one_act_due_the_same_day(hall: CaseScene) -> None:
    """Received, accepted and decided in one; due the same day whatever number the catalogue prints."""
    case = hall.receive(SPOT, decision=hall.granted())
    assert [e for e in hall.names() if e.startswith("case_")] == ["case_received", "case_accepted", "case_decided"]
    assert (case.promised_days, case.promised_due, case.place) == (0, at("2026-10-09T16:30"), "counter")
    assert case.statutory_due == at("2026-10-15T16:30"), "the statutory limit stays"
    hall.pass_to("2026-10-09T16:31")
    assert hall.accepted(SPOT).promised_due == at("2026-10-10T16:30"), "after closing: the next working day"
    hall.by("0302", "2")
    before = as_values(hall.hall)
    assert hall.refusal(acts.ReceiveCase(service=SPOT, decision=hall.granted())) == "not_authorised"
    assert as_values(hall.hall) == before, "all of it or nothing"
    hall.check()


def test_plain_days_end_on_a_working_day(hall: CaseScene) -> None:
    case = hall.accepted(PLAIN)
    assert case.promised_due == at("2026-11-09T16:30"), "thirty days end on a Sunday"


def test_an_extension_is_given_once_and_keeps_the_start(hall: CaseScene) -> None:
    """2.2: days are added to both limits from the same start, once, before the due instant; at most ten."""
    case = hall.accepted(TEN)
    hall.by("0399")
    assert (
        hall.refusal(acts.ExtendCase(case=case.no, days=11, reason="complex", notice_no="N1")) == "extension_too_long"
    )
    hall.do(acts.ExtendCase(case=case.no, days=10, reason="complex", notice_no="N1"))
    assert (case.promised_due, case.statutory_due) == (at("2026-11-05T16:30"), at("2026-11-09T16:30"))
    assert hall.refusal(acts.ExtendCase(case=case.no, days=1, reason="complex", notice_no="N2")) == "extended_already"
    late = hall.accepted(FIVE)
    hall.now = at("2026-10-15T16:30:00") + 1
    assert hall.refusal(acts.ExtendCase(case=late.no, days=1, reason="complex", notice_no="N2")) == "overdue"
    hall.check()


def test_a_joint_case_may_be_extended_by_fifteen(hall: CaseScene) -> None:
    case = hall.accepted(TEN, project="P1")
    hall.by("0399")
    hall.do(acts.ExtendCase(case=case.no, days=15, reason="joint_handling", notice_no="N1"))
    assert case.extended == 15


def test_the_answer_from_above_is_the_decision(hall: CaseScene) -> None:
    """A6f: `reported_up` with date, receipt and answer; the clock runs on, the decision is not on site."""
    case = hall.accepted(TEN)
    hall.do(acts.ReportUp(case=case.no, to="city", receipt="R-7"))
    assert (case.clock, case.promised_due) == ("running", at("2026-10-22T16:30"))
    events = hall.do(acts.ReportedAnswer(case=case.no, outcome="denied"))
    assert [type(e).__name__ for e in events] == ["CaseReportedAnswer", "CaseDecided"]
    assert (case.state, case.outcome, case.place, case.reported) == ("decided", "denied", "department", True)


def test_a_case_decided_again_keeps_its_first_decision(hall: CaseScene) -> None:
    """Domain 7: a re-opened case keeps its first decision and is listed."""
    case = hall.receive(SPOT, decision=hall.granted())
    first = case.decided
    hall.pass_to("2026-10-12T10:00")
    hall.by("0399", "1")
    hall.do(acts.ReopenCase(case=case.no, reason="decision_corrected"))
    assert (case.state, case.clock, case.reopened) == ("accepted", "ended", 1)
    assert hall.refusal(acts.PauseCase(case=case.no, reason="hearing", notice_no="N1")) == "wrong_state"
    hall.pass_to("2026-10-20T10:00")
    assert not case.cards, "its clock ended with the first decision"
    (event,) = hall.do(acts.DecideCase(case=case.no, decision=acts.Decision(outcome="denied", place="department")))
    assert isinstance(event, CaseDecided)
    assert (event.first, case.decided, case.outcome) == (False, first, "denied")
    hall.check()


def test_steps_are_named_or_counted_and_keep_their_limit(hall: CaseScene) -> None:
    """A1c: steps with a limit of their own."""
    case = hall.accepted(STEPS)
    hall.do(acts.StepCase(case=case.no, step="审查"))
    assert (case.step, case.step_due) == (2, at("2026-10-12T16:30"))
    assert hall.do(acts.StepCase(case=case.no, step=3)) == []
    for wrong in ("验收", 0, 7):
        assert hall.refusal(acts.StepCase(case=case.no, step=wrong)) == "unknown_step"
    hall.do(acts.StepCase(case=case.no, step=5))
    assert (case.step, case.step_due) == (4, None)


def test_the_guide_says_whether_a_site_visit_stops_the_clock(hall: CaseScene) -> None:
    """2.1: public notice and site visits stop it only if the item's guide says so; a hearing always does."""
    case = hall.accepted(STEPS)
    hall.by("0399", "1")
    for step in (None, "审查"):
        if step:
            hall.do(acts.StepCase(case=case.no, step=step))
        for reason in ("site_visit", "public_notice"):
            assert hall.refusal(acts.PauseCase(case=case.no, reason=reason, notice_no="N1")) == "counts_by_guide"
    hall.do(acts.StepCase(case=case.no, step="专家评审"))
    hall.do(acts.PauseCase(case=case.no, reason="public_notice", notice_no="N1"))
    assert case.clock == "stopped"
    other = hall.accepted(FIVE)
    assert hall.refusal(acts.PauseCase(case=other.no, reason="site_visit", notice_no="N1")) == "counts_by_guide"
    hall.do(acts.PauseCase(case=other.no, reason="hearing", notice_no="N1"))


def test_it_lies_with_whoever_acted_last(hall: CaseScene) -> None:
    case = hall.accepted(TEN)
    hall.by("0305", "2")
    hall.do(acts.ReportUp(case=case.no, to="city", receipt="R-7"))
    assert (case.clerk, case.counter) == ("0305", "2")


def test_cases_that_ended_long_ago_are_forgotten_and_open_ones_are_not(hall: CaseScene) -> None:
    done, still = hall.receive(SPOT, decision=hall.granted()), hall.accepted(PLAIN)
    hall.do(acts.DeliverCase(case=done.no))
    hall.pass_to("2027-01-07T09:00")
    assert done.no in hall.hall.cases
    hall.pass_to("2027-01-08T09:00")
    assert done.no not in hall.hall.cases
    assert still.no in hall.hall.cases
    hall.check()


def test_a_hall_killed_at_any_step_comes_back_the_same(hall: CaseScene) -> None:
    """Killing the server at any step of a case and restarting shows the same lights and due dates."""
    hall.by("0399", "1")
    case = hall.receive(TEN, documents=("照片",), show_name=True)
    for act in ("supplement", "accept", "extend", "pause"):
        hall.do(ACTS[act](case.no))
        hall.check()
    hall.pass_to("2026-10-20T09:00")
    for act in ("resume", "report_up", "reported_answer", "deliver"):
        hall.do(ACTS[act](case.no))
        hall.check()
    assert case.state == "delivered"
