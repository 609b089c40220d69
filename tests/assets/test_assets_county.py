"""The sample county hall: complete, consistent with itself, and honest about what is composed (issue 3, item 14)."""

import csv
import json
import re
import tomllib
from collections import Counter
from typing import Any

import msgspec
import pytest

import assets
from hall_server.core.places import settings_rules
from hall_server.core.places.settings import Settings

COUNTY = assets.path("sample", "county")
GROUPS = ["公安户籍", "社保就业", "医疗保障", "不动产", "市场监管", "公积金"]
GROUPS += ["交管车驾", "住建规划", "民政残联", "水电气", "一件事", "其他部门"]
HEADERS = {
    "services": "service name department type_code type_name handling statutory_days promised_days day_unit fee "
    "official_code materials name_basis limits_basis source line short_name aliases kind level legal_basis state group",
    "lines": "line name site place hours quota",
    "counters": "counter site kind department lines phone post",
    "clerks": "number department",
    "materials": "service position name note",
    "steps": "service position name counts",
}


def table(name: str) -> list[dict[str, str]]:
    with (COUNTY / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


@pytest.mark.parametrize("name", HEADERS)
def test_the_headers_are_those_the_import_knows(name: str):
    first = (COUNTY / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    assert first.split(",") == HEADERS[name].split()


def test_the_hall_has_the_size_it_promises():
    services = table("services")
    assert sorted(row["service"] for row in services) == [f"S{n:03}" for n in range(1, 76)]
    assert len({row["department"] for row in services}) == 26
    assert list(dict.fromkeys(row["group"] for row in services)) == list(GROUPS), "groups come in the kiosk's order"
    assert [row["line"] for row in table("lines")] == list("ABCDEFGH")
    assert [row["counter"] for row in table("counters")] == [str(n) for n in range(1, 11)]
    assert [row["number"] for row in table("clerks")] == [f"{n:04}" for n in range(301, 321)]


def test_short_names_fit_a_tile_and_tell_the_services_apart():
    services = table("services")
    assert all(0 < len(row["short_name"]) <= 10 for row in services)
    assert len({row["short_name"] for row in services}) == 75
    assert all(alias.strip() for row in services for alias in row["aliases"].split(";"))


def test_what_visitors_say_finds_the_service():
    found = {alias: row["service"] for row in reversed(table("services")) for alias in row["aliases"].split(";")}
    for said, service in {
        "社保卡": "S021",
        "看病报销": "S034",
        "身份证": "S070",
        "驾照": "S038",
        "残疾证": "S072",
    }.items():
        assert found[said] == service


def test_no_promise_is_longer_than_the_law():
    for row in table("services"):
        assert row["state"] == "in_use"
        if row["statutory_days"]:
            assert int(row["promised_days"]) <= int(row["statutory_days"]), row["service"]


def test_everything_named_elsewhere_exists():
    services, counters, clerks = table("services"), table("counters"), table("clerks")
    lines = {row["line"] for row in table("lines")}
    departments = {row["department"] for row in services}
    numbers = {row["number"] for row in clerks}
    assert {row["line"] for row in services} == lines, "every line has a service"
    assert {row["department"] for row in counters} | {row["department"] for row in clerks} <= departments
    assert {row["post"] for row in counters} <= numbers
    of_clerk = {row["number"]: row["department"] for row in clerks}
    assert all(of_clerk[row["post"]] == row["department"] for row in counters), (
        "first contact belongs to the department"
    )
    for name in ("materials", "steps"):
        assert {row["service"] for row in table(name)} <= {row["service"] for row in services}


def test_every_line_is_served_without_the_desk():
    served = Counter(line for row in table("counters") if row["kind"] == "service" for line in row["lines"].split(";"))
    assert set(served) == set("ABCDEFGH")
    assert [row["kind"] for row in table("counters")].count("desk") == 1


@pytest.mark.parametrize("name", ["materials", "steps"])
def test_positions_count_from_one_and_names_do_not_repeat(name: str):
    by_service: dict[str, list[dict[str, str]]] = {}
    for row in table(name):
        by_service.setdefault(row["service"], []).append(row)
    for service, rows in by_service.items():
        assert [int(row["position"]) for row in rows] == list(range(1, len(rows) + 1)), service
        assert len({row["name"] for row in rows}) == len(rows), service


def test_the_number_of_documents_is_the_one_the_source_gives():
    listed = Counter(row["service"] for row in table("materials"))
    for row in table("services"):
        if row["materials"]:
            assert listed[row["service"]] == int(row["materials"]), row["service"]


def test_each_service_has_steps_and_special_procedures_do_not_count():
    steps = table("steps")
    assert {row["service"] for row in steps} == {row["service"] for row in table("services")}
    assert {row["counts"] for row in steps} == {"yes", "no"}
    for row in steps:
        if row["name"] in ("专家评审", "检测", "公告", "送达"):
            assert row["counts"] == "no", "Administrative Licensing Law, articles 45 and 44"


def test_telephones_are_nobodys_and_nothing_looks_like_an_identity_or_mobile_number():
    assert all(re.fullmatch(r"0000-\d{7}", row["phone"]) for row in table("counters"))
    for file in COUNTY.iterdir():
        if file.name != "services.csv":  # official item codes and page addresses there have long digits
            assert not re.search(r"\b1[3-9]\d{9}\b|\b\d{17}[\dXx]\b", file.read_text(encoding="utf-8")), file.name


def test_calendars_reach_from_2004_to_2035_and_never_say_both():
    published = json.loads((COUNTY / "calendar.json").read_text(encoding="utf-8"))
    provisional = json.loads((COUNTY / "calendar_provisional.json").read_text(encoding="utf-8"))
    assert [*published, *provisional] == [str(year) for year in range(2004, 2036)]
    for year, days in published.items():
        assert not set(days["off"]) & set(days["work"])
        assert all(day.startswith(year) for day in days["off"] + days["work"])
    assert "2026-10-01" in published["2026"]["off"]


def test_the_settings_load_and_differ_from_the_defaults_only_where_a_hall_must_speak_for_itself():
    settings = settings_rules.settings_from(tomllib.loads((COUNTY / "hall.toml").read_text(encoding="utf-8")))
    changed = {change.setting for change in settings_rules.differences(Settings(), settings)}
    assert {name for name in changed if not name.startswith("screens.")} == {
        "hall.hall", "hall.name.zh-Hans", "hall.name.zh-Hant", "hall.name.en", "hall.complaint_phone",
    }  # fmt: skip
    main = settings.screens["main"]
    assert all(zone.x + zone.w <= main.width and zone.y + zone.h <= main.height for zone in main.zones)


def test_the_settings_file_lists_every_setting_with_a_reason():
    text = (COUNTY / "hall.toml").read_text(encoding="utf-8")
    for section, value in msgspec.structs.asdict(Settings()).items():
        if section == "screens":
            continue
        part = re.search(rf"^\[{section}\].*?(?=^\[[a-z]+\]|\Z)", text, re.M | re.S)
        assert part, f"hall.toml has no [{section}]"
        for key in keys_of(value):
            pattern = rf"^(# )?{key} = .*# \S|^\[{section}\.{key}\].*# \S"
            assert re.search(pattern, part[0], re.M), f"hall.toml does not show {section}.{key}"


def keys_of(section: Any) -> list[str]:
    return [field.name for field in msgspec.structs.fields(section)]
