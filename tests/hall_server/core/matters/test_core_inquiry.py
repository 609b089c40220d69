"""First-contact responsibility (domain.md 3): until somebody named accepts, the one before stays responsible."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from core_material import Scene
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hall_protocol.refusals import Refused
from hall_server.core.day import TimePassed
from hall_server.core.matters.inquiry import (
    NOTICE_NUMBER,
    AcceptInquiry,
    AnswerInquiry,
    AssignInquiry,
    DeclineInquiry,
    HandOverInquiry,
    Inquiry,
    OpenInquiry,
)
from hall_server.core.matters.inquiry_chief import may_see
from hall_server.core.people.account import AddAccount, AddClerk, DisableClerk
from hall_server.core.pictures.inquiry import chiefs_list, inquiry_column, inquiry_view, of_clerk, offered_to
from hall_server.core.pictures.sight import Sight
from hall_server.core.registry import Command, Event
from hall_server.core.stamp import Stamp, text

A, B, C = "0301", "0302", "0303"
"""Clerks, at counters 1 to 3; all of one department unless a test says otherwise."""


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    for counter in ("1", "2", "3"):
        made.open(counter)
    return made


def asked(scene: Scene, counter: str = "1", **more: Any) -> Inquiry:
    """Somebody asks at a counter."""
    (event,) = scene.do(OpenInquiry(**({"belongs_to": "counter"} | more)), counter=counter)
    return scene.hall.inquiries[event.inquiry]  # type: ignore[attr-defined]


def sight(scene: Scene, words: dict[str, str]) -> Sight:
    """The circumstances of a picture now, as far as inquiries need them."""
    return Sight(
        now=scene.now,
        estimates={},
        coverage={},
        devices={},
        url_of=lambda ticket: f"/t/{ticket}",
        nonce_of=lambda request: f"nonce-{request}",
        words_of=words.get,
        ticket_estimate=lambda ticket: None,
    )


def by_account(scene: Scene, command: Command, name: str) -> list[Event]:
    """An account acts."""
    from hall_server.core import machine

    stamp = Stamp(at=scene.now, actor=f"account:{name}")
    events = machine.decide(scene.hall, command, stamp)
    for event in events:
        scene_do(scene, event)
    return events


def scene_do(scene: Scene, event: Event) -> None:
    """Makes an event of an account true, and keeps its row for the replay."""
    from core_material import Entry

    from hall_server.core import machine

    scene.log.append(Entry(machine.name_of(event), machine.encode(event), scene.now))
    machine.evolve(scene.hall, event, scene.now)


def mine(scene: Scene, clerk: str) -> list[str]:
    return [i.id for i in of_clerk(scene.hall, clerk)]


def test_the_first_one_asked_is_responsible(scene: Scene) -> None:
    """Contract 3: opened by whoever is signed in, and numbered by the server."""
    inquiry = asked(scene, belongs_to="own", service="S1", channel="phone")
    assert (inquiry.id, inquiry.first, inquiry.responsible, inquiry.state) == ("I2026-00001", A, A, "open")
    assert (inquiry.department, inquiry.counter, inquiry.channel) == ("县人社局", "1", "phone")
    assert asked(scene, "2").id == "I2026-00002"
    scene.check()


def test_not_accepted_at_closing_time_it_is_still_the_first_ones_next_morning(scene: Scene) -> None:
    """A3a; domain.md 3: A hands over to B, B does not accept: A is responsible and it is on A's list next morning."""
    inquiry = asked(scene)
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=B), counter="1")
    assert (inquiry.state, inquiry.responsible, inquiry.offered_to) == ("handed_over", A, B)
    scene.at("17:30")
    assert mine(scene, A) == [inquiry.id]
    scene.at("05:00", "2026-11-25")
    scene.do(TimePassed())
    assert scene.hall.day == "2026-11-25"
    assert mine(scene, A) == [inquiry.id]
    assert [i.id for i in offered_to(scene.hall, B)] == [inquiry.id]
    assert mine(scene, B) == []
    scene.check()


