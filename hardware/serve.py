"""`hall-device serve`: owns an RS-485 line that several counters share, and carries each pad or bar to its counter.

Every address of the line has a TCP port of its own; the counter's program connects there with the same driver as to a
pad on its own cable (`pad68+socket://127.0.0.1:9703?addr=3`). When the line is gone the ports are closed, so that the
counters see a lost device and not a silent one.
"""

from __future__ import annotations

import argparse
import ipaddress
import logging
import selectors
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from threading import Event as Flag
from threading import Thread
from typing import Protocol

from hardware.address import Address, parse
from hardware.health import Health, State
from hardware.keypads.neutral_line import NeutralLine
from hardware.keypads.pad68.bus import Pad68Bus
from hardware.led.bar_line import BxkLine, CPowerLine
from hardware.logs import Failure, Usage
from hardware.simulation.command import ended

log = logging.getLogger(__name__)

LOOK_S = 0.1
READ_AT_MOST = 4096
BASE_PORT = 9700
"""Address 3 is at port 9703 unless another one is named."""


class Carried(Protocol):
    """One address carried over one connection."""

    def feed(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class SharedLine(Protocol):
    """The owner of a line."""

    def carry(self, addr: int, to: Callable[[bytes], None]) -> Carried: ...

    def serve(self, stop: Flag) -> None: ...

    def snapshot(self) -> Health: ...


LINES: dict[str, Callable[[Address, Iterable[int]], SharedLine]] = {
    "pad68": lambda at, addresses: Pad68Bus(at, addresses=addresses),
    "neutral": lambda at, addresses: NeutralLine(at, addresses=addresses),
    "bxk": lambda at, addresses: BxkLine(at, addresses=addresses),
    "cpower": lambda at, addresses: CPowerLine(at, addresses=addresses),
}
"""Protocols whose frames carry an address, and the owner of a line of them."""


class LineServer:
    """Listens for every address of a line; one connection each, the newest wins."""

    def __init__(self, line: SharedLine, *, host: str, ports: Mapping[int, int], allowed: Iterable[str] = ()) -> None:
        self._line = line
        self._host = host
        self._allowed = {ipaddress.ip_address(one) for one in allowed}
        self._selector = selectors.DefaultSelector()
        self._listeners: dict[int, socket.socket] = {}
        self._clients: dict[int, _Client] = {}
        self.ports = dict(ports)
        """Address -> TCP port, with the port that was taken where 0 was asked for."""
        self._listen()

    def _listen(self) -> None:
        for addr, port in self.ports.items():
            listener = socket.create_server((self._host, port), family=_family(self._host))
            listener.setblocking(False)
            self.ports[addr] = listener.getsockname()[1]
            self._listeners[addr] = listener
            self._selector.register(listener, selectors.EVENT_READ, lambda addr=addr: self._accept(addr))

    def serve(self, stop: Flag) -> None:
        """Carries until `stop`."""
        while not stop.is_set():
            for key, _ in self._selector.select(LOOK_S):
                if isinstance(key.fileobj, socket.socket) and key.fileobj.fileno() >= 0:  # not closed by one before it
                    key.data()
            for addr in [addr for addr, client in self._clients.items() if client.lost]:
                self._drop(addr)
            self._follow_line()

    def _follow_line(self) -> None:
        gone = self._line.snapshot().state is State.ABSENT
        if gone and self._listeners:
            self._hang_up()
        elif not gone and not self._listeners:
            try:
                self._listen()
            except OSError as error:
                log.warning("cannot listen again: %s", error)
                self._hang_up()

    def _accept(self, addr: int) -> None:
        connection, peer = self._listeners[addr].accept()
        if not self._may(peer[0]):
            log.warning("address %d: %s is not allowed to connect", addr, peer[0])
            connection.close()
            return
        self._drop(addr)
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = _Client(connection)
        client.carried = self._line.carry(addr, client.write)
        self._clients[addr] = client
        self._selector.register(connection, selectors.EVENT_READ, client.read)
        log.info("address %d is carried to %s", addr, peer[0])

    def _may(self, peer: str) -> bool:
        address = ipaddress.ip_address(peer.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        return address.is_loopback or (mapped or address) in self._allowed

    def _drop(self, addr: int) -> None:
        client = self._clients.pop(addr, None)
        if client is not None:
            self._selector.unregister(client.connection)
            client.close()

    def _hang_up(self) -> None:
        for addr in list(self._clients):
            self._drop(addr)
        for listener in self._listeners.values():
            self._selector.unregister(listener)
            listener.close()
        self._listeners.clear()

    def close(self) -> None:
        """Ends every connection."""
        self._hang_up()
        self._selector.close()


class _Client:
    """A counter's program. `write` is called on the line's thread, everything else on the server's."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.carried: Carried | None = None
        self.lost = False

    def write(self, data: bytes) -> None:
        try:
            if self.connection.send(data) != len(data):
                self.lost = True
        except OSError as error:  # also one that reads nothing: a pad's words are worth nothing later
            log.debug("client lost: %s", error)
            self.lost = True

    def read(self) -> None:
        try:
            data = self.connection.recv(READ_AT_MOST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.lost = True
        elif self.carried is not None:
            self.carried.feed(data)

    def close(self) -> None:
        if self.carried is not None:
            self.carried.close()
        self.connection.close()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


# -- the command ----------------------------------------------------------------------------------------------------


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `serve`."""
    parser.add_argument("url", metavar="URL", help="the line, e.g. pad68+usb://port=1-1.2?baud=9600")
    parser.add_argument(
        "--addr", action="append", required=True, metavar="N[=PORT]", help=f"a pad, at {BASE_PORT}+N unless named"
    )
    parser.add_argument("--host", default="127.0.0.1", metavar="IP", help="where to listen (this machine only)")
    parser.add_argument(
        "--allow", action="append", default=[], metavar="IP", help="another machine that may connect; repeatable"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serves until SIGINT or SIGTERM."""
    address = parse(options.url)
    if address.protocol not in LINES:
        raise Usage(f"{address.protocol}: no line to share; {', '.join(LINES)} carry an address")
    ports = dict(_pad(text) for text in options.addr)
    allowed = _allowed(options.host, options.allow)
    if options.log_level == "warning":  # it runs for months: a lost line and its return belong into its log
        logging.getLogger("hardware").setLevel(logging.INFO)
    line = LINES[address.protocol](address, ports)
    stop = ended()
    try:
        server = LineServer(line, host=options.host, ports=ports, allowed=allowed)
    except OSError as error:
        raise Failure(f"cannot listen: {error.strerror or error}; name another port: --addr N=PORT") from error
    with closing(server):
        thread = Thread(target=line.serve, args=(stop,), name="line", daemon=True)
        thread.start()
        for addr, port in server.ports.items():
            where = f"[{options.host}]" if ":" in options.host else options.host
            print(f"address {addr} at {address.protocol}+socket://{where}:{port}?addr={addr}", flush=True)  # noqa: T201
        server.serve(stop)
        thread.join(timeout=5)
    return 0


def _pad(text: str) -> tuple[int, int]:
    number, _, port = text.partition("=")
    try:
        addr = int(number, 0)
        taken = int(port) if port else BASE_PORT + addr
    except ValueError:
        raise Usage(f"--addr {text}: write a number from 1 to 254, or N=PORT") from None
    if not 1 <= addr <= 254 or not 0 <= taken <= 65_535:
        raise Usage(f"--addr {text}: pads are 1 to 254, ports up to 65535")
    return addr, taken


def _allowed(host: str, texts: list[str]) -> list[str]:
    try:
        is_own = ipaddress.ip_address(host).is_loopback
        allowed = [str(ipaddress.ip_address(text)) for text in texts]
    except ValueError as error:
        raise Usage(f"{error}: write IP addresses") from error
    if not is_own and not allowed:
        raise Usage(f"--host {host} opens the pads to the network: name the counters' machines with --allow IP")
    return allowed
