"""Simulated pads of every kind: over TCP and a pseudo-terminal, every fault word, keys by the control line; and long
runs of bytes nobody meant."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Callable
from typing import Any

import pytest
from device_bench import until

from hardware.health import LINK_FAULTS, Key, Rated, State
from hardware.inventory import open_driver, simulator_for
from hardware.keypads import codec as neutral
from hardware.keypads.hid import codec as hid
from hardware.keypads.jobs import Ask
from hardware.keypads.pad68 import codec as pad68
from hardware.keypads.template import codec as template
from hardware.keypads.template.profiles import built_in
from hardware.simulation.control import ControlServer
from hardware.simulation.server import SimulatorServer

KINDS = {
    "pad68": ("", "rate 3", {"key_stuck"}),
    "template": ("?profile=example", "press 5", {"key_stuck"}),
    "hid": ("", "press 5", {"key_stuck"}),
    "neutral": ("", "press 5", {"key_stuck", "pad_memory", "pad_display", "replay"}),
}
"""Options of the address, the line that presses the best key, own faults."""


def made(kind: str) -> Any:
    return simulator_for(kind, options={"profile": "example"} if kind == "template" else {}, out=None)


def told(control: str, line: str) -> str:
    host, port = control.removeprefix("socket://").split(":")
    with socket.create_connection((host, int(port)), 5) as s, s.makefile("rw", encoding="utf-8") as f:
        f.write(line + "\n")
        f.flush()
        return f.readline().strip()


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_word_can_be_set_and_cleared_by_the_control_line(kind: str) -> None:
    device = made(kind)
    assert device.own_faults == KINDS[kind][2]
    with ControlServer(device, "socket://127.0.0.1:0") as control:
        for word in sorted(device.own_faults | LINK_FAULTS):
            assert told(control.url, f"fault {word}") == "ok"
            assert f'"{word}"' in told(control.url, "status")
            assert told(control.url, f"clear {word}") == "ok"
        assert '"faults": []' in told(control.url, "status")
        assert "it has" in told(control.url, "fault paper_out")
        assert told(control.url, "help").startswith("ok ")
        assert told(control.url, "fly").startswith("error: unknown command")


@pytest.mark.parametrize("scheme", ["socket", "pty"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_rating_by_the_control_line(bench, tmp_path, kind: str, scheme: str) -> None:
    if scheme == "pty" and os.name != "posix":
        pytest.skip("this system has no pseudo-terminals")
    options, press, _ = KINDS[kind]
    device = made(kind)
    url = "socket://127.0.0.1:0" if scheme == "socket" else f"pty://{tmp_path}/pad"
    with SimulatorServer(device, url) as server, ControlServer(device, "socket://127.0.0.1:0") as control:
        driver = open_driver(f"{kind}+{server.url}{options}", around=bench.around())
        bench.start(driver)
        until(lambda: driver.snapshot().state in (State.UNKNOWN, State.READY))
        driver.submit(Ask(session=41)).result(8)
        assert bench.told(Rated) == []
        assert told(control.url, press) == "ok"
        until(lambda: bench.told(Rated))
        assert [(event.session, event.key) for event in bench.told(Rated)] == [(41, 5)]
        assert bench.told(Key) == []
        bench.stop()


# -- a million inputs (make prove) ----------------------------------------------------------------------------------

EXAMPLE = built_in()["example"].incoming
FUZZED: dict[str, tuple[Callable[[], Any], bytes, Callable[[Any], object]]] = {
    "pad68": (
        pad68.FrameParser, pad68.key_frame(3, "call").encode(),
        lambda item: (pad68.read(item), pad68.read_show(item), pad68.answer_to(item).encode()),
    ),
    "neutral": (
        neutral.FrameParser, neutral.frame_of(neutral.Press(7, 5, 9, 900), addr=3, seq=1).encode(),
        lambda item: neutral.read(item),
    ),
    "template": (lambda: template.FrameParser(EXAMPLE), EXAMPLE.encode(addr=3, key=0x31), lambda item: item.key),
    "hid": (hid.EventParser, hid.event(6, hid.DOWN), lambda item: item),
}  # fmt: skip


def fuzz(kind: str, *, inputs: int, seed: int) -> None:
    """Pieces of frames, of noise and of damaged frames, one parser for all of them: nothing raises, nothing grows."""
    make, frame, read = FUZZED[kind]
    chance = random.Random(seed)
    parser, kept = make(), 0
    for _ in range(inputs):
        at = chance.randrange(len(frame))
        piece = chance.choice(
            (
                frame,
                frame[:at],
                frame[at:],
                frame[:at] + chance.randbytes(1) + frame[at + 1 :],
                chance.randbytes(chance.randrange(12)),
            )
        )
        for item in parser.feed(piece):
            if not isinstance(item, pad68.Junk | neutral.Junk | template.Junk | hid.Junk | hid.Dropped):
                read(item)
        kept = max(kept, len(parser._rest))
    assert kept < 256
    parser.flush()
    assert parser.feed(frame), "and it still reads"


@pytest.mark.parametrize("kind", FUZZED)
def test_bytes_nobody_meant_raise_nothing_and_fill_nothing(kind: str) -> None:
    fuzz(kind, inputs=3000, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", FUZZED)
def test_a_million_inputs_raise_nothing_and_fill_nothing(kind: str) -> None:
    fuzz(kind, inputs=1_000_000, seed=2)
