"""Numbers of the kiosk's own, and everything it still owes the server: leased, given out, merged, settled.

No Qt: requests go through whatever carries them (`Link.request`), the disk through `hall_client.outbox`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import structlog

from hall_client.outbox import Outbox, OwnTicket

BLOCK_SIZE = 20
"""Numbers kept per line for the time the server is away (`block_size` of the hall's settings)."""
TOP_UP_BELOW = 0.5
MERGE_AT_ONCE = 200
QUIET_S = 30.0
"""After a refused lease a line is left alone for so long."""
TICKETS = "/tickets"
log = structlog.get_logger("kiosk.offline")


Answer = Callable[[int | None, Any], None]


class Carries(Protocol):
    """Who sends requests; `done(status, json)` is called once, `status` None when nobody knows the outcome."""

    def __call__(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, done: Any = None
    ) -> Any: ...


class OwnNumbers:
    """The block of every line, and the merge of what was given out from it."""

    def __init__(
        self,
        outbox: Outbox,
        carry: Carries,
        *,
        new_key: Callable[[], str],
        changed: Callable[[], None],
        merged: Callable[[str, str], None] = lambda key, ticket: None,
    ) -> None:
        """`changed` is called when the numbers left are others; `merged(key, id)` when the server has a ticket."""
        self._outbox, self._carry, self._new_key = outbox, carry, new_key
        self._changed, self._merged = changed, merged
        self._leasing: dict[str, str] = {}
        self._lease_keys: dict[str, str] = {}
        self._quiet_until: dict[str, float] = {}
        self._merging = False
        self._settling: set[str] = set()
        self._refused: set[str] = set()
        self._visitors: dict[str, Mapping[str, str]] = {}
        """Who touched, by the touch's key, as long as its outcome is unknown; never on disk. After a crash in that time
        the same request can no longer be made: a ticket nobody was shown then ends as a missed call."""

    def left(self, day: str) -> dict[str, int]:
        """Unused numbers of `day` by line."""
        return self._outbox.left(day=day)

    # -- leasing ------------------------------------------------------------------------------------------------

    def top_up(self, lines: Mapping[str, Mapping[str, Any]], *, day: str, now: float, size: int = BLOCK_SIZE) -> None:
        """Asks for numbers of every open line of which less than half a block is left. Call it while online."""
        left = self.left(day)
        for line, state in lines.items():
            have = left.get(line, 0)
            if str(state.get("state", "open")) != "open" or have >= size * TOP_UP_BELOW or line in self._leasing:
                continue
            if now >= self._quiet_until.get(line, 0.0):
                self._lease(line, size - have, day=day, now=now)

    def _lease(self, line: str, size: int, *, day: str, now: float) -> None:
        key = self._lease_keys.setdefault(line, self._new_key())  # an unknown outcome asks again under the same key
        self._leasing[line] = day
        body = {"line": line, "size": size}
        self._carry("POST", "/blocks", body, key=key, done=lambda s, a: self._leased(line, s, a, now=now))

    def _leased(self, line: str, status: int | None, answer: Any, *, now: float) -> None:
        self._leasing.pop(line, None)
        if status != 201 or not isinstance(answer, dict):
            self._quiet_until[line] = now + QUIET_S
            if status is not None:
                self._lease_keys.pop(line, None)
                log.info("no block", line=line, status=status)
            return
        self._lease_keys.pop(line, None)
        tickets = [(str(t["number"]), str(t["url"])) for t in answer["tickets"]]
        self._outbox.add_block(block=str(answer["block"]), line=line, day=str(answer["day"]), tickets=tickets)
        log.info("block", line=line, numbers=len(tickets))
        self._changed()

    # -- giving out ---------------------------------------------------------------------------------------------

    def issue(
        self, *, key: str, line: str, service: str | None, priority_class: str, language: str, at: datetime
    ) -> OwnTicket | None:
        """The next own number of a line, stored before this returns; None when none is left."""
        ticket = self._outbox.issue(
            key=key,
            line=line,
            day=f"{at:%Y-%m-%d}",
            issued_at=at.isoformat(timespec="milliseconds"),
            service=service,
            priority_class=priority_class,
            language=language,
        )
        if ticket is not None:
            self._visitors.pop(key, None)  # the merge settles this touch by its key alone
            log.info("own number", line=line, number=ticket.number)
            self._changed()
        return ticket

    # -- merging ------------------------------------------------------------------------------------------------

    def merge(self) -> None:
        """Hands the server what was given out without it. Call it while online; does nothing while one is under way."""
        if self._merging:
            return
        waiting = [t for t in self._outbox.to_merge(MERGE_AT_ONCE) if t.key not in self._refused]
        if waiting:
            self._send(waiting)

    def _send(self, tickets: list[OwnTicket]) -> None:
        self._merging = True
        body = {"tickets": [t.as_request() for t in tickets]}
        self._carry(
            "POST", "/tickets/offline", body, key=self._new_key(), done=lambda s, a: self._answered(tickets, s, a)
        )

    def _answered(self, tickets: list[OwnTicket], status: int | None, answer: Any) -> None:
        self._merging = False
        if status == 200 and isinstance(answer, dict):
            pairs = [(str(t["key"]), str(t["id"])) for t in answer["tickets"]]
            self._outbox.merged(pairs)
            log.info("merged", tickets=len(pairs))
            for key, ticket in pairs:
                self._merged(key, ticket)
            self.merge()
        elif status is not None and 400 <= status < 500 and status not in (401, 403, 429):
            if len(tickets) == 1:  # one bad ticket must not keep the others from being merged
                log.error("not merged", number=tickets[0].number, status=status, answer=answer)
                self._refused.add(tickets[0].key)
                self.merge()
            else:
                self._send(tickets[: len(tickets) // 2])

    # -- sending and settling -----------------------------------------------------------------------------------

    def send_ticket(
        self,
        key: str,
        body: Mapping[str, Any],
        *,
        at: datetime,
        wanted: Callable[[], bool],
        done: Answer,
        visitor: Mapping[str, str] | None = None,
    ) -> None:
        """`POST /tickets`, remembered before it is sent. `wanted`: does the touch still wait for this answer?

        `visitor` is sent with it and not written down.
        """
        if visitor is not None:
            self._visitors[key] = visitor
        made_at = at.isoformat(timespec="milliseconds")
        self._outbox.keep(key=key, method="POST", path=TICKETS, body=dict(body), made_at=made_at)
        self._settling.add(key)

        def answered(status: int | None, answer: Any) -> None:
            waits = wanted()
            if known(status):
                assert status is not None
                self._visitors.pop(key, None)
                if waits:
                    self._outbox.answered(key)  # before it is shown: a crash must not give back a number in a hand
                else:
                    self._settled_ticket(key, status, answer)
            if waits:
                done(status, answer)
            self._settling.discard(key)

        self._carry("POST", TICKETS, self._whole(key, body), key=key, done=answered)

    def _whole(self, key: str, body: Any) -> Any:
        """The body with whoever touched."""
        return dict(body) | {"visitor": dict(self._visitors[key])} if key in self._visitors else body

    def owe(self, *, key: str, path: str, body: Any, at: datetime) -> None:
        """A `POST` that has to reach the server some time (a print result); sent now, and again until answered."""
        self._outbox.keep(key=key, method="POST", path=path, body=body, made_at=at.isoformat(timespec="milliseconds"))
        self.settle()

    def settle(self) -> None:
        """Asks again about every request whose outcome is unknown, under its own key. Call it while online."""
        own = {t.key for t in self._outbox.to_merge()}
        for kept in self._outbox.unanswered():
            if kept.key in own or kept.key in self._settling:
                continue  # the merge settles a touch that became an own number
            self._settling.add(kept.key)
            then = self._settled_ticket if kept.path == TICKETS else self._settled_other
            body = self._whole(kept.key, kept.body)
            self._carry(kept.method, kept.path, body, key=kept.key, done=partial(self._told, kept.key, then))

    def _told(self, key: str, then: Callable[[str, int, Any], None], status: int | None, answer: Any) -> None:
        self._settling.discard(key)
        if known(status):
            assert status is not None
            self._visitors.pop(key, None)
            then(key, status, answer)

    def _settled_ticket(self, key: str, status: int, answer: Any) -> None:
        """The answer to a touch nobody waits for any more: a ticket nobody was shown gives its place back."""
        shown = self._outbox.own_ticket(key) is not None
        if status == 201 and isinstance(answer, dict) and not shown:
            cancel = f"/tickets/{answer['id']}/cancel"
            self._outbox.keep(key=f"{key}-x", method="POST", path=cancel, body={}, made_at=str(answer["issued_at"]))
            log.info("unseen ticket given back", number=answer.get("number"))
        self._outbox.answered(key)
        self.settle()

    def _settled_other(self, key: str, status: int, answer: Any) -> None:
        if status >= 400:
            log.warning("refused for good", key=key[:8], status=status)
        self._outbox.answered(key)


def known(status: int | None) -> bool:
    """Whether an answer says for good what became of a request."""
    return status is not None and status < 500 and status != 429


def as_ticket(own: OwnTicket, *, line_name: str, place: str, counters: list[str], site: str) -> dict[str, Any]:
    """An own ticket in the shape of the contract's Ticket; nobody knows who is ahead of it."""
    return {
        "id": None,
        "number": own.number,
        "site": site,
        "line": own.line,
        "line_name": line_name,
        "service": own.service,
        "priority_class": own.priority_class,
        "state": "waiting",
        "issued_at": own.issued_at,
        "counters": counters,
        "place": place,
        "calls": 0,
        "ahead": None,
        "estimate": None,
        "language": own.language,
        "url": own.url,
    }
