"""From 取号 to the number in the hand: asked for, given by the server or from the own block, printed. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .effects import Effect, GiveUp, IssueOwn, Play, Print, SendTicket
from .places import Held, Place, Taking
from .visit import PAPER_S, Visit

UNKNOWN_S = 4.0
"""After so long the outcome counts as unknown and the kiosk gives out a number of its own."""


class Numbers(Visit):
    """The life of one number at this kiosk."""

    # -- may he ----------------------------------------------------------------------------------------------------

    def _choose(self, place: Place) -> list[Effect]:
        line = self.line_of(place)
        if line is not None and not self.line_open(line) and not self._reading:
            code = "no_number" if self.world.stale else str(self.lines.get(line, {}).get("state", "closed"))
            self._go(Place("refused", refusal=code, line=line, service=place.service))
        else:
            self._go(place)
        return []

    @property
    def _reading(self) -> bool:
        """Outside hours the guides may be read although no line is open."""
        return self.ground == "closed"

    def may_take(self, place: Place) -> bool:
        """Whether 取号 is offered at a place."""
        line = self.line_of(place)
        return line is not None and self.line_open(line) and self.ground not in ("closed", "out_of_service")

    def _take_or_warn(self, place: Place) -> list[Effect]:
        line = self.line_of(place)
        if line is None:
            return []
        if not self.may_take(place):
            return self._choose(replace(place, screen="detail")) if place.screen == "search" else []
        if self.too_late(line):
            self.late = place
            return []
        return self._take(place)

    # -- a number -----------------------------------------------------------------------------------------------

    def _take(self, place: Place) -> list[Effect]:
        line = self.line_of(place)
        if self.taking is not None or line is None:
            return []
        body: dict[str, Any] = {"priority_class": place.priority, "language": self.modes.language}
        body |= {"service": place.service} if place.service is not None else {"line": line}
        if place.form:
            body["form"] = place.form
        self.taking = Taking(self._new_key(), body, line, place.service, self._now, who=self.who)
        self.who = None
        if self.world.stale:
            return self._from_own_block(self.taking)
        return [self._sent(self.taking)]

    def _sent(self, taking: Taking) -> SendTicket:
        visitor = None if taking.who is None else {"id_number": taking.who.id_number}
        return SendTicket(taking.key, taking.body, visitor)

    def _tick_taking(self) -> list[Effect]:
        taking = self.taking
        if taking is None:
            return []
        if taking.retry_at is not None and self._now >= taking.retry_at:
            taking.retry_at = None
            return [self._sent(taking)]
        if not taking.asked_own and self._now - taking.since >= UNKNOWN_S:
            return self._from_own_block(taking)
        return []

    def _from_own_block(self, taking: Taking) -> list[Effect]:
        """Without the server nobody can say whether this person holds a number already: none is refused for it."""
        taking.who = None
        if not taking.line:
            return self._without_answer(taking)
        taking.asked_own = True
        priority = str(taking.body["priority_class"])
        return [IssueOwn(taking.key, taking.line, taking.service, priority, str(taking.body["language"]))]

    def answered(self, key: str, status: int | None, answer: Any, *, now: float) -> list[Effect]:
        """The server's answer to `SendTicket`; `status` None when nobody knows what became of it."""
        self._now = now
        taking = self.taking
        if taking is None or taking.key != key or taking.asked_own:
            return []  # the visitor holds a number of the own block already: the merge settles it (contract 3)
        if status == 201 and isinstance(answer, dict):
            return self._settled(self._hold(dict(answer), taking, own=False))
        code = str(answer.get("code", "")) if isinstance(answer, dict) else ""
        if status == 429:
            taking.retry_at = now + 1.0
            return []
        if status is None or status >= 500:
            return self._settled(self._from_own_block(taking))
        self._refused(taking, code or "bad_request", answer)
        return self._settled([Play("fault")])

    def _refused(self, taking: Taking, code: str, answer: Any) -> None:
        self.taking = None
        values = (answer.get("values") or {}) if isinstance(answer, dict) else {}
        number = str(values.get("number") or "")
        if taking.line:
            self._go(Place("refused", refusal=code, line=taking.line, service=taking.service, number=number))
        else:
            self._change(refusal=code)

    def _without_answer(self, taking: Taking) -> list[Effect]:
        """An appointment without an answer: only the server knows it, and what became of it is settled later."""
        self.taking = None
        self._change(refusal="no_answer")
        return [GiveUp(taking.key), Play("fault")]

    def issued_own(self, key: str, ticket: dict[str, Any] | None, *, now: float) -> list[Effect]:
        """A number of the own block was stored for this touch, or None: there is none left."""
        self._now = now
        taking = self.taking
        if taking is None or taking.key != key:
            return []
        if ticket is not None:
            return self._settled(self._hold(ticket, taking, own=True))
        self.taking = None
        self._go(Place("refused", refusal="no_number", line=taking.line, service=taking.service))
        return self._settled([GiveUp(key), Play("fault")])

    def _hold(self, ticket: dict[str, Any], taking: Taking, *, own: bool) -> list[Effect]:
        self.taking = self.late = self.who = None
        self.places.clear()
        can_print = self.world.printer in ("ready", "degraded", "unknown", "connecting")
        self.held = Held(taking.key, ticket, taking.service, own, until=0.0, sent_at=self._now)
        self.held.printing = "printing" if can_print else "none"
        self.held.fault = next(iter(self.world.printer_faults), "")
        self.held.until = self._now + self.ticket_limit
        self._touched_at = self._now
        return [Play("stored"), Print(taking.key, 0)] if can_print else [Play("stored")]

    def printed(self, key: str, outcome: str, *, now: float, fault: str = "") -> list[Effect]:
        """What became of a paper: `confirmed failed unknown`. The number stays whatever it is."""
        self._now = now
        held = self.held
        if held is None or held.key != key:
            return []
        before = held.printing
        held.printing = outcome if outcome in ("confirmed", "failed", "unknown") else "unknown"  # type: ignore[assignment]
        held.fault = fault
        if held.printing == "failed":
            held.until = max(held.until, now + PAPER_S)
        return self._settled([Play("fault")] if held.printing == "failed" and before != "failed" else [])

    def _leave_ticket(self) -> None:
        self.held = None
        self.places.clear()
        self._touched_at = self._now
