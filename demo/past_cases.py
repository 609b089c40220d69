"""Cases of an invented past, of every kind and with every ending; dates, lights and cards are the hall's own doing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from hall_server.core.matters.card import RaiseCard, RevokeCard
from hall_server.core.matters.case import LICENCE, Case
from hall_server.core.matters.case_commands import (
    AcceptCase,
    AskSupplement,
    CaseCommand,
    DecideCase,
    Decision,
    DeliverCase,
    ExtendCase,
    PauseCase,
    ReceiveCase,
    RefuseCase,
    ReopenCase,
    ReportedAnswer,
    ReportUp,
    ResumeCase,
    StepCase,
    VoidCase,
    WithdrawCase,
)
from hall_server.core.matters.case_events import CaseReceived
from hall_server.core.oversight.authorisation import letter_for
from hall_server.core.people.account import AddAccount
from hall_server.core.registry import Event
from hall_server.personal.vault import Visitor

from . import past_words
from .chronicle import DAY, Chronicle
from .past_hall import PastHall, Seat

STORIES = {
    "in_time": 30,
    "in_department": 1,
    "late": 2,
    "forgotten": 1,
    "paused": 2,
    "extended": 1,
    "supplemented": 3,
    "never_supplemented": 1,
    "not_accepted": 1,
    "withdrawn": 2,
    "void": 1,
    "reported_up": 1,
    "reopened": 1,
    "by_the_clock": 1,
    "found_late": 1,
    "card_revoked": 1,
    "auditors_card": 1,
}
"""How often each kind of case comes in a deck that is dealt out whole before it is shuffled anew: none stays away."""
DENIED, DELIVERED, AT_COUNTER = 0.04, 0.9, 0.97
FROM_PLATFORM = 1
"""Cases a day that come from the province's platform and are decided in the department now and then."""
Story = Callable[[str], None]


