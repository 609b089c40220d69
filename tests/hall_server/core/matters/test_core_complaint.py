"""Complaints and the message book (domain.md 4.3, A11a, A13d)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from core_material import Entry, Scene

from hall_protocol.refusals import Refused
from hall_server.core import machine
from hall_server.core.day import TimePassed
from hall_server.core.hall import encode
from hall_server.core.matters import complaint as c
from hall_server.core.matters import message_book as book
from hall_server.core.people.account import AddAccount, AddClerk
from hall_server.core.pictures.complaint import book_view, complaint_view
from hall_server.core.pictures.late import late_steps
from hall_server.core.registry import Command, Event
from hall_server.core.stamp import Stamp, instant, text

NO = "2026-00001"


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    for counter in ("1", "2", "3"):
        made.open(counter)
    made.do(AddClerk(number="0310", department="县人社局", chief=True))
    for name, role, department in (
        ("m", "manager", None), ("md", "manager", "县人社局"), ("a", "auditor", None), ("s", "supervisor", None),
        ("c", "chief_representative", "县人社局"), ("d", "chief_representative", "县自然资源局"),
        ("n", "chief_representative", None),
    ):  # fmt: skip
        made.do(AddAccount(name=name, role=role, department=department))  # type: ignore[arg-type]
    return made


def by(scene: Scene, command: Command, account: str = "m") -> list[Event]:
    """An account acts, the whole way through the journal's words."""
    before = encode(scene.hall)
    try:
        events = machine.decide(scene.hall, command, Stamp(at=scene.now, actor=f"account:{account}"))
    finally:
        assert encode(scene.hall) == before, "deciding changes nothing"
    for event in events:
        entry = Entry(machine.name_of(event), machine.encode(event), scene.now)
        scene.log.append(entry)
        machine.evolve(scene.hall, machine.decode(entry.name, entry.data), scene.now)
    return events


def no(scene: Scene, command: Command, account: str = "m") -> str:
    """The code an account is refused with."""
    with pytest.raises(Refused) as refused:
        by(scene, command, account)
    return refused.value.code


def made(scene: Scene, category: str = "attitude", **more: Any) -> c.Complaint:
    """A complaint at the kiosk."""
    (event,) = scene.do(c.Complain(**({"category": category, "channel": "kiosk"} | more)), device=scene.kiosk)
    return scene.hall.complaints[event.complaint]  # type: ignore[attr-defined]


def written(scene: Scene, *, publish: bool = True, **more: Any) -> book.BookEntry:
    """A word in the book."""
    (event,) = scene.do(book.WriteMessage(publish=publish, channel="kiosk", **more), device=scene.kiosk)
    return scene.hall.book[event.message]  # type: ignore[attr-defined]


ALL_STEPS = (
    c.AcceptComplaint(complaint=NO),
    c.InvestigateComplaint(complaint=NO),
    c.DisposeComplaint(complaint=NO, outcome="upheld"),
    c.AnswerComplaint(complaint=NO),
    c.FileComplaint(complaint=NO),
)


# ---------------------------------------------------------------- receipt and limits


@pytest.mark.parametrize(
    ("category", "kind", "accept", "answer"),
    [
        ("attitude", "complaint", "2026-12-01", "2026-12-15"),
        ("suggestion", "suggestion", "2026-12-01", "2026-12-03"),
        ("consultation", "consultation", "2026-11-27", "2026-11-27"),
        ("推诿", "complaint", "2026-12-01", "2026-12-15"),
    ],
)
def test_limits_are_working_days_from_receipt(scene: Scene, category: str, kind: str, accept: str, answer: str) -> None:
    """domain.md 2.4: 5 working days to take it up; 3, 7, 15 to answer. From Tuesday 24 November 2026."""
    found = made(scene, category)
    assert found.kind == kind
    assert text(found.accept_due, scene.hall.zone) == f"{accept}T16:30:00.000+08:00"
    assert text(found.answer_due, scene.hall.zone) == f"{answer}T16:30:00.000+08:00"


