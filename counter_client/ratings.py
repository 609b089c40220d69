"""The keypad as a device of its own: its live picture, its token, and ratings kept until the hall has answered."""

from __future__ import annotations

from typing import Any

import structlog
from PySide6.QtCore import QObject, QTimer

from hall_client.link import Link
from hall_client.outbox import Kept, Outbox

from .pads import Pad
from .rating import Answer, Bridge

AGAIN_MS = 5000
log = structlog.get_logger("keypad")


class Ratings(QObject):
    """Ties the picture `keypad:N`, the pad and the outbox together."""

    def __init__(
        self, link: Link, pad: Pad, outbox: Outbox, *, bridge: Bridge | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._link, self._pad, self._outbox = link, pad, outbox
        self._bridge = bridge or Bridge()
        self._under_way: set[str] = set()
        link.picture_changed.connect(self._picture)
        link.online_changed.connect(lambda online: self.flush() if online else None)
        pad.rated.connect(self._rated)
        pad.unrated.connect(lambda session: self._bridge.unrated(session=session))
        pad.back.connect(lambda: pad.carry_out(self._bridge.pad_is_back()))
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self.flush)
        self._again.start()

    def _picture(self, picture: dict[str, Any], _patch: dict[str, Any]) -> None:
        self._pad.carry_out(self._bridge.picture(picture))

    def _rated(self, session: int, key: int) -> None:
        answer = self._bridge.pressed(session=session, key=key)
        if answer is None:
            log.info("press without a question")
            return
        self._keep(answer)

    def _keep(self, answer: Answer) -> None:
        """On disk first: a rating pressed is not lost with the program or the network."""
        made_at = self._link.now().isoformat(timespec="milliseconds")
        self._outbox.keep(key=answer.key, method="POST", path="/ratings", body=answer.body, made_at=made_at)
        self.flush()

    def flush(self) -> None:
        """Sends whatever has no answer yet."""
        for kept in self._outbox.unanswered():
            if kept.key in self._under_way:
                continue
            self._under_way.add(kept.key)
            self._send(kept)

    def _send(self, kept: Kept) -> None:
        def done(status: int | None, body: Any) -> None:
            self._answered(kept.key, status, body)

        self._link.request(kept.method, kept.path, kept.body, key=kept.key, done=done)

    def _answered(self, key: str, status: int | None, body: Any) -> None:
        self._under_way.discard(key)
        if status is None or status >= 500 or status in (401, 429):
            return  # not known, or not yet: tried again
        self._outbox.answered(key)
        code = body.get("code") if isinstance(body, dict) else None
        log.info("rating delivered" if status == 201 else "rating refused", status=status, code=code)

    def stop(self) -> None:
        """Ends the timer; what is unanswered stays in the file."""
        self._again.stop()
        self._outbox.close()
