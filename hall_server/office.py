"""The office: what an administrator of the machine may have done, one function each.

The command line calls them, in its own process when no server runs, through `control` when one does. Whoever may read
the data folder may do all of this; every change is an event with the actor `console`. Functions answer plain values,
raise `Refused` when a rule of the hall says no, and `NotPossible` with one plain sentence for everything else.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import inspect
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from hall_protocol.refusals import Refused

from . import settings as settings_file
from .core.hall import Hall
from .core.matters import deadlines
from .core.matters.calendar import calendar_of
from .core.people.account import AddAccount, AddClerk, DisableAccount, DisableClerk, SecretSet
from .core.people.device import AddDevice, DevicePaired, RevokeDevice
from .core.places.config import ChangeSettings
from .core.places.duties import lacking
from .core.places.settings import BadSetting, Settings
from .core.places.settings_rules import applied, check, differences
from .core.registry import Command, Event
from .core.stamp import text
from .engine import Engine
from .exchange import cases_take
from .files import write_private
from .sheets import reading, writing
from .sheets.cells import Faulty
from .trust.credentials import Credentials
from .trust.pins import Doorkeeper, hashed_secret, password_problem, pin_problem

log = logging.getLogger(__name__)

Answer = Any
SETTINGS_SEEN: Final = "hall.toml.seen"
"""`hall.toml` as the hall last agreed with it: what differs from it was changed by a person."""


class NotPossible(Exception):
    """The world, not a rule, says no. The text is one plain sentence."""


@dataclass
class Office:
    """The hall's engine and books. `pins` and `passwords` forget failures when a secret is set anew."""

    data: Path
    engine: Engine
    credentials: Credentials
    pins: Doorkeeper | None = None
    passwords: Doorkeeper | None = None

    @property
    def hall(self) -> Hall:
        """The live hall, to look at."""
        return self.engine.hall

    async def do(self, command: Command) -> list[Event]:
        """One act of the console, on stable storage when it returns."""
        outcome = await self.engine.submit(command, self.engine.stamp("console"))
        return outcome.events


# ---------------------------------------------------------------- devices


async def device_add(office: Office, *, role: str, name: str, counter: str | None = None) -> Answer:
    """A new device and its token, which is shown this once."""
    try:
        events = await office.do(AddDevice(role=role, name=name, counter=counter))  # type: ignore[arg-type]
        device = next(e.device for e in events if isinstance(e, DevicePaired))
    except Refused as refused:
        # A crash between the event and the token leaves a device that nobody can be: it gets its token now.
        known = office.hall.device_named(name)
        if refused.code != "name_taken" or known is None or office.credentials.has_device(known.id):
            raise
        if (known.role, known.counter) != (role, counter):
            raise
        device = known.id
    return {"device": device, "role": role, "token": office.credentials.add_device(device)}


async def device_list(office: Office) -> Answer:
    """Every device that may connect."""
    zone = office.hall.zone
    return [
        {"device": d.id, "role": d.role, "name": d.name, "counter": d.counter, "paired_at": text(d.paired, zone)}
        for d in office.hall.devices.values()
        if not d.revoked
    ]


async def device_revoke(office: Office, *, name: str) -> Answer:
    """The device's token never works again."""
    device = office.hall.device_named(name)
    if device is None:
        raise Refused("unknown_device")
    await office.do(RevokeDevice(device=device.id))
    office.credentials.forget_device(device.id)
    return {"device": device.id, "name": name}


# ---------------------------------------------------------------- clerks and accounts


async def clerk_add(office: Office, *, number: str, department: str, chief: bool = False) -> Answer:
    """A new clerk, who may sign in once a PIN is set."""
    if not (1 <= len(number) <= 64 and number.isprintable()):
        raise NotPossible("a clerk's number has 1 to 64 characters")
    await office.do(AddClerk(number=number, department=department, chief=chief))
    return {"clerk": number}


async def clerk_list(office: Office) -> Answer:
    """Every clerk, by number."""
    return [
        {
            "clerk": c.number,
            "department": c.department,
            "enabled": c.enabled,
            "has_pin": office.credentials.pin_hash(c.number) is not None,
            "chief": c.chief,
        }
        for c in sorted(office.hall.clerks.values(), key=lambda c: (len(c.number), c.number))
    ]


