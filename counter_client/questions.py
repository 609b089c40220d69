"""The questions about a case of the counter: what may be done, one-time notice, decision, withdrawal. Pure.

Each is a `Question` of `dialogs.py`: what it shows for one case, and what its answer is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import cases
from .dialogs import Choice, Entry, Intent, Question, Sheet
from .moments import moment
from .saying import Say, plain, say

CASE_ACTS = ("case_accept", "case_notice", "case_decide", "case_deliver", "case_withdraw")


@dataclass(frozen=True)
class Desk:
    """What the questions need to know; every field is asked when it is shown."""

    case: Callable[[str], dict[str, Any]]
    """The whole case by number, empty while it is fetched."""
    preview: Callable[[str], dict[str, Any] | None]
    """What would be promised for the item of a case, or of the form; with power and seal."""
    missing: Callable[[str], list[str]]
    """What a case lacks, or the form."""
    why: Callable[[str, dict[str, Any]], Say | None]
    """Why an act on a case may not be done."""
    why_print: Callable[[], Say | None]
    """Why nothing can be printed."""


def _chosen(sheet: Sheet) -> Choice | None:
    choice = sheet.choices[sheet.chosen] if 0 <= sheet.chosen < len(sheet.choices) else None
    return choice if choice is not None and choice.why is None else None


class _Case:
    """A case of the list: where it is, and what may be done with it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def sheet(self, entry: Entry, picture: dict[str, Any], now: datetime) -> Sheet | None:
        listed = (picture.get("cases") or {}).get("cases", ())
        brief = next((one for one in listed if one.get("no") == entry.about), None)
        case = self._desk.case(entry.about)
        shown = case or brief
        if shown is None:
            return None
        light, word = cases.light_of(shown)
        choices = [Choice(act, self._label(act, case), why=self._desk.why(act, case)) for act in CASE_ACTS]
        reprint = self._desk.why_print() or (None if case else say("cases.why.loading"))
        choices.append(Choice("case_receipt", say("cases.act.receipt"), why=reprint))
        return Sheet(
            "case",
            say("cases.case.title", no=entry.about, service=str(shown.get("service_name", ""))),
            hint=self._facts(shown, now=now),
            choices=tuple(choices),
            chosen=entry.chosen,
            digits=True,
            light=light,
            word=word if light else cases.state_of(shown),
        )

    @staticmethod
    def _label(act: str, case: dict[str, Any]) -> Say:
        again = act == "case_notice" and case.get("state") == "supplementing"
        return say("cases.act.notice_again" if again else f"cases.act.{act.removeprefix('case_')}")

    @staticmethod
    def _facts(case: dict[str, Any], *, now: datetime) -> Say:
        state = cases.state_of(case)
        if case.get("missing"):
            return say("cases.case.missing", state=state, documents="、".join(case["missing"]))
        due, law = moment(case.get("promised_due")), moment(case.get("statutory_due"))
        if due is None:
            return say("cases.case.state", state=state)
        dates = {"promised": cases.say_date(due, now=now), "statutory": cases.say_date(law, now=now)}
        return say("cases.case.provisional" if case.get("provisional") else "cases.case.dates", state=state, **dates)

    def answer(self, sheet: Sheet, entry: Entry, _picture: dict[str, Any]) -> Intent | Say:
        choice = _chosen(sheet)
        return Intent(choice.code, ticket=entry.about) if choice else say("cases.choose")


class _Notice:
    """The one-time notice: everything that is missing, told once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def sheet(self, entry: Entry, _picture: dict[str, Any], _now: datetime) -> Sheet | None:
        missing = self._desk.missing(entry.about)
        if not missing:
            return None
        listed = "\n".join(f"{place}. {name}" for place, name in enumerate(missing, start=1))
        return Sheet(
            "case_notice",
            say("cases.notice.title", n=len(missing)),
            hint=say("cases.notice.hint", documents=listed),
            go=say("cases.act.notice"),
            fault=entry.fault,
        )

    def answer(self, _sheet: Sheet, entry: Entry, _picture: dict[str, Any]) -> Intent | Say:
        return Intent("case_supplement", ticket=entry.about, words={"missing": self._desk.missing(entry.about)})


class _Decide:
    """Granted or denied, here or by the department; a licence with the entry of its seal."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def sheet(self, entry: Entry, _picture: dict[str, Any], _now: datetime) -> Sheet | None:
        preview = self._desk.preview(entry.about)
        powerless = None if (preview or {}).get("may_decide") else say("cases.why.no_power")
        choices = [Choice(f"{one}:counter", say(f"cases.decide.{one}"), why=powerless) for one in ("granted", "denied")]
        choices += [Choice(f"{one}:department", say(f"cases.decide.{one}_there")) for one in ("granted", "denied")]
        sealed = bool((preview or {}).get("seal_needed"))
        return Sheet(
            "case_decide",
            say("cases.decide.title", no=entry.about),
            hint=say("cases.decide.hint_seal" if sealed else "cases.decide.hint"),
            asks=say("cases.decide.seal") if sealed else None,
            text=entry.text,
            choices=tuple(choices),
            chosen=entry.chosen,
            digits=not sealed,
            go=say("cases.act.decide"),
            fault=entry.fault,
        )

    def answer(self, sheet: Sheet, entry: Entry, _picture: dict[str, Any]) -> Intent | Say:
        choice = _chosen(sheet)
        if choice is None:
            return say("cases.decide.choose")
        if sheet.asks is not None and not entry.text.strip():
            return say("cases.decide.need_seal")
        outcome, _, place = choice.code.partition(":")
        words = {"outcome": outcome, "place": place} | ({"seal": entry.text.strip()} if sheet.asks is not None else {})
        return Intent("case_decide", ticket=entry.about, words=words)


class _Withdraw:
    """The applicant takes the application back."""

    def sheet(self, entry: Entry, _picture: dict[str, Any], _now: datetime) -> Sheet | None:
        choices = tuple(Choice(code, say(f"case.reason.{code}")) for code in cases.WITHDRAW_REASONS)
        hint = say("dialog.digits_at_once", n=len(choices))
        title = say("cases.withdraw.title", no=entry.about)
        return Sheet("case_withdraw", title, hint=hint, choices=choices, chosen=entry.chosen, digits=True)

    def answer(self, sheet: Sheet, entry: Entry, _picture: dict[str, Any]) -> Intent | Say:
        choice = _chosen(sheet)
        if choice is None:
            return say("dialog.need_reason")
        return Intent("case_withdraw", ticket=entry.about, words={"reason": choice.code})


def questions(desk: Desk) -> Mapping[str, Question]:
    """Every question by its kind."""
    return {
        "case": _Case(desk),
        "case_notice": _Notice(desk),
        "case_decide": _Decide(desk),
        "case_withdraw": _Withdraw(),
    }


def found_more(picture: dict[str, Any], text: str) -> list[Choice]:
    """Cases of this counter whose number or item holds the text, for Ctrl+K."""
    wanted = text.upper()
    return [
        Choice(f"case:{case['no']}", plain(f"{case['no']}  {case.get('service_name', '')}"), say("cases.find.case"))
        for case in (picture.get("cases") or {}).get("cases", ())
        if text and (wanted in str(case["no"]).upper() or wanted in str(case.get("service_name", "")).upper())
    ]
