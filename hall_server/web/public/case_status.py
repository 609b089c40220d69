"""`POST /case-status`: how far a case is, for anybody who holds its receipt. No login, nothing about anybody else."""

from __future__ import annotations

from litestar import Response, post
from litestar.datastructures import State

from hall_protocol.pictures.matters import CaseStatus
from hall_protocol.refusals import Refused
from hall_protocol.requests import matters as ask

from ...core.hall import Hall
from ...core.pictures.case import status_view
from ...trust.tokens import same_secret
from ..device.tickets import answers, house_of
from ..eyes import plain_code
from ..house import House, HttpRequest


def status_of(house: House, hall: Hall, asked: ask.AskStatus) -> CaseStatus:
    """The masked case; one refusal for every wrong pair, whether there is such a number or not."""
    no = (asked.no or "").strip()
    right = same_secret(plain_code(asked.check_code or ""), plain_code(house.eyes.check_code_of(no)))
    if asked.token is not None:
        sealed = house.seals.unseal("case", asked.token.strip().rsplit("/", 1)[-1])
        right, no = sealed is not None and no in ("", sealed), sealed or no
    case = hall.cases.get(no)
    if case is None or not right:
        raise Refused("unknown_case")
    return status_view(hall, case, house.engine.clock.now(), applicant=house.applicants.masked(no))


@post("/case-status", status_code=200, responses=answers(200, CaseStatus, "The case"), summary="How far is my case")
async def ask_status(request: HttpRequest, state: State, data: ask.AskStatus) -> Response[bytes]:
    """Number and check code stand on the receipt. Reading changes nothing, so it needs no Idempotency-Key."""
    house = house_of(state)
    return await house.shown(lambda hall: status_of(house, hall, data))
