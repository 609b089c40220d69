"""A device that is plugged in again is found at once: the kernel says so where it can, a look every second elsewhere.

Linux sends a message for every device that comes or goes; it is read here from the netlink socket of udev (group 2),
which needs no package. Where there is none (Windows, containers) the names are looked at once a second. Either way the
answer is only "look again": who waits for a device opens its port and sees.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable

from hardware.plugged import is_there

log = logging.getLogger(__name__)

SUBSYSTEMS = (b"tty", b"usb", b"input", b"usbmisc", b"hidraw")
NETLINK_KOBJECT_UEVENT = 15
UDEV_GROUP = 2
MESSAGE_BYTES_MAX = 16_384
DEBOUNCE_S = 0.5
"""A device announces itself several times while its driver loads; it is opened when that is over."""
LOOK_S = 1.0


def listen() -> socket.socket | None:
    """The kernel's announcements; None where there are none."""
    family = getattr(socket, "AF_NETLINK", None)
    if family is None:
        return None
    try:
        made = socket.socket(family, socket.SOCK_RAW | socket.SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT)
    except OSError as error:
        log.debug("no announcements of the kernel: %s", error)
        return None
    try:
        made.bind((0, UDEV_GROUP))
    except OSError as error:
        made.close()
        log.debug("no announcements of the kernel: %s", error)
        return None
    made.setblocking(False)
    return made


def is_arrival(message: bytes) -> bool:
    """Whether an announcement is a device that came; takes udev's form and the kernel's own."""
    if len(message) > MESSAGE_BYTES_MAX:
        return False
    fields = dict(part.partition(b"=")[::2] for part in message.split(b"\0") if b"=" in part)
    return fields.get(b"ACTION") in (b"add", b"bind", b"change") and fields.get(b"SUBSYSTEM") in SUBSYSTEMS


class Arrival:
    """Watches for the device of one local address while its port is away. Close it when the wait is over."""

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        there: Callable[[str], bool | None] = is_there,
        listening: Callable[[], socket.socket | None] = listen,
    ) -> None:
        self._url = url
        self._clock = clock
        self._there = there
        self._was_there = there(url)
        self._socket = listening() if self._was_there is not None else None
        self._look_at = clock() + LOOK_S
        self._came_at: float | None = None

    def came(self) -> bool:
        """True once the device has come and had its half second; never waits. False for ever for network addresses."""
        if self._was_there is None:
            return False
        now = self._clock()
        if self._announced() or now >= self._look_at:
            self._look_at = now + LOOK_S
            is_here = bool(self._there(self._url))
            if is_here and not self._was_there:
                self._came_at = now
            self._was_there = is_here
        return self._came_at is not None and now - self._came_at >= DEBOUNCE_S

    def _announced(self) -> bool:
        """Whether a device was announced since the last look; reads whatever waits."""
        if self._socket is None:
            return False
        found = False
        try:
            while message := self._socket.recv(MESSAGE_BYTES_MAX):
                found = found or is_arrival(message)
        except BlockingIOError:
            pass
        except OSError as error:  # too many at once: the kernel dropped some, so look
            log.debug("announcements lost: %s", error)
            found = True
        return found

    def close(self) -> None:
        """Lets go of the socket."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


RULES = """\
# Counterhall: names that last, rights to open, and nobody else's hands on the hall's devices.
# Put it into /etc/udev/rules.d/70-counterhall.rules (hall-device rules > …), then:
#   udevadm control --reload && udevadm trigger
# The user of the programs belongs into the groups dialout (serial), lp (USB printers) and input (raters, scanners).
ACTION=="remove", GOTO="counterhall_end"

# Serial adapters: by USB port always, by serial number where they have one (CH340 and PL2303 have none).
SUBSYSTEM=="tty", ENV{ID_BUS}=="usb", ENV{ID_PATH}=="?*", SYMLINK+="counterhall/port-$env{ID_PATH}"
SUBSYSTEM=="tty", ENV{ID_BUS}=="usb", ENV{ID_SERIAL_SHORT}=="?*", SYMLINK+="counterhall/serial-$env{ID_SERIAL_SHORT}"
SUBSYSTEM=="tty", ENV{ID_BUS}=="usb", GROUP="dialout", MODE="0660"
# ModemManager would send modem commands to a printer; a sleeping adapter loses the first key.
SUBSYSTEM=="tty", ENV{ID_BUS}=="usb", ENV{ID_MM_DEVICE_IGNORE}="1", ENV{ID_MM_PORT_IGNORE}="1"
ACTION=="add", SUBSYSTEM=="usb", ATTR{idVendor}=="1a86|067b|0403|10c4", TEST=="power/control", ATTR{power/control}="on"

# USB printers have no lasting name of their own.
SUBSYSTEM=="usbmisc", KERNEL=="lp[0-9]*", IMPORT{builtin}="usb_id", IMPORT{builtin}="path_id"
SUBSYSTEM=="usbmisc", KERNEL=="lp[0-9]*", GROUP="lp", MODE="0660", SYMLINK+="counterhall/printer-$env{ID_PATH}"

# Raters and scanners that type: readable by the hall's user, who takes them for himself alone.
SUBSYSTEM=="input", KERNEL=="event*", ENV{ID_BUS}=="usb", ENV{ID_INPUT_KEYBOARD}=="1", GROUP="input", MODE="0660"

# Identity readers with the SAM_V module.
SUBSYSTEM=="usb", ATTR{idVendor}=="0400", ATTR{idProduct}=="c35a", GROUP="dialout", MODE="0660"
SUBSYSTEM=="hidraw", ATTRS{idVendor}=="0400", ATTRS{idProduct}=="c35a", GROUP="dialout", MODE="0660"

LABEL="counterhall_end"
"""
"""What `hall-device rules` prints."""