def test_a_chain_keeps_all_three_with_their_times(scene: Scene) -> None:
    """domain.md 3: A → B → C; the first one asked never changes, the next is first for the one after."""
    inquiry = asked(scene)
    times = [scene.now]
    for counter, to, at in (("1", B, "2"), ("2", C, "3")):
        scene.later(minutes=10)
        offered = scene.now
        scene.do(HandOverInquiry(inquiry=inquiry.id, to=to), counter=counter)
        scene.later(minutes=5)
        scene.do(AcceptInquiry(inquiry=inquiry.id), counter=at)
        times.append(scene.now)
        assert inquiry.chain[-1].offered == offered
    shown = inquiry_view(scene.hall, inquiry, now=scene.now)
    assert (shown.state, shown.first_responsible, shown.responsible, shown.chain) == ("open", A, C, [A, B, C])
    assert [link.since for link in shown.links] == [text(at, scene.hall.zone) for at in times]
    assert [link.how for link in shown.links] == ["asked", "accepted", "accepted"]
    assert [link.counter for link in shown.links] == ["1", "2", "3"]
    scene.check()


def test_to_oneself_to_nobody_and_twice_to_the_same_is_refused(scene: Scene) -> None:
    inquiry = asked(scene)
    scene.do(DisableClerk(number="0309"))
    for to, code in ((A, "hand_over_to_oneself"), ("0399", "unknown_clerk"), ("0309", "unknown_clerk")):
        assert scene.refusal(HandOverInquiry(inquiry=inquiry.id, to=to), counter="1") == code
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=B), counter="1")
    assert scene.refusal(HandOverInquiry(inquiry=inquiry.id, to=B), counter="1") == "wrong_state"
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=C), counter="1")
    assert scene.refusal(AcceptInquiry(inquiry=inquiry.id), counter="2") == "not_yours", "offered to another meanwhile"


def test_only_the_one_named_accepts_or_declines(scene: Scene) -> None:
    """domain.md 3: accept by someone else is refused."""
    inquiry = asked(scene)
    assert scene.refusal(AcceptInquiry(inquiry=inquiry.id), counter="2") == "wrong_state"
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=B), counter="1")
    for counter in ("1", "3"):
        assert scene.refusal(AcceptInquiry(inquiry=inquiry.id), counter=counter) == "not_yours"
        assert scene.refusal(DeclineInquiry(inquiry=inquiry.id, reason="away"), counter=counter) == "not_yours"
    (event,) = scene.do(DeclineInquiry(inquiry=inquiry.id, reason="his brother was here"), counter="2")
    assert event.reason_code == "other", "free words stay out of the journal"  # type: ignore[attr-defined]
    assert (inquiry.state, inquiry.responsible, inquiry.declined_by) == ("open", A, B)
    assert scene.refusal(AcceptInquiry(inquiry=inquiry.id), counter="2") == "wrong_state"
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=C), counter="1")
    assert inquiry.declined_by is None
    scene.check()


def test_before_it_is_accepted_the_first_may_answer_and_the_other_may_not(scene: Scene) -> None:
    """domain.md 3: an answer before accept is refused for B, allowed for A; it closes only with an answer."""
    inquiry = asked(scene)
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=B), counter="1")
    assert scene.refusal(AnswerInquiry(inquiry=inquiry.id), counter="2") == "not_yours"
    (event,) = scene.do(AnswerInquiry(inquiry=inquiry.id), counter="1")
    assert (event.clerk, event.result_code, event.one_time_notice) == (A, "answered", None)  # type: ignore[attr-defined]
    assert inquiry.id not in scene.hall.inquiries
    for command in (
        AnswerInquiry(inquiry=inquiry.id),
        HandOverInquiry(inquiry=inquiry.id, to=C),
        AcceptInquiry(inquiry=inquiry.id),
        DeclineInquiry(inquiry=inquiry.id, reason="away"),
    ):
        assert scene.refusal(command, counter="1") == "wrong_state", command
    assert inquiry_view(scene.hall, inquiry, now=scene.now).state == "answered"
    scene.check()