def test_a_paper_of_the_box_has_its_date_and_belongs_to_its_month(scene: Scene) -> None:
    """A13d: entries of the paper box are typed in with their date; 4.3: it belongs to the month of receipt."""
    found = made(scene, channel="paper", received_on=date(2026, 10, 30))
    shown = complaint_view(scene.hall, found, now=scene.now)
    assert shown.received_at == "2026-10-30T00:00:00.000+08:00"
    assert shown.accept_due == "2026-11-06T16:30:00.000+08:00"
    assert shown.overdue == "accept"
    ahead = c.Complain(category="fees", channel="paper", received_on=date(2026, 11, 25))
    assert scene.refusal(ahead, device=scene.kiosk) == "date_ahead"


def test_both_books_share_one_numbering(scene: Scene) -> None:
    """4.3."""
    assert [made(scene).no, written(scene).no, made(scene).no] == [NO, "2026-00002", "2026-00003"]
    scene.at("09:30", "2027-01-04")
    scene.do(TimePassed())
    assert made(scene).no == "2027-00001"
    scene.check()


def test_what_follows_from_the_ticket_it_names(scene: Scene) -> None:
    scene.take(), scene.call("1")
    scene.serve("1")
    now = scene.take()
    scene.call("2")
    served = made(scene, ticket="A001")
    assert (served.ticket, served.counter, served.clerk, served.department) == (
        "20261124-A001", "1", "0301", "县人社局",
    )  # fmt: skip
    in_hand = made(scene, ticket=now.id)
    assert (in_hand.counter, in_hand.clerk) == ("2", "0302")
    long_ago = made(scene, ticket="20261102-B007")
    assert (long_ago.ticket, long_ago.department) == ("20261102-B007", None)
    waiting = scene.take(None, service="S2")
    assert made(scene, ticket=waiting.id).department == "县自然资源局", "of the item it was taken for"
    third = made(scene, counter="3")
    assert (third.counter, third.department, third.clerk) == ("3", "县自然资源局", None)
    assert made(scene, department="县人社局").department == "县人社局"
    scene.check()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ticket": "20261124-A999"}, "unknown_ticket"),
        ({"ticket": "张三"}, "unknown_ticket"),
        ({"counter": "77"}, "unknown_counter"),
        ({"department": "nowhere"}, "unknown_department"),
        ({"category": "weather"}, "unknown_category"),
    ],
)
def test_what_does_not_exist_is_refused(scene: Scene, more: dict[str, str], code: str) -> None:
    command = c.Complain(**({"category": "attitude", "channel": "kiosk"} | more))  # type: ignore[arg-type]
    assert scene.refusal(command, device=scene.kiosk) == code
    assert not scene.hall.complaints


def test_whether_a_case_exists_is_not_told(scene: Scene) -> None:
    """Bad input of issue 5: a wrong number tells nothing about existence."""
    assert made(scene, case="20261124000001").case is None


# ---------------------------------------------------------------- the steps


def test_from_receipt_to_the_file(scene: Scene) -> None:
    """受理 → 调查 → 处理 → 反馈 → 归档; each step once and in its order, with person and time."""
    found = made(scene)
    states = []
    for step, command in enumerate(ALL_STEPS):
        for other in ALL_STEPS[:step] + ALL_STEPS[step + 1 :]:
            if not isinstance(other, c.FileComplaint) or step:
                assert no(scene, other) == "wrong_state", (command, other)
        scene.later(hours=1)
        by(scene, command)
        states.append(found.state)
    assert states == ["accepted", "investigating", "disposed", "answered", "filed"]
    assert [(s.step, s.who) for s in found.steps][1:] == [(state, "account:m") for state in states]
    assert (found.outcome, found.closed) == ("upheld", scene.now)
    assert all(no(scene, command) == "wrong_state" for command in ALL_STEPS)
    scene.check()


def test_disposed_on_that_day(scene: Scene) -> None:
    """The accountability and the month need the day of the decision."""
    made(scene)
    by(scene, ALL_STEPS[0]), by(scene, ALL_STEPS[1])
    scene.at("10:00", "2026-11-30")
    (event,) = by(scene, c.DisposeComplaint(complaint=NO, outcome="dismissed"))
    assert (event.outcome, event.decided_on) == ("dismissed", "2026-11-30")  # type: ignore[attr-defined]


