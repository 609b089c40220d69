"""The registers of oversight: who may decide, under which seal, and what an inspection found (domain.md A5, A11c)."""

from __future__ import annotations

from datetime import date

import msgspec
from litestar import Response, get, post
from litestar.datastructures import State

from hall_protocol.refusals import Refused
from hall_protocol.requests import oversight as ask

from ...core.hall import Hall
from ...core.oversight import authorisation, finding, seal
from ...core.oversight.authorisation import Letter
from ...core.oversight.finding import Finding
from ...core.oversight.seal import Seal
from ...core.registry import Event
from ...personal.vault import Visitor
from ..device.tickets import answers, house_of
from ..house import HttpRequest


class Letters(msgspec.Struct):
    """The register of letters."""

    letters: list[Letter]


class Seals(msgspec.Struct):
    """The register of seals."""

    seals: list[Seal]


class Findings(msgspec.Struct):
    """The register of findings."""

    findings: list[Finding]


def day(value: str, field: str) -> str:
    """A day from a request, as it was sent."""
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise Refused("bad_request", why=field) from error
    return value


def day_or_none(value: str | None, field: str) -> str | None:
    """A day from a request, or none."""
    return None if value is None else day(value, field)


@get("/authorisations", responses=answers(200, Letters, "The register"), summary="Letters of authorisation")
async def read_letters(request: HttpRequest, state: State) -> Response[bytes]:
    """Every letter there ever was, in the order they were entered."""
    return await house_of(state).shown(lambda hall: Letters(list(hall.letters.values())))


@post("/authorisations", responses=answers(201, Letter, "Entered"), summary="Enter a letter of authorisation")
async def grant_letter(request: HttpRequest, state: State, data: ask.GrantLetter) -> Response[bytes]:
    """Items × holder × powers × days. A letter is never changed: other powers need another letter."""
    letter = Letter(
        letter=data.letter,
        services=tuple(dict.fromkeys(data.services)),
        holder=data.holder,
        powers=tuple(p for p in authorisation.POWERS if p in data.powers),
        valid_from=day(data.valid_from, "valid_from"),
        valid_to=day_or_none(data.valid_to, "valid_to"),
    )

    def view(hall: Hall, events: list[Event]) -> Letter:
        return hall.letters[data.letter]

    return await house_of(state).act(request, authorisation.GrantLetter(letter=letter), view, status=201)


@post(
    "/authorisations/{id:str}/revoke",
    status_code=200,
    responses=answers(200, Letter, "The letter as it is now"),
    summary="Revoke a letter",
)
async def revoke_letter(request: HttpRequest, state: State, id: str, data: ask.RevokeLetter) -> Response[bytes]:
    """It gives nothing from that day on; what was decided under it before stays."""
    command = authorisation.RevokeLetter(letter=id, revoked_from=day(data.revoked_from, "revoked_from"))
    return await house_of(state).act(request, command, lambda hall, _: hall.letters[id])


@get("/seals", responses=answers(200, Seals, "The register"), summary="Approval seals")
async def read_seals(request: HttpRequest, state: State) -> Response[bytes]:
    """Every seal and who keeps it; each use is in the event `case_decided`."""
    return await house_of(state).shown(lambda hall: Seals(list(hall.seals.values())))


@post("/seals", responses=answers(201, Seal, "Registered"), summary="Register an approval seal")
async def register_seal(request: HttpRequest, state: State, data: ask.RegisterSeal) -> Response[bytes]:
    """A new seal, or another keeper of a known one."""
    command = seal.RegisterSeal(seal=Seal(seal=data.seal, holder=data.holder, department=data.department))
    return await house_of(state).act(request, command, lambda hall, _: hall.seals[data.seal], status=201)


@get("/findings", responses=answers(200, Findings, "The register"), summary="Inspection findings")
async def read_findings(request: HttpRequest, state: State) -> Response[bytes]:
    """Matters that were handled outside the system."""
    return await house_of(state).shown(lambda hall: Findings(list(hall.findings.values())))


@post("/findings", responses=answers(201, Finding, "Recorded"), summary="Record an inspection finding")
async def record_finding(request: HttpRequest, state: State, data: ask.RecordFinding) -> Response[bytes]:
    """Lowers the entry rate of the month in which it was found. The note is kept where names are kept."""
    house = house_of(state)
    command = finding.RecordFinding(
        department=data.department, found_on=day(data.found_on, "found_on"), service=data.service, case=data.case
    )

    def view(hall: Hall, events: list[Event]) -> Finding:
        (event,) = events
        assert isinstance(event, finding.FindingRecorded)
        return hall.findings[event.finding]

    answer = await house.act(request, command, view, status=201)
    if data.note:
        await house.keep(msgspec.json.decode(answer.content)["finding"], Visitor(text=data.note))
    return answer


@post(
    "/findings/{id:str}/link",
    status_code=200,
    responses=answers(200, Finding, "The finding as it is now"),
    summary="Link a finding with its case",
)
async def link_finding(request: HttpRequest, state: State, id: str, data: ask.LinkFinding) -> Response[bytes]:
    """The matter was entered after it was found: it counts once."""
    command = finding.LinkFinding(finding=id, case=data.case)
    return await house_of(state).act(request, command, lambda hall, _: hall.findings[id])


ROUTES = (
    read_letters,
    grant_letter,
    revoke_letter,
    read_seals,
    register_seal,
    read_findings,
    record_finding,
    link_finding,
)
