"""Receipt and one-time notice of this counter as blocks of a paper: who the hall is, who handled it, what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from assets.i18n import LANGUAGES, Catalogue
from hall_client.papers.notice import OneTimeNotice, notice_blocks
from hall_client.papers.receipt import case_receipt, receipt_blocks
from hall_client.spoken import Spoken
from hardware.printers.paper import Block


def voices(picture: Mapping[str, Any], catalogue: Catalogue) -> tuple[Spoken, Spoken | None]:
    """The hall's own language and the second one it prints."""
    hall = picture.get("hall") or {}
    first = next((one for one in hall.get("languages") or () if one in LANGUAGES), LANGUAGES[0])
    second = hall.get("second_language")
    return Spoken(catalogue, first), Spoken(catalogue, second) if second in LANGUAGES else None


def receipt(
    case: Mapping[str, Any],
    picture: Mapping[str, Any],
    *,
    slip: tuple[str, str] | None,
    catalogue: Catalogue,
    now: datetime,
    reprint: int = 0,
) -> list[Block]:
    """The receipt of a case. `slip` is check code and address where it was made at this counter; without them the
    paper says that they stand on the first one."""
    hall, counter = picture.get("hall") or {}, picture.get("counter") or {}
    code, url = slip or ("", "")
    paper = case_receipt(
        {**case, "check_code": code},
        hall_name=str(hall.get("name", "")),
        service_name=str(case.get("service_name", "")),
        department_name=str(case.get("department") or counter.get("department", "")),
        documents=tuple(case.get("documents", ())),
        printed_at=now,
        counter=str(counter.get("counter", "")),
        clerk=str(counter.get("clerk") or ""),
        hotline=str(hall.get("hotline") or ""),
        complaint_phone=str(hall.get("complaint_phone") or ""),
        url=url,
        reprint=reprint,
    )
    return receipt_blocks(paper, *voices(picture, catalogue))


def notice(
    items: Sequence[str],
    picture: Mapping[str, Any],
    *,
    service_name: str,
    number: str,
    case_no: str = "",
    by: str | None = None,
    catalogue: Catalogue,
    now: datetime,
    reprint: int = 0,
) -> list[Block]:
    """The one-time notice: of a case what is missing, of a question what is needed."""
    hall, counter = picture.get("hall") or {}, picture.get("counter") or {}
    paper = OneTimeNotice(
        hall_name=str(hall.get("name", "")),
        service_name=service_name,
        items=tuple(items),
        printed_at=now,
        number=number,
        case_no=case_no,
        by=date.fromisoformat(by) if by else None,
        counter=str(counter.get("counter", "")),
        clerk=str(counter.get("clerk") or ""),
        hotline=str(hall.get("hotline") or ""),
        reprint=reprint,
    )
    return notice_blocks(paper, *voices(picture, catalogue))