class PastCases:
    """Receives cases, and lets each go its way."""

    def __init__(self, past: Chronicle, floor: PastHall, *, dice: Random, auditor: str) -> None:
        """`auditor` is an account as the journal names actors."""
        self.past, self.floor, self.dice, self.auditor = past, floor, dice, auditor
        self._deck: list[str] = []
        self._papers = 0
        self._seals = {seal.department: seal.seal for seal in past.hall.seals.values()}
        self.platform = next((d.id for d in past.hall.devices.values() if d.role == "integrator"), None)

    # ------------------------------------------------------------ receipt

    def at_counter(self, seat: Seat, ticket: str, service: str) -> str | None:
        """Somebody applies for an item; the number of the case."""
        row = self.past.hall.services[service]
        if row.handling == "on_the_spot" and self._may_decide(seat, service, row.type_code):
            return self._on_the_spot(seat, ticket, service)
        story = self._dealt()
        if not row.materials and story in ("supplemented", "never_supplemented"):
            story = "in_time"
        waits = story in ("supplemented", "never_supplemented", "not_accepted", "by_the_clock")
        there = tuple(m.name for m in row.materials[:-1]) if "supplemented" in story else None
        received = None
        if story == "found_late":
            received = self.past.clock(self._working_day_before(), 10, self.dice.randrange(60))
        command = ReceiveCase(
            service=service,
            ticket=None if received else ticket,
            channel=self.dice.choice(("phone", "paper")) if received else None,
            documents=there,
            received_at=received,
            show_name=self.dice.random() < 0.2,
            accept=not waits,
        )
        no = self._received(self.past.do(command, clerk=seat.clerk, counter=seat.counter))
        if no is not None:
            self._stories()[story](no)
        return no

    def _dealt(self) -> str:
        if not self._deck:
            self._deck = [name for name, often in STORIES.items() for _ in range(often)]
            self.dice.shuffle(self._deck)
        return self._deck.pop()

    def _working_day_before(self) -> date:
        day = self.past.today - DAY
        while not self.past.is_working_day(day):
            day -= DAY
        return day

    def _received(self, events: list[Event]) -> str | None:
        """The number, and whose case it is into the vault."""
        for event in events:
            if isinstance(event, CaseReceived):
                self.past.keep(f"case:{event.case}", past_words.person(self.dice, company=0.25))
                return event.case
        return None

    def _on_the_spot(self, seat: Seat, ticket: str, service: str) -> str | None:
        """Received, decided and handed over in one visit."""
        row = self.past.hall.services[service]
        seal = self._seals.get(row.department) if row.type_code == LICENCE else None
        command = ReceiveCase(service=service, ticket=ticket, decision=Decision(outcome=self._outcome(), seal=seal))
        no = self._received(self.past.do(command, clerk=seat.clerk, counter=seat.counter))
        if no is not None:
            self.past.do(DeliverCase(case=no), clerk=seat.clerk, counter=seat.counter)
        return no

    def from_platform(self) -> None:
        """One comes from the province's platform; a clerk of the hall takes it over."""
        row = self.past.hall.services[self.dice.choice(["S043", "S017", "S026", "S031", "S068"])]
        self._papers += 1
        command = ReceiveCase(
            service=row.service,
            channel="integrator",
            reference=f"P{self.past.today.year}-{self._papers:06d}",
            accept=True,
        )
        actor = f"device:{self.platform}"
        no = self._received(self.past.do(command, actor=actor, device=self.platform))
        if no is not None:
            self._in_time(no)

    # ------------------------------------------------------------ who acts

    def _case(self, no: str) -> Case:
        return self.past.hall.cases[no]

    def _by(self, no: str) -> Seat | None:
        """Who is here and may decide the case; else with whom it lies; else anybody."""
        here = [s for s in self.floor.seats.values() if s.session]
        case = self._case(no)
        able = (s for s in here if self._may_decide(s, case.service, case.type_code))
        concerned = (s for s in here if s.clerk == case.clerk)
        return next(able, None) or next(concerned, None) or next(iter(here), None)

    def _may_decide(self, seat: Seat, service: str, type_code: str) -> bool:
        """Whether the clerk there has the letter for it, and for the seal where it needs one."""
        powers = ("decide", "seal") if type_code == LICENCE else ("decide",)
        return all(
            letter_for(self.past.hall, clerk=seat.clerk, service=service, power=power, day=self.past.today)
            for power in powers
        )

    def _act(self, command: CaseCommand) -> list[Event]:
        """By a clerk who is here today."""
        seat = self._by(command.case) if command.case in self.past.hall.cases else None
        if seat is None:
            return []
        return self.past.do(command, clerk=seat.clerk, counter=seat.counter)

    def _outcome(self) -> str:
        return "denied" if self.dice.random() < DENIED else "granted"

    def _decide(self, no: str, *, place: str | None = None) -> list[Event]:
        """At the counter under a letter where there is one for it, else as the department's decision."""
        case, seat = self._case(no), self._by(no)
        if seat is None or not case.is_open:
            return []
        seal = None
        if case.type_code == LICENCE:
            seal = self._seals.get(case.department) or self._paper("章")
        may = self._may_decide(seat, case.service, case.type_code)
        if not may or self.dice.random() >= AT_COUNTER:
            place = "department"
        decision = Decision(outcome=self._outcome(), seal=seal, place=place)
        events = self.past.do(DecideCase(case=no, decision=decision), clerk=seat.clerk, counter=seat.counter)
        if events and self.dice.random() < DELIVERED:
            self.past.office_time(self.dice.randint(0, 4), lambda: self._deliver(no))
        return events

    def _deliver(self, no: str) -> None:
        if no in self.past.hall.cases and self._case(no).state == "decided":
            self._act(DeliverCase(case=no))

    def _paper(self, word: str) -> str:
        """The number of another written notice."""
        self._papers += 1
        return f"{word}〔{self.past.today.year}〕{self._papers}号"

    def _chief(self, command: CaseCommand) -> list[Event]:
        """By the chief representative of the case's department; who has none yet gets one."""
        department = self._case(command.case).department
        known = (
            a.name
            for a in self.past.hall.accounts.values()
            if a.role == "chief_representative" and a.department == department
        )
        name = next(known, None)
        if name is None:
            name = f"chief-{list(self.past.hall.departments).index(department) + 1}"
            self.past.do(AddAccount(name=name, role="chief_representative", department=department), actor="console")
        return self.past.do(command, actor=f"account:{name}")

    # ------------------------------------------------------------ ways

    def _stories(self) -> dict[str, Story]:
        return {
            "in_time": self._in_time,
            "in_department": self._in_department,
            "late": self._late,
            "forgotten": lambda no: self._late(no, least=9, most=16),
            "paused": self._paused,
            "extended": self._extended,
            "supplemented": self._supplemented,
            "never_supplemented": self._never_supplemented,
            "not_accepted": lambda no: self.past.office_time(
                self.dice.randint(0, 2), lambda: self._act(RefuseCase(case=no, reason="not_our_matter"))
            ),
            "withdrawn": self._withdrawn,
            "void": self._void,
            "reported_up": self._reported_up,
            "reopened": self._reopened,
            "by_the_clock": lambda no: self.past.office_time(7, lambda: self._in_time(no)),
            "found_late": self._in_time,
            "card_revoked": self._card_revoked,
            "auditors_card": self._auditors_card,
        }

    def _days_left(self, no: str) -> int:
        """Working days from today until the promised one; 0 is today, or past already."""
        due, days = self._case(no).promised_due, 0
        while due is not None and self.past.clock(self.past.working_day(days + 1)) < due:
            days += 1
        return days

    def _in_time(self, no: str, *, place: str | None = None) -> None:
        left = self._days_left(no)
        if left > 2:
            self.past.office_time(left // 2, lambda: self._steps_on(no))
        self.past.office_time(
            self.dice.randint(min(1, left), max(left - 1, min(1, left))), lambda: self._decide(no, place=place)
        )

    def _in_department(self, no: str) -> None:
        self._in_time(no, place="department")

    def _steps_on(self, no: str) -> None:
        case = self._case(no)
        if case.state == "accepted" and len(self.past.hall.services[case.service].steps) >= 3:
            self._act(StepCase(case=no, step=3))

    def _late(self, no: str, *, least: int = 1, most: int = 5) -> None:
        self.past.office_time(self._days_left(no) + self.dice.randint(least, most), lambda: self._decide(no))

    def _paused(self, no: str) -> None:
        reason = self.dice.choice(("expert_review", "inspection", "hearing", "testing"))

        def pauses() -> None:
            if self._chief(PauseCase(case=no, reason=reason, notice_no=self._paper("停"))):
                self.past.office_time(self.dice.randint(2, 8), resumes)

        def resumes() -> None:
            if self._act(ResumeCase(case=no)):
                self._in_time(no)

        self.past.office_time(min(1, self._days_left(no)), pauses)

    def _extended(self, no: str) -> None:
        days, reason = self.dice.choice((3, 5, 10)), self.dice.choice(("complex", "more_evidence"))

        def extends() -> None:
            self._chief(ExtendCase(case=no, days=days, reason=reason, notice_no=self._paper("延")))
            self._in_time(no)

        self.past.office_time(min(1, self._days_left(no)), extends)

    def _ask(self, no: str) -> list[Event]:
        row = self.past.hall.services[self._case(no).service]
        return self._act(AskSupplement(case=no, missing=(row.materials[-1].name,)))

    def _supplemented(self, no: str) -> None:
        def accepts() -> None:
            if self._act(AcceptCase(case=no)):
                self._in_time(no)

        self._ask(no)
        self.past.office_time(self.dice.randint(1, 4), accepts)

    def _never_supplemented(self, no: str) -> None:
        self._ask(no)
        refuse = RefuseCase(case=no, reason="documents_incomplete")
        self.past.office_time(self.dice.randint(5, 7), lambda: self._act(refuse))

    def _withdrawn(self, no: str) -> None:
        command = WithdrawCase(case=no, reason="applicant_asked")
        self.past.office_time(min(1, self._days_left(no)), lambda: self._act(command))

    def _void(self, no: str) -> None:
        command = VoidCase(case=no, reason=self.dice.choice(("double_entry", "entered_by_mistake")))
        self.past.after(self.dice.uniform(60, 1_800), lambda: self._act(command))

    def _reported_up(self, no: str) -> None:
        def reports() -> None:
            self._act(ReportUp(case=no, to=self.dice.choice(("city", "province")), receipt=self._paper("市政审")))
            self.past.office_time(self.dice.randint(1, 4), answered)

        def answered() -> None:
            if self._case(no).state == "reported_up":
                self._act(ReportedAnswer(case=no, outcome="granted"))

        self.past.office_time(min(1, self._days_left(no)), reports)

    def _reopened(self, no: str) -> None:
        def decides() -> None:
            if self._decide(no):
                self.past.office_time(5, reopens)

        def reopens() -> None:
            if self._chief(ReopenCase(case=no, reason="decision_corrected")):
                self.past.keep(f"case:{no}/reopen", Visitor(text=past_words.CORRECTED))
                self.past.office_time(self.dice.randint(1, 3), lambda: self._decide(no))

        self.past.office_time(min(1, self._days_left(no)), decides)

    def _card_revoked(self, no: str) -> None:
        """Late because of a mistake nobody in the hall made; the auditor takes the card back."""

        def revokes() -> None:
            for card in [c for c in self._case(no).cards if self.past.hall.cards[c].revoked is None][:1]:
                seq = str(self.past.hall.seq)
                self.past.do(RevokeCard(card=card, reason="closure_not_entered", evidence=seq), actor=self.auditor)

        due = self._days_left(no)
        self.past.office_time(due + 1, revokes)
        self.past.office_time(due + 2, lambda: self._decide(no))

    def _auditors_card(self, no: str) -> None:
        command = RaiseCard(case=no, cause=self.dice.choice(("late_first_review", "refused_without_reasons")))
        self.past.office_time(1, lambda: self.past.do(command, actor=self.auditor))
        self._in_time(no)
