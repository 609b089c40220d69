"""时限 首问 评价 投诉留言: what is open, one matter whole, and the steps this account may take (domain.md 2 to 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from litestar import Response, get, post

from hall_protocol.refusals import Refused

from ....core.hall import Hall
from ....core.matters import bad_rating, card, complaint, inquiry_chief, message_book
from ....core.matters.inquiry import AssignInquiry
from ....core.pictures.case import case_view, urgency
from ....core.pictures.complaint import bad_rating_view, book_view, complaint_view
from ....core.pictures.inquiry import inquiry_view
from ....core.registry import Command
from ....core.stamp import Stamp
from ....personal.vault import Visitor
from ....trust.roles import ALLOWED
from ...house import House, HttpRequest
from ...kept_words import ANSWERED
from ...public.words import Speech
from ..cards import REVOKE_REASONS
from ..oversight import carry_over, keep_answer, words_of
from .frame import BASE, FIELD, form_of, go, page, speech_of

SHOWN: Final = 300
"""Rows of one list; the reports have all of them."""
OPEN_CASES: Final = ("received", "supplementing", "accepted", "paused", "reported_up")
Choices = tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """One step a person may take: its form's fields, the command it makes, and under what its words are kept."""

    name: str
    route: str
    """The interface's route whose roles it shares."""
    make: Callable[[str, dict[str, str]], Command]
    fields: tuple[tuple[str, Choices], ...] = (("text", ()),)
    kept_as: Callable[[str], str] = field(default=lambda ident: ident)


def _step(name: str) -> Callable[[str], str]:
    return lambda ident: f"{ident}/{name}"


def _one_of(fields: dict[str, str], name: str, choices: Choices) -> Any:
    if fields.get(name) not in choices:
        raise Refused("bad_request", why=name)
    return fields[name]


OUTCOMES: Final = ("upheld", "dismissed")
FINDINGS: Final = ("clear", "complex", "unfounded")
CALLED: Final = ("satisfied", "not_satisfied", "not_reached")
ACTS: Final[dict[str, tuple[Act, ...]]] = {
    "complaints": (
        Act("accept", "complaints/{id}/accept", lambda i, f: complaint.AcceptComplaint(complaint=i),
            kept_as=_step("accepted")),
        Act("investigate", "complaints/{id}/investigate", lambda i, f: complaint.InvestigateComplaint(complaint=i),
            kept_as=_step("investigating")),
        Act("dispose", "complaints/{id}/dispose",
            lambda i, f: complaint.DisposeComplaint(complaint=i, outcome=_one_of(f, "outcome", OUTCOMES)),
            (("outcome", OUTCOMES), ("text", ())), _step("disposed")),
        Act("answer", "complaints/{id}/answer", lambda i, f: complaint.AnswerComplaint(complaint=i),
            kept_as=_step("answered")),
        Act("file", "complaints/{id}/file",
            lambda i, f: complaint.FileComplaint(complaint=i, reason=_one_of(f, "reason", complaint.FILE_REASONS)),
            (("reason", complaint.FILE_REASONS),), _step("filed")),
        Act("release", "complaints/{id}/release", lambda i, f: complaint.ReleaseComplaint(complaint=i), ()),
    ),
    "messages": (
        Act("reply", "messages/{id}/answer",
            lambda i, f: message_book.AnswerMessage(message=i, publish=_one_of(f, "publish", ("no", "yes")) == "yes"),
            (("text", ()), ("publish", ("no", "yes"))), lambda ident: ident + ANSWERED),
        Act("make_complaint", "messages/{id}/complaint",
            lambda i, f: message_book.MakeComplaint(message=i, category=_one_of(f, "category", complaint.CATEGORIES)),
            (("category", complaint.CATEGORIES),)),
    ),
    "ratings": (
        Act("verify", "bad-ratings/{id}/verify",
            lambda i, f: bad_rating.VerifyBadRating(loop=i, finding=_one_of(f, "finding", FINDINGS)),
            (("finding", FINDINGS), ("text", ())), _step("verified")),
        Act("put_right", "bad-ratings/{id}/put-right", lambda i, f: bad_rating.PutBadRatingRight(loop=i),
            kept_as=_step("put_right")),
        Act("explain", "bad-ratings/{id}/explain", lambda i, f: bad_rating.ExplainBadRating(loop=i),
            kept_as=_step("explained")),
        Act("call_back", "bad-ratings/{id}/call-back",
            lambda i, f: bad_rating.CallBack(loop=i, outcome=_one_of(f, "called", CALLED)),
            (("called", CALLED), ("text", ())), _step("called_back")),
        Act("close", "bad-ratings/{id}/close", lambda i, f: bad_rating.CloseBadRating(loop=i),
            kept_as=_step("closed")),
    ),
    "inquiries": (
        Act("assign", "inquiries/{id}/assign", lambda i, f: AssignInquiry(inquiry=i, to=f.get("clerk", "")),
            (("clerk", ()),)),
    ),
    "limits": (
        Act("revoke_card", "cards/{id}/revoke",
            lambda i, f: card.RevokeCard(card=f.get("card", ""), reason=_one_of(f, "reason_code", REVOKE_REASONS),
                                         evidence="kept" if f.get("text") else ""),
            (("card", ()), ("reason_code", REVOKE_REASONS), ("text", ()))),
    ),
}  # fmt: skip


