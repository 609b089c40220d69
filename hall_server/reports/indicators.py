"""The seven monthly indicators as exact fractions (domain.md 7), in the shape of `GET /indicators`.

Percentages are cut and not rounded, of whole numbers only: no floating point anywhere. A denominator of 0 gives None.
What belongs to which fraction is decided in `facts`, one table of members for each indicator; here they are counted.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args
from urllib.parse import quote

import msgspec

from .facts import FACTS, Month, check_month, month_of

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
FORMULAS: Final = 1
"""Version of the formulas, printed in each bulletin: what `facts` says decides what counts."""
NOT_ATTRIBUTED: Final = "not_attributed"
"""Key of the row for what belongs to nobody, so that the rows always add up to the hall."""

_KNOWN: Final[dict[str, str]] = {
    "department": "SELECT department FROM departments",
    "counter": "SELECT counter FROM counters",
    "clerk": "SELECT clerk FROM clerks",
    "site": "SELECT site FROM sites",
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


class Member(NamedTuple):
    """One thing in a fraction: a case, finding, item, finished service or complaint, with its event's number."""

    member: str
    seq: int
    numerator: bool
    denominator: bool


def percent(numerator: int, denominator: int) -> str | None:
    """Two decimals, cut: 89.996 is "89.99"; None for a denominator of 0."""
    if denominator == 0:
        return None
    hundredths = numerator * 10_000 // denominator
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def meets(numerator: int, denominator: int, target_percent: int) -> bool | None:
    """Whether a target is reached, on whole numbers and not on the printed text; None for a denominator of 0."""
    return None if denominator == 0 else 100 * numerator >= target_percent * denominator


def indicators(report: Path, *, month: str, by: By = "hall", link: str = "/api/v1/indicators") -> Indicators:
    """The rows of one month `YYYY-MM` from an up-to-date `report.db`. Raises `ValueError`, `sqlite3.Error`."""
    with reading(report) as db:
        return counted(db, month=month, by=by, link=link)


def counted(db: sqlite3.Connection, *, month: str, by: By, link: str = "/api/v1/indicators") -> Indicators:
    """`indicators`, from an open file."""
    span = month_of(db, month)
    if by not in get_args(By):
        raise ValueError(f"not one of {', '.join(get_args(By))}: {by!r}")
    counts = {name: _counts(db, name, span, by) for name in CODE_NAMES}
    known = ["hall"] if by == "hall" else [str(key) for (key,) in db.execute(_KNOWN[by])]
    keys = sorted({*known, *(key for found in counts.values() for key in found)}, key=_natural)
    rows = []
    for key in keys:
        fractions = {}
        for name in CODE_NAMES:
            numerator, denominator = counts[name].get(key, (0, 0))
            events = f"{link}/{name}/events?month={month}&by={by}&key={quote(key, safe='')}"
            fractions[name] = Fraction(numerator, denominator, percent(numerator, denominator), events)
        rows.append(IndicatorRow(key=key, **fractions))
    return Indicators(month, by, rows)


def members(db: sqlite3.Connection, *, name: str, month: str, by: By = "hall", key: str = "hall") -> list[Member]:
    """Everything behind one fraction, in the order of the journal: the drill-down, and the proof of the count."""
    where = "" if by == "hall" else f" WHERE coalesce(nullif({by}, ''), '{NOT_ATTRIBUTED}') = :key"
    sql = (
        f"WITH facts AS ({FACTS[name]}) SELECT member, seq, max(num), max(den) FROM facts{where}"  # noqa: S608 - own names
        " GROUP BY member ORDER BY seq, member"
    )
    found = db.execute(sql, {**month_of(db, month)._asdict(), "key": key})
    return [Member(str(member), seq, bool(num), bool(den)) for member, seq, num, den in found]


def active_rating_rate(report: Path, *, month: str) -> tuple[int, int]:
    """主动评价率: valid ratings given by visitors ÷ services finished in the month, for the hall."""
    check_month(month)
    with reading(report) as db:
        (rated,) = db.execute("SELECT count(*) FROM ratings WHERE month = ? AND counted = 1", (month,)).fetchone()
        (done,) = db.execute("SELECT count(*) FROM services_done WHERE month = ?", (month,)).fetchone()
    return rated, done


@contextmanager
def reading(report: Path) -> Iterator[sqlite3.Connection]:
    """The file as it is now: all the questions see the same state."""
    with closing(sqlite3.connect(f"{report.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as db:
        db.execute("BEGIN")
        yield db


def _counts(db: sqlite3.Connection, name: str, span: Month, by: By) -> dict[str, tuple[int, int]]:
    """Numerator and denominator by key. A member counts once for a key, however often it stands in the table."""
    key = "'hall'" if by == "hall" else f"coalesce(nullif({by}, ''), '{NOT_ATTRIBUTED}')"
    sql = (
        f"WITH facts AS ({FACTS[name]}), once AS (SELECT {key} AS owner, member, max(num) AS num,"  # noqa: S608 - own names
        " max(den) AS den FROM facts GROUP BY 1, 2)"
        " SELECT owner, sum(num), sum(den) FROM once GROUP BY 1"
    )
    return {str(owner): (num or 0, den or 0) for owner, num, den in db.execute(sql, span._asdict())}


def _natural(key: str) -> tuple[int, int, str]:
    """Numbers by their value, then names, then what belongs to nobody."""
    if key == NOT_ATTRIBUTED:
        return (2, 0, key)
    return (0, int(key), key) if key.isascii() and key.isdigit() else (1, 0, key)
