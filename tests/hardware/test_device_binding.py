"""The inventory: written, read back, and when wrong named by file and line."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware import binding
from hardware.binding import BadBinding, Binding, fill, read, write

GOOD = """\
# devices of counter 3

[[device]]
role = "counter"
name = "3"
use = "keypad"
protocol = "neutral"
usb_serial = "A50285BI"
options = "addr=3&keys=5"

[[device]]
role = "counter"
name = "3"
use = "led"
protocol = "bxk"
url = "socket://10.0.0.31:5005"

[[device]]
role = "kiosk"
use = "printer"
protocol = "escpos"
path = "/dev/serial/by-path/pci-0-usb-0:2:1.0-port0"
options = "baud=115200&profile=plain"

[[device]]
role = "wall"
name = "main"
use = "led"
protocol = "bxk"
usb_port = "1-1.2"
"""


def options_of(**given: object) -> argparse.Namespace:
    blank = {"hardware": None, "counter": None, "printer": None, "led": None, "pad": None, "keypad": None}
    return argparse.Namespace(**(blank | {"reader": None, "scanner": None} | given))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "hardware.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_an_inventory_is_read_as_addresses_of_places(file: Path) -> None:
    assert [(one.place, one.use, one.address, one.line) for one in read(file)] == [
        ("counter 3", "keypad", "neutral+usb://serial=A50285BI?addr=3&keys=5", 3),
        ("counter 3", "led", "bxk+socket://10.0.0.31:5005", 11),
        ("kiosk", "printer", "escpos+/dev/serial/by-path/pci-0-usb-0:2:1.0-port0?baud=115200&profile=plain", 18),
        ("wall main", "led", "bxk+usb://port=1-1.2", 25),
    ]


def test_what_is_written_is_read_back(file: Path, tmp_path: Path) -> None:
    known = [*read(file), Binding(role="counter", name='七 "号"', use="led", address="png+file:///tmp/led")]
    other = tmp_path / "other.toml"
    write(other, known)
    assert read(other) == known
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".new"] == []


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("usb://serial=A5", "usb_serial"),
        ("usb://port=1-2", "usb_port"),
        ("/dev/ttyS0", "path"),
        ("COM3", "path"),
        ("/dev/input/by-id/x-event-kbd", "hid"),
        ("socket://10.0.0.9:9100", "url"),
    ],
)
def test_every_transport_has_its_key(url: str, key: str) -> None:
    assert binding.identity_of(url) == key


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ('role = "counter"', "role = counter", 4, "no TOML"),
        ('role = "counter"', 'role = "desk"', 4, "write one of counter, kiosk, wall"),
        ('use = "keypad"', 'use = "camera"', 6, "write one of led, pad, keypad"),
        ('protocol = "neutral"', 'protocol = "rs232"', 7, "write one of"),
        ('protocol = "neutral"', 'protocol = "bxk"', 7, "bxk is no keypad"),
        ('use = "keypad"', 'use = "pad"', 7, "neutral is no pad: a pad speaks pad68 or template"),
        ('usb_serial = "A50285BI"', 'usb_serail = "A50285BI"', 8, "unknown key 'usb_serail'"),
        ('usb_serial = "A50285BI"\n', "", 3, "none is given"),
        ('usb_serial = "A50285BI"\n', 'usb_serial = "A5"\npath = "/dev/x"\n', 3, "usb_serial and path are given"),
        ('"addr=3&keys=5"', '"addr=3&colour=5"', 9, "unknown option 'colour'"),
        ('"addr=3&keys=5"', '"addr=0"', 9, "must lie between"),
        ('"addr=3&keys=5"', "3", 9, "options is a text in quotation marks"),
        ('url = "socket://10.0.0.31:5005"', 'url = "socket://10.0.0.31"', 16, "write HOST:PORT"),
        ('use = "led"\nprotocol = "bxk"\nurl', 'protocol = "bxk"\nurl', 11, "use is missing"),
        ("# devices", "[settings]\n# devices", 1, "unknown table 'settings'"),
        ('[[device]]\nrole = "wall"', '[device]\nrole = "wall"', None, "no TOML"),
    ],
)
def test_a_wrong_file_is_one_line_with_file_and_line(
    file: Path, before: str, after: str, line: int | None, says: str
) -> None:
    file.write_text(GOOD.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BadBinding) as wrong:
        read(file)
    text = str(wrong.value)
    assert text.startswith(str(file))
    assert says in text
    assert "\n" not in text
    if line is not None:
        assert f"line {line}" in text


def test_two_devices_for_one_place_or_one_device_for_two_are_refused(file: Path) -> None:
    twice = '\n[[device]]\nrole = "counter"\nname = "3"\nuse = "keypad"\nprotocol = "neutral"\npath = "/dev/ttyS9"\n'
    file.write_text(GOOD + twice, encoding="utf-8")
    with pytest.raises(BadBinding, match=r"line 32: counter 3 has a keypad already \(line 3\)"):
        read(file)
    shared = '\n[[device]]\nrole = "wall"\nuse = "led"\nprotocol = "bxk"\nurl = "socket://10.0.0.31:5005"\n'
    file.write_text(GOOD + shared, encoding="utf-8")
    with pytest.raises(BadBinding, match="claim the same device"):
        read(file)


def test_a_file_that_is_not_there_or_no_text_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadBinding, match="cannot be read"):
        read(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadBinding, match="cannot be read"):
        read(tmp_path / "bytes.toml")


def test_a_counter_gets_its_devices_and_its_number(file: Path) -> None:
    options = options_of(hardware=file)
    fill(options, role="counter")
    assert (options.counter, options.led) == ("3", "bxk+socket://10.0.0.31:5005")
    assert options.keypad == "neutral+usb://serial=A50285BI?addr=3&keys=5"


def test_the_command_line_wins_and_other_counters_get_nothing(file: Path) -> None:
    options = options_of(hardware=file, counter="3", led="png+file:///tmp/led")
    fill(options, role="counter")
    assert options.led == "png+file:///tmp/led"
    other = options_of(hardware=file, counter="7")
    fill(other, role="counter")
    assert (other.keypad, other.led) == (None, None)


def test_a_wall_gets_all_its_bars(file: Path) -> None:
    more = '\n[[device]]\nrole = "wall"\nuse = "led"\nprotocol = "bxk"\nurl = "udp://10.0.0.9:5007"\n'
    file.write_text(GOOD + more, encoding="utf-8")
    options = options_of(hardware=file, led=[])
    fill(options, role="wall")
    assert options.led == ["bxk+usb://port=1-1.2", "bxk+udp://10.0.0.9:5007"]


def test_the_file_is_looked_for_here_and_beside_the_token(file: Path, tmp_path: Path, monkeypatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    options = options_of()
    fill(options, role="kiosk", beside=empty)
    assert options.printer is None
    fill(options, role="kiosk", beside=tmp_path)
    assert options.printer.startswith("escpos+/dev/serial/by-path/")
    monkeypatch.chdir(tmp_path)
    assert binding.found_file(None) == Path("hardware.toml")
    with pytest.raises(BadBinding):
        fill(options_of(hardware=empty / "typo.toml"), role="kiosk")


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_file_is_an_inventory_or_one_line(tmp_path: Path, data: st.DataObject) -> None:
    """Pieces cut out, doubled, or replaced by anything: never another exception, never two lines."""
    text = GOOD
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        text = text[:start] + data.draw(st.sampled_from(PIECES) | st.text(max_size=8)) + text[end:]
    file = tmp_path / "fuzzed.toml"
    file.write_bytes(text.encode("utf-8", "replace"))
    told = ""
    try:
        known = read(file)
    except BadBinding as wrong:
        told = str(wrong)
    if told:
        assert told.startswith(str(file))
        assert len(told.splitlines()) == 1
    else:
        write(file, known)
        assert read(file) == known


PIECES = (
    *(
        '"',
        "'",
        "=",
        "\n",
        "[[device]]\n",
        "[device]\n",
        "device = 3\n",
        "device = [1]\n",
        'device = [{role = "wall"}]\n',
    ),
    *(
        "\\u0000",
        "\\n",
        "?",
        "&",
        "+",
        "://",
        "addr=",
        "usb://serial=",
        'role = "kiosk"\n',
        "options = ",
        "\x85",
        "\u2028",
    ),
)
