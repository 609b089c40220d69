"""The questions people ask of `report.db`: each one SQL text, its columns, and what kind of thing stands in each.

A page shows the SQL beside the answer, so that anybody with the file can ask the same elsewhere. `:first` and `:last`
are days `YYYY-MM-DD`, both included. Spans are seconds. Nothing here names a visitor: the file holds none.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final, Literal, NamedTuple

import msgspec

Kind = Literal["text", "number", "seconds", "share", "instant", "day", "code"]
"""`share` is hundredths of a percent, cut; `code` is a word of the translations under the question's own prefix."""


class Column(NamedTuple):
    """One column: its name in the SQL, which is also `report.column.NAME` in the translations, and its kind."""

    name: str
    kind: Kind = "text"


class Question(msgspec.Struct, frozen=True):
    """One question. Its title is `report.question.NAME`."""

    name: str
    columns: tuple[Column, ...]
    sql: str
    opens: str = ""
    """Column by which a row leads on: `case_no ticket inquiry complaint loop`; empty for sums."""


class Answer(msgspec.Struct, frozen=True):
    """One page of rows, and how many there are in all."""

    rows: list[tuple[Any, ...]]
    total: int


ROWS_MOST: Final = 100_000
"""Rows of one export; more is a question of another kind."""
_MEDIAN: Final = """
    SELECT {key} AS {key}, count(*) AS served,
           avg(wait_s) AS mean_wait_s, max(wait_s) AS longest_wait_s,
           avg(walk_s) AS mean_walk_s, avg(service_s) AS mean_service_s
    FROM (SELECT s.line, s.counter, s.clerk, substr(s.at, 12, 2) AS hour, s.wait_s, s.service_s,
                 (julianday(t.begun_at) - julianday(t.called_at)) * 86400 AS walk_s
          FROM services_done AS s JOIN tickets AS t ON t.ticket = s.ticket
          WHERE substr(s.at, 1, 10) >= :first AND substr(s.at, 1, 10) <= :last)
    GROUP BY {key} ORDER BY {key}"""


def _times(key: str) -> Question:
    columns = (
        Column(key), Column("served", "number"), Column("mean_wait_s", "seconds"), Column("longest_wait_s", "seconds"),
        Column("mean_walk_s", "seconds"), Column("mean_service_s", "seconds"),
    )  # fmt: skip
    return Question(f"times_by_{key}", columns, _MEDIAN.format(key=key))


