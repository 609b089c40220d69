"""Clerks and accounts: who may sign in. Their PINs and passwords are in `trust`, never here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hall_protocol.refusals import Refused

from ..matters.inquiry import when_account_closes
from ..registry import Command, Event, decides, evolves
from ..stamp import Stamp
from .session import ending

if TYPE_CHECKING:
    from ..hall import Hall

Role = Literal["manager", "admin", "auditor", "chief_representative", "information_officer", "supervisor"]


class Clerk(msgspec.Struct):
    """Somebody who serves, known by number."""

    number: str
    department: str
    enabled: bool = True
    chief: bool = False


class Account(msgspec.Struct):
    """Somebody who manages, checks or supervises, known by the name of the account."""

    name: str
    role: str
    department: str | None = None
    enabled: bool = True


class AddClerk(Command, frozen=True, kw_only=True):
    """A new clerk, or an old one enabled again."""

    number: str
    department: str
    chief: bool = False


class DisableClerk(Command, frozen=True, kw_only=True):
    """May no longer sign in; sessions end at once."""

    number: str


class SecretSet(Command, frozen=True, kw_only=True):
    """A PIN or password was set: for the record that it was, and by whom."""

    kind: Literal["clerk", "account"]
    who: str


class AddAccount(Command, frozen=True, kw_only=True):
    """A new account."""

    name: str
    role: Role
    department: str | None = None


class DisableAccount(Command, frozen=True, kw_only=True):
    """May no longer sign in; sessions end at once."""

    name: str


class ClerkAdded(Event, frozen=True, kw_only=True):
    """May sign in once a PIN is set."""

    clerk: str
    department: str
    chief: bool = False


class ClerkDisabled(Event, frozen=True, kw_only=True):
    """May not sign in."""

    clerk: str


class SecretChanged(Event, frozen=True, kw_only=True):
    """A PIN or password is another one now."""

    kind: str
    who: str


class AccountAdded(Event, frozen=True, kw_only=True):
    """May sign in once a password is set."""

    account: str
    role: str
    department: str | None = None


class AccountDisabled(Event, frozen=True, kw_only=True):
    """May not sign in."""

    account: str


@decides(AddClerk)
def add_clerk(hall: Hall, c: AddClerk, stamp: Stamp) -> list[Event]:
    known = hall.clerks.get(c.number)
    if known is not None and known.enabled:
        raise Refused("name_taken", name=c.number)
    return [ClerkAdded(clerk=c.number, department=c.department, chief=c.chief)]


@decides(DisableClerk)
def disable_clerk(hall: Hall, c: DisableClerk, stamp: Stamp) -> list[Event]:
    clerk = hall.clerks.get(c.number)
    if clerk is None:
        raise Refused("unknown_clerk")
    if not clerk.enabled:
        return []
    events: list[Event] = [*when_account_closes(hall, c.number), ClerkDisabled(clerk=c.number)]
    for session in hall.sessions.values():
        if session.kind == "clerk" and session.who == c.number:
            events.extend(ending(hall, session, reason="disabled"))
    return events


@decides(SecretSet)
def secret_set(hall: Hall, c: SecretSet, stamp: Stamp) -> list[Event]:
    known = hall.clerks if c.kind == "clerk" else hall.accounts
    if c.who not in known:
        raise Refused("unknown_clerk" if c.kind == "clerk" else "unknown_account")
    return [SecretChanged(kind=c.kind, who=c.who)]


@decides(AddAccount)
def add_account(hall: Hall, c: AddAccount, stamp: Stamp) -> list[Event]:
    known = hall.accounts.get(c.name)
    if known is not None and known.enabled:
        raise Refused("name_taken", name=c.name)
    return [AccountAdded(account=c.name, role=c.role, department=c.department)]


@decides(DisableAccount)
def disable_account(hall: Hall, c: DisableAccount, stamp: Stamp) -> list[Event]:
    account = hall.accounts.get(c.name)
    if account is None:
        raise Refused("unknown_account")
    if not account.enabled:
        return []
    events: list[Event] = [AccountDisabled(account=c.name)]
    for session in hall.sessions.values():
        if session.kind == "account" and session.who == c.name:
            events.extend(ending(hall, session, reason="disabled"))
    return events


@evolves(ClerkAdded)
def clerk_added(hall: Hall, e: ClerkAdded, at: int, seq: int) -> None:
    hall.clerks[e.clerk] = Clerk(number=e.clerk, department=e.department, chief=e.chief)
    hall.departments.setdefault(e.department, None)


@evolves(ClerkDisabled)
def clerk_disabled(hall: Hall, e: ClerkDisabled, at: int, seq: int) -> None:
    hall.clerks[e.clerk].enabled = False


@evolves(SecretChanged)
def secret_changed(hall: Hall, e: SecretChanged, at: int, seq: int) -> None:
    """Only for the record: the secret itself is not the hall's to know."""


@evolves(AccountAdded)
def account_added(hall: Hall, e: AccountAdded, at: int, seq: int) -> None:
    hall.accounts[e.account] = Account(name=e.account, role=e.role, department=e.department)


@evolves(AccountDisabled)
def account_disabled(hall: Hall, e: AccountDisabled, at: int, seq: int) -> None:
    hall.accounts[e.account].enabled = False
