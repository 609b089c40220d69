"""Complaints, the message book, bad ratings and the review of ratings, for those who handle and oversee them."""

from __future__ import annotations

import asyncio

import msgspec
from litestar import Response, get, post
from litestar.datastructures import State

from hall_protocol.pictures.inquiries import BadRating as BadRatingView
from hall_protocol.pictures.inquiries import BookEntry as BookView
from hall_protocol.pictures.inquiries import Complaint as ComplaintView
from hall_protocol.refusals import Refused
from hall_protocol.requests import Empty
from hall_protocol.requests import inquiries as ask

from ...core.hall import Hall
from ...core.matters import bad_rating, complaint, message_book, rating
from ...core.pictures.complaint import bad_rating_view, book_view, complaint_view, public_view
from ...core.registry import Command, Event
from ...core.stamp import Stamp
from ...personal.vault import Visitor
from ..device.tickets import answers, house_of
from ..house import House, HttpRequest
from ..kept_words import ANSWERED, masked, opened

OVERSEERS = frozenset({"manager", "auditor"})
"""Who sees the whole message book."""
LOOK_BACK_MOST = 50_000
"""Ratings of the journal that are looked through for the one to be reviewed."""


class ComplaintsView(msgspec.Struct):
    """Complaints the caller may see, oldest first, without their words."""

    complaints: list[ComplaintView]


class MessagesView(msgspec.Struct):
    """Entries of the message book, oldest first."""

    messages: list[BookView]


class BadRatingsView(msgspec.Struct):
    """Loops the caller may see, oldest first, without words."""

    bad_ratings: list[BadRatingView]


class ReviewView(msgspec.Struct):
    """A rating was reviewed; it stays."""

    request: str
    decision: str


ONE_COMPLAINT = answers(200, ComplaintView, "The complaint as it is now")
ONE_MESSAGE = answers(200, BookView, "The entry as it is now")
ONE_LOOP = answers(200, BadRatingView, "The loop as it is now")


def stamped(house: House, request: HttpRequest) -> Stamp:
    """The caller, now."""
    return house.caller(request).stamp(house.engine.clock.now())


async def words_of(house: House, request: HttpRequest, refs: dict[str, str], why: str) -> dict[str, str]:
    """Texts by name from the vault, the looks recorded; what has been forgotten is left out. Visitors come masked."""
    who, found = house.caller(request).actor, {}
    for name, ref in refs.items():
        kept = await opened(house, ref, who=who, why=why)
        if kept.text is not None:
            found[name] = kept.text
        if (visitor := masked(kept)) is not None:
            found["visitor"] = visitor
    return found


# ---------------------------------------------------------------- complaints


@get("/complaints", responses=answers(200, ComplaintsView, "Complaints"), summary="List complaints")
async def complaints(request: HttpRequest, state: State) -> Response[bytes]:
    """Misconduct only for auditors until it is released; a department's chief representative sees his department's."""
    house = house_of(state)
    stamp = stamped(house, request)

    def view(hall: Hall) -> ComplaintsView:
        found = [c for c in hall.complaints.values() if complaint.may_see(hall, stamp, c)]
        return ComplaintsView(complaints=[complaint_view(hall, c, now=stamp.at) for c in found])

    return await house.shown(view)


@get("/complaints/{id:str}", responses=answers(200, ComplaintView, "The complaint"), summary="Look at a complaint")
async def look_at_complaint(request: HttpRequest, state: State, id: str) -> Response[bytes]:
    """With its words; the look is recorded."""
    house = house_of(state)
    stamp = stamped(house, request)
    found = complaint.find(house.engine.hall, id, stamp)
    refs = {"text": id} | {step.step: f"{id}/{step.step}" for step in found.steps}
    words = await words_of(house, request, refs, "handle_complaint")
    return await house.shown(lambda hall: complaint_view(hall, found, now=stamp.at, words=words))


async def on_complaint(
    request: HttpRequest, state: State, id: str, command: Command, *, step: str = "", text: str | None = None
) -> Response[bytes]:
    """One step of a complaint, its words kept under its number."""
    house = house_of(state)

    def view(hall: Hall, events: list[Event]) -> ComplaintView:
        return complaint_view(hall, hall.complaints[id], now=house.engine.clock.now())

    answer = await house.act(request, command, view)
    if text is not None:
        await house.keep(f"{id}/{step}", Visitor(text=text))
    return answer


