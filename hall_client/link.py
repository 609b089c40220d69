"""One server, one token, one live picture: sockets and timers around `hall_protocol.session`.

The back-off is driven by the end of a connection alone (qt.md 5), the stale state by beats, never by TCP. The token
travels in the Authorization header, the hall's own CA is pinned, and answers whose fate is unknown say so (`None`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import structlog
from PySide6.QtCore import QByteArray, QObject, QTimer, QUrl, Signal
from PySide6.QtNetwork import (
    QNetworkAccessManager,
    QNetworkReply,
    QNetworkRequest,
    QSsl,
    QSslCertificate,
    QSslConfiguration,
    QSslSocket,
)
from PySide6.QtWebSockets import QWebSocket

from hall_protocol.session import Broken, Changed, Conversation

from .hall_time import HallTime
from .options import Failure

MESSAGE_MAX = 8 * 1024 * 1024
"""Largest live message, bytes; a whole picture of a large hall is well below one megabyte."""
CONNECT_LIMIT_S = 5.0
TICK_MS = 500
GRACE_S = 1.0
"""A link that is back within this time never shows itself as stale."""
ANSWER_LIMIT_MS = 10_000

Done = Callable[[int | None, Any], None]
log = structlog.get_logger("link")


def ssl_configuration(ca_file: Path | None) -> QSslConfiguration:
    """TLS that trusts the hall's own CA and nobody else. `Failure` when the file holds no certificate."""
    configuration = QSslConfiguration.defaultConfiguration()
    if ca_file is None:
        return configuration
    if not QSslSocket.supportsSsl():
        raise Failure("Qt finds no OpenSSL (libssl3): install it; hall-doctor names the package")
    try:
        pem = ca_file.read_bytes()
    except OSError as error:
        raise Failure(f"cannot read the hall's certificate {ca_file}: {error.strerror}") from error
    certificates = QSslCertificate.fromData(QByteArray(pem), QSsl.EncodingFormat.Pem)
    if not certificates:
        raise Failure(f"{ca_file} holds no certificate; fetch /ca.pem from the hall again, or pair again")
    configuration.setCaCertificates(certificates)
    return configuration


