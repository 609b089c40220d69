"""Every door and every role: the OpenAPI document against the table of roles, each cell tried (reliability.md S2, S4).

The guard stands before the body is looked at, so an empty body tells whether a role is let in: 401 and 403 mean no,
anything else means yes.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, get_args

import msgspec
from doors_material import COUNTER, Doors, doors_of

from hall_server.core.people.device import RevokeDevice
from hall_server.core.people.session import EndSession
from hall_server.core.places.catalogue import TakeOver, row_of
from hall_server.trust.roles import ALLOWED, EVERYBODY, PICTURES, Role

ROLES: tuple[Role, ...] = get_args(Role)
OUTSIDE_THE_DOCUMENT = {("GET", "/api/v1/live"), ("GET", "/schema/openapi.json")}
"""The socket is no HTTP route, and the document does not describe itself."""
LAST = "sessions/current"


async def document(doors: Doors) -> dict[str, Any]:
    answer = await doors.ask("GET", "/schema/openapi.json")
    assert answer.status == 200
    return answer.json  # type: ignore[no-any-return]


def routes_in(described: dict[str, Any]) -> list[tuple[str, str]]:
    """(METHOD, path)."""
    return [(method.upper(), path) for path, methods in described["paths"].items() for method in methods]


def in_order(routes: list[tuple[str, str]]) -> list[tuple[tuple[str, str], Role]]:
    """Every cell; those that end a session when nobody needs it any more, and the clerk's before his counter's."""
    cells = [(route, role) for route in routes for role in ROLES]
    ends = [cell for cell in cells if cell[0][1].endswith(LAST) and cell[1] in ALLOWED[cell[0]]]
    return [c for c in cells if c not in ends] + sorted(ends, key=lambda cell: cell[1] != "clerk")


def concrete(path: str, ticket: str) -> str:
    """The path with something in its holes that belongs to the one who asks."""
    path = path.replace("{n}", COUNTER)
    return path.replace("{id}", ticket if "/tickets/" in path else "D0")


def test_each_role_gets_in_where_the_table_says_and_nowhere_else(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            ticket = await doors.take()
            doors.tokens["ticket"] = ticket["url"].rsplit("/", 1)[1]
            row = msgspec.structs.replace(row_of(doors.hall.counters[COUNTER]), kind="desk")
            await doors.engine.submit(TakeOver(counters=(row,)), doors.engine.stamp("console"))  # may take tickets too
            routes = routes_in(await document(doors))
            wrong = []
            for (method, path), role in in_order(routes):
                body = {} if method != "GET" else None
                answer = await doors.ask(method, concrete(path, ticket["id"]), role, body)
                assert answer.status < 500, (method, path, role, answer)
                let_in = answer.status not in (401, 403)
                if let_in != (role in ALLOWED.get((method, path), frozenset())):
                    wrong.append((method, path, role, answer.status))
                if not let_in:
                    expected = "not_signed_in" if role == "anyone" else "not_allowed"
                    assert answer.code == expected, (method, path, role, answer)
            assert wrong == []
            assert len(routes) * len(ROLES) > 700

    asyncio.run(work())


def test_the_document_and_the_table_name_the_same_doors(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            described = await document(doors)
            assert set(routes_in(described)) == set(ALLOWED) - OUTSIDE_THE_DOCUMENT
            assert described["openapi"].startswith("3.1")
            for path, methods in described["paths"].items():
                for method, about in methods.items():
                    assert about["summary"], (method, path)
                    successes = [code for code in about["responses"] if code.startswith("2")]
                    assert successes, (method, path)

    asyncio.run(work())


def test_a_credential_that_is_nobodys_any_more_opens_nothing(county: Path) -> None:
    """Garbage, a revoked device, an ended session: 401 everywhere, also where anyone may enter without one."""

    async def work() -> None:
        async with doors_of(county) as doors:
            ended, engine = [], doors.engine
            for role in ("kiosk", "wall", "clerk", "manager"):
                ended.append(doors.tokens[role])
            for name in ("kiosk-t", "wall-t"):
                device = doors.hall.device_named(name)
                assert device is not None
                await engine.submit(RevokeDevice(device=device.id), engine.stamp("console"))
            for session in list(doors.hall.sessions.values()):
                if session.role in ("clerk", "manager"):
                    await engine.submit(EndSession(session=session.id, reason="signed_out"), engine.stamp("console"))
            for method, path in routes_in(await document(doors)):
                for token in (*ended, "garbage", "x" * 5000):
                    answer = await doors.ask(
                        method, concrete(path, "x"), token=token, body={} if method != "GET" else None
                    )
                    assert answer.status == 401, (method, path, answer)

    asyncio.run(work())


def test_a_path_that_is_no_door_is_a_problem_and_nothing_else(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            for method, path, status, code in (
                ("GET", "/api/v1/secrets", 404, "not_found"),
                ("GET", "/", 404, "not_found"),
                ("GET", "/api/v1/../../etc/passwd", 404, "not_found"),
                ("DELETE", "/api/v1/catalogue", 405, "method_not_allowed"),
                ("PUT", "/api/v1/tickets", 405, "method_not_allowed"),
            ):
                answer = await doors.ask(method, path, "manager")
                assert (answer.status, answer.code) == (status, code), (path, answer)
                assert answer.json["detail"]

    asyncio.run(work())


def test_pictures_are_for_their_own_screens_alone(county: Path) -> None:
    """Every kind of picture × every role; and no screen sees its neighbour's."""
    from doors_material import Viewer

    async def work() -> None:
        async with doors_of(county) as doors:
            ticket = await doors.take()
            token = ticket["url"].rsplit("/", 1)[1]
            doors.tokens["ticket"] = token
            names = {
                "wall": "wall:main", "counter": f"counter:{COUNTER}", "keypad": f"keypad:{COUNTER}",
                "kiosk": "kiosk:kiosk-t", "ticket": f"ticket:{token}", "manager": "manager",
            }  # fmt: skip
            assert names.keys() == PICTURES.keys()
            for kind, picture in names.items():
                for role in ROLES:
                    viewer = await Viewer(doors, picture, doors.tokens[role]).shown()
                    assert (viewer.snapshots == 1) is (role in PICTURES[kind]), (kind, role, viewer.messages)
                    if role not in PICTURES[kind]:
                        assert viewer.closed == 4403
                        assert viewer.messages == [{"refused": "not_allowed"}]
                    await viewer.leave()
            for role, picture in (
                ("counter", "counter:4"), ("clerk", "counter:4"), ("keypad", "keypad:4"), ("kiosk", "kiosk:other"),
                ("wall", "wall:" + "x" * 65), ("manager", "manager:x"), ("wall", "nothing"), ("wall", ""),
                ("anyone", "ticket:" + "x" * 43),
            ):  # fmt: skip
                viewer = await Viewer(doors, picture, doors.tokens[role]).shown()
                assert viewer.closed == 4403, (role, picture, viewer.messages)
                await viewer.leave()
            stranger = await Viewer(doors, "wall:main", "garbage").shown()
            assert stranger.messages == [{"refused": "not_signed_in"}]
            await stranger.leave()
            assert not doors.hub.topics, "pictures nobody looks at are forgotten"

    asyncio.run(work())


def test_everybody_is_in_the_table() -> None:
    assert frozenset(ROLES) == EVERYBODY
