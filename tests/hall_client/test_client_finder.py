"""Halls found by mDNS: what an announcement says, and that a hall which leaves is gone."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from zeroconf import ServiceInfo, Zeroconf

from hall_client.finder import SERVICE, Finder, read


def announcement(**texts: str) -> ServiceInfo:
    properties = {"v": "1", "hall": "county", "name": "示例县政务服务中心", "tls": "1", "fp": "AB" * 32} | texts
    return ServiceInfo(
        SERVICE, f"county-{texts.get('hall', 'x')}.{SERVICE}", addresses=[socket.inet_aton("127.0.0.1")], port=8700,
        properties=properties, server="county-test.local.",
    )  # fmt: skip


def test_an_announcement_becomes_an_address_and_a_fingerprint() -> None:
    hall = read(announcement())
    assert hall is not None
    assert (hall.server, hall.name, hall.fp) == ("https://127.0.0.1:8700", "示例县政务服务中心", "ab" * 32)
    plain = read(announcement(tls="0"))
    assert plain is not None
    assert plain.server == "http://127.0.0.1:8700"


def test_another_version_is_no_hall_of_ours() -> None:
    assert read(announcement(v="2")) is None


def test_a_hall_is_found_and_lost(qtbot: Any) -> None:
    try:
        speaker = Zeroconf()
    except OSError:
        pytest.skip("no network to speak on")
    info = announcement(hall="found-and-lost")
    finder = Finder()
    finder.start()
    try:
        speaker.register_service(info)
        qtbot.waitUntil(lambda: any(h.hall == "found-and-lost" for h in finder.halls), timeout=10_000)
        speaker.unregister_service(info)
        qtbot.waitUntil(lambda: not any(h.hall == "found-and-lost" for h in finder.halls), timeout=10_000)
    finally:
        finder.stop()
        speaker.close()
