"""Alarms leave the hall only where a person said so, once, and until they are taken; with real receivers."""

from __future__ import annotations

import asyncio
import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from hall_protocol.pictures.wall import Alert
from hall_server.alarms.checks import backup_is_old, disk_is_low
from hall_server.alarms.rules import to_tell
from hall_server.alarms.sender import KEPT_MOST, View, Watch
from hall_server.alarms.ways import MAIL_PASSWORD, WEBHOOK_TOKEN
from hall_server.core.places.settings import Alarms, BadSetting, Settings
from hall_server.core.places.settings_rules import patched
from hall_server.core.stamp import instant

SINCE = "2026-11-24T10:00:00.000+08:00"
NOW = instant("2026-11-24T10:30:00.000+08:00")
WAIT = Alert(id="wait/A", level="yellow", code="long_wait", since=SINCE, values={"line": "A", "name": "社保"})
RED = Alert(id="card/R1", level="red", code="card_red", since=SINCE, values={"case": "X", "name": "许可"})
YELLOW = Alert(id="card/Y1", level="yellow", code="card_yellow", since=SINCE, values={})
GONE = Alert(id="device/D1", level="red", code="device_absent", since=SINCE, values={"name": "K1"})
DISK = Alert(id="server/disk_low", level="red", code="disk_low", since=SINCE, values={})
BACKUP = Alert(id="server/backup_old", level="red", code="backup_old", since=SINCE, values={})
QUEUE = Alert(id="queue/A", level="yellow", code="queue_long", since=SINCE, values={})
EVERYTHING = [RED, GONE, DISK, BACKUP, WAIT, QUEUE, YELLOW]


# ---------------------------------------------------------------- receivers


class Http:
    """A receiver of webhooks; `answers` are taken one by one, then 204."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], Any]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer.answers.pop(0) if outer.answers else 204
                outer.got.append((dict(self.headers) | {"path": self.path, "status": str(status)}, json.loads(body)))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", outer.address + "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


class Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as it takes to receive one letter."""

    def handle(self) -> None:
        self.say("220 sink")
        letter: list[str] | None = None
        while line := self.rfile.readline():
            told = line.decode().rstrip("\r\n")
            if letter is not None:
                if told == ".":
                    self.server.letters.append("\n".join(letter))  # type: ignore[attr-defined]
                    letter = None
                    self.say("250 taken")
                else:
                    letter.append(told.removeprefix("."))
            elif told.upper() == "DATA":
                letter = []
                self.say("354 go on")
            elif told.upper() == "QUIT":
                self.say("221 bye")
                return
            else:
                self.server.said.append(told)  # type: ignore[attr-defined]
                self.say("250 ok")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def serving(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def webhook() -> Iterator[Http]:
    sink = Http()
    with serving(sink.server):
        yield sink


@contextmanager
def mail_server() -> Iterator[Any]:
    server: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp)
    server.daemon_threads, server.letters, server.said = True, [], []
    with serving(server):
        yield server


class Bench:
    """A watch over a list the test writes."""

    def __init__(self, keys: Path, **rules: Any) -> None:
        self.rules = Alarms(**rules)
        self.alerts: list[Alert] = []
        self.troubles: list[bool] = []
        self.watch = Watch(look=self.look, keys=keys, on_trouble=self.troubles.append, first_wait_s=0.01)

    async def look(self) -> View:
        return View(
            rules=self.rules, alerts=list(self.alerts), now=NOW, at=SINCE, hall="county", hall_name="县政务大厅",
            say=lambda key, **values: f"{key} {values.get('name', '')}".strip(),
        )  # fmt: skip

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not true():
                await self.watch.once()
                await asyncio.sleep(0.01)


# ---------------------------------------------------------------- rules


def test_nothing_is_told_by_default_and_each_rule_tells_its_own() -> None:
    def told(**rules: Any) -> list[Alert]:
        return to_tell(EVERYTHING, Alarms(**rules), now=NOW)

    assert told() == []
    assert told(wait_min=45) == [WAIT]
    assert told(queue=40) == [QUEUE]
    assert told(card="red") == [RED]
    assert told(card="yellow") == [RED, YELLOW]
    assert (told(device_gone_min=30), told(device_gone_min=31)) == ([GONE], [])
    assert told(disk_mb=1000) == [DISK]
    assert told(backup_age_h=26) == [BACKUP]


def test_room_and_backups_are_looked_at(tmp_path: Path) -> None:
    assert not disk_is_low(tmp_path, least_mb=1)
    assert disk_is_low(tmp_path, least_mb=10**12)
    assert not backup_is_old(tmp_path, most_h=None)
    assert backup_is_old(tmp_path, most_h=24), "no backup at all"
    (tmp_path / "backups").mkdir()
    made = tmp_path / "backups" / "hall.tar"
    made.write_bytes(b"x")
    at = made.stat().st_mtime
    assert not backup_is_old(tmp_path, most_h=24, now_s=at + 24 * 3600 - 1)
    assert backup_is_old(tmp_path, most_h=24, now_s=at + 24 * 3600 + 1)


@pytest.mark.parametrize(
    ("patch", "key"),
    [
        ({"mail_server": "mail.example:25"}, "alarms.mail_from"),
        ({"mail_server": "mail.example:25", "mail_from": "a@b"}, "alarms.mail_to"),
        (
            {"mail_server": "m:25", "mail_from": "a@b", "mail_to": ["c@d"], "mail_user": "u", "mail_security": "none"},
            "alarms.mail_security",
        ),
        ({"mail_from": "a@b\nBcc: x@y"}, "alarms.mail_from"),
        ({"webhook": "file:///etc/passwd"}, "alarms.webhook"),
        ({"webhook": "http://user:secret@host/"}, "alarms.webhook"),
    ],
)
def test_settings_that_cannot_work_are_refused(patch: dict[str, Any], key: str) -> None:
    with pytest.raises(BadSetting) as refused:
        patched(Settings(), {"alarms": patch})
    assert refused.value.key == key


