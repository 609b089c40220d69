"""The demo's page: what it shows, to whom, and what it obeys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import AsyncTestClient
from PIL import Image

from demo.furniture import NotFurnished, furnish
from demo.notes import read, write
from demo.page import demo_routes
from demo.plan import ACCOUNTS, CLERK_AT, DEVICES, Runtime, free_ports, port_names
from hall_server.cli.access import opened
from hall_server.web.app import make_app, open_house
from hall_server.web.live import Hub
from hall_server.web.public.page import page_routes
from hardware.keypads.simulated import SimulatedPad
from hardware.simulation.control import ControlServer

HERE = {"host": "127.0.0.1:8700"}


@asynccontextmanager
async def shown(data: Path) -> AsyncIterator[AsyncTestClient[Any]]:
    """The hall with the demo's page."""
    runtime = Runtime.beside(data)
    names = list(port_names())
    if not runtime.ports.exists():
        write(runtime.ports, dict(zip(names, free_ports(len(names)), strict=True)))
    async with opened(data, program="a test") as office:
        house = open_house(data, office.engine)
        hub = Hub(house)
        office.engine.watcher = hub
        app = make_app(house, hub, [*page_routes(house), *demo_routes(runtime, port=8700)])
        async with AsyncTestClient(app) as client:
            yield client
        house.close()


def run(data: Path, story: Any) -> Any:
    async def whole() -> Any:
        async with shown(data) as client:
            return await story(client)

    return asyncio.run(whole())


async def order(client: AsyncTestClient[Any], what: Any, **headers: str) -> Any:
    return await client.post("/demo/order", json=what, headers=HERE | headers)


def test_furnishing_keeps_secrets_to_the_owner_and_happens_once(furnished: Path):
    runtime = Runtime.beside(furnished)
    held = read(runtime.secrets)
    assert set(held["clerks"]) == set(CLERK_AT.values())
    assert set(held["accounts"]) == set(ACCOUNTS)
    assert len(set(held["clerks"].values()) | set(held["accounts"].values())) == len(CLERK_AT) + len(ACCOUNTS)
    for file in (runtime.secrets, runtime.token("kiosk"), runtime.token("counter-3")):
        assert file.stat().st_mode & 0o077 == 0
    furnish(furnished)
    assert read(runtime.secrets) == held
    journal = b"".join(f.read_bytes() for f in furnished.glob("journal.db*"))
    assert not any(secret.encode() in journal for secret in held["tokens"].values())


def test_a_hall_without_its_stage_is_not_taken_over(furnished: Path):
    Runtime.beside(furnished).secrets.unlink()
    with pytest.raises(NotFurnished, match="HALL_DATA"):
        furnish(furnished)


def test_the_front_leads_to_the_page_and_the_page_shows_the_secrets(furnished: Path):
    async def story(client: AsyncTestClient[Any]) -> None:
        front = await client.get("/", follow_redirects=False)
        assert (front.status_code, front.headers["location"]) == (307, "/demo")
        page = await client.get("/demo", headers=HERE)
        assert page.status_code == 200
        held = read(Runtime.beside(furnished).secrets)
        assert all(secret in page.text for secret in (*held["clerks"].values(), *held["accounts"].values()))
        assert not any(token in page.text for token in held["tokens"].values())
        assert "style=" not in page.text
        assert " onclick" not in page.text
        assert "unsafe" not in page.headers["content-security-policy"]
        for file in ("demo.css", "demo.js"):
            assert (await client.get(f"/demo/{file}")).status_code == 200

    run(furnished, story)


@pytest.mark.parametrize("path", ["/demo", "/demo/state", "/demo/picture/wall"])
def test_another_name_for_this_machine_is_refused(furnished: Path, path: str):
    async def story(client: AsyncTestClient[Any]) -> None:
        assert (await client.get(path, headers={"host": "rebound.example:8700"})).status_code == 403

    run(furnished, story)


