"""The closed loop of bad ratings, the review of ratings, ratings by default and aspects (domain.md 4.1, 4.2)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from core_material import Entry, Scene

from hall_protocol.codec import plain
from hall_protocol.refusals import Refused
from hall_server.core import machine
from hall_server.core.day import TimePassed, is_due
from hall_server.core.hall import as_values, decode, encode
from hall_server.core.matters.bad_rating import (
    BadRating,
    CallBack,
    CloseBadRating,
    ExplainBadRating,
    PutBadRatingRight,
    VerifyBadRating,
    may_see,
    overdue_step,
)
from hall_server.core.matters.rating import ASPECTS, GiveRating, ReviewRating
from hall_server.core.people.account import AddAccount, AddClerk
from hall_server.core.pictures.complaint import bad_rating_view
from hall_server.core.pictures.counter import counter_picture
from hall_server.core.pictures.late import late_steps
from hall_server.core.pictures.sight import Sight
from hall_server.core.registry import Command, Event
from hall_server.core.stamp import Stamp, text

LOOP = "B2026-00001"


@pytest.fixture
def scene() -> Scene:
    return furnished(Scene())


def furnished(made: Scene) -> Scene:
    """Counters 1 and 2 are open; a chief clerk, managers, an auditor."""
    for counter in ("1", "2"):
        made.open(counter)
    made.do(AddClerk(number="0310", department="县人社局", chief=True))
    made.open("9", "0310")
    for name, role, department in (
        ("m", "manager", None), ("a", "auditor", None), ("s", "supervisor", None),
        ("c", "chief_representative", "县人社局"), ("d", "chief_representative", "县自然资源局"),
    ):  # fmt: skip
        made.do(AddAccount(name=name, role=role, department=department))  # type: ignore[arg-type]
    return made


def rated(scene: Scene, level: int = 1, *, named: bool = False, counter: str = "1") -> BadRating:
    """A service that was rated; its loop."""
    scene.take(), scene.call(counter)
    request = scene.serve(counter)
    scene.do(GiveRating(request=request, level=level, source="keypad", counter=counter, named=named))
    return list(scene.hall.bad_ratings.values())[-1]


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
    """The code an account is refused with; nothing has changed."""
    with pytest.raises(Refused) as refused:
        by(scene, command, account)
    return refused.value.code


def sight(scene: Scene) -> Sight:
    return Sight(
        now=scene.now, estimates={}, coverage={}, devices={}, url_of=str, nonce_of=str,
        words_of=lambda ref: None, ticket_estimate=lambda ticket: None,
    )  # fmt: skip


# ---------------------------------------------------------------- opening


@pytest.mark.parametrize(("level", "loops"), [(1, 1), (2, 1), (3, 0), (4, 0), (5, 0)])
def test_levels_1_and_2_open_exactly_one(scene: Scene, level: int, loops: int) -> None:
    """domain.md 4.2: exactly one, even after restart and replay."""
    scene.take(), scene.call("1")
    request = scene.serve("1")
    scene.do(GiveRating(request=request, level=level, source="keypad", counter="1"))
    assert len(scene.hall.bad_ratings) == loops
    assert scene.refusal(GiveRating(request=request, level=1, source="page")) == "already_rated"
    scene.hall = decode(encode(scene.hall))
    assert scene.refusal(GiveRating(request=request, level=1, source="page")) == "already_rated"
    assert len(scene.hall.bad_ratings) == loops
    assert as_values(scene.replayed()) == as_values(scene.hall)
    scene.check()


def test_what_a_loop_knows(scene: Scene) -> None:
    """Tuesday 24 November: called back and verified by Wednesday's close, put right within five working days."""
    loop = rated(scene, 2, named=True)
    dues = [text(due or 0, scene.hall.zone) for due in (loop.verify_due, loop.call_back_due, loop.put_right_due)]
    assert dues == ["2026-11-25T16:30:00.000+08:00"] * 2 + ["2026-12-01T16:30:00.000+08:00"]
    assert (loop.id, loop.clerk, loop.counter, loop.department, loop.level) == (LOOP, "0301", "1", "县人社局", 2)
    assert rated(scene, 1).id == "B2026-00002"


