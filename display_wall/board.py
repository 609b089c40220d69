"""One wall screen: the live picture and the time in, everything that is to be seen and said out. Pure.

board.changed(picture, whole=..., now=...)   a picture came
board.lost(now=..., truth=...)  board.found()   the link broke, is back
board.face(now=..., speaking=...)            what to show now; `face.begins` is the call to speak
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from assets.i18n import Catalogue
from display_wall.calling import Call, CallQueue
from display_wall.layout import Plan, ZonePlace, plan, under_band
from display_wall.moment import Moment, when
from display_wall.staleness import StaleFace, StaleWatch
from display_wall.texts import Texts, texts_of
from display_wall.zones import Seen
from display_wall.zones.approvals import ApprovalsZone, approvals_zone
from display_wall.zones.calls import CallsZone, calls_zone
from display_wall.zones.counters import CallTimes, CountersZone, counters_zone
from display_wall.zones.evacuation import EvacuationPage, evacuation_page
from display_wall.zones.lines import LinesZone, lines_zone
from display_wall.zones.notices import NoticesZone, notices_zone
from display_wall.zones.office import OfficeZone, office_zone
from display_wall.zones.post import PostZone, post_zone
from display_wall.zones.services import ServicesZone, services_zone
from hall_protocol.pictures.catalogue import CataloguePicture
from hall_protocol.pictures.wall import WallPicture

FRESH_S = 15.0
"""After a short break or a restart only calls not older than this are still said (design 5: no replay)."""


@dataclass(frozen=True)
class WallFace:
    """Everything on one screen at one moment."""

    plan: Plan
    zones: tuple[ZonePlace, ...]
    hall: str = ""
    date: str = ""
    clock: str = ""
    stale: StaleFace = field(default_factory=StaleFace)
    dim: bool = False
    """Colours and ranges are taken away: the numbers are not of now."""
    calls: dict[int, CallsZone] = field(default_factory=dict)
    """By the zone's place in `zones`, as the other zones: one zone may lie on a screen twice."""
    counters: dict[int, CountersZone] = field(default_factory=dict)
    lines: dict[int, LinesZone] = field(default_factory=dict)
    approvals: dict[int, ApprovalsZone] = field(default_factory=dict)
    notices: dict[int, NoticesZone] = field(default_factory=dict)
    offices: dict[int, OfficeZone] = field(default_factory=dict)
    posts: dict[int, PostZone] = field(default_factory=dict)
    services: dict[int, ServicesZone] = field(default_factory=dict)
    evacuation: EvacuationPage | None = None
    begins: Call | None = None
    """The call that begins now; in one face only."""


