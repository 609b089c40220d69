"""What is announced by mDNS, and that it is found by others on this machine."""

import asyncio
import socket

import pytest
from zeroconf import ServiceBrowser, Zeroconf

from hall_server.announce import SERVICE, addresses_of, announced, service_info, short


def test_what_is_told() -> None:
    info = service_info(
        addresses=["192.168.1.5"], port=8700, hall="county", name="政务" * 90, tls=True, fingerprint="ab" * 32
    )
    told = {k.decode(): (v or b"").decode() for k, v in info.properties.items()}
    assert set(told) == {"v", "hall", "name", "tls", "fp"}
    assert (told["v"], told["hall"], told["tls"], told["fp"]) == ("1", "county", "1", "ab" * 32)
    assert told["name"] == "政务" * 40
    assert info.port == 8700
    assert info.parsed_addresses() == ["192.168.1.5"]


def test_addresses() -> None:
    assert addresses_of("127.0.0.1") == ["127.0.0.1"]
    assert addresses_of("localhost") == ["127.0.0.1"]
    assert addresses_of("0.0.0.0")
    assert short("政") == "政"


def test_the_hall_is_found_and_says_goodbye() -> None:
    found: dict[str, int] = {}
    gone: list[str] = []

    class Listener:
        def add_service(self, zeroconf: Zeroconf, kind: str, name: str) -> None:
            info = zeroconf.get_service_info(kind, name, 2000)
            if info is not None:
                found[name] = info.port or 0

        def update_service(self, zeroconf: Zeroconf, kind: str, name: str) -> None: ...

        def remove_service(self, zeroconf: Zeroconf, kind: str, name: str) -> None:
            gone.append(name)

    async def until(condition: object) -> bool:
        for _ in range(60):
            if condition():  # type: ignore[operator]
                return True
            await asyncio.sleep(0.1)
        return False

    async def run() -> None:
        try:
            zeroconf = Zeroconf(interfaces=["127.0.0.1"])
        except OSError as error:
            pytest.skip(f"no multicast here: {error}")
        try:
            ServiceBrowser(zeroconf, SERVICE, Listener())  # type: ignore[arg-type]
            name = f"t-{socket.gethostname()[:20].lower()}"
            async with announced(host="127.0.0.1", port=18765, hall=name, name="n", tls=False, fingerprint="00"):
                if not await until(lambda: 18765 in found.values()):
                    pytest.skip("no answer by multicast here")
            assert await until(lambda: any(n.startswith(name) for n in gone))
        finally:
            await asyncio.to_thread(zeroconf.close)

    asyncio.run(run())
