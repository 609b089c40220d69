"""Files in and out: all or nothing, every mistake by line and column, the same file twice changes nothing."""

from pathlib import Path

import pytest

from hall_server.core import machine
from hall_server.core.hall import Hall
from hall_server.core.stamp import Stamp
from hall_server.sheets.cells import Faulty
from hall_server.sheets.reading import wanted
from hall_server.sheets.writing import files

COUNTY = Path(__file__).parents[3] / "assets" / "sample" / "county"
SAMPLE = {p.name: p.read_bytes() for p in COUNTY.iterdir() if p.suffix in (".csv", ".json", ".toml")}
SERVICES = "service,name,department,statutory_days,promised_days,official_code,line\n"
LINES = "line,name,site,place,hours,quota\n"


def take(hall: Hall, given: dict[str, bytes]) -> int:
    """Import; the number of events it took."""
    events = machine.decide(hall, wanted(given, hall).rows, Stamp(at=1, actor="console"))
    for event in events:
        machine.evolve(hall, event, 1)
    return len(events)


@pytest.fixture
def county() -> Hall:
    hall = Hall()
    assert take(hall, SAMPLE) == 2 + 32 + 23, "catalogue, calendar, and an entry for each letter and each seal"
    return hall


def faults(hall: Hall, name: str, text: str | bytes) -> list[str]:
    with pytest.raises(Faulty) as caught:
        wanted({name: text.encode() if isinstance(text, str) else text}, hall)
    return [str(f) for f in caught.value.faults]


def test_the_sample_county_comes_in_and_goes_out_to_the_letter(county: Hall) -> None:
    assert (len(county.services), len(county.lines), len(county.counters), len(county.clerks)) == (75, 8, 10, 20)
    assert len({s.department for s in county.services.values()}) == 26
    assert county.services["S001"].materials
    assert county.services["S001"].steps[0].counts is False
    assert county.provisional["2027"].off[0] == "2027-01-01"
    assert files(county) == {n: d.decode() for n, d in SAMPLE.items() if not n.endswith(".toml")}


def test_a_step_may_have_a_limit_of_its_own(county: Hall) -> None:
    """A1c: steps with what they count, and in how many days; the column is written only where some step has one."""
    text = "service,position,name,counts,days\nS002,1,收件,no,\nS002,2,审查,yes,3\n"
    assert take(county, {"steps.csv": text.encode()}) == 1
    assert [(s.name, s.counts, s.days) for s in county.services["S002"].steps] == [
        ("收件", False, None),
        ("审查", True, 3),
    ]
    written = files(county)["steps.csv"]
    assert written.startswith("service,position,name,counts,days\n")
    assert take(county, {"steps.csv": written.encode()}) == 0
    bad = text.replace(",3\n", ",many\n")
    assert faults(county, "steps.csv", bad) == ["steps.csv, line 3, column 5 (days): 'many' is not a whole number"]


def test_the_same_files_twice_change_nothing(county: Hall) -> None:
    assert take(county, SAMPLE) == 0
    for name, data in SAMPLE.items():
        assert take(county, {name: data}) == 0, name


def test_a_row_that_differs_is_the_only_one_taken(county: Hall) -> None:
    changed = SAMPLE["services.csv"].replace("建设工程规划许可办理".encode(), "建设工程规划许可".encode())
    events = machine.decide(county, wanted({"s.csv": changed}, county).rows, Stamp(at=1, actor="console"))
    assert [s.service for s in events[0].services] == ["S001"]  # type: ignore[attr-defined]
    assert events[0].services[0].materials == county.services["S001"].materials  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("S1,n,d,5,6,,A", "line 2, column 5 (promised_days): promised 6 is more than the statutory 5"),
        ("S1,n,d,5,,,A", "line 2, promised_days: nothing there"),
        ("S1,n,d,five,3,,A", "line 2, column 4 (statutory_days): 'five' is not a whole number"),
        ("S1,n,d,5,-1,,A", "line 2, column 5 (promised_days): '-1' is not a whole number"),
        ("S1,n,d,,3,,Z", "line 2, column 7 (line): there is no line Z"),
        ("S/1,n,d,,3,,A", "line 2, column 1 (service): a key has"),
        (f"{'x' * 65},n,d,,3,,A", "line 2, column 1 (service): longer than 64"),
        ("S1,n,d,,3,,A\nS1,m,d,,3,,A", "line 3, column 1 (service): S1 stands in f.csv, line 2 already"),
        ("S1,n,d,,3,c,A\nS2,m,d,,3,c,A", "line 3, column 6 (official_code): S1 has this code already"),
        (f"S1,n,d,,3,{'c' * 65},A", "line 2, column 6 (official_code): longer than 64"),
        ("S1,n,d,,3,,A,extra", "line 2: 8 cells instead of 7"),
        ('S1,"a\nb",d,,3,,A', "line 2, column 2 (name): has a line break"),
        ('S1,"n",d,,3,,A\nS2,"a\nb",d,,3,,Z', "line 3, column 7 (line): there is no line Z"),
        ('S1,"n', "not CSV"),
    ],
)
def test_a_bad_service_is_named_by_line_and_column(county: Hall, row: str, fault: str) -> None:
    assert any(
        f"f.csv, {fault}" in f or (fault in f and fault == "not CSV") for f in faults(county, "f.csv", SERVICES + row)
    )


