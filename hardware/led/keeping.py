"""`hall-device keep`: writes into a bar the page it shows when nobody drives it. A fitter's act, it wears the flash."""

from __future__ import annotations

import argparse
import sys

from hardware import trial
from hardware.address import PROTOCOLS, BadAddress, parse
from hardware.health import State
from hardware.led.bar import BarDriver
from hardware.led.page import Page, Tone

SETTLE_S = 12.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `keep`."""
    parser.add_argument("url", metavar="URL", help="the bar, e.g. bxk+socket://192.168.1.60:5005")
    parser.add_argument("text", metavar="TEXT", help="such as 请听窗口叫号")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Writes the page and says what became of it. Raises BadAddress, Failure."""
    address = parse(options.url)
    if PROTOCOLS[address.protocol].kind != "led":
        raise BadAddress(f"{options.url}: no LED bar")
    with trial.driving(address) as session:
        session.wait(lambda: session.driver.snapshot().state is not State.CONNECTING, limit_s=SETTLE_S)
        bar = session.driver
        assert isinstance(bar, BarDriver)
        page = Page((options.text,), tone=Tone.WARN)
        trial.judged(bar.keep(page), "page kept in the bar", _say, _warn)
    return 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command's answer


def _warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - beside the answer
