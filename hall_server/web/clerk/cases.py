"""Cases at the counter and from integrators: each act is one command, the answer shows the case as it is then.

Whose case it is, and every reason in words, goes to the vault; the journal gets codes. Check code and address of the
status page are filled in when the answer leaves and are stored nowhere.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import Parameter

from hall_protocol.pictures.matters import Case as CaseView
from hall_protocol.pictures.matters import CaseDates, CaseList, CaseMade
from hall_protocol.refusals import Refused
from hall_protocol.requests import matters as ask
from hall_protocol.requests.visitor import VisitorDetails

from ...core.hall import Hall
from ...core.matters import case_commands as acts
from ...core.matters.card import find_case
from ...core.matters.case import Case
from ...core.matters.case_commands import END_REASONS, EXTEND_REASONS, HIGHER, PAUSE_REASONS
from ...core.matters.case_events import CaseReceived
from ...core.pictures.case import brief, case_view, preview, urgency
from ...core.registry import Event
from ...personal.masking import masked_id_number
from ...personal.vault import Visitor
from ..caller import Caller
from ..device.tickets import answers, house_of
from ..house import CASE, HIDDEN, House, HttpRequest
from ..kept_words import opened
from .counters import code_of, moment

LIST_MOST = 200
ONE_CASE = answers(200, CaseView, "The case as it is now")


class Applicant(msgspec.Struct):
    """Whose case it is, as the counter that handles it needs it; an identity number never whole."""

    name: str | None
    phone: str | None
    id_number: str | None


def by_rule(data: ask.CaseRequest | None) -> None:
    """Refuses a due date that somebody gives: it is computed from the calendar."""
    if data is not None and (data.promised_due is not None or data.statutory_due is not None):
        raise Refused("due_by_hand")


def coded(reason: str, codes: tuple[str, ...]) -> str:
    """What the journal keeps of a reason; nothing stays nothing, which the rules refuse."""
    return code_of(reason.strip(), codes) if reason.strip() else ""


async def act(
    request: HttpRequest,
    state: State,
    command: acts.CaseCommand,
    data: ask.CaseRequest | None,
    *,
    words: str = "",
    codes: tuple[str, ...] = (),
) -> Response[bytes]:
    """One act on a case; `words` outside `codes` are kept where names are kept, under the case and the act."""
    by_rule(data)
    house = house_of(state)

    def view(hall: Hall, events: list[Event]) -> CaseView:
        return case_view(hall, hall.cases[command.case], house.engine.clock.now())

    answer = await house.act(request, command, view)
    if words.strip() and words.strip() not in codes:
        name = str(request.scope["path"]).rsplit("/", 1)[-1]
        await house.keep(f"case:{command.case}/{name}", Visitor(text=words.strip()))
    return answer


def decision_of(data: ask.DecideCase) -> acts.Decision:
    """The decision of a request."""
    by_rule(data)
    return acts.Decision(outcome=data.outcome, seal=data.seal, place=data.place)


# ---------------------------------------------------------------- receipt


@post("/cases", responses=answers(201, CaseMade, "The case, with its check code"), summary="Receive an application")
async def receive(request: HttpRequest, state: State, data: ask.NewCase) -> Response[bytes]:
    """Number and check code are given once, here and on the receipt. With `accept` and `decide` it is one act."""
    by_rule(data)
    house = house_of(state)
    caller = house.caller(request)
    command = acts.ReceiveCase(
        service=data.service,
        form=data.form or "reception",
        ticket=data.ticket,
        channel=data.channel,
        documents=None if data.documents is None else tuple(data.documents),
        show_name=data.show_name,
        received_at=moment(data.received_at, "received_at"),
        project=data.project,
        reference=data.reference,
        accept=data.accept,
        decision=None if data.decide is None else decision_of(data.decide),
    )

    def view(hall: Hall, events: list[Event]) -> CaseMade:
        event = events[0]
        assert isinstance(event, CaseReceived)
        shown = case_view(hall, hall.cases[event.case], house.engine.clock.now())
        hidden = HIDDEN + event.case
        return CaseMade(**msgspec.structs.asdict(shown), check_code=hidden, url=f"{HIDDEN}{CASE}{event.case}")

    answer = await house.act(request, command, view, status=201, caller=caller)
    if data.applicant is not None:
        await keep_applicant(house, answer, data.applicant)
    return answer


async def keep_applicant(house: House, answer: Response[bytes], applicant: VisitorDetails) -> None:
    """Whose case it is, where it can be forgotten."""
    no = str(msgspec.json.decode(answer.content)["no"])
    left = Visitor(name=applicant.name, phone=applicant.phone, id_number=applicant.id_number)
    await house.keep(f"case:{no}", left)
    house.applicants.forget(no)


# ---------------------------------------------------------------- reading


@get("/cases/preview", responses=answers(200, CaseDates, "Both dates"), summary="What would be promised now")
async def look_ahead(
    request: HttpRequest, state: State, service: Annotated[str, Parameter(max_length=64)]
) -> Response[bytes]:
    """Both dates of an item if it were accepted now, its documents, and whether this clerk may decide it."""
    house = house_of(state)
    stamp = house.caller(request).stamp(house.engine.clock.now())

    def view(hall: Hall) -> CaseDates:
        found = hall.services.get(service)
        if found is None or found.state != "in_use":
            raise Refused("unknown_service")
        return preview(hall, found, stamp)

    return await house.shown(view)


@get("/cases/{no:str}", responses=ONE_CASE, summary="Look at a case")
async def look(request: HttpRequest, state: State, no: str) -> Response[bytes]:
    """Everything about it but whose it is."""
    house = house_of(state)
    return await house.shown(lambda hall: case_view(hall, find_case(hall, no), house.engine.clock.now()))


@get("/cases/{no:str}/applicant", responses=answers(200, Applicant, "Who applied"), summary="Whose case it is")
async def applicant(request: HttpRequest, state: State, no: str) -> Response[bytes]:
    """Name and telephone in full, for whoever has to reach them; the look is on record."""
    house = house_of(state)
    caller = house.caller(request)
    require_concerned(house.engine.hall, find_case(house.engine.hall, no), caller)
    left = await opened(house, f"{CASE}{no}", who=caller.actor, why="case")
    number = None if left.id_number is None else masked_id_number(left.id_number, first=3, last=4)
    return await house.shown(lambda hall: Applicant(name=left.name, phone=left.phone, id_number=number))


def require_concerned(hall: Hall, case: Case, caller: Caller) -> None:
    """Refuses whoever has nothing to do with the case: neither does it lie with him nor with his department."""
    known = hall.clerks.get(caller.clerk or "") or hall.accounts.get(caller.account or "")
    own = known.department if known is not None else None
    if caller.clerk is not None and caller.clerk == case.clerk:
        return
    if own != case.department:
        raise Refused("not_authorised")


@get("/cases", responses=answers(200, CaseList, "Cases, worst first"), summary="Find cases")
async def find(
    request: HttpRequest,
    state: State,
    mine: str | None = None,
    department: Annotated[str | None, Parameter(max_length=64)] = None,
    status: Annotated[str | None, Parameter(query="state", max_length=20)] = None,
    no: Annotated[str | None, Parameter(max_length=20)] = None,
) -> Response[bytes]:
    """`mine` are those that lie with this clerk; `no` is any part of a number; without `state` those in progress."""
    house = house_of(state)
    clerk = house.caller(request).clerk
    now = house.engine.clock.now()

    def wanted(case: Case) -> bool:
        return (
            (case.state == status if status is not None else case.is_open or no is not None)
            and (mine is None or case.clerk == clerk)
            and (department is None or case.department == department)
            and (no is None or no in case.no)
        )

    def view(hall: Hall) -> CaseList:
        found = [case for case in hall.cases.values() if wanted(case)]
        found.sort(key=lambda case: urgency(hall, case, now))
        return CaseList(cases=[brief(hall, case, now) for case in found[:LIST_MOST]], more=len(found) > LIST_MOST)

    return await house.shown(view)


# ---------------------------------------------------------------- acts


@post("/cases/{no:str}/supplement", status_code=200, responses=ONE_CASE, summary="Name everything that is missing")
async def supplement(request: HttpRequest, state: State, no: str, data: ask.SupplementCase) -> Response[bytes]:
    """One list, given once."""
    command = acts.AskSupplement(case=no, missing=tuple(data.missing), notice_no=data.notice_no)
    return await act(request, state, command, data)


@post("/cases/{no:str}/accept", status_code=200, responses=ONE_CASE, summary="Accept the application")
async def accept(request: HttpRequest, state: State, no: str, data: ask.AcceptCase | None = None) -> Response[bytes]:
    """Documents are complete; both clocks start on the next day."""
    named = None if data is None or data.documents is None else tuple(data.documents)
    return await act(request, state, acts.AcceptCase(case=no, documents=named), data)


@post("/cases/{no:str}/not-accept", status_code=200, responses=ONE_CASE, summary="Do not accept it")
async def not_accept(request: HttpRequest, state: State, no: str, data: ask.EndCase) -> Response[bytes]:
    """With a written reason."""
    command = acts.RefuseCase(case=no, reason=coded(data.reason, END_REASONS))
    return await act(request, state, command, data, words=data.reason, codes=END_REASONS)


@post("/cases/{no:str}/pause", status_code=200, responses=ONE_CASE, summary="Stop both clocks")
async def pause(request: HttpRequest, state: State, no: str, data: ask.PauseCase) -> Response[bytes]:
    """A special procedure, by a chief representative with a written notice; from today on."""
    command = acts.PauseCase(case=no, reason=coded(data.reason, PAUSE_REASONS), notice_no=data.notice_no)
    return await act(request, state, command, data, words=data.reason, codes=PAUSE_REASONS)


@post("/cases/{no:str}/resume", status_code=200, responses=ONE_CASE, summary="Let both clocks run again")
async def resume(request: HttpRequest, state: State, no: str, data: ask.ResumeCase | None = None) -> Response[bytes]:
    """Today counts again."""
    return await act(request, state, acts.ResumeCase(case=no), data)


@post("/cases/{no:str}/step", status_code=200, responses=ONE_CASE, summary="Go on to a step")
async def step(request: HttpRequest, state: State, no: str, data: ask.StepCase) -> Response[bytes]:
    """One of the item's steps, by its name or its place."""
    return await act(request, state, acts.StepCase(case=no, step=data.step), data)


