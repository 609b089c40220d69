"""What managers do with the whole hall: notices, evacuation, settings, what counters serve, words to a counter."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from litestar import Response, delete, get, patch, post, put
from litestar.datastructures import State

from hall_protocol.pictures import Notice
from hall_protocol.pictures.counter import Counter as CounterView
from hall_protocol.refusals import Refused
from hall_protocol.requests import manager as ask

from ...core.hall import Hall
from ...core.people import message
from ...core.pictures.counter import counter_view
from ...core.places import config, notice
from ...core.places.settings import BadSetting, Settings
from ...core.places.settings_rules import patched, shown
from ...core.registry import Event
from ...office import keep_settings
from ...personal.vault import Visitor
from ..clerk.counters import moment
from ..device.tickets import REFUSED, answers, house_of
from ..house import HttpRequest


class MessageView(msgspec.Struct):
    """A message was sent."""

    id: str


class EvacuationView(msgspec.Struct):
    """An evacuation is under way."""

    exits: dict[str, str]


@post("/notices", responses=answers(201, Notice, "Posted"), summary="Post a notice")
async def post_notice(request: HttpRequest, state: State, data: ask.PostNotice) -> Response[bytes]:
    """Public words, shown from `from` until `to` without a touch."""
    start, end = moment(data.from_, "from"), moment(data.to, "to")
    assert start is not None
    assert end is not None
    texts = {str(language): words for language, words in data.text.items()}
    command = notice.PostNotice(text=texts, start=start, end=end, zones=tuple(data.zones or ()))

    def view(hall: Hall, events: list[Event]) -> Notice:
        event = events[0]
        assert isinstance(event, notice.NoticePosted)
        return Notice(id=event.notice, text=event.text, from_=event.from_at, to=event.to_at)

    return await house_of(state).act(request, command, view, status=201)


@delete("/notices/{id:str}", status_code=204, responses=REFUSED, summary="Take a notice down")
async def remove_notice(request: HttpRequest, state: State, id: str) -> Response[None]:
    """Before its end."""
    return await house_of(state).act(request, notice.RemoveNotice(notice=id), None, status=204)


@post("/evacuation", responses=answers(201, EvacuationView, "Under way"), summary="Evacuate the hall")
async def evacuate(request: HttpRequest, state: State, data: ask.StartEvacuation) -> Response[bytes]:
    """Replaces every picture at once; numbers stay valid."""
    exits = {str(screen): str(way) for screen, way in data.exits.items()}

    def view(hall: Hall, events: list[Event]) -> EvacuationView:
        return EvacuationView(exits=exits)

    return await house_of(state).act(request, notice.StartEvacuation(exits=exits), view, status=201)


@delete("/evacuation", status_code=204, responses=REFUSED, summary="End the evacuation")
async def end_evacuation(request: HttpRequest, state: State) -> Response[None]:
    """Every picture is back."""
    return await house_of(state).act(request, notice.EndEvacuation(), None, status=204)


def tag_of(settings: Settings) -> str:
    """The ETag of the settings."""
    return '"' + hashlib.sha256(msgspec.json.encode(settings)).hexdigest()[:24] + '"'


@get("/settings", responses=answers(200, dict[str, Any], "The settings"), summary="Read the settings")
async def read_settings(request: HttpRequest, state: State) -> Response[bytes]:
    """As `hall.toml` has them, with an ETag for changing them."""
    house = house_of(state)
    tag = tag_of(house.engine.hall.settings)
    answer = await house.shown(lambda hall: shown(hall.settings))
    answer.set_header("ETag", tag)
    return answer


@patch("/settings", responses=answers(200, dict[str, Any], "The settings as they are now"), summary="Change settings")
async def change_settings(request: HttpRequest, state: State, data: ask.Patch) -> Response[bytes]:
    """An RFC 7396 merge patch with `If-Match`; every difference is a `config_changed` event."""
    house = house_of(state)
    expected = request.headers.get("if-match")
    if expected is None:
        raise Refused("precondition_missing")
    now = house.engine.hall.settings
    if expected not in ("*", tag_of(now)):
        raise Refused("changed_meanwhile")
    try:
        new = patched(now, data)
    except BadSetting as error:
        raise Refused("bad_setting", why=str(error)) from error
    answer = await house.act(request, config.ChangeSettings(settings=new), lambda hall, _: shown(hall.settings))
    keep_settings(house.data, house.engine.hall.settings)
    answer.set_header("ETag", tag_of(house.engine.hall.settings))
    return answer


@put(
    "/counters/{n:str}/lines",
    status_code=200,
    responses=answers(200, CounterView, "The counter as it is now"),
    summary="What a counter serves",
)
async def counter_lines(request: HttpRequest, state: State, n: str, data: ask.CounterLines) -> Response[bytes]:
    """From now on."""
    command = config.SetCounterLines(counter=n, lines=tuple(dict.fromkeys(data.lines)))
    return await house_of(state).act(request, command, lambda hall, _: counter_view(hall, hall.counters[n]))


@post("/counters/{n:str}/messages", responses=answers(201, MessageView, "Sent"), summary="A word to a counter")
async def send_message(request: HttpRequest, state: State, n: str, data: ask.CounterMessage) -> Response[bytes]:
    """Shown at that counter alone. The words may name somebody, so they are not journaled."""
    house = house_of(state)

    def view(hall: Hall, events: list[Event]) -> MessageView:
        event = events[0]
        assert isinstance(event, message.MessageSent)
        house.words[event.message] = data.text
        return MessageView(id=event.message)

    answer = await house.act(request, message.SendMessage(counter=n), view, status=201)
    ident = msgspec.json.decode(answer.content)["id"]
    await house.keep(ident, Visitor(text=data.text))
    return answer
