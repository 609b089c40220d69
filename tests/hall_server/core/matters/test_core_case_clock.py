"""Both clocks on a virtual clock: warning, yellow, red, pauses, another calendar, a server that was down."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from typing import Any

import pytest
from case_material import FIVE, PLAIN, SPOT, STEPS, TEN, TWENTY, VECTORS, CaseScene, at, calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from hall_server.core.hall import as_values, decode, encode
from hall_server.core.matters import case_clock
from hall_server.core.matters import case_commands as acts
from hall_server.core.matters.card import CardRaised, RaiseCard, RevokeCard
from hall_server.core.matters.case import Case, Stop
from hall_server.core.matters.case_events import CaseRecalculated, CaseWarned
from hall_server.core.matters.reckoner import Reckoner
from hall_server.core.places.catalogue import TakeOver, YearRow
from hall_server.core.places.config import ChangeSettings
from hall_server.core.places.settings_rules import patched
from hall_server.core.registry import Event
from hall_server.core.stamp import instant

MINUTE = 60_000


@pytest.fixture
def hall() -> CaseScene:
    return CaseScene()


def shown(hall: CaseScene, case: Case) -> tuple[str, bool]:
    """Its light now, and whether that is a warning."""
    lit = case_clock.light(hall.hall, case, hall.now)
    return lit.light, lit.warning


def raised(events: list[Event]) -> list[tuple[str, str, str]]:
    """Cards among events: level, cause, true time."""
    return [(e.level, e.cause, e.true_at) for e in events if isinstance(e, CardRaised)]


def walk(hall: CaseScene, until: str, *, by: int = MINUTE) -> list[tuple[int, Event]]:
    """Time passes minute by minute, as a second hand would; what happened and when."""
    found = []
    while hall.now < at(until):
        hall.now += by
        found += [(hall.now, e) for e in hall.tick()]
    return found


# ---------------------------------------------------------------- the worked examples


def test_the_worked_example(hall: CaseScene) -> None:
    """A3c: accepted 10-09, 5 working days: warning 10-14 at opening, yellow 10-15 16:30, red 10-20 16:30."""
    case = hall.accepted(FIVE)
    told = [(t, e) for t, e in walk(hall, "2026-10-21T10:00") if isinstance(e, CardRaised | CaseWarned)]
    assert [(t, type(e).__name__) for t, e in told] == [
        (at("2026-10-14T09:00"), "CaseWarned"),
        (at("2026-10-15T16:30"), "CardRaised"),
        (at("2026-10-20T16:30"), "CardRaised"),
    ]
    yellow, red = (e for _, e in told if isinstance(e, CardRaised))
    assert (yellow.level, yellow.cause, yellow.rule) == ("yellow", "promised_limit_passed", "promised_limit")
    assert (red.level, red.cause, red.rule) == ("red", "promised_limit_passed", "red_after_working_days=3")
    assert yellow.true_at == yellow.raised_at == yellow.due_at == "2026-10-15T16:30:00.000+08:00"
    assert (yellow.clerk, yellow.counter, yellow.calendar_version) == ("0301", "1", hall.hall.calendar_version)
    assert case.standing == ["yellow", "red"]
    hall.check()


def test_the_worked_example_with_a_pause(hall: CaseScene) -> None:
    """A3c: pause [10-14, 10-21): due 10-22, warning 10-21, yellow 10-22 16:30, red 10-27 16:30."""
    case = hall.accepted(FIVE)
    hall.pass_to("2026-10-14T08:59")
    hall.pause(case)
    assert (case.promised_due, case.clock) == (None, "stopped")
    assert walk(hall, "2026-10-21T08:30", by=10 * MINUTE) == [] or not case.cards
    assert shown(hall, case) == ("green", False)
    hall.resume(case)
    assert case.promised_due == at("2026-10-22T16:30")
    told = [(t, type(e).__name__) for t, e in walk(hall, "2026-10-28T10:00") if isinstance(e, CardRaised | CaseWarned)]
    assert told == [
        (at("2026-10-21T09:00"), "CaseWarned"),
        (at("2026-10-22T16:30"), "CardRaised"),
        (at("2026-10-27T16:30"), "CardRaised"),
    ]
    hall.check()


def test_the_light_goes_from_green_over_warning_and_yellow_to_red(hall: CaseScene) -> None:
    """The warning ends at the due instant, where the card takes over; a light is never without its word."""
    case = hall.accepted(FIVE)
    moments = {
        "2026-10-14T08:59": ("green", False),
        "2026-10-14T09:00": ("yellow", True),
        "2026-10-15T16:29": ("yellow", True),
        "2026-10-15T16:30": ("yellow", False),
        "2026-10-20T16:29": ("yellow", False),
        "2026-10-20T16:30": ("red", False),
    }
    for clock, expected in moments.items():
        hall.pass_to(clock)
        assert shown(hall, case) == expected, clock


@pytest.mark.parametrize(
    ("service", "warned"),
    [
        (FIVE, "2026-10-14T09:00"),  # 20 % of five is one day
        (TEN, "2026-10-21T09:00"),  # never more than one day before
        (SPOT, None),  # same-day items have no warning
    ],
)
def test_when_a_case_is_warned_of(hall: CaseScene, service: str, warned: str | None) -> None:
    case = hall.accepted(service)
    assert Reckoner(hall.hall).warn_at(case) == (None if warned is None else at(warned))


def test_limits_under_five_days_warn_on_the_due_day_itself(hall: CaseScene) -> None:
    case = hall.accepted(FIVE)
    case.promised_days, case.promised_due = 4, at("2026-10-14T16:30")
    assert Reckoner(hall.hall).warn_at(case) == at("2026-10-14T09:00")


def test_red_comes_with_the_statutory_limit_when_that_is_first(hall: CaseScene) -> None:
    """Ten promised, twelve by law: red with the law's limit, not on the third day after the promise."""
    case = hall.accepted(TEN)
    assert case.statutory_due == at("2026-10-26T16:30")
    hall.pass_to("2026-10-22T16:30")
    assert raised(hall.pass_to("2026-10-26T16:30")) == [
        ("red", "statutory_limit_passed", "2026-10-26T16:30:00.000+08:00")
    ]
    assert raised(hall.pass_to("2026-10-27T16:30")) == [], "one red card stands, the later threshold adds none"
    assert hall.tick() == []
    hall.check()


