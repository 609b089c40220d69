"""What is plugged in, by which name it is found again, and that it is found again without a person."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from device_bench import Bench, until

from hardware import hotplug, plugged
from hardware.address import BadAddress, parse
from hardware.health import Offline, Online, State
from hardware.hotplug import Arrival, is_arrival
from hardware.inventory import open_driver, simulator_for
from hardware.plugged import Places, Plugged, guessed, is_there, where_is
from hardware.port import PortGone, open_port
from hardware.simulation.server import SimulatorServer

UDEV_ADD = (
    b"libudev\x00\xfe\xed\xca\xfe" + bytes(28) + b"ACTION=add\x00DEVPATH=/devices/x\x00SUBSYSTEM=tty\x00SEQNUM=7\x00"
)


def port(device: str, **more: object) -> SimpleNamespace:
    given = {"vid": None, "pid": None, "serial_number": None, "location": None, "description": "n/a"} | more
    return SimpleNamespace(device=device, **given)


@pytest.fixture
def machine(tmp_path: Path) -> Places:
    """A machine with two adapters, a USB printer and a keyboard, as its files show them."""
    dev, sys = tmp_path / "dev", tmp_path / "sys"
    for folder in (dev / "serial" / "by-path", dev / "serial" / "by-id", dev / "usb", dev / "input" / "by-path"):
        folder.mkdir(parents=True)
    for name in ("ttyUSB0", "ttyUSB1", "usb/lp0", "input/event7"):
        (dev / name).write_bytes(b"")
    (dev / "serial" / "by-path" / "usb-0:2:1.0").symlink_to(dev / "ttyUSB0")
    (dev / "serial" / "by-path" / "usb-0:3:1.0").symlink_to(dev / "ttyUSB1")
    (dev / "serial" / "by-id" / "usb-FTDI_A50285BI").symlink_to(dev / "ttyUSB1")
    (dev / "input" / "by-path" / "usb-0:4-event-kbd").symlink_to(dev / "input" / "event7")
    usb = sys / "devices" / "usb1" / "1-5"
    (usb / "1-5:1.0").mkdir(parents=True)
    for name, text in {"idVendor": "04b8", "idProduct": "0202", "serial": "J5GF", "product": "TM-T20"}.items():
        (usb / name).write_text(text + "\n")
    (sys / "class" / "usbmisc" / "lp0").mkdir(parents=True)
    (sys / "class" / "usbmisc" / "lp0" / "device").symlink_to(usb / "1-5:1.0")
    numbers = sys / "class" / "input" / "event7" / "device" / "id"
    numbers.mkdir(parents=True)
    (numbers / "vendor").write_text("1a2c\n")
    (numbers.parent / "name").write_text("5-key pad\n")
    ports = [
        port(str(dev / "ttyUSB0"), vid=0x1A86, pid=0x7523, location="1-2"),
        port(str(dev / "ttyUSB1"), vid=0x0403, pid=0x6001, serial_number="A50285BI", location="1-3"),
    ]
    return Places(ports=lambda: ports, dev=dev, sys=sys)


def test_everything_plugged_in_is_named_by_what_lasts(machine: Places) -> None:
    found = {Path(one.where).name: one for one in plugged.plugged(machine)}
    assert found["ttyUSB0"].lasting == "usb://port=1-2"
    assert "CH340" in found["ttyUSB0"].guess.words
    assert found["ttyUSB1"].lasting == "usb://serial=A50285BI"
    assert found["ttyUSB1"].link.endswith("by-id/usb-FTDI_A50285BI")
    assert found["lp0"].lasting == "usb://serial=J5GF"
    assert (found["lp0"].guess.protocol, found["lp0"].usb_port) == ("escpos", "1-5")
    assert found["event7"].lasting.endswith("by-path/usb-0:4-event-kbd")
    assert (found["event7"].description, found["event7"].guess.protocol) == ("5-key pad", "hid")


def test_a_lasting_name_leads_to_the_port_of_the_moment(machine: Places) -> None:
    at = where_is("usb://serial=A50285BI", machine)
    assert at is not None
    assert at.where.endswith("ttyUSB1")
    assert where_is("usb://port=1-5", machine).where.endswith("lp0")
    assert where_is("usb://serial=", machine) is None
    assert where_is("usb://port=9-9", machine) is None
    assert is_there("usb://port=1-2", machine) is True
    assert is_there("socket://127.0.0.1:9") is None


def test_an_unknown_adapter_is_only_a_serial_port() -> None:
    assert guessed(vendor=0x9999, product=1).words == "serial port"
    assert Plugged(where="COM3", bus="serial").lasting == "COM3"


@pytest.mark.parametrize("url", ["usb://A5", "usb://serial=", "usb://bus=1-2"])
def test_a_usb_address_says_by_what(url: str) -> None:
    with pytest.raises(BadAddress, match=r"usb://serial=NUMBER"):
        parse(f"neutral+{url}")


def test_nothing_plugged_in_under_that_name_is_gone_not_a_crash() -> None:
    with pytest.raises(PortGone, match="nothing like it is plugged in") as gone:
        open_port(parse("neutral+usb://serial=NOT-THERE?baud=9600"))
    assert gone.value.code == "gone"


def test_an_arrival_is_told_from_other_announcements() -> None:
    assert is_arrival(UDEV_ADD)
    assert is_arrival(b"add@/devices/x\0ACTION=add\0SUBSYSTEM=usb\0")
    assert not is_arrival(UDEV_ADD.replace(b"ACTION=add", b"ACTION=remove"))
    assert not is_arrival(UDEV_ADD.replace(b"SUBSYSTEM=tty", b"SUBSYSTEM=net"))
    assert not is_arrival(b"\xff" * 400)
    assert not is_arrival(UDEV_ADD + bytes(hotplug.MESSAGE_BYTES_MAX))


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_an_announced_device_is_opened_after_half_a_second() -> None:
    kernel, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.setblocking(False)
    clock, here = Clock(), [False]
    arrival = Arrival("/dev/ttyUSB9", clock=clock, there=lambda _: here[0], listening=lambda: ours)
    try:
        assert not arrival.came()
        here[0] = True
        kernel.send(UDEV_ADD)
        assert not arrival.came()
        clock.now += 0.4
        assert not arrival.came()
        clock.now += 0.2
        assert arrival.came()
    finally:
        arrival.close()
        kernel.close()


def test_without_announcements_a_look_a_second_finds_it() -> None:
    clock, here = Clock(), [False]
    arrival = Arrival("usb://port=1-2", clock=clock, there=lambda _: here[0], listening=lambda: None)
    here[0] = True
    clock.now += 0.5
    assert not arrival.came()
    clock.now += 0.6
    arrival.came()
    clock.now += 0.6
    assert arrival.came()
    arrival.close()


def test_a_device_that_was_there_all_the_time_is_no_arrival() -> None:
    clock = Clock()
    arrival = Arrival("usb://port=1-2", clock=clock, there=lambda _: True, listening=lambda: None)
    clock.now += 5
    arrival.came()
    clock.now += 5
    assert not arrival.came()


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_a_pad_pulled_out_and_plugged_in_again_is_found_without_a_person(bench: Bench, tmp_path, monkeypatch) -> None:
    """The adapter comes back under another number; the long wait of the back-off ends when it is there."""
    name = tmp_path / "ttyUSB0"
    ports = [port(str(name), serial_number="A5")]
    monkeypatch.setattr(plugged, "MACHINE", Places(ports=lambda: list(ports)))
    first = SimulatorServer(simulator_for("neutral", options={}, out=None), f"pty://{name}")
    first.start()
    driver = open_driver("neutral+usb://serial=A5", around=bench.around(reopen_s=(60.0,)))
    bench.start(driver)
    until(lambda: driver.snapshot().state is State.READY)
    ports.clear()
    first.stop()
    until(lambda: bench.told(Offline))
    again = tmp_path / "ttyUSB4"
    with SimulatorServer(simulator_for("neutral", options={}, out=None), f"pty://{again}"):
        ports.append(port(str(again), serial_number="A5"))
        until(lambda: driver.snapshot().state is State.READY, limit_s=6)
        assert len(bench.told(Offline)) == 1
        assert len(bench.told(Online)) == 2
        bench.stop()


def test_the_rules_name_every_bus_and_end_where_they_jump() -> None:
    lines = [line for line in hotplug.RULES.splitlines() if line and not line.startswith("#")]
    assert all(part.count('"') == 2 for line in lines for part in line.split(", "))
    for subsystem in ("tty", "usb", "usbmisc", "input", "hidraw"):
        assert any(f'SUBSYSTEM=="{subsystem}"' in line for line in lines)
    assert lines[0].endswith('GOTO="counterhall_end"')
    assert lines[-1] == 'LABEL="counterhall_end"'
    assert "ID_PATH" in hotplug.RULES
    assert "ID_SERIAL_SHORT" in hotplug.RULES
