"""An input device of Linux, taken for this program alone. Needs no package: three ioctls of linux/input.h.

Windows has no such grab: `EvdevPort` says so by name, and a keyboard rater is connected there through a small Linux
box (`hid+socket://HOST:PORT`), or replaced by a serial one.
"""

from __future__ import annotations

import errno
import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hardware.port import PortGone, fault_word

READ_AT_MOST = 24 * 256
NAME_BYTES = 256


def _ioc(direction: int, number: int, size: int) -> int:
    """The number of an ioctl of the input layer ('E'), as asm-generic/ioctl.h makes it."""
    return direction << 30 | size << 16 | ord("E") << 8 | number


EVIOCGRAB = _ioc(1, 0x90, 4)
EVIOCGID = _ioc(2, 0x02, 8)
EVIOCGNAME = _ioc(2, 0x06, NAME_BYTES)
EVIOCGPHYS = _ioc(2, 0x07, NAME_BYTES)
EVIOCGUNIQ = _ioc(2, 0x08, NAME_BYTES)

Ioctl = Callable[..., Any]


def system_ioctl() -> Ioctl:
    """`fcntl.ioctl`. Raises PortGone where there is none."""
    try:
        from fcntl import ioctl
    except ImportError:
        raise PortGone(
            "no_permission", "this system cannot take a keyboard for one program: use a serial rater, or hid+socket://"
        ) from None
    return ioctl


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the device says it is; `vendor:product:serial:port path` binds it to a counter."""

    vendor: int = 0
    product: int = 0
    serial: str = ""
    path: str = ""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.vendor:04x}:{self.product:04x}:{self.serial}:{self.path}"


class EvdevPort:
    """Reads input events of `/dev/input/by-path/…-event-kbd`. Raises PortGone: `gone`, `no_permission`, `busy_port`
    (somebody else has it), or `no_permission` when it cannot be taken."""

    def __init__(self, path: str, *, ioctl: Ioctl | None = None) -> None:
        self._name = path
        control = ioctl or system_ioctl()
        try:
            self._file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        except OSError as error:
            raise PortGone(fault_word(error), f"{path}: {error.strerror}") from error
        try:
            control(self._file, EVIOCGRAB, 1)
        except OSError as error:
            os.close(self._file)
            word = "busy_port" if error.errno == errno.EBUSY else "no_permission"
            why = "another program has it" if word == "busy_port" else "it cannot be taken for this program alone"
            raise PortGone(word, f"{path}: {why} ({error.strerror})") from error
        self.identity = _identity(self._file, control)

    def read(self, timeout_s: float) -> bytes:
        """Events that came, after waiting at most so long."""
        try:
            if not select.select([self._file], [], [], timeout_s)[0]:
                return b""
            data = os.read(self._file, READ_AT_MOST)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise PortGone("gone", f"{self._name}: {error}") from error
        if not data:
            raise PortGone("gone", f"{self._name}: ended")
        return data

    def write(self, data: bytes) -> None:
        """A keyboard shows nothing: nothing is sent."""

    def close(self) -> None:
        """Lets go of it; the kernel ends the grab."""
        os.close(self._file)


def _identity(file: int, control: Ioctl) -> Identity:
    vendor = product = 0
    ids = bytearray(8)
    if _asked(file, control, EVIOCGID, ids):
        vendor, product = int.from_bytes(ids[2:4], "little"), int.from_bytes(ids[4:6], "little")
    texts = {}
    for word, request in (("serial", EVIOCGUNIQ), ("path", EVIOCGPHYS), ("name", EVIOCGNAME)):
        raw = bytearray(NAME_BYTES)
        texts[word] = raw.split(b"\0", 1)[0].decode("utf-8", "replace") if _asked(file, control, request, raw) else ""
    return Identity(vendor, product, **texts)


def _asked(file: int, control: Ioctl, request: int, into: bytearray) -> bool:
    """What a device does not know it answers with an error: then it stays empty."""
    try:
        control(file, request, into, True)
    except OSError:
        return False
    return True
