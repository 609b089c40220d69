"""The seven monthly indicators as exact fractions (domain.md 7), in the shape of `GET /indicators`.

Percentages are cut and not rounded, of whole numbers only: no floating point anywhere. A denominator of 0 gives None.
Cases, letters and complaints are not kept by this version of the hall, so the five indicators made of them have
denominator 0, which is the truth about it; the two made of ratings are counted.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, Literal, get_args

import msgspec

By = Literal["hall", "department", "counter", "clerk", "site"]
CODE_NAMES: Final = (
    "entry_rate",
    "authorisation_rate",
    "on_site_rate",
    "on_time_rate",
    "satisfaction_rate",
    "dissatisfaction_rate",
    "complaint_rate",
)
NOT_ATTRIBUTED: Final = "not_attributed"
"""Key of the row for what belongs to nobody, so that the rows always add up to the hall."""
LINK_ROWS_MAX: Final = 1_000
"""Rows a link asks for at once; the answer's `next` leads on."""

_KNOWN: Final[dict[str, str]] = {
    "department": "SELECT department FROM departments",
    "counter": "SELECT counter FROM counters",
    "clerk": "SELECT clerk FROM clerks",
    "site": "SELECT site FROM sites",
}
_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "entry_rate": ("case_received",),
    "authorisation_rate": ("config_changed",),
    "on_site_rate": ("case_decided",),
    "on_time_rate": ("case_decided",),
    "satisfaction_rate": ("service_finished", "rating_given"),
    "dissatisfaction_rate": ("service_finished", "rating_given"),
    "complaint_rate": ("case_decided",),
}


class Fraction(msgspec.Struct, frozen=True):
    """Counts of distinct things, and where their events are."""

    numerator: int
    denominator: int
    percent: str | None
    events: str


class IndicatorRow(msgspec.Struct, frozen=True):
    """One hall, department, counter, clerk or site."""

    key: str
    entry_rate: Fraction
    authorisation_rate: Fraction
    on_site_rate: Fraction
    on_time_rate: Fraction
    satisfaction_rate: Fraction
    dissatisfaction_rate: Fraction
    complaint_rate: Fraction


class Indicators(msgspec.Struct, frozen=True):
    """The answer of `GET /indicators`."""

    month: str
    by: str
    rows: list[IndicatorRow]


class Rated(msgspec.Struct):
    """What one key's services of the month came to."""

    services: int = 0
    satisfied: int = 0
    dissatisfied: int = 0
    first_seq: int | None = None
    last_seq: int | None = None

    @property
    def ratings(self) -> int:
        return self.satisfied + self.dissatisfied

    def span(self, first: int, last: int) -> None:
        """The events of this key lie within these numbers too."""
        self.first_seq = first if self.first_seq is None else min(self.first_seq, first)
        self.last_seq = last if self.last_seq is None else max(self.last_seq, last)


def percent(numerator: int, denominator: int) -> str | None:
    """Two decimals, cut: 89.996 is "89.99"; None for a denominator of 0."""
    if denominator == 0:
        return None
    hundredths = numerator * 10_000 // denominator
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def meets(numerator: int, denominator: int, target_percent: int) -> bool | None:
    """Whether a target is reached, on whole numbers and not on the printed text; None for a denominator of 0."""
    return None if denominator == 0 else 100 * numerator >= target_percent * denominator


def indicators(report: Path, *, month: str, by: By = "hall", link: str = "/api/v1/events") -> Indicators:
    """The rows of one month `YYYY-MM` from an up-to-date `report.db`. Raises `ValueError`, `sqlite3.Error`."""
    check_month(month)
    if by not in get_args(By):
        raise ValueError(f"not one of {', '.join(get_args(By))}: {by!r}")
    with _reading(report) as db:
        span = _month_span(db, month)
        rated = _rated(db, month=month, by=by)
        known = [] if by == "hall" else [str(key) for (key,) in db.execute(_KNOWN[by])]
    keys = ["hall"] if by == "hall" else sorted({*known, *rated}, key=_natural)
    return Indicators(month, by, [_row(key, rated.get(key, Rated()), span, link) for key in keys])