@post("/cases/{no:str}/extend", status_code=200, responses=ONE_CASE, summary="Extend both limits")
async def extend(request: HttpRequest, state: State, no: str, data: ask.ExtendCase) -> Response[bytes]:
    """Once, before the due instant, by a chief representative with a written notice."""
    reason = coded(data.reason, EXTEND_REASONS)
    command = acts.ExtendCase(case=no, days=data.days, reason=reason, notice_no=data.notice_no)
    return await act(request, state, command, data, words=data.reason, codes=EXTEND_REASONS)


@post("/cases/{no:str}/decide", status_code=200, responses=ONE_CASE, summary="Grant or deny")
async def decide(request: HttpRequest, state: State, no: str, data: ask.DecideCase) -> Response[bytes]:
    """At a counter under a letter of authorisation; an integrator's decision is the department's."""
    return await act(request, state, acts.DecideCase(case=no, decision=decision_of(data)), data)


@post("/cases/{no:str}/deliver", status_code=200, responses=ONE_CASE, summary="The applicant has it")
async def deliver(request: HttpRequest, state: State, no: str, data: ask.DeliverCase | None = None) -> Response[bytes]:
    """After the decision."""
    return await act(request, state, acts.DeliverCase(case=no), data)


@post("/cases/{no:str}/withdraw", status_code=200, responses=ONE_CASE, summary="The applicant withdraws")
async def withdraw(request: HttpRequest, state: State, no: str, data: ask.EndCase) -> Response[bytes]:
    """Before a decision."""
    command = acts.WithdrawCase(case=no, reason=coded(data.reason, END_REASONS))
    return await act(request, state, command, data, words=data.reason, codes=END_REASONS)