async def clerk_set_pin(office: Office, *, clerk: str, pin: str) -> Answer:
    """Another PIN for a clerk."""
    if clerk not in office.hall.clerks:
        raise Refused("unknown_clerk")
    if problem := pin_problem(pin):
        raise NotPossible(problem)
    hashed = await asyncio.to_thread(hashed_secret, pin)
    office.credentials.set_pin_hash(clerk, hashed)
    await office.do(SecretSet(kind="clerk", who=clerk))
    if office.pins is not None:
        office.pins.forgive(clerk)
    return {"clerk": clerk}


async def clerk_disable(office: Office, *, clerk: str) -> Answer:
    """The clerk may not sign in any more; sessions end at once."""
    await office.do(DisableClerk(number=clerk))
    return {"clerk": clerk}


async def account_add(office: Office, *, name: str, role: str, department: str | None = None) -> Answer:
    """A new account, which may sign in once a password is set."""
    if not (1 <= len(name) <= 64 and name.isprintable() and name == name.strip()):
        raise NotPossible("an account's name has 1 to 64 characters and no blanks around it")
    await office.do(AddAccount(name=name, role=role, department=department))  # type: ignore[arg-type]
    return {"name": name, "role": role}


async def account_list(office: Office) -> Answer:
    """Every account, by name."""
    return [
        {
            "name": a.name,
            "role": a.role,
            "department": a.department,
            "enabled": a.enabled,
            "has_password": office.credentials.password_hash(a.name) is not None,
        }
        for a in sorted(office.hall.accounts.values(), key=lambda a: a.name)
    ]


async def account_set_password(office: Office, *, name: str, password: str) -> Answer:
    """Another password for an account."""
    if name not in office.hall.accounts:
        raise Refused("unknown_account")
    if problem := password_problem(password):
        raise NotPossible(problem)
    if name.casefold() in password.casefold() and len(password) < len(name) + 8:
        raise NotPossible("the password is hardly more than the account's name")
    hashed = await asyncio.to_thread(hashed_secret, password)
    office.credentials.set_password_hash(name, hashed)
    await office.do(SecretSet(kind="account", who=name))
    if office.passwords is not None:
        office.passwords.forgive(name)
    return {"name": name}


async def account_disable(office: Office, *, name: str) -> Answer:
    """The account may not sign in any more; sessions and live pictures end at once."""
    await office.do(DisableAccount(name=name))
    return {"name": name}


# ---------------------------------------------------------------- files


async def files_import(office: Office, *, files: dict[str, str]) -> Answer:
    """Take over files (name → content in base64), all or nothing. Answers the mistakes, or how much changed."""
    try:
        contents = {name: base64.b64decode(data, validate=True) for name, data in files.items()}
    except binascii.Error as error:
        raise NotPossible(f"a file did not arrive whole ({error})") from None
    try:
        wanted = reading.wanted(contents, office.hall)
        settings = None if wanted.settings is None else settings_file.parse(wanted.settings)
    except Faulty as faulty:
        return {"faults": [str(f) for f in faulty.faults]}
    except settings_file.SettingsFileBad as bad:
        return {"faults": [str(bad)]}
    commands: list[Command] = [wanted.rows]
    if settings is not None:
        commands.append(ChangeSettings(settings=settings))
    outcome = await office.engine.submit(commands, office.engine.stamp("console"))
    if settings is not None:
        keep_settings(office.data, office.hall.settings)
    return {
        "faults": [],
        "events": len(outcome.events),
        "lacking": [f"counter {n}: no {what.replace('_', ' ')}" for n, what in lacking(office.hall)],
    }


async def files_export(office: Office) -> Answer:
    """The catalogue and the calendar as files, by name."""
    return writing.files(office.hall)


