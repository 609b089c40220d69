"""How numbers are said, which clips say them, and the list of what a hall records."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from hardware.audio import phrases, spelling
from hardware.audio.spelling import COMMA_MS, PHRASE_MS, Said

CATALOGUE = Path(__file__).resolve().parents[2] / "assets" / "i18n" / "parts"


def said(number: str, counter: str, available: set[str] | frozenset[str], *, again: bool = False) -> str:
    """The sentence as text: syllables without their prefix, `|` for a pause between phrases, `,` for the comma."""
    sentence, missing = spelling.resolve(spelling.call_phrases(number, counter, again=again), available)
    assert not missing
    marks = {0: "", COMMA_MS: ", "}
    return " ".join(marks.get(clip.pause_ms, "| ") + clip.name.removeprefix("cmn-") for clip in sentence)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "yi1"), (2, "er4"), (10, "shi2"), (12, "shi2 er4"), (20, "er4 shi2"), (25, "er4 shi2 wu3"),
        (100, "yi1 bai3"), (105, "yi1 bai3 ling2 wu3"), (110, "yi1 bai3 yi1 shi2"), (112, "yi1 bai3 yi1 shi2 er4"),
        (1000, "yi1 qian1"), (1001, "yi1 qian1 ling2 yi1"), (1020, "yi1 qian1 ling2 er4 shi2"),
    ],
)  # fmt: skip
def test_a_counter_is_a_normal_number(number: int, said: str) -> None:
    assert " ".join(spelling.number_syllables(number)) == said


def test_a_ticket_is_spelled_with_all_its_zeros_and_one_is_yao() -> None:
    assert spelling.spelled("0120") == ("ling2", "yao1", "er4", "ling2")
    assert spelling.spelled("011", yao=False) == ("ling2", "yi1", "yi1")
    with pytest.raises(ValueError, match="10000"):
        spelling.number_syllables(10_000)


def test_whole_phrases_are_preferred_to_syllables() -> None:
    parts = spelling.call_phrases("A041", "12", again=False)
    assert [p.whole for p in parts] == ["prefix-A", "number-041", "to", "counter-12"]
    sentence, missing = spelling.resolve(parts, {"prefix-A", "number-041", "to", "counter-12", *spelling.vocabulary()})
    assert not missing
    assert sentence == [Said(name, PHRASE_MS) for name in ("prefix-A", "number-041", "to", "counter-12")]


def test_syllables_fill_in_for_phrases() -> None:
    whole = spelling.vocabulary() - {"letter-A"}
    assert said("A041", "12", whole) == "| qing3 | ei1 | ling2 si4 yao1 hao4 , dao4 shi2 er4 hao4 chuang1 kou3"
    assert said("A012", "3", whole, again=True) == (
        "| qing3 | ei1 | ling2 yao1 er4 hao4 , jin3 kuai4 dao4 san1 hao4 chuang1 kou3"
    )


def test_recorded_digits_are_preferred_to_syllables_and_one_has_two_readings() -> None:
    digits = {f"digit-{n}" for n in range(10)} | {"digit-1-yi", "prefix-B", "to", "counter-7"}
    assert said("B018", "7", digits) == "| prefix-B | digit-0 digit-1 digit-8 | to | counter-7"
    sentence, _ = spelling.resolve(spelling.call_phrases("B018", "7", again=False, yao=False), digits)
    assert [clip.name for clip in sentence][2] == "digit-1-yi"


def test_neighbours_change_their_tones_where_the_folder_has_them() -> None:
    assert spelling.in_context(("yi1", "bai3", "ling2", "wu3")) == ("yi4", "bai3", "ling2", "wu3")
    assert spelling.in_context(("yi1", "bai3", "wu3", "shi2")) == ("yi4", "bai2", "wu3", "shi2")
    full = spelling.vocabulary()
    assert "yi4 bai3 ling2 wu3 hao4" in said("A001", "105", full)
    assert "yi1 bai3 ling2 wu3 hao4" in said("A001", "105", full - {"cmn-yi4"}), "without yi4 as it is written"


def test_what_is_missing_is_named() -> None:
    parts = spelling.call_phrases("A041", "3", again=False)
    _, missing = spelling.resolve(parts, spelling.vocabulary() - {"cmn-si4", "cmn-kou3"})
    assert missing == ["cmn-si4", "cmn-kou3"]
    _, missing = spelling.resolve([spelling.Phrase("stale")], spelling.vocabulary())
    assert missing == ["stale"]


def test_a_letter_nobody_knows_asks_for_its_recording() -> None:
    _, missing = spelling.resolve(spelling.call_phrases("Ω001", "3", again=False), spelling.vocabulary())
    assert missing == ["letter-Ω"]


def test_counters_with_letters_are_spelled() -> None:
    assert spelling.counter_syllables("B2") == ("bi4", "er4")


def test_english_reads_digit_by_digit() -> None:
    assert spelling.english("A012") == "A, zero one two"
    assert spelling.english("0041") == "zero zero four one"


# -- the list ---------------------------------------------------------------------------------------------------

HALL = phrases.Hall(letters=list("ABCDEFGH"), counters=[str(n) for n in range(1, 13)])


@pytest.mark.parametrize("language", ["zh", "en", "bo"])
def test_the_list_is_all_a_hall_needs(language: str) -> None:
    """Whatever number is called at whatever counter, the recordings of the list say it, without one syllable."""
    names = {want.name for want in phrases.wanted(HALL, language=language)}
    assert len(names) == 8 + 10 + 2 + 12 + 6
    for number in ("A001", "H999", "C540"):
        for counter in ("1", "12"):
            for again in (False, True):
                _, missing = spelling.resolve(spelling.call_phrases(number, counter, again=again), names)
                assert not missing


def test_whole_numbers_replace_the_digits() -> None:
    hall = phrases.Hall(letters=["A"], counters=["1"], numbers=["001", "041"])
    texts = {want.name: want.text for want in phrases.wanted(hall)}
    assert texts["number-041"] == "零四幺"
    assert not any(name.startswith("digit") for name in texts)


def test_the_words_of_the_list() -> None:
    texts = {want.name: want.text for want in phrases.wanted(HALL)}
    assert texts["prefix-A"] == "请 A"
    assert texts["digit-1"] == "幺"
    assert texts["counter-12"] == "十二号窗口"
    assert [phrases.chinese_number(n) for n in ("2", "10", "20", "105", "110", "200", "B2")] == [
        "二", "十", "二十", "一百零五", "一百一十", "二百", "B2",
    ]  # fmt: skip
    english = {want.name: want.text for want in phrases.wanted(HALL, language="en")}
    assert english["prefix-A"] == "Ticket A"
    assert english["digit-4"] == "four"


def test_the_voice_says_what_the_screens_write() -> None:
    """This room may not read the catalogue; its sentences are the catalogue's all the same."""
    words: dict[str, dict[str, str]] = {}
    for part in ("copy", "display_wall"):
        with (CATALOGUE / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            words |= {row["key"]: row for row in csv.DictReader(file)}
    for language, column, between in (("zh", "zh-Hans", "，"), ("en", "en", ". ")):
        said = phrases.WORDS[language]
        assert said["stale"] == words["wall.listen"][column]
        assert said["evacuate"] == words["evac.title"][column] + between + words["evac.way_unknown"][column]
        for way in ("left", "right", "ahead", "back"):
            assert said[f"evacuate-{way}"] == words["evac.title"][column] + between + words[f"evac.exit.{way}"][column]