@post("/complaints/{id:str}/accept", status_code=200, responses=ONE_COMPLAINT, summary="Take a complaint up")
async def accept(request: HttpRequest, state: State, id: str, data: ask.Note | None = None) -> Response[bytes]:
    """Within five working days of its receipt."""
    text = data.text if data else None
    return await on_complaint(request, state, id, complaint.AcceptComplaint(complaint=id), step="accepted", text=text)


@post("/complaints/{id:str}/investigate", status_code=200, responses=ONE_COMPLAINT, summary="Look into a complaint")
async def investigate(request: HttpRequest, state: State, id: str, data: ask.Note | None = None) -> Response[bytes]:
    """It is being looked into."""
    text = data.text if data else None
    command = complaint.InvestigateComplaint(complaint=id)
    return await on_complaint(request, state, id, command, step="investigating", text=text)


@post("/complaints/{id:str}/dispose", status_code=200, responses=ONE_COMPLAINT, summary="Decide a complaint")
async def dispose(request: HttpRequest, state: State, id: str, data: ask.DisposeComplaint) -> Response[bytes]:
    """Upheld or dismissed."""
    command = complaint.DisposeComplaint(complaint=id, outcome=data.outcome)
    return await on_complaint(request, state, id, command, step="disposed", text=data.text)


@post("/complaints/{id:str}/answer", status_code=200, responses=ONE_COMPLAINT, summary="Answer a complaint")
async def answer_complaint(request: HttpRequest, state: State, id: str, data: ask.AnswerComplaint) -> Response[bytes]:
    """The complainant is told what came out."""
    command = complaint.AnswerComplaint(complaint=id)
    return await on_complaint(request, state, id, command, step="answered", text=data.text)


@post("/complaints/{id:str}/file", status_code=200, responses=ONE_COMPLAINT, summary="File a complaint")
async def file(request: HttpRequest, state: State, id: str, data: ask.CloseComplaint | None = None) -> Response[bytes]:
    """After its answer; or at once, with the reason why it is not taken up."""
    reason = data.reason if data else None
    words = None if reason in complaint.FILE_REASONS else reason
    command = complaint.FileComplaint(complaint=id, reason=reason)
    return await on_complaint(request, state, id, command, step="filed", text=words)


@post("/complaints/{id:str}/withdraw", status_code=200, responses=ONE_COMPLAINT, summary="Withdraw a complaint")
async def withdraw(
    request: HttpRequest, state: State, id: str, data: ask.CloseComplaint | None = None
) -> Response[bytes]:
    """The complainant takes it back."""
    reason = data.reason if data else None
    command = complaint.WithdrawComplaint(complaint=id)
    return await on_complaint(request, state, id, command, step="withdrawn", text=reason)


@post("/complaints/{id:str}/release", status_code=200, responses=ONE_COMPLAINT, summary="Release a complaint")
async def release(request: HttpRequest, state: State, id: str, data: Empty | None = None) -> Response[bytes]:
    """The department concerned may see it from now on."""
    return await on_complaint(request, state, id, complaint.ReleaseComplaint(complaint=id))


# ---------------------------------------------------------------- message book


@get("/messages", responses=answers(200, MessagesView, "The message book"), summary="Read the message book")
async def messages(request: HttpRequest, state: State) -> Response[bytes]:
    """What both sides agreed to publish, with its answer; managers and auditors see the others by number."""
    house = house_of(state)
    role = house.caller(request).role
    sees_all = role in OVERSEERS
    now = house.engine.clock.now()

    def view(hall: Hall) -> MessagesView:
        found: list[BookView] = []
        for entry in hall.book.values():
            if not message_book.may_see(hall, entry, role):
                continue
            if entry.state == "published":
                at_hand = {"text": entry.no, "answered": entry.no + ANSWERED}
                words = {name: t for name, ref in at_hand.items() if (t := house.words.get(ref)) is not None}
                found.append((book_view if sees_all else _public)(hall, entry, now=now, words=words))
            elif sees_all:
                found.append(book_view(hall, entry, now=now))
        return MessagesView(messages=found)

    return await house.shown(view)


def _public(hall: Hall, entry: message_book.BookEntry, *, now: int, words: dict[str, str]) -> BookView:
    return public_view(hall, entry, words=words)