def test_decided_at_the_due_instant_raises_nothing_and_a_second_later_does(hall: CaseScene) -> None:
    """2.2: decided at exactly that instant is on time; one second later is not, and its card stands before it."""
    good, late = hall.accepted(FIVE), hall.accepted(FIVE)
    hall.pass_to("2026-10-15T16:29:59")
    hall.now += 1000
    # At the instant itself the promise is kept: the clock's own look comes after the act of that instant.
    assert [type(e).__name__ for e in hall.decide(good)] == ["CaseDecided"]
    hall.now += 1000
    events = hall.decide(late)
    assert [type(e).__name__ for e in events] == ["CardRaised", "CaseDecided"]
    assert raised(events) == [("yellow", "promised_limit_passed", "2026-10-15T16:30:00.000+08:00")]
    assert (good.cards, late.standing) == ([], ["yellow"])
    assert hall.tick() == [] or not good.cards
    hall.check()


# ---------------------------------------------------------------- the server was down


def test_a_card_raised_late_tells_its_true_time(hall: CaseScene) -> None:
    """A3c: server down over the due instant: on start the card is raised with its true time and the time of raising."""
    case = hall.accepted(FIVE)
    hall.now = at("2026-10-21T09:00")
    hall.hall = decode(encode(hall.hall))
    cards = [e for e in hall.tick() if isinstance(e, CardRaised)]
    assert [(c.level, c.true_at, c.raised_at) for c in cards] == [
        ("yellow", "2026-10-15T16:30:00.000+08:00", "2026-10-21T09:00:00.000+08:00"),
        ("red", "2026-10-20T16:30:00.000+08:00", "2026-10-21T09:00:00.000+08:00"),
    ]
    assert "case_warned" not in hall.names(), "what is past is not announced as coming"
    assert hall.tick() == []
    hall.check()
    assert [hall.hall.cards[c].true for c in hall.hall.cases[case.no].cards] == [
        at("2026-10-15T16:30"), at("2026-10-20T16:30"),
    ]  # fmt: skip


