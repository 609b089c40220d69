"""Cases and first inquiries of one clerk: what was entered, what was fetched, what goes to the hall and to paper.

The check code of a case made here stays in memory until this program ends, for the receipt alone; it is never logged.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote

import structlog
from PySide6.QtCore import QObject, Signal

from assets.i18n import Catalogue
from hardware.printers.paper import Block

from . import cases, papers
from .dialogs import Intent
from .errands import Errands
from .questions import Desk as Asked
from .saying import Say, say
from .whynot import Situation

ASK_AGAIN_S = 5.0
"""A preview or a case that could not be read is asked for again after so long."""
log = structlog.get_logger("counter")


class Prints(Protocol):
    """What is needed of the counter's printer."""

    def print(self, name: str, blocks: list[Block], done: Callable[[str], None]) -> None:
        """`done` gets `confirmed failed unknown` on the Qt thread."""
        ...


class Casework(QObject):
    """Everything about cases that this program alone knows."""

    changed = Signal()

    def __init__(
        self,
        errands: Errands,
        *,
        picture: Callable[[], dict[str, Any] | None],
        situation: Callable[[], Situation],
        catalogue: Catalogue,
        services: Callable[[], list[dict[str, Any]]],
        printer: Prints | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._errands, self._picture, self._situation = errands, picture, situation
        self._catalogue, self.services, self._printer = catalogue, services, printer
        self.told: tuple[Say, float] | None = None
        """What happened to the last paper, and when by the monotonic clock."""
        self._previews: dict[str, dict[str, Any]] = {}
        self._cases: dict[str, dict[str, Any]] = {}
        self._looked: dict[str, float] = {}
        self._papers: dict[str, int] = {}
        self._column: Any = None
        errands.done.connect(self._done)

    # -- what is seen ---------------------------------------------------------------------------------------------

    def read(self, picture: dict[str, Any] | None) -> None:
        """A picture to look at: another ticket begins a new form, other cases are read anew."""
        if picture is None:
            return
        if picture.get("cases") != self._column:
            self._column = picture.get("cases")
            for no in list(self._cases):
                self._look(f"/cases/{quote(no, safe='')}", partial(self._keep, no), anew=True)

    def preview(self, about: str) -> dict[str, Any] | None:
        """Dates, documents and powers of a case's item; None until the hall has told."""
        service = str(self.case(about).get("service", ""))
        if service and service not in self._previews:
            path = f"/cases/preview?service={quote(service, safe='')}"
            self._look(path, lambda body: self._previews.__setitem__(service, body))
        return self._previews.get(service)

    def case(self, no: str) -> dict[str, Any]:
        """The whole case; empty until the hall has told."""
        if no and no not in self._cases:
            self._look(f"/cases/{quote(no, safe='')}", lambda body: self._keep(no, body))
        return self._cases.get(no, {})

    def missing(self, about: str) -> list[str]:
        """What a case lacks."""
        case = self.case(about)
        if case.get("missing"):
            return list(case["missing"])
        there = set(case.get("documents", ()))
        return [name for name in (self.preview(about) or {}).get("materials", ()) if name not in there]

    def why(self, act: str, case: dict[str, Any]) -> Say | None:
        """Why an act on a case may not be done now."""
        lacking = {"lacks": self.missing(str(case["no"]))} if case else {}
        why = cases.act_refused(act, {**case, **lacking} if case else {}, self._picture() or {}, self._situation())
        if why is None and act == "case_notice" and case.get("state") == "supplementing":
            return self.why_print()
        return why

    def why_print(self) -> Say | None:
        """Why nothing can be printed here."""
        return None if self._printer is not None else say("cases.why.no_printer")

    def asked_of(self) -> Asked:
        """What the questions ask of this."""
        return Asked(
            case=self.case,
            preview=self.preview,
            missing=self.missing,
            why=self.why,
            why_print=self.why_print,
        )

    def _look(self, path: str, keep: Callable[[dict[str, Any]], None], *, anew: bool = False) -> None:
        """Asks the hall once in a while until it has told."""
        now = self._errands.tick()
        if not anew and now - self._looked.get(path, -ASK_AGAIN_S) < ASK_AGAIN_S:
            return
        self._looked[path] = now

        def told(status: int | None, body: Any) -> None:
            if status == 200 and isinstance(body, dict):
                keep(body)
                self.changed.emit()

        self._errands.look(path, told)

    def _keep(self, no: str, case: dict[str, Any]) -> None:
        """One case at a time is looked at; the others are in the picture."""
        self._cases = {no: case}

    # -- acts -----------------------------------------------------------------------------------------------------

    def carry_out(self, intent: Intent) -> bool:
        """A question was answered. True when the act is under way or done."""
        if intent.act == "case_receipt":
            return self._reprint(intent.ticket)
        if intent.act == "case_supplement" and self.case(intent.ticket).get("state") == "supplementing":
            return self._print_notice(self.case(intent.ticket))
        return self._errands.do(intent.act, ticket=intent.ticket, words=intent.words)

    def _done(self, act: str, body: dict[str, Any]) -> None:
        if not act.startswith("case_"):
            return
        self._keep(str(body.get("no", "")), body)
        if act == "case_supplement":
            self._print_notice(body)
        elif act == "case_accept":
            self._print_receipt(body)
        self.changed.emit()

    # -- papers ---------------------------------------------------------------------------------------------------

    def _print_receipt(self, case: dict[str, Any], *, reprint: bool = False) -> bool:
        no = str(case["no"])
        blocks = papers.receipt(
            case,
            self._picture() or {},
            slip=None,
            catalogue=self._catalogue,
            now=self._situation().now,
            reprint=self._count(f"receipt {no}") if reprint else 0,
        )
        return self._print("receipt", no, blocks)

    def _reprint(self, no: str) -> bool:
        case = self.case(no)
        return bool(case) and self.why_print() is None and self._print_receipt(case, reprint=True)

    def _print_notice(self, case: dict[str, Any]) -> bool:
        no = str(case["no"])
        again = self._papers.get(f"notice {no}", -1) + 1
        self._papers[f"notice {no}"] = again
        blocks = papers.notice(
            case.get("missing", ()),
            self._picture() or {},
            service_name=str(case.get("service_name", "")),
            number=str(case.get("notice_no") or ""),
            case_no=no,
            by=case.get("supplement_until"),
            catalogue=self._catalogue,
            now=self._situation().now,
            reprint=again,
        )
        return self._print("notice", no, blocks)

    def _count(self, paper: str) -> int:
        self._papers[paper] = self._papers.get(paper, 0) + 1
        return self._papers[paper]

    def _print(self, kind: str, about: str, blocks: list[Block]) -> bool:
        if self._printer is None:
            self._printed(kind, about, "failed")
            return False
        self._printer.print(f"{kind} {about}", blocks, lambda outcome: self._printed(kind, about, outcome))
        return True

    def _printed(self, kind: str, about: str, outcome: str) -> None:
        log.info("paper", kind=kind, outcome=outcome)
        known = outcome if outcome in ("confirmed", "failed") else "unknown"
        self.told = (say(f"cases.printed.{kind}_{known}"), self._errands.tick())
        self.changed.emit()