@get("/messages/{id:str}", responses=answers(200, BookView, "The entry"), summary="Look at a message")
async def look_at_message(request: HttpRequest, state: State, id: str) -> Response[bytes]:
    """With its words; the look is recorded."""
    house = house_of(state)
    entry = message_book.find(house.engine.hall, id)
    if not message_book.may_see(house.engine.hall, entry, house.caller(request).role):
        raise Refused("unknown_message")
    words = await words_of(house, request, {"text": id, "answered": id + ANSWERED}, "answer_message")
    now = house.engine.clock.now()
    return await house.shown(lambda hall: book_view(hall, entry, now=now, words=words))


@post("/messages/{id:str}/answer", status_code=200, responses=ONE_MESSAGE, summary="Answer a message")
async def answer_message(request: HttpRequest, state: State, id: str, data: ask.AnswerMessage) -> Response[bytes]:
    """`publish` when the hall agrees that everybody sees it; refused when the writer does not."""
    house = house_of(state)

    def view(hall: Hall, events: list[Event]) -> BookView:
        return book_view(hall, hall.book[id], now=house.engine.clock.now())

    command = message_book.AnswerMessage(message=id, publish=data.publish)
    answer = await house.act(request, command, view)
    await keep_answer(house, request, id, data.text, publish=data.publish)
    return answer


async def keep_answer(house: House, request: HttpRequest, id: str, text: str, *, publish: bool) -> None:
    """The words of an answer to a message, at hand for everybody when both sides agreed."""
    await house.keep(id + ANSWERED, Visitor(text=text))
    if publish:
        written = await opened(house, id, who=house.caller(request).actor, why="publish_message")
        if written.text is not None:
            house.words[id] = written.text
        house.words[id + ANSWERED] = text


@post("/messages/{id:str}/complaint", status_code=201, responses=answers(201, ComplaintView, "A complaint now"),
      summary="Make a message a complaint")  # fmt: skip
async def make_complaint(request: HttpRequest, state: State, id: str, data: ask.MakeComplaint) -> Response[bytes]:
    """A person decides; it belongs to the month in which the message was written."""
    house = house_of(state)

    def view(hall: Hall, events: list[Event]) -> ComplaintView:
        event = events[0]
        assert isinstance(event, complaint.ComplaintReceived)
        return complaint_view(hall, hall.complaints[event.complaint], now=house.engine.clock.now())

    command = message_book.MakeComplaint(message=id, category=data.category)
    answer = await house.act(request, command, view, status=201)
    await carry_over(house, request, id, str(msgspec.json.decode(answer.content)["no"]))
    return answer


async def carry_over(house: House, request: HttpRequest, id: str, complaint: str) -> None:
    """The words of a message go with the complaint it became."""
    written = await opened(house, id, who=house.caller(request).actor, why="make_complaint")
    await house.keep(complaint, written)


# ---------------------------------------------------------------- bad ratings


@get("/bad-ratings", responses=answers(200, BadRatingsView, "Loops of bad ratings"), summary="List bad ratings")
async def bad_ratings(request: HttpRequest, state: State) -> Response[bytes]:
    """For managers, auditors and the department's chief representative; never for the clerk concerned."""
    house = house_of(state)
    stamp = stamped(house, request)

    def view(hall: Hall) -> BadRatingsView:
        found = [b for b in hall.bad_ratings.values() if bad_rating.may_see(hall, stamp, b)]
        return BadRatingsView(bad_ratings=[bad_rating_view(hall, b, now=stamp.at) for b in found])

    return await house.shown(view)


@get("/bad-ratings/{id:str}", responses=answers(200, BadRatingView, "The loop"), summary="Look at a bad rating")
async def look_at_bad_rating(request: HttpRequest, state: State, id: str) -> Response[bytes]:
    """With the visitor's comment and what was done; the look is recorded."""
    house = house_of(state)
    stamp, hall = stamped(house, request), house.engine.hall
    loop = hall.bad_ratings.get(id)
    if loop is None or not bad_rating.may_see(hall, stamp, loop):
        raise Refused("unknown_bad_rating")
    refs = {"comment": f"rating:{loop.request}"} | {step.step: f"{id}/{step.step}" for step in loop.steps}
    words = await words_of(house, request, refs, "handle_bad_rating")
    return await house.shown(lambda hall: bad_rating_view(hall, loop, now=stamp.at, words=words))


