"""`hall-device scan`: which addresses live on an RS-485 line, by asking each and by listening to keys.

`neutral` pads must answer a PING. Whether a `pad68` pad sends anything back is not documented, so after asking a
person is asked to press a key on each.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hardware.address import Address, parse
from hardware.keypads import codec as neutral
from hardware.keypads.pad68 import codec as pad68
from hardware.logs import Failure, Usage
from hardware.port import Port, open_port

ANSWER_S = 0.15
LISTEN_S = 15.0
LAST = 32
NOBODY = 0xFE


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one protocol is asked, and what a heard frame's address is."""

    ask: Callable[[int], bytes]
    parser: Callable[[], neutral.FrameParser | pad68.FrameParser]
    answer: Callable[[neutral.Frame | pad68.Frame], bytes]
    """What a pad that spoke unasked is answered, so that it does not repeat itself."""


def _answered(frame: neutral.Frame | pad68.Frame) -> bytes:
    if isinstance(frame, pad68.Frame):
        return pad68.answer_to(frame).encode()
    if frame.cmd == neutral.Command.ACK:
        return b""
    error = neutral.Error.NO_SUCH_ASK if frame.cmd == neutral.Command.RATED else neutral.Error.OK
    return neutral.frame_of(neutral.Ack(command=frame.cmd, error=error), addr=frame.addr, seq=frame.seq).encode()


DIALECTS = {
    "neutral": Dialect(
        ask=lambda addr: neutral.frame_of(neutral.Ping(), addr=addr, seq=addr).encode(),
        parser=neutral.FrameParser,
        answer=_answered,
    ),
    "pad68": Dialect(ask=lambda addr: pad68.nothing_new(addr).encode(), parser=pad68.FrameParser, answer=_answered),
}


class Scan:
    """One look at a line."""

    def __init__(
        self, port: Port, dialect: Dialect, *, found: Callable[[int], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._port, self._dialect, self._clock = port, dialect, clock
        self._parser = dialect.parser()
        self._found = found
        self.addresses: set[int] = set()
        self._hears_itself = False

    def ask(self, addresses: Iterable[int], *, wait_s: float = ANSWER_S) -> None:
        """Asks each; one that is not there costs its time-out. An adapter that hears itself is told from pads by an
        address nobody gives to a pad."""
        self._hears_itself = self._hears(self._dialect.ask(NOBODY), wait_s)
        for addr in addresses:
            asked = self._dialect.ask(addr)
            self._port.write(asked)
            self._hear(until_s=self._clock() + wait_s, awaited=addr, asked=asked)

    def _hears(self, asked: bytes, wait_s: float) -> bool:
        self._port.write(asked)
        end, heard = self._clock() + wait_s, b""
        while (left := end - self._clock()) > 0 and asked not in heard:
            heard += self._port.read(min(left, 0.05))
        return asked in heard

    def listen(self, seconds: float) -> None:
        """Hears whoever speaks by himself, and answers."""
        self._hear(until_s=self._clock() + seconds)

    def _hear(self, *, until_s: float, awaited: int | None = None, asked: bytes = b"") -> None:
        while (left := until_s - self._clock()) > 0 and awaited not in self.addresses:
            for item in self._parser.feed(self._port.read(min(left, 0.05))):
                if not isinstance(item, neutral.Frame | pad68.Frame):
                    continue
                if self._hears_itself and item.encode() == asked:
                    continue
                if item.addr not in self.addresses:
                    self.addresses.add(item.addr)
                    self._found(item.addr)
                answer = self._dialect.answer(item)
                if answer and item.encode() != asked:
                    self._port.write(answer)


# -- the command ----------------------------------------------------------------------------------------------------


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `scan`."""
    parser.add_argument("url", metavar="URL", help="the line, e.g. pad68+usb://port=1-1.2?baud=9600")
    parser.add_argument("--last", type=int, default=LAST, metavar="N", help=f"highest address to ask ({LAST})")
    parser.add_argument(
        "--listen", type=float, default=LISTEN_S, metavar="S", help=f"seconds to listen to keys afterwards ({LISTEN_S})"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints the addresses as they are found. Exit 1 when there is none."""
    address: Address = parse(options.url)
    if address.protocol not in DIALECTS:
        raise Usage(f"{address.protocol}: its frames carry no address; {' and '.join(DIALECTS)} do")
    if not 1 <= options.last <= 254:
        raise Usage("--last: addresses are 1 to 254")
    found = who(address, say=_say, last=options.last, listen_s=options.listen)
    if not found:
        raise Failure(f"{address}: nobody is on this line: check power, A and B of the line, speed, and addresses")
    _say(f"{len(found)} on the line: {', '.join(map(str, sorted(found)))}")
    return 0


def who(address: Address, *, say: Callable[[str], None], last: int, listen_s: float) -> set[int]:
    """The addresses on a line, told as they are found. Raises PortGone."""
    port = open_port(address)
    try:
        scan = Scan(port, DIALECTS[address.protocol], found=lambda addr: say(f"address {addr}"))
        scan.ask(range(1, last + 1), wait_s=ANSWER_S)
        if listen_s > 0:
            say(f"press a key on every pad, {listen_s:.0f} s")
            scan.listen(listen_s)
    finally:
        port.close()
    return scan.addresses


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command's answer