def active_rating_rate(report: Path, *, month: str) -> tuple[int, int]:
    """主动评价率: valid ratings given by visitors ÷ services finished in the month, for the hall."""
    check_month(month)
    with _reading(report) as db:
        rated = _rated(db, month=month, by="hall").get("hall", Rated())
    return rated.ratings, rated.services


def check_month(month: str) -> None:
    """`ValueError` when this is no month `YYYY-MM`."""
    year, dash, number = month.partition("-")
    digits = len(year) == 4 and len(number) == 2 and (year + number).isascii() and (year + number).isdigit()
    if not (dash and digits and 1 <= int(number) <= 12):
        raise ValueError(f"not a month: {month!r}, wanted YYYY-MM")


@contextmanager
def _reading(report: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{report.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as db:
        db.execute("BEGIN")  # all the questions see the same state
        yield db


def _rated(db: sqlite3.Connection, *, month: str, by: By) -> dict[str, Rated]:
    """Services and ratings of the month by key. A rating belongs to the month of its service."""
    column = "'hall'" if by == "hall" else f"coalesce(nullif({by}, ''), '{NOT_ATTRIBUTED}')"
    found: dict[str, Rated] = {}
    services = f"SELECT {column}, count(*), min(seq), max(seq) FROM services_done WHERE month = ? GROUP BY 1"  # noqa: S608
    for key, count, first, last in db.execute(services, (month,)):
        found[key] = Rated(services=count)
        found[key].span(first, last)
    ratings = (
        f"SELECT {column}, sum(level >= 3), sum(level <= 2), min(seq), max(seq)"  # noqa: S608 - names of our own
        " FROM ratings WHERE month = ? AND counted = 1 GROUP BY 1"
    )
    for key, satisfied, dissatisfied, first, last in db.execute(ratings, (month,)):
        entry = found.setdefault(key, Rated())
        entry.satisfied, entry.dissatisfied = satisfied, dissatisfied
        entry.span(first, last)
    return found


def _month_span(db: sqlite3.Connection, month: str) -> tuple[int, int]:
    """First and last row of the month; for a month without any, the place after the last row before it."""
    first, last = db.execute(
        "SELECT min(first_seq), max(last_seq) FROM days WHERE substr(day, 1, 7) = ?", (month,)
    ).fetchone()
    if first is not None:
        return first, last
    (before,) = db.execute("SELECT coalesce(max(last_seq), 0) FROM days WHERE day < ?", (f"{month}-01",)).fetchone()
    return before + 1, before


def _row(key: str, rated: Rated, month_span: tuple[int, int], link: str) -> IndicatorRow:
    def fraction(name: str, numerator: int = 0, denominator: int = 0) -> Fraction:
        first, last = month_span
        if rated.first_seq is not None and rated.last_seq is not None and "rating_given" in _TYPES[name]:
            first, last = rated.first_seq, rated.last_seq
        return Fraction(numerator, denominator, percent(numerator, denominator), _events(link, name, first, last))

    values: dict[str, Any] = {name: fraction(name) for name in CODE_NAMES}
    values["satisfaction_rate"] = fraction("satisfaction_rate", rated.satisfied, rated.ratings)
    values["dissatisfaction_rate"] = fraction("dissatisfaction_rate", rated.dissatisfied, rated.ratings)
    return IndicatorRow(key=key, **values)


def _events(link: str, name: str, first: int, last: int) -> str:
    """A link to the rows the fraction is made of: those types, within those numbers."""
    limit = min(max(last - first + 1, 1), LINK_ROWS_MAX)
    return f"{link}?after={first - 1}&limit={limit}&types={','.join(_TYPES[name])}"


def _natural(key: str) -> tuple[int, int, str]:
    """Numbers by their value, then names, then what belongs to nobody."""
    if key == NOT_ATTRIBUTED:
        return (2, 0, key)
    return (0, int(key), key) if key.isascii() and key.isdigit() else (1, 0, key)
