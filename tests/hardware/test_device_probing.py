"""What is found out about a port nobody described, and what a trial asks of a person."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from device_bench import until

from hardware import cli, search, trial
from hardware.inventory import simulated, simulator_for
from hardware.keypads.pad68 import codec as pad68
from hardware.plugged import Plugged
from hardware.search import candidates, is_bare, recognised
from hardware.simulation.server import SimulatorServer


def simulator(protocol: str, url: str = "socket://127.0.0.1:0", **options: str) -> SimulatorServer:
    return SimulatorServer(simulator_for(protocol, options=options, out=None), url)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("/dev/ttyUSB0", True),
        ("COM3", True),
        ("usb://port=1-2", True),
        ("socket://10.0.0.9:9100", True),
        ("escpos+socket://10.0.0.9:9100", False),
        ("neutral+/dev/ttyUSB0", False),
        ("nonsense", False),
    ],
)
def test_a_bare_port_is_told_from_an_address(text: str, bare: bool) -> None:
    assert is_bare(text) is bare


def test_a_printer_is_asked_first_because_it_leaves_no_mark() -> None:
    assert [str(one) for one in candidates("/dev/ttyUSB0")][:2] == [
        "escpos+/dev/ttyUSB0?baud=115200",
        "escpos+/dev/ttyUSB0?baud=9600",
    ]
    assert next(candidates("socket://10.0.0.9:5005")).protocol == "bxk"
    assert [one.protocol for one in candidates("file:///dev/usb/lp0")] == ["escpos"]


@pytest.mark.parametrize("protocol", ["escpos", "samv", "neutral", "pad68"])
def test_the_protocol_behind_a_port_is_found_out(protocol: str, capsys, monkeypatch) -> None:
    monkeypatch.setattr(search, "ASK_S", 0.6)
    wanted = [("escpos", 9600), ("samv", 115_200), ("neutral", 9600), ("pad68", 9600)]
    monkeypatch.setattr(search, "SERIAL", tuple(wanted))
    with simulator(protocol, **({"ack": "1"} if protocol == "pad68" else {})) as server:
        assert cli.main(["probe", server.url]) == 0
    shown = capsys.readouterr()
    assert f"address: {protocol}+{server.url}" in shown.out
    assert f"asking {protocol}+" in shown.err


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_what_cannot_be_asked_is_recognised_when_a_person_uses_it(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(search, "ask_all", lambda *_, **__: None)
    device = simulator_for("scanner", options={}, out=None)
    with SimulatorServer(device, f"pty://{tmp_path}/tty"):
        results: list[int] = []
        thread = threading.Thread(target=lambda: results.append(cli.main(["probe", f"{tmp_path}/tty"])))
        monkeypatch.setattr(search, "is_bare", lambda _: True)
        thread.start()
        listening = lambda: "listening at 9600" in capsys.readouterr().err  # noqa: E731 - named for the wait
        until(listening)
        end = threading.Event()
        while thread.is_alive() and not end.wait(0.1):
            device.command("scan TICKET-TOKEN-0001")
        thread.join(5)
    assert results == [0]
    assert f"address: scanner+{tmp_path}/tty?baud=9600" in capsys.readouterr().out


def test_frames_and_codes_are_told_apart_and_noise_is_nothing() -> None:
    assert recognised(pad68.key_frame(3, "call").encode()) == "pad68"
    assert recognised(b"\x00\xff" + pad68.rating_frame(2, 3).encode()) == "pad68"
    assert recognised(b"A041-TOKEN\r") == "scanner"
    for noise in (b"", b"\x01", b"ab\r", bytes(range(256)), b"no end of line"):
        assert recognised(noise) is None


def test_a_port_where_nothing_answers_says_so(capsys, monkeypatch) -> None:
    monkeypatch.setattr(search, "ASK_S", 0.2)
    monkeypatch.setattr(search, "LISTEN_S", 0.1)
    monkeypatch.setattr(search, "SERIAL", (("samv", 115_200),))
    monkeypatch.setattr(search.listen, "__kwdefaults__", {"limit_s": 0.1})
    device = simulator_for("neutral", options={}, out=None)
    device.set_fault("silent")
    with SimulatorServer(device, "socket://127.0.0.1:0") as server:
        assert cli.main(["probe", server.url]) == 1
    assert "nothing that is known here answers" in capsys.readouterr().err
    assert cli.main(["probe", "socket://127.0.0.1:1"]) == 1
    assert "Check the cable" in capsys.readouterr().err


def test_a_scanner_is_tried_by_scanning_and_its_text_is_not_shown(capsys) -> None:
    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(cli.main(["test", "scanner+sim://"])))
    thread.start()
    until(lambda: (device := simulated("scanner+sim://")) is not None and _scan(device) and not thread.is_alive())
    assert results == [0]
    shown = capsys.readouterr()
    assert "a code of 12 characters was read" in shown.out
    assert "SECRET" not in shown.out + shown.err


def _scan(device) -> bool:
    device.command("scan SECRET-TOKEN")
    return True


def test_a_reader_is_tried_by_placing_a_card_whose_contents_are_not_shown(capsys) -> None:
    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(cli.main(["test", "samv+sim://"])))
    thread.start()
    until(lambda: simulated("samv+sim://") is not None)
    simulated("samv+sim://").command("place")
    thread.join(10)
    assert results == [0]
    shown = capsys.readouterr()
    assert "a card was read (citizen)" in shown.out
    assert "11010519491231002X" not in shown.out + shown.err


def test_a_call_pad_is_tried_by_a_beep_a_number_and_any_key(capsys) -> None:
    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(cli.main(["test", "pad68+sim://?addr=3"])))
    thread.start()
    until(lambda: (line := simulated("pad68+sim://?addr=3")) is not None and line.first.rating_open)
    line = simulated("pad68+sim://?addr=3")
    assert (line.first.number, line.first.beeps) == ("041", 1)
    line.press("call")
    thread.join(10)
    assert results == [0]
    assert "key call" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["template+sim://?profile=raw1", "template+sim://?profile=example", "hid+sim://"])
def test_a_rater_that_proves_nothing_is_tried_by_its_key(address: str, capsys) -> None:
    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(cli.main(["test", address])))
    thread.start()
    shown = ""

    def asked() -> bool:
        nonlocal shown
        shown += capsys.readouterr().out
        return "press a key" in shown

    until(asked)
    simulated(address).command("press 4")
    thread.join(10)
    assert results == [0]
    assert "question sent; the device does not say that it arrived" in shown
    assert "key 4 after" in capsys.readouterr().out


@pytest.mark.parametrize("protocol", ["bxk", "cpower", "artnet", "ddp"])
def test_every_bar_shows_the_test_pages(protocol: str, capsys, monkeypatch) -> None:
    monkeypatch.setattr(trial, "LOOK_S", 0.05)
    assert cli.main(["test", f"{protocol}+sim://"]) == 0
    assert "the bar blinks twice" in capsys.readouterr().out


def test_a_device_that_cannot_be_asked_is_not_called_working(capsys, monkeypatch) -> None:
    monkeypatch.setattr(trial, "QUIET_S", 0.05)
    assert cli.main(["probe", "scanner+sim://?fault=silent"]) == 1
    shown = capsys.readouterr()
    assert "state: unknown" in shown.out
    assert "hall-device test" in shown.err


def test_the_list_says_what_is_probably_there(capsys, monkeypatch) -> None:
    one = Plugged(where="/dev/null", bus="serial", vendor=0x1A86, product=0x7523, usb_port="1-2")
    monkeypatch.setattr(cli, "plugged", lambda: [one])
    assert cli.main(["list"]) == 0
    assert capsys.readouterr().out.startswith("usb://port=1-2  (now /dev/null)  CH340 serial adapter")
    assert cli.main(["list", "--json"]) == 0
    assert '"probably": "CH340' in capsys.readouterr().out


def test_the_rules_are_printed(capsys) -> None:
    assert cli.main(["rules"]) == 0
    assert "ID_SERIAL_SHORT" in capsys.readouterr().out
