"""The managers' picture."""

from __future__ import annotations

from hall_protocol.pictures.manager import HelpRequest, ManagerPicture

from ..hall import Hall
from ..places.notice import HELP_KEPT_MS
from ..stamp import text, text_or_none
from .alerts import alerts
from .sight import Sight, evacuation, face, notices
from .wall import counter_rows, figures, line_rows


def manager_picture(hall: Hall, sight: Sight) -> ManagerPicture:
    """The hall in one look."""
    return ManagerPicture(
        hall=face(hall, sight),
        figures=figures(hall),
        lines=line_rows(hall, sight),
        counters=counter_rows(hall),
        alerts=alerts(hall, sight),
        help=[
            HelpRequest(
                id=h.id,
                device=h.device,
                name=hall.devices[h.device].name if h.device in hall.devices else h.device,
                at=text(h.at, hall.zone),
                language=h.language,
                screen=h.screen,
            )
            for h in hall.help
            if sight.now - h.at < HELP_KEPT_MS
        ],
        devices=dict(sight.devices),
        notices=notices(hall, sight),
        evacuation=evacuation(hall),
        stale_since=text_or_none(sight.stale_since, hall.zone),
        head_seq=hall.seq,
    )