NEEDS_WORDS: Final = frozenset({"answer", "reply", "verify", "put_right", "explain"})
"""Steps the interface takes with words only: nobody is answered with nothing."""


def allowed(role: str, act: Act) -> bool:
    """Whether this role may take the step by the interface's own table."""
    return role in ALLOWED.get(("POST", f"/api/v1/{act.route}"), frozenset())


# ---------------------------------------------------------------- words


def when(moment: str | None) -> str:
    """`2026-11-24 10:32`, or a dash."""
    return "—" if not moment else f"{moment[:10]} {moment[11:16]}".strip()


def known(speech: Speech, prefix: str, code: str | None) -> str:
    """A code in words where the catalogue has them."""
    if not code:
        return "—"
    key = f"{prefix}.{code}"
    return speech.say(key) if speech.knows(key) else code


def row(name: str, link: str, cells: list[str], light: str = "") -> dict[str, Any]:
    """One row of a register."""
    return {"name": name, "link": f"{BASE}/{link}", "cells": cells, "light": light}


def stamp_of(house: House, request: HttpRequest) -> Stamp:
    """The caller, now."""
    return house.caller(request).stamp(house.engine.clock.now())


# ---------------------------------------------------------------- lists


def cases_part(hall: Hall, speech: Speech, now: int) -> dict[str, Any]:
    """Open cases, worst first."""
    found = sorted((c for c in hall.cases.values() if c.state in OPEN_CASES), key=lambda c: urgency(hall, c, now))
    rows = []
    for case in found[:SHOWN]:
        seen = case_view(hall, case, now)
        left = "—" if seen.working_days_left is None else str(seen.working_days_left)
        due = when(seen.promised_due) + (speech.say("console.provisional") if seen.provisional else "")
        cells = [seen.service_name, seen.department, known(speech, "case.state", seen.state), due, left,
                 known(speech, "report.code.light", seen.light)]  # fmt: skip
        rows.append(row(seen.no, f"limits/{seen.no}", cells, "" if seen.light == "green" else seen.light))
    heads = ["case", "service", "department", "state", "promised_due", "days_left", "light"]
    return {"title": speech.say("console.open_cases", n=len(found)), "heads": heads, "rows": rows}


def inquiries_part(hall: Hall, speech: Speech, stamp: Stamp) -> dict[str, Any]:
    """First inquiries without an answer, oldest first."""
    found = [i for i in hall.inquiries.values() if inquiry_chief.may_see(hall, stamp, i)]
    rows = []
    for one in found[:SHOWN]:
        seen = inquiry_view(hall, one, now=stamp.at)
        cells = [when(seen.opened_at), seen.department, known(speech, "report.code.belongs_to", seen.belongs_to),
                 seen.first_responsible, seen.responsible or f"{seen.listed or ''} ★", seen.offered_to or "—",
                 when(seen.accept_due)]  # fmt: skip
        rows.append(row(seen.id, f"inquiries/{seen.id}", cells, "yellow" if seen.overdue else ""))
    heads = ["inquiry", "opened_at", "department", "belongs_to", "first_responsible", "responsible", "offered_to",
             "accept_due"]  # fmt: skip
    return {"title": speech.say("console.open_inquiries", n=len(found)), "heads": heads, "rows": rows}


