"""The questions an act asks before it is sent: reason, number, where to. Pure; what was typed survives Esc.

Numbered choices are taken by their digit; where nothing else is asked the choice is the answer and acts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from . import lists
from .moments import moment
from .saying import Say, plain, say

PAUSE_MINUTES = (0, 10, 15, 30, 60)
"""Expected length of a pause; 0 says nothing."""
TRANSFER_REASONS = ("next_step", "wrong_line", "not_here", "other")
CALL_REASONS = ("seen", "asked", "urgent", "other")
RETURN_REASONS = ("mistake", "absent", "urgent", "other")
CLASSES = ("ordinary", "elder", "disabled", "pregnant", "military")
RECLASSIFY_REASON = "document_shown"
CHOICES_MAX = 9
LANGUAGE_NAMES = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
NUMBER_MAX = 12
FIND_MAX = 40
WORDS_MAX = 200


@dataclass(frozen=True)
class Entry:
    """What was entered in a dialog of another room of this program."""

    about: str
    """What the dialog is about: a case's number, an inquiry's id."""
    text: str
    chosen: int
    fault: Say | None


class Question(Protocol):
    """A dialog kept by somebody else: what it shows, and what its answer is."""

    def sheet(self, entry: Entry, picture: dict[str, Any], now: datetime) -> Sheet | None:
        """None when what it is about has gone."""
        ...

    def answer(self, sheet: Sheet, entry: Entry, picture: dict[str, Any]) -> Intent | Say:
        """What to do, or what is still missing."""
        ...


@dataclass(frozen=True)
class Choice:
    """One answer. `code` is what is sent."""

    code: str
    label: Say
    detail: Say | None = None
    why: Say | None = None
    """Why it may not be taken now; None when it may."""


@dataclass(frozen=True)
class Intent:
    """What to do when a dialog is answered: an act of the hall, or `lock language mini` of this program."""

    act: str
    ticket: str = ""
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """What a dialog shows."""

    kind: str
    title: Say
    hint: Say | None = None
    asks: Say | None = None
    """Label of the text field, where there is one."""
    text: str = ""
    choices: tuple[Choice, ...] = ()
    chosen: int = -1
    digits: bool = False
    """Whether digits choose now (not while a number is typed)."""
    reasons: tuple[Choice, ...] = ()
    reason: int = -1
    minutes: tuple[int, ...] = ()
    minute: int = 0
    go: Say | None = None
    """The filled button; None where a choice acts at once."""
    fault: Say | None = None
    light: str = ""
    """Lamp of a case, with its word."""
    word: Say | None = None


class Dialogs:
    """Which dialog is open and what was entered in it."""

    def __init__(
        self,
        why: Callable[[str], Say | None] = lambda _act: None,
        questions: Mapping[str, Question] | None = None,
        more: Callable[[str], tuple[Choice, ...]] = lambda _text: (),
    ) -> None:
        """`why` says why an act may not be done now, `questions` are dialogs kept elsewhere, `more` finds more."""
        self._why = why
        self._questions: Mapping[str, Question] = questions or {}
        self._more = more
        self.about = ""
        self.kind = ""
        self._texts: dict[str, str] = {}
        self._chosen = -1
        self._reason = 0
        self._minute = 0
        self._naming = False
        """In `call_number`: the number stands, the reason is asked."""
        self._fault: Say | None = None

    def open(self, kind: str, *, text: str | None = None, naming: bool = False, about: str = "") -> None:
        """Shows a dialog, with what was typed in it before."""
        self.about = about
        self.kind, self._chosen, self._reason, self._minute, self._fault = kind, -1, 0, 0, None
        self._naming = naming
        if text is not None:
            self._texts[self._place()] = text

    def _place(self) -> str:
        """Where a text is kept until it was sent: what was typed about one case is not offered for another."""
        return " ".join(part for part in (self.kind, self.about) if part)

    def _entry(self) -> Entry:
        return Entry(self.about, self._texts.get(self._place(), ""), self._chosen, self._fault)

    def close(self) -> None:
        """Esc: nothing is sent, the text stays for the next time."""
        self.kind = ""

    def done(self) -> None:
        """The act was sent: the text has served."""
        self._texts.pop(self._place(), None)
        self.kind = ""

    # -- entering -------------------------------------------------------------------------------------------------

    def type(self, text: str) -> None:
        """The text field holds this now."""
        if self.kind:
            self._texts[self._place()] = text[: self.text_max]
            self._fault = None
            if self.kind not in self._questions:
                self._chosen = -1

    @property
    def text_max(self) -> int:
        """How much the text field takes."""
        if self.kind in self._questions:
            return WORDS_MAX
        return FIND_MAX if self.kind == "find" else NUMBER_MAX

    def choose(self, index: int, picture: dict[str, Any], *, now: datetime) -> Intent | None:
        """A choice was taken; an intent when that was all there was to ask."""
        sheet = self.sheet(picture, now=now)
        if sheet is None or not 0 <= index < len(sheet.choices) or sheet.choices[index].why is not None:
            return None
        self._chosen = index
        return self.confirm(picture, now=now) if sheet.go is None or self.kind == "find" else None

    def digit(self, n: int, picture: dict[str, Any], *, now: datetime) -> tuple[bool, Intent | None]:
        """A digit key; whether it was taken, and what follows."""
        sheet = self.sheet(picture, now=now)
        if sheet is None or not sheet.digits or n > len(sheet.choices):
            return False, None
        return True, self.choose(n - 1, picture, now=now)

    def move(self, step: int, picture: dict[str, Any], *, now: datetime) -> None:
        """Up or down among the choices of a text field."""
        sheet = self.sheet(picture, now=now)
        if sheet is not None and sheet.choices:
            self._chosen = max(0, min(len(sheet.choices) - 1, sheet.chosen + step))

    def choose_reason(self, index: int) -> None:
        """The reason of a transfer."""
        self._reason = index

    def choose_minute(self, index: int) -> None:
        """The expected length of a pause."""
        self._minute = max(0, min(len(PAUSE_MINUTES) - 1, index))

    def confirm(self, picture: dict[str, Any], *, now: datetime) -> Intent | None:
        """Enter: the intent, or None while something is missing (which is then said)."""
        sheet = self.sheet(picture, now=now)
        if sheet is None:
            return None
        if self.kind in self._questions:
            told = self._questions[self.kind].answer(sheet, self._entry(), picture)
            if isinstance(told, Say):
                self._fault = told
                return None
            return told
        answer = getattr(self, f"_answer_{self.kind}", None)
        return answer(sheet, picture, now) if answer else None

    # -- answers --------------------------------------------------------------------------------------------------

    def _answer_pause(self, sheet: Sheet, _picture: dict[str, Any], now: datetime) -> Intent | None:
        if sheet.chosen < 0:
            self._fault = say("dialog.need_reason")
            return None
        words: dict[str, Any] = {"reason": sheet.choices[sheet.chosen].code}
        minutes = PAUSE_MINUTES[self._minute]
        if minutes:
            words["resume_at"] = _stamp(now + timedelta(minutes=minutes))
        return Intent("pause", words=words)

    def _answer_park(self, sheet: Sheet, picture: dict[str, Any], now: datetime) -> Intent | None:
        if sheet.chosen < 0:
            return None
        until = closing(picture, now=now)
        return Intent("park", words={"reason": sheet.choices[sheet.chosen].code, "until": until})

    def _answer_transfer(self, sheet: Sheet, _picture: dict[str, Any], _now: datetime) -> Intent | None:
        if sheet.chosen < 0:
            self._fault = say("dialog.transfer.none")
            return None
        kind, _, name = sheet.choices[sheet.chosen].code.partition(":")
        reason = TRANSFER_REASONS[self._reason]
        return Intent("transfer", words={kind: name, "reason": reason})

    def _answer_call_number(self, sheet: Sheet, _picture: dict[str, Any], _now: datetime) -> Intent | None:
        number = sheet.text.strip().upper()
        if not number:
            self._fault = say("dialog.call.need")
            return None
        if not self._naming:
            self._naming = True
            return None
        if sheet.chosen < 0:
            return None
        return Intent("call_number", words={"number": number, "reason": sheet.choices[sheet.chosen].code})

    def _answer_return(self, sheet: Sheet, _picture: dict[str, Any], _now: datetime) -> Intent | None:
        return Intent("return", words={"reason": sheet.choices[sheet.chosen].code}) if sheet.chosen >= 0 else None

    def _answer_reclassify(self, sheet: Sheet, picture: dict[str, Any], _now: datetime) -> Intent | None:
        if sheet.chosen < 0:
            return None
        words = {"priority_class": sheet.choices[sheet.chosen].code, "reason": RECLASSIFY_REASON}
        return Intent("reclassify", ticket=str(picture["ticket"]["id"]), words=words)

    def _answer_find(self, sheet: Sheet, picture: dict[str, Any], _now: datetime) -> Intent | None:
        if sheet.chosen < 0 or sheet.choices[sheet.chosen].why is not None:
            return None
        kind, _, number = sheet.choices[sheet.chosen].code.partition(":")
        if kind in ("case", "service"):
            return Intent(f"open_{kind}", ticket=number)
        if kind == "parked":
            return Intent("resume", words={"number": number})
        if kind == "missed":
            found = next(e for e in picture.get("missed", ()) if e["number"] == number)
            return Intent("reinstate", ticket=str(found["id"]))
        self.open("call_number", text=number, naming=True)
        return None

    def _answer_menu(self, sheet: Sheet, _picture: dict[str, Any], _now: datetime) -> Intent | None:
        if sheet.chosen < 0:
            return None
        code, _, value = sheet.choices[sheet.chosen].code.partition(":")
        return Intent(code, words={"language": value} if value else {})

    # -- showing --------------------------------------------------------------------------------------------------

    def sheet(self, picture: dict[str, Any], *, now: datetime) -> Sheet | None:
        """The open dialog as it is shown; None when none is open or what it is about has gone."""
        if not self.kind:
            return None
        ticket = picture.get("ticket") or {}
        if self.kind in ("park", "transfer", "return", "reclassify") and ticket.get("state") not in (
            "called",
            "serving",
        ):
            return None
        if self.kind in self._questions:
            return self._questions[self.kind].sheet(self._entry(), picture, now)
        make = getattr(self, f"_sheet_{self.kind}")
        sheet: Sheet = make(picture, str(ticket.get("number", "")), now)
        return sheet

    def _sheet_pause(self, picture: dict[str, Any], _number: str, _now: datetime) -> Sheet:
        return Sheet(
            "pause",
            say("dialog.pause.title"),
            hint=say("dialog.digits", n=len(picture.get("pause_reasons", ()))),
            choices=_reasons(picture.get("pause_reasons", ()), "pause"),
            chosen=self._chosen,
            digits=True,
            minutes=PAUSE_MINUTES,
            minute=self._minute,
            go=say("dialog.pause.go"),
            fault=self._fault,
        )

    def _sheet_park(self, picture: dict[str, Any], number: str, _now: datetime) -> Sheet:
        choices = _reasons(picture.get("park_reasons", ()), "park")
        return self._simple("park", say("dialog.park.title", number=number), choices)

    def _sheet_return(self, _picture: dict[str, Any], number: str, _now: datetime) -> Sheet:
        return self._simple("return", say("dialog.return.title", number=number), _own(RETURN_REASONS))

    def _sheet_reclassify(self, _picture: dict[str, Any], number: str, _now: datetime) -> Sheet:
        choices = tuple(Choice(code, say(f"desk.class.{code}")) for code in CLASSES)
        return self._simple("reclassify", say("dialog.reclassify.title", number=number), choices)

    def _simple(self, kind: str, title: Say, choices: tuple[Choice, ...]) -> Sheet:
        hint = say("dialog.digits_at_once", n=len(choices))
        return Sheet(kind, title, hint=hint, choices=choices, chosen=self._chosen, digits=True)

    def _sheet_transfer(self, picture: dict[str, Any], number: str, _now: datetime) -> Sheet:
        text = self._texts.get("transfer", "")
        choices = _targets(picture, text.strip())
        return Sheet(
            "transfer",
            say("dialog.transfer.title", number=number),
            asks=say("dialog.transfer.type"),
            text=text,
            choices=choices,
            chosen=self._among(choices, first=bool(text.strip())),
            reasons=_own(TRANSFER_REASONS),
            reason=self._reason,
            go=say("dialog.transfer.go"),
            fault=self._fault or (say("dialog.transfer.none") if not choices else None),
        )

    def _sheet_call_number(self, _picture: dict[str, Any], _number: str, _now: datetime) -> Sheet:
        text = self._texts.get("call_number", "")
        choices = _own(CALL_REASONS) if self._naming else ()
        return Sheet(
            "call_number",
            say("dialog.call.title"),
            hint=say("dialog.digits_at_once", n=len(CALL_REASONS)) if self._naming else say("dialog.call.hint"),
            asks=say("dialog.call.number"),
            text=text,
            choices=choices,
            chosen=self._chosen,
            digits=self._naming,
            go=None if self._naming else say("dialog.call.next"),
            fault=self._fault,
        )

    def _sheet_find(self, picture: dict[str, Any], _number: str, _now: datetime) -> Sheet:
        text = self._texts.get("find", "")
        choices = (*_found(picture, text.strip(), self._why), *self._more(text.strip()))[:CHOICES_MAX]
        return Sheet(
            "find",
            say("dialog.find.title"),
            asks=say("dialog.find.hint"),
            text=text,
            choices=choices,
            chosen=self._among(choices, first=True),
            fault=None if choices else say("dialog.find.none"),
        )

    def _sheet_menu(self, picture: dict[str, Any], _number: str, _now: datetime) -> Sheet:
        counter = picture.get("counter", {})
        offered = picture.get("hall", {}).get("languages", ())
        choices = [Choice("lock", say("act.lock"))]
        choices += [Choice(act, say(f"act.{act}"), why=self._why(act)) for act in ("close", "sign_out")]
        choices += [Choice(f"language:{one}", plain(LANGUAGE_NAMES[one])) for one in offered if one in LANGUAGE_NAMES]
        title = say("dialog.menu.title", n=counter.get("counter", ""), clerk=counter.get("clerk", "—"))
        return self._simple("menu", title, tuple(choices))

    def _among(self, choices: tuple[Choice, ...], *, first: bool) -> int:
        if 0 <= self._chosen < len(choices):
            return self._chosen
        return 0 if first and choices else -1


def _reasons(codes: Any, kind: Any) -> tuple[Choice, ...]:
    return tuple(Choice(str(code), lists.reason(str(code), kind=kind)) for code in codes)[:CHOICES_MAX]


def _own(codes: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(code, say(f"desk.reason.{code}")) for code in codes)


def _targets(picture: dict[str, Any], text: str) -> tuple[Choice, ...]:
    """Lines and counters whose letter or number begins with the text; an exact one first."""
    wanted = text.upper()
    found = [
        Choice(
            f"line:{one['line']}",
            plain(f"{one['line']} {one['name']}"),
            say("dialog.transfer.line", n=one["waiting"], m=one["open_counters"]),
        )
        for one in picture.get("lines", ())
        if str(one["line"]).upper().startswith(wanted)
    ] + [
        Choice(
            f"counter:{one['counter']}",
            say("desk.counter", n=one["counter"]),
            say("dialog.transfer.counter", department=one["department"], state=say(f"counter.state.{one['state']}")),
        )
        for one in picture.get("counters", ())
        if str(one["counter"]).startswith(wanted)
    ]
    return tuple(sorted(found, key=lambda one: one.code.partition(":")[2].upper() != wanted))


_LISTS = (("waiting", "queue", "call_number"), ("parked", "parked", "resume"), ("missed", "missed", "reinstate"))


def _found(picture: dict[str, Any], text: str, why: Callable[[str], Say | None]) -> tuple[Choice, ...]:
    """Tickets of the three lists whose number or service holds the text."""
    wanted = text.upper()
    found = []
    for kind, name, act in _LISTS:
        for entry in picture.get(name, ()):
            if wanted in str(entry["number"]).upper() or wanted in str(entry.get("service_name", "")).upper():
                label = plain(f"{entry['number']}  {entry.get('service_name', '')}")
                found.append(Choice(f"{kind}:{entry['number']}", label, say(f"dialog.find.{kind}"), why(act)))
    return tuple(found[:CHOICES_MAX])


def closing(picture: dict[str, Any], *, now: datetime) -> str | None:
    """When the hall closes today, as the time a number on hold is kept until; None after hours."""
    hours = picture.get("hall", {}).get("hours") or ()
    day = picture.get("hall", {}).get("day", "")
    for span in reversed(hours):
        end = moment(f"{day}T{span[1]}:00.000{now:%z}" if day else None)
        if end is not None and end > now:
            return _stamp(end)
    return None


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