def test_replaying_the_journal_raises_no_card_again(hall: CaseScene) -> None:
    """Each level is raised once per case and cause."""
    hall.accepted(FIVE)
    hall.pass_to("2026-10-21T09:00")
    hall.hall = hall.replayed()
    assert hall.tick() == []
    hall.pass_to("2026-10-30T09:00")
    assert hall.names().count("card_raised") == 2


def test_a_thousand_cases_due_in_the_same_second(hall: CaseScene) -> None:
    """1,000 cases due in the same second: one card each, once."""
    for _ in range(1000):
        hall.do(acts.ReceiveCase(service=FIVE, accept=True), watched=False)
    hall.pass_to("2026-10-14T09:00")
    events = hall.pass_to("2026-10-15T16:30")
    assert len({e.case for e in events if isinstance(e, CardRaised)}) == len(raised(events)) == 1000
    assert hall.tick() == []
    hall.check()


# ---------------------------------------------------------------- steps, pauses, revocation


def test_a_step_overdue_raises_a_card_though_the_case_is_green(hall: CaseScene) -> None:
    case = hall.accepted(STEPS)
    hall.do(acts.StepCase(case=case.no, step="审查"))
    assert raised(hall.pass_to("2026-10-12T16:30")) == [("yellow", "step_overdue", "2026-10-12T16:30:00.000+08:00")]
    assert case.promised_due == at("2026-10-22T16:30")
    assert shown(hall, case) == ("yellow", False)
    hall.check()


def test_a_step_waits_while_the_clock_stands(hall: CaseScene) -> None:
    case = hall.accepted(STEPS)
    hall.do(acts.StepCase(case=case.no, step="审查"))
    hall.pass_to("2026-10-10T10:00")
    hall.pause(case)
    assert raised(hall.pass_to("2026-10-19T10:00")) == []
    hall.resume(case)
    assert case.step_due == at("2026-10-20T16:30")
    assert len(raised(hall.pass_to("2026-10-20T16:30"))) == 1
    hall.check()


def test_while_the_clock_stands_no_card_is_raised(hall: CaseScene) -> None:
    """A stopped clock is not overdue, however long it stands; an auditor raises none either."""
    case = hall.accepted(FIVE)
    hall.pass_to("2026-10-15T16:00")
    hall.pause(case)
    assert raised(hall.pass_to("2027-03-01T10:00")) == []
    assert hall.refusal(RaiseCard(case=case.no, cause="late_first_review")) == "wrong_state"
    hall.resume(case)
    assert case.promised_due == at("2027-03-01T16:30"), "the last day was left, and it is today"
    assert case.provisional
    hall.check()


def test_an_overdue_case_cannot_be_paused(hall: CaseScene) -> None:
    """2.2: a pause may not begin after the due instant; an overdue case stays overdue."""
    case = hall.accepted(FIVE)
    hall.now = at("2026-10-15T16:30") + 1
    hall.by("0399")
    assert hall.refusal(acts.PauseCase(case=case.no, reason="hearing", notice_no="N1")) == "overdue"
    hall.tick()
    assert hall.refusal(acts.PauseCase(case=case.no, reason="hearing", notice_no="N1")) == "overdue"


def test_a_revoked_card_stays_in_the_register_and_colours_nothing(hall: CaseScene) -> None:
    """Reason, evidence and the auditor's role; a later threshold raises its own card; no due date moves."""
    case = hall.accepted(FIVE)
    hall.pass_to("2026-10-15T16:30")
    (card,) = case.cards
    hall.by_actor("account:watch")
    for command, code in (
        (RevokeCard(card="x", reason="wrong_date", evidence="17"), "unknown_card"),
        (RevokeCard(card=card, reason="", evidence="17"), "reason_missing"),
        (RevokeCard(card=card, reason="wrong_date", evidence=""), "evidence_missing"),
    ):
        assert hall.refusal(command) == code
    hall.do(RevokeCard(card=card, reason="closure_not_entered", evidence="seq:17"))
    assert hall.refusal(RevokeCard(card=card, reason="other", evidence="17")) == "wrong_state"
    assert shown(hall, case) == ("green", False)
    assert (hall.hall.cards[card].revoked, case.promised_due) == (hall.now, at("2026-10-15T16:30"))
    assert hall.tick() == [], "it is not raised again"
    assert [level for level, *_ in raised(hall.pass_to("2026-10-20T16:30"))] == ["red"]
    hall.check()


