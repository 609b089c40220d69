"""What the visitor's page shows, state by state: a picture and the hall become values for the template."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hall_protocol.pictures.ticket import TicketPicture

from ...core.hall import Hall
from .case_face import case_face
from .words import Speech, honesty, wait_words

REMIND_AT = 2
"""People ahead at which the page reminds."""
MOVING = frozenset({"waiting", "called", "serving", "parked", "no_show"})
"""States in which a page without script reloads by itself; a finished one would lose a comment being written."""
LEVELS = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class View:
    """Values of one page. `state` names the part of the template; `now` is hall time."""

    state: str
    number: str
    now: str
    title: str
    reloads: bool
    values: dict[str, Any] = field(default_factory=dict)


def view_of(picture: TicketPicture, hall: Hall, speech: Speech, *, now: str) -> View | None:
    """The page of a ticket; None when nothing of it may be shown any more."""
    ticket = picture.ticket
    if ticket.state == "expired":
        return None
    make = {
        "waiting": waiting,
        "called": called,
        "serving": serving,
        "parked": parked,
        "no_show": missed,
        "finished": finished,
        "cancelled": cancelled,
    }[ticket.state]
    values = make(picture, hall, speech, now)
    values["rule"] = speech.say("page.rule", n=picture.hall.calls_max, k=picture.hall.reinstate_after)
    values["notices"] = [spoken(n.text, speech, picture.hall.languages) for n in picture.notices]
    values["cases"] = [case_face(case, speech) for case in picture.cases]
    values["evacuation"] = picture.evacuation is not None
    return View(
        state=ticket.state,
        number=ticket.number,
        now=now,
        title=title_of(picture, speech),
        reloads=ticket.state in MOVING,
        values=values,
    )


def spoken(texts: dict[str, str], speech: Speech, languages: list[str]) -> str:
    """A text in the reader's language, else in the first the hall has it in."""
    return texts.get(speech.language) or next((texts[x] for x in languages if x in texts), "")


def title_of(picture: TicketPicture, speech: Speech) -> str:
    """The page's name, as a phone lists it among others."""
    ticket = picture.ticket
    if ticket.state == "waiting" and ticket.ahead is not None:
        return f"{ticket.number} · {speech.say('wait.ahead', n=ticket.ahead)}"
    if ticket.state == "called":
        return speech.say("phone.called", number=ticket.number, counter=ticket.counter)
    return f"{ticket.number} · {speech.say(f'ticket.state.{ticket.state}')}"


def place_of(picture: TicketPicture, speech: Speech) -> str:
    """Where to wait and which counters will call."""
    ticket = picture.ticket
    if not ticket.counters:
        return ticket.place
    return speech.say("page.place", place=ticket.place, counters=speech.listed(ticket.counters))


def waiting(picture: TicketPicture, hall: Hall, speech: Speech, now: str) -> dict[str, Any]:
    """Number, people ahead, range, place."""
    ticket = picture.ticket
    open_ones = [hall.counters[n] for n in ticket.counters if n in hall.counters and hall.counters[n].state == "open"]
    free = any(counter.ticket is None for counter in open_ones)
    return {
        "service": picture.service_name,
        "taken": speech.say("page.taken", time=speech.clock(ticket.issued_at)),
        "ahead": ticket.ahead,
        "wait": wait_words(
            speech, ticket.estimate, ahead=ticket.ahead, counters_open=len(open_ones), free=free, now=now
        ),
        "honesty": honesty(speech, picture.coverage_percent),
        "place": place_of(picture, speech),
        "remind_at": REMIND_AT,
        "moved": moved(picture, hall.tickets[ticket.id].standing, speech),
    }


def moved(picture: TicketPicture, standing: str | None, speech: Speech) -> str | None:
    """Why it stands where it stands, in one sentence, when it is not simply its first wait."""
    ticket = picture.ticket
    if standing == "transferred":
        if ticket.line == ticket.transferred_from and len(ticket.counters) == 1:
            return speech.say("page.transferred_counter", counter=ticket.counters[0])
        return speech.say("page.transferred", line=f"{ticket.line} {ticket.line_name}")
    return speech.say(f"page.{standing}") if standing in ("reinstated", "returned") else None