def ratings_part(hall: Hall, speech: Speech, stamp: Stamp) -> dict[str, Any]:
    """Loops of bad ratings, open ones first."""
    found = [b for b in hall.bad_ratings.values() if bad_rating.may_see(hall, stamp, b)]
    rows = []
    for one in sorted(found, key=lambda b: b.state == "closed")[:SHOWN]:
        seen = bad_rating_view(hall, one, now=stamp.at)
        state = known(speech, "report.code.state", seen.state)
        due = [when(seen.verify_due), when(seen.put_right_due)]
        cells = [when(seen.opened_at), seen.department, seen.counter, str(seen.level), state, *due]
        rows.append(row(seen.id, f"ratings/{seen.id}", cells, "yellow" if seen.overdue else ""))
    heads = ["loop", "opened_at", "department", "counter", "rating_level", "state", "verify_due", "put_right_due"]
    return {"title": speech.say("console.bad_ratings", n=len(found)), "heads": heads, "rows": rows}


def complaints_part(hall: Hall, speech: Speech, stamp: Stamp) -> dict[str, Any]:
    """Complaints this account may see."""
    found = [c for c in hall.complaints.values() if complaint.may_see(hall, stamp, c)]
    rows = []
    for one in found[:SHOWN]:
        seen = complaint_view(hall, one, now=stamp.at)
        cells = [when(seen.received_at), known(speech, "complaint.category", seen.category), seen.department or "—",
                 known(speech, "console.choice", seen.state), when(seen.accept_due), when(seen.answer_due)]  # fmt: skip
        rows.append(row(seen.no, f"complaints/{seen.no}", cells, "yellow" if seen.overdue else ""))
    heads = ["complaint", "received_at", "category", "department", "state", "accept_due", "answer_due"]
    return {"title": speech.say("console.complaints", n=len(found)), "heads": heads, "rows": rows}


def book_part(hall: Hall, speech: Speech, stamp: Stamp, role: str) -> dict[str, Any]:
    """The message book."""
    found = [b for b in hall.book.values() if message_book.may_see(hall, b, role)]
    rows = [
        row(seen.no, f"messages/{seen.no}",
            [when(seen.received_at), known(speech, "console.choice", seen.state), when(seen.answered_at)])
        for seen in (book_view(hall, b, now=stamp.at) for b in found[:SHOWN])
    ]  # fmt: skip
    return {"title": speech.say("console.message_book", n=len(found)),
            "heads": ["message", "received_at", "state", "answered_at"], "rows": rows}  # fmt: skip


async def register(request: HttpRequest, tab: str, parts: list[dict[str, Any]], questions: Choices) -> Response[str]:
    """A tab's lists, told when all they show is committed."""
    house: House = request.app.state.house
    speech = speech_of(request)
    sees = house.caller(request).role in ("manager", "auditor")
    answer = page(
        request, "register.html", tab=tab, title=speech.say(f"console.tab.{tab}"), parts=parts,
        questions=questions if sees else (),
    )  # fmt: skip
    await house.engine.settled()
    return answer


@get(f"{BASE}/limits", include_in_schema=False)
async def limits(request: HttpRequest) -> Response[str]:
    """Open cases with their lights."""
    house: House = request.app.state.house
    part = cases_part(house.engine.hall, speech_of(request), house.engine.clock.now())
    return await register(request, "limits", [part], ("cases_open", "cases_late", "cards", "not_in_the_hall"))


