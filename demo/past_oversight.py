"""Questions and words of an invented past: inquiries, complaints, the message book, bad ratings, findings."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import msgspec

from hall_server.core.matters.bad_rating import (
    BadRating,
    CallBack,
    CloseBadRating,
    ExplainBadRating,
    PutBadRatingRight,
    VerifyBadRating,
)
from hall_server.core.matters.complaint import (
    MISCONDUCT,
    AcceptComplaint,
    AnswerComplaint,
    Complain,
    ComplaintReceived,
    DisposeComplaint,
    FileComplaint,
    InvestigateComplaint,
    ReleaseComplaint,
    WithdrawComplaint,
)
from hall_server.core.matters.inquiry import (
    AcceptInquiry,
    AnswerInquiry,
    AssignInquiry,
    DeclineInquiry,
    HandOverInquiry,
    InquiryOpened,
    OpenInquiry,
)
from hall_server.core.matters.message_book import AnswerMessage, MakeComplaint, MessageWritten, WriteMessage
from hall_server.core.matters.rating import ReviewRating
from hall_server.core.oversight.finding import FindingRecorded, LinkFinding, RecordFinding
from hall_server.core.pictures.inquiry import DECLINED, RESULT
from hall_server.core.places.config import ChangeSettings
from hall_server.core.places.settings import Settings
from hall_server.personal.vault import Visitor
from hall_server.web.kept_words import ANSWERED

from . import past_words
from .chronicle import Chronicle
from .past_hall import PastHall, Seat

CATEGORIES = (
    "attitude", "efficiency", "consultation", "environment", "competence", "solicitation", "suggestion", "fees",
    "shirking", "other",
)  # fmt: skip
WAYS = ("upheld", "dismissed", "filed", "upheld", "withdrawn", "dismissed", "late")
"""What becomes of complaints, by turns."""
ANSWERS = ("at_once", "at_once", "handed_over", "at_once", "declined", "handed_over", "overdue", "later")


class PastOversight:
    """Everything that is neither a place in a line nor a case."""

    def __init__(self, past: Chronicle, floor: PastHall, *, dice: Random, manager: str, auditor: str) -> None:
        """`manager` and `auditor` are accounts as the journal names actors."""
        self.past, self.floor, self.dice, self.manager, self.auditor = past, floor, dice, manager, auditor
        self._turns: dict[str, int] = {}
        self._looked_at: set[str] = set()

    def _turn(self, kind: str, choices: tuple[str, ...]) -> str:
        """One after the other, so that none stays away."""
        turn = self._turns[kind] = self._turns.get(kind, -1) + 1
        return choices[turn % len(choices)]

    def _text(self, ref: str, text: str) -> None:
        self.past.keep(ref, Visitor(text=text))

    # ------------------------------------------------------------ first inquiry

    def asked(self, seat: Seat, ticket: str | None) -> None:
        """Somebody asks the clerk there, or calls him."""
        matter = self._turn("matter", ("own", "department", "counter", "own", "outside"))
        channel = "hall" if ticket is not None else "phone"
        opened = self.floor.do(seat, OpenInquiry(belongs_to=matter, channel=channel, ticket=ticket))
        for event in opened:
            assert isinstance(event, InquiryOpened)
            words = past_words.said(self.dice.choice(past_words.MATTERS[matter]), self.dice, named=0.4)
            self.past.keep(event.inquiry, words)
            way = "at_once" if matter in ("own", "outside") and ticket else self._turn("answer", ANSWERS)
            self._goes(event.inquiry, seat, way, outside=matter == "outside")

    def _goes(self, ident: str, seat: Seat, way: str, *, outside: bool) -> None:
        if way == "at_once":
            self.past.after(self.dice.uniform(20, 60), lambda: self._answer(ident, seat.clerk, outside=outside))
        elif way == "later":
            self.past.office_time(self.dice.randint(1, 2), lambda: self._answer(ident, seat.clerk, outside=outside))
        else:
            self.past.after(self.dice.uniform(20, 90), lambda: self._hand_over(ident, seat.clerk, way))

    def _answer(self, ident: str, clerk: str, *, outside: bool = False) -> None:
        notice = "given" if self.dice.random() < 0.35 else None
        if self._by(clerk, AnswerInquiry(inquiry=ident, notice=notice)):
            self._text(ident + RESULT, self.dice.choice(past_words.ELSEWHERE if outside else past_words.RESULTS))

    def _by(self, clerk: str, command: msgspec.Struct) -> list[object]:
        """By that clerk at his counter of today, or over the telephone from his desk."""
        seat = next((s for s in self.floor.seats.values() if s.clerk == clerk and s.session), None)
        counter = None if seat is None else seat.counter
        return list(self.past.do(command, clerk=clerk, counter=counter))  # type: ignore[arg-type]

    def _hand_over(self, ident: str, clerk: str, way: str) -> None:
        to = self.dice.choice([c for c in sorted(self.past.hall.clerks) if c != clerk])
        self._by(clerk, HandOverInquiry(inquiry=ident, to=to))
        if way == "handed_over":
            self.past.after(self.dice.uniform(120, 5_400), lambda: self._accept(ident, to))
        elif way == "declined":
            self.past.after(self.dice.uniform(120, 3_600), lambda: self._decline(ident, clerk, to))
        else:
            self.past.office_time(self.dice.randint(2, 5), lambda: self._assign(ident, clerk))

    def _accept(self, ident: str, to: str) -> None:
        self._by(to, AcceptInquiry(inquiry=ident))
        self.past.office_time(self.dice.randint(0, 1), lambda: self._answer(ident, to))

    def _decline(self, ident: str, clerk: str, to: str) -> None:
        self._by(to, DeclineInquiry(inquiry=ident, reason="not_my_matter"))
        self._text(ident + DECLINED, past_words.NOT_MINE)
        self.past.office_time(self.dice.randint(0, 1), lambda: self._answer(ident, clerk))

    def _assign(self, ident: str, clerk: str) -> None:
        """Nobody accepted in time: whoever stands above them says who sees it through."""
        to = self.dice.choice([c for c in sorted(self.past.hall.clerks) if c != clerk])
        self.past.do(AssignInquiry(inquiry=ident, to=to), actor=self.manager)
        self.past.office_time(self.dice.randint(0, 1), lambda: self._answer(ident, to))

    # ------------------------------------------------------------ complaints

    def complains(self, ticket: str | None) -> None:
        """A complaint, a question or a suggestion, by kiosk, page, telephone or on paper."""
        category = self._turn("category", CATEGORIES)
        channel = self._turn("channel", ("kiosk", "page", "phone", "counter", "paper"))
        day = self.past.today - timedelta(days=self.dice.randint(0, 2)) if channel == "paper" else None
        counter = self.dice.choice(sorted(self.floor.seats)) if channel == "phone" and self.floor.seats else None
        command = Complain(
            category=category,
            channel=channel,
            ticket=ticket if channel in ("page", "counter") else None,
            counter=counter,
            received_on=day,
        )
        events = self.past.do(command, actor="ticket" if channel == "page" else self._taker(channel))
        for event in events:
            assert isinstance(event, ComplaintReceived)
            self.past.keep(event.complaint, past_words.said(past_words.COMPLAINTS[category], self.dice))
            self._take_up(event.complaint, category)

    def _taker(self, channel: str) -> str:
        return f"device:{self.floor.kiosks[0]}" if channel == "kiosk" else self.manager

    def _take_up(self, no: str, category: str) -> None:
        """Misconduct is the auditor's until he lets others see it."""
        handler = self.auditor if category in MISCONDUCT else self.manager
        way = self._turn("way", WAYS)
        if way == "filed":
            self._step(2, FileComplaint(complaint=no, reason="not_taken_up"), handler)
            return
        self._step(self.dice.randint(1, 3), AcceptComplaint(complaint=no), handler)
        if way == "withdrawn":
            self._step(4, WithdrawComplaint(complaint=no), handler)
            return
        days = 14 if way == "late" else self.dice.randint(1, 2)
        outcome = "dismissed" if way == "dismissed" else "upheld"
        self._step(4, InvestigateComplaint(complaint=no), handler)
        dispose = DisposeComplaint(complaint=no, outcome=outcome)  # type: ignore[arg-type]
        self._step(4 + days, dispose, handler, f"{no}/disposed", past_words.FOUND_OUT[outcome])
        self._step(5 + days, AnswerComplaint(complaint=no), handler, f"{no}/answered", past_words.TOLD[outcome])
        self._step(6 + days, FileComplaint(complaint=no), handler)
        if category in MISCONDUCT and outcome == "upheld":
            self._step(7 + days, ReleaseComplaint(complaint=no), handler)

    def _step(self, days: int, command: msgspec.Struct, actor: str, ref: str = "", text: str = "") -> None:
        def acts() -> None:
            if self.past.do(command, actor=actor) and ref:  # type: ignore[arg-type]
                self._text(ref, text)

        self.past.office_time(days, acts)

    # ------------------------------------------------------------ the message book

    def writes(self, ticket: str | None) -> None:
        """A word in the book; some are shown to everybody, one in a while is a complaint."""
        channel = self._turn("book", ("kiosk", "page", "counter"))
        command = WriteMessage(
            publish=self.dice.random() < 0.6, channel=channel, ticket=ticket if channel == "page" else None
        )
        number = self._turns["book"]
        text, reply = (words[number % len(words)] for words in (past_words.MESSAGES, past_words.ANSWERS))
        for event in self.past.do(command, actor="ticket" if channel == "page" else self._taker(channel)):
            assert isinstance(event, MessageWritten)
            self.past.keep(event.message, past_words.said(text, self.dice, named=0.3))
            if number % 9 == 5:
                self._complaint_of(event.message, text)
            else:
                answer = AnswerMessage(message=event.message, publish=event.publish_wanted)
                days = 9 if number % 8 == 7 else self.dice.randint(1, 5)
                self._step(days, answer, self.manager, event.message + ANSWERED, reply)

    def _complaint_of(self, message: str, text: str) -> None:
        def makes() -> None:
            for event in self.past.do(MakeComplaint(message=message, category="environment"), actor=self.manager):
                if isinstance(event, ComplaintReceived):
                    self._text(event.complaint, text)
                    self._take_up(event.complaint, "environment")

        self.past.office_time(1, makes)

    # ------------------------------------------------------------ bad ratings

    def look_after_ratings(self) -> None:
        """The loops of bad ratings that were opened since: one in a while is forgotten, one is reviewed."""
        for ident, loop in list(self.past.hall.bad_ratings.items()):
            if ident not in self._looked_at:
                self._looked_at.add(ident)
                self._handle(loop, self._turn("loop", ("right", "right", "explained", "right", "reviewed", "late")))

    def _handle(self, loop: BadRating, way: str) -> None:
        finding = {"explained": "unfounded", "reviewed": "complex"}.get(way, "clear")
        first, put_right = (3, 7) if way == "late" else (0, 2)
        verify = VerifyBadRating(loop=loop.id, finding=finding)  # type: ignore[arg-type]
        self._step(first, verify, self.manager, f"{loop.id}/verified", past_words.VERIFIED[finding])
        if way == "reviewed":
            review = ReviewRating(
                request=loop.request, decision="excluded", reason="mis_pressed", evidence=(f"ticket:{loop.ticket}",)
            )
            self._step(1, review, self.auditor)
        name, words = ("explained", past_words.EXPLAINED) if way == "explained" else ("put_right", past_words.PUT_RIGHT)
        done = ExplainBadRating(loop=loop.id) if way == "explained" else PutBadRatingRight(loop=loop.id)
        self._step(put_right, done, self.manager, f"{loop.id}/{name}", words)
        if loop.named:
            outcome = self.dice.choice(("satisfied", "satisfied", "not_satisfied", "not_reached"))
            call = CallBack(loop=loop.id, outcome=outcome)  # type: ignore[arg-type]
            self._step(first + 1, call, self.manager, f"{loop.id}/called_back", past_words.CALLED)
        self._step(put_right + 1, CloseBadRating(loop=loop.id), self.manager)

    # ------------------------------------------------------------ findings and settings

    def finds(self) -> None:
        """The auditor finds a matter that was handled outside; it is entered afterwards, or was never one."""
        department = self.dice.choice(sorted(self.past.hall.departments))
        day = self.past.today.isoformat()
        for event in self.past.do(RecordFinding(department=department, found_on=day), actor=self.auditor):
            assert isinstance(event, FindingRecorded)
            self._text(event.finding, past_words.FINDING)
            own = [c.no for c in self.past.hall.cases.values() if c.department == department and c.is_open]
            if own:
                self._step(2, LinkFinding(finding=event.finding, case=own[-1]), self.auditor)

    def changes(self, section: str, name: str, value: object) -> None:
        """The manager decides that a setting is another one from now on."""
        settings: Settings = self.past.hall.settings
        part = msgspec.structs.replace(getattr(settings, section), **{name: value})
        self.past.do(ChangeSettings(settings=msgspec.structs.replace(settings, **{section: part})), actor=self.manager)