# ---------------------------------------------------------------- its steps


def test_a_named_one_goes_all_the_way(scene: Scene) -> None:
    """opened → verified → put right → called back → closed, each with person and time."""
    loop = rated(scene, named=True)
    by(scene, VerifyBadRating(loop=LOOP, finding="clear"))
    scene.later(hours=1)
    by(scene, PutBadRatingRight(loop=LOOP), "c")
    by(scene, CallBack(loop=LOOP, outcome="not_reached"))
    by(scene, CallBack(loop=LOOP, outcome="satisfied"))
    by(scene, CloseBadRating(loop=LOOP))
    assert [s.step for s in loop.steps] == ["opened", "verified", "put_right", "called_back", "called_back", "closed"]
    assert [s.who for s in loop.steps][1:3] == ["account:m", "account:c"]
    assert loop.steps[2].at - loop.steps[1].at == 3_600_000
    assert (loop.state, loop.call_back) == ("closed", "satisfied")
    for command in (VerifyBadRating(loop=LOOP, finding="clear"), CloseBadRating(loop=LOOP)):
        assert no(scene, command) == "wrong_state"
    scene.check()


def test_an_anonymous_one_skips_the_call_and_says_so(scene: Scene) -> None:
    loop = rated(scene)
    by(scene, VerifyBadRating(loop=LOOP, finding="unfounded"))
    assert no(scene, CallBack(loop=LOOP, outcome="satisfied")) == "nobody_to_call"
    by(scene, ExplainBadRating(loop=LOOP))
    (closed,) = by(scene, CloseBadRating(loop=LOOP))
    assert closed.outcome_code == "anonymous"  # type: ignore[attr-defined]
    assert bad_rating_view(scene.hall, loop, now=scene.now).call_back == "anonymous"
    scene.check()


def test_nothing_is_closed_too_early(scene: Scene) -> None:
    """domain.md 4.2: without verification refused; a named one without call-back result refused."""
    rated(scene, named=True)
    for command in (
        CloseBadRating(loop=LOOP), PutBadRatingRight(loop=LOOP), ExplainBadRating(loop=LOOP),
        CallBack(loop=LOOP, outcome="satisfied"),
    ):  # fmt: skip
        assert no(scene, command) == "not_verified", command
    by(scene, VerifyBadRating(loop=LOOP, finding="complex"))
    assert no(scene, VerifyBadRating(loop=LOOP, finding="clear")) == "wrong_state"
    assert no(scene, CloseBadRating(loop=LOOP)) == "not_put_right"
    by(scene, PutBadRatingRight(loop=LOOP))
    assert no(scene, ExplainBadRating(loop=LOOP)) == "wrong_state"
    assert no(scene, CloseBadRating(loop=LOOP)) == "not_called_back"


def test_the_clerk_concerned_cannot_verify_himself_and_does_not_learn_of_it(scene: Scene) -> None:
    """domain.md 4.1, 4.2."""
    loop = rated(scene)
    verify = VerifyBadRating(loop=LOOP, finding="clear")
    assert scene.refusal(verify, counter="1") == "unknown_bad_rating", "to him there is none"
    assert scene.refusal(verify, counter="2") == "unknown_bad_rating", "nor to his colleague"
    assert scene.refusal(VerifyBadRating(loop="B2026-00099", finding="clear"), counter="1") == "unknown_bad_rating"
    own = rated(scene, counter="2")
    own.clerk = "0310"  # as if the chief had served there
    assert scene.refusal(VerifyBadRating(loop=own.id, finding="clear"), counter="9") == "concerns_yourself"
    own.clerk = "0302"
    scene.do(verify, counter="9")
    assert loop.steps[-1].who == "clerk:0310"


