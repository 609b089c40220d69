"""`hall.toml`: every mistake is named by line and key, and a person's comments outlive every change."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_server.core.places.settings import Settings
from hall_server.core.places.settings_rules import patched, settings_from
from hall_server.settings import SettingsFileBad, edited, parse, read, whole, write

SAMPLE = Path(__file__).parents[2] / "assets" / "sample" / "county" / "hall.toml"
FILE = """\
# our hall
[hall]
name = { "zh-Hans" = "政务大厅", en = "Hall # 1" }  # both
hotline = "12345"   # this is one

[queue]  # how we call
calls_max = 3      # three is enough
# daily_quota = 200

priority_classes = [
    "ordinary",  # everybody
    "elder",
]  # two

[screens.main]
width = 1920
zones = [
    { zone = "calls", x = 0, y = 0, w = 10, h = 10 },
]
"""


def test_the_sample_hall_is_valid() -> None:
    settings = read(SAMPLE)
    assert settings.hall.hall == "county"
    assert edited(SAMPLE.read_text("utf-8"), settings) == SAMPLE.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("[queue]\ncalls_max = 3\ncall_max = 4\n", 3, "queue.call_max"),
        ("[queue]\n\ncalls_max = \n", 3, "queue.calls_max"),
        ("[queue]\ncalls_max = 'three'\n", 2, "queue.calls_max"),
        ("[queue]\n# a comment\n\n[limitz]\nrequests_per_s = 1\n", 4, "limitz"),
        ("[hours]\nworking_day = [\n  '09:00-12:00',\n  '13-16',\n]\n", 2, "hours.working_day"),
        ("[hall]\nname = { en = 'x' }\n", 2, "hall.name"),
        ("[hall]\nzone = 'Nowhere'\n", 2, "hall.zone"),
        ("[wall]\nviewing_distance_m = 8\nviewing_distance_m = 9\n", 3, "wall.viewing_distance_m"),
        ("[wall\nviewing_distance_m = 8\n", 1, ""),
        ("[screens.main]\nwidth = 1\n", 2, "screens.main.width"),
        ("[screens.main]\nzones = [{ zone = 'calls', x = 0, y = 0, w = 9999, h = 1 }]\n", 2, "screens.main.zones[0]"),
        ("hotline = '1'\n", 1, "hotline"),
        ("[hall]\nname = 'a", 2, "hall.name"),
        ("[hours.weekdays]\nmon = []\n", 1, "hours.weekdays"),
    ],
)
def test_a_mistake_is_named_by_line_and_key(text: str, line: int, key: str) -> None:
    with pytest.raises(SettingsFileBad) as caught:
        parse(text)
    said = str(caught.value)
    assert said.startswith(f"hall.toml, line {line}: {key}")
    assert "\n" not in said


def test_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "hall.toml").write_bytes("[hall]\nhotline = '政'".encode("gb18030"))
    with pytest.raises(SettingsFileBad, match="UTF-8"):
        read(tmp_path / "hall.toml")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "hall.toml").write_bytes(b"\xef\xbb\xbf[queue]\ncalls_max = 2\n")
    assert read(tmp_path / "hall.toml").queue.calls_max == 2


def changed(patch: dict[str, Any], text: str = FILE) -> str:
    settings = patched(parse(text), patch)
    result = edited(text, settings)
    assert parse(result) == settings
    return result


@pytest.mark.parametrize(
    ("patch", "gone", "come"),
    [
        ({"queue": {"calls_max": 4}}, ["calls_max = 3 "], ["calls_max = 4      # three is enough"]),
        ({"hall": {"hotline": "999"}}, ['"12345"'], ['hotline = "999"   # this is one']),
        ({"hall": {"name": {"en": 'a"#\\'}}}, ["Hall #"], ["政务大厅", '"a\\"#\\\\"', "  # both"]),
        ({"queue": {"daily_quota": 9}}, [], ["# daily_quota = 200\ndaily_quota = 9\n"]),
        ({"queue": {"digits": 4}}, [], ["]  # two\ndigits = 4\n"]),
        ({"queue": {"priority_classes": ["ordinary"]}}, ['"elder"'], ['priority_classes = ["ordinary"]  # two']),
        ({"limits": {"requests_per_s": 0}}, [], ["\n[limits]\nrequests_per_s = 0\n"]),
        ({"screens": {"main": {"height": 1000}}}, [], ["height = 1000"]),
        ({"screens": {"main": None}}, ["screens.main", "zones"], []),
        ({"screens": {"二楼": {"width": 800}}}, [], ['[screens."二楼"]\nwidth = 800']),
        ({"hours": {"weekdays": {"friday": ["09:00-12:00"]}}}, [], ['friday = ["09:00-12:00"]']),
    ],
)
def test_only_what_changed_is_touched(patch: dict[str, Any], gone: list[str], come: list[str]) -> None:
    result = changed(patch)
    assert "# our hall" in result
    assert "[queue]  # how we call" in result
    for text in gone:
        assert text not in result
    for text in come:
        assert text in result
    kept = [line for line in FILE.splitlines() if line in result.splitlines()]
    assert len(kept) >= len(FILE.splitlines()) - (7 if "screens" in patch else 4)


def test_odd_characters_and_line_ends_survive() -> None:
    assert "\u2028" in changed({"hall": {"name": {"en": "a\u2028b\x85c\x7f"}}})
    assert changed({"queue": {"calls_max": 4}}, FILE.replace("\n", "\r\n")) == FILE.replace("= 3 ", "= 4 ")


def test_back_to_the_default_takes_the_line_away() -> None:
    with_quota = changed({"queue": {"daily_quota": 9}})
    assert changed({"queue": {"daily_quota": None}}, with_quota) == FILE


def test_unusual_spelling_is_kept_as_comment_and_written_anew() -> None:
    text = "queue.calls_max = 3\nqueue.digits = 4  # long\n"
    settings = patched(parse(text), {"queue": {"calls_max": 5, "first_number": 7}})
    result = edited(text, settings)
    assert parse(result) == settings
    assert "# long" in result


def test_a_whole_file_says_everything() -> None:
    settings = settings_from({"screens": {"a b".replace(" ", "-"): {"width": 640}}, "queue": {"daily_quota": 3}})
    assert parse(whole(settings)) == settings
    assert parse("") == Settings()


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "queue": st.fixed_dictionaries({}, optional={"calls_max": st.integers(1, 20), "daily_quota": st.none()}),
            "hall": st.fixed_dictionaries({"name": st.fixed_dictionaries({"en": st.text(min_size=1, max_size=40)})}),
            "voice": st.fixed_dictionaries({"one_as_yao": st.booleans(), "quiet_hours": st.just(["12:00-13:00"])}),
            "screens": st.dictionaries(st.sampled_from(["main", "b", "三"]), st.just({"width": 99}), max_size=3),
        },
    )
)
def test_any_change_reads_back(patch: dict[str, Any]) -> None:
    if patch.get("screens", {}).get("main"):
        patch["screens"]["main"]["zones"] = []
    changed(patch)
    changed(patch, SAMPLE.read_text("utf-8"))


def test_writing_is_private_and_skipped_when_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "hall.toml"
    path.write_text(FILE, "utf-8")
    before = path.stat().st_mtime_ns
    write(path, parse(FILE))
    assert path.stat().st_mtime_ns == before
    write(path, patched(parse(FILE), {"queue": {"calls_max": 5}}))
    assert read(path).queue.calls_max == 5
    assert path.stat().st_mode & 0o077 == 0