def test_what_is_not_taken_up_needs_a_reason(scene: Scene) -> None:
    found = made(scene)
    assert no(scene, c.FileComplaint(complaint=NO)) == "reason_missing"
    (event,) = by(scene, c.FileComplaint(complaint=NO, reason="somebody's name"))
    assert (found.state, event.reason_code) == ("filed", "other")  # type: ignore[attr-defined]


@pytest.mark.parametrize("after", range(6))
def test_withdrawn_until_it_is_answered(scene: Scene, after: int) -> None:
    found = made(scene)
    for command in ALL_STEPS[:after]:
        by(scene, command)
    if after <= 3:
        by(scene, c.WithdrawComplaint(complaint=NO))
        assert (found.state, found.closed) == ("withdrawn", scene.now)
        assert no(scene, c.WithdrawComplaint(complaint=NO)) == "wrong_state"
    else:
        assert no(scene, c.WithdrawComplaint(complaint=NO)) == "wrong_state"
    scene.check()


@pytest.mark.parametrize(
    ("steps", "when", "late"),
    [
        (0, "2026-12-01T16:30:00.000+08:00", None),
        (0, "2026-12-01T16:30:00.001+08:00", "accept"),
        (1, "2026-12-15T16:30:00.000+08:00", None),
        (3, "2026-12-15T16:30:00.001+08:00", "answer"),
        (4, "2027-02-01T09:00:00.000+08:00", None),
    ],
)
def test_late_ones_are_on_the_managers_list(scene: Scene, steps: int, when: str, late: str | None) -> None:
    found = made(scene)
    for command in ALL_STEPS[:steps]:
        by(scene, command)
    step = c.overdue_step(found, instant(when))
    assert (step[0] if step else None) == late
    codes = [a.code for a in late_steps(scene.hall, now=instant(when))]
    assert codes == ([f"complaint_{late}_overdue"] if late else [])


# ---------------------------------------------------------------- misconduct


@pytest.mark.parametrize("category", ["solicitation", "shirking", "吃拿卡要", "推诿"])
def test_misconduct_is_the_auditors_until_he_releases_it(scene: Scene, category: str) -> None:
    """A11a: a clerk or manager of that department asking for it finds nothing."""
    found = made(scene, category, counter="1")
    assert found.department == "县人社局"
    for account in ("m", "md", "c", "d", "s"):
        assert no(scene, c.AcceptComplaint(complaint=NO), account) == "unknown_complaint"
    assert seeing(scene, found) == {"a"}
    assert not complaint_view(scene.hall, found, now=scene.now).released
    assert late_steps(scene.hall, now=instant("2027-02-01T09:00:00.000+08:00")) == []
    by(scene, c.AcceptComplaint(complaint=NO), "a")
    assert no(scene, c.ReleaseComplaint(complaint=NO), "m") == "unknown_complaint"
    by(scene, c.ReleaseComplaint(complaint=NO), "a")
    assert seeing(scene, found) == {"a", "m", "md", "c", "0310"}
    assert no(scene, c.ReleaseComplaint(complaint=NO), "a") == "wrong_state"
    assert no(scene, c.ReleaseComplaint(complaint=NO), "m") == "not_allowed"
    by(scene, c.InvestigateComplaint(complaint=NO), "c")
    assert not scene.hall.complaints_hidden
    scene.check()


def seeing(scene: Scene, found: c.Complaint) -> set[str]:
    """Who finds a complaint: accounts, clerks of its department and one of another."""
    stamps = {name: Stamp(at=scene.now, actor=f"account:{name}") for name in scene.hall.accounts}
    stamps |= {n: Stamp(at=scene.now, actor=f"clerk:{n}", clerk=n) for n in ("0301", "0302", "0310")}
    return {name for name, stamp in stamps.items() if c.may_see(scene.hall, stamp, found)}


def test_it_stays_hidden_when_its_record_has_left_the_hall(scene: Scene) -> None:
    """The journal is for ever, so what is the auditor's has to be known for ever."""
    made(scene, "shirking")
    for command in ALL_STEPS:
        by(scene, command, "a")
    scene.at("05:00", "2027-03-01")
    scene.do(TimePassed())
    assert NO not in scene.hall.complaints
    assert NO in scene.hall.complaints_hidden
    scene.check()