@get(f"{BASE}/inquiries", include_in_schema=False)
async def inquiries(request: HttpRequest) -> Response[str]:
    """Who is responsible for what."""
    house: House = request.app.state.house
    part = inquiries_part(house.engine.hall, speech_of(request), stamp_of(house, request))
    return await register(request, "inquiries", [part], ("inquiries",))


@get(f"{BASE}/ratings", include_in_schema=False)
async def ratings(request: HttpRequest) -> Response[str]:
    """Bad ratings and what is done about them."""
    house: House = request.app.state.house
    part = ratings_part(house.engine.hall, speech_of(request), stamp_of(house, request))
    return await register(request, "ratings", [part], ("ratings_by_department", "bad_ratings"))


@get(f"{BASE}/complaints", include_in_schema=False)
async def complaints(request: HttpRequest) -> Response[str]:
    """Complaints and the message book."""
    house: House = request.app.state.house
    speech, stamp = speech_of(request), stamp_of(house, request)
    hall, role = house.engine.hall, house.caller(request).role
    parts = [complaints_part(hall, speech, stamp)]
    if role in ("manager", "auditor"):
        parts.append(book_part(hall, speech, stamp, role))
    return await register(request, "complaints", parts, ())


# ---------------------------------------------------------------- one matter


@get(f"{BASE}/limits/{{id:str}}", include_in_schema=False)
async def one_case(request: HttpRequest, id: str) -> Response[str]:
    """A case: both dates, stops, steps, cards. No applicant: that is the counter's business."""
    house: House = request.app.state.house
    hall, speech = house.engine.hall, speech_of(request)
    case = hall.cases.get(id)
    if case is None:
        raise Refused("unknown_case")
    seen = case_view(hall, case, house.engine.clock.now())
    told = [
        ("service", seen.service_name), ("department", seen.department),
        ("state", known(speech, "case.state", seen.state)),
        ("received_at", when(seen.received_at)), ("accepted_on", seen.accepted_on or "—"),
        ("promised_due", when(seen.promised_due)), ("statutory_due", when(seen.statutory_due)),
        ("days_left", "—" if seen.working_days_left is None else str(seen.working_days_left)),
        ("light", known(speech, "report.code.light", seen.light)), ("counter", seen.counter or "—"),
        ("clerk", seen.clerk or "—"), ("catalogue_version", seen.catalogue_version),
    ]  # fmt: skip
    steps = [
        {"words": step.name or known(speech, "case.state", step.code), "at": when(step.at), "who": "", "text": ""}
        for step in seen.trail
    ]
    steps += [
        {"words": f"{known(speech, 'report.code.level', one.level)} {one.id}", "at": when(one.raised_at),
         "who": known(speech, "report.code.cause", one.cause),
         "text": "" if one.revoked_at is None else speech.say("console.revoked", at=when(one.revoked_at))}
        for one in seen.cards
    ]  # fmt: skip
    return await matter(request, "limits", id, told, steps, acts=bool(seen.cards))


@get(f"{BASE}/inquiries/{{id:str}}", include_in_schema=False)
async def one_inquiry(request: HttpRequest, id: str) -> Response[str]:
    """An inquiry with its chain and all times."""
    house: House = request.app.state.house
    hall, speech, stamp = house.engine.hall, speech_of(request), stamp_of(house, request)
    found = hall.inquiries.get(id) or hall.inquiries_answered.get(id)
    if found is None or not inquiry_chief.may_see(hall, stamp, found):
        raise Refused("unknown_inquiry")
    seen = inquiry_view(hall, found, now=stamp.at)
    told = [
        ("opened_at", when(seen.opened_at)), ("department", seen.department),
        ("belongs_to", known(speech, "report.code.belongs_to", seen.belongs_to)),
        ("first_responsible", seen.first_responsible), ("responsible", seen.responsible or "—"),
        ("offered_to", seen.offered_to or "—"), ("accept_due", when(seen.accept_due)),
        ("answered_at", when(seen.answered_at)), ("one_time_notice", seen.one_time_notice or "—"),
    ]  # fmt: skip
    steps = [
        {"words": known(speech, "console.choice", link.how), "at": when(link.since), "who": link.clerk, "text": ""}
        for link in seen.links
    ]
    return await matter(request, "inquiries", id, told, steps, acts=seen.state != "answered")