_FOUND: Final = (
    _times("line"),
    _times("counter"),
    _times("clerk"),
    _times("hour"),
    Question(
        "idle_by_counter",
        (Column("counter"), Column("open_s", "seconds"), Column("busy_s", "seconds"), Column("idle_s", "seconds")),
        """
    WITH spans AS (
        SELECT counter, state, at, lead(at) OVER (PARTITION BY counter ORDER BY seq) AS until FROM counter_states),
    open AS (
        SELECT counter, sum((julianday(until) - julianday(at)) * 86400) AS open_s FROM spans
        WHERE state = 'open' AND until IS NOT NULL AND substr(at, 1, 10) >= :first AND substr(at, 1, 10) <= :last
        GROUP BY counter),
    busy AS (
        SELECT counter, sum((julianday(finished_at) - julianday(called_at)) * 86400) AS busy_s FROM tickets
        WHERE day >= :first AND day <= :last AND finished_at IS NOT NULL AND called_at IS NOT NULL GROUP BY counter)
    SELECT open.counter, open_s, coalesce(busy_s, 0) AS busy_s, max(0, open_s - coalesce(busy_s, 0)) AS idle_s
    FROM open LEFT JOIN busy ON busy.counter = open.counter ORDER BY open.counter""",
    ),
    Question(
        "left_by_line",
        (
            Column("line"), Column("issued", "number"), Column("no_shows", "number"), Column("no_show_share", "share"),
            Column("cancelled", "number"), Column("expired", "number"), Column("left_share", "share"),
        ),
        """
    SELECT line, count(*) AS issued, sum(state = 'no_show') AS no_shows,
           sum(state = 'no_show') * 10000 / count(*) AS no_show_share, sum(state = 'cancelled') AS cancelled,
           sum(state = 'expired') AS expired,
           sum(state IN ('no_show', 'cancelled', 'expired')) * 10000 / count(*) AS left_share
    FROM tickets WHERE day >= :first AND day <= :last GROUP BY line ORDER BY line""",
    ),
    Question(
        "coverage_by_line",
        (
            Column("line"), Column("measured", "number"), Column("within", "number"), Column("within_share", "share"),
            Column("shorter", "number"), Column("longer", "number"),
        ),
        """
    SELECT line, count(*) AS measured, sum(wait_s BETWEEN told_p10_s AND told_p90_s) AS within,
           sum(wait_s BETWEEN told_p10_s AND told_p90_s) * 10000 / count(*) AS within_share,
           sum(wait_s < told_p10_s) AS shorter, sum(wait_s > told_p90_s) AS longer
    FROM (SELECT line, told_p10_s, told_p90_s,
                 CAST((julianday(first_called_at) - julianday(issued_at)) * 86400 AS INTEGER) AS wait_s
          FROM tickets WHERE day >= :first AND day <= :last AND told_p10_s IS NOT NULL AND first_called_at IS NOT NULL)
    GROUP BY line ORDER BY line""",
    ),
    Question(
        "priority_by_class",
        (
            Column("priority_class", "code"), Column("served", "number"), Column("mean_wait_s", "seconds"),
            Column("longest_wait_s", "seconds"), Column("overtaken", "number"), Column("overtaken_most", "number"),
        ),
        """
    WITH called AS (
        SELECT ticket, day, line, priority_class, issued_at, first_called_at,
               (julianday(first_called_at) - julianday(issued_at)) * 86400 AS wait_s
        FROM tickets WHERE day >= :first AND day <= :last AND first_called_at IS NOT NULL),
    overtaken AS (
        SELECT a.ticket, count(b.ticket) AS times FROM called AS a LEFT JOIN called AS b
          ON b.line = a.line AND b.day = a.day
         AND b.issued_at > a.issued_at AND b.first_called_at < a.first_called_at GROUP BY a.ticket)
    SELECT priority_class, count(*) AS served, avg(wait_s) AS mean_wait_s, max(wait_s) AS longest_wait_s,
           sum(times > 0) AS overtaken, max(times) AS overtaken_most
    FROM called JOIN overtaken ON overtaken.ticket = called.ticket GROUP BY priority_class ORDER BY priority_class""",
    ),
    Question(
        "out_of_order",
        (
            Column("at", "instant"), Column("number"), Column("line"), Column("counter"), Column("clerk"),
            Column("reason", "code"),
        ),
        """
    SELECT at, number, line, counter, clerk, reason FROM calls
    WHERE out_of_order = 1 AND substr(at, 1, 10) >= :first AND substr(at, 1, 10) <= :last ORDER BY seq""",
    ),
    Question(
        "ratings_by_department",
        (
            Column("department"), Column("services", "number"), Column("rated", "number"),
            Column("rated_share", "share"), Column("satisfied", "number"), Column("dissatisfied", "number"),
        ),
        """
    SELECT s.department, count(*) AS services, count(r.request) AS rated,
           count(r.request) * 10000 / count(*) AS rated_share, sum(coalesce(r.level >= 3, 0)) AS satisfied,
           sum(coalesce(r.level <= 2, 0)) AS dissatisfied
    FROM services_done AS s LEFT JOIN ratings AS r ON r.service_seq = s.seq AND r.counted = 1
    WHERE substr(s.at, 1, 10) >= :first AND substr(s.at, 1, 10) <= :last GROUP BY s.department ORDER BY 1""",
    ),
    Question(
        "bad_ratings",
        (
            Column("opened_at", "instant"), Column("loop"), Column("department"), Column("counter"),
            Column("state", "code"), Column("closed_at", "instant"),
        ),
        """
    SELECT opened_at, loop, department, counter, state, closed_at FROM bad_ratings
    WHERE substr(opened_at, 1, 10) <= :last AND (closed_at IS NULL OR substr(closed_at, 1, 10) >= :first)
    ORDER BY seq""",
        opens="loop",
    ),
    Question(
        "inquiries",
        (
            Column("opened_at", "instant"), Column("inquiry"), Column("belongs_to", "code"), Column("department"),
            Column("first_responsible"), Column("responsible"), Column("offered_to"), Column("state", "code"),
            Column("answered_at", "instant"),
        ),
        """
    SELECT opened_at, inquiry, belongs_to, department, first_responsible, responsible, offered_to, state, answered_at
    FROM inquiries WHERE substr(opened_at, 1, 10) <= :last
      AND (answered_at IS NULL OR substr(answered_at, 1, 10) >= :first) ORDER BY seq""",
        opens="inquiry",
    ),
    Question(
        "cases_open",
        (
            Column("case_no"), Column("service_name"), Column("department"), Column("received_at", "instant"),
            Column("promised_due", "instant"), Column("statutory_due", "instant"), Column("state", "code"),
            Column("light", "code"), Column("counter"), Column("clerk"),
        ),
        """
    SELECT c.case_no, s.name AS service_name, c.department, c.received_at, c.promised_due, c.statutory_due, c.state,
           CASE WHEN sum(k.level = 'red' AND k.revoked_at IS NULL) > 0 THEN 'red'
                WHEN sum(k.level = 'yellow' AND k.revoked_at IS NULL) > 0 THEN 'yellow' ELSE 'green' END AS light,
           c.counter, c.clerk
    FROM cases AS c LEFT JOIN services AS s ON s.service = c.service LEFT JOIN cards AS k ON k.case_no = c.case_no
    WHERE c.decided_at IS NULL AND c.ended_on IS NULL AND c.void = 0 AND c.received_on <= :last
    GROUP BY c.case_no ORDER BY coalesce(c.promised_due, '9999'), c.case_no""",
        opens="case_no",
    ),
    Question(
        "cases_late",
        (
            Column("case_no"), Column("service_name"), Column("department"), Column("promised_due", "instant"),
            Column("decided_at", "instant"), Column("counter"), Column("clerk"),
        ),
        """
    SELECT c.case_no, s.name AS service_name, c.department, c.promised_due, c.decided_at, c.decided_counter AS counter,
           c.decided_clerk AS clerk
    FROM cases AS c LEFT JOIN services AS s ON s.service = c.service
    WHERE c.on_time = 0 AND c.void = 0 AND c.decided_on >= :first AND c.decided_on <= :last
    ORDER BY c.decided_seq""",
        opens="case_no",
    ),
    Question(
        "cards",
        (
            Column("raised_at", "instant"), Column("card"), Column("case_no"), Column("department"),
            Column("level", "code"), Column("cause", "code"), Column("true_at", "instant"),
            Column("revoked_at", "instant"),
        ),
        """
    SELECT raised_at, card, case_no, department, level, cause, true_at, revoked_at FROM cards
    WHERE substr(raised_at, 1, 10) >= :first AND substr(raised_at, 1, 10) <= :last ORDER BY seq""",
        opens="case_no",
    ),
    Question(
        "not_in_the_hall",
        (Column("service"), Column("service_name"), Column("department"), Column("line")),
        """
    SELECT s.service, s.name AS service_name, s.department, s.line FROM services AS s
    WHERE s.state = 'in_use' AND NOT EXISTS (SELECT 1 FROM counter_lines AS c WHERE c.line = s.line)
    ORDER BY s.department, s.service""",
    ),
    Question(
        "settings_changes",
        (Column("at", "instant"), Column("actor"), Column("setting"), Column("old"), Column("new")),
        """
    SELECT at, actor, setting, old, new FROM settings_changes
    WHERE substr(at, 1, 10) >= :first AND substr(at, 1, 10) <= :last ORDER BY seq""",
    ),
)  # fmt: skip
QUESTIONS: Final = {question.name: question for question in _FOUND}
"""By name, in the order they are offered."""