def test_a_one_time_notice_has_a_number_of_its_own_or_the_one_it_had(scene: Scene) -> None:
    first, second, third = asked(scene), asked(scene), asked(scene)
    numbers = []
    for inquiry, notice in ((first, "given"), (second, "〔2026〕12号"), (third, "给张三的告知书 13912345678")):
        (event,) = scene.do(AnswerInquiry(inquiry=inquiry.id, notice=notice), counter="1")
        numbers.append(event.one_time_notice)  # type: ignore[attr-defined]
    assert numbers == ["N2026-00001", "〔2026〕12号", "N2026-00002"], "words and telephones are no numbers"
    scene.check()


@pytest.mark.parametrize(
    ("said", "is_number"),
    [
        ("N2026-00001", True), ("告2026-1", False), ("〔2026〕3号", True), ("139-1234-5678", True),
        ("13912345678", False), ("510106199001011234", False), ("Zhang", False), ("", False),
    ],
)  # fmt: skip
def test_what_looks_like_a_number_of_a_notice(said: str, is_number: bool) -> None:
    assert bool(NOTICE_NUMBER.fullmatch(said)) is is_number


def test_a_number_that_only_looks_like_ours_does_not_move_the_count(scene: Scene) -> None:
    """A clerk who types N2026-99999 takes no numbers away."""
    for notice in ("N2026-99999", "N〔2026〕", "given"):
        inquiry = asked(scene)
        (event,) = scene.do(AnswerInquiry(inquiry=inquiry.id, notice=notice), counter="1")
    assert event.one_time_notice == "N2026-00001"  # type: ignore[attr-defined]
    scene.check()


def test_two_clerks_record_the_same_visitor_at_once(scene: Scene) -> None:
    """domain.md 3: two records, linkable, none lost."""
    ticket = scene.take()
    one, two = asked(scene, "1", ticket=ticket.id), asked(scene, "2", ticket=ticket.id)
    assert one.id != two.id
    assert (one.responsible, two.responsible) == (A, B)
    from hall_server.core.pictures.inquiry import same_ticket

    assert same_ticket(scene.hall, one) == [two.id]
    assert same_ticket(scene.hall, asked(scene)) == []


def test_the_ticket_in_hand_is_the_one_it_is_about(scene: Scene) -> None:
    ticket = scene.take()
    scene.call("1")
    assert asked(scene).ticket == ticket.id
    assert scene.refusal(OpenInquiry(belongs_to="own", ticket="20261124-A999"), counter="1") == "unknown_ticket"
    assert scene.refusal(OpenInquiry(belongs_to="own", service="S9"), counter="1") == "unknown_service"
    assert scene.refusal(OpenInquiry(belongs_to="own")) == "not_allowed", "nobody is signed in"
    assert scene.refusal(AcceptInquiry(inquiry="I2026-00099"), counter="1") == "unknown_inquiry"


# ---------------------------------------------------------------- accounts that close, offers that are late


def test_when_an_account_closes_the_chief_representative_has_his_inquiries(scene: Scene) -> None:
    """domain.md 3: his open inquiries go to the chief representative's list; offers to him go back."""
    scene.do(AddClerk(number="0310", department="县人社局", chief=True))
    own, offered = asked(scene), asked(scene, "2")
    scene.do(HandOverInquiry(inquiry=offered.id, to=A), counter="2")
    answered = asked(scene)
    scene.do(AnswerInquiry(inquiry=answered.id), counter="1")
    scene.do(DisableClerk(number=A))
    assert (own.responsible, own.first, [link.clerk for link in own.chain]) == ("0310", A, [A, "0310"])
    assert own.chain[-1].how == "assigned"
    assert (offered.state, offered.responsible, offered.decline_reason) == ("open", B, "account_closed")
    assert answered.state == "answered"
    scene.check()