@get(f"{BASE}/ratings/{{id:str}}", include_in_schema=False)
async def one_rating(request: HttpRequest, id: str) -> Response[str]:
    """A bad rating's loop, with the visitor's comment; the look is recorded."""
    house: House = request.app.state.house
    hall, speech, stamp = house.engine.hall, speech_of(request), stamp_of(house, request)
    loop = hall.bad_ratings.get(id)
    if loop is None or not bad_rating.may_see(hall, stamp, loop):
        raise Refused("unknown_bad_rating")
    refs = {"comment": f"rating:{loop.request}"} | {step.step: f"{id}/{step.step}" for step in loop.steps}
    words = await words_of(house, request, refs, "handle_bad_rating")
    seen = bad_rating_view(hall, loop, now=stamp.at, words=words)
    told = [
        ("opened_at", when(seen.opened_at)), ("department", seen.department), ("counter", seen.counter),
        ("rating_level", str(seen.level)), ("state", known(speech, "report.code.state", seen.state)),
        ("named", speech.say("console.choice.yes" if seen.named else "console.choice.no")),
        ("verify_due", when(seen.verify_due)), ("call_back_due", when(seen.call_back_due)),
        ("put_right_due", when(seen.put_right_due)), ("finding", known(speech, "console.choice", seen.finding)),
    ]  # fmt: skip
    texts = [("comment", seen.comment)] if seen.comment else []
    return await matter(request, "ratings", id, told, step_rows(speech, seen.steps), texts, acts=loop.state != "closed")


@get(f"{BASE}/complaints/{{id:str}}", include_in_schema=False)
async def one_complaint(request: HttpRequest, id: str) -> Response[str]:
    """A complaint with its words; the look is recorded."""
    house: House = request.app.state.house
    hall, speech, stamp = house.engine.hall, speech_of(request), stamp_of(house, request)
    found = complaint.find(hall, id, stamp)
    refs = {"text": id} | {step.step: f"{id}/{step.step}" for step in found.steps}
    words = await words_of(house, request, refs, "handle_complaint")
    seen = complaint_view(hall, found, now=stamp.at, words=words)
    told = [
        ("received_at", when(seen.received_at)), ("category", known(speech, "complaint.category", seen.category)),
        ("department", seen.department or "—"), ("counter", seen.counter or "—"),
        ("state", known(speech, "console.choice", seen.state)), ("accept_due", when(seen.accept_due)),
        ("answer_due", when(seen.answer_due)), ("outcome", known(speech, "console.choice", seen.outcome)),
        ("visitor", seen.visitor or "—"),
    ]  # fmt: skip
    texts = [(name, words) for name, words in (("text", seen.text), ("answer", seen.answer)) if words]
    return await matter(
        request, "complaints", id, told, step_rows(speech, seen.steps), texts, acts=seen.closed_at is None
    )


@get(f"{BASE}/messages/{{id:str}}", include_in_schema=False)
async def one_message(request: HttpRequest, id: str) -> Response[str]:
    """An entry of the message book with its words."""
    house: House = request.app.state.house
    hall, speech, stamp = house.engine.hall, speech_of(request), stamp_of(house, request)
    entry = message_book.find(hall, id)
    if not message_book.may_see(hall, entry, house.caller(request).role):
        raise Refused("unknown_message")
    words = await words_of(house, request, {"text": id, "answered": id + ANSWERED}, "answer_message")
    seen = book_view(hall, entry, now=stamp.at, words=words)
    told = [
        ("received_at", when(seen.received_at)), ("state", known(speech, "console.choice", seen.state)),
        ("answered_at", when(seen.answered_at)),
        ("publish_wanted", speech.say("console.choice.yes" if seen.publish_wanted else "console.choice.no")),
    ]  # fmt: skip
    texts = [(name, words) for name, words in (("text", seen.text), ("answer", seen.answer)) if words]
    return await matter(request, "messages", id, told, [], texts, tab="complaints", acts=seen.answered_at is None)


