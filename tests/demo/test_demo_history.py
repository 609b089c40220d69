"""An invented past: two weeks of it, everything of a hall's life in them, the record whole and without a name."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from demo import past_words
from demo.chronicle import Chronicle
from demo.history import found, main, months_before, write
from hall_server.cli import command
from hall_server.core import invariants
from hall_server.core.hall import Hall, as_values
from hall_server.core.matters import case_clock
from hall_server.engine import apply_row
from hall_server.journal.reader import Reader
from hall_server.personal.vault import Vault
from hall_server.reports import indicators, projection

BEGINS, UNTIL = date(2026, 11, 2), date(2026, 11, 18)
WITHIN_S = 6.0
"""Processor time of two weeks, on any machine that may run a hall."""


def made(folder: Path, *, seed: int = 1) -> tuple[Path, Chronicle]:
    data = folder / "hall"
    found(data, on=BEGINS)
    return data, write(data, seed=seed, until=UNTIL)


@pytest.fixture(scope="module")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Chronicle, float]:
    began = time.process_time()
    data, past = made(tmp_path_factory.mktemp("past"))
    return data, past, time.process_time() - began


@pytest.fixture(scope="module")
def rows(two_weeks: tuple[Path, Chronicle, float]) -> list[tuple[str, bytes, str]]:
    with Reader(two_weeks[0] / "journal.db") as reader:
        return [(row.type, bytes(row.data, "utf-8") if isinstance(row.data, str) else row.data, row.actor)
                for row in reader.stream(0)]  # fmt: skip


def test_two_weeks_are_quickly_written_and_nothing_in_them_was_refused(two_weeks: tuple[Path, Chronicle, float]):
    _, past, took_s = two_weeks
    assert took_s < WITHIN_S
    assert past.refused == {}
    assert past.hall.day == UNTIL.isoformat()
    assert all(c.state == "closed" and c.session is None for c in past.hall.counters.values())


def test_the_record_verifies_and_replay_is_the_state(
    two_weeks: tuple[Path, Chronicle, float], capsys: pytest.CaptureFixture[str]
):
    data, past, _ = two_weeks
    assert command(["verify", "--data", str(data)]) == 0
    assert capsys.readouterr().out.startswith(f"ok {past.hall.seq} events")
    again = Hall()
    with Reader(data / "journal.db") as reader:
        for row in reader.stream(0):
            apply_row(again, row)
    assert as_values(again) == as_values(past.hall)
    invariants.check_all(again)


def test_the_same_seed_gives_the_same_record_and_another_another(
    two_weeks: tuple[Path, Chronicle, float], tmp_path: Path
):
    def head(data: Path) -> bytes:
        with Reader(data / "journal.db") as reader:
            return reader.head.hash

    first = head(two_weeks[0])
    assert head(made(tmp_path / "same")[0]) == first
    assert head(made(tmp_path / "other", seed=2)[0]) != first


@pytest.fixture(scope="module")
def report(two_weeks: tuple[Path, Chronicle, float]) -> Path:
    data = two_weeks[0]
    with Reader(data / "journal.db") as reader:
        projection.rebuild(data / "report.db", reader.stream(0))
    return data / "report.db"


def test_all_seven_indicators_have_something_to_count(report: Path):
    row = indicators.indicators(report, month="2026-11").rows[0]
    for name in indicators.CODE_NAMES:
        fraction = getattr(row, name)
        assert fraction.denominator > 0, name
        assert fraction.numerator > 0, name
    below = ("entry_rate", "authorisation_rate", "on_site_rate", "on_time_rate", "satisfaction_rate")
    assert all(getattr(row, name).numerator < getattr(row, name).denominator for name in below)
    rated, served = indicators.active_rating_rate(report, month="2026-11")
    assert 0 < rated < served


def test_every_kind_of_case_is_there_open_ones_with_lights(two_weeks: tuple[Path, Chronicle, float]):
    hall = two_weeks[1].hall
    cases = list(hall.cases.values())
    assert {c.state for c in cases} >= {
        "received", "accepted", "paused", "decided", "delivered", "withdrawn", "not_accepted", "void",
    }  # fmt: skip
    assert {c.place for c in cases if c.decided} == {"counter", "department"}
    assert {c.outcome for c in cases if c.decided} == {"granted", "denied"}
    lights = Counter(case_clock.light(hall, c, hall.at).light for c in cases if c.is_open)
    assert lights["green"] > 0
    assert lights["yellow"] + lights["red"] > 0
    assert any(c.is_open and c.standing for c in cases), "one is overdue and nobody has decided it"


def test_every_event_of_these_lives_happened(rows: list[tuple[str, bytes, str]]):
    happened = {kind for kind, _, _ in rows}
    assert happened >= {
        "ticket_issued", "ticket_called", "ticket_recalled", "ticket_marked_no_show", "ticket_reinstated",
        "ticket_cancelled", "ticket_parked", "ticket_resumed", "ticket_transferred", "service_finished", "rating_given",
        "bad_rating_opened", "bad_rating_verified", "bad_rating_put_right", "bad_rating_closed", "case_received",
        "case_accepted", "case_supplement_asked", "case_paused", "case_resumed", "case_extended", "case_stepped",
        "case_decided", "case_delivered", "case_withdrawn", "case_not_accepted", "case_voided", "case_reported_up",
        "case_reported_answer", "case_reopened", "case_warned", "card_raised", "card_revoked", "inquiry_opened",
        "inquiry_handed_over", "inquiry_accepted", "inquiry_declined", "inquiry_assigned", "inquiry_answered",
        "complaint_received", "complaint_disposed", "complaint_answered", "message_written", "message_answered",
        "finding_recorded", "config_changed", "day_ended",
    }  # fmt: skip
    late = [json.loads(data) for kind, data, _ in rows if kind == "card_raised"]
    assert {card["level"] for card in late} == {"yellow", "red"}
    by_clock = [json.loads(data).get("by_clock") for kind, data, _ in rows if kind == "case_accepted"]
    assert any(by_clock), "one case counts as accepted because nobody said what was missing"


def test_no_name_no_telephone_and_no_word_is_in_the_journal(
    two_weeks: tuple[Path, Chronicle, float], rows: list[tuple[str, bytes, str]]
):
    data, past, _ = two_weeks
    record = b"\n".join(line for _, line, _ in rows).decode()
    vault = Vault(data, on_look=lambda look: None)
    try:
        known = [vault.get(f"case:{no}", who="test", why="test") for no in past.hall.cases]
    finally:
        vault.close()
    people = [visitor for visitor in known if visitor is not None]
    assert len(people) == len(past.hall.cases), "whose case it is is known of every case"
    for visitor in people:
        assert visitor.name not in record
        assert visitor.phone not in record
    words = (*past_words.COMPLAINTS.values(), *past_words.MESSAGES, *past_words.RESULTS, *past_words.COMMENTS.values())
    assert not [text for text in words if text in record]


def test_words_of_what_is_open_can_be_read(two_weeks: tuple[Path, Chronicle, float]):
    data, past, _ = two_weeks
    vault = Vault(data, on_look=lambda look: None)
    try:
        refs = [*past.hall.complaints, *past.hall.book, *past.hall.inquiries]
        texts = [vault.get(ref, who="test", why="test") for ref in refs]
    finally:
        vault.close()
    assert refs
    assert [ref for ref, kept in zip(refs, texts, strict=True) if kept is None or not kept.text] == []


def test_a_second_history_is_refused_and_a_real_hall_has_none(
    two_weeks: tuple[Path, Chronicle, float], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["--data", str(two_weeks[0]), "--until", "2026-12-01"]) == 1
    assert "tickets were given out" in capsys.readouterr().err
    real = tmp_path / "real"
    assert command(["init", "--data", str(real), "--sample", "county"]) == 0
    capsys.readouterr()
    assert main(["--data", str(real)]) == 1
    told = capsys.readouterr().err
    assert told.startswith("demo.history: this is a real hall")
    assert told.count("\n") == 1


def test_a_hall_that_is_too_young_for_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    found(tmp_path / "hall", on=date(2026, 11, 2))
    assert main(["--data", str(tmp_path / "hall"), "--until", "2026-11-02"]) == 1
    assert "founded on 2026-11-02" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--months", "0"], ["--months", "x"], ["--until", "tomorrow"], ["--seed", "x"]])
def test_wrong_usage_leaves_with_2(tmp_path: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["--data", str(tmp_path / "hall"), *wrong])
    assert left.value.code == 2
    assert not (tmp_path / "hall").exists()


def test_months_before_stay_within_their_month():
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


def test_a_demo_hall_is_founded_on_the_working_day_from_the_one_named(tmp_path: Path):
    found(tmp_path / "hall", on=date(2026, 10, 3))
    with Reader(tmp_path / "hall" / "journal.db") as reader:
        first = next(iter(reader.stream(0)))
    assert first.at == "2026-10-08T00:00:00.000+08:00", "a holiday until the seventh"
