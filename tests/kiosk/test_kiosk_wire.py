"""The real kiosk on a real server and a simulated printer that speaks ESC/POS: what a visitor gets on bad days."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kiosk_world import World, wait_for


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    one = World(tmp_path)
    yield one
    one.close()


def events(world: World, kind: str) -> list[dict[str, Any]]:
    return [e for e in world.events() if e["type"] == kind]


def body(event: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(event["data"]))


def first_service(world: World) -> str:
    """The first tile of the home screen, once the page has come in."""
    names = lambda: [i["name"] for i in world.screen("home")["items"] if i["name"].startswith("service:")]  # noqa: E731
    return str(wait_for(names, told="the tiles")[0])


def take(world: World) -> dict[str, Any]:
    """From the home screen by taps alone to a number; the state then."""
    world.tap(first_service(world), then="detail")
    return number_shown(world)


def number_shown(world: World, *, limit_s: float = 25) -> dict[str, Any]:
    """取号 is touched until it was taken (a touch within the dead time is ignored); the state with the number."""

    def shown() -> dict[str, Any] | None:
        state = world.state()
        if not state["number"]:
            world.do("tap take")
        return state if state["number"] else None

    return dict(wait_for(shown, limit_s=limit_s, told="a number on the screen"))


def test_taps_alone_lead_from_home_to_a_printed_number(world: World) -> None:
    world.start_printer()
    world.start_kiosk()
    state = take(world)
    assert state["screen"] == "ticket"
    wait_for(lambda: world.state()["printing"] == "confirmed", told="the paper")
    wait_for(lambda: events(world, "ticket_printed"), told="the print result in the journal")
    (issued,) = events(world, "ticket_issued")
    assert body(issued)["number"] == state["number"]
    assert list((world.folder / "paper").glob("*.png")), "no paper came out"
    world.tap("done", then="home")


def test_without_paper_the_number_stays_on_the_screen(world: World) -> None:
    world.start_printer()
    world.start_kiosk()
    world.screen("home")
    world.printer_fault("fault paper_out")
    state = take(world)
    shown = world.screen("paper")
    assert shown["number"] == state["number"]
    world.tap("done", then="home")
    assert len(events(world, "ticket_issued")) == 1


def test_the_kiosk_goes_on_without_the_server_and_merges_afterwards(world: World) -> None:
    world.start_kiosk(printer=False)
    world.screen("home")
    wait_for(lambda: sum(world.state()["left"].values()) >= 100, told="blocks of all lines")
    world.server.end(signal.SIGKILL)
    state = world.screen("offline")
    left = state["left"]
    world.tap("line:A", then="detail")
    number = number_shown(world)["number"]
    assert world.state()["left"]["A"] == left["A"] - 1
    world.start_server()
    wait_for(lambda: any(body(e)["number"] == number for e in events(world, "ticket_issued")), told="the merge")
    wait_for(lambda: not world.state()["stale"], told="the link")


def test_an_own_number_outlives_the_death_of_the_kiosk(world: World) -> None:
    kiosk = world.start_kiosk(printer=False)
    world.screen("home")
    wait_for(lambda: sum(world.state()["left"].values()) >= 100, told="blocks of all lines")
    world.server.end(signal.SIGKILL)
    world.screen("offline")
    world.tap("line:B", then="detail")
    number = number_shown(world)["number"]
    kiosk.end(signal.SIGKILL)
    world.start_kiosk(printer=False)
    world.screen("offline")
    world.tap("line:B", then="detail")
    second = number_shown(world)["number"]
    assert second != number
    world.start_server()
    wanted = {number, second}
    wait_for(lambda: wanted <= {body(e)["number"] for e in events(world, "ticket_issued")}, told="both numbers merged")


def test_a_touch_of_unknown_outcome_keeps_the_number_the_visitor_saw(world: World) -> None:
    world.start_kiosk(printer=False)
    world.screen("home")
    wait_for(lambda: sum(world.state()["left"].values()) >= 100, told="blocks of all lines")
    world.tap(first_service(world), then="detail")
    world.server.child.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    state = number_shown(world, limit_s=8)
    assert 3.0 <= time.monotonic() - begun <= 6.0
    world.server.child.send_signal(signal.SIGCONT)
    wait_for(
        lambda: any(body(e)["number"] == state["number"] for e in events(world, "ticket_issued")), told="the merge"
    )
    unseen = [body(e) for e in events(world, "ticket_cancelled")]
    others = [body(e)["number"] for e in events(world, "ticket_issued") if body(e)["number"] != state["number"]]
    assert len(others) == len(unseen), "a number nobody saw must be cancelled"


def test_the_kiosk_ends_within_a_second_of_the_signal(world: World) -> None:
    kiosk = world.start_kiosk(printer=False)
    world.screen("home")
    begun = time.monotonic()
    assert kiosk.end() == 0
    assert time.monotonic() - begun < 1.5
    assert "Traceback" not in kiosk.text()


def test_a_revoked_kiosk_says_that_it_is_out_of_service(world: World) -> None:
    world.start_kiosk(printer=False)
    world.screen("home")
    from kiosk_world import run

    run("device", "revoke", "--data", str(world.data), "--name", "K1")
    world.screen("out_of_service")