class Board:
    """What one screen has to know between two pictures."""

    def __init__(self, *, screen: str, catalogue: Catalogue, now: Moment, heard_to: int = 0) -> None:
        """`heard_to` is the newest call said before a restart."""
        self.screen = screen
        self.catalogue = catalogue
        self.picture: WallPicture | None = None
        self.services: CataloguePicture | None = None
        """The hall's services, once they were fetched for a zone that shows them."""
        self.queue = CallQueue(heard_to=heard_to)
        self.times = CallTimes()
        self.watch = StaleWatch(mono_s=now.mono_s)
        self._ever_linked = False

    # -- the world changes --------------------------------------------------------------------------------------

    def remember(self, picture: WallPicture, *, truth: datetime | None, now: Moment) -> None:
        """The last page from disk, shown as stale until the hall is heard. Yesterday's numbers are not shown."""
        same_day = picture.hall.day == now.hall.date().isoformat()
        self.picture = picture if same_day else without_day(picture)
        self.times.learn(self.picture.counters, now)
        self.watch.truth = truth

    def changed(self, picture: WallPicture, *, now: Moment) -> None:
        """A picture came over the link."""
        self.picture = picture
        self._ever_linked = True
        self.times.learn(picture.counters, now)
        self._hear(picture, now)
        if picture.stale_since:
            self.watch.lost(mono_s=now.mono_s, truth=when(picture.stale_since))
        else:
            self.watch.found()

    def _hear(self, picture: WallPicture, now: Moment) -> None:
        """Queues the new calls. After a break only those still of use, after a long one or in a new journal none."""
        step = self.watch.step(now)
        newest = max((call.seq for call in picture.calls), default=0)
        if step == "red" or (picture.calls and newest < self.queue.heard_to):
            self.queue.forget(picture.calls)
            return
        if step == "mark":
            late = [call for call in picture.calls if now.age_s(call.called_at) > FRESH_S]
            self.queue.pass_over(late)
        self.queue.offer(picture.calls)

    def lost(self, *, now: Moment, truth: datetime | None = None) -> None:
        """The link is lost; `truth` is when the hall was last heard."""
        self.watch.lost(mono_s=now.mono_s, truth=truth or now.hall)

    def found(self) -> None:
        """The link is back and nothing had changed meanwhile."""
        if self._ever_linked and self.picture is not None and not self.picture.stale_since:
            self.watch.found()

    # -- what to show -------------------------------------------------------------------------------------------

    def texts(self) -> Texts:
        """The words of this hall's walls."""
        return texts_of(self.catalogue, self.picture.hall if self.picture else None)

    def face(self, *, now: Moment, speaking: bool) -> WallFace:
        """Everything on the screen now. `speaking` holds the band until its voice has ended."""
        texts = self.texts()
        stale = self.watch.face(now, texts)
        red = stale.step == "red"
        if red or (self.picture and self.picture.evacuation):
            self.queue.stop()
        begins = None if red else self._advance(now, speaking=speaking)
        drawn = self._plan()
        face = WallFace(
            plan=drawn,
            zones=under_band(drawn, band=red),
            dim=red or not self._ever_linked,
            date=texts.date(now.hall),
            clock=now.hall.strftime("%H:%M"),
            stale=stale,
            begins=begins,
        )
        return self._zones(face, Seen(texts=texts, stale=face.dim), now)

    def _advance(self, now: Moment, *, speaking: bool) -> Call | None:
        return self.queue.advance(now_s=now.mono_s, speaking=speaking, expected=self._expected)

    def _expected(self, call: Call) -> bool:
        """Whether that counter still waits for that number; a counter this screen does not show is believed."""
        counter = self.picture.counters.get(call.counter) if self.picture else None
        return counter is None or (counter.number == call.number and counter.ticket_state in (None, "called"))

    def _plan(self) -> Plan:
        if self.picture is None:
            return plan([], size=(), distance_m=0)
        return plan(self.picture.layout, size=self.picture.size, distance_m=self.picture.viewing_distance_m)

    def _calls(self, face: WallFace, texts: Texts) -> dict[int, CallsZone]:
        red = face.stale.step == "red"
        return {
            i: calls_zone(self.queue.current, self.queue.waiting, place=z.place, texts=texts, red=red)
            for i, z in _named(face, "calls")
        }

    def _zones(self, face: WallFace, seen: Seen, now: Moment) -> WallFace:
        picture = self.picture
        face = replace(face, calls=self._calls(face, seen.texts))
        if picture is None:
            return face
        return replace(
            face,
            hall=seen.texts.choose(picture.hall.names, picture.hall.name),
            evacuation=evacuation_page(picture.evacuation, screen=self.screen, texts=seen.texts),
            counters=self._counters(picture, face, seen, now),
            lines={
                i: lines_zone(picture.lines, picture.counters, place=z.place, seen=seen, now=now)
                for i, z in _named(face, "lines")
            },
            approvals={
                i: approvals_zone(picture.board, place=z.place, seen=seen, now=now, counted=picture.board_totals)
                for i, z in _named(face, "approvals")
            },
            notices={
                i: notices_zone(picture.notices, picture.hall, place=z.place, seen=seen, now=now)
                for i, z in _named(face, "notices")
            },
            offices={
                i: office_zone(picture.figures, picture.alerts, picture.devices, place=z.place, seen=seen, now=now)
                for i, z in _named(face, "manager")
            },
            posts={
                i: post_zone(
                    z.counter,
                    picture.counters.get(z.counter),
                    place=z.place,
                    seen=seen,
                    now=now,
                    times=self.times,
                    catalogue=self.services,
                    post=(picture.posts or {}).get(z.counter),
                )
                for i, z in _named(face, "counter")
            },
            services={
                i: services_zone(self.services, place=z.place, seen=seen, now=now, posts=picture.posts)
                for i, z in _named(face, "catalogue")
            },
        )

    def _counters(self, picture: WallPicture, face: WallFace, seen: Seen, now: Moment) -> dict[int, CountersZone]:
        call = self.queue.current
        calling = (call.counter, call.number) if call else None
        return {
            i: counters_zone(picture.counters, place=z.place, seen=seen, now=now, times=self.times, calling=calling)
            for i, z in _named(face, "counters")
        }


def _named(face: WallFace, zone: str) -> list[tuple[int, ZonePlace]]:
    return [(i, z) for i, z in enumerate(face.zones) if z.zone == zone]


def without_day(picture: WallPicture) -> WallPicture:
    """The face of the hall alone: of another day nothing else is still true."""
    return WallPicture(
        hall=picture.hall,
        layout=picture.layout,
        size=picture.size,
        viewing_distance_m=picture.viewing_distance_m,
        counters={},
        calls=[],
        lines={},
        board=[],
        notices=[],
        devices={},
        posts=picture.posts,
    )
