"""An independent judge: given the events of a hall and what its clients were told, which promises were broken.

It knows the contract's event types, the rule of the order (waiting.md 11) and the hash chain as `chain.py` describes
it, and nothing of the server's code. Promises are those of reliability.md 4; a violation is one line of text that
begins with the promise it breaks.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

GENESIS = hashlib.sha256(b"counterhall journal, format 1").digest()
OPEN = frozenset({"waiting", "called", "serving", "parked"})
STEPS: dict[str, tuple[frozenset[str], str | None]] = {
    "ticket_called": (frozenset({"waiting"}), "called"),
    "ticket_recalled": (frozenset({"called"}), None),
    "service_begun": (frozenset({"called"}), "serving"),
    "service_finished": (frozenset({"serving"}), "finished"),
    "ticket_marked_no_show": (frozenset({"called"}), "no_show"),
    "ticket_reinstated": (frozenset({"no_show"}), "waiting"),
    "ticket_parked": (frozenset({"called", "serving"}), "parked"),
    "ticket_resumed": (frozenset({"parked"}), "serving"),
    "ticket_transferred": (frozenset({"called", "serving"}), "waiting"),
    "ticket_returned": (frozenset({"called", "serving"}), "waiting"),
    "ticket_cancelled": (OPEN - {"serving"} | {"no_show"}, "cancelled"),
    "ticket_expired": (OPEN | {"no_show"}, "expired"),
    "ticket_reclassified": (frozenset({"waiting", "called", "parked"}), None),
    "visitor_on_the_way": (frozenset({"waiting", "called"}), None),
}
"""Event → states a ticket may be in before it, and the state it is in after it."""
UNDONE = {"park": "parked", "no_show": "no_show", "transfer": "waiting"}


@dataclass(frozen=True)
class Recorded:
    """One exported event; `data` byte for byte as the journal holds it."""

    seq: int
    at: str
    type: str
    data: bytes
    actor: str
    hash: str


@dataclass
class Told:
    """One press and what became of it: `ok` with the ticket's id, `refused`, or `unknown` (no answer came)."""

    key: str
    outcome: str
    ticket: str | None = None
    merged: bool = False
    """Given out by a kiosk alone and brought in later."""


@dataclass
class Place:
    """A ticket as the events tell it."""

    line: str
    klass: str
    issued_ms: int
    seq: int
    state: str = "waiting"
    counter: str | None = None
    queue: str = ""
    exception: str | None = None
    """Why it does not stand where its issue puts it."""
    before: tuple[Any, ...] | None = None
    """As it was before the last act that can be undone."""