def ask(
    db: sqlite3.Connection,
    question: Question,
    *,
    first: str,
    last: str,
    find: str = "",
    sort: str = "",
    down: bool = False,
    limit: int = ROWS_MOST,
    offset: int = 0,
) -> Answer:
    """One page of the answer: rows that hold `find` in any column, sorted by a column of the question.

    Raises `ValueError` for a column the question does not have, `sqlite3.Error`.
    """
    names = [column.name for column in question.columns]
    if sort and sort not in names:
        raise ValueError(f"{question.name} has no column {sort}")
    held = " OR ".join(f"instr(lower(coalesce({name}, '')), lower(:find)) > 0" for name in names)
    where = f" WHERE {held}" if find else ""
    order = f" ORDER BY {sort} {'DESC' if down else 'ASC'} NULLS LAST" if sort else ""
    values = {"first": first, "last": last, "find": find, "limit": limit, "offset": offset}
    inner = f"SELECT {', '.join(names)} FROM ({question.sql}){where}"  # noqa: S608 - names of our own
    (total,) = db.execute(f"SELECT count(*) FROM ({inner})", values).fetchone()  # noqa: S608
    rows = db.execute(f"{inner}{order} LIMIT :limit OFFSET :offset", values).fetchall()
    return Answer(rows=rows, total=total)
