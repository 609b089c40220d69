"""What a clerk does beside calling: takes applications, answers first questions, and sees to what lies with him."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from hall_server.cli.init import sample_files

from . import habits, past_words
from .crowd import Crowd
from .desks import HttpDesk
from .talk import HallTime, No

APPLIES, ASKS = 0.5, 0.12
"""Of the visitors at a counter, so many apply for something, so many ask a first question."""
LACKS, HANDED_ON, NOTICE, DENIED = 0.12, 0.4, 0.35, 0.04
EVERY_MIN = (5.0, 12.0)
"""Hall minutes between two looks at what lies with a clerk."""
DECLINED = 0.2
SEEN_MOST = 12


def seals() -> dict[str, str]:
    """The approval seal of each department of the sample county."""
    rows = csv.DictReader(io.StringIO(sample_files()["seals.csv"].decode("utf-8-sig")))
    return {row["department"]: row["seal"] for row in rows}


@dataclass(frozen=True)
class Known:
    """What every clerk knows of the hall: items by key, seals by department, and his colleagues."""

    services: dict[str, dict[str, Any]]
    seals: dict[str, str]
    clerks: tuple[str, ...]


class Matters:
    """One clerk's applications and questions, over the hall's interface."""

    def __init__(self, desk: HttpDesk, *, known: Known, crowd: Crowd, time: HallTime, dice: Random) -> None:
        self.desk, self.known, self.crowd, self.time, self.dice = desk, known, crowd, time, dice
        self._next = time.now() + self._pause()

    def _pause(self) -> timedelta:
        return timedelta(minutes=self.dice.uniform(*EVERY_MIN))

    # ------------------------------------------------------------ with a visitor

    async def of_visitor(self) -> None:
        """In the middle of a service: an application, a question, or neither. What the hall refuses is left."""
        ticket, chance = self.desk.ticket, self.dice.random()
        try:
            if chance < APPLIES and ticket.get("service"):
                await self._applies(ticket)
            elif chance < APPLIES + ASKS:
                await self._asks(ticket)
        except No as no:
            self.crowd.note("refused", counter=self.desk.counter, code=no.code)

    async def _applies(self, ticket: dict[str, Any]) -> None:
        service = str(ticket["service"])
        ahead = await self.desk.ask("GET", f"/cases/preview?service={service}")
        materials = list(ahead["materials"])
        lacks = bool(materials) and self.dice.random() < LACKS
        who = past_words.person(self.dice, company=0.25)
        body: dict[str, Any] = {
            "service": service,
            "ticket": ticket["id"],
            "applicant": {"name": who.name, "phone": who.phone},
            "show_name": self.dice.random() < 0.2,
            "accept": not lacks,
        }
        if lacks:
            body["documents"] = materials[:-1]
        elif ahead["handling"] == "on_the_spot" and ahead["may_decide"]:
            body["decide"] = self._decision(service, at_counter=True, sealed=ahead["seal_needed"])
        made = await self.desk.ask("POST", "/cases", body)
        if lacks:
            await self.desk.ask("POST", f"/cases/{made['no']}/supplement", {"missing": materials[-1:]})
        if made["state"] == "decided":
            await self.desk.ask("POST", f"/cases/{made['no']}/deliver")

    def _decision(self, service: str, *, at_counter: bool, sealed: bool) -> dict[str, Any]:
        department = self.known.services[service]["department"]
        made: dict[str, Any] = {"outcome": "denied" if self.dice.random() < DENIED else "granted"}
        if sealed:
            made["seal"] = self.known.seals.get(department, "SP")
        if not at_counter:
            made["place"] = "department"
        return made

    async def _asks(self, ticket: dict[str, Any]) -> None:
        belongs_to = self.dice.choice(sorted(past_words.MATTERS))
        who = past_words.person(self.dice)
        body = {
            "matter": self.dice.choice(past_words.MATTERS[belongs_to]),
            "belongs_to": belongs_to,
            "visitor": {"name": who.name, "phone": who.phone},
            "ticket": ticket.get("id"),
        }
        made = await self.desk.ask("POST", "/inquiries", body)
        if belongs_to in ("own", "outside") or self.dice.random() >= HANDED_ON:
            await self._answer(made["id"], outside=belongs_to == "outside")
            return
        to = self.dice.choice([c for c in self.known.clerks if c != self.desk.clerk])
        await self.desk.ask("POST", f"/inquiries/{made['id']}/hand-over", {"to": to})

    async def _answer(self, ident: str, *, outside: bool = False) -> None:
        words = self.dice.choice(past_words.ELSEWHERE if outside else past_words.RESULTS)
        body = {"result": words, "one_time_notice": self.dice.random() < NOTICE}
        await self.desk.ask("POST", f"/inquiries/{ident}/answer", body)

    # ------------------------------------------------------------ between two visitors

    async def between(self) -> None:
        """Now and then: one offered question, one own question, one case. What the hall refuses waits."""
        if self.time.now() < self._next:
            return
        self._next = self.time.now() + self._pause()
        for errand in (self._questions, self._cases):
            try:
                await errand()
            except No as no:
                self.crowd.note("refused", counter=self.desk.counter, code=no.code)

    async def _questions(self) -> None:
        """The oldest that is offered to him, else the oldest of his own that he has not passed on."""
        found = (await self.desk.ask("GET", "/inquiries?mine=1"))["inquiries"]
        offered = [i for i in found if i["offered_to"] == self.desk.clerk]
        own = [i for i in found if i["responsible"] == self.desk.clerk and i["offered_to"] is None]
        if offered:
            ident = offered[0]["id"]
            if self.dice.random() < DECLINED:
                await self.desk.ask("POST", f"/inquiries/{ident}/decline", {"reason": "not_my_matter"})
                return
            await self.desk.ask("POST", f"/inquiries/{ident}/accept")
            await self._answer(ident)
        elif own:
            await self._answer(own[0]["id"], outside=own[0]["belongs_to"] == "outside")

    async def _cases(self) -> None:
        """One of those that lie with him: what was missing has come, a decision, a delivery."""
        decided = (await self.desk.ask("GET", "/cases?mine=1&state=decided"))["cases"]
        if decided and self.dice.random() < 0.5:
            await self.desk.ask("POST", f"/cases/{decided[0]['no']}/deliver")
            return
        found = (await self.desk.ask("GET", "/cases?mine=1"))["cases"][:SEEN_MOST]
        can = [c for c in found if c["state"] in ("supplementing", "received", "accepted")]
        if not can:
            return
        case = self.dice.choice(can)
        if case["state"] != "accepted":
            await self.desk.ask("POST", f"/cases/{case['no']}/accept")
            return
        ahead = await self.desk.ask("GET", f"/cases/preview?service={case['service']}")
        decision = self._decision(case["service"], at_counter=ahead["may_decide"], sealed=ahead["seal_needed"])
        await self.desk.ask("POST", f"/cases/{case['no']}/decide", decision)


def takes_s(dice: Random, line: str) -> tuple[float, float]:
    """A service in two parts: until the visitor has said what he came for, and the rest."""
    whole = habits.service_s(dice, line)
    return whole * 0.6, whole * 0.4
