"""The page `/c/TOKEN` a receipt's QR opens: how far the case is, without a login, the applicant masked.

The token in the address is the credential, for this one case and for looking at it alone.
"""

from __future__ import annotations

from typing import Any

from litestar import Response, Router, get
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from hall_protocol.refusals import Refused

from ...core.pictures.case import status_view
from ..guard import address_of
from ..house import House, HttpRequest
from .case_face import case_face
from .look import templates
from .words import Speech, chosen_language

REQUESTS_PER_S = 5
"""Most requests a second for one case."""


def case_guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The token opens this page; wrong ones are counted by address, right ones by case."""
    house: House = connection.app.state.house
    limit = house.engine.hall.settings.limits.requests_per_s
    found = house.seals.unseal("case", connection.path_params.get("token", ""))
    if found is None:
        house.pace.check(f"address:{address_of(connection)}", limit)
        raise Refused("unknown_case")
    house.pace.check(f"case:{found}", min(limit, REQUESTS_PER_S))
    connection.scope["state"]["case"] = found


@get("/{token:str}", include_in_schema=False)
async def show_case(request: HttpRequest, token: str) -> Response[str]:
    """The case as it is, told when all it shows is committed."""
    from .page import page

    house: House = request.app.state.house
    hall = house.engine.hall
    speech = Speech(chosen_language(request, hall.settings.hall.languages, None))
    case = hall.cases.get(request.scope["state"]["case"])
    if case is None:
        raise Refused("unknown_case")
    status = status_view(hall, case, house.engine.clock.now(), applicant=house.applicants.masked(case.no))
    answer = page(
        request, "case.html", speech, title=f"{speech.say('case.case')} {case.no}", case=case_face(status, speech)
    )
    await house.engine.settled()
    return answer


def case_routes() -> list[Any]:
    """The routes of the page, for `page_routes`. The template is read now, so that a fault shows now."""
    from .page import on_http, on_refused

    templates().get_template("case.html")
    return [
        Router(
            path="/c",
            route_handlers=[show_case],
            guards=[case_guard],
            exception_handlers={Refused: on_refused, HTTPException: on_http},
        )
    ]
