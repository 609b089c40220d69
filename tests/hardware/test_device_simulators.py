"""Every protocol has its simulator, every fault word is played by one, and each obeys while it runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardware import cli
from hardware.address import CONTRACT, PROTOCOLS
from hardware.health import KEYPAD_FAULTS, LED_FAULTS, LINK_FAULTS, PRINTER_FAULTS, READER_FAULTS
from hardware.inventory import DRIVERS, SIMULATORS, simulator_for
from hardware.simulation import command
from hardware.simulation.control import ControlServer, tell
from hardware.simulation.server import SimulatorServer

DIALECTS = {"escpos": ("epson80", "custom_kpm216", "citizen_ppu231")}


def test_every_protocol_of_the_contract_is_driven_and_can_be_stood_in_for() -> None:
    assert set(PROTOCOLS) == set(CONTRACT) == set(DRIVERS)
    assert set(SIMULATORS) == set(CONTRACT) - {"png"}
    assert {"printer", "led", "keypad", "pad", "reader", "scanner"} <= set(command.kinds())


def test_every_fault_word_is_played_by_a_simulator() -> None:
    played: set[str] = set()
    for protocol in SIMULATORS:
        for profile in DIALECTS.get(protocol, ("",)):
            options = {"profile": profile} if profile else {}
            played |= simulator_for(protocol, options=options, out=None).own_faults
    assert played >= PRINTER_FAULTS | LED_FAULTS | KEYPAD_FAULTS | READER_FAULTS


@pytest.mark.parametrize("kind", sorted(SIMULATORS))
def test_each_listens_begins_with_a_fault_and_obeys_while_it_runs(kind: str, tmp_path: Path) -> None:
    listen = (
        "udp://127.0.0.1:0" if PROTOCOLS[kind].kind == "led" and kind in ("artnet", "ddp") else "socket://127.0.0.1:0"
    )
    options = cli._parser().parse_args(
        ["simulate", kind, "--listen", listen, "--out", str(tmp_path), "--fault", "slow"]
    )
    device = command.device_of(options)
    for word in options.fault:
        device.set_fault(word)
    with (
        SimulatorServer(device, options.listen) as server,
        ControlServer(device, "socket://127.0.0.1:0") as control,
    ):
        assert not server.url.endswith(":0")
        assert json.loads(tell(control.url, "status"))["faults"] == ["slow"]
        for word in sorted(device.own_faults | LINK_FAULTS):
            assert tell(control.url, f"fault {word}") == "ok"
        assert set(json.loads(tell(control.url, "status"))["faults"]) == device.own_faults | LINK_FAULTS
        assert tell(control.url, "clear") == "ok"
        assert json.loads(tell(control.url, "status"))["faults"] == []
        assert tell(control.url, "fault flood").startswith("error: ")
