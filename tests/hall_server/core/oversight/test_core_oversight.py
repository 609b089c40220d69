"""Letters, seals and findings: entered, ended and linked, never changed (domain.md A5, A11c, 7)."""

from __future__ import annotations

from datetime import date

import pytest
from core_material import Scene
from hypothesis import given
from hypothesis import strategies as st

from hall_server.core.oversight import authorisation as a
from hall_server.core.oversight import finding, seal
from hall_server.core.oversight.authorisation import Letter

ALL = a.POWERS
DAYS = st.dates(date(2026, 9, 1), date(2026, 12, 31)).map(date.isoformat)


def letter(ident: str = "L1", **changes: object) -> Letter:
    fields = {"services": ("S1",), "holder": "0301", "powers": ALL, "valid_from": "2026-01-01"} | changes
    return Letter(letter=ident, **fields)  # type: ignore[arg-type]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def grant(scene: Scene, one: Letter) -> None:
    scene.do(a.GrantLetter(letter=one))


def test_one_day_after_the_letter_ends_it_gives_nothing(scene: Scene) -> None:
    """A5a: valid from and to are inclusive."""
    grant(scene, letter(valid_from="2026-10-01", valid_to="2026-10-30"))

    def of(day: str) -> str | None:
        return a.letter_for(scene.hall, clerk="0301", service="S1", power="decide", day=date.fromisoformat(day))

    assert [of(d) for d in ("2026-09-30", "2026-10-01", "2026-10-30", "2026-10-31")] == [None, "L1", "L1", None]
    assert a.letter_for(scene.hall, clerk="0302", service="S1", power="decide", day=date(2026, 10, 2)) is None
    assert a.letter_for(scene.hall, clerk="0301", service="S2", power="decide", day=date(2026, 10, 2)) is None


def test_a_revocation_counts_from_its_day(scene: Scene) -> None:
    grant(scene, letter())
    scene.do(a.RevokeLetter(letter="L1", revoked_from="2026-10-15"))
    runs = [scene.hall.letters["L1"].runs_on(d) for d in ("2026-10-14", "2026-10-15", "2026-10-16")]
    assert runs == [True, False, False]


def test_letters_of_one_holder_add_up_those_of_two_do_not(scene: Scene) -> None:
    """Indicator 2: four powers in one hand."""
    grant(scene, letter("L1", powers=("decide", "report_up")))
    grant(scene, letter("L2", powers=("coordinate", "seal"), holder="0302"))
    assert not a.is_authorised(scene.hall, service="S1", day=date(2026, 10, 31))
    grant(scene, letter("L3", powers=("coordinate", "seal")))
    assert a.is_authorised(scene.hall, service="S1", day=date(2026, 10, 31))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"holder": "9999"}, "unknown_clerk"),
        ({"services": ("S1", "S99")}, "unknown_service"),
        ({"valid_to": "2025-12-31"}, "bad_request"),
    ],
)
def test_a_letter_that_cannot_be_is_refused(scene: Scene, wrong: dict[str, object], code: str) -> None:
    assert scene.refusal(a.GrantLetter(letter=letter(**wrong))) == code
    assert not scene.hall.letters


def test_a_register_is_never_rewritten(scene: Scene) -> None:
    """A3a."""
    grant(scene, letter())
    for command, code in (
        (a.GrantLetter(letter=letter(powers=("decide",))), "name_taken"),
        (a.RevokeLetter(letter="L9", revoked_from="2026-10-15"), "unknown_letter"),
        (a.RevokeLetter(letter="L1", revoked_from="2025-10-15"), "bad_request"),
    ):
        assert scene.refusal(command) == code
    scene.do(a.RevokeLetter(letter="L1", revoked_from="2026-10-15"))
    assert scene.refusal(a.RevokeLetter(letter="L1", revoked_from="2026-11-15")) == "wrong_state"


@given(begins=DAYS, ends=st.none() | DAYS, revoked=st.none() | DAYS, day=DAYS)
def test_a_letter_runs_on_a_day_as_counting_days_says(begins: str, ends: str | None, revoked: str | None, day: str):
    one = letter(valid_from=begins, valid_to=ends, revoked_from=revoked)
    first = date.fromisoformat(begins).toordinal()
    last = date.fromisoformat(ends).toordinal() if ends else 999_999
    if revoked:
        last = min(last, date.fromisoformat(revoked).toordinal() - 1)
    assert one.runs_on(day) == (date.fromisoformat(day).toordinal() in range(first, last + 1))


def test_a_seal_has_one_keeper_and_one_department(scene: Scene) -> None:
    """A5c."""
    one = seal.Seal(seal="X1", holder="0301", department="县人社局")
    scene.do(seal.RegisterSeal(seal=one))
    assert scene.do(seal.RegisterSeal(seal=one)) == []
    assert seal.seal_may_be_used(scene.hall, seal="X1", department="县人社局")
    assert not seal.seal_may_be_used(scene.hall, seal="X1", department="县自然资源局")
    assert not seal.seal_may_be_used(scene.hall, seal="X2", department="县人社局")
    for other, code in (
        (seal.Seal(seal="X1", holder="0301", department="县自然资源局"), "name_taken"),
        (seal.Seal(seal="X2", holder="9999", department="县人社局"), "unknown_clerk"),
        (seal.Seal(seal="X2", holder="0301", department="nowhere"), "unknown_department"),
    ):
        assert scene.refusal(seal.RegisterSeal(seal=other)) == code


def test_a_finding_is_linked_once_with_the_case_entered_afterwards(scene: Scene) -> None:
    """A11c."""
    (event,) = scene.do(finding.RecordFinding(department="县人社局", found_on="2026-11-23", service="S1"))
    assert isinstance(event, finding.FindingRecorded)
    scene.do(finding.LinkFinding(finding=event.finding, case="C1"))
    assert scene.hall.findings[event.finding].case == "C1"
    for command, code in (
        (finding.LinkFinding(finding=event.finding, case="C2"), "wrong_state"),
        (finding.LinkFinding(finding="F999", case="C2"), "unknown_finding"),
        (finding.RecordFinding(department="nowhere", found_on="2026-11-23"), "unknown_department"),
        (finding.RecordFinding(department="县人社局", found_on="2026-11-23", service="S99"), "unknown_service"),
        (finding.RecordFinding(department="县人社局", found_on="2026-11-25"), "bad_request"),
    ):
        assert scene.refusal(command) == code