def test_revoking_a_red_card_brings_none_of_the_past_back(hall: CaseScene) -> None:
    case = hall.accepted(TEN)
    hall.pass_to("2026-10-27T17:00")
    red = next(c for c in case.cards if hall.hall.cards[c].level == "red")
    hall.by_actor("account:watch")
    hall.do(RevokeCard(card=red, reason="beyond_control", evidence="seq:9"))
    assert raised(hall.pass_to("2026-11-05T09:00")) == [], "the third day passed while the red card stood"
    hall.check()


def test_an_auditor_raises_what_no_clock_sees(hall: CaseScene) -> None:
    """Bad input: a card without cause has its own code; each level once per case and cause."""
    case = hall.receive(TEN)
    hall.by_actor("account:watch")
    for cause in ("", "promised_limit_passed", "because"):
        assert hall.refusal(RaiseCard(case=case.no, cause=cause)) == "card_without_cause"
    assert hall.refusal(RaiseCard(case="x", cause="unlawful_fee")) == "unknown_case"
    hall.do(RaiseCard(case=case.no, cause="unlawful_fee"))
    assert hall.refusal(RaiseCard(case=case.no, cause="unlawful_fee")) == "card_stands"
    hall.do(RaiseCard(case=case.no, cause="unlawful_fee", level="red"))
    assert shown(hall, case)[0] == "red"
    hall.check()


# ---------------------------------------------------------------- another calendar


def test_a_notice_recalculates_every_open_case_in_the_same_commit() -> None:
    """A3c, 2.3: one event with old and new dates, reason and version; printed dates stay a promise."""
    hall = CaseScene(at="2026-12-20T09:30:00.000+08:00")
    hall.now = at("2026-12-21T09:30")
    short, long = hall.accepted(FIVE), hall.accepted(TWENTY)
    told = {c.no: (c.promised_due, c.statutory_due) for c in (short, long)}
    assert (long.promised_due, long.provisional, short.provisional) == (at("2027-01-19T16:30"), True, False)
    # 2027-01-04 becomes a day off, Saturday the 9th of January a working day: what was due behind them moves.
    year = YearRow(off=("2027-01-01", "2027-01-04", "2027-01-05"), work=("2027-01-09",))
    events = hall.do(TakeOver(calendar={"2027": year}))
    assert [type(e).__name__ for e in events] == ["CalendarChanged", "CaseRecalculated"]
    event = events[1]
    assert isinstance(event, CaseRecalculated)
    assert (event.reason_code, event.calendar_version) == ("calendar_imported", hall.hall.calendar_version)
    (row,) = event.cases
    assert row[0] == long.no
    assert row[1] == "2027-01-19T16:30:00.000+08:00"
    assert long.promised_due == told[long.no][0], "a printed date that is earlier and still worked stays the promise"
    assert long.statutory_due != told[long.no][1]
    assert (long.provisional, short.promised_due) == (False, told[short.no][0])
    assert long.calendar_version == hall.hall.calendar_version
    hall.check()


def test_a_notice_settles_the_last_days_of_the_year_before(hall: CaseScene) -> None:
    """2.3: cases due 29–31 December are recalculated although their year was published."""
    hall.now = at("2026-12-24T09:30")
    case = hall.accepted(FIVE)
    assert case.promised_due == at("2026-12-31T16:30")
    hall.do(TakeOver(calendar={"2027": YearRow(off=("2026-12-31", "2027-01-01"), work=("2026-12-27",))}))
    assert case.promised_due == at("2026-12-30T16:30")
    hall.check()


def test_a_local_holiday_moves_dates_and_raised_cards_stay(hall: CaseScene) -> None:
    """Section 5: local holiday added in between: dates move, raised cards stay."""
    late, running = hall.accepted(FIVE), hall.accepted(TEN)
    hall.pass_to("2026-10-15T16:30")
    values = patched(hall.hall.settings, {"calendar": {"off": ["2026-10-15", "2026-10-22"]}})
    events = hall.do(ChangeSettings(settings=values))
    assert isinstance(events[-1], CaseRecalculated)
    assert (events[-1].reason_code, events[-1].calendar_version) == ("settings_changed", hall.hall.calendar_version)
    assert late.promised_due == at("2026-10-16T16:30")
    assert running.promised_due == at("2026-10-26T16:30"), "two days were taken out"
    assert late.standing == ["yellow"]
    assert raised(hall.pass_to("2026-10-16T16:30")) == [], "the card of this level and cause stands already"
    assert [level for level, *_ in raised(hall.pass_to("2026-10-21T16:30"))] == ["red"]
    hall.check()


