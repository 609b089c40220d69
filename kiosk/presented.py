"""What a visitor presents instead of touching: an identity card, the paper of a ticket, an appointment's code. Pure.

A card on the page of an item takes a number for that person. A ticket's paper shows where it stands, and puts one back
in line whose call was missed. Nothing personal is kept: a card lasts until the answer, and no longer than the wipe.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .codes import AppointmentCode, CaseCode, TicketCode, read_code
from .effects import AskCase, Effect, FindTicket, Play, Reinstate
from .numbers import Numbers
from .places import Place, Taking, Who

DEAF = ("evacuation", "unpaired", "starting", "out_of_service", "ticket", "paper")
"""Screens on which nothing can be presented."""


class Presented(Numbers):
    """Cards and codes."""

    def _takes_notice(self) -> bool:
        """Whether a card or a code means something now; it shows in any case that somebody is there."""
        if self.screen in DEAF or self.taking is not None:
            return False
        self._touched_at = self._now
        self.asking_idle_since = None
        return self.late is None and not self.choosing_language

    # -- a card ----------------------------------------------------------------------------------------------------

    def card(self, name: str, id_number: str, *, now: float) -> list[Effect]:
        """A card was placed and read."""
        self._now = now
        if not self._takes_notice():
            return self._settled([])
        place = self.place
        if place.screen != "detail":
            self._say("card_first")
            return self._settled([Play("tap")])
        if not self.may_take(place):
            return self._settled([])  # the page says so itself
        self.who = Who(masked(name), id_number)
        return self._settled([Play("tap"), *self._take_or_warn(place)])

    # -- a code ----------------------------------------------------------------------------------------------------

    def scanned(self, text: str, *, now: float) -> list[Effect]:
        """A code was held before the scanner."""
        self._now = now
        if not self._takes_notice():
            return self._settled([])
        code = read_code(text)
        if code is None or self.world.stale:
            self._say("scan_unknown" if code is None else "scan_offline")
            return self._settled([Play("tap")])
        if self.place.screen in ("scanned", "case"):
            self.places.pop()
        match code:
            case TicketCode(token=token):
                self._go(Place("scanned", refusal="looking", code=token))
                return self._settled([Play("tap"), FindTicket(token)])
            case AppointmentCode(digits=digits):
                return self._settled([Play("tap"), *self._check_in(digits)])
            case CaseCode(token=token, no=no, check_code=check_code):
                body = {"token": token} if token else {"no": no, "check_code": check_code}
                return self._settled([Play("tap"), self._ask_case(body)])

    def _ask_case(self, body: Mapping[str, str]) -> AskCase:
        """Number and check code, or a token: how far is it."""
        key = self._new_key()
        self._go(Place("case", refusal="looking", key=key))
        return AskCase(key, body)

    def _check_in(self, digits: str) -> list[Effect]:
        """An appointment becomes a ticket when the server knows it."""
        self._go(Place("scanned", refusal="looking", code=digits))
        body: dict[str, Any] = {"appointment": digits, "language": self.modes.language}
        self.taking = Taking(self._new_key(), body, "", None, self._now)
        return [self._sent(self.taking)]

    def found_ticket(self, token: str, status: int | None, answer: Any, *, now: float) -> list[Effect]:
        """The server's answer to `FindTicket`; `status` None when none came."""
        self._now = now
        if not self._still_shows(token):
            return []
        if status == 200 and isinstance(answer, dict):
            self._change(seen=answer, refusal="")
            if answer.get("state") == "no_show":
                self._change(refusal="looking")
                return self._settled([Reinstate(self._new_key(), str(answer["id"]))])
            return self._settled([Play("stored")])
        self._change(refusal=_code(status, answer))
        return self._settled([Play("fault")])

    def reinstated(self, ticket: str, status: int | None, answer: Any, *, now: float) -> list[Effect]:
        """The server's answer to `Reinstate`."""
        self._now = now
        seen = self.place.seen
        if self.place.screen != "scanned" or seen is None or seen.get("id") != ticket:
            return []
        if status == 200 and isinstance(answer, dict):
            self._change(seen=answer, refusal="reinstated")
            return self._settled([Play("stored")])
        self._change(refusal=_code(status, answer))
        return self._settled([Play("fault")])

    def _still_shows(self, code: str) -> bool:
        return self.place.screen == "scanned" and self.place.code == code


def _code(status: int | None, answer: Any) -> str:
    if status is None or status >= 500:
        return "no_answer"
    known: Mapping[str, Any] = answer if isinstance(answer, dict) else {}
    return str(known.get("code") or "bad_request")


def masked(name: str) -> str:
    """The first character of a name and one star: no more of it may stand on a screen (domain.md 9)."""
    return f"{name.strip()[0]}*" if name.strip() else ""
