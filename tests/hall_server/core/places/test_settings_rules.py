"""Settings: defaults are valid, wrong values are named, changes are found and can be replayed."""

from typing import Any

import pytest

from hall_server.core.places.settings import BadSetting, Settings
from hall_server.core.places.settings_rules import applied, check, differences, patched, settings_from, shown


def test_the_defaults_are_valid_and_are_those_of_the_table() -> None:
    settings = settings_from({})
    check(settings)
    assert settings == Settings()
    assert (settings.queue.calls_max, settings.queue.call_interval_s) == (3, 15)
    assert settings.hours.working_day == ("09:00-12:00", "13:30-16:30")
    assert settings.limits.requests_per_s == 20
    assert settings.public.public_url is None


def test_what_is_shown_can_be_read_again() -> None:
    settings = settings_from(
        {
            "queue": {"daily_quota": 80},
            "screens": {"二楼": {"zones": [{"zone": "calls", "x": 0, "y": 0, "w": 10, "h": 10}]}},
            "voice": {"dayparts": [{"at": "08:00", "volume_percent": 40}], "quiet_hours": ["12:00-13:30"]},
        }
    )
    assert settings_from(shown(settings)) == settings


@pytest.mark.parametrize(
    ("values", "key", "why"),
    [
        ({"queue": {"calls_max": "x"}}, "queue.calls_max", "expected int"),
        ({"queue": {"calls_max": 0}}, "queue.calls_max", ">= 1"),
        ({"queue": {"call_max": 3}}, "queue.call_max", "no such setting"),
        ({"que": {}}, "que", "no such setting"),
        ({"hours": {"working_day": ["9-12"]}}, "hours.working_day[0]", "09:00-12:00"),
        ({"hours": {"working_day": ["12:00-09:00"]}}, "hours.working_day", "ends before it begins"),
        ({"hours": {"working_day": ["09:00-12:00", "11:00-13:00"]}}, "hours.working_day", "before the span before it"),
        ({"hours": {"weekdays": {"monday": ["13:00-13:00"]}}}, "hours.weekdays.monday", "ends before"),
        ({"hours": {"weekdays": {"mon": []}}}, "hours.weekdays", "mon"),
        ({"hours": {"sites": {"north": ["10:00-09:00"]}}}, "hours.sites.north", "ends before"),
        ({"hall": {"zone": "Mars/Olympus"}}, "hall.zone", "no time zone"),
        ({"hall": {"zone": "../../etc/passwd"}}, "hall.zone", "no time zone"),
        ({"hall": {"name": {"en": "Hall"}}}, "hall.name", "zh-Hans"),
        ({"hall": {"name": {"zh-Hans": ""}}}, "hall.name.zh-Hans", "length"),
        ({"calendar": {"off": ["2026-02-30"]}}, "calendar.off", "no day 2026-02-30"),
        ({"calendar": {"off": ["2026-05-01"], "work": ["2026-05-01"]}}, "calendar.work", "both"),
        ({"queue": {"priority_classes": ["elder"]}}, "queue.priority_classes", "ordinary"),
        ({"public": {"certificate": "a.pem"}}, "public.certificate", "belong together"),
        ({"public": {"public_url": "ftp://x"}}, "public.public_url", "regex"),
        ({"voice": {"dayparts": [{"at": "09:00", "volume_percent": 1}] * 2}}, "voice.dayparts", "after"),
        ({"screens": {"main": {"zones": [{"zone": "calls"}]}}}, "screens.main.zones[0]", "missing"),
        (
            {"screens": {"main": {"width": 100, "zones": [{"zone": "calls", "x": 50, "y": 0, "w": 51, "h": 9}]}}},
            "screens.main.zones[0]",
            "larger than the screen",
        ),
        (
            {"screens": {"main": {"zones": [{"zone": "counter", "x": 0, "y": 0, "w": 1, "h": 1}]}}},
            "screens.main.zones[0]",
            "counter",
        ),
    ],
)
def test_a_wrong_value_is_named(values: dict[str, Any], key: str, why: str) -> None:
    with pytest.raises(BadSetting) as caught:
        settings_from(values)
    assert caught.value.key == key
    assert why in caught.value.why


def test_changes_are_found_and_replayed() -> None:
    old = settings_from({"screens": {"a": {"width": 640}}, "queue": {"daily_quota": 5}})
    new = patched(
        old,
        {
            "queue": {"calls_max": 4, "daily_quota": None},
            "screens": {"a": None, "b": {}},
            "hall": {"name": {"en": "H"}},
        },
    )
    changes = differences(old, new)
    assert {c.setting for c in changes} == {
        "queue.calls_max",
        "queue.daily_quota",
        "screens.a",
        "screens.b",
        "hall.name.en",
    }
    assert next(c for c in changes if c.setting == "queue.calls_max").old == 3
    assert applied(old, {c.setting: c.new for c in changes}) == new
    assert applied(new, {c.setting: c.old for c in changes}) == old
    assert differences(old, old) == []


def test_a_bad_patch_changes_nothing() -> None:
    settings = settings_from({})
    with pytest.raises(BadSetting):
        patched(settings, {"queue": {"calls_max": 99}})
    assert settings == Settings()
