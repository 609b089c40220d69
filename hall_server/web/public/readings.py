"""What anyone may read: catalogue, lines, board, clock. No personal data."""

from __future__ import annotations

import msgspec
from litestar import Response, get
from litestar.datastructures import State

from hall_protocol.pictures.catalogue import CataloguePicture, LinesPicture
from hall_protocol.pictures.matters import BoardRow

from ...core.pictures.board import board_rows
from ...core.pictures.catalogue import catalogue_picture, lines_picture
from ...core.stamp import text
from ..device.tickets import answers, house_of
from ..house import HttpRequest


class ClockView(msgspec.Struct):
    """Hall time."""

    now: str


@get("/catalogue", responses=answers(200, CataloguePicture, "The catalogue"), summary="What may be had here")
async def catalogue(request: HttpRequest, state: State) -> Response[bytes]:
    """Departments, lines, services with both limits, and counters."""
    house = house_of(state)
    services = house.engine.hall.services.values()
    await house.initials.learn(text for s in services for text in (s.short_name, s.name, *s.aliases))
    return await house.shown(lambda hall: catalogue_picture(hall, house.eyes.sight(hall), house.initials.of))


@get("/lines", responses=answers(200, LinesPicture, "The lines"), summary="How long the lines are")
async def lines(request: HttpRequest, state: State) -> Response[bytes]:
    """People waiting and the range for somebody taking a ticket now."""
    house = house_of(state)
    return await house.shown(lambda hall: lines_picture(hall, house.eyes.sight(hall)))


@get("/board", responses=answers(200, list[BoardRow], "The board"), summary="The public approval board")
async def board(request: HttpRequest, state: State) -> Response[bytes]:
    """Cases in progress and those decided today, worst first. Without the applicant's consent no name."""
    house = house_of(state)
    return await house.shown(lambda hall: board_rows(hall, house.eyes.sight(hall)))


@get("/clock", responses=answers(200, ClockView, "Hall time"), summary="What time it is in the hall")
async def clock(request: HttpRequest, state: State) -> Response[bytes]:
    """For clients' offset."""
    house = house_of(state)
    return await house.shown(lambda hall: ClockView(now=text(house.engine.clock.now(), hall.zone)))