def test_other_hours_move_the_instant_and_not_the_day(hall: CaseScene) -> None:
    case = hall.accepted(FIVE)
    values = patched(hall.hall.settings, {"hours": {"working_day": ["09:00-12:00", "13:00-17:00"]}})
    hall.do(ChangeSettings(settings=values))
    assert case.promised_due == at("2026-10-15T17:00")
    hall.do(ChangeSettings(settings=patched(hall.hall.settings, {"hours": {"due_at": "end_of_day"}})))
    assert case.promised_due == at("2026-10-16T00:00")
    before = hall.hall.seq
    hall.do(ChangeSettings(settings=patched(hall.hall.settings, {"queue": {"calls_max": 4}})))
    assert hall.hall.seq == before + 1, "what moves no date recalculates nothing"
    hall.check()


def test_other_thresholds_count_from_now_on(hall: CaseScene) -> None:
    """Every threshold is a setting (section 5)."""
    case = hall.accepted(TEN)
    values = patched(
        hall.hall.settings,
        {"supervision": {"warning_working_days": 3, "warning_share": 50, "red_after_working_days": 1}},
    )
    hall.do(ChangeSettings(settings=values))
    warned = [e for e in hall.pass_to("2026-10-19T09:00") if isinstance(e, CaseWarned)]
    assert [e.case for e in warned] == [case.no]
    assert [level for level, *_ in raised(hall.pass_to("2026-10-23T16:30"))] == ["yellow", "red"]


# ---------------------------------------------------------------- what must hold for every case

MIXED = st.lists(
    st.tuples(st.sampled_from([FIVE, TEN, SPOT, TWENTY, PLAIN, STEPS]), st.integers(0, 9)), min_size=1, max_size=8
)
DAYS = st.integers(min_value=0, max_value=80)
STOPS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=4)
BASE = CaseScene()
RECKONER = Reckoner(BASE.hall)
START = date(2026, 8, 1)


def made(start: int, limit: int, unit: str, stops: list[tuple[int, int]]) -> Case:
    """A case accepted on some day with these pauses after it."""
    day = START + timedelta(days=start)
    case = BASE.hall.cases.get("x") or BASE.receive()
    made = [
        Stop((day + timedelta(days=a)).isoformat(), (day + timedelta(days=a + n)).isoformat(), "", "") for a, n in stops
    ]
    return Case(
        no="x", service=case.service, edition=0, department="", site="county", form="", state="accepted",
        handling="committed", promised_days=limit, statutory_days=limit * 2, day_unit=unit, type_code="",
        catalogue_version="", received=0, entered=0, accepted_on=day.isoformat(),
        accepted=at(f"{day.isoformat()}T10:00"), stops=made,
    )  # fmt: skip


def walked(case: Case) -> date:
    """The due day found by walking one day after the other, as a person would on paper."""
    start = date.fromisoformat(str(case.accepted_on))
    off = {
        date.fromisoformat(s.begins) + timedelta(days=n)
        for s in case.stops
        for n in range((date.fromisoformat(str(s.ends)) - date.fromisoformat(s.begins)).days)
    }
    worked = RECKONER.calendar.is_working_day
    day, left = start, case.promised_days
    if left == 0:
        while day in off or not worked(day):
            day += timedelta(days=1)
        return day
    while left:
        day += timedelta(days=1)
        if day not in off and (case.day_unit == "day" or worked(day)):
            left -= 1
    while day in off or not worked(day):
        day += timedelta(days=1)
    return day


