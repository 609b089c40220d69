"""Pictures of devices: a click is one line of the device's own control connection, and nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from demo.desks import KeyDesk
from demo.entrance import RealKiosk
from demo.machines import FAULTS, PAD_KEYS, click_of, visitor_code
from demo.plan import DEVICES, address
from hardware.address import PROTOCOLS, parse
from hardware.inventory import simulator_for


@pytest.mark.parametrize("device", DEVICES)
def test_every_device_has_an_address_its_program_can_open(device: str) -> None:
    at = parse(address(device, 9100))
    assert at.protocol == DEVICES[device]
    assert at.endpoint == ("127.0.0.1", 9100)


def test_the_demo_has_every_kind_of_device() -> None:
    assert {PROTOCOLS[protocol].kind for protocol in DEVICES.values()} == {spoken.kind for spoken in PROTOCOLS.values()}
    assert {"cpower", "artnet", "pad68", "samv", "scanner", "template"} <= set(DEVICES.values())


@pytest.mark.parametrize("device", DEVICES)
def test_whatever_a_click_may_break_its_simulator_can_play(device: str) -> None:
    made = simulator_for(DEVICES[device], options={}, out=None)
    for fault in FAULTS[device]:
        made.set_fault(fault)
        assert click_of({"do": "fault", "device": device, "fault": fault}).line == f"fault {fault}"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("order", "line"),
    [
        ({"do": "press", "device": "pad-3", "key": "call"}, "press call"),
        ({"do": "press", "device": "keypad-3", "key": 5}, "press 5"),
        ({"do": "place", "device": "reader", "card": "foreigner"}, "place foreigner"),
        ({"do": "remove", "device": "reader"}, "remove"),
        ({"do": "press", "device": "pad-3", "key": "call; dead 1"}, None),
        ({"do": "press", "device": "keypad-3", "key": 6}, None),
        ({"do": "press", "device": "printer", "key": "call"}, None),
        ({"do": "place", "device": "reader", "card": "甲 11010519491231002X"}, None),
        ({"do": "place", "device": "scanner", "card": "1"}, None),
        ({"do": "fault", "device": "reader", "fault": "paper_out"}, None),
        ({"do": "remove", "device": "server"}, None),
        ({"do": "remove", "device": ["reader"]}, None),
    ],
)
def test_a_click_is_one_known_line_or_nothing(order: dict[str, Any], line: str | None) -> None:
    click = click_of(order)
    assert (click.line if click else None) == line


def test_the_lines_of_clicks_are_commands_of_the_simulators() -> None:
    pad = simulator_for("pad68", options={}, out=None)
    for key in PAD_KEYS:
        assert pad.command(f"press {key}") == "ok"
    reader = simulator_for("samv", options={}, out=None)
    for card in ("1", "2", "foreigner"):
        assert reader.command(f"place {card}") == "ok"
    assert reader.command("remove") == "ok"


def test_a_missed_ticket_is_scanned_first_then_one_that_waits() -> None:
    tickets = {"a": SimpleNamespace(reinstated=0), "b": SimpleNamespace(reinstated=5)}

    class Line(list[str]):
        @property
        def ids(self) -> list[str]:
            return list(self)

    hall: Any = SimpleNamespace(missed={"a": 1, "b": 2}, tickets=tickets, waiting={"A": Line("xyz"), "B": Line("w")})
    assert visitor_code(hall, lambda ident: f"/t/{ident}") == "/t/a"
    hall.missed = {"b": 2}
    assert visitor_code(hall, lambda ident: f"/t/{ident}") == "/t/y"
    hall.waiting = {}
    assert visitor_code(hall, lambda ident: ident) is None


@dataclass
class Screen:
    """A hand at a program that shows one thing after the other."""

    shows: list[dict[str, Any]]
    done: list[str] = field(default_factory=list)

    async def look(self) -> dict[str, Any]:
        return self.shows.pop(0) if len(self.shows) > 1 else self.shows[0]

    async def key(self, name: str) -> None:
        self.done.append(f"key {name}")

    async def tap(self, name: str) -> bool:
        self.done.append(f"tap {name}")
        return True

    async def until(self, condition: Any, *, within_s: float = 1.0) -> dict[str, Any] | None:
        for _ in range(20):
            seen = await self.look()
            if condition(seen):
                return seen
        return None


@dataclass
class Line:
    """A device's control connection."""

    answer: str = "ok"
    lines: list[str] = field(default_factory=list)

    async def do(self, line: str) -> str:
        self.lines.append(line)
        return self.answer


def test_every_second_call_is_a_key_of_the_pad(tmp_path: Path) -> None:
    seen = {"can": ["call_next"], "ticket_state": "called", "ticket": "A001"}
    hand, pad = Screen([seen]), Line()
    desk = KeyDesk(hand, counter="3", clerk="0312", pin="1", hands=tmp_path / "hand", pad=pad)  # type: ignore[arg-type]
    for _ in range(4):
        assert asyncio.run(desk.act("call_next"))
    assert pad.lines == ["press call", "press call"]
    assert hand.done == ["key F2", "key F2"]
    pad.answer = "error: no"
    assert asyncio.run(desk.act("call_next"))
    assert hand.done[-1] == "key F2"


def test_a_paper_is_held_before_the_scanner_and_the_screen_read(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("demo.entrance.SCAN_S", 0.01)
    hand, scanner = Screen([{"screen": "home"}, {"screen": "scanned"}]), Line()
    kiosk = RealKiosk(hand, tmp_path / "hand", scanner=scanner)  # type: ignore[arg-type]
    assert asyncio.run(kiosk.scan("/t/TOKEN"))
    assert scanner.lines == ["scan /t/TOKEN"]
    assert hand.done == ["tap back"]
    assert not asyncio.run(RealKiosk(hand, tmp_path / "hand").scan("/t/TOKEN"))  # type: ignore[arg-type]


def test_a_card_that_leads_to_nothing_is_followed_by_a_touch(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("demo.entrance.CARD_SHARE", 1.0)
    dice: Any = SimpleNamespace(random=lambda: 0.5, randrange=lambda low, high: 7)
    reader = Line()
    taken = RealKiosk(Screen([{"screen": "ticket"}]), tmp_path / "x", reader=reader)  # type: ignore[arg-type]
    assert asyncio.run(taken._card_or_touch(dice))
    assert reader.lines == ["place 7", "remove"]
    stays = Screen([{"screen": "detail"}])
    assert asyncio.run(RealKiosk(stays, tmp_path / "x", reader=reader)._card_or_touch(dice))  # type: ignore[arg-type]
    assert stays.done == ["tap take"]
