"""More people for the doors: clerks at other counters, a chief, and a hall as a kill leaves it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from doors_material import Doors

from hall_server.core.people.account import AddAccount, AddClerk
from hall_server.core.people.session import SignInAccount, SignInClerk

WORDS = "王小明的母亲问低保"
NAME, PHONE = "王小明", "13912345678"


async def clerk_at(doors: Doors, clerk: str, counter: str) -> str:
    """A clerk signs in at a counter; the name under which he asks."""
    engine = doors.engine
    begun = await engine.submit(SignInClerk(clerk=clerk, counter=counter), engine.stamp("console", counter=counter))
    session = begun.events[-1].session  # type: ignore[attr-defined]
    doors.tokens[f"clerk:{clerk}"] = doors.house.seals.seal("session", session)
    return f"clerk:{clerk}"


async def chief_of(doors: Doors, department: str, *, counter: str = "5", number: str = "0999") -> str:
    """A chief clerk of a department, signed in."""
    await doors.engine.submit(AddClerk(number=number, department=department, chief=True), doors.engine.stamp("console"))
    return await clerk_at(doors, number, counter)


async def account(doors: Doors, name: str, role: Any, department: str | None = None) -> str:
    """An account, signed in; the name under which it asks."""
    engine = doors.engine
    await engine.submit(AddAccount(name=name, role=role, department=department), engine.stamp("console"))
    begun = await engine.submit(SignInAccount(name=name), engine.stamp("console"))
    doors.tokens[name] = doors.house.seals.seal("session", begun.events[-1].session)  # type: ignore[attr-defined]
    return name


def as_killed(data: Path, to: Path) -> Path:
    """The data folder as it is on the disk at this instant: what a kill -9 would leave."""
    shutil.copytree(data, to, ignore=shutil.ignore_patterns("*.lock", "control*", "snapshots"))
    return to


def files_with(data: Path, mark: str) -> set[str]:
    """Names of files that contain a text."""
    found = (p for p in data.rglob("*") if p.is_file())
    return {p.name for p in found if mark.encode() in p.read_bytes()}