async def on_loop(
    request: HttpRequest, state: State, id: str, command: Command, *, step: str, text: str | None
) -> Response[bytes]:
    """One step of a loop, its words kept under its number."""
    house = house_of(state)

    def view(hall: Hall, events: list[Event]) -> BadRatingView:
        return bad_rating_view(hall, hall.bad_ratings[id], now=house.engine.clock.now())

    answer = await house.act(request, command, view)
    if text is not None:
        await house.keep(f"{id}/{step}", Visitor(text=text))
    return answer


@post("/bad-ratings/{id:str}/verify", status_code=200, responses=ONE_LOOP, summary="Verify a bad rating")
async def verify(request: HttpRequest, state: State, id: str, data: ask.VerifyBadRating) -> Response[bytes]:
    """By anybody but the clerk concerned."""
    command = bad_rating.VerifyBadRating(loop=id, finding=data.finding)
    return await on_loop(request, state, id, command, step="verified", text=data.text)


@post("/bad-ratings/{id:str}/put-right", status_code=200, responses=ONE_LOOP, summary="Put right")
async def put_right(request: HttpRequest, state: State, id: str, data: ask.StepBadRating) -> Response[bytes]:
    """What was wrong has been put right."""
    command = bad_rating.PutBadRatingRight(loop=id)
    return await on_loop(request, state, id, command, step="put_right", text=data.text)


@post("/bad-ratings/{id:str}/explain", status_code=200, responses=ONE_LOOP, summary="Explain")
async def explain(request: HttpRequest, state: State, id: str, data: ask.StepBadRating) -> Response[bytes]:
    """What was asked for has no basis, and the visitor is told why."""
    command = bad_rating.ExplainBadRating(loop=id)
    return await on_loop(request, state, id, command, step="explained", text=data.text)


@post("/bad-ratings/{id:str}/call-back", status_code=200, responses=ONE_LOOP, summary="Call back")
async def call_back(request: HttpRequest, state: State, id: str, data: ask.CallBack) -> Response[bytes]:
    """Whoever rated and left a telephone is called."""
    command = bad_rating.CallBack(loop=id, outcome=data.outcome)
    return await on_loop(request, state, id, command, step="called_back", text=data.text)


@post("/bad-ratings/{id:str}/close", status_code=200, responses=ONE_LOOP, summary="Close the loop")
async def close(request: HttpRequest, state: State, id: str, data: ask.Note | None = None) -> Response[bytes]:
    """Verified, put right or explained, and called back where there is somebody to call."""
    text = data.text if data else None
    return await on_loop(request, state, id, bad_rating.CloseBadRating(loop=id), step="closed", text=text)


# ---------------------------------------------------------------- review


@post("/ratings/{id:str}/review", status_code=201, responses=answers(201, ReviewView, "Reviewed"),
      summary="Review a rating")  # fmt: skip
async def review(request: HttpRequest, state: State, id: str, data: ask.ReviewRating) -> Response[bytes]:
    """The rating stays for ever; `excluded` takes it out of the indicators, `confirmed` keeps it in."""
    house = house_of(state)
    given = await asyncio.to_thread(was_given, house, id)
    command = rating.ReviewRating(
        request=id, decision=data.decision, reason=data.reason, evidence=tuple(data.evidence), given=given
    )

    def view(hall: Hall, events: list[Event]) -> ReviewView:
        return ReviewView(request=id, decision=data.decision)

    answer = await house.act(request, command, view, status=201)
    words = [w for w in (data.text, None if data.reason in rating.REVIEW_REASONS else data.reason) if w]
    if words:
        await house.keep(f"review:{id}", Visitor(text="\n".join(words)))
    return answer


def was_given(house: House, request: str) -> bool:
    """Whether the journal has a rating for this request: it stands behind the question, whose place is in its id."""
    if not (request[:1] == "R" and request[1:].isascii() and request[1:].isdigit() and len(request) < 18):
        return False
    from ...journal.reader import Reader

    with Reader(house.data / "journal.db") as reader:
        after = int(request[1:])
        for row in reader.read(after, LOOK_BACK_MOST, frozenset({"rating_given"})):
            if msgspec.json.decode(row.data)["request"] == request:
                return True
    return False


ROUTES = (
    complaints, look_at_complaint, accept, investigate, dispose, answer_complaint, file, withdraw, release,
    messages, look_at_message, answer_message, make_complaint,
    bad_ratings, look_at_bad_rating, verify, put_right, explain, call_back, close, review,
)  # fmt: skip