def step_rows(speech: Speech, steps: list[Any]) -> list[dict[str, str]]:
    """Steps taken, with their words."""
    return [
        {"words": known(speech, "console.choice", one.outcome or one.step), "at": when(one.at), "who": one.who,
         "text": one.text or ""}
        for one in steps
    ]  # fmt: skip


async def matter(
    request: HttpRequest,
    kind: str,
    ident: str,
    facts: list[tuple[str, str]],
    steps: list[dict[str, str]],
    texts: list[tuple[str, str]] | None = None,
    *,
    acts: bool,
    tab: str = "",
) -> Response[str]:
    """One matter whole, with the steps this account may take."""
    house: House = request.app.state.house
    role = house.caller(request).role
    offered = [
        {"name": one.name, "action": f"{BASE}/{kind}/{ident}/{one.name}", "fields": one.fields}
        for one in ACTS[kind]
        if acts and allowed(role, one)
    ]
    answer = page(
        request, "matter.html", tab=tab or kind, title=ident, facts=facts, steps=steps, texts=texts or [], acts=offered
    )
    await house.engine.settled()
    return answer


async def step(request: HttpRequest, kind: str, ident: str, name: str) -> Response[Any]:
    """One step, once; its words are kept where names are kept."""
    house: House = request.app.state.house
    act = next((one for one in ACTS[kind] if one.name == name), None)
    if act is None:
        raise Refused("not_found")
    if not allowed(house.caller(request).role, act):
        raise Refused("not_allowed")
    fields = await form_of(request)
    if act.name in NEEDS_WORDS and not fields.get("text"):
        raise Refused("bad_request", why="text")
    await house.act(request, act.make(ident, fields), None, key=fields.get(FIELD, ""))
    await keep_words(house, request, act, ident, fields)
    return go(f"{BASE}/{kind}/{ident}", said="done")


async def keep_words(house: House, request: HttpRequest, act: Act, ident: str, fields: dict[str, str]) -> None:
    """What was written with a step, where names are kept."""
    text = fields.get("text", "")[:2000]
    if act.name == "reply":
        await keep_answer(house, request, ident, text, publish=fields.get("publish") == "yes")
    elif act.name == "make_complaint":
        became = house.engine.hall.book[ident].complaint
        if became is not None:
            await carry_over(house, request, ident, became)
    elif text:
        await house.keep(act.kept_as(ident), Visitor(text=text))


@post(f"{BASE}/limits/{{id:str}}/{{name:str}}", include_in_schema=False, status_code=303)
async def step_case(request: HttpRequest, id: str, name: str) -> Response[Any]:
    """An auditor's step about a case."""
    return await step(request, "limits", id, name)


@post(f"{BASE}/inquiries/{{id:str}}/{{name:str}}", include_in_schema=False, status_code=303)
async def step_inquiry(request: HttpRequest, id: str, name: str) -> Response[Any]:
    """A chief representative's step."""
    return await step(request, "inquiries", id, name)


@post(f"{BASE}/ratings/{{id:str}}/{{name:str}}", include_in_schema=False, status_code=303)
async def step_rating(request: HttpRequest, id: str, name: str) -> Response[Any]:
    """A step of a loop."""
    return await step(request, "ratings", id, name)


@post(f"{BASE}/complaints/{{id:str}}/{{name:str}}", include_in_schema=False, status_code=303)
async def step_complaint(request: HttpRequest, id: str, name: str) -> Response[Any]:
    """A step of a complaint."""
    return await step(request, "complaints", id, name)


@post(f"{BASE}/messages/{{id:str}}/{{name:str}}", include_in_schema=False, status_code=303)
async def step_message(request: HttpRequest, id: str, name: str) -> Response[Any]:
    """An answer to a message."""
    return await step(request, "messages", id, name)


ROUTES = (
    limits, one_case, step_case, inquiries, one_inquiry, step_inquiry, ratings, one_rating, step_rating, complaints,
    one_complaint, step_complaint, one_message, step_message,
)  # fmt: skip
