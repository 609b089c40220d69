"""`hall-device simulate`: one simulated device until it is ended."""

from __future__ import annotations

import argparse
import shlex
import signal
from contextlib import ExitStack
from pathlib import Path
from threading import Event as Flag

from hardware import inventory
from hardware.address import DRIVEN
from hardware.logs import Failure, Usage
from hardware.simulation.control import ControlServer, tell
from hardware.simulation.device import SimulatedDevice
from hardware.simulation.server import SimulatorServer

USUAL = {"printer": "escpos", "led": "bxk", "keypad": "neutral", "pad": "pad68", "reader": "samv"}
"""What a word for a kind stands for."""
OPTIONS = ("profile", "seconds_per_ticket", "width", "height", "addr", "keys")
"""Options that need no `--option`."""


def kinds() -> dict[str, str]:
    """Words for KIND -> protocol: a kind's usual one, and every protocol that has a simulator."""
    usual = {word: protocol for word, protocol in USUAL.items() if protocol in inventory.SIMULATORS}
    return usual | {name: name for name in inventory.SIMULATORS}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `simulate`."""
    parser.add_argument("kind", metavar="KIND", help=f"one of {', '.join(kinds())}")
    parser.add_argument(
        "--listen", required=True, metavar="URL", help="socket://HOST:PORT (0: a free one), udp://…, pty://PATH"
    )
    parser.add_argument("--control", metavar="URL", help="socket://127.0.0.1:PORT: text lines, try 'help'")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="begin with this fault")
    parser.add_argument("--out", type=Path, metavar="DIR", help="pictures of tickets or of the bar go here")
    parser.add_argument("--profile", help="printer: paper width of this profile; rater: its frames")
    parser.add_argument("--seconds-per-ticket", type=float, metavar="S", help="printer: time to print")
    parser.add_argument("--width", type=int, help="bar: dots across (192)")
    parser.add_argument("--height", type=int, help="bar: dots high (16)")
    parser.add_argument("--addr", type=int, help="bar or keypad: its address (1)")
    parser.add_argument("--keys", type=int, help="keypad: number of keys (5)")
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="any other of the kind")
    parser.set_defaults(run=run)


def add_tell_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `tell`."""
    parser.add_argument("url", metavar="URL", help="the simulator's --control, e.g. socket://127.0.0.1:9101")
    parser.add_argument("words", nargs="+", metavar="WORD", help="a command, e.g. fault paper_out, press 5, help")
    parser.set_defaults(run=run_tell)


def run_tell(options: argparse.Namespace) -> int:
    """One command to a running simulator."""
    if not options.url.startswith("socket://"):
        raise Usage(f"{options.url}: a control line is socket://127.0.0.1:PORT")
    try:
        answer = tell(options.url, shlex.join(options.words))
    except OSError as error:
        raise Failure(f"{options.url}: no simulator listens there ({error.strerror or error})") from error
    if answer.startswith("error: ") or not answer:
        raise Failure(answer.removeprefix("error: ") or "no answer")
    print(answer)  # noqa: T201 - the command's answer
    return 0


def device_of(options: argparse.Namespace) -> SimulatedDevice:
    """The device that was asked for. Raises Usage."""
    kind = options.kind.lower()
    known = kinds()
    if kind in DRIVEN and kind not in known:
        raise Usage(f"{kind} needs no simulator: it draws by itself; there are {', '.join(known)}")
    if kind not in known:
        raise Usage(f"{kind}: KIND is one of {', '.join(known)}")
    given = {key.replace("_", "-"): getattr(options, key) for key in OPTIONS}
    named = {key: str(value) for key, value in given.items() if value is not None}
    return inventory.simulator_for(known[kind], options=named | _pairs(options.option), out=options.out)


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = dict(text.partition("=")[::2] for text in texts)
    if not all(name and value for name, value in pairs.items()):
        raise Usage("--option takes NAME=VALUE")
    return pairs


def run(options: argparse.Namespace) -> int:
    """Serves until SIGINT or SIGTERM."""
    device = device_of(options)
    for word in options.fault:
        device.set_fault(word)
    stop = ended()
    with ExitStack() as stack:
        try:
            server = stack.enter_context(SimulatorServer(device, options.listen))
            print(f"simulating {options.kind} at {server.url}", flush=True)  # noqa: T201 - the command's answer
            if options.control:
                control = stack.enter_context(ControlServer(device, options.control))
                print(f"control at {control.url}", flush=True)  # noqa: T201 - the command's answer
        except OSError as error:
            raise Failure(
                f"cannot listen: {error.strerror or error}; choose another port or end what uses it"
            ) from error
        while not stop.wait(0.5):
            pass
    return 0


def ended() -> Flag:
    """A flag that the signals which end a program set."""
    stop = Flag()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    return stop
