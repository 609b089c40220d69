"""Device addresses: `PROTOCOL+TRANSPORT?option=value`, as the contract's section 6 fixes them.

The query is split here and never reaches pyserial, which opens a file called `/dev/ttyUSB0?baud=9600`, raises a
bare KeyError on `loop://?baud=9600` and refuses `baud` on `rfc2217://` (docs/devices.md, measured).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an address of one protocol may say."""

    kind: str
    """`printer led keypad reader scanner`: what the device is to the hall."""
    options: frozenset[str] = frozenset()
    """Its own options, beside those of the line (`baud parity stop`) and of `sim://` (`fault out`)."""
    baud: int = 9600
    """The speed of its serial line when none is named; always 8N1."""


_BAR = frozenset({"width", "height", "colours", "bright"})
"""What every LED bar may be told: dots, colours it has, brightness by the time of day."""

PROTOCOLS: dict[str, Dialect] = {
    "escpos": Dialect("printer", frozenset({"profile"}), baud=115_200),
    "bxk": Dialect("led", _BAR | {"addr"}),
    "cpower": Dialect("led", _BAR | {"addr", "send", "framing", "network"}, baud=115_200),
    "artnet": Dialect("led", _BAR | {"layout", "order", "universe"}),
    "ddp": Dialect("led", _BAR | {"layout", "order"}),
    "png": Dialect("led", _BAR),
    "neutral": Dialect("keypad", frozenset({"addr", "keys"})),
    "template": Dialect("keypad", frozenset({"addr", "profile", "file"})),
    "hid": Dialect("keypad", frozenset({"keys", "best"})),
    "pad68": Dialect("keypad", frozenset({"addr", "ack", "loopback", "rate1", "pads"})),
    "samv": Dialect("reader", baud=115_200),
    "scanner": Dialect("scanner"),
}
"""Every protocol this version drives: one line each; its driver is in `hardware.inventory`."""

CONTRACT = (
    *("escpos", "bxk", "cpower", "artnet", "ddp", "png"),
    *("pad68", "neutral", "template", "hid", "samv", "scanner"),
)

DRIVEN = tuple(PROTOCOLS)
"""Protocols this version drives."""

SCHEMES = ("socket", "udp", "file", "sim", "usb", "pty", "rfc2217", "loop", "spy", "hwgrep", "alt", "wedge")

_LINE_OPTIONS = frozenset({"baud", "parity", "stop"})
_SIM_OPTIONS = frozenset({"fault", "out"})
_RANGES = {  # options that are numbers, whatever the protocol
    "baud": (300, 921_600),
    "stop": (1, 2),
    "addr": (1, 0xFFFF),
    "width": (16, 4096),
    "height": (16, 512),
    "colours": (1, 3),
    "universe": (0, 32_767),
    "keys": (1, 5),
    "ack": (0, 1),
    "loopback": (0, 1),
    "rate1": (1, 5),
    "pads": (1, 64),
    "best": (1, 5),
}


class BadAddress(ValueError):
    """The text is no address this program can use; the message says what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class Address:
    """One device address, taken apart."""

    protocol: str
    url: str
    """The transport without its query, e.g. `socket://10.0.0.7:9100`, `/dev/ttyUSB0`, `sim://`."""
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        query = "&".join(f"{key}={value}" for key, value in self.options.items())
        return f"{self.protocol}+{self.url}" + (f"?{query}" if query else "")

    @property
    def scheme(self) -> str:
        """`socket`, `udp`, `file`, `sim`, …; `serial` for a device path or a Windows COM name."""
        return self.url.split("://", 1)[0].lower() if "://" in self.url else "serial"

    def number(self, option: str, default: int) -> int:
        """The value of a numeric option; decimal, or hexadecimal with 0x."""
        return int(self.options[option], 0) if option in self.options else default

    @property
    def path(self) -> str:
        """The path of a `file://` or `pty://` URL, for this operating system."""
        rest = unquote(self.url.split("://", 1)[1])
        if os.name == "nt" and len(rest) > 2 and rest[0] == "/" and rest[2] == ":":
            return rest[1:]
        return rest

    @property
    def endpoint(self) -> tuple[str, int]:
        """Host and port of a `socket://` or `udp://` URL."""
        return endpoint_of(self.url)


def endpoint_of(url: str) -> tuple[str, int]:
    """`socket://HOST:PORT` -> (host, port); IPv6 hosts stand in brackets. Raises BadAddress."""
    host, separator, port = url.split("://", 1)[1].rstrip("/").rpartition(":")
    if not separator or not port.isdigit() or int(port) > 65_535:
        raise BadAddress(f"{url}: write HOST:PORT, for example socket://192.168.1.50:9100")
    return host.strip("[]") or "127.0.0.1", int(port)


def parse(text: str) -> Address:
    """Takes an address apart. Raises BadAddress naming the part that is wrong."""
    protocol, plus, transport = text.strip().partition("+")
    protocol = protocol.lower()
    if not plus or protocol not in DRIVEN:
        raise BadAddress(f"{text}: an address is PROTOCOL+TRANSPORT with a protocol of {', '.join(DRIVEN)}")
    url, _, query = transport.partition("?")
    if not url:
        raise BadAddress(f"{text}: after {protocol}+ comes where it is, for example socket://192.168.1.50:9100")
    address = Address(protocol=protocol, url=url, options=MappingProxyType(_options(query, protocol=protocol)))
    _check_transport(address)
    return address


def _options(query: str, *, protocol: str) -> dict[str, str]:
    known = _LINE_OPTIONS | _SIM_OPTIONS | PROTOCOLS[protocol].options
    options: dict[str, str] = {}
    for part in filter(None, query.split("&")):
        key, equals, value = part.partition("=")
        if key not in known:
            raise BadAddress(f"unknown option {key!r} for {protocol}; it knows {', '.join(sorted(known))}")
        if not equals or not value:
            raise BadAddress(f"option {key!r} has no value: write {key}=VALUE")
        options[key] = unquote(value)
        _check_value(key, options[key])
    return options


def _check_value(key: str, value: str) -> None:
    if key == "parity" and value.lower() not in ("n", "e", "o"):
        raise BadAddress(f"parity={value}: write n, e or o")
    if key not in _RANGES:
        return
    low, high = _RANGES[key]
    try:
        number = int(value, 0)
    except ValueError:
        raise BadAddress(f"{key}={value}: not a number") from None
    if not low <= number <= high:
        raise BadAddress(f"{key}={value}: must lie between {low} and {high}")


def _check_transport(address: Address) -> None:
    scheme = address.scheme
    if scheme != "serial" and scheme not in SCHEMES:
        raise BadAddress(
            f"{address.url}: unknown transport {scheme}://; it may be a device path or {', '.join(SCHEMES)}"
        )
    if scheme in ("socket", "udp"):
        endpoint_of(address.url)
    if scheme == "usb" and not re.fullmatch(r"usb://(serial|port)=[^=]+", address.url):
        raise BadAddress(f"{address.url}: write usb://serial=NUMBER or usb://port=1-1.2; hall-device list shows both")
    if scheme == "wedge" and (address.protocol != "scanner" or address.url != "wedge://"):
        raise BadAddress(f"{address.url}: a scanner that types like a keyboard is scanner+wedge://")
    if address.protocol == "png" and scheme != "file":
        raise BadAddress(f"png needs a folder: png+file:///path/of/a/folder, not {address.url}")