@dataclass
class Checker:
    """Fed with events in order."""

    violations: list[str] = field(default_factory=list)
    head: bytes = GENESIS
    seq: int = 0
    head_start_ms: int = 15 * 60_000
    tickets: dict[str, Place] = field(default_factory=dict)
    lines: dict[str, set[str]] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    requests: dict[str, bool] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    """Cancelled because nobody ever held them."""
    calls: int = 0
    overrides: int = 0

    def broken(self, promise: str, what: str) -> None:
        """A promise does not hold."""
        self.violations.append(f"{promise} at seq {self.seq}: {what}")

    # ------------------------------------------------------------ feeding

    def feed(self, events: Iterable[Recorded]) -> Checker:
        """Judges these events, which follow those fed before."""
        for event in events:
            self.chain(event)
            self.happened(event.type, json.loads(event.data), at=event.at)
        return self

    def chain(self, event: Recorded) -> None:
        """I8: no gap, and each hash follows from the row and the one before."""
        if event.seq != self.seq + 1:
            self.seq = event.seq
            self.broken("I8", f"the row after {event.seq - 1} is missing or doubled")
        self.seq = event.seq
        columns = (event.at.encode(), event.type.encode(), event.data, event.actor.encode())
        lengths = struct.pack(">QIIII", event.seq, *map(len, columns))
        self.head = hashlib.sha256(b"".join((self.head, lengths, *columns))).digest()
        if self.head.hex() != event.hash:
            self.broken("I8", "the hash does not follow")
            self.head = bytes.fromhex(event.hash)

    def happened(self, kind: str, data: dict[str, Any], *, at: str) -> None:
        """One event, whatever it is about."""
        handler = getattr(self, f"on_{kind}", None)
        if kind in STEPS:
            self.step(kind, data)
        if handler is not None:
            handler(data)
        if at[:19] > "9999":
            self.broken("R5", "no time of this world")

    # ------------------------------------------------------------ the set-up

    def on_hall_founded(self, data: dict[str, Any]) -> None:
        self.head_start_ms = data["settings"]["queue"]["head_start_min"] * 60_000

    def on_catalogue_changed(self, data: dict[str, Any]) -> None:
        for row in data.get("counters", ()):
            self.lines[row["counter"]] = set(row.get("lines", ()))

    def on_config_changed(self, data: dict[str, Any]) -> None:
        parts = data["setting"].split(".")
        if parts[0] == "counters" and parts[-1] == "lines":
            self.lines[parts[1]] = set(data["new"])
        elif data["setting"] == "queue.head_start_min":
            self.head_start_ms = data["new"] * 60_000

    # ------------------------------------------------------------ numbers

    def on_block_leased(self, data: dict[str, Any]) -> None:
        stem = data["day"].replace("-", "")
        for number in data["numbers"]:
            ident = f"{stem}-{number}"
            if ident in self.tickets or ident in self.aside:
                self.broken("I3", f"{ident} is set aside and somebody holds it")
            self.aside[ident] = data["device"]

    def on_ticket_issued(self, data: dict[str, Any]) -> None:
        ident = data["ticket"]
        if ident in self.tickets:
            self.broken("I3", f"{ident} was given out twice")
        if not ident.endswith(f"-{data['number']}") or ident[:8] != data["issued_at"][:10].replace("-", ""):
            self.broken("I3", f"{ident} is not day and number")
        owner = self.aside.pop(ident, None)
        if owner is not None and (owner != data.get("device") or not data.get("offline")):
            self.broken("I3", f"{ident} was set aside for {owner}")
        if data.get("offline") and owner is None and not data.get("off_block"):
            self.broken("I3", f"{ident} is of no block and does not say so")
        issued_ms = round(datetime.fromisoformat(data["issued_at"]).timestamp() * 1000)
        self.tickets[ident] = Place(data["line"], data["priority_class"], issued_ms, self.seq, queue=data["line"])

    def on_ticket_cancelled(self, data: dict[str, Any]) -> None:
        if data.get("reason_code") == "unseen":
            self.unseen.add(data["ticket"])

    # ------------------------------------------------------------ a ticket's life

    def step(self, kind: str, data: dict[str, Any]) -> None:
        """I4: only steps its life allows, and at one counter at most."""
        ticket = self.tickets.get(data["ticket"])
        if ticket is None:
            self.broken("I1", f"{kind} of {data['ticket']}, which nobody was given")
            return
        allowed, after = STEPS[kind]
        if ticket.state not in allowed:
            self.broken("I4", f"{kind} of {data['ticket']}, which is {ticket.state}")
        if kind == "ticket_called":
            self.called(data, ticket)
        before = (ticket.line, ticket.klass, ticket.state, ticket.counter, ticket.queue, ticket.exception)
        if after is not None:
            if kind in ("ticket_parked", "ticket_marked_no_show", "ticket_transferred"):
                ticket.before = before
            self.moves(data["ticket"], ticket, after, counter=data.get("counter"))
        if kind == "ticket_transferred":
            ticket.line, ticket.exception = data["line"], "transferred"
            ticket.queue = f"@{data['to_counter']}" if data.get("to_counter") else data["line"]
        elif kind == "ticket_returned":
            ticket.queue, ticket.exception = ticket.line, "returned"
        elif kind == "ticket_reinstated":
            ticket.queue, ticket.exception = ticket.line, "reinstated"
        elif kind == "ticket_reclassified":
            ticket.klass = data["priority_class"]
            ticket.seq = self.seq  # it takes its place anew, behind whoever stood in that millisecond
        elif kind == "service_finished" and ticket.counter != data["counter"]:
            self.broken("I4", f"{data['ticket']} was finished at {data['counter']}, not where it was served")

    def moves(self, ident: str, ticket: Place, state: str, *, counter: str | None) -> None:
        """A ticket is in another state; counters let go and take."""
        if ticket.state in ("called", "serving") and ticket.counter is not None:
            self.holds.pop(ticket.counter, None)
        ticket.state = state
        if state in ("called", "serving"):
            ticket.counter = counter if counter is not None else ticket.counter
            assert ticket.counter is not None
            other = self.holds.get(ticket.counter)
            if other is not None and other != ident:
                self.broken("I4", f"counter {ticket.counter} has {other} and takes {ident}")
            self.holds[ticket.counter] = ident

    def on_act_undone(self, data: dict[str, Any]) -> None:
        if data["act"] == "pause":
            return
        ticket = self.tickets[data["ticket"]]
        if ticket.state != UNDONE[data["act"]] or ticket.before is None:
            self.broken("I4", f"{data['act']} of {data['ticket']} is undone, which is {ticket.state}")
            return
        line, klass, state, counter, queue, exception = ticket.before
        self.moves(data["ticket"], ticket, state, counter=counter)
        ticket.line, ticket.klass, ticket.queue, ticket.exception = line, klass, queue, exception
        ticket.before = None

    # ------------------------------------------------------------ the order

    def key_of(self, ticket: Place) -> int:
        """The declared key: issue time less the head start of the class."""
        return ticket.issued_ms - (0 if ticket.klass == "ordinary" else self.head_start_ms)

    def eligible(self, counter: str) -> dict[str, Place]:
        """Whom a counter may call."""
        served = self.lines.get(counter, set()) | {f"@{counter}"}
        return {i: t for i, t in self.tickets.items() if t.state == "waiting" and t.queue in served}

    def called(self, data: dict[str, Any], ticket: Place) -> None:
        """I5: the smallest key among those the counter serves, unless the event says why not."""
        self.calls += 1
        reason = data.get("reason_code")
        if reason == "by_number":
            self.overrides += 1
            return
        there = self.eligible(data["counter"])
        if data["ticket"] not in there:
            self.broken("I5", f"{data['ticket']} was called to {data['counter']}, which does not serve it")
            return
        if ticket.exception is not None:
            if reason != ticket.exception:
                self.broken("I5", f"{data['ticket']} was called as {reason}, it is {ticket.exception}")
            return
        if reason not in ("first", "priority"):
            self.broken("I5", f"{data['ticket']} was called without a reason that holds: {reason}")
        own = self.key_of(ticket)
        for ident, other in there.items():
            if other.exception is None and other is not ticket and self.stands_before(other, ticket, own):
                self.broken("I5", f"{data['ticket']} was called before {ident}")
                return

    def stands_before(self, other: Place, ticket: Place, own: int) -> bool:
        """Whether `other` should have been called first; in one millisecond the journal decides within a line."""
        key = self.key_of(other)
        if key != own:
            return key < own
        return other.queue == ticket.queue and other.klass == ticket.klass and other.seq < ticket.seq

    def nobody_for(self, counter: str) -> None:
        """I6: call-next said that nobody waits."""
        waiting = self.eligible(counter)
        if waiting:
            self.broken("I6", f"counter {counter} got nobody while {next(iter(waiting))} waits")

    # ------------------------------------------------------------ ratings

    def on_rating_requested(self, data: dict[str, Any]) -> None:
        if data["request"] in self.requests or self.tickets[data["ticket"]].state != "finished":
            self.broken("I7", f"rating {data['request']} is asked twice or of no finished service")
        self.requests[data["request"]] = False

    def on_rating_given(self, data: dict[str, Any]) -> None:
        if self.requests.get(data["request"]) is not False:
            self.broken("I7", f"rating {data['request']} was given twice or never asked")
        self.requests[data["request"]] = True
        if data["level"] not in (1, 2, 3, 4, 5):
            self.broken("I7", f"rating {data['request']} is {data['level']}")

    def on_day_ended(self, data: dict[str, Any]) -> None:
        if self.holds:
            self.broken("I4", f"the day ended with {self.holds}")

    # ------------------------------------------------------------ what clients were told

    def judge(self, history: Iterable[Told]) -> list[str]:
        """I1, I2, I3: every acknowledged ticket is there once, one key has one ticket, nothing came of nothing."""
        answered: dict[str, str] = {}
        in_doubt: set[str] = set()
        merged: set[str] = set()
        for told in history:
            if told.merged:
                merged.add(told.key)
            if told.outcome == "unknown":
                in_doubt.add(told.key)
            elif told.outcome == "ok":
                assert told.ticket is not None
                if answered.setdefault(told.key, told.ticket) != told.ticket:
                    self.broken("I2", f"key {told.key} was answered {answered[told.key]} and {told.ticket}")
        holders: dict[str, str] = {}
        for key, ticket in answered.items():
            if ticket not in self.tickets:
                self.broken("I1", f"{ticket} was acknowledged to {key} and is not there")
            if holders.setdefault(ticket, key) != key:
                self.broken("I3", f"{ticket} was given to {holders[ticket]} and {key}")
        nobodys = self.tickets.keys() - holders.keys() - self.unseen
        # An online try nobody heard the answer of, and the kiosk's own number under the same key: the unseen ticket is
        # cancelled, unless somebody sits at a counter with it already.
        served = {ident for ident in nobodys if self.tickets[ident].state in ("serving", "finished")}
        nobodys -= set(sorted(served)[: len(in_doubt & merged)])
        if len(nobodys) > len(in_doubt - answered.keys()):
            self.broken("I2", f"{len(nobodys)} tickets nobody was told of: {sorted(nobodys)[:5]}")
        return self.violations