def test_only_those_above_handle_and_see_it(scene: Scene) -> None:
    loop = rated(scene)
    verify = VerifyBadRating(loop=LOOP, finding="clear")
    for account in ("a", "s", "d"):
        assert no(scene, verify, account) == "unknown_bad_rating"
    stamps = {name: Stamp(at=scene.now, actor=f"account:{name}") for name in "mascd"}
    assert {name for name, stamp in stamps.items() if may_see(scene.hall, stamp, loop)} == {"m", "a", "c"}
    clerks = {n: Stamp(at=scene.now, actor=f"clerk:{n}", clerk=n) for n in ("0301", "0302", "0310")}
    assert {n for n, stamp in clerks.items() if may_see(scene.hall, stamp, loop)} == {"0310"}
    loop.clerk = "0310"
    assert not may_see(scene.hall, clerks["0310"], loop)


@pytest.mark.parametrize(
    ("named", "done", "when", "late"),
    [
        (True, (), "2026-11-25T16:30:00.000+08:00", None),
        (True, (), "2026-11-25T16:30:00.001+08:00", "verify"),
        (True, ("verify",), "2026-11-25T16:30:00.001+08:00", "call_back"),
        (False, ("verify",), "2026-11-25T16:30:00.001+08:00", None),
        (False, ("verify",), "2026-12-01T16:30:00.000+08:00", None),
        (False, ("verify",), "2026-12-01T16:30:00.001+08:00", "put_right"),
        (True, ("verify", "right", "call"), "2027-03-01T09:00:00.000+08:00", None),
        (False, ("verify", "right", "close"), "2027-03-01T09:00:00.000+08:00", None),
    ],
)
def test_late_steps_are_on_the_managers_list_on_the_right_working_day(
    scene: Scene, named: bool, done: tuple[str, ...], when: str, late: str | None
) -> None:
    from hall_server.core.stamp import instant

    loop = rated(scene, named=named)
    acts: dict[str, Command] = {
        "verify": VerifyBadRating(loop=LOOP, finding="clear"), "right": PutBadRatingRight(loop=LOOP),
        "call": CallBack(loop=LOOP, outcome="satisfied"), "close": CloseBadRating(loop=LOOP),
    }  # fmt: skip
    for act in done:
        by(scene, acts[act])
    now = instant(when)
    step = overdue_step(loop, now)
    assert (step[0] if step else None) == late
    assert bad_rating_view(scene.hall, loop, now=now).overdue == late
    shown = [a for a in late_steps(scene.hall, now=now) if a.id == f"late/{LOOP}"]
    assert [a.code for a in shown] == ([f"bad_rating_{late}_overdue"] if late else [])
    assert all("0301" not in str(a.values) and set(a.values) == {"no"} for a in shown), "a wall names nobody"


def test_closed_loops_stay_as_long_as_their_words(scene: Scene) -> None:
    loop = rated(scene)
    rated(scene, 2)
    for command in (
        VerifyBadRating(loop=LOOP, finding="clear"),
        PutBadRatingRight(loop=LOOP),
        CloseBadRating(loop=LOOP),
    ):
        by(scene, command)
    scene.at("05:00", "2026-12-24")
    scene.do(TimePassed())
    assert loop.id in scene.hall.bad_ratings
    scene.at("05:00", "2026-12-25")
    scene.do(TimePassed())
    assert list(scene.hall.bad_ratings) == ["B2026-00002"], "open ones stay however old they are"
    scene.check()


def test_no_picture_of_a_counter_tells_a_level_or_a_loop(scene: Scene) -> None:
    """domain.md 4.1: the clerk never sees the level; the counter's picture is the same for every level."""
    pictures = []
    for level in (1, 2, 3, 4, 5):
        made = furnished(Scene())
        made.take(), made.call("1")
        request = made.serve("1")
        made.do(GiveRating(request=request, level=level, source="keypad", counter="1", named=True))
        shown = plain(counter_picture(made.hall, sight(made), "1"))
        assert shown["rating"]["state"] == "rated"
        assert not words_with("level", shown) | words_with("bad", shown)
        pictures.append(json.dumps(shown, sort_keys=True))
    assert len(set(pictures)) == 1