@post("/cases/{no:str}/void", status_code=200, responses=ONE_CASE, summary="Should not have been entered")
async def void(request: HttpRequest, state: State, no: str, data: ask.EndCase) -> Response[bytes]:
    """A double or mistaken entry: it counts nowhere."""
    command = acts.VoidCase(case=no, reason=coded(data.reason, END_REASONS))
    return await act(request, state, command, data, words=data.reason, codes=END_REASONS)


@post("/cases/{no:str}/report-up", status_code=200, responses=ONE_CASE, summary="Pass on to a higher authority")
async def report_up(request: HttpRequest, state: State, no: str, data: ask.ReportUp) -> Response[bytes]:
    """With its receipt; it leaves the share closed on site and stays in the share closed in time."""
    command = acts.ReportUp(case=no, to=code_of(data.to, HIGHER), receipt=data.receipt)
    return await act(request, state, command, data, words=data.to, codes=HIGHER)


@post("/cases/{no:str}/reported-answer", status_code=200, responses=ONE_CASE, summary="The higher authority decided")
async def reported_answer(request: HttpRequest, state: State, no: str, data: ask.ReportedAnswer) -> Response[bytes]:
    """Its decision is the case's."""
    return await act(request, state, acts.ReportedAnswer(case=no, outcome=data.outcome), data)


@post("/cases/{no:str}/reopen", status_code=200, responses=ONE_CASE, summary="To be decided once more")
async def reopen(request: HttpRequest, state: State, no: str, data: ask.EndCase) -> Response[bytes]:
    """By a chief representative; the first decision keeps counting."""
    command = acts.ReopenCase(case=no, reason=coded(data.reason, END_REASONS))
    return await act(request, state, command, data, words=data.reason, codes=END_REASONS)


ROUTES = (
    receive, look_ahead, find, look, applicant, supplement, accept, not_accept, pause, resume, step, extend, decide,
    deliver, withdraw, void, report_up, reported_answer, reopen,
)  # fmt: skip
"""Every route under `/cases`."""
