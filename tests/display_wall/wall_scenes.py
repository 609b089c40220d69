"""Pictures of walls for tests: the moment of the design's pictures, and the edges."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from display_wall.moment import Moment
from hall_protocol.pictures import DeviceState, Estimate, Evacuation, HallFace, Notice
from hall_protocol.pictures.catalogue import CataloguePicture, DepartmentEntry, Material, ServiceEntry
from hall_protocol.pictures.counter import Counter
from hall_protocol.pictures.wall import Alert, Figures, Post, WallCall, WallCounter, WallLine, WallPicture, Zone

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 10, 25, tzinfo=ZONE)
"""The moment of the pictures."""
LINES = {
    "A": ("社保医保", 5, (12, 20)),
    "B": ("不动产", 11, (36, 52)),
    "C": ("户籍证件", 2, (4, 6)),
    "D": ("企业开办", 0, None),
    "E": ("公积金水电气", 3, (6, 11)),
    "F": ("交管车驾", 3, (6, 11)),
    "G": ("工程建设", 1, (10, 24)),
    "H": ("综合咨询", 0, None),
}
COUNTERS = {
    "1": ("C009", 20),
    "2": ("C008", 400),
    "3": ("A041", 2),
    "4": ("A040", 300),
    "5": ("A039", 900),
    "6": ("D021", 200),
    "7": ("B018", 40),
    "8": ("B017", 500),
    "10": ("G004", 700),
}
CASE = ("no", "applicant", "service", "step", "light", "due", "left")
BOARD: list[dict[str, Any]] = [
    dict(zip(CASE, row, strict=True)) | more
    for row, more in (
        (("20261118-0047", "张*", "门诊费用报销", "审查中", "green", "2026-12-16", 16), {}),
        (("20261117-0031", "李*", "失业保险金申领", "已决定，待送达", "yellow", "2026-11-24", 0), {}),
        (("20261111-0012", "示例食品有限公司", "公共场所卫生许可", "审查中", "red", "2026-11-18", -4), {}),
        (("20261119-0003", "王*", "工伤医疗费用申报", "工伤鉴定", "green", None, None), {"clock": "stopped"}),
        (("20261120-0009", "示例建设公司", "商品房预售许可", "审查中", "yellow", "2026-11-25", 1), {}),
        (("20261123-0006", None, "烟草零售许可延续", "受理", "green", "2026-12-03", 7), {}),
        (("20261124-0002", "周*", "残疾人证新办", "受理", "green", "2027-01-15", 15), {"provisional": True}),
    )
]
SCREEN = [
    ("calls", 40, 116, 1200, 208),
    ("counters", 40, 340, 1200, 376),
    ("lines", 1280, 116, 600, 600),
    ("approvals", 40, 736, 1840, 272),
    ("notices", 0, 1012, 1920, 68),
]


def at(seconds: float = 0.0) -> Moment:
    """The pictures' moment, so many seconds later, by both clocks."""
    return Moment(mono_s=1000.0 + seconds, hall=NOON + timedelta(seconds=seconds))


def text(seconds_ago: float = 0.0) -> str:
    """A time as pictures carry it."""
    return (NOON - timedelta(seconds=seconds_ago)).isoformat(timespec="milliseconds")


def face(**changes: Any) -> HallFace:
    """The hall."""
    known: dict[str, Any] = {
        "name": "示例县政务服务中心",
        "names": {"zh-Hans": "示例县政务服务中心", "zh-Hant": "示例縣政務服務中心", "en": "County Service Hall"},
        "hall": "county",
        "zone": "Asia/Shanghai",
        "day": "2026-11-24",
        "hotline": "12345",
        "complaint_phone": "0000-0000000",
        "languages": ["zh-Hans", "zh-Hant", "en"],
        "hours": [["09:00", "12:00"], ["13:30", "16:30"]],
        "open": True,
    }
    return HallFace(**(known | changes))


def case(**values: Any) -> dict[str, Any]:
    """A row of the approval board as the contract has it."""
    due = values.pop("due", None)
    values["promised_due"] = f"{due}T16:30:00.000+08:00" if due else None
    values["working_days_left"] = values.pop("left", None)
    return {"clock": "running", "provisional": False, **values}


def counter(number: str | None = None, *, ago: float | None = None, state: str = "open", **changes: Any) -> WallCounter:
    """One counter; a call younger than a minute is still `called`."""
    line = number[0] if number else "A"
    known: dict[str, Any] = {
        "number": number,
        "state": state,
        "ticket_state": ("called" if ago is not None and ago < 60 else "serving") if number else None,
        "line": line,
        "line_name": LINES.get(line, ("",))[0],
        "called_at": text(ago) if number and ago is not None else None,
        "calls": 1 if number else None,
        "department": "县医疗保障局",
        "clerk": "0312",
    }
    return WallCounter(**(known | changes))


def line(letter: str) -> WallLine:
    """One line of the pictures."""
    name, waiting, minutes = LINES[letter]
    low, high = minutes or (0, 0)
    estimate = Estimate(p10_s=low * 60, p50_s=(low + high) * 30, p80_s=high * 55, p90_s=high * 60)
    serving = {"A": ["3", "4", "5"], "B": ["7", "8"], "C": ["1", "2"], "D": ["6", "11"], "H": ["11"], "G": ["10"]}
    return WallLine(
        name=name, waiting=waiting, estimate=estimate, next=[], open_counters=1, counters=serving.get(letter, ["9"])
    )


