"""A small hall with items of every kind of limit, letters, seals and the real calendar, for the tests of cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core_material import Scene

from hall_server.core import day
from hall_server.core.matters import case_commands as acts
from hall_server.core.matters.case import Case
from hall_server.core.oversight.authorisation import GrantLetter, Letter
from hall_server.core.oversight.seal import RegisterSeal, Seal
from hall_server.core.people.account import AddAccount, AddClerk
from hall_server.core.places.catalogue import MaterialRow, Service, StepRow, TakeOver, YearRow
from hall_server.core.registry import Event
from hall_server.core.stamp import Stamp, instant

VECTORS = Path(__file__).parents[2] / "vectors"
OCTOBER = "2026-10-09T09:30:00.000+08:00"
"""A Friday, the first working day after the holiday; Saturday the 10th is worked as well."""
WORKS = "县人社局"
LANDS = "县自然资源局"

FIVE, TEN, SPOT, LICENCE, PLAIN, TWENTY, STEPS = "S5", "S10", "S0", "S01", "SD", "S20", "SS"
ITEMS = (
    Service(service=FIVE, name="五日事项", department=WORKS, line="A", promised_days=5, short_name="五日"),
    Service(
        service=TEN, name="十日事项", department=WORKS, line="A", promised_days=10, statutory_days=12,
        materials=(MaterialRow("申请表"), MaterialRow("身份证", "原件"), MaterialRow("照片")),
    ),
    Service(
        service=SPOT, name="即办事项", department=WORKS, line="A", promised_days=1, statutory_days=5,
        handling="on_the_spot",
    ),
    Service(
        service=LICENCE, name="许可事项", department=LANDS, line="B", promised_days=7, statutory_days=20,
        type_code="01", type_name="行政许可",
    ),
    Service(
        service=PLAIN, name="自然日事项", department=WORKS, line="A", promised_days=30, statutory_days=60,
        day_unit="day",
    ),
    Service(service=TWENTY, name="二十日事项", department=WORKS, line="A", promised_days=20, statutory_days=30),
    Service(
        service=STEPS, name="分步事项", department=WORKS, line="A", promised_days=10, statutory_days=20,
        steps=(
            StepRow("收件", counts=False), StepRow("受理"), StepRow("审查", days=2), StepRow("专家评审", counts=False),
            StepRow("决定"), StepRow("送达", counts=False),
        ),
    ),
)  # fmt: skip


def calendar() -> dict[str, YearRow]:
    """The published years."""
    rows = json.loads((VECTORS / "cn_calendar.json").read_text())
    return {year: YearRow(tuple(row["off"]), tuple(row["work"])) for year, row in rows.items()}


def statutory() -> dict[str, YearRow]:
    """The provisional years."""
    rows = json.loads((VECTORS / "cn_statutory.json").read_text())
    return {year: YearRow(tuple(row["off"]) if isinstance(row, dict) else tuple(row), ()) for year, row in rows.items()}


class CaseScene(Scene):
    """Clerk 0301 at counter 1 holds a letter for everything but licences, chief 0399 those as well."""

    who: tuple[str, str | None] | None = None
    actor: str | None = None

    def __init__(self, values: dict[str, Any] | None = None, *, at: str = OCTOBER) -> None:
        super().__init__(values, at=at)
        self.do(TakeOver(services=ITEMS, calendar=calendar(), provisional=statutory()))
        self.do(AddClerk(number="0399", department=WORKS, chief=True))
        self.do(AddClerk(number="0388", department=LANDS, chief=True))
        items = tuple(item.service for item in ITEMS if item.service != LICENCE)
        powers = ("decide", "report_up", "coordinate", "seal")
        self.do(GrantLetter(letter=Letter(letter="L1", services=items, holder="0301", powers=powers,
                                          valid_from="2020-01-01", valid_to="2027-12-31")))  # fmt: skip
        self.do(GrantLetter(letter=Letter(letter="L2", services=(LICENCE,), holder="0388", powers=powers,
                                          valid_from="2020-01-01", valid_to="2026-11-30")))  # fmt: skip
        self.do(RegisterSeal(seal=Seal(seal="章1", holder="0388", department=LANDS)))
        self.do(AddAccount(name="watch", role="auditor"))
        self.by("0301", "1")

    def by(self, clerk: str, counter: str | None = None) -> None:
        """Who acts from now on."""
        self.who, self.actor = (clerk, counter), None

    def by_actor(self, actor: str) -> None:
        """An account or a device acts from now on."""
        self.who, self.actor = None, actor

    def stamp(self, *, counter: str | None = None, device: str | None = None) -> Stamp:
        if counter is None and device is None and self.who is not None:
            clerk, at = self.who
            return Stamp(at=self.now, actor=f"clerk:{clerk}", clerk=clerk, counter=at)
        if self.actor is not None:
            named = self.actor.removeprefix("device:") if self.actor.startswith("device:") else None
            return Stamp(at=self.now, actor=self.actor, device=named)
        return super().stamp(counter=counter, device=device)

    # ------------------------------------------------------------ time

    def pass_to(self, clock: str) -> list[Event]:
        """It is `2026-10-15T16:30` or `…:01`; what time alone did on the way."""
        self.now = instant(f"{clock}{':00' if len(clock) == 16 else ''}.000+08:00")
        return self.tick()

    def tick(self) -> list[Event]:
        """What time alone does now, as the server asks each second."""
        if not day.is_due(self.hall, self.now):
            return []
        return self.alone(day.TimePassed())

    def alone(self, command: Any) -> list[Event]:
        """The hall itself acts."""
        kept, self.who = (self.who, self.actor), None
        self.actor = None
        try:
            return self.do(command)
        finally:
            self.who, self.actor = kept

    # ------------------------------------------------------------ cases

    def receive(self, service: str = FIVE, **more: Any) -> Case:
        """An application."""
        events = self.do(acts.ReceiveCase(service=service, **more))
        return self.hall.cases[events[0].case]  # type: ignore[attr-defined]

    def accepted(self, service: str = FIVE, **more: Any) -> Case:
        """An application taken up at once."""
        return self.receive(service, accept=True, **more)

    def pause(self, case: Case, reason: str = "expert_review") -> None:
        """A chief representative stops the clock."""
        kept = self.who
        self.by("0399" if case.department == WORKS else "0388")
        self.do(acts.PauseCase(case=case.no, reason=reason, notice_no="通知〔2026〕7号"))
        self.who = kept

    def resume(self, case: Case) -> None:
        """It runs again."""
        self.do(acts.ResumeCase(case=case.no))

    def granted(self, **more: Any) -> acts.Decision:
        """A decision in the applicant's favour."""
        return acts.Decision(outcome="granted", **more)

    def decide(self, case: Case, **more: Any) -> list[Event]:
        """Granted at the counter."""
        return self.do(acts.DecideCase(case=case.no, decision=self.granted(**more)))

    def names(self) -> list[str]:
        """Everything that happened, by name."""
        return [entry.name for entry in self.log]


def at(clock: str) -> int:
    """An instant of the hall."""
    return instant(f"{clock}:00.000+08:00" if len(clock) == 16 else f"{clock}.000+08:00")
