"""Carries a simulated device's bytes over TCP, UDP or a pseudo-terminal, in one thread."""

from __future__ import annotations

import logging
import os
import selectors
import socket
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

from hardware.address import BadAddress, endpoint_of
from hardware.simulation.device import Line, SimulatedDevice

log = logging.getLogger(__name__)

TICK_S = 0.02
READ_AT_MOST = 65_536
CONNECTIONS_MAX = 16


class SimulatorServer:
    """Listens at `socket://HOST:PORT`, `udp://HOST:PORT` or `pty://PATH`; port 0 takes a free one, see `url`."""

    def __init__(self, device: SimulatedDevice, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.device = device
        self._clock = clock
        self._stop = Event()
        self._selector = selectors.DefaultSelector()
        self._thread = Thread(target=self._run, name=f"simulated-{device.kind}", daemon=True)
        scheme = url.split("://", 1)[0]
        if scheme == "socket":
            self._carrier: _Tcp | _Udp | _Pty = _Tcp(device, self._selector, url)
        elif scheme == "udp":
            self._carrier = _Udp(device, self._selector, url)
        elif scheme == "pty":
            self._carrier = _Pty(device, self._selector, url)
        else:
            raise BadAddress(f"{url}: listen at socket://HOST:PORT, udp://HOST:PORT or pty://PATH")

    @property
    def url(self) -> str:
        """Where it is reached, with the port that was taken."""
        return self._carrier.url

    def __enter__(self) -> SimulatorServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serves in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Closes every connection and joins the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._carrier.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._selector.select(TICK_S):
                key.data(self._clock())
            with self.device.lock:
                self.device.tick(self._clock())
            self._carrier.tick(self._clock())


class _Tcp:
    """Any number of clients, each with a conversation of its own. The fault `gone` is a pulled cable."""

    def __init__(self, device: SimulatedDevice, selector: selectors.BaseSelector, url: str) -> None:
        self._device = device
        self._selector = selector
        self._host, self._port = endpoint_of(url)
        self._clients: dict[socket.socket, Line] = {}
        self._listener: socket.socket | None = None
        self._listen()

    @property
    def url(self) -> str:
        return f"socket://{self._host}:{self._port}"

    def _listen(self) -> None:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, self._port))
            listener.listen(CONNECTIONS_MAX)
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        self._port = listener.getsockname()[1]
        self._listener = listener
        self._selector.register(listener, selectors.EVENT_READ, self._accept)

    def _accept(self, now: float) -> None:
        assert self._listener is not None
        client, _ = self._listener.accept()
        client.setblocking(True)
        client.settimeout(1.0)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._clients[client] = self._device.connect()
        self._selector.register(client, selectors.EVENT_READ, lambda now: self._read(client, now))

    def _read(self, client: socket.socket, now: float) -> None:
        if client not in self._clients:
            return
        try:
            data = client.recv(READ_AT_MOST)
        except OSError:
            data = b""
        if not data:
            self._drop(client)
            return
        self._write(client, self._clients[client].feed(data, now))

    def _write(self, client: socket.socket, data: bytes) -> None:
        if not data:
            return
        try:
            client.sendall(data)
        except OSError as error:
            log.debug("client of %s lost: %s", self.url, error)
            self._drop(client)

    def _drop(self, client: socket.socket) -> None:
        if self._clients.pop(client, None) is not None:
            self._selector.unregister(client)
            client.close()

    def tick(self, now: float) -> None:
        gone = "gone" in self._device.faults
        if gone and self._listener is not None:
            self._hang_up()
        elif not gone and self._listener is None:
            self._listen()
        for client, line in list(self._clients.items()):
            self._write(client, line.due(now))

    def _hang_up(self) -> None:
        if self._listener is not None:
            self._selector.unregister(self._listener)
            self._listener.close()
            self._listener = None
        for client in list(self._clients):
            self._drop(client)

    def close(self) -> None:
        self._hang_up()


class _Udp:
    """One conversation per sender."""

    def __init__(self, device: SimulatedDevice, selector: selectors.BaseSelector, url: str) -> None:
        host, port = endpoint_of(url)
        self._device = device
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, port))
        self._socket.setblocking(False)
        self.url = f"udp://{host}:{self._socket.getsockname()[1]}"
        self._peers: dict[Any, Line] = {}
        selector.register(self._socket, selectors.EVENT_READ, self._read)

    def _read(self, now: float) -> None:
        try:
            data, peer = self._socket.recvfrom(READ_AT_MOST)
        except OSError:
            return  # an earlier answer met a closed port
        if peer not in self._peers and len(self._peers) >= CONNECTIONS_MAX:
            self._peers.pop(next(iter(self._peers)))
        line = self._peers.setdefault(peer, self._device.connect())
        self._write(peer, line.feed(data, now))

    def _write(self, peer: Any, data: bytes) -> None:
        if data:
            try:
                self._socket.sendto(data, peer)
            except OSError as error:
                log.debug("answer to %s lost: %s", peer, error)

    def tick(self, now: float) -> None:
        for peer, line in list(self._peers.items()):
            self._write(peer, line.due(now))

    def close(self) -> None:
        self._socket.close()


class _Pty:
    """A pseudo-terminal, reached through a symbolic link at PATH. Not on Windows: use socket:// there."""

    def __init__(self, device: SimulatedDevice, selector: selectors.BaseSelector, url: str) -> None:
        if os.name != "posix":
            raise BadAddress(f"{url}: this system has no pseudo-terminals; listen at socket://127.0.0.1:0")
        import tty

        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._path = Path(url.split("://", 1)[1])
        if self._path.is_symlink():
            self._path.unlink()
        self._path.symlink_to(os.ttyname(self._slave))
        self.url = f"pty://{self._path}"
        self._line = device.connect()
        selector.register(self._master, selectors.EVENT_READ, self._read)

    def _read(self, now: float) -> None:
        self._write(self._line.feed(os.read(self._master, READ_AT_MOST), now))

    def _write(self, data: bytes) -> None:
        if data:
            os.write(self._master, data)

    def tick(self, now: float) -> None:
        self._write(self._line.due(now))

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)