def test_an_ordinary_one_is_seen_by_its_own_department_only(scene: Scene) -> None:
    assert seeing(scene, made(scene, counter="1")) == {"a", "m", "md", "c", "0310"}
    assert seeing(scene, made(scene, counter="3")) == {"a", "m", "md", "d"}
    assert seeing(scene, made(scene)) == {"a", "m", "md"}


# ---------------------------------------------------------------- message book


def test_written_answered_published_when_both_sides_agree(scene: Scene) -> None:
    """A13d: numbered, answered, published if both sides agree."""
    entry = written(scene)
    assert text(entry.answer_due, scene.hall.zone) == "2026-12-03T16:30:00.000+08:00"
    events = by(scene, book.AnswerMessage(message=entry.no, publish=True))
    assert [machine.name_of(e) for e in events] == ["message_answered", "message_published"]
    assert (entry.state, entry.answered) == ("published", scene.now)
    assert no(scene, book.AnswerMessage(message=entry.no, publish=False)) == "wrong_state"
    scene.check()


@pytest.mark.parametrize(("writer", "hall", "state"), [(True, False, "answered"), (False, False, "answered")])
def test_one_side_is_not_enough(scene: Scene, writer: bool, hall: bool, state: str) -> None:
    entry = written(scene, publish=writer)
    by(scene, book.AnswerMessage(message=entry.no, publish=hall))
    assert entry.state == state


def test_what_the_writer_did_not_want_is_not_published(scene: Scene) -> None:
    entry = written(scene, publish=False)
    assert no(scene, book.AnswerMessage(message=entry.no, publish=True)) == "publishing_not_wanted"
    assert entry.state == "written"
    assert no(scene, book.AnswerMessage(message="2026-00077", publish=False)) == "unknown_message"


def test_it_becomes_a_complaint_only_by_a_persons_decision(scene: Scene) -> None:
    """4.3: with a number of its own, in the month in which it was written."""
    entry = written(scene, received_on=date(2026, 10, 30))
    assert scene.hall.complaints == {}
    by(scene, book.MakeComplaint(message=entry.no, category="fees"))
    found = scene.hall.complaints["2026-00002"]
    assert (found.message, found.category, text(found.received, scene.hall.zone)[:7]) == (entry.no, "fees", "2026-10")
    assert (entry.state, entry.complaint) == ("complaint", found.no)
    assert no(scene, book.MakeComplaint(message=entry.no, category="fees")) == "wrong_state"
    assert no(scene, book.AnswerMessage(message=entry.no, publish=False)) == "wrong_state"
    other = written(scene)
    assert no(scene, book.MakeComplaint(message=other.no, category="weather")) == "unknown_category"
    scene.check()


def test_a_message_about_misconduct_is_the_auditors_too(scene: Scene) -> None:
    entry = written(scene)
    by(scene, book.MakeComplaint(message=entry.no, category="推诿"), "a")
    assert book.may_see(scene.hall, entry, "auditor")
    assert not book.may_see(scene.hall, entry, "manager")
    assert book_view(scene.hall, entry, now=scene.now).complaint is None
    by(scene, c.ReleaseComplaint(complaint=str(entry.complaint)), "a")
    assert book.may_see(scene.hall, entry, "manager")


def test_unanswered_ones_are_listed(scene: Scene) -> None:
    """A13d: unanswered ones are listed."""
    entry = written(scene)
    due = instant("2026-12-03T16:30:00.000+08:00")
    assert not late_steps(scene.hall, now=due)
    assert [(a.code, a.values) for a in late_steps(scene.hall, now=due + 1)] == [("message_overdue", {"no": entry.no})]
    by(scene, book.AnswerMessage(message=entry.no, publish=False))
    assert not late_steps(scene.hall, now=due + 1)


def test_closed_entries_stay_as_long_as_their_words(scene: Scene) -> None:
    first, second, open_one = written(scene), made(scene), made(scene)
    by(scene, book.AnswerMessage(message=first.no, publish=True))
    by(scene, c.FileComplaint(complaint=second.no, reason="repeated"))
    for day, left in (("2026-12-24", {first.no, second.no, open_one.no}), ("2026-12-25", {open_one.no})):
        scene.at("05:00", day)
        scene.do(TimePassed())
        assert {*scene.hall.book, *scene.hall.complaints} == left
    scene.check()
