"""The control line of a simulator: text lines over TCP, one answer each, for the demo and for tests.

`fault paper_out` -> `ok`; `clear` -> `ok`; `press 5` -> `ok …`; what is wrong is answered as `error: …`. It listens
on loopback only: whoever reaches it can press keys.
"""

from __future__ import annotations

import ipaddress
import socket
import socketserver
from threading import Thread
from typing import cast

from hardware.address import BadAddress, endpoint_of
from hardware.simulation.device import BadCommand, NoSuchFault, SimulatedDevice

LINE_BYTES_MAX = 512


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], device: SimulatedDevice) -> None:
        super().__init__(address, _Handler)
        self.device = device


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        device = cast(_Server, self.server).device
        while line := self.rfile.readline(LINE_BYTES_MAX):
            try:
                answer = device.command(line.decode("utf-8", "replace").strip())
            except (BadCommand, NoSuchFault, ValueError) as error:
                answer = f"error: {error}"
            try:
                self.wfile.write(answer.encode() + b"\n")
            except OSError:
                return


def tell(url: str, line: str, *, limit_s: float = 5.0) -> str:
    """One command to a running simulator; its answer. Raises BadAddress, OSError."""
    with socket.create_connection(endpoint_of(url), timeout=limit_s) as connection:
        connection.sendall(line.encode() + b"\n")
        with connection.makefile("r", encoding="utf-8", newline="\n") as answers:
            return answers.readline().rstrip("\n")


class ControlServer:
    """Listens at `socket://127.0.0.1:PORT`; port 0 takes a free one, see `url`."""

    def __init__(self, device: SimulatedDevice, url: str) -> None:
        if not url.startswith("socket://"):
            raise BadAddress(f"{url}: the control line is socket://127.0.0.1:PORT")
        host, port = endpoint_of(url)
        if host != "localhost" and not _is_loopback(host):
            raise BadAddress(f"{url}: the control line listens on this machine only, write 127.0.0.1")
        self._server = _Server((host, port), device)
        self.url = f"socket://{host}:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.2,), name="control", daemon=True)

    def __enter__(self) -> ControlServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