async def due(
    office: Office, *, start: str, days: int, unit: str = "working_day", pauses: Sequence[str] = ()
) -> Answer:
    """When a limit that begins on `start` ends, by the hall's calendar and hours."""
    try:
        found = deadlines.due(
            calendar_of(office.hall),
            start=date.fromisoformat(start),
            days=days,
            unit=unit,  # type: ignore[arg-type]
            pauses=[_pause(p) for p in pauses],
        )
    except (ValueError, OverflowError) as error:
        raise NotPossible(str(error)) from None
    if found.day is None:
        return {"due": None, "due_at": None, "provisional": found.provisional}
    due_at = text(deadlines.end_of(office.hall, found.day), office.hall.zone)
    return {"due": found.day.isoformat(), "due_at": due_at, "provisional": found.provisional}


async def now(office: Office) -> Answer:
    """The hall's time, short name, name, language and frozen bulletins, for what is written outside the journal."""
    hall = office.hall.settings.hall
    language = hall.languages[0]
    at = text(office.engine.clock.now(), office.hall.zone)
    bulletins = {month: frozen.sha256 for month, frozen in office.hall.bulletins.items()}
    return {"hall": hall.hall, "name": hall.name[language], "language": language, "at": at, "bulletins": bulletins}


def _pause(said: str) -> deadlines.Pause:
    begins, slash, ends = said.partition("/")
    if not slash:
        raise ValueError(f"a pause is FROM/TO or FROM/, not {said!r}")
    return deadlines.Pause(date.fromisoformat(begins), date.fromisoformat(ends) if ends else None)


# ---------------------------------------------------------------- settings


async def settings_at_start(office: Office) -> int:
    """Take over what a person changed in `hall.toml` since the hall last agreed with it; returns how many settings.

    The journal is the truth: a file that nobody touched never takes anything back, even if the server died before it
    could write a change into it. Raises `SettingsFileBad`, which must stop the start.
    """
    path = office.data / settings_file.FILE
    ours = office.hall.settings
    if path.exists():
        theirs = settings_file.read(path)
        changes = differences(_last_seen(office.data, ours), theirs)
        try:
            merged = applied(ours, {c.setting: c.new for c in changes})
            check(merged)
        except (BadSetting, ValueError):
            # What a person wrote does not fit what was changed elsewhere meanwhile: the file, which is valid, wins.
            merged = theirs
        outcome = await office.engine.submit(ChangeSettings(settings=merged), office.engine.stamp("console"))
        changed = len(outcome.events)
    else:
        log.warning("hall.toml is missing: written anew from the journal")
        changed = 0
    keep_settings(office.data, office.hall.settings)
    return changed


def keep_settings(data: Path, settings: Settings) -> None:
    """Write the settings back into `hall.toml`, and remember that the hall agrees with it."""
    path = data / settings_file.FILE
    if path.exists():
        settings_file.write(path, settings)
    else:
        write_private(path, settings_file.whole(settings).encode())
    agreed = path.read_bytes()
    seen = data / SETTINGS_SEEN
    if not seen.exists() or seen.read_bytes() != agreed:
        write_private(seen, agreed)


def _last_seen(data: Path, ours: Settings) -> Settings:
    """The settings of `hall.toml` when the hall last agreed with it."""
    try:
        return settings_file.read(data / SETTINGS_SEEN)
    except (OSError, settings_file.SettingsFileBad):
        return ours


# ---------------------------------------------------------------- by name

Operation = Callable[..., Awaitable[Answer]]
OPERATIONS: Final[dict[str, Operation]] = {
    f.__name__: f
    for f in (
        device_add,
        device_list,
        device_revoke,
        clerk_add,
        clerk_list,
        clerk_set_pin,
        clerk_disable,
        account_add,
        account_list,
        account_set_password,
        account_disable,
        files_import,
        files_export,
        cases_take,
        due,
        now,
    )
}


async def perform(office: Office, name: str, arguments: dict[str, Any]) -> Answer:
    """One operation by its name; what the other end of `control` asks for."""
    operation = OPERATIONS.get(name)
    if operation is None:
        raise NotPossible(f"this version of the hall knows no operation {name}")
    try:
        inspect.signature(operation).bind(office, **arguments)
    except TypeError as error:
        raise NotPossible(f"{name}: {error}") from None
    return await operation(office, **arguments)