# ---------------------------------------------------------------- sending


def test_no_socket_is_opened_while_nobody_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves the hall otherwise."""
    made: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: made.append(a))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: made.append(a))

    async def story() -> None:
        bench = Bench(tmp_path, wait_min=45, card="yellow", disk_mb=500, backup_age_h=1, queue=1, device_gone_min=1)
        bench.alerts = EVERYTHING
        for _ in range(3):
            await bench.watch.once()
        assert made == []
        assert bench.troubles == [False] * 3

    asyncio.run(story())


def test_a_webhook_hears_each_alarm_once_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / WEBHOOK_TOKEN).write_text("s3cret\n", encoding="utf-8")

    async def story() -> None:
        with webhook() as sink:
            bench = Bench(tmp_path, webhook=f"{sink.address}/hall", wait_min=45, card="red")
            bench.alerts = [WAIT, RED, DISK]
            for _ in range(3):
                await bench.watch.once()
            ((head, body),) = sink.got
            assert (head["path"], head["Authorization"]) == ("/hall", "Bearer s3cret")
            assert head["Idempotency-Key"] == body["id"]
            assert (body["hall"], body["hall_name"]) == ("county", "县政务大厅")
            assert [one["id"] for one in body["alarms"]] == ["wait/A", "card/R1"]
            assert body["alarms"][0]["text"] == "alert.long_wait 社保"
            assert body["alarms"][0]["act"] == "alert.long_wait_act 社保"
            bench.alerts = []
            await bench.watch.once()
            bench.alerts = [WAIT]
            await bench.watch.once()
            assert len(sink.got) == 1, "what comes and goes is not told again at once"
            assert bench.troubles == [False] * 5

    asyncio.run(story())


def test_a_receiver_that_fails_is_tried_again_and_stands_on_the_list_until_it_takes_it(tmp_path: Path) -> None:
    async def story() -> None:
        with webhook() as sink:
            bench = Bench(tmp_path, webhook=sink.address, wait_min=45)
            sink.answers = [500, 302]
            bench.alerts = [WAIT]
            await bench.watch.once()
            assert bench.troubles == [True]
            await bench.until(lambda: any(h["status"] == "204" for h, _ in sink.got))
            assert [h["status"] for h, _ in sink.got] == ["500", "302", "204"]
            assert {h["path"] for h, _ in sink.got} == {"/"}, "a redirection is not followed"
            assert len({body["id"] for _, body in sink.got}) == 1
            assert bench.troubles[-1] is False

    asyncio.run(story())


def test_a_dead_receiver_does_not_pile_up_for_ever_and_taking_it_away_ends_all(tmp_path: Path) -> None:
    async def story() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            dead = f"http://127.0.0.1:{taken.getsockname()[1]}"
        bench = Bench(tmp_path, webhook=dead, card="yellow")
        for n in range(KEPT_MOST + 3):
            bench.alerts = [Alert(id=f"card/{n}", level="red", code="card_red", since=SINCE, values={})]
            await bench.watch.once()
        assert len(bench.watch.ways[0].waiting) == KEPT_MOST
        assert bench.troubles[-1]
        bench.rules = Alarms(card="yellow")
        await bench.watch.once()
        assert (bench.watch.ways[0].waiting, bench.troubles[-1]) == ([], False)

    asyncio.run(story())


def test_a_letter_arrives_with_the_first_alarm_in_its_subject(tmp_path: Path) -> None:
    async def story() -> None:
        with mail_server() as sink:
            bench = Bench(
                tmp_path, mail_server=f"127.0.0.1:{sink.server_address[1]}", mail_security="none", wait_min=45,
                mail_from="hall@hall.example", mail_to=("a@x.example", "b@x.example"), card="red",
            )  # fmt: skip
            bench.alerts = [RED, WAIT]
            await bench.until(lambda: bool(sink.letters))
            (letter,) = sink.letters
            read = message_from_bytes(letter.encode())
            assert str(make_header(decode_header(read["Subject"]))) == "[县政务大厅] alert.card_red 许可 +1"
            assert (read["From"], read["To"]) == ("hall@hall.example", "a@x.example, b@x.example")
            body = read.get_payload(decode=True)
            assert isinstance(body, bytes)
            assert "alert.long_wait_act 社保" in body.decode()
            assert sum(one.upper().startswith("RCPT TO") for one in sink.said) == 2
            assert bench.troubles[-1] is False

    asyncio.run(story())


def test_a_password_never_goes_over_an_open_line(tmp_path: Path) -> None:
    """The sink offers no STARTTLS: nothing is said to it beyond the greeting, and the failure is on the list."""
    (tmp_path / MAIL_PASSWORD).write_text("t0psecret", encoding="utf-8")

    async def story() -> None:
        with mail_server() as sink:
            bench = Bench(
                tmp_path, mail_server=f"127.0.0.1:{sink.server_address[1]}", mail_user="hall", wait_min=45,
                mail_from="hall@hall.example", mail_to=("a@x.example",),
            )  # fmt: skip
            bench.alerts = [WAIT]
            await bench.watch.once()
            assert bench.troubles == [True]
            assert sink.letters == []
            assert "t0psecret" not in " ".join(sink.said)
            assert not any(one.upper().startswith(("AUTH", "MAIL")) for one in sink.said)

    asyncio.run(story())