def test_without_a_chief_it_lies_on_the_departments_list_until_somebody_is_named(scene: Scene) -> None:
    inquiry = asked(scene)
    scene.do(DisableClerk(number=A))
    assert (inquiry.responsible, inquiry.listed) == (None, "县人社局")
    assert chiefs_list(scene.hall, "县人社局", now=scene.now) == [inquiry]
    assert scene.refusal(AssignInquiry(inquiry=inquiry.id, to=B), counter="2") == "not_yours"
    scene.do(AddAccount(name="chief", role="chief_representative", department="县人社局"))
    scene.do(AddAccount(name="other", role="chief_representative", department="县自然资源局"))
    with pytest.raises(Refused, match="not_yours"):
        by_account(scene, AssignInquiry(inquiry=inquiry.id, to=B), "other")
    with pytest.raises(Refused, match="unknown_clerk"):
        by_account(scene, AssignInquiry(inquiry=inquiry.id, to=A), "chief")
    by_account(scene, AssignInquiry(inquiry=inquiry.id, to=B), "chief")
    assert (inquiry.responsible, inquiry.listed, inquiry.first) == (B, None, A)
    assert chiefs_list(scene.hall, "县人社局", now=scene.now) == []
    with pytest.raises(Refused, match="wrong_state"):
        by_account(scene, AssignInquiry(inquiry=inquiry.id, to=B), "chief")
    scene.check()


def test_the_one_it_was_offered_to_can_still_accept_when_the_first_ones_account_closed(scene: Scene) -> None:
    inquiry = asked(scene)
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=B), counter="1")
    scene.do(DisableClerk(number=A))
    assert (inquiry.state, inquiry.offered_to, inquiry.listed) == ("handed_over", B, "县人社局")
    scene.do(AcceptInquiry(inquiry=inquiry.id), counter="2")
    assert (inquiry.responsible, inquiry.listed) == (B, None)
    scene.check()


def test_offered_to_the_chief_who_gets_it_when_the_account_closes(scene: Scene) -> None:
    scene.do(AddClerk(number="0310", department="县人社局", chief=True))
    inquiry = asked(scene)
    scene.do(HandOverInquiry(inquiry=inquiry.id, to="0310"), counter="1")
    scene.do(DisableClerk(number=A))
    assert (inquiry.state, inquiry.responsible, inquiry.offered_to) == ("open", "0310", None)
    scene.do(DisableClerk(number="0310"))
    assert inquiry.listed == "县人社局"
    scene.check()


def test_a_hand_over_is_late_on_the_right_working_day_and_before_the_chief(scene: Scene) -> None:
    """Overdue acceptance: one working day, the close of business (Tuesday 24th → Wednesday 25th, 16:30)."""
    scene.do(AddClerk(number="0310", department="县人社局", chief=True))
    inquiry = asked(scene)
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=B), counter="1")
    scene.at("16:30", "2026-11-25")
    assert chiefs_list(scene.hall, "县人社局", now=scene.now) == []
    scene.later(s=1)
    assert chiefs_list(scene.hall, "县人社局", now=scene.now) == [inquiry]
    assert chiefs_list(scene.hall, "县自然资源局", now=scene.now) == []
    assert inquiry_view(scene.hall, inquiry, now=scene.now).overdue
    assert inquiry.responsible == A, "the first one stays responsible all the same"
    scene.do(AcceptInquiry(inquiry=inquiry.id), counter="2")
    assert chiefs_list(scene.hall, "县人社局", now=scene.now) == []


def test_a_friday_evening_hand_over_has_until_monday() -> None:
    scene = Scene({"inquiry": {"hand_over_accept": 1}}, at="2026-11-27T16:00:00.000+08:00")
    scene.open("1")
    inquiry = asked(scene)
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=B), counter="1")
    assert text(inquiry.accept_due or 0, scene.hall.zone) == "2026-11-30T16:30:00.000+08:00"


def test_who_may_look(scene: Scene) -> None:
    scene.do(AddClerk(number="0310", department="县人社局", chief=True))
    scene.do(AddClerk(number="0400", department="县自然资源局", chief=True))
    for name, role, department in (
        ("m", "manager", None), ("a", "auditor", None), ("s", "supervisor", None),
        ("c", "chief_representative", "县人社局"), ("d", "chief_representative", "县自然资源局"),
    ):  # fmt: skip
        scene.do(AddAccount(name=name, role=role, department=department))  # type: ignore[arg-type]
    inquiry = asked(scene)
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=B), counter="1")
    clerks = {n for n in (A, B, C, "0310", "0400") if may_see(scene.hall, clerk_stamp(scene, n), inquiry)}
    assert clerks == {A, B, "0310"}
    accounts = {n for n in "mascd" if may_see(scene.hall, Stamp(at=scene.now, actor=f"account:{n}"), inquiry)}
    assert accounts == {"m", "a", "c"}


