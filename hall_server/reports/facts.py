"""What belongs to each of the seven indicators: one table of members for each (domain.md 7, formulas version 1).

Every table has the columns member, seq, site, department, counter, clerk, num, den: the thing, the number of its event,
to whom it is attributed, and whether it stands in the numerator and in the denominator. Void entries are in none.
"""

import sqlite3
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo


class Month(NamedTuple):
    """A month as the questions need it: texts `YYYY-MM` and `YYYY-MM-DD`, and the instant it ends."""

    month: str
    first: str
    next: str
    last: str
    end_ms: int


class NotAsPublished(ValueError):
    """The file of a frozen month is another one than was published."""


YEAR_FIRST: Final = 2000
YEAR_LAST: Final = 2999
"""Years a hall can have; calendars of the machine end at 9999, and a month needs the one after it."""


def check_month(month: str) -> None:
    """`ValueError` when this is no month `YYYY-MM`."""
    year, dash, number = month.partition("-")
    digits = len(year) == 4 and len(number) == 2 and (year + number).isascii() and (year + number).isdigit()
    if not (dash and digits and 1 <= int(number) <= 12 and YEAR_FIRST <= int(year) <= YEAR_LAST):
        raise ValueError(f"not a month: {month!r}, wanted YYYY-MM")


def month_of(db: sqlite3.Connection, month: str) -> Month:
    """That month in the hall's zone. `ValueError` when it is no month `YYYY-MM`."""
    check_month(month)
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    found = db.execute("SELECT zone FROM hall").fetchone()
    end = datetime.combine(following, datetime.min.time(), tzinfo=ZoneInfo(found[0] if found else "Asia/Shanghai"))
    return Month(
        month=month,
        first=first.isoformat(),
        next=following.isoformat(),
        last=(following - timedelta(days=1)).isoformat(),
        end_ms=round(end.timestamp() * 1000),
    )


_ENTRY: Final = """
    SELECT c.case_no AS member, c.received_seq AS seq, c.site, c.department, c.counter, c.clerk,
           (c.entered_on = c.received_on
            AND NOT EXISTS (SELECT 1 FROM findings AS f WHERE f.case_no = c.case_no)) AS num, 1 AS den
    FROM cases AS c WHERE c.received_on >= :first AND c.received_on < :next AND c.void = 0
    UNION ALL
    SELECT coalesce(f.case_no, f.finding), f.seq, NULL, f.department, NULL, NULL, 0, 1 FROM findings AS f
    WHERE f.found_on >= :first AND f.found_on < :next AND NOT EXISTS (
        SELECT 1 FROM cases AS c WHERE c.case_no = f.case_no
        AND (c.void = 1 OR (c.received_on >= :first AND c.received_on < :next)))"""
"""Cases received in the month ∪ off-system cases found in it; a found one is never in the numerator and counts once."""

_AUTHORISATION: Final = """
    WITH now AS (
        SELECT service, department, line, state, seq FROM service_states WHERE id IN (
            SELECT max(id) FROM service_states WHERE day <= :last GROUP BY service)),
    running AS (
        SELECT letter, holder FROM letters WHERE valid_from <= :last AND (valid_to IS NULL OR valid_to >= :last)
        AND (revoked_from IS NULL OR revoked_from > :last)),
    held AS (
        SELECT p.service, r.holder FROM running AS r JOIN letter_powers AS p ON p.letter = r.letter
        GROUP BY 1, 2 HAVING count(DISTINCT p.power) = 4)
    SELECT n.service AS member, n.seq, l.site, n.department, cl.counter, h.holder AS clerk,
           h.holder IS NOT NULL AS num, 1 AS den
    FROM now AS n LEFT JOIN lines AS l ON l.line = n.line LEFT JOIN counter_lines AS cl ON cl.line = n.line
    LEFT JOIN held AS h ON h.service = n.service
    WHERE n.state = 'in_use'"""
"""Items in use on the last day; one holder with all four powers that day. At every counter that serves the item."""

_ON_SITE: Final = """
    SELECT case_no AS member, decided_seq AS seq, site, department, decided_counter AS counter,
           decided_clerk AS clerk, (place = 'counter' AND under IS NOT NULL) AS num, 1 AS den
    FROM cases WHERE decided_on >= :first AND decided_on < :next AND void = 0 AND reported_up = 0"""
"""Decided at a counter under a letter with the power to decide, of those first decided, without reported-up ones."""

_ON_TIME: Final = """
    SELECT case_no AS member, decided_seq AS seq, site, department, decided_counter AS counter,
           decided_clerk AS clerk, on_time AS num, 1 AS den
    FROM cases WHERE decided_on >= :first AND decided_on < :next AND void = 0
    UNION ALL
    SELECT c.case_no, k.seq, c.site, c.department, c.counter, c.clerk, 0, 1
    FROM cases AS c JOIN case_clocks AS k ON k.seq_case = (
        SELECT seq_case FROM case_clocks WHERE case_no = c.case_no AND at < :next ORDER BY seq DESC LIMIT 1)
    WHERE c.void = 0 AND c.accepted_on < :next AND (c.decided_on IS NULL OR c.decided_on >= :next)
      AND (c.ended_on IS NULL OR c.ended_on >= :next) AND k.promised_due_ms < :end_ms"""
"""Decided at or before the promised instant, of those first decided and those open and overdue when the month ended."""

_RATED: Final = """
    SELECT request AS member, seq, site, department, counter, clerk, {} AS num, 1 AS den
    FROM ratings WHERE month = :month AND counted = 1"""
"""Valid ratings given by visitors, by the month of the service."""

_COMPLAINTS: Final = """
    SELECT 'case ' || case_no AS member, decided_seq AS seq, site, department, decided_counter AS counter,
           decided_clerk AS clerk, 0 AS num, 1 AS den
    FROM cases WHERE decided_on >= :first AND decided_on < :next AND void = 0
    UNION ALL
    SELECT complaint, seq, NULL, department, counter, clerk, 1, 0
    FROM complaints WHERE month = :month AND outcome = 'upheld'"""
"""Complaints received and upheld, against cases first decided: two kinds of things, so it may exceed 100 %."""

FACTS: Final = {
    "entry_rate": _ENTRY,
    "authorisation_rate": _AUTHORISATION,
    "on_site_rate": _ON_SITE,
    "on_time_rate": _ON_TIME,
    "satisfaction_rate": _RATED.format("level >= 3"),
    "dissatisfaction_rate": _RATED.format("level <= 2"),
    "complaint_rate": _COMPLAINTS,
}
"""Code name → its table of members."""
