"""Opening, reading, writing, closing: serial lines, sockets, datagrams, files and the built-in simulator.

Every fault of the world comes out as `PortGone` with a fault word; pyserial raises `SerialException`, plain
`OSError`, `ValueError` and even `KeyError` for the same event (docs/devices.md, measured), so all are caught here.
A TCP connection that was accepted says nothing about the device behind it.
"""

from __future__ import annotations

import errno
import logging
import os
import select
import socket
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import serial

from hardware.address import PROTOCOLS, Address, BadAddress
from hardware.plugged import where_is

log = logging.getLogger(__name__)

CONNECT_LIMIT_S = 2.0
WRITE_LIMIT_S = 5.0
READ_AT_MOST = 65_536
EMPTY_READ_S = 0.03


class PortGone(Exception):
    """The port cannot be opened, or was lost. `code` is a fault word, the text is for the log."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Port(Protocol):
    """A way to a device. One thread uses it."""

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, after waiting at most `timeout_s` for the first byte; b"" for nothing. Raises PortGone."""

    def write(self, data: bytes) -> None:
        """Hands over all of `data`, or raises PortGone."""

    def close(self) -> None:
        """Lets go of it; never raises."""


def open_port(address: Address) -> Port:
    """Opens the transport of an address. Raises PortGone (gone, no_permission, busy_port)."""
    match address.scheme:
        case "socket":
            return SocketPort(address)
        case "udp":
            return DatagramPort(address)
        case "file":
            return FilePort(address)
        case "sim":
            # The simulators use the drivers' own codecs, and drivers open ports: only sim:// closes that circle.
            from hardware.inventory import open_simulator

            return open_simulator(address)
        case "wedge":
            raise PortGone("gone", "wedge://: a keyboard is heard by the program it types into, hall-kiosk, alone")
        case "usb":
            return _plugged_port(address)
        case _:
            return SerialPort(address)


def _plugged_port(address: Address) -> Port:
    """The port of `usb://…` by the name it has at this moment, serial or printer class."""
    found = where_is(address.url)
    if found is None:
        raise PortGone("gone", f"{address.url}: nothing like it is plugged in")
    if found.bus == "printer":
        return FilePort(replace(address, url=f"file://{found.where}"))
    return SerialPort(replace(address, url=found.where))


def fault_word(error: BaseException) -> str:
    """The fault word for an exception of opening or using a port."""
    number = getattr(error, "errno", None)
    text = str(error).lower()
    if number in (errno.EACCES, errno.EPERM) or "permission" in text or "access is denied" in text:
        return "no_permission"
    if number in (errno.EBUSY, errno.EADDRINUSE) or "exclusively lock" in text or "busy" in text:
        return "busy_port"
    return "gone"


class SocketPort:
    """A TCP connection (`socket://`). Our own rather than pyserial's, for its time-outs and its keep-alive."""

    def __init__(self, address: Address) -> None:
        try:
            self._socket = socket.create_connection(address.endpoint, timeout=CONNECT_LIMIT_S)
        except OSError as error:
            raise PortGone("gone", f"{address.url}: {error}") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._socket.settimeout(WRITE_LIMIT_S)
        self._name = address.url

    def read(self, timeout_s: float) -> bytes:
        try:
            ready, _, _ = select.select([self._socket], [], [], timeout_s)
            if not ready:
                return b""
            data = self._socket.recv(READ_AT_MOST)
        except (OSError, ValueError) as error:
            raise PortGone("gone", f"{self._name}: {error}") from error
        if not data:
            raise PortGone("gone", f"{self._name}: the other side closed the connection")
        return data

    def write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except TimeoutError as error:
            raise PortGone("silent", f"{self._name}: takes no more data") from error
        except OSError as error:
            raise PortGone("gone", f"{self._name}: {error}") from error

    def close(self) -> None:
        self._socket.close()


ANSWERED_AT = {"artnet": 6454}
"""Protocols whose devices answer to this port, whatever port they were asked from."""


