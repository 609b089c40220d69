"""A line that several counters share: each pad reaches its own counter, a dead one costs only its own time."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from device_bench import Bench, until

from hardware import cli, scan, serve
from hardware.address import BadAddress, parse
from hardware.driver import Surroundings
from hardware.health import Key, Rated, State
from hardware.inventory import open_driver, simulator_for
from hardware.keypads import codec
from hardware.keypads.driver import Ask
from hardware.keypads.neutral_line import NeutralLine
from hardware.keypads.simulated import SimulatedPad
from hardware.logs import Usage
from hardware.port import open_port
from hardware.scan import DIALECTS, Scan
from hardware.serve import LINES, LineServer
from hardware.simulation.device import SimulatedDevice
from hardware.simulation.server import SimulatorServer

ROOT = Path(__file__).parents[2]


class NeutralBus(SimulatedDevice):
    """Several simulated neutral pads on one wire."""

    kind = "neutral"

    def __init__(self, *addresses: int) -> None:
        super().__init__()
        self.pads = {addr: SimulatedPad(addr=addr) for addr in addresses}
        self.dead: set[int] = set()

    def open_conversation(self) -> NeutralBus:
        self._talks = {addr: pad.open_conversation() for addr, pad in self.pads.items()}
        return self

    def feed(self, data: bytes, now: float) -> bytes:
        return b"".join(talk.feed(data, now) for addr, talk in self._talks.items() if addr not in self.dead)

    def due(self, now: float) -> bytes:
        return b"".join(talk.due(now) for addr, talk in self._talks.items() if addr not in self.dead)


@contextmanager
def shared(device: SimulatedDevice, protocol: str, *addresses: int) -> Iterator[LineServer]:
    """The line served in this process, reopened quickly."""
    stop = threading.Event()
    with SimulatorServer(device, "socket://127.0.0.1:0") as wire:
        at = parse(f"{protocol}+{wire.url}")
        line = LINES[protocol](at, addresses)
        line.around = Surroundings(reopen_s=(0.05,))  # type: ignore[attr-defined]
        threads = [threading.Thread(target=line.serve, args=(stop,))]
        threads[0].start()
        with closing(LineServer(line, host="127.0.0.1", ports=dict.fromkeys(addresses, 0))) as server:
            threads.append(threading.Thread(target=server.serve, args=(stop,)))
            threads[1].start()
            try:
                yield server
            finally:
                stop.set()
                for thread in threads:
                    thread.join(5)
                    assert not thread.is_alive()


def address(server: LineServer, protocol: str, addr: int) -> str:
    return f"{protocol}+socket://127.0.0.1:{server.ports[addr]}?addr={addr}"


def test_each_pad68_pad_reaches_its_own_counter_with_the_plain_driver(bench: Bench) -> None:
    line = simulator_for("pad68", options={"addr": "3", "pads": "2"}, out=None)
    with shared(line, "pad68", 3, 4) as server:
        drivers = {addr: open_driver(address(server, "pad68", addr), around=bench.around()) for addr in (3, 4)}
        for driver in drivers.values():
            bench.start(driver)
        until(lambda: len(server._clients) == 2)
        line.press("call", addr=3)
        line.press("recall", addr=4)
        until(lambda: len(bench.told(Key)) == 2)
        assert {(event.address.rpartition("=")[2], event.key) for event in bench.told(Key)} == {
            ("3", "call"),
            ("4", "recall"),
        }
        drivers[4].submit(Ask(session=9))
        until(lambda: line.pads[4].rating_open)
        assert not line.pads[3].rating_open
        line.rate(3, addr=4)
        until(lambda: bench.told(Rated))
        assert (bench.told(Rated)[0].session, bench.told(Rated)[0].key) == (9, 5)
        until(lambda: [pad.answered for pad in line.pads.values()] == [1, 2])
        bench.stop()


def test_neutral_pads_share_a_line_and_the_nonce_holds_end_to_end(bench: Bench) -> None:
    bus = NeutralBus(1, 2)
    with shared(bus, "neutral", 1, 2) as server:
        drivers = {addr: open_driver(address(server, "neutral", addr), around=bench.around()) for addr in (1, 2)}
        for driver in drivers.values():
            bench.start(driver)
        until(lambda: all(driver.snapshot().state is State.READY for driver in drivers.values()))
        receipts = [drivers[addr].submit(Ask(session=addr)) for addr in (1, 2)]
        assert [receipt.result(5).outcome for receipt in receipts] == ["confirmed", "confirmed"]
        bus.pads[2].press(4)
        until(lambda: bench.told(Rated))
        assert [(event.session, event.key) for event in bench.told(Rated)] == [(2, 4)]
        assert bus.pads[1].question is not None
        bench.stop()


def test_a_dead_neutral_pad_delays_the_others_by_its_own_time_only(bench: Bench) -> None:
    bus = NeutralBus(*range(1, 9))
    bus.dead = {5}
    with shared(bus, "neutral", *range(1, 9)) as server:
        drivers = {addr: open_driver(address(server, "neutral", addr), around=bench.around()) for addr in range(1, 9)}
        for driver in drivers.values():
            bench.start(driver)
        until(lambda: all(drivers[n].snapshot().state is State.READY for n in drivers if n != 5), limit_s=8)
        until(lambda: "silent" in drivers[5].snapshot().faults, limit_s=8)
        for addr in (1, 4, 6, 8):
            receipt = drivers[addr].submit(Ask(session=addr)).result(5)
            took = (receipt.confirmed_at - receipt.accepted_at).total_seconds()
            assert took < 0.3 + 3 * 0.25 + 0.3
        bus.dead = set()
        until(lambda: drivers[5].snapshot().state is State.READY, limit_s=8)
        bench.stop()


def test_a_lost_line_is_a_lost_pad_and_comes_back_by_itself(bench: Bench) -> None:
    line = simulator_for("pad68", options={}, out=None)
    with shared(line, "pad68", 1) as server:
        driver = open_driver(address(server, "pad68", 1), around=bench.around())
        bench.start(driver)
        until(lambda: len(server._clients) == 1)
        line.set_fault("gone")
        until(lambda: driver.snapshot().state is State.ABSENT)
        line.clear()
        until(lambda: len(server._clients) == 1)
        line.press("call")
        until(lambda: bench.told(Key))
        bench.stop()


def test_a_restarted_counter_takes_its_pad_over() -> None:
    line = simulator_for("pad68", options={}, out=None)
    with shared(line, "pad68", 1) as server:
        first = socket.create_connection(("127.0.0.1", server.ports[1]), timeout=5)
        until(lambda: len(server._clients) == 1)
        with socket.create_connection(("127.0.0.1", server.ports[1]), timeout=5) as second:
            assert first.recv(10) == b""
            first.close()
            until(lambda: 1 in server._clients)
            line.press("call")
            second.settimeout(5)
            assert second.recv(100).startswith(b"\xff\x68")


def test_only_named_machines_may_connect() -> None:
    server = LineServer.__new__(LineServer)
    server._allowed = set(map(serve.ipaddress.ip_address, ["10.0.0.7"]))
    assert server._may("127.0.0.1")
    assert server._may("10.0.0.7")
    assert server._may("::ffff:10.0.0.7")
    assert not server._may("10.0.0.8")
    with pytest.raises(Usage, match="--allow"):
        serve._allowed("0.0.0.0", [])
    assert serve._allowed("0.0.0.0", ["10.0.0.7"]) == ["10.0.0.7"]


def test_the_command_says_where_every_pad_is_what_it_lost_and_ends_well(tmp_path: Path) -> None:
    line = simulator_for("pad68", options={"addr": "3", "pads": "2"}, out=None)
    out, err = tmp_path / "out", tmp_path / "err"
    with SimulatorServer(line, "socket://127.0.0.1:0") as wire, out.open("wb") as says, err.open("wb") as logs:
        command = [sys.executable, "-m", "hardware.cli", "serve", f"pad68+{wire.url}", "--addr", "3=0", "--addr", "4=0"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=says, stderr=logs)
        try:
            until(lambda: out.read_text().count("\n") == 2, limit_s=20)
            until(lambda: line.press("call", addr=3) or line.pads[3].answered)
            until(lambda: "answers" in err.read_text())
            line.set_fault("gone")
            until(lambda: "lost (gone)" in err.read_text())
            line.clear()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)
    assert process.returncode == 0, err.read_text()
    shown = out.read_text().splitlines()
    assert shown[0].startswith("address 3 at pad68+socket://127.0.0.1:")
    assert shown[1].endswith("?addr=4")
    assert err.read_text().count("lost (gone)") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["serve", "escpos+sim://", "--addr", "1"], "no line to share"),
        (["serve", "pad68+sim://", "--addr", "0"], "pads are 1 to 254"),
        (["serve", "pad68+sim://", "--addr", "three"], "write a number"),
        (["serve", "pad68+sim://", "--addr", "1", "--host", "0.0.0.0"], "--allow IP"),
        (["serve", "pad68+sim://", "--addr", "1", "--host", "everywhere"], "write IP addresses"),
        (["scan", "escpos+sim://"], "carry no address"),
        (["scan", "pad68+sim://", "--last", "300"], "addresses are 1 to 254"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], says: str, capsys) -> None:
    assert cli.main(arguments) == 2
    assert says in capsys.readouterr().err


def test_a_line_needs_addresses_that_pads_can_have() -> None:
    with pytest.raises(BadAddress):
        NeutralLine("neutral+sim://", addresses=[0])


@pytest.mark.parametrize("protocol", ["neutral", "pad68"])
def test_a_scan_finds_who_answers_and_who_is_pressed(protocol: str, capsys, monkeypatch) -> None:
    device: SimulatedDevice
    if protocol == "neutral":
        device = NeutralBus(2, 5)
    else:
        device = simulator_for("pad68", options={"addr": "2", "pads": "4", "ack": "1"}, out=None)
        for addr in (3, 4):
            device.live(addr, alive=False)
    monkeypatch.setattr(scan, "ANSWER_S", 0.03)
    with SimulatorServer(device, "socket://127.0.0.1:0") as wire:
        assert cli.main(["scan", f"{protocol}+{wire.url}", "--last", "6", "--listen", "0"]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == "2 on the line: 2, 5"
        device.set_fault("silent")
        assert cli.main(["scan", f"{protocol}+{wire.url}", "--last", "3", "--listen", "0"]) == 1
    assert "nobody is on this line" in capsys.readouterr().err


def test_a_pad_that_answers_nothing_is_found_by_its_key_and_answered() -> None:
    line = simulator_for("pad68", options={"addr": "9"}, out=None)
    with SimulatorServer(line, "socket://127.0.0.1:0") as wire:
        port = open_port(parse(f"pad68+{wire.url}"))
        found: list[int] = []
        look = Scan(port, DIALECTS["pad68"], found=found.append)
        look.ask(range(1, 3), wait_s=0.02)
        assert found == []
        line.press("call")
        look.listen(0.3)
        assert found == [9]
        until(lambda: line.first.answered == 1)
        port.close()


def test_an_adapter_that_hears_itself_is_no_pad() -> None:
    look = Scan(open_port(parse("pad68+loop://")), DIALECTS["pad68"], found=lambda addr: None)
    look.ask(range(1, 5), wait_s=0.02)
    assert look.addresses == set()


def test_frames_for_other_addresses_do_not_reach_the_line() -> None:
    line = NeutralLine("neutral+sim://", addresses=[1])
    carrier = line.carry(1, lambda data: None)
    carrier.feed(codec.frame_of(codec.Ping(), addr=2, seq=1).encode())
    assert (carrier.dropped, len(line.pads[1].requests)) == (1, 0)
    carrier.feed(codec.frame_of(codec.Ping(), addr=1, seq=1).encode())
    assert len(line.pads[1].requests) == 1
    carrier.close()
    assert line.pads[1].to is None
