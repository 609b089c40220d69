"""The sample county as a server would show it: catalogue and picture, built through the protocol's own structs."""

from __future__ import annotations

import csv
from typing import Any

from pypinyin import Style, lazy_pinyin

import assets
from hall_protocol.codec import plain
from hall_protocol.pictures import Estimate, HallFace
from hall_protocol.pictures.catalogue import (
    CataloguePicture,
    DepartmentEntry,
    LineEntry,
    Material,
    ServiceEntry,
    Step,
)
from hall_protocol.pictures.kiosk import KioskPicture
from hall_protocol.pictures.wall import WallCall, WallLine

HOURS = [["09:00", "12:00"], ["13:30", "16:30"]]
WAITS = {
    "A": (5, 720, 960, 1080, 1200),
    "B": (11, 2100, 2700, 3000, 3300),
    "C": (2, 240, 300, 330, 360),
    "D": (0, 0, 20, 30, 40),
    "E": (3, 360, 500, 600, 660),
    "F": (3, 360, 500, 600, 660),
    "G": (0, 0, 20, 30, 40),
    "H": (0, 0, 20, 30, 40),
}


def rows(name: str) -> list[dict[str, str]]:
    """A file of the sample county."""
    with assets.path("sample", "county", name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def initials(text: str) -> str:
    """As the server makes them."""
    letters = lazy_pinyin(
        text, style=Style.FIRST_LETTER, errors=lambda x: [c for c in x if c.isascii() and c.isalnum()]
    )
    return "".join(letters).upper()


def catalogue() -> dict[str, Any]:
    """`GET /catalogue` of the county."""
    materials: dict[str, list[Material]] = {}
    for row in rows("materials.csv"):
        materials.setdefault(row["service"], []).append(Material(name=row["name"], note=row["note"]))
    services = [_service(row, materials.get(row["service"], [])) for row in rows("services.csv")]
    return plain(
        CataloguePicture(
            version="1",
            departments=[DepartmentEntry(department=d, name=d) for d in dict.fromkeys(s.department for s in services)],
            lines=[_line(row) for row in rows("lines.csv")],
            services=services,
            counters=[],
            groups=list(dict.fromkeys(s.group for s in services)),
        )
    )


def _service(row: dict[str, str], materials: list[Material]) -> ServiceEntry:
    aliases = [a for a in row["aliases"].split(";") if a]
    return ServiceEntry(
        service=row["service"],
        name=row["name"],
        line=row["line"],
        short_name=row["short_name"],
        aliases=aliases,
        initials=list(dict.fromkeys(initials(t) for t in (row["short_name"], row["name"], *aliases))),
        department=row["department"],
        group=row["group"],
        kind=row["kind"],
        handling=row["handling"],
        promised_days=0 if row["handling"] == "on_the_spot" else int(row["promised_days"]),
        statutory_days=int(row["statutory_days"]) if row["statutory_days"] else None,
        day_unit=row["day_unit"],
        fee=row["fee"] == "yes",
        official_code=row["official_code"] or None,
        legal_basis=row["legal_basis"],
        conditions=row.get("conditions", ""),
        steps=[Step(name="受理", counts=True)],
        materials=materials,
    )


def _counters(line: str) -> list[str]:
    return [row["counter"] for row in rows("counters.csv") if line in row["lines"].split(";")]


def _line(row: dict[str, str]) -> LineEntry:
    return LineEntry(
        line=row["line"],
        name=row["name"],
        hours=HOURS,
        site="county",
        place=row["place"],
        counters=_counters(row["line"]),
    )


def picture(**changes: Any) -> dict[str, Any]:
    """`kiosk:K1` on a Tuesday morning; `hall` and other fields may be changed."""
    hall = HallFace(
        name="示例县政务服务中心",
        names={"zh-Hans": "示例县政务服务中心", "zh-Hant": "示例縣政務服務中心", "en": "County Service Hall"},
        hall="county",
        zone="Asia/Shanghai",
        day="2026-11-24",
        hotline="12345",
        complaint_phone="0000-0000000",
        languages=["zh-Hans", "zh-Hant", "en"],
        hours=HOURS,
        open=True,
        public_url="https://hall.example",
        catalogue_version="1",
    )
    top = [_find(name) for name in ("社会保障卡", "二手房转移登记", "身份证", "个体", "门诊", "驾驶证")]
    shown = plain(
        KioskPicture(
            name="K1",
            hall=hall,
            lines={row["line"]: wall_line(row) for row in rows("lines.csv")},
            top=list(dict.fromkeys(s for s in top if s)),
            calls=[
                WallCall(
                    seq=1, number="A041", counter="3", line="A", called_at="2026-11-24T10:30:00.000+08:00", calls=1
                ),
                WallCall(
                    seq=2, number="B018", counter="7", line="B", called_at="2026-11-24T10:31:00.000+08:00", calls=1
                ),
            ],
            notices=[],
            other_kiosks=["K2"],
        )
    )
    hall_changes = changes.pop("hall", {})
    shown["hall"] |= hall_changes
    return shown | changes


def _find(word: str) -> str | None:
    return next((r["service"] for r in rows("services.csv") if word in r["short_name"] + r["name"]), None)


def wall_line(row: dict[str, str]) -> WallLine:
    """A line as it stands."""
    ahead, p10, p50, p80, p90 = WAITS[row["line"]]
    return WallLine(
        name=row["name"],
        waiting=ahead,
        estimate=Estimate(p10_s=p10, p50_s=p50, p80_s=p80, p90_s=p90),
        next=[],
        open_counters=2,
        place=row["place"],
        coverage_percent=80,
        counters=_counters(row["line"]),
    )


def ticket(number: str = "A047", **changes: Any) -> dict[str, Any]:
    """The answer of `POST /tickets`."""
    line = number[0]
    row = next(r for r in rows("lines.csv") if r["line"] == line)
    shown = {
        "id": "t1", "number": number, "site": "county", "line": line, "line_name": row["name"], "service": None,
        "form": "reception", "priority_class": "ordinary", "state": "waiting",
        "issued_at": "2026-11-24T10:32:00.000+08:00",
        "counters": ["3", "4", "5"], "place": row["place"], "calls": 0, "ahead": 5, "language": "zh-Hans",
        "estimate": {"p10_s": 720, "p50_s": 960, "p80_s": 1080, "p90_s": 1200}, "on_my_way": False,
        "url": "https://hall.example/t/0123456789ABCDEFGHJKMNPQRSTUVW",
    }  # fmt: skip
    return shown | changes
