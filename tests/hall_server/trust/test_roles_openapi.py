"""The table of roles and the OpenAPI document name the same routes: nothing is open by having been forgotten."""

import asyncio
import re
from pathlib import Path

from hall_server.cli.access import opened
from hall_server.trust.roles import ALLOWED
from hall_server.web.app import make_app, open_house
from hall_server.web.live import Hub

NOT_DESCRIBED = {
    ("GET", "/api/v1/live"),  # a WebSocket: OpenAPI has no words for it
    ("GET", "/schema/openapi.json"),  # the document itself
}


def documented(data: Path) -> set[tuple[str, str]]:
    """Every operation of the hall's own listener, as its document has it."""

    async def run() -> set[tuple[str, str]]:
        async with opened(data, program="a test") as office:
            house = open_house(data, office.engine)
            paths = make_app(house, Hub(house)).openapi_schema.to_schema()["paths"]
            house.close()
            return {(method.upper(), path) for path, operations in paths.items() for method in operations}

    return asyncio.run(run())


def test_every_route_has_its_row_and_every_row_its_route(county: Path) -> None:
    routes = {(method, re.sub(r":\w+\}", "}", path)) for method, path in documented(county)}
    assert routes - set(ALLOWED) == set()
    assert set(ALLOWED) - routes == NOT_DESCRIBED
