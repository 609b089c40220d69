"""Sessions: a clerk at a counter, an account in a browser or program. Secrets and idle time are the shell's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hall_protocol.refusals import Refused

from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp, instant, text
from .counter import CounterClosed

if TYPE_CHECKING:
    from ..hall import Hall


class Session(msgspec.Struct):
    """Somebody is signed in. `kind` is `clerk` or `account`."""

    id: str
    kind: Literal["clerk", "account"]
    who: str
    """Clerk number or account name."""
    role: str
    """`clerk`, or the account's role."""
    started: int
    expires: int
    counter: str | None = None
    device: str | None = None


class SignInClerk(Command, frozen=True, kw_only=True):
    """The PIN was right; the counter is the device's."""

    clerk: str
    counter: str


class SignInAccount(Command, frozen=True, kw_only=True):
    """The password was right."""

    name: str


class EndSession(Command, frozen=True, kw_only=True):
    """Signed out, idle for too long, or ended: `reason` is `signed_out idle expired disabled taken_over`."""

    session: str
    reason: str


class ClerkSignedIn(Event, frozen=True, kw_only=True):
    """A clerk is at a counter."""

    session: str
    clerk: str
    counter: str
    device: str | None
    expires_at: str


class ClerkSignedOut(Event, frozen=True, kw_only=True):
    """A clerk has left."""

    session: str
    clerk: str
    counter: str | None
    reason_code: str


class AccountSignedIn(Event, frozen=True, kw_only=True):
    """An account is in use."""

    session: str
    account: str
    role: str
    expires_at: str


class AccountSignedOut(Event, frozen=True, kw_only=True):
    """An account is no longer in use."""

    session: str
    account: str
    reason_code: str


def new_id(hall: Hall, *, after: int = 0) -> str:
    """The id of a session that the next event but `after` begins."""
    return f"S{hall.seq + 1 + after}"


@decides(SignInClerk)
def sign_in_clerk(hall: Hall, c: SignInClerk, stamp: Stamp) -> list[Event]:
    clerk = hall.clerks.get(c.clerk)
    if clerk is None or not clerk.enabled:
        raise Refused("wrong_clerk_or_pin")
    counter = hall.counters.get(c.counter)
    if counter is None or counter.retired:
        raise Refused("unknown_counter")
    events: list[Event] = []
    if counter.session is not None:
        before = hall.sessions[counter.session]
        events.append(ClerkSignedOut(session=before.id, clerk=before.who, counter=c.counter, reason_code="taken_over"))
    expires = stamp.at + hall.settings.session.longest_h * 3_600_000
    events.append(
        ClerkSignedIn(
            session=new_id(hall, after=len(events)),
            clerk=c.clerk,
            counter=c.counter,
            device=stamp.device,
            expires_at=text(expires, hall.zone),
        )
    )
    return events


@decides(SignInAccount)
def sign_in_account(hall: Hall, c: SignInAccount, stamp: Stamp) -> list[Event]:
    account = hall.accounts.get(c.name)
    if account is None or not account.enabled:
        raise Refused("wrong_name_or_password")
    expires = stamp.at + hall.settings.session.longest_h * 3_600_000
    return [
        AccountSignedIn(session=new_id(hall), account=c.name, role=account.role, expires_at=text(expires, hall.zone))
    ]


@decides(EndSession)
def end_session(hall: Hall, c: EndSession, stamp: Stamp) -> list[Event]:
    session = hall.sessions.get(c.session)
    return [] if session is None else ending(hall, session, reason=c.reason)


def ending(hall: Hall, session: Session, *, reason: str) -> list[Event]:
    """The events that end a session; a clerk who leaves closes his counter unless a visitor sits there."""
    if session.kind == "account":
        return [AccountSignedOut(session=session.id, account=session.who, reason_code=reason)]
    events: list[Event] = []
    counter = hall.counters.get(session.counter or "")
    if counter is not None and counter.session == session.id and counter.state != "closed" and counter.ticket is None:
        events.append(CounterClosed(counter=counter.counter, clerk=session.who, reason_code="signed_out"))
    events.append(ClerkSignedOut(session=session.id, clerk=session.who, counter=session.counter, reason_code=reason))
    return events


@evolves(ClerkSignedIn)
def clerk_signed_in(hall: Hall, e: ClerkSignedIn, at: int, seq: int) -> None:
    hall.sessions[e.session] = Session(
        id=e.session,
        kind="clerk",
        who=e.clerk,
        role="clerk",
        started=at,
        expires=instant(e.expires_at),
        counter=e.counter,
        device=e.device,
    )
    counter = hall.counters[e.counter]
    counter.session, counter.clerk = e.session, e.clerk


@evolves(ClerkSignedOut)
def clerk_signed_out(hall: Hall, e: ClerkSignedOut, at: int, seq: int) -> None:
    session = hall.sessions.pop(e.session)
    counter = hall.counters.get(session.counter or "")
    if counter is not None and counter.session == e.session:
        counter.session = counter.clerk = None


@evolves(AccountSignedIn)
def account_signed_in(hall: Hall, e: AccountSignedIn, at: int, seq: int) -> None:
    hall.sessions[e.session] = Session(
        id=e.session, kind="account", who=e.account, role=e.role, started=at, expires=instant(e.expires_at)
    )


@evolves(AccountSignedOut)
def account_signed_out(hall: Hall, e: AccountSignedOut, at: int, seq: int) -> None:
    hall.sessions.pop(e.session)
