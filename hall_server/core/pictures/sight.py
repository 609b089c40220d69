"""What a picture needs beside the hall: the time, forecasts, devices as they are heard, and how to fill in secrets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from hall_protocol.pictures import DeviceState, Estimate, Evacuation, HallFace, Notice

from ..hall import Hall
from ..places import hours
from ..stamp import local, text, text_or_none


class Sight(msgspec.Struct, kw_only=True):
    """The circumstances of a picture. Nothing in it is kept."""

    now: int
    estimates: Mapping[str, Estimate | None]
    """By line: what somebody taking a ticket now would wait."""
    coverage: Mapping[str, int]
    """By line: percent of past ranges that held, when enough were measured."""
    devices: Mapping[str, DeviceState]
    """By device id, with the devices behind a program as `ID/ADDRESS`."""
    url_of: Callable[[str], str]
    """The visitor's page of a ticket id."""
    nonce_of: Callable[[str], str]
    """The nonce of a rating request."""
    words_of: Callable[[str], str | None]
    """Free text kept outside the journal, by the id of what it belongs to."""
    masked_of: Callable[[str], str | None] = lambda _: None
    """The masked name of a case's applicant; kept outside the journal too."""
    ticket_estimate: Callable[[str], Estimate | None]
    """What a waiting ticket has still to wait, by its id."""
    alarms: tuple[str, ...] = ()
    """Troubles of the server itself: `storage clock_stepped disk_low retention_failed`."""
    stale_since: int | None = None


def face(hall: Hall, sight: Sight) -> HallFace:
    """What every screen says about the hall."""
    chosen = hall.settings
    now = local(sight.now, hall.zone)
    own = chosen.hall.languages[0]
    is_open = hours.is_open(hall, at=sight.now)
    today = hours.spans(hall, day=now.date())
    return HallFace(
        name=chosen.hall.name.get(own) or next(iter(chosen.hall.name.values())),
        names={str(language): words for language, words in chosen.hall.name.items()},
        hall=chosen.hall.hall,
        zone=hall.zone,
        day=hall.day,
        hotline=chosen.hall.hotline,
        complaint_phone=chosen.hall.complaint_phone,
        languages=list(chosen.hall.languages),
        second_language=chosen.hall.second_language,
        hours=[[clock(start, hall.zone), clock(end, hall.zone)] for start, end in today],
        open=is_open,
        next_open_at=None if is_open else text_or_none(hours.next_opening(hall, at=sight.now), hall.zone),
        public_url=chosen.public.public_url,
        calls_max=chosen.queue.calls_max,
        call_interval_s=chosen.queue.call_interval_s,
        reinstate_after=chosen.queue.reinstate_after,
        head_start_min=chosen.queue.head_start_min,
        catalogue_version=f"{hall.catalogue_version}.{hall.settings_version}",
    )


def clock(at: int, zone: str) -> str:
    """`09:00`."""
    return local(at, zone).strftime("%H:%M")


def notices(hall: Hall, sight: Sight, screen: str | None = None) -> list[Notice]:
    """Notices to be shown now, on this screen."""
    return [
        Notice(id=n.id, text=n.text, from_=text(n.start, hall.zone), to=text(n.end, hall.zone))
        for n in hall.notices.values()
        if n.start <= sight.now < n.end and (not n.zones or screen is None or screen in n.zones)
    ]


def evacuation(hall: Hall) -> Evacuation | None:
    """The evacuation, if one is under way."""
    current = hall.evacuation
    return None if current is None else Evacuation(since=text(current.since, hall.zone), exits=dict(current.exits))


def devices_at(sight: Sight, counter: str) -> dict[str, DeviceState]:
    """Devices of one counter."""
    return {key: state for key, state in sight.devices.items() if state.counter == counter}
