"""The live conversation without a socket: hello, snapshot, patches, beats, and when to try again.

A shell carries the texts (`QWebSocket` in the programs, asyncio in tests) and asks three questions: what to send,
what changed, how long to wait. Times are monotonic seconds handed in by the shell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from .codec import merge

BEAT_S = 5.0
STALE_AFTER_S = 12.0
"""Without a beat for so long a client knows that it is stale (contract, section 4)."""
BACK_OFF_S = (0.25, 0.5, 1.0, 2.0, 4.0, 5.0)
JITTER = 0.3

State = Literal["idle", "connecting", "greeting", "live", "stale", "waiting"]


@dataclass(frozen=True)
class Changed:
    """The picture is another one now; `whole` when it came as a snapshot."""

    picture: dict[str, Any]
    patch: dict[str, Any]
    seq: int
    whole: bool


@dataclass(frozen=True)
class Broken:
    """The other side said something that cannot be; the shell closes the connection."""

    why: str


@dataclass
class Conversation:
    """One picture, followed over any number of connections."""

    picture_name: str
    token_in_hello: str | None = None
    """For carriers that cannot send an Authorization header."""
    state: State = "idle"
    picture: dict[str, Any] | None = None
    seq: int | None = None
    last_heard: float | None = None
    """When anything last came, by the shell's monotonic clock."""
    tries: int = 0
    """Connections that failed since the last snapshot; drives the back-off."""
    server_time: str | None = field(default=None)

    def connecting(self) -> None:
        """The shell has begun to open a connection."""
        self.state = "connecting"

    def connected(self, *, now: float) -> str:
        """The connection stands; returns the hello to send."""
        self.state = "greeting"
        self.last_heard = now
        hello: dict[str, Any] = {"hello": 1, "picture": self.picture_name, "after": self.seq}
        if self.token_in_hello is not None:
            hello = {"token": self.token_in_hello, **hello}
        return msgspec.json.encode(hello).decode()

    def received(self, text: str | bytes, *, now: float) -> Changed | Broken | None:
        """One message came. Returns what changed, `Broken`, or None for a beat."""
        try:
            message = msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            return Broken(f"not JSON: {error}")
        if not isinstance(message, dict):
            return Broken("not an object")
        self.last_heard = now
        if "beat" in message:
            self.server_time = str(message["beat"])
            return None
        if "snapshot" in message:
            return self._snapshot(message)
        if "patch" in message:
            return self._patch(message)
        return None

    def _snapshot(self, message: dict[str, Any]) -> Changed | Broken:
        if not isinstance(message["snapshot"], dict) or not isinstance(message.get("seq"), int):
            return Broken("bad snapshot")
        self.picture, self.seq = message["snapshot"], message["seq"]
        self.state, self.tries = "live", 0
        return Changed(picture=self.picture, patch=self.picture, seq=self.seq, whole=True)

    def _patch(self, message: dict[str, Any]) -> Changed | Broken:
        if self.picture is None or self.state not in ("live", "stale"):
            return Broken("patch before snapshot")
        seq = message.get("seq")
        if not isinstance(seq, int) or self.seq is None or seq < self.seq:
            return Broken(f"patch {seq} after {self.seq}")
        if not isinstance(message["patch"], dict):
            return Broken("bad patch")
        self.picture, self.seq = merge(self.picture, message["patch"]), seq
        self.state = "live"
        assert self.picture is not None
        return Changed(picture=self.picture, patch=message["patch"], seq=seq, whole=False)

    def disconnected(self, *, random: float) -> float:
        """The connection ended or never stood. Returns seconds until the next try; `random` in [0, 1) spreads them."""
        self.state = "waiting"
        base = BACK_OFF_S[min(self.tries, len(BACK_OFF_S) - 1)]
        self.tries += 1
        return base * (1 - JITTER + 2 * JITTER * random)

    def is_stale(self, *, now: float) -> bool:
        """Whether the picture can no longer be trusted: not live, or no word for 12 s."""
        if self.state != "live":
            return True
        return self.last_heard is None or now - self.last_heard > STALE_AFTER_S
