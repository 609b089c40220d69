"""The catalogue of texts: complete in three languages, calm, and every fault found with file and line."""

from pathlib import Path

import pytest

import assets
from assets.i18n import LANGUAGES, Catalogue, CatalogueFault

HEADER = "key,zh-Hans,zh-Hant,en\n"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue()


def test_every_file_of_the_room_loads_and_every_language_has_every_text(catalogue: Catalogue):
    keys = set(catalogue.words("zh-Hans"))
    assert len(keys) > 300
    for language in LANGUAGES:
        assert set(catalogue.words(language)) == keys
        assert all(text.strip() for text in catalogue.words(language).values())


def test_nothing_is_shouted_and_nothing_blames_the_machine_room(catalogue: Catalogue):
    for language in LANGUAGES:
        for key, text in catalogue.words(language).items():
            assert not any(word in text for word in ("!", "！", "系统异常", "请求失败", "錯誤碼", "错误码")), key


def test_placeholders_are_filled_and_the_same_in_each_language(catalogue: Catalogue):
    assert catalogue.say("wait.range", "zh-Hans", a=12, b=20) == "预计等 12–20 分钟"
    assert catalogue.say("counter.taken", "en", number="B018", counter="7") == "B018 was called by counter 7"
    assert catalogue.placeholders("priority.rule") == {"n", "k"}
    for key in catalogue.words("en"):
        values = dict.fromkeys(catalogue.placeholders(key), "7")
        assert not any(set("{}") & set(catalogue.say(key, language, **values)) for language in LANGUAGES), key


def test_a_value_cannot_smuggle_in_another_placeholder(catalogue: Catalogue):
    assert catalogue.say("counter.taken", "en", number="{counter}", counter="7") == "{counter} was called by counter 7"


def test_asking_wrongly_is_our_bug_and_says_what_is_missing(catalogue: Catalogue):
    with pytest.raises(KeyError, match="no_such"):
        catalogue.say("home.no_such", "en")
    with pytest.raises(KeyError, match="fr"):
        catalogue.say("home.title", "fr")
    with pytest.raises(KeyError, match="n"):
        catalogue.say("wait.ahead", "en")


def test_words_come_from_the_terms_and_sentences_from_the_parts(catalogue: Catalogue):
    assert catalogue.say("ticket.take", "zh-Hans") == "取号"
    assert catalogue.place("ticket.take").startswith("terms.csv:")
    assert catalogue.say("ticket.take_paper", "zh-Hans") == "请取走您的小票"
    assert catalogue.place("ticket.take_paper").startswith("parts/copy.csv:")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("a.b,一,一,one\na.b,二,二,two\n", r"part\.csv:3: a\.b stands in part\.csv:2 already"),
        ("a.b,一,,one\n", r"part\.csv:2: a\.b has no zh-Hant"),
        ("a.b,{n} 人,人,{n} people\n", r"part\.csv:2: the placeholders of a\.b differ between zh-Hans and zh-Hant"),
        ("a.b,{n} 人,{n} 人,{m} people\n", r"part\.csv:2: the placeholders of a\.b differ between zh-Hans and en"),
        ("a.b,一,一,One!\n", r"part\.csv:2: a\.b in en has an exclamation mark"),
        ("a.b,一,一,one {\n", r"part\.csv:2: a\.b in en has a brace"),
        ("a.b,一,一,one, two\n", r"part\.csv:2: a\.b has too many or too few columns"),
        ("a.b,一,一\n", r"part\.csv:2: a\.b has too many or too few columns"),
        ("A b,一,一,one\n", r"part\.csv:2: 'A b' is no key"),
    ],
)
def test_a_faulty_row_is_named_by_file_and_line(tmp_path: Path, rows: str, fault: str):
    part = tmp_path / "part.csv"
    part.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(CatalogueFault, match=fault):
        Catalogue(parts=[part])


def test_a_key_of_the_terms_cannot_be_taken_by_a_part(tmp_path: Path):
    part = tmp_path / "part.csv"
    part.write_text(HEADER + "ticket.take,拿号,拿號,Get one\n", encoding="utf-8")
    with pytest.raises(CatalogueFault, match=r"part\.csv:2: ticket\.take stands in terms\.csv:\d+ already"):
        Catalogue(parts=[part])


def test_a_wrong_header_is_named(tmp_path: Path):
    part = tmp_path / "part.csv"
    part.write_text("key,zh,en\n", encoding="utf-8")
    with pytest.raises(CatalogueFault, match=r"part\.csv:1: the header must be key,zh-Hans,zh-Hant,en"):
        Catalogue(parts=[part])


def test_what_a_program_was_given_cannot_be_changed(catalogue: Catalogue):
    with pytest.raises(TypeError):
        catalogue.words("en")["home.title"] = "Hello"  # type: ignore[index]


def test_the_traditional_texts_hold_no_simplified_form_of_the_hall_words(catalogue: Catalogue):
    """Simplified characters the hall's own words use most, chosen by hand; each has another traditional form."""
    simplified = set("号办务预约队请们时间续现给级门张线扫码评价电话说证项医险动产设处")
    for key, text in catalogue.words("zh-Hant").items():
        assert not simplified & set(text), (key, text)


def test_parts_end_with_a_line_feed_and_have_no_byte_order_mark():
    for file in [assets.path("i18n", "terms.csv"), *sorted(assets.path("i18n", "parts").glob("*.csv"))]:
        raw = file.read_bytes()
        assert raw.endswith(b"\n"), file.name
        assert b"\r" not in raw, file.name
        assert not raw.startswith(b"\xef\xbb\xbf"), file.name