def clerk_stamp(scene: Scene, clerk: str) -> Stamp:
    return Stamp(at=scene.now, actor=f"clerk:{clerk}", clerk=clerk)


def test_the_column_of_the_clerk_who_is_signed_in(scene: Scene) -> None:
    """Design 6: own ones, those offered, and for a chief what lies before him; words come from the vault, masked."""
    scene.do(AddClerk(number="0310", department="县人社局", chief=True))
    scene.open("9", "0310")
    inquiry = asked(scene)
    scene.do(HandOverInquiry(inquiry=inquiry.id, to=B), counter="1")
    words = {inquiry.id: "社保卡怎么补", f"{inquiry.id}/visitor": "张* 139****5678"}
    seen = sight(scene, words)
    one, two, nine = (inquiry_column(scene.hall, seen, scene.hall.counters[n]) for n in ("1", "2", "9"))
    assert one is not None
    assert two is not None
    assert nine is not None
    assert [(i.id, i.matter, i.visitor, i.offered_to) for i in one.mine] == [
        (inquiry.id, "社保卡怎么补", "张* 139****5678", B)
    ]
    assert ([i.id for i in two.incoming], two.mine, one.incoming) == ([inquiry.id], [], [])
    assert A not in one.colleagues
    assert B in one.colleagues
    assert nine.listed == []
    scene.at("16:31", "2026-11-25")
    nine = inquiry_column(scene.hall, sight(scene, words), scene.hall.counters["9"])
    assert nine is not None
    assert [(i.id, i.overdue) for i in nine.listed] == [(inquiry.id, True)]
    from hall_server.core.people.session import EndSession

    session = scene.hall.counters["1"].session
    scene.do(EndSession(session=str(session), reason="signed_out"))
    assert inquiry_column(scene.hall, seen, scene.hall.counters["1"]) is None


def test_answered_ones_leave_the_hall_on_the_second_day_and_numbers_go_on(scene: Scene) -> None:
    inquiry, open_one = asked(scene), asked(scene)
    scene.do(AnswerInquiry(inquiry=inquiry.id), counter="1")
    for day in ("2026-11-25", "2026-11-26"):
        assert inquiry.id in scene.hall.inquiries_answered
        scene.at("05:00", day)
        scene.do(TimePassed())
    assert inquiry.id not in scene.hall.inquiries_answered
    assert open_one.id in scene.hall.inquiries
    scene.open("1")
    assert asked(scene).id == "I2026-00003"
    scene.check()


# ---------------------------------------------------------------- every order of acts