def test_every_mistake_of_every_file_is_reported_and_nothing_is_taken(county: Hall) -> None:
    bad = SERVICES + "S90,n,d,1,2,,A\nS91,n,d,1,1,,A\nS92,n,d,1,1,,Q\n"
    with pytest.raises(Faulty) as caught:
        wanted({"a.csv": bad.encode(), "b.csv": (LINES + "K,k,,,9-12,0\n").encode()}, county)
    assert [(f.file, f.line, f.name) for f in caught.value.faults] == [
        ("b.csv", 2, "hours"),
        ("b.csv", 2, "quota"),
        ("a.csv", 4, "line"),
        ("a.csv", 2, "promised_days"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("f.csv", "", "no header line"),
        ("f.csv", "a,b\n1,2\n", "no kind of file has these columns"),
        ("f.csv", "line,name,colour\nA,x,red\n", "line 1, column 3 (colour): lines have no such column"),
        ("f.csv", "line,name,name\nA,x,y\n", "column 2 (name): this column is there twice"),
        ("f.csv", LINES + "K,k,,,12:00-09:00,\n", "ends before it begins"),
        ("f.csv", LINES + "K,k,,,09:00-12:00;11:00-13:00,\n", "before 09:00-12:00 has ended"),
        ("f.csv", "line,name,prefix\nK,k,A\n", "column 3 (prefix): A has the letter A"),
        ("f.csv", "counter,department,lines\n90,县公安局,A;Q\n", "column 3 (lines): there is no line Q"),
        ("f.csv", "counter,department,lines\n90,县公安局,A;A\n", "the same twice"),
        (
            "f.csv",
            "number,department\n90,县宇航局\n",
            "column 2 (department): no service belongs to a department 县宇航局",
        ),
        ("f.csv", "service,position,name,counts\nS999,1,x,yes\n", "there is no service S999"),
        ("f.csv", "service,position,name,counts\nS001,1,x,maybe\n", "column 4 (counts): 'maybe' is none of yes no"),
        ("f.csv", "service,position,name,counts\nS001,1,x,yes\nS001,1,y,no\n", "position 1 of S001 is there twice"),
        ("f.csv", "number,department\n1,政".encode("gb18030"), "line 2: not UTF-8"),
        ("f.txt", "x", "must end in .csv, .toml or .json"),
        ("f.json", "{", "line 1: not JSON"),
        ("f.json", "[]", "a JSON file is a calendar"),
        ("f.json", '{"2026": {"off": ["2026-02-30"]}}', "2026: '2026-02-30' is not a day"),
        ("f.json", '{"2026": {"off": ["2025-11-30"]}}', "2025-11-30 is not in 2026"),
        ("f.json", '{"2026": {"off": ["2026-01-01"], "work": ["2026-01-01"]}}', "is off and work"),
        ("f.json", '{"2026": {"free": []}}', "a year has the lists off and work"),
        ("f.toml", "a = [", "not TOML"),
    ],
)
def test_other_mistakes_are_named(county: Hall, name: str, text: str | bytes, fault: str) -> None:
    assert any(fault in f for f in faults(county, name, text)), faults(county, name, text)


def test_a_code_of_another_service_in_the_hall_is_refused_but_may_move(county: Hall) -> None:
    one, other = [s for s in county.services.values() if s.official_code][:2]
    row = f"S001,n,d,,3,{one.official_code},A\n"
    assert f"{one.service} has this code already" in faults(county, "f.csv", SERVICES + row)[0]
    swap = f"{one.service},n,d,,3,{other.official_code},A\n{other.service},m,d,,3,{one.official_code},A\n"
    assert take(county, {"f.csv": (SERVICES + swap).encode()}) == 1


def test_codes_of_1_and_64_characters_are_kept_to_the_letter(county: Hall) -> None:
    long = "511A0155000000-511602000000-000-12511300452259013M-2-00".ljust(64, "x")
    take(county, {"f.csv": (SERVICES + f"S001,n,d,,3,{long},A\nS002,n,d,,3,c,A\n").encode()})
    assert county.services["S001"].official_code == long
    assert county.services["S002"].official_code == "c"


def test_a_new_department_arrives_with_its_item_and_its_clerk_in_one_import(county: Hall) -> None:
    given = {
        "clerks.csv": "number,department\n9901,县宇航局\n".encode(),
        "services.csv": (SERVICES + "S900,发射许可,县宇航局,,3,,K\n").encode(),
        "lines.csv": (LINES + "K,宇航,,,09:00-11:00;13:00-15:00,40\n").encode(),
    }
    assert take(county, given) == 1
    assert county.clerks["9901"].department == "县宇航局"
    assert county.lines["K"].hours == ("09:00-11:00", "13:00-15:00")
    assert county.lines["K"].quota == 40


