"""docs/devices-pads.md: its profile, its bytes, its addresses and its simulators are what the programs do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hardware.address import PROTOCOLS, parse
from hardware.inventory import SIMULATORS, simulator_for
from hardware.keypads.template.codec import DeviceFrame, FrameParser
from hardware.keypads.template.profiles import BadTemplate, read

PAGE = (Path(__file__).parents[2] / "docs" / "devices-pads.md").read_text(encoding="utf-8")
PROFILE = next(iter(re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)))


def test_the_profile_of_the_page_is_one_and_speaks_the_bytes_it_says() -> None:
    profile = read(PROFILE)["counter_rater"]
    assert (profile.baud, profile.parity, profile.stop, profile.debounce_ms) == (9600, "N", 1, 300)
    key, ask = (bytes.fromhex(found) for found in re.findall(r"`((?:[0-9A-F]{2} ){5,}[0-9A-F]{2})`", PAGE))
    assert profile.incoming.encode(addr=3, key=profile.code_of(5)) == key
    (frame,) = FrameParser(profile.incoming).feed(key)
    assert isinstance(frame, DeviceFrame)
    assert (frame.addr, profile.keys[frame.key], profile.keys[0x0C]) == (3, 5, "call")
    assert profile.out["ask"].encode(addr=3) == ask
    assert set(profile.out) == {"welcome", "ask", "staff", "stars", "show"}


def test_the_refusal_of_the_page_is_the_programs() -> None:
    (shown,) = re.findall(r"^raters\.toml:\d+:\d+: .*$", PAGE, flags=re.MULTILINE)
    text = '# our raters\n[profile.mine]\nin = "AA {key} AA"\nkeys = { 01 = 5 }\n'
    with pytest.raises(BadTemplate) as refused:
        read(text, file="raters.toml")
    assert str(refused.value) == shown


def test_every_address_of_the_page_can_be_written() -> None:
    found = re.findall(r"(?:pad68|template|hid|neutral)\+[^\s`\"]+", PAGE)
    assert len(found) >= 10
    for address in found:
        parse(address.rstrip(".,").replace("…", "pci-1").replace("HOST:PORT", "127.0.0.1:9700"))


def test_every_option_and_simulator_of_the_page_is_there() -> None:
    for name in ("pad68", "template", "hid", "neutral"):
        assert f"## `{name}`" in PAGE
        assert f"hall-device simulate {name}" in PAGE
        assert name in SIMULATORS
        for option in PROTOCOLS[name].options - {"pads"}:
            assert f"{option}" in PAGE, (name, option)
    device = simulator_for("pad68", options={"addr": "1", "pads": "8"}, out=None)
    for line in (
        "press call",
        "press 4 call",
        "type 4 05 transfer",
        "rate 4 3",
        "dead 4",
        "alive 4",
        "fault key_stuck",
    ):
        assert line in PAGE
        assert device.command(line) == "ok"


def test_every_key_of_a_call_pad_stands_on_the_page() -> None:
    rows = re.findall(r"^\| ([a-z0-9*N ]+?) \| .* \| .* \|$", PAGE, flags=re.MULTILINE)
    assert {"call", "recall", "rate", "6 confirm", "0 confirm", "3 confirm", "pause", "transfer", "cancel"} <= set(rows)