class Responsibility(RuleBasedStateMachine):
    """Whatever clerks do in whatever order: there is never an inquiry without somebody who has to answer it."""

    CLERKS = tuple(f"030{n}" for n in range(1, 5))
    COUNTERS = ("1", "2", "3", "9")

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene()
        self.scene.do(AddClerk(number="0310", department="县人社局", chief=True))
        for counter, clerk in zip(self.COUNTERS, self.CLERKS, strict=True):
            self.scene.open(counter, clerk)
            self.act(OpenInquiry(belongs_to="own"), counter)

    def act(self, command: Command, counter: str) -> None:
        with contextlib.suppress(Refused):
            self.scene.do(command, counter=counter)

    def some(self, pick: int) -> str:
        hall = self.scene.hall
        known = list(hall.inquiries) if pick < 8 and hall.inquiries else list(hall.inquiries_answered)
        return known[pick % len(known)] if known else "I2026-00009"

    @rule(counter=st.sampled_from(COUNTERS), belongs=st.sampled_from(("own", "department", "counter", "outside")))
    def opens(self, counter: str, belongs: str) -> None:
        self.act(OpenInquiry(belongs_to=belongs), counter)

    def at_counter_of(self, who: str, ident: str) -> str:
        """Where the one concerned sits, or somebody else: most acts by chance would only be refused."""
        inquiry = self.scene.hall.inquiries.get(ident)
        clerk = None if inquiry is None else {"holder": inquiry.responsible, "asked": inquiry.offered_to}.get(who)
        found = (c.counter for c in self.scene.hall.counters.values() if clerk is not None and c.clerk == clerk)
        return next(found, "9")

    WHO = st.sampled_from(("holder", "asked", "holder", "asked", "other"))

    @rule(pick=st.integers(0, 7), to=st.sampled_from(CLERKS))
    def holder_hands_over(self, pick: int, to: str) -> None:
        ident = self.some(pick)
        self.act(HandOverInquiry(inquiry=ident, to=to), self.at_counter_of("holder", ident))

    @rule(who=WHO, pick=st.integers(0, 9), to=st.sampled_from((*CLERKS, "0310", "0399")))
    def hands_over(self, who: str, pick: int, to: str) -> None:
        ident = self.some(pick)
        self.act(HandOverInquiry(inquiry=ident, to=to), self.at_counter_of(who, ident))

    @rule(who=WHO, pick=st.integers(0, 9), accepts=st.booleans())
    def takes_it_or_not(self, who: str, pick: int, accepts: bool) -> None:
        ident = self.some(pick)
        command = AcceptInquiry(inquiry=ident) if accepts else DeclineInquiry(inquiry=ident, reason="away")
        self.act(command, self.at_counter_of(who, ident))

    @rule(who=WHO, pick=st.integers(0, 9))
    def answers(self, who: str, pick: int) -> None:
        ident = self.some(pick)
        self.act(AnswerInquiry(inquiry=ident, notice="given"), self.at_counter_of(who, ident))

    @precondition(lambda self: all(c.enabled for c in self.scene.hall.clerks.values()))
    @rule(number=st.sampled_from((*CLERKS, "0310")))
    def account_closes(self, number: str) -> None:
        self.scene.do(DisableClerk(number=number))

    @precondition(lambda self: self.scene.hall.clerks["0310"].enabled)
    @rule()
    def chiefs_account_closes(self) -> None:
        self.scene.do(DisableClerk(number="0310"))

    @precondition(lambda self: any(not c.enabled for c in self.scene.hall.clerks.values()))
    @rule()
    def account_opens_again(self) -> None:
        number = next(c.number for c in self.scene.hall.clerks.values() if not c.enabled)
        self.scene.do(AddClerk(number=number, department="县人社局", chief=number == "0310"))
        self.everybody_signs_in()

    def everybody_signs_in(self) -> None:
        hall = self.scene.hall
        for counter, clerk in zip(self.COUNTERS, self.CLERKS, strict=True):
            if hall.counters[counter].clerk is None and hall.clerks[clerk].enabled:
                self.scene.open(counter, clerk)

    @rule(hours=st.sampled_from((1, 30)))
    def time_passes(self, hours: int) -> None:
        self.scene.later(hours=hours)
        self.scene.do(TimePassed())
        self.everybody_signs_in()

    @invariant()
    def somebody_is_responsible(self) -> None:
        hall = self.scene.hall
        for inquiry in hall.inquiries.values():
            holder = hall.clerks.get(inquiry.responsible or "")
            lists = [c for c in hall.clerks if any(i is inquiry for i in of_clerk(hall, c))]
            if inquiry.listed is None:
                assert holder is not None
                assert holder.enabled
                assert lists == [holder.number], "on exactly one list"
            else:
                assert lists == []
                assert inquiry in chiefs_list(hall, inquiry.listed, now=self.scene.now)
            assert inquiry.first == inquiry.chain[0].clerk

    @invariant()
    def numbers_are_given_once(self) -> None:
        opened = [e.data for e in self.scene.log if e.name == "inquiry_opened"]
        assert len(opened) == len({d.split(b'"inquiry":"', 1)[1][:11] for d in opened})

    def teardown(self) -> None:
        self.scene.check()


Responsibility.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_whatever_clerks_do_somebody_is_responsible = Responsibility.TestCase
