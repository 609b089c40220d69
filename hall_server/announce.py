"""mDNS: the hall says where it is, so that programs find it without anybody typing an address (contract 2).

Nothing secret is told: version, the hall's short name and name, whether TLS is spoken, and the CA's fingerprint, which
a program compares with the one it pinned.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Final

import ifaddr
from zeroconf import Error, InterfaceChoice, NonUniqueNameException, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

log = logging.getLogger(__name__)

SERVICE: Final = "_counterhall._tcp.local."
VERSION: Final = "1"
GOODBYE_S: Final = 0.5
"""How long the end of a server waits for its goodbye; others notice anyway when a connection closes."""
TEXT_MOST: Final = 240
"""Bytes of one TXT value: name, sign and value together may have 255."""


@asynccontextmanager
async def announced(*, host: str, port: int, hall: str, name: str, tls: bool, fingerprint: str) -> AsyncIterator[None]:
    """Announce the hall while the block runs. A network without multicast is logged once and harms nothing."""
    addresses = addresses_of(host)
    info = service_info(addresses=addresses, port=port, hall=hall, name=name, tls=tls, fingerprint=fingerprint)
    zeroconf: AsyncZeroconf | None = None
    try:
        zeroconf = AsyncZeroconf(interfaces=addresses or InterfaceChoice.All)
        await zeroconf.async_register_service(info, allow_name_change=True)
        log.info("announced as %s", info.name)
    except (OSError, Error, NonUniqueNameException) as error:
        log.warning("the hall is not announced by mDNS: %s", error)
    try:
        yield
    finally:
        if zeroconf is not None:
            await _goodbye(zeroconf)


def service_info(*, addresses: list[str], port: int, hall: str, name: str, tls: bool, fingerprint: str) -> ServiceInfo:
    """What is announced."""
    properties = {
        "v": VERSION,
        "hall": hall,
        "name": short(name),
        "tls": "1" if tls else "0",
        "fp": fingerprint,
    }
    return ServiceInfo(
        SERVICE,
        f"{hall}.{SERVICE}",
        parsed_addresses=addresses,
        port=port,
        properties=properties,
        server=f"{hall}-{socket.gethostname().split('.')[0][:40]}.local.",
    )


def addresses_of(host: str) -> list[str]:
    """The addresses a program can reach a listener on `host` by; every one of the machine for `0.0.0.0` and `::`."""
    try:
        address = ip_address(host)
    except ValueError:
        return [str(a[4][0]) for a in socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)]
    if not address.is_unspecified:
        return [host]
    every = [str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    return [a for a in every if not ip_address(a).is_loopback] or every


def short(text: str) -> str:
    """`text` cut to what a TXT value holds, never inside a character."""
    return text.encode()[:TEXT_MOST].decode(errors="ignore")


async def _goodbye(zeroconf: AsyncZeroconf) -> None:
    try:
        async with asyncio.timeout(GOODBYE_S):
            await zeroconf.async_close()
    except (TimeoutError, OSError, Error) as error:
        log.info("no goodbye by mDNS: %s", error)