class Link(QObject):
    """Follows one picture for ever and carries requests. Use it from the Qt thread only."""

    picture_changed = Signal(dict, dict)
    """The whole picture and the patch that made it (the picture itself when it came whole)."""
    stale_changed = Signal(bool)
    online_changed = Signal(bool)
    refused = Signal(str)
    """The server closed the live picture for a reason that waiting does not mend (token revoked)."""

    def __init__(
        self,
        server: str,
        *,
        token: str | None = None,
        ca_file: Path | None = None,
        picture: str | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`server` is the hall's address without a path; `picture` the live picture to follow, if any."""
        super().__init__(parent)
        self.server = server.rstrip("/")
        self.token = token
        self._tls = ssl_configuration(ca_file)
        self._http = QNetworkAccessManager(self)
        self._http.setRedirectPolicy(QNetworkRequest.RedirectPolicy.ManualRedirectPolicy)
        self._conversation = Conversation(picture) if picture else None
        self._time = HallTime()
        self._open: set[QNetworkReply] = set()
        """Requests under way."""
        self._socket: QWebSocket | None = None
        self._began = 0.0
        self._bad_since: float | None = None
        self._stale = True
        self._online = False
        self.stale_since: tuple[float, datetime] | None = None
        """Monotonic and hall time of the last word heard, while stale; None while fresh or never heard."""
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self._connect)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._look)

    # -- the live picture ---------------------------------------------------------------------------------------

    @property
    def picture(self) -> dict[str, Any] | None:
        """The last picture heard, however old; None before the first."""
        return self._conversation.picture if self._conversation else None

    @property
    def seq(self) -> int | None:
        """Journal position of `picture`."""
        return self._conversation.seq if self._conversation else None

    @property
    def stale(self) -> bool:
        """Whether the picture may no longer be trusted."""
        return self._stale

    @property
    def online(self) -> bool:
        """Whether the server answers (live picture up, or the last request was answered)."""
        return self._online

    def start(self) -> None:
        """Begins to follow the picture, and asks for the hall's time."""
        self._tick.start()
        self._ask_clock()
        if self._conversation is not None:
            self._connect()

    def follow(self, picture: str) -> None:
        """Follows another picture from now on; the old one is forgotten."""
        self._conversation = Conversation(picture)
        self._drop()
        self._connect()

    def stop(self) -> None:
        """Ends the connection, all timers and requests under way; no signal and no answer follows."""
        self._retry.stop()
        self._tick.stop()
        self._drop()
        for reply in list(self._open):
            reply.finished.disconnect()
            reply.abort()
            reply.deleteLater()
        self._open.clear()

    def now(self) -> datetime:
        """The hall's time; this machine's own until the server was heard."""
        return self._time.at(now=time.monotonic()) or datetime.now().astimezone()

    @property
    def knows_time(self) -> bool:
        """Whether the server's time was ever heard."""
        return self._time.at(now=time.monotonic()) is not None

    @property
    def rate(self) -> float:
        """Hall seconds per second (a demo hall may run faster)."""
        return self._time.rate

    def _connect(self) -> None:
        if self._conversation is None or self._socket is not None:
            return
        self._retry.stop()
        self._conversation.connecting()
        self._began = time.monotonic()
        socket = QWebSocket("", parent=self)
        socket.setMaxAllowedIncomingMessageSize(MESSAGE_MAX)
        socket.setMaxAllowedIncomingFrameSize(MESSAGE_MAX)
        socket.setSslConfiguration(self._tls)
        socket.connected.connect(self._opened)
        socket.disconnected.connect(self._ended)
        socket.textMessageReceived.connect(self._received)
        self._socket = socket
        url = QUrl("ws" + self.server.removeprefix("http") + "/api/v1/live")
        request = QNetworkRequest(url)
        if self.token:
            request.setRawHeader(b"Authorization", b"Bearer " + self.token.encode())
        socket.open(request)

    def _opened(self) -> None:
        if self._conversation is not None and self._socket is not None:
            self._socket.sendTextMessage(self._conversation.connected(now=time.monotonic()))

    def _drop(self) -> None:
        """Forgets the socket; its late signals reach nobody."""
        socket, self._socket = self._socket, None
        if socket is None:
            return
        for signal in (socket.connected, socket.disconnected, socket.textMessageReceived):
            signal.disconnect()
        socket.abort()
        socket.deleteLater()

    def _ended(self) -> None:
        if self._socket is None or self._conversation is None:
            return
        code, reason = self._socket.closeCode(), self._socket.closeReason()
        self._drop()
        wait = self._conversation.disconnected(random=random.random())  # noqa: S311 - spreads retries, no secret
        log.info(
            "link ended", picture=_named(self._conversation.picture_name), code=code.value, next_try_s=round(wait, 2)
        )
        self._set_online(False)
        if code.value in (1008, 4401, 4403):
            self.refused.emit(reason or str(code.value))
        self._retry.start(int(wait * 1000))
        self._look()

    def _received(self, text: str) -> None:
        if self._conversation is None:
            return
        now = time.monotonic()
        result = self._conversation.received(text, now=now)
        if isinstance(result, Broken):
            log.warning("link spoke nonsense", why=result.why)
            self._ended()
            return
        if self._conversation.server_time is not None:
            self._time.heard(self._conversation.server_time, now=now)
            self._conversation.server_time = None
        if isinstance(result, Changed):
            if result.whole:
                log.info("link live", picture=_named(self._conversation.picture_name), seq=result.seq)
            self._set_online(True)
            self._look()
            self.picture_changed.emit(result.picture, result.patch)
        else:
            self._look()

    def _look(self) -> None:
        """Every half second: is the picture still to be trusted, does an attempt hang?"""
        if self._conversation is None:
            return
        now = time.monotonic()
        opening = self._socket is not None and self._conversation.state in ("connecting", "greeting")
        if opening and now - self._began > CONNECT_LIMIT_S:
            self._ended()
            return
        bad = self._conversation.is_stale(now=now)
        if bad and self._conversation.state == "live" and self._socket is not None:
            log.warning("link silent", picture=_named(self._conversation.picture_name))
            self._ended()
            return
        if not bad:
            self._bad_since = None
        elif self._bad_since is None:
            self._bad_since = now
        self._set_stale(bad and self._bad_since is not None and (self._stale or now - self._bad_since >= GRACE_S))

    def _set_stale(self, stale: bool) -> None:
        if stale == self._stale:
            return
        self._stale = stale
        heard = self._conversation.last_heard if self._conversation else None
        at = self._time.at(now=heard) if heard is not None else None
        self.stale_since = (heard, at) if stale and heard is not None and at is not None else None
        self.stale_changed.emit(stale)

    def _set_online(self, online: bool) -> None:
        if online != self._online:
            self._online = online
            self.online_changed.emit(online)

    # -- requests -----------------------------------------------------------------------------------------------

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        done: Done | None = None,
        timeout_ms: int = ANSWER_LIMIT_MS,
        token: str | None = None,
    ) -> QNetworkReply:
        """Sends one request to `/api/v1` + `path`; `done(status, json)` is called once, on this thread.

        `status` is None when the outcome is unknown: no answer came, in time or at all. `key` is the Idempotency-Key,
        required by the server for whatever changes something. `token` speaks for somebody else than the device (a
        clerk's session). The JSON is None for an empty or unreadable body.
        """
        request = QNetworkRequest(QUrl(f"{self.server}/api/v1{path}"))
        request.setSslConfiguration(self._tls)
        request.setTransferTimeout(timeout_ms)
        request.setAttribute(QNetworkRequest.Attribute.Http2AllowedAttribute, False)
        request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/json")
        bearer = token or self.token
        if bearer:
            request.setRawHeader(b"Authorization", b"Bearer " + bearer.encode())
        if key is not None:
            request.setRawHeader(b"Idempotency-Key", key.encode("ascii"))
        data = b"" if body is None else msgspec.json.encode(body)
        reply = self._http.sendCustomRequest(request, method.encode(), QByteArray(data))
        self._open.add(reply)
        reply.finished.connect(lambda: self._answered(reply, done))
        return reply

    def _answered(self, reply: QNetworkReply, done: Done | None) -> None:
        self._open.discard(reply)
        status = status_of(reply)
        payload = read_json(bytes(reply.readAll().data())) if status is not None else None
        reply.deleteLater()
        if status is None:
            log.info("no answer", path=_named(reply.url().path()), error=reply.error().name)
        if done is not None:
            done(status, payload)

    def _ask_clock(self) -> None:
        self.request("GET", "/clock", done=self._told_clock, timeout_ms=3000)

    def _told_clock(self, status: int | None, payload: Any) -> None:
        if status == 200 and isinstance(payload, dict):
            self._time.heard(str(payload.get("now")), now=time.monotonic())


def status_of(reply: QNetworkReply) -> int | None:
    """The HTTP status, or None when the answer did not come whole: nobody knows what the server did."""
    error = reply.error().value
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    if status is None or 0 < error < 200:  # below 200: network and proxy, above: the server's own answer
        return None
    return int(status)


def read_json(data: bytes) -> Any:
    """`data` as JSON; None when empty or unreadable."""
    try:
        return msgspec.json.decode(data) if data else None
    except msgspec.DecodeError:
        return None


def _named(text: str) -> str:
    """A picture or path without the visitor's token in it."""
    return "ticket:…" if text.startswith("ticket:") else text