VECTORS_OF_CASES = list(csv.DictReader((VECTORS / "deadline_vectors.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("row", VECTORS_OF_CASES, ids=[r["id"] for r in VECTORS_OF_CASES])
def test_a_case_is_due_as_the_vectors_say(row: dict[str, str]) -> None:
    """A3c: the vectors in `deadline_vectors.csv` all hold, through a case with its pauses and its closing time."""
    case = made(0, int(row["n"]), row["unit"], [])
    case.accepted_on, case.accepted = row["start"], at(f"{row['start']}T10:00")
    ends = [pause.split("/") for pause in row["pauses"].split(";") if pause]
    case.stops = [Stop(begins, until or None, "", "") for begins, until in ends]
    found = RECKONER.dates(case).promised
    assert found == (at(f"{row['due']}T16:30") if row["due"] else None)


GOLDEN = json.loads((VECTORS / "indicators_golden.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("row", [c for c in GOLDEN if c["accepted_on"]], ids=lambda c: c["case"])
def test_the_golden_months_cases_are_due_when_it_says(row: dict[str, Any]) -> None:
    """The golden month's promised instants, pauses and on-the-spot items included."""
    case = made(0, row["promised_working_days"], "working_day", [])
    case.accepted_on, case.accepted = row["accepted_on"], at(f"{row['accepted_on']}T10:00")
    case.stops = [Stop(begins, until, "", "") for begins, until in row["pauses"]]
    found = RECKONER.dates(case).promised
    told = row["promised_due_at"]
    assert found == (None if told is None else instant(told))


@settings(max_examples=250, deadline=None)
@given(DAYS, st.integers(0, 40), st.sampled_from(["working_day", "day"]), STOPS)
def test_a_cases_dates_are_those_of_day_by_day_walking(
    start: int, limit: int, unit: str, stops: list[tuple[int, int]]
) -> None:
    case = made(start, limit, unit, stops)
    found = RECKONER.dates(case).promised
    assert found is not None
    assert RECKONER.day(found) == walked(case)


@settings(max_examples=150, deadline=None)
@given(DAYS, st.integers(0, 40), st.sampled_from(["working_day", "day"]), STOPS)
def test_a_pause_never_makes_a_date_earlier_and_more_days_never_do(
    start: int, limit: int, unit: str, stops: list[tuple[int, int]]
) -> None:
    plain, paused = RECKONER.dates(made(start, limit, unit, [])), RECKONER.dates(made(start, limit, unit, stops))
    longer = RECKONER.dates(made(start, limit + 1, unit, stops))
    assert plain.promised is not None
    assert paused.promised is not None
    assert longer.promised is not None
    assert plain.promised <= paused.promised <= longer.promised
    assert paused.statutory is not None
    assert paused.promised <= paused.statutory, "the promise is never later than the law"


@settings(max_examples=25, deadline=None)
@given(MIXED, st.integers(1, 5), st.randoms(use_true_random=False))
def test_however_often_the_clock_looks_the_same_cards_are_raised(
    cases: list[tuple[str, int]], days: int, chance: Any
) -> None:
    """The agenda finds in one look what a second hand finds in many: same cards, same true times."""
    told = []
    for looks in ("many", "one"):
        hall = CaseScene()
        for service, wait in cases:
            hall.now = at("2026-10-09T09:30") + wait * 3_600_000
            hall.do(acts.ReceiveCase(service=service, accept=True), watched=False)
        end = at("2026-10-12T09:00") + days * 5 * 86_400_000
        while looks == "many" and hall.now < end:
            hall.now += chance.randrange(1, 40) * 3_600_000
            hall.tick()
        hall.now = max(hall.now, end)
        if looks == "many":
            end = hall.now
        hall.now = end
        hall.tick()
        hall.check()
        told.append(sorted((c.case, c.level, c.cause, c.true) for c in hall.hall.cards.values() if c.true <= end))
        last = end
    few = [row for row in told[0] if row[3] <= last]
    assert few == told[1]


def test_the_agenda_is_derived_and_never_stored(hall: CaseScene) -> None:
    case = hall.accepted(FIVE)
    assert hall.hall.agenda_now().first() == at("2026-10-14T09:00")
    again = decode(encode(hall.hall))
    assert again.agenda is None
    assert as_values(again) == as_values(hall.hall)
    assert again.agenda_now().first() == at("2026-10-14T09:00")
    hall.decide(case)
    assert hall.hall.agenda_now().first() is None


def test_the_calendar_of_the_tests_is_the_published_one(hall: CaseScene) -> None:
    assert set(hall.hall.published) == set(calendar()) and "2027" not in hall.hall.published  # noqa: PT018
