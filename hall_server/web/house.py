"""Everything a route needs, in one place, and the one way a request becomes something that happened."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import msgspec
from litestar import Request, Response

from hall_protocol.ids import is_key
from hall_protocol.pictures.ticket import Ticket as TicketView
from hall_protocol.refusals import Refused

from ..alarms.checks import backup_is_old, disk_is_low
from ..core.hall import Hall
from ..core.lines.ticket import Ticket
from ..core.pictures.ticket import ticket_view
from ..core.registry import Command, Event
from ..engine import Engine, Once
from ..foresight import Foresight
from ..history.past import keep_days
from ..journal.rows import Answer
from ..personal.vault import Vault, Visitor
from ..retention import forget_old
from ..trust.credentials import Credentials
from ..trust.pairing import Pairings
from ..trust.pins import Doorkeeper
from ..trust.tokens import Seals
from .applicants import Applicants
from .caller import Caller, Pace, header
from .eyes import Eyes
from .public.initials import Initials
from .sending import Told

HttpRequest = Request[Any, Any, Any]
View = Callable[[Hall, list[Event]], Any]

log = logging.getLogger(__name__)

HIDDEN = "\u00a7"
HIDDEN_BYTES = HIDDEN.encode()
"""Stands before what is filled in when an answer leaves: the secret itself is never stored with the answer."""
CASE = "case:"
"""In front of the number where the address is a case's and no ticket's."""
PARKED = "parked:"
"""In front of a ticket's id: why it is on hold, in the clerk's words. Under the id alone is whose ticket it is."""
_HIDDEN = re.compile(rb'"(url|token|check_code)":"\xc2\xa7([^"\\]{1,60})"')


class House:
    """The engine and everything around it that routes use."""

    def __init__(
        self,
        *,
        data: Path,
        engine: Engine,
        seals: Seals,
        credentials: Credentials,
        vault: Vault,
        foresight: Foresight,
        fingerprint: str,
    ) -> None:
        self.data = data
        self.engine = engine
        self.seals = seals
        self.credentials = credentials
        self.vault = vault
        self.foresight = foresight
        self.fingerprint = fingerprint
        """SHA-256 of the hall's CA certificate."""
        self.pins = Doorkeeper("pin")
        self.passwords = Doorkeeper("password")
        self.pairings = Pairings(seals)
        self.pace = Pace()
        self.initials = Initials(data)
        self.turns: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()
        """One lock for each person who takes a number at this moment, by a fingerprint of the identity number."""
        self.words: dict[str, str] = {}
        """Free text of clerks and managers by what it belongs to; lives as long as the day and never in the journal."""
        self.last_used: dict[str, int] = {}
        """Sessions and when they were last used, hall time."""
        self._woken_after = engine.hall.at
        self.applicants = Applicants(vault, companies_in_full=lambda: engine.hall.settings.cases.companies_in_full)
        self.eyes = Eyes(
            engine=engine,
            seals=seals,
            foresight=foresight,
            words_of=self.words.get,
            masked_of=self.applicants.masked,
        )

    # ------------------------------------------------------------ asking

    def caller(self, request: HttpRequest) -> Caller:
        """Who is asking, as the guard found out."""
        return request.scope["state"]["caller"]  # type: ignore[no-any-return]

    async def once(self, request: HttpRequest, caller: Caller, key: str | None = None) -> Once:
        """What makes this request happen once; refuses without a proper key."""
        given = key if key is not None else header(request.scope, b"idempotency-key")
        if not given:
            raise Refused("idempotency_key_missing")
        if not is_key(given):
            raise Refused("idempotency_key_bad")
        body = await request.body()
        return Once(
            scope=f"{caller.scope}|{request.method} {request.scope['path']}",
            key=given,
            fingerprint=self.seals.fingerprint(body),
        )

    async def act(
        self,
        request: HttpRequest,
        commands: Command | Sequence[Command],
        view: View | None,
        *,
        status: int = 200,
        key: str | None = None,
        caller: Caller | None = None,
        aliases: Callable[[Hall, list[Event]], Iterable[Answer]] | None = None,
    ) -> Response[Any]:
        """Lets a command happen once and answers with what `view` shows of it; without a view the body is empty."""
        who = caller or self.caller(request)
        once = await self.once(request, who, key)

        def respond(hall: Hall, events: list[Event]) -> tuple[int, bytes]:
            return status, b"" if view is None else msgspec.json.encode(view(hall, events))

        outcome = await self.engine.submit(
            commands, who.stamp(self.engine.clock.now()), respond=respond, once=once, aliases=aliases
        )
        return self.response(outcome.status, outcome.body)

    def response(self, status: int, body: bytes) -> Response[Any]:
        """An answer, with its secrets filled in."""
        return Told(status, _HIDDEN.sub(self._filled_in, body) if HIDDEN_BYTES in body else body)

    def _filled_in(self, found: re.Match[bytes]) -> bytes:
        name, hidden = found[1], found[2].decode()
        if name == b"check_code":
            secret = self.eyes.check_code_of(hidden)
        elif name == b"token":
            secret = self.seals.seal("session", hidden)
        elif hidden.startswith(CASE):
            secret = self.eyes.case_url_of(hidden.removeprefix(CASE))
        else:
            secret = self.eyes.url_of(hidden)
        return b'"%s":"%s"' % (name, secret.encode())

    async def shown(self, make: Callable[[Hall], Any], *, status: int = 200) -> Response[Any]:
        """A reading: made from the hall now, told when all it shows is committed."""
        body = msgspec.json.encode(make(self.engine.hall))
        await self.engine.settled()
        return self.response(status, body)

    async def keep(self, ref: str, visitor: Visitor) -> None:
        """`keep_now` on a thread of its own: a slow disk must not hold up those who asked for something else."""
        await asyncio.to_thread(self.keep_now, ref, visitor)

    def keep_now(self, ref: str, visitor: Visitor) -> None:
        """Keeps what belongs to a person where it can be forgotten; on stable storage when it returns.

        Refuses with `storage_unavailable`: the same key asks again and finds its first answer.
        """
        try:
            self.vault.put(ref, visitor, day=self.engine.hall.date_of(self.engine.clock.now()))
        except Exception as error:  # the disk, whatever it says
            log.error("personal data could not be kept: %s", error)
            raise Refused("storage_unavailable") from error

    # ------------------------------------------------------------ views

    def ticket(self, hall: Hall, ticket: Ticket, *, told: Any = None) -> TicketView:
        """A ticket in an answer; its address is filled in when the answer leaves."""
        estimate = told
        if estimate is None and ticket.state == "waiting":
            estimate = self.foresight.for_ticket(ticket.id, self.engine.clock.now()) or self.eyes.estimate_for(
                ticket.line
            )
        return ticket_view(hall, ticket, url=HIDDEN + ticket.id, estimate=estimate)

    def ticket_at(self, counter: str | None) -> Callable[[Hall, list[Event]], dict[str, Any]]:
        """`{"ticket": …}` of the ticket the events are about."""

        def view(hall: Hall, events: list[Event]) -> dict[str, Any]:
            ident = next((e.ticket for e in events if getattr(e, "ticket", None)), None)  # type: ignore[attr-defined]
            return {"ticket": self.ticket(hall, hall.tickets[ident]) if ident else None}

        return view

    # ------------------------------------------------------------ sessions

    def used(self, session: str | None) -> None:
        """A session was used just now."""
        if session is not None:
            self.last_used[session] = self.engine.clock.now()

    def is_idle(self, session: str | None) -> bool:
        """Whether nobody used a session for longer than the hall allows, hall time.

        Of a session that is older than this program nobody knows more than that it was there at the last event.
        """
        found = self.engine.hall.sessions.get(session or "")
        if found is None:
            return False
        seen = self.last_used.get(found.id) or max(found.started, self._woken_after)
        longest = self.engine.hall.settings.session.idle_min * 60_000 * self.engine.clock.speed
        return self.engine.clock.now() - seen > longest

    def idle_sessions(self) -> list[str]:
        """Sessions nobody used for longer than the hall allows."""
        live = self.engine.hall.sessions
        self.last_used = {s: t for s, t in self.last_used.items() if s in live}
        return [session for session in live if self.is_idle(session)]

    # ------------------------------------------------------------ keeping house

    def recall_words(self) -> None:
        """After a start: the clerk's words for tickets on hold, the manager's for counters."""
        hall = self.engine.hall
        refs = {ident: f"{PARKED}{ident}" for ident in hall.parked} | {m.id: m.id for m in hall.messages}
        for ident, ref in refs.items():
            kept = self.vault.get(ref, who="hall", why="shown at the counter again after a start")
            if kept is not None and kept.text:
                self.words[ident] = kept.text

    def check_disk(self) -> None:
        """Warns while there is still room (reliability.md R4), and of backups that grow old where the hall wants it."""
        rules = self.engine.hall.settings.alarms
        self.alarm("disk_low", disk_is_low(self.data, least_mb=rules.disk_mb))
        self.alarm("backup_old", backup_is_old(self.data, most_h=rules.backup_age_h))

    def alarm(self, name: str, stands: bool) -> None:
        """Puts a trouble of the server itself on the list, or takes it away."""
        if stands:
            self.eyes.alarms.setdefault(name, self.engine.clock.now())
        else:
            self.eyes.alarms.pop(name, None)

    async def clean(self, day: str) -> None:
        """Once a hall-day: what has been kept long enough is forgotten. Whose cases are not over stays.

        So do words of inquiries, complaints, messages and bad ratings as long as these are in the hall.
        """
        hall = self.engine.hall
        cases = frozenset(hall.cases)
        entries = frozenset(
            {*hall.inquiries, *hall.inquiries_answered, *hall.complaints, *hall.book, *hall.bad_ratings}
        )
        comments = frozenset(f"rating:{loop.request}" for loop in hall.bad_ratings.values())

        def keep(ref: str) -> bool:
            number = ref.partition("/")[0]
            return (ref.startswith(CASE) and number.removeprefix(CASE) in cases) or number in entries or ref in comments

        try:
            await asyncio.to_thread(
                forget_old,
                data=self.data,
                journal=self.engine.journal,
                vault=self.vault,
                today=day,
                personal_days=self.engine.hall.settings.retention.personal_retention_days,
                keep=keep,
            )
            self.applicants.forget()
        except Exception as error:  # the disk, whatever it says: tomorrow is another day
            log.warning("old personal data could not be forgotten: %s", error)
            self.eyes.alarms.setdefault("retention_failed", self.engine.clock.now())
        try:
            await asyncio.to_thread(keep_days, self.data, today=day)
        except Exception as error:  # a convenience: the rows tell the same, more slowly
            log.warning("the past days' states could not be kept: %s", error)

    def close(self) -> None:
        """Keeps what was learnt, lets threads and files go."""
        self.foresight.save()
        self.pins.close()
        self.passwords.close()
        self.vault.close()