def words_with(part: str, value: Any) -> set[str]:
    """Names of members that contain a word, at any depth."""
    if isinstance(value, dict):
        return {k for k in value if part in k} | {w for v in value.values() for w in words_with(part, v)}
    return {w for v in value for w in words_with(part, v)} if isinstance(value, list) else set()


# ---------------------------------------------------------------- review


def review(request: str, **more: Any) -> ReviewRating:
    return ReviewRating(
        **({"request": request, "decision": "excluded", "reason": "mis_pressed", "evidence": ("seq:12",)} | more)
    )


def test_a_review_that_excludes_leaves_the_loops_record(scene: Scene) -> None:
    """domain.md 4.1, 4.2: the rating stays for ever, the loop's record too."""
    loop = rated(scene)
    (event,) = by(scene, review(loop.request), "a")
    assert (event.decision, event.reason_code, event.evidence) == ("excluded", "mis_pressed", ("seq:12",))  # type: ignore[attr-defined]
    assert scene.hall.bad_ratings[LOOP] is loop
    assert (loop.reviewed, loop.state, loop.level) == ("excluded", "opened", 1)
    assert no(scene, review(loop.request, decision="confirmed"), "a") == "already_reviewed"
    scene.check()


def test_only_a_rating_that_was_given_is_reviewed_with_evidence(scene: Scene) -> None:
    scene.take(), scene.call("1")
    request = scene.serve("1")
    assert no(scene, review(request), "a") == "unknown_rating", "nobody rated yet"
    assert no(scene, review("R1"), "a") == "unknown_rating"
    scene.do(GiveRating(request=request, level=5, source="keypad", counter="1"))
    assert no(scene, review(request, evidence=()), "a") == "evidence_missing"
    (event,) = by(scene, review(request, reason="Herr X was drunk"), "a")
    assert event.reason_code == "other"  # type: ignore[attr-defined]
    by(scene, review("R1", given=True, decision="confirmed"), "a")
    assert scene.hall.rating_reviews == {request: "excluded", "R1": "confirmed"}
    scene.check()


# ---------------------------------------------------------------- defaults and aspects


def test_unrated_stays_unrated(scene: Scene) -> None:
    """domain.md 4.1: no default unless the hall set one."""
    scene.take(), scene.call("1")
    request = scene.serve("1")
    scene.now = scene.hall.ratings[request].expires + 1
    events = scene.do(TimePassed())
    assert not [e for e in events if machine.name_of(e) == "rating_given"]


def test_a_rule_of_the_place_gives_a_default_that_counts_nowhere() -> None:
    scene = furnished(Scene({"rating": {"rating_default": 4}}))
    scene.take(), scene.call("1")
    asked = scene.serve("1")
    scene.take(), scene.call("1")
    answered = scene.serve("1")
    scene.do(GiveRating(request=answered, level=2, source="keypad", counter="1"))
    scene.now = scene.hall.ratings[asked].expires - 1
    assert not [e for e in scene.do(TimePassed()) if machine.name_of(e) == "rating_given"]
    scene.later(s=1)
    assert is_due(scene.hall, scene.now)
    (given,) = [e for e in scene.do(TimePassed()) if machine.name_of(e) == "rating_given"]
    assert (given.request, given.level, given.source) == (asked, 4, "default")  # type: ignore[attr-defined]
    assert scene.hall.today.rated == 0, "figures count what visitors said; the other one was given days ago"
    assert len(scene.hall.bad_ratings) == 1
    assert not is_due(scene.hall, scene.now), "once"
    assert scene.refusal(GiveRating(request=asked, level=1, source="page")) in {"rating_closed", "unknown_rating"}
    scene.check()


def test_aspects_are_those_of_the_hall_and_their_version_is_kept(scene: Scene) -> None:
    scene.take(), scene.call("1")
    request = scene.serve("1")
    wrong = GiveRating(request=request, level=5, source="keypad", counter="1", aspects=("smile",))
    assert scene.refusal(wrong) == "unknown_aspect"
    (event,) = scene.do(GiveRating(request=request, level=5, source="keypad", counter="1", aspects=ASPECTS["1"]))
    assert event.contents == "1"  # type: ignore[attr-defined]
