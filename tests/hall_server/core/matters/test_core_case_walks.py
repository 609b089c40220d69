"""Random lives of cases: whatever is tried in whatever order, nothing impossible happens and nothing is forgotten."""

from __future__ import annotations

from typing import Any

from case_material import FIVE, LICENCE, PLAIN, SPOT, STEPS, TEN, TWENTY, CaseScene
from hypothesis import given, settings
from hypothesis import strategies as st

from hall_protocol.refusals import REFUSALS, Refused
from hall_server.core.matters import case_commands as acts
from hall_server.core.matters.card import RaiseCard, RevokeCard
from hall_server.core.places.catalogue import TakeOver, YearRow
from hall_server.core.places.config import ChangeSettings
from hall_server.core.places.settings_rules import patched

ITEMS = st.sampled_from([FIVE, TEN, SPOT, LICENCE, PLAIN, TWENTY, STEPS])
WHO = st.sampled_from([("0301", "1"), ("0302", "2"), ("0388", "3"), ("0399", "1"), None])
DECISION = st.builds(
    acts.Decision,
    outcome=st.sampled_from(["granted", "denied"]),
    seal=st.sampled_from([None, "章1", "章2"]),
    place=st.sampled_from([None, "counter", "department"]),
)
REASON = st.sampled_from(["", "hearing", "other"])
NUMBER = st.sampled_from(["", "N-1", "张三"])
MATERIALS = st.lists(st.sampled_from(["申请表", "身份证", "照片", "户口簿"]), max_size=3).map(tuple)
ACTS: list[Any] = [
    lambda no: st.builds(acts.AskSupplement, case=no, missing=MATERIALS, notice_no=NUMBER),
    lambda no: st.builds(acts.AcceptCase, case=no, documents=st.none() | MATERIALS),
    lambda no: st.builds(acts.RefuseCase, case=no, reason=REASON),
    lambda no: st.builds(acts.PauseCase, case=no, reason=REASON, notice_no=NUMBER),
    lambda no: st.builds(acts.ResumeCase, case=no),
    lambda no: st.builds(acts.StepCase, case=no, step=st.integers(0, 7) | st.sampled_from(["审查", "无"])),
    lambda no: st.builds(acts.ExtendCase, case=no, days=st.integers(1, 12), reason=REASON, notice_no=NUMBER),
    lambda no: st.builds(acts.DecideCase, case=no, decision=DECISION),
    lambda no: st.builds(acts.DeliverCase, case=no),
    lambda no: st.builds(acts.WithdrawCase, case=no, reason=REASON),
    lambda no: st.builds(acts.VoidCase, case=no, reason=REASON),
    lambda no: st.builds(acts.ReportUp, case=no, to=st.just("city"), receipt=NUMBER),
    lambda no: st.builds(acts.ReportedAnswer, case=no, outcome=st.just("granted")),
    lambda no: st.builds(acts.ReopenCase, case=no, reason=REASON),
    lambda no: st.builds(RaiseCard, case=no, cause=st.sampled_from(["", "unlawful_fee"]), level=st.just("red")),
    lambda no: st.builds(RevokeCard, card=no.map(lambda n: f"{n}-1"), reason=REASON, evidence=NUMBER),
]
NUMBERS = st.integers(1, 4).map(lambda n: f"20261009-{n:04d}")
STEP = st.one_of(
    st.one_of([act(NUMBERS) for act in ACTS]),
    st.one_of([act(NUMBERS) for act in ACTS]),
    st.builds(
        acts.ReceiveCase, service=ITEMS, documents=st.none() | MATERIALS, accept=st.booleans(),
        decision=st.none() | DECISION, show_name=st.booleans(),
    ),
    st.sampled_from([60, 3_600, 86_400, 5 * 86_400]),
    st.sampled_from(["calendar", "hours", "off"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(ITEMS, min_size=1, max_size=4), st.lists(st.tuples(WHO, STEP), max_size=25))
def test_any_walk_keeps_every_promise_and_replays_to_the_same_hall(
    begun: list[str], walk: list[tuple[tuple[str, str] | None, Any]]
) -> None:
    """Every refusal has its code and changes nothing; invariants hold; rows and snapshot give the same hall."""
    hall = CaseScene()
    for service in begun:
        hall.do(acts.ReceiveCase(service=service, accept=service != TEN))
    for who, step in walk:
        if who is None:
            hall.by_actor("device:D9")
        else:
            hall.by(*who)
        if isinstance(step, int):
            hall.later(s=step)
            hall.tick()
            assert hall.tick() == [], "what time does is done at once"
            continue
        try:
            hall.do(changed(hall, step) if isinstance(step, str) else step)
        except Refused as refused:
            assert refused.code in REFUSALS  # noqa: PT017 - which one depends on the walk
        for case in hall.hall.cases.values():
            assert case.is_running == (case.clock == "running")
            levels = [hall.hall.cards[c].level + hall.hall.cards[c].cause for c in case.cards]
            assert len(levels) == len(set(levels)), "each level once per case and cause"
            if case.statutory_due is not None and case.promised_due is not None:
                assert case.promised_due <= case.statutory_due, "the promise is never later than the law"
    hall.check()


def changed(hall: CaseScene, what: str) -> Any:
    """Another calendar or other settings."""
    if what == "calendar":
        return TakeOver(calendar={"2027": YearRow(off=("2026-12-31", "2027-01-01"), work=("2027-01-09",))})
    values = {"hours": {"hours": {"working_day": ["08:30-17:00"]}}, "off": {"calendar": {"off": ["2026-10-14"]}}}[what]
    return ChangeSettings(settings=patched(hall.hall.settings, values))
