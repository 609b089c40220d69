"""Hostile requests (reliability.md S7, S8): refused with the right number, bounded, and nothing happens."""

from __future__ import annotations

import asyncio
import errno
import json
from pathlib import Path

import pytest
from broken_doors import doors_of, exchange, until
from broken_hall import broken_hall
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from hall_server.web import problems, wire
from hall_server.web.live import same_origin
from hall_server.web.problems import HEADERS
from hall_server.web.wire import Bounded

GARBLED = {
    "no text": b'{"line":"\xff"}',
    "deep list": b"[" * 100_000,
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "half": b'{"a":',
    "lone surrogate": b'{"line":"\\ud800"}',
}


def test_bodies_nobody_can_read_are_the_callers_fault(county: Path) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            seq = hall.house.engine.hall.seq
            headers = {"Authorization": f"Bearer {hall.tokens['kiosk']}", "Content-Type": "application/json"}
            for name, body in GARBLED.items():
                for path in ("/api/v1/tickets", "/api/v1/blocks", "/api/v1/pairings"):
                    answer = await hall.client.post(
                        path, content=body, headers={**headers, "Idempotency-Key": name[:4]}
                    )
                    if answer.status_code != 403:
                        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), (name, path)
            assert hall.house.engine.hall.seq == seq

    asyncio.run(story())


def test_a_number_larger_than_any_row_is_refused(county: Path) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            answer = await hall.ask("GET", f"/events?after={10**20}", "manager")
            assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
            assert (await hall.ask("GET", f"/events?after={2**63 - 1}", "manager")).json()["events"] == []

    asyncio.run(story())


def test_a_fault_of_ours_is_told_in_words(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            monkeypatch.setattr(hall.house, "once", None)
            answer = await hall.ask("POST", "/help", "kiosk")
            assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
            assert answer.json()["detail"]

    asyncio.run(story())


def test_heads_are_bounded_and_a_client_in_no_hurry_is_cut(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "REQUEST_WITHIN_S", 0.3)

    async def story() -> None:
        async with broken_hall(county) as hall, doors_of(hall) as port:
            flood = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n"
            # Nothing at all when the reset overtakes the answer.
            assert (await exchange(port, flood))[:12] in (b"HTTP/1.1 431", b"")
            assert await exchange(port, b"") == b"", "a connection on which nothing is asked"
            assert await exchange(port, b"GET /healthz HTTP/1.1\r\nHo") == b"", "half a head"
            half = f"POST /api/v1/help HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {hall.tokens['kiosk']}\r\n"
            half += "Idempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            assert b" 204 " not in await exchange(port, half.encode()), "half a body"
            whole = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
            three = (whole + b"\r\n") * 2 + whole + b"Connection: close\r\n\r\n"
            assert (await exchange(port, three)).count(b"HTTP/1.1 200") == 3

    asyncio.run(story())


def test_a_client_that_does_not_take_its_answer_is_cut(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "READ_WITHIN_S", 0.3)

    async def story() -> None:
        async with broken_hall(county) as hall, doors_of(hall) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            ask = b"GET /schema/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
            lost = asyncio.ensure_future(writer.wait_closed())
            while not lost.done() and not writer.is_closing():
                writer.write(ask * 50)
                await asyncio.sleep(0.01)
            with pytest.raises(ConnectionError):
                await lost

    asyncio.run(story())


def test_more_connections_than_there_is_room_for_are_cut(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bounded, "connections_most", 5)

    async def story() -> None:
        async with broken_hall(county) as hall, doors_of(hall) as port:
            opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(9)]
            await until(
                lambda: sum(reader.at_eof() or reader.exception() is not None for reader, _ in opened) == 4, "4"
            )
            for _, writer in opened:
                writer.close()

    asyncio.run(story())


def test_a_page_of_another_origin_gets_no_live_picture_and_no_change_with_the_cookie(county: Path) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall, doors_of(hall) as port:
            cookie = {"Cookie": f"session={hall.tokens['manager']}"}
            address = f"ws://127.0.0.1:{port}/api/v1/live"
            for origin in ("http://evil.example", "null", f"http://evil.example://127.0.0.1:{port}"):
                with pytest.raises(InvalidStatus) as refused:
                    await connect(address, additional_headers=cookie, origin=origin).__aenter__()  # type: ignore[arg-type]
                assert refused.value.response.status_code == 403
            own = connect(address, additional_headers=cookie, origin=f"http://127.0.0.1:{port}")  # type: ignore[arg-type]
            async with own as ours:
                await ours.send(json.dumps({"hello": 1, "picture": "manager", "after": None}))
                assert "snapshot" in json.loads(await ours.recv())

    asyncio.run(story())


@pytest.mark.parametrize("hello", [{"hello": 2, "picture": "wall:main"}, {"picture": "wall:main"}, [1], "x"])
def test_a_hello_of_another_version_is_refused(county: Path, hello: object) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall, doors_of(hall) as port:
            headers = {"Authorization": f"Bearer {hall.tokens['kiosk']}"}
            async with connect(f"ws://127.0.0.1:{port}/api/v1/live", additional_headers=headers) as client:
                await client.send(json.dumps(hello))
                assert json.loads(await client.recv()) == {"refused": "bad_request"}

    asyncio.run(story())


def test_every_answer_carries_what_browsers_are_told(county: Path) -> None:
    async def story() -> None:
        async with broken_hall(county) as hall:
            for method in ("GET", "POST", "OPTIONS"):
                for path in ("/api/v1/live", "/api/v1/lines", "/api/v1/none", "/healthz", "/schema/openapi.json"):
                    answer = await hall.client.request(method, path)
                    missing = [name for name in HEADERS if name not in answer.headers]
                    assert not missing, (method, path, answer.status_code)

    asyncio.run(story())


def test_an_origin_is_compared_as_a_whole() -> None:
    host = {"host": "hall.local:8700"}
    assert same_origin({**host, "origin": "https://hall.local:8700"})
    assert not same_origin({**host, "origin": "https://evil.example://hall.local:8700"})
    assert not same_origin({**host, "origin": "hall.local:8700"})


def test_a_refusal_has_its_words_when_the_disk_cannot_be_read_any_more(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "_words", [])

    async def story() -> None:
        async with broken_hall(county) as hall:

            def unreadable() -> None:
                raise OSError(errno.EIO, "Input/output error")

            monkeypatch.setattr(problems, "Catalogue", unreadable)
            hall.house.engine.failed_at = hall.clock.at
            answer = await hall.ask("POST", "/help", "kiosk")
            hall.house.engine.failed_at = None
            assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")

    # The furnishing refuses nothing, so nothing else has read the words.
    asyncio.run(story())