def test_toml_says_the_same_as_csv(county: Hall) -> None:
    text = """
[[lines]]
line = "K"
name = "宇航"
hours = ["09:00-11:00"]
quota = 40

[[services]]
service = "S900"
name = "发射许可"
department = "县宇航局"
promised_days = 3
statutory_days = 2
line = "K"
"""
    assert faults(county, "f.toml", text) == [
        "f.toml, line 8, promised_days: promised 3 is more than the statutory 2",
    ]
    assert take(county, {"f.toml": text.replace("statutory_days = 2", "").encode()}) == 1
    assert county.lines["K"].hours == ("09:00-11:00",)
    assert take(county, {"f.toml": b'["2027"]\noff = ["2027-01-01"]\nwork = []\n'}) == 1
    assert county.published["2027"].off == ("2027-01-01",)


def test_a_hall_toml_among_the_files_is_handed_on(county: Hall) -> None:
    found = wanted({"hall.toml": b"[queue]\ncalls_max = 4\n"}, county)
    assert found.settings == "[queue]\ncalls_max = 4\n"
    with pytest.raises(Faulty, match="1 mistakes"):
        wanted({"a.toml": b"[queue]\n", "b.toml": b"[queue]\n"}, county)


def test_excel_files_with_a_byte_order_mark_and_carriage_returns(county: Hall) -> None:
    data = b"\xef\xbb\xbf" + (LINES + "K,k,,,,\n").replace("\n", "\r\n").encode()
    assert take(county, {"f.csv": data}) == 1


LETTERS = "letter,services,holder,powers,valid_from,valid_to,revoked_from\n"


def test_a_register_of_letters_is_never_rewritten_but_a_revocation_may_be_added(county: Hall) -> None:
    """A3a, A5a."""
    known = county.letters["委〔2026〕003"]
    row = f"委〔2026〕003,{';'.join(known.services)},0307,{{powers}},2026-01-01,,{{revoked}}\n"
    kept = row.format(powers=";".join(known.powers), revoked="2026-10-15")
    assert take(county, {"letters.csv": (LETTERS + kept).encode()}) == 1
    assert county.letters["委〔2026〕003"].revoked_from == "2026-10-15"
    assert take(county, {"letters.csv": (LETTERS + kept).encode()}) == 0
    for other in (
        row.format(powers="decide", revoked="2026-10-15"),
        row.format(powers=";".join(known.powers), revoked=""),
    ):
        assert faults(county, "letters.csv", LETTERS + other) == [
            "letters.csv, line 2, column 1 (letter): is registered otherwise; only a revocation may be added"
        ]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("L1,S001,9999,decide,2026-01-01,,", "column 3 (holder): there is no clerk 9999"),
        ("L1,S001;S999,0301,decide,2026-01-01,,", "column 2 (services): there is no service S999"),
        (
            "L1,S001,0301,decide;rule,2026-01-01,,",
            "column 4 (powers): 'rule' is none of decide report_up coordinate seal",
        ),
        ("L1,S001,0301,decide,2026-02-30,,", "column 5 (valid_from): '2026-02-30' is not a day such as 2026-11-24"),
        ("L1,S001,0301,decide,2026-03-01,2026-02-01,", "column 6 (valid_to): ends before it begins on 2026-03-01"),
        ("L1,S001,0301,decide,2026-03-01,,2026-02-01", "column 7 (revoked_from): is not within the days of the letter"),
    ],
)
def test_a_wrong_letter_is_named_by_line_and_column(county: Hall, row: str, where: str) -> None:
    assert faults(county, "letters.csv", LETTERS + row) == [f"letters.csv, line 2, {where}"]
    assert "L1" not in county.letters


def test_a_seal_of_nobody_is_refused(county: Hall) -> None:
    assert faults(county, "seals.csv", "seal,holder,department\nX1,9999,nowhere") == [
        "seals.csv, line 2, column 2 (holder): there is no clerk 9999",
        "seals.csv, line 2, column 3 (department): no service belongs to a department nowhere",
    ]


def test_conditions_come_in_go_out_and_stay_away_where_nobody_has_any(county: Hall) -> None:
    """A1c: who may have it is part of the guide."""
    assert "conditions" not in files(county)["services.csv"].splitlines()[0]
    line = next(iter(county.lines))
    head = "service,name,department,promised_days,line,conditions\n"
    text = f"{head}S901,新事项,县委宣传部,5,{line},本县户籍；年满十八周岁\n"
    assert take(county, {"services.csv": text.encode()}) == 1
    assert county.services["S901"].conditions == "本县户籍；年满十八周岁"
    assert files(county)["services.csv"].splitlines()[0].endswith(",conditions")
    assert take(county, {"services.csv": files(county)["services.csv"].encode()}) == 0
