"""The way in of all three programs: one hall, several, a token from before, another hall's certificate."""

from __future__ import annotations

import argparse
import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from hall_client.entrance import WayIn
from hall_client.finder import FoundHall
from hall_client.pairing import fingerprint

NOWHERE = "http://127.0.0.1:9"


def hall(name: str, *, server: str = NOWHERE, fp: str = "") -> FoundHall:
    return FoundHall(hall=name, name=f"Hall {name}", server=server, fp=fp)


def certificate(text: bytes) -> bytes:
    """Something with a fingerprint; nobody is called with it here."""
    return b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(text) + b"\n-----END CERTIFICATE-----\n"


@pytest.fixture
def way(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., WayIn]]:
    built: list[WayIn] = []

    def build(server: str = "auto") -> WayIn:
        options = argparse.Namespace(
            server=server, token_file=tmp_path / "token", ca=tmp_path / "ca.pem", program="hall-wall"
        )
        built.append(WayIn(options, role="wall"))
        return built[-1]

    yield build
    for one in built:
        one.close()


def test_nobody_is_chosen_by_itself_where_several_halls_answer(qtbot: QtBot, way: Callable[..., WayIn]) -> None:
    one = way()
    assert one.text == "pair.looking"
    one._found([hall("a"), hall("b", server="http://127.0.0.1:10")])
    assert (one.choosing, one.text, one.place, one.code) == (True, "pair.several", "", "")
    one.choose("http://127.0.0.1:11")
    assert one.choosing, "a hall that is not there is not chosen"
    one.choose("http://127.0.0.1:10")
    assert not one.choosing
    assert one.place == "Hall b · 127.0.0.1:10"
    qtbot.waitUntil(lambda: one.text == "pair.unreachable", timeout=10_000)
    one.choose(NOWHERE)
    assert one.place == "Hall b · 127.0.0.1:10", "one pairing at a time"


def test_one_hall_is_paired_with_and_a_server_by_name_too(way: Callable[..., WayIn]) -> None:
    found = way()
    found._found([hall("a")])
    assert found.place == "Hall a · 127.0.0.1:9"
    named = way(NOWHERE)
    named.open()
    assert named.place == "127.0.0.1:9"
    assert (named.left, named.print, named.seconds_left) == ({}, "", None)


def test_a_token_from_before_opens_the_hall_whose_certificate_we_hold(
    qtbot: QtBot, way: Callable[..., WayIn], tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("secret\n")
    (tmp_path / "token").chmod(0o600)
    ours = certificate(b"ours")
    (tmp_path / "ca.pem").write_bytes(ours)
    one = way()
    heard: list[tuple[str, str]] = []
    one.opened.connect(lambda server, token: heard.append((server, token)))
    halls = [hall("a", server="https://h:1", fp="f" * 64), hall("b", server="https://h:2", fp=fingerprint(ours))]
    one._found(halls)
    one._found(halls)
    assert heard == [("https://h:2", "secret")], "once"
    assert one.done
    one.choose("https://h:1")
    assert not one.place, "whoever is in does not pair again"