def call(seq: int, number: str, counter: str, *, ago: float = 0.0, calls: int = 1) -> WallCall:
    """One call."""
    return WallCall(seq=seq, number=number, counter=counter, line=number[0], called_at=text(ago), calls=calls)


def picture(**changes: Any) -> WallPicture:
    """The wall of `wall-main`."""
    counters = {name: counter(number, ago=ago) for name, (number, ago) in COUNTERS.items()}
    counters["9"] = counter(state="paused", resume_at="2026-11-24T11:00:00.000+08:00")
    counters["11"] = counter()
    counters["12"] = counter(state="closed")
    known: dict[str, Any] = {
        "hall": face(),
        "layout": [Zone(zone=z, x=x, y=y, w=w, h=h) for z, x, y, w, h in SCREEN],
        "size": [1920, 1080],
        "viewing_distance_m": 8.0,
        "counters": counters,
        "calls": [],
        "lines": {letter: line(letter) for letter in LINES},
        "board": [case(**dict(row)) for row in BOARD],
        "notices": [
            Notice(
                id="n1",
                text={"zh-Hans": "午间 12:00–13:30 不取新号，已取号的办完为止", "en": "No new tickets 12:00–13:30"},
                from_=text(3600),
                to=text(-3600),
            )
        ],
        "devices": {},
        "posts": {n: Post(phone=f"0000-000000{n}", post="0312") for n in ("3", "7")},
    }
    return WallPicture(**(known | changes))


def calling(*numbers: tuple[str, str], **changes: Any) -> WallPicture:
    """The same wall with these numbers just called, `(number, counter)`."""
    shown = picture(**changes)
    for name, place in numbers:
        shown.counters[place] = counter(name, ago=0.0)
    shown.calls = [call(100 + i, name, place) for i, (name, place) in enumerate(numbers)]
    return shown


def devices() -> dict[str, DeviceState]:
    """A hall's devices, some of them ill."""
    rows = [("kiosk", 2, 1, "fault"), ("counter", 10, 10, ""), ("keypad", 10, 9, "absent"), ("led", 10, 10, "")]
    rows += [("wall", 3, 3, ""), ("printer", 2, 1, "degraded")]
    return {
        f"{role}{i}": DeviceState(
            device=f"{role}{i}", name=f"{role}-{i}", role=role, state="ready" if i < good else bad, faults=[]
        )
        for role, count, good, bad in rows
        for i in range(count)
    }


def office(**changes: Any) -> WallPicture:
    """The manager's screen."""
    rows = (
        ("1", "yellow", "long_wait", 1000, {"line": "B", "name": "不动产", "minutes": "47"}),
        ("2", "red", "paper_out", 60, {"name": "1 号取号机"}),
        ("3", "yellow", "silent", 120, {"name": "7 号评价器"}),
        ("4", "red", "never_heard_of", 30, {"name": "网关"}),
    )
    alerts = [Alert(id=i, level=lv, code=code, since=text(ago), values=values) for i, lv, code, ago, values in rows]
    figures = Figures(
        waiting=25,
        longest_since=text(47 * 60),
        open_counters=9,
        counters=10,
        done_today=163,
        issued_today=201,
        no_shows_today=6,
        rated_today=120,
    )
    layout = [Zone(zone="manager", x=0, y=92, w=1920, h=988)]
    return picture(**({"layout": layout, "figures": figures, "alerts": alerts, "devices": devices()} | changes))


def evacuation(**exits: str) -> Evacuation:
    """Started just now."""
    return Evacuation(since=text(), exits=exits)


def service(name: str, *, department: str = "县医疗保障局", line: str = "A", **changes: Any) -> ServiceEntry:
    """One service of the catalogue."""
    known: dict[str, Any] = {
        "service": name,
        "name": name,
        "line": line,
        "short_name": name,
        "aliases": [],
        "initials": [],
        "department": department,
        "group": "",
        "kind": "approval",
        "handling": "committed",
        "promised_days": 20,
        "statutory_days": 30,
        "day_unit": "working_day",
        "fee": False,
        "official_code": None,
        "legal_basis": "",
        "steps": [],
        "materials": [Material(name="身份证", note="原件")] * 3,
    }
    return ServiceEntry(**(known | changes))


def catalogue() -> CataloguePicture:
    """Two departments with services, one without."""
    names = ["县医疗保障局", "县不动产登记中心", "县气象局"]
    rows = [
        service("门诊费用报销"),
        service("生育津贴支付", promised_days=10),
        service("跨省异地急诊人员备案", promised_days=0, materials=[]),
        service("不动产首次登记与转移登记一并办理", department=names[1], line="B", statutory_days=None, fee=True),
        *(service(f"登记事项{i}", department=names[1], line="B", day_unit="day") for i in range(12)),
    ]
    counters = [
        Counter(
            counter=number,
            site="county",
            kind="service",
            department=department,
            state="open",
            clerk=None,
            ticket=None,
            lines=[line],
            since=text(),
            reason=None,
            resume_at=None,
        )
        for number, department, line in (("10", names[0], "A"), ("3", names[0], "A"), ("7", names[1], "B"))
    ]
    departments = [DepartmentEntry(department=name, name=name) for name in names]
    return CataloguePicture(version="1", departments=departments, lines=[], services=rows, counters=counters, groups=[])
