"""One screen at work: its link, its board, its view, its page on disk. Built by `app.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import structlog
from PySide6.QtCore import QObject, QTimer, Signal

from assets.i18n import Catalogue
from display_wall.board import Board, WallFace
from display_wall.memory import Memory
from display_wall.moment import Moment
from display_wall.viewmodels import WallScreen
from hall_protocol.pictures.catalogue import CataloguePicture
from hall_protocol.pictures.wall import WallPicture

SERVICES_EVERY_S = 10.0
"""A catalogue that could not be read is asked for again at most so often."""
TICK_MS = 200
"""How often a wall looks whether a page, a minute or a call has had its time."""
log = structlog.get_logger("wall")


class Told(Protocol):
    """What a panel needs of a link (`hall_client.link.Link`)."""

    picture_changed: Any
    stale_changed: Any
    stale_since: tuple[float, datetime] | None

    @property
    def knows_time(self) -> bool: ...
    def now(self) -> datetime: ...
    def request(self, method: str, path: str, *, done: Callable[[int | None, Any], None]) -> Any: ...


class Panel(QObject):
    """One screen. `shown(face)` comes after every look, with the call that begins in it, if one does."""

    shown = Signal(object)

    def __init__(
        self,
        name: str,
        *,
        catalogue: Catalogue,
        memory: Memory,
        speaking: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.name, self._memory, self._speaking = name, memory, speaking
        self._link: Told | None = None
        page = memory.load()
        self.board = Board(screen=name, catalogue=catalogue, now=self.now(), heard_to=page.heard_to if page else 0)
        if page is not None:
            self._ahead = page.ahead
            self._zone = page.picture.hall.zone
            self.board.remember(page.picture, truth=page.at, now=self.now())
        self.face = self._look()
        self.view = WallScreen(self.face, self.board.texts(), self)
        self._odd = ""
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)

    _zone = ""
    _ahead = timedelta()
    _asked_s = float("-inf")

    def follow(self, link: Told) -> None:
        """Takes the picture from this link from now on."""
        self._link = link
        link.picture_changed.connect(self._changed)
        link.stale_changed.connect(self._stale)

    def start(self) -> None:
        """Begins to look."""
        self._timer.start()
        self.tick()

    def stop(self) -> None:
        """Keeps the last page and stands still."""
        self._timer.stop()
        self._keep(force=True)

    def now(self) -> Moment:
        """This moment by both clocks, in the hall's zone; until the hall is heard, as it was ahead when last heard."""
        known = self._link is not None and self._link.knows_time
        told = self._link.now() if self._link and known else datetime.now().astimezone() + self._ahead
        return Moment(mono_s=time.monotonic(), hall=in_zone(told, self._zone))

    def tick(self) -> None:
        """Looks what is to be shown now."""
        self.face = self._look()
        self.view.show(self.face, self.board.texts())
        self.shown.emit(self.face)

    def _look(self) -> WallFace:
        return self.board.face(now=self.now(), speaking=self._speaking())

    def _changed(self, picture: dict[str, Any], _patch: dict[str, Any]) -> None:
        try:
            told = msgspec.convert(picture, WallPicture)
        except msgspec.ValidationError as error:
            if str(error) != self._odd:
                log.error("picture not understood", screen=self.name, error=str(error))
            self._odd = str(error)
            return
        self._odd = ""
        self._zone = told.hall.zone
        self._want_services(told)
        self.board.changed(told, now=self.now())
        self.tick()
        self._keep()

    def _want_services(self, told: WallPicture) -> None:
        """Fetches the catalogue for the zones that show it, again whenever the hall says that it changed."""
        needed = any(zone.zone in ("catalogue", "counter") for zone in told.layout)
        have = self.board.services.version if self.board.services else None
        asked_lately = time.monotonic() - self._asked_s < SERVICES_EVERY_S
        if not needed or self._link is None or have == told.hall.catalogue_version or asked_lately:
            return
        self._asked_s = time.monotonic()
        self._link.request("GET", "/catalogue", done=self._services)

    def _services(self, status: int | None, answer: Any) -> None:
        if status != 200:
            log.info("no catalogue yet", screen=self.name, status=status)
            return
        try:
            self.board.services = msgspec.convert(answer, CataloguePicture)
        except msgspec.ValidationError as error:
            log.error("catalogue not understood", screen=self.name, error=str(error))

    def _stale(self, stale: bool) -> None:
        if stale:
            since = self._link.stale_since if self._link else None
            log.warning("wall is stale", screen=self.name)
            self.board.lost(now=self.now(), truth=in_zone(since[1], self._zone) if since else None)
        else:
            log.info("wall is live", screen=self.name)
            self.board.found()
        self.tick()

    def _keep(self, *, force: bool = False) -> None:
        """The page of now; a stale one is already on disk with its own time."""
        if self.board.picture is None or self.board.watch.since_s is not None:
            return
        now = self.now()
        self._memory.keep(
            self.board.picture,
            truth=now.hall,
            heard_to=self.board.queue.heard_to,
            now_s=now.mono_s,
            machine=datetime.now().astimezone(),
            force=force,
        )


def in_zone(at: datetime, zone: str) -> datetime:
    """`at` as the hall's clocks show it; unchanged where the zone is not known."""
    try:
        return at.astimezone(ZoneInfo(zone)) if zone else at
    except (ZoneInfoNotFoundError, ValueError):
        return at
