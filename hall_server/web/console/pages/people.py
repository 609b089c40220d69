"""People: clerks for managers, accounts for administrators. Secrets come in by form and are never shown (S1, S5)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, get_args

from litestar import Response, get, post

from hall_protocol.refusals import Refused

from ....core.people.account import AddAccount, AddClerk, DisableAccount, DisableClerk, Role, SecretSet
from ....trust.pins import hashed_secret, password_problem, pin_problem
from ...house import House, HttpRequest
from .frame import BASE, FIELD, act, form_of, go, page, speech_of, whole_form

HERE: Final = f"{BASE}/people"
ROLES: Final[tuple[str, ...]] = get_args(Role)
NAME_MOST: Final = 64
SECRET_MOST: Final = 256
NAME_SHARE: Final = 8
"""A password that contains the account's name has at least so many other characters."""


@get(HERE, include_in_schema=False)
async def show_people(request: HttpRequest) -> Response[str]:
    """Clerks for a manager, accounts for an administrator."""
    house: House = request.app.state.house
    hall, role = house.engine.hall, house.caller(request).role
    answer = page(
        request, "people.html", tab="people" if role == "admin" else "settings",
        title=speech_of(request).say("console.people_title"),
        clerks=clerks_of(house) if role == "manager" else None,
        accounts=accounts_of(house) if role == "admin" else None,
        departments=sorted(hall.departments), roles=ROLES,
    )  # fmt: skip
    await house.engine.settled()
    return answer


def clerks_of(house: House) -> list[dict[str, Any]]:
    """Every clerk by number, and whether a PIN is set; never the PIN."""
    return [
        {
            "who": c.number,
            "department": c.department,
            "chief": c.chief,
            "enabled": c.enabled,
            "secret": house.credentials.pin_hash(c.number) is not None,
        }
        for c in sorted(house.engine.hall.clerks.values(), key=lambda c: (len(c.number), c.number))
    ]


def accounts_of(house: House) -> list[dict[str, Any]]:
    """Every account by name."""
    return [
        {
            "who": a.name,
            "role": a.role,
            "department": a.department or "—",
            "enabled": a.enabled,
            "secret": house.credentials.password_hash(a.name) is not None,
        }
        for a in sorted(house.engine.hall.accounts.values(), key=lambda a: a.name)
    ]


def proper(name: str, field: str) -> str:
    """A name or number as the office takes it."""
    if not (1 <= len(name) <= NAME_MOST and name.isprintable()):
        raise Refused("bad_request", why=field)
    return name


def department_in(house: House, name: str) -> str:
    """A department of the hall."""
    if name not in house.engine.hall.departments:
        raise Refused("unknown_department")
    return name


# ---------------------------------------------------------------- clerks


@post(f"{HERE}/clerks", include_in_schema=False, status_code=303)
async def add_clerk(request: HttpRequest) -> Response[Any]:
    """A new clerk, or an old one again; may sign in once a PIN is set."""
    house: House = request.app.state.house
    fields = await form_of(request)
    command = AddClerk(
        number=proper(fields.get("number", ""), "number"),
        department=department_in(house, fields.get("department", "")),
        chief=fields.get("chief") == "on",
    )
    return await act(request, fields, command, back=HERE, said="added")


@post(f"{HERE}/clerks/disable", include_in_schema=False, status_code=303)
async def disable_clerk(request: HttpRequest) -> Response[Any]:
    """May not sign in any more; sessions end at once."""
    fields = await form_of(request)
    return await act(request, fields, DisableClerk(number=fields.get("who", "")), back=HERE, said="disabled")


@post(f"{HERE}/clerks/pin", include_in_schema=False, status_code=303)
async def set_pin(request: HttpRequest) -> Response[Any]:
    """Another PIN for a clerk."""
    house: House = request.app.state.house
    form = await whole_form(request)
    who, pin = str(form.get("who", "")), str(form.get("pin", ""))[:SECRET_MOST]
    if who not in house.engine.hall.clerks:
        raise Refused("unknown_clerk")
    if pin_problem(pin):
        raise Refused("pin_too_weak")
    command = SecretSet(kind="clerk", who=who)
    if await kept(request, command, pin, house.credentials.set_pin_hash, key=str(form.get(FIELD, ""))):
        house.pins.forgive(who)
    return go(HERE, said="pin_set")


# ---------------------------------------------------------------- accounts


@post(f"{HERE}/accounts", include_in_schema=False, status_code=303)
async def add_account(request: HttpRequest) -> Response[Any]:
    """A new account, which may sign in once a password is set."""
    house: House = request.app.state.house
    fields = await form_of(request)
    role: Any = fields.get("role", "")
    if role not in ROLES:
        raise Refused("bad_request", why="role")
    department = fields.get("department", "")
    command = AddAccount(
        name=proper(fields.get("name", ""), "name"),
        role=role,
        department=department_in(house, department) if department else None,
    )
    return await act(request, fields, command, back=HERE, said="added")


@post(f"{HERE}/accounts/disable", include_in_schema=False, status_code=303)
async def disable_account(request: HttpRequest) -> Response[Any]:
    """May not sign in any more; sessions and live pictures end at once. Nobody locks himself out."""
    house: House = request.app.state.house
    fields = await form_of(request)
    if fields.get("who") == house.caller(request).account:
        raise Refused("not_allowed")
    return await act(request, fields, DisableAccount(name=fields.get("who", "")), back=HERE, said="disabled")


@post(f"{HERE}/accounts/password", include_in_schema=False, status_code=303)
async def set_password(request: HttpRequest) -> Response[Any]:
    """Another password for an account."""
    house: House = request.app.state.house
    form = await whole_form(request)
    who, password = str(form.get("who", "")), str(form.get("password", ""))
    if who not in house.engine.hall.accounts:
        raise Refused("unknown_account")
    hardly_more = who.casefold() in password.casefold() and len(password) < len(who) + NAME_SHARE
    if len(password) > SECRET_MOST or hardly_more or password_problem(password):
        raise Refused("password_too_weak")
    command = SecretSet(kind="account", who=who)
    if await kept(request, command, password, house.credentials.set_password_hash, key=str(form.get(FIELD, ""))):
        house.passwords.forgive(who)
    return go(HERE, said="password_set")


async def kept(
    request: HttpRequest, command: SecretSet, secret: str, keep: Callable[[str, str], None], *, key: str
) -> bool:
    """Records that a secret was set, then keeps its hash. An old form sent again does not bring an old secret back."""
    house: House = request.app.state.house
    hashed = await asyncio.to_thread(hashed_secret, secret)
    decided: list[bool] = []
    await house.act(request, command, lambda hall, events: decided.append(True), key=key)
    if decided:
        keep(command.who, hashed)
    return bool(decided)


ROUTES = (show_people, add_clerk, disable_clerk, set_pin, add_account, disable_account, set_password)
