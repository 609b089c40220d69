"""A case in words, for the page its receipt opens and for the ticket's own page. The server made the facts."""

from __future__ import annotations

from dataclasses import dataclass

from hall_protocol.pictures.matters import BoardRow, CaseStatus

from .words import Speech


@dataclass(frozen=True)
class StepFace:
    """One step of the way."""

    name: str
    state: str
    """`done now to_come`"""
    note: str


@dataclass(frozen=True)
class CaseFace:
    """Everything a page says of one case."""

    no: str
    service: str
    applicant: str | None
    state: str
    headline: str
    """The promised day while the clock runs, else empty."""
    lamp: str
    """`green yellow red stopped none`: a shape beside the word, never the word's only bearer."""
    word: str
    facts: tuple[tuple[str, str], ...]
    """Name and value, in the order they are read."""
    missing: tuple[str, ...]
    steps: tuple[StepFace, ...]


def case_face(case: CaseStatus, speech: Speech) -> CaseFace:
    """The words of a case."""
    lamp = lamp_of(case)
    return CaseFace(
        no=case.no,
        service=case.service_name,
        applicant=case.applicant,
        state=speech.say(f"case.state.{case.state}"),
        headline=headline(case, speech),
        lamp=lamp,
        word=word_of(case, lamp, speech),
        facts=tuple(facts(case, speech)),
        missing=tuple(case.missing),
        steps=tuple(
            StepFace(
                name=step.name or speech.say(f"case.step.{step.code}"),
                state=step.state,
                note=f"{speech.date(step.at)} {speech.clock(step.at)}".strip() if step.at else "",
            )
            for step in case.trail
        ),
    )


def headline(case: CaseStatus, speech: Speech) -> str:
    """`承诺 12月22日 办结`, while that date is running."""
    if case.promised_due is None or case.clock != "running":
        return ""
    return speech.say("page.case_promise", d=speech.date(case.promised_due))


def lamp_of(case: CaseStatus | BoardRow) -> str:
    """A stopped clock is the grey ring, a clock that does not run has no lamp."""
    if case.clock == "stopped":
        return "stopped"
    return case.light if case.clock == "running" else "none"


def word_of(case: CaseStatus | BoardRow, lamp: str, speech: Speech) -> str:
    """The word beside the lamp."""
    left = case.working_days_left
    if lamp == "none":
        return ""
    if lamp == "stopped":
        return speech.say("light.paused")
    if lamp == "green":
        return speech.say("light.on_time")
    if lamp == "yellow" and case.warning:
        return speech.say("light.due_today" if left == 0 else "light.yellow")
    if left is not None and left < 0:
        return speech.say("light.red_days" if lamp == "red" else "light.yellow_past", n=-left)
    return speech.say("light.red" if lamp == "red" else "supervision.yellow_card")


def facts(case: CaseStatus, speech: Speech) -> list[tuple[str, str]]:
    """What is known, one line each."""
    found = [(speech.say("case.page.received_on"), speech.date(case.received_at))]
    if case.accepted_on is not None:
        found.append((speech.say("case.page.accepted_on"), speech.date(case.accepted_on)))
    if case.promised_due is not None:
        found.append((speech.say("case.promised_due"), due_words(case, case.promised_due, speech, left=True)))
    if case.statutory_due is not None:
        found.append((speech.say("case.statutory_due"), due_words(case, case.statutory_due, speech)))
    elif case.accepted_on is not None and case.statutory_days is None:
        found.append((speech.say("case.statutory_due"), speech.say("case.page.no_statutory")))
    for pause in case.pauses:
        since = speech.date(pause.from_)
        until = speech.say("case.page.still") if pause.to is None else speech.date(pause.to)
        found.append((speech.say("case.page.stopped", a=since, b=until), speech.say(f"case.pause.{pause.reason_code}")))
    if case.supplement_until is not None:
        found.append((speech.say("case.page.bring_until"), speech.date(case.supplement_until)))
    if case.decided_at is not None:
        outcome = speech.say(f"case.{case.outcome}") if case.outcome else ""
        found.append((speech.say("case.page.decided_on", d=speech.date(case.decided_at)), outcome))
    return found


def due_words(case: CaseStatus, due: str, speech: Speech, *, left: bool = False) -> str:
    """A due date with its closing time, what is left of it, and the word for dates that may still move."""
    words = speech.say("case.page.due", d=speech.date(due), time=speech.clock(due))
    days = case.working_days_left
    if left and days is not None and days >= 0:
        words += " · " + (speech.say("light.due_today") if days == 0 else speech.say("case.page.left", n=days))
    return f"{words} · {speech.say('date.provisional')}" if case.provisional else words