class DatagramPort:
    """One packet a write (`udp://`)."""

    def __init__(self, address: Address) -> None:
        host, port = address.endpoint
        self._name = address.url
        try:
            family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            self._socket = socket.socket(family, kind, protocol)
            answered_at = ANSWERED_AT.get(address.protocol)
            on_this_machine = target[0] in ("127.0.0.1", "::1")
            if answered_at is not None and not (on_this_machine and port == answered_at):
                self._bind(answered_at)
            self._socket.connect(target)
        except OSError as error:
            raise PortGone("gone", f"{address.url}: {error}") from error

    def _bind(self, port: int) -> None:
        """Shared with other bars of this machine: each is connected to its own device and hears that one alone."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("", port))
        except OSError as error:
            log.info("%s: answers to port %d will not be heard: %s", self._name, port, error)

    def read(self, timeout_s: float) -> bytes:
        try:
            ready, _, _ = select.select([self._socket], [], [], timeout_s)
            return self._socket.recv(READ_AT_MOST) if ready else b""
        except (OSError, ValueError) as error:
            raise PortGone("gone", f"{self._name}: {error}") from error

    def write(self, data: bytes) -> None:
        try:
            self._socket.send(data)
        except OSError as error:
            raise PortGone("gone", f"{self._name}: {error}") from error

    def close(self) -> None:
        self._socket.close()


class FilePort:
    """Appends what is written to a file, or speaks to a printer's character device such as /dev/usb/lp0.

    A USB printer that takes no data would block a write for ever, so its device is never waited for longer than
    WRITE_LIMIT_S. What it answers is read back where its driver can (a device without that is merely silent).
    """

    def __init__(self, address: Address) -> None:
        path = Path(address.path)
        self._name = str(path)
        self._answers = path.is_char_device()
        mode = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        if self._answers:
            mode = os.O_RDWR | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
        try:
            self._file = os.open(path, mode | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise PortGone(fault_word(error), f"{path}: {error.strerror}") from error

    def read(self, timeout_s: float) -> bytes:
        try:
            if not self._answers:
                _pause(timeout_s)
            elif select.select([self._file], [], [], timeout_s)[0]:
                data = os.read(self._file, READ_AT_MOST)
                if not data:
                    _pause(min(timeout_s, EMPTY_READ_S))  # an empty USB packet; not a reason to read in a circle
                return data
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PortGone("gone", f"{self._name}: {error}") from error
        return b""

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        refused = 0
        try:
            while rest:
                if refused * EMPTY_READ_S >= WRITE_LIMIT_S:
                    raise PortGone("silent", f"{self._name}: takes no more data")
                if self._answers and not select.select([], [self._file], [], EMPTY_READ_S)[1]:
                    refused += 1
                    continue
                try:
                    rest = rest[os.write(self._file, rest) :]
                    refused = 0
                except BlockingIOError:
                    refused += 1
                    _pause(EMPTY_READ_S)
        except OSError as error:
            raise PortGone("gone", f"{self._name}: {error}") from error

    def close(self) -> None:
        os.close(self._file)


def _pause(seconds: float) -> None:
    """Waits. (Windows' select takes no empty lists.)"""
    threading.Event().wait(seconds)


class SerialPort:
    """A serial line through pyserial: a device path, a COM name, `rfc2217://`, `loop://`, `pty://PATH`."""

    def __init__(self, address: Address) -> None:
        self._name = address.url
        self._broken: PortGone | None = None
        url = address.path if address.scheme == "pty" else address.url
        settings: dict[str, Any] = {
            "baudrate": address.number("baud", PROTOCOLS[address.protocol].baud),
            "parity": address.options.get("parity", "N").upper(),
            "stopbits": address.number("stop", 1),
        }
        if address.scheme != "rfc2217":  # which knows none and refuses to open with one (pyserial 3.5)
            settings["write_timeout"] = WRITE_LIMIT_S
        if address.scheme in ("serial", "pty") and os.name == "posix":
            settings["exclusive"] = True
        try:
            self._serial = serial.serial_for_url(url, **settings)
        except (serial.SerialException, OSError, KeyError) as error:
            raise PortGone(fault_word(error), f"{address.url}: {error}") from error
        except ValueError as error:
            raise BadAddress(f"{address.url}: {error}") from error

    def read(self, timeout_s: float) -> bytes:
        if self._broken:
            raise self._broken
        data = b""
        try:
            self._serial.timeout = timeout_s
            data = self._serial.read(1)
            while data and len(data) < READ_AT_MOST and (waiting := self._serial.in_waiting):
                data += self._serial.read(waiting)
        except (serial.SerialException, OSError, TypeError) as error:
            # TypeError: pyserial's read after its descriptor was closed under it
            self._broken = PortGone("gone", f"{self._name}: {error}")
            if not data:
                raise self._broken from error
        return bytes(data)

    def write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
            self._serial.flush()
        except serial.SerialTimeoutException as error:
            raise PortGone("silent", f"{self._name}: takes no more data") from error
        except (serial.SerialException, OSError) as error:
            raise PortGone("gone", f"{self._name}: {error}") from error

    def close(self) -> None:
        try:
            self._serial.close()
        except (serial.SerialException, OSError) as error:
            log.debug("closing %s: %s", self._name, error)