def called(picture: TicketPicture, hall: Hall, speech: Speech, now: str) -> dict[str, Any]:
    """Which counter, which call it is, how many follow."""
    ticket, face = picture.ticket, picture.hall
    left = max(0, face.calls_max - ticket.calls)
    more = speech.say("page.calls_left", n=left, s=face.call_interval_s) if left else speech.say("page.calls_last")
    return {
        "turn": speech.say("page.turn", number=ticket.number),
        "counter": ticket.counter,
        "nth": speech.say("page.call_nth", time=speech.clock(ticket.called_at or now), n=ticket.calls),
        "place": ticket.place,
        "more": more,
        "missed_rule": speech.say("page.missed_rule", k=face.reinstate_after),
        "on_my_way": ticket.on_my_way,
    }


def serving(picture: TicketPicture, hall: Hall, speech: Speech, now: str) -> dict[str, Any]:
    """At which counter since when."""
    ticket = picture.ticket
    since = speech.clock(ticket.begun_at or now)
    return {
        "head": speech.say("page.serving", number=ticket.number),
        "where": speech.say("page.serving_at", counter=ticket.counter, time=since),
        "service": picture.service_name,
    }


def parked(picture: TicketPicture, hall: Hall, speech: Speech, now: str) -> dict[str, Any]:
    """Which counter keeps it, until when and why."""
    ticket = picture.ticket
    if ticket.parked_until:
        where = speech.say("page.parked_until", counter=ticket.counter, time=speech.clock(ticket.parked_until))
    else:
        where = speech.say("page.parked_at", counter=ticket.counter)
    reason = ticket.reason_code
    if reason and speech.knows(f"desk.park.{reason}"):
        reason = speech.say(f"desk.park.{reason}")
    return {
        "head": speech.say("page.parked", number=ticket.number),
        "where": where,
        "reason": speech.say("page.reason", reason=reason) if reason else None,
        "service": picture.service_name,
    }


def missed(picture: TicketPicture, hall: Hall, speech: Speech, now: str) -> dict[str, Any]:
    """What happened and the one way back."""
    ticket = picture.ticket
    return {
        "head": speech.say("page.missed", number=ticket.number),
        "what": speech.say("page.missed_what", counter=ticket.counter or "—", n=ticket.calls),
        "may_return": picture.may_reinstate,
        "after": speech.say("page.back_after", k=picture.hall.reinstate_after),
    }


def finished(picture: TicketPicture, hall: Hall, speech: Speech, now: str) -> dict[str, Any]:
    """When it was served, and the question."""
    ticket, asked = picture.ticket, picture.rating_request
    return {
        "head": speech.say("page.finished", number=ticket.number),
        "when": when_served(picture, speech),
        "rated": picture.rated,
        "ask": asked,
        "once": speech.say("page.rate_once", date=speech.date(asked.expires_at), time=speech.clock(asked.expires_at))
        if asked
        else None,
        "levels": LEVELS,
        "over": speech.say("page.rating_over", phone=picture.hall.hotline),
    }


def when_served(picture: TicketPicture, speech: Speech) -> str | None:
    """When it was called and finished and how long it had waited."""
    ticket = picture.ticket
    if ticket.called_at is None or ticket.finished_at is None:
        return None
    waited = datetime.fromisoformat(ticket.called_at) - datetime.fromisoformat(ticket.issued_at)
    return speech.say(
        "page.finished_when",
        called=speech.clock(ticket.called_at),
        finished=speech.clock(ticket.finished_at),
        n=max(0, int(waited.total_seconds() // 60)),
    )


def cancelled(picture: TicketPicture, hall: Hall, speech: Speech, now: str) -> dict[str, Any]:
    """Given back."""
    return {"head": speech.say("page.cancelled", number=picture.ticket.number)}
