"""The figures that stand beside the seven, and the lists a bulletin names (domain.md 7)."""

import sqlite3

import msgspec

from .facts import FACTS, month_of
from .indicators import percent

Pair = tuple[int, int, str | None]
"""Numerator, denominator, percent cut to two decimals."""


class Secondary(msgspec.Struct, frozen=True):
    """All for the hall as a whole."""

    catalogue_entry: Pair
    """Items of the master catalogue that are complete in the hall, of all of them, on the month's last day."""
    active_rating_rate: Pair
    """主动评价率: valid ratings given by visitors ÷ services finished."""
    on_time_by_law: Pair
    """Cases first decided by their statutory due instant, of those that have one."""
    before_due_day: Pair
    """Cases first decided before the day they were promised for."""
    complaints_received: int
    complaints_upheld: int
    complaints_per_10000_services: tuple[int, int, str | None]
    """Upheld, services finished, and the rate per 10,000 cut to two decimals."""
    closed: int
    services_finished: int
    reported_up: list[str]
    open_overdue: list[str]
    reopened: list[str]
    ratings_default: int
    ratings_reviewed_out: int
    by_form: dict[str, int]
    """Services finished by form."""


def secondary(db: sqlite3.Connection, *, month: str) -> Secondary:
    """Of a month `YYYY-MM`, from an open and up-to-date `report.db`. `ValueError` when it is no month."""
    span = month_of(db, month)._asdict()

    def one(sql: str) -> tuple[int, ...]:
        return tuple(n or 0 for n in db.execute(sql, span).fetchone())

    def names(sql: str) -> list[str]:
        return [str(name) for (name,) in db.execute(sql, span)]

    def pair(sql: str) -> Pair:
        numerator, denominator = one(sql)
        return numerator, denominator, percent(numerator, denominator)

    decided = "FROM cases WHERE decided_on >= :first AND decided_on < :next AND void = 0"
    complete, items = one(
        "SELECT sum(complete), count(*) FROM service_states WHERE state <> 'abolished' AND id IN"
        " (SELECT max(id) FROM service_states WHERE day <= :last GROUP BY service)"
    )
    (rated,) = one("SELECT count(*) FROM ratings WHERE month = :month AND counted = 1")
    (done,) = one("SELECT count(*) FROM services_done WHERE month = :month")
    received, upheld = one("SELECT count(*), sum(outcome = 'upheld') FROM complaints WHERE month = :month")
    return Secondary(
        catalogue_entry=(complete, items, percent(complete, items)),
        active_rating_rate=(rated, done, percent(rated, done)),
        on_time_by_law=pair(f"SELECT sum(on_time_by_law), count(on_time_by_law) {decided}"),
        before_due_day=pair(f"SELECT sum(before_due_day), count(*) {decided}"),
        complaints_received=received,
        complaints_upheld=upheld,
        complaints_per_10000_services=(upheld, done, percent(100 * upheld, done)),
        closed=one(f"SELECT count(*) {decided}")[0],
        services_finished=done,
        reported_up=names(f"SELECT case_no {decided} AND reported_up = 1 ORDER BY case_no"),
        open_overdue=names(
            f"WITH facts AS ({FACTS['on_time_rate']}) SELECT f.member FROM facts AS f JOIN cases AS c"  # noqa: S608 - ours
            " ON c.case_no = f.member WHERE c.decided_on IS NULL OR c.decided_on >= :next ORDER BY 1"
        ),
        reopened=names(f"SELECT case_no {decided} AND reopened_at IS NOT NULL ORDER BY case_no"),
        ratings_default=one("SELECT count(*) FROM ratings WHERE month = :month AND source = 'default'")[0],
        ratings_reviewed_out=one(
            "SELECT count(*) FROM ratings WHERE month = :month AND counted = 0 AND source <> 'default'"
        )[0],
        by_form={
            str(form): count
            for form, count in db.execute(
                "SELECT coalesce(nullif(form, ''), 'reception'), count(*) FROM services_done WHERE month = :month"
                " GROUP BY 1 ORDER BY 1",
                span,
            )
        },
    )
