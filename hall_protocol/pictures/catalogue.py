"""`GET /catalogue` and `GET /lines`: public, slow to change, no personal data."""

from . import Estimate, Picture
from .counter import Counter


class DepartmentEntry(Picture, kw_only=True):
    """A department of the hall."""

    department: str
    name: str


class LineEntry(Picture, kw_only=True):
    """A line as the catalogue names it."""

    line: str
    name: str
    hours: list[list[str]]
    site: str
    place: str
    counters: list[str]


class Material(Picture, kw_only=True):
    """A document to bring."""

    name: str
    note: str


class Step(Picture, kw_only=True):
    """A step of handling, whether it counts towards the limit, and its own limit, if it has one."""

    name: str
    counts: bool
    days: int | None = None


class ServiceEntry(Picture, kw_only=True):
    """One service of the catalogue. Limits in `day_unit`; `promised_days` 0 is done on the spot."""

    service: str
    name: str
    line: str
    short_name: str
    aliases: list[str]
    initials: list[str]
    """Pinyin initials of the name, short name and aliases, capital letters."""
    department: str
    group: str
    kind: str
    handling: str
    promised_days: int
    statutory_days: int | None
    day_unit: str
    fee: bool
    official_code: str | None
    legal_basis: str
    conditions: str = ""
    """Who may have it, in words; empty where the catalogue says nothing."""
    steps: list[Step]
    materials: list[Material]


class CataloguePicture(Picture, kw_only=True):
    """Everything a visitor may come for."""

    version: str
    departments: list[DepartmentEntry]
    lines: list[LineEntry]
    services: list[ServiceEntry]
    counters: list[Counter]
    groups: list[str]


class LineNow(Picture, kw_only=True):
    """A line as it stands."""

    line: str
    name: str
    waiting: int
    estimate: Estimate | None


class LinesPicture(Picture, kw_only=True):
    """`GET /lines`."""

    lines: list[LineNow]