def test_another_sites_page_gives_no_orders(furnished: Path):
    async def story(client: AsyncTestClient[Any]) -> None:
        kill = {"do": "kill", "program": "wall"}
        assert (await order(client, kill, **{"sec-fetch-site": "cross-site"})).status_code == 403
        assert (await order(client, kill, origin="http://elsewhere.example")).status_code == 403
        assert not list(Runtime.beside(furnished).wishes.iterdir())
        assert (await order(client, kill)).json() == {"done": True}
        (wish,) = Runtime.beside(furnished).wishes.glob("*.json")
        assert json.loads(wish.read_text()) == {"kill": "wall"}

    run(furnished, story)


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"do": "fault", "device": "printer", "fault": "paper_out; clear"},
        {"do": "fault", "device": "server", "fault": "gone"},
        {"do": "press", "device": "printer", "key": 5},
        {"do": "key", "screen": "counter-3", "key": "F2\nkey F8"},
        {"do": "touch", "screen": "nowhere", "x": 0, "y": 0},
        {"do": "pull", "screen": "../../etc"},
    ],
)
def test_what_is_no_order_is_refused(furnished: Path, what: dict[str, Any]):
    async def story(client: AsyncTestClient[Any]) -> None:
        assert (await order(client, what)).status_code == 400

    run(furnished, story)


def test_pictures_and_papers_are_shown_and_nothing_beside_them(furnished: Path):
    runtime = Runtime.beside(furnished)
    Image.new("1", (8, 8)).save(runtime.paper / "ticket-0007.png")
    Image.new("RGB", (8, 8)).save(runtime.picture("wall"))

    async def story(client: AsyncTestClient[Any]) -> None:
        state = (await client.get("/demo/state", headers=HERE)).json()
        assert state["papers"] == ["ticket-0007.png"]
        assert state["screens"]["wall"] > 0
        assert state["screens"]["kiosk"] == 0
        assert set(state["devices"]) == set(DEVICES)
        assert state["devices"]["printer"] is None, "nobody answers there"
        for path in ("picture/wall", "paper/ticket-0007.png"):
            answer = await client.get(f"/demo/{path}", headers=HERE)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        for path in (
            "picture/kiosk",
            "paper/ticket-0008.png",
            "paper/..%2Fsecrets.json",
            "picture/..%2Fsecrets",
            "bar/x",
        ):
            assert (await client.get(f"/demo/{path}", headers=HERE)).status_code == 404

    run(furnished, story)


def test_faults_and_presses_reach_the_device(furnished: Path):
    pad = SimulatedPad()
    with ControlServer(pad, "socket://127.0.0.1:0") as control:
        port = int(control.url.rpartition(":")[2])
        write(Runtime.beside(furnished).ports, dict.fromkeys(port_names(), 1) | {"keypad-3-control": port})

        async def story(client: AsyncTestClient[Any]) -> None:
            assert (await order(client, {"do": "fault", "device": "keypad-3", "fault": "gone"})).json() == {
                "done": True
            }
            assert pad.faults == {"gone"}
            assert (await order(client, {"do": "clear", "device": "keypad-3", "fault": "gone"})).json() == {
                "done": True
            }
            assert pad.faults == set()
            assert (await order(client, {"do": "press", "device": "keypad-3", "key": 4})).json() == {"done": True}
            assert pad.last_press is not None
            assert pad.last_press.key == 4
            assert (await order(client, {"do": "press", "device": "keypad-7", "key": 4})).json() == {"done": False}

        run(furnished, story)


def test_a_screen_touched_through_the_page_is_left_alone_by_simulated_people(furnished: Path):
    async def story(client: AsyncTestClient[Any]) -> None:
        await order(client, {"do": "touch", "screen": "kiosk", "x": 0.5, "y": 0.5})
        assert (await client.get("/demo/state", headers=HERE)).json()["hands"] == {"kiosk": True}

    run(furnished, story)
