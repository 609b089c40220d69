"""How far is my case, and what somebody has to say: number and check code, a word by the keys of the screen. Pure.

Nothing of it is kept: the check code goes with the question, the words with their answer, everything with the wipe.
While the kiosk asks whether somebody is still there, a case is not on the screen (`page_case.py`).
"""

from __future__ import annotations

from typing import Any

from . import keyboard
from .effects import Effect, Play, SendWords
from .places import Place
from .presented import Presented, _code

CASE_DIGITS_MOST = 14
DAY_DIGITS = 8
"""Of a case number, before its dash."""
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
CODE_LENGTH = 8
"""Of a check code, as receipts have it."""
CATEGORIES = (
    "attitude", "efficiency", "competence", "fees", "environment", "solicitation", "shirking", "other",
    "consultation", "suggestion",
)  # fmt: skip
MESSAGE = "message"


def case_number(digits: str) -> str:
    """The number as receipts have it: `20261124-0058`."""
    return f"{digits[:DAY_DIGITS]}-{digits[DAY_DIGITS:]}" if len(digits) > DAY_DIGITS else digits


class Asked(Presented):
    """Cases and words."""

    # -- a case ----------------------------------------------------------------------------------------------------

    @property
    def may_ask(self) -> bool:
        """Whether number and check code are long enough to be a pair."""
        place = self.place
        return len(place.entered) > DAY_DIGITS and len(place.code) == CODE_LENGTH

    def _on_case(self, verb: str, what: str) -> list[Effect]:
        """A touch on the page for number and check code."""
        place = self.place
        number = place.spot != "code"
        now = place.entered if number else place.code
        if verb == "key":
            fits = what.isdigit() and len(now) < CASE_DIGITS_MOST if number else len(now) < CODE_LENGTH
            now += what if fits and what in CODE_LETTERS + "01" else ""
        elif verb == "erase":
            now = now[:-1]
        elif verb == "clear":
            now = ""
        elif verb == "spot":
            self._change(spot=what)
            return []
        elif verb == "ask" and self.may_ask:
            body = {"no": case_number(place.entered), "check_code": place.code}
            self.places.pop()
            self._go(Place("case_ask", spot="no"))  # coming back finds an empty form
            return [self._ask_case(body)]
        self._change(**{"entered" if number else "code": now})
        return []

    def case_told(self, key: str, status: int | None, answer: Any, *, now: float) -> list[Effect]:
        """The server's answer to `AskCase`; `status` None when none came."""
        self._now = now
        if self.place.screen != "case" or self.place.key != key:
            return []
        if status == 200 and isinstance(answer, dict):
            self._change(seen=answer, refusal="")
            return self._settled([Play("stored")])
        self._change(refusal=_code(status, answer))
        return self._settled([Play("fault")])

    # -- a word ----------------------------------------------------------------------------------------------------

    @property
    def first_layout(self) -> str:
        """The keys a writer of this language finds."""
        return "latin" if self.modes.language == "en" else "pinyin"

    def _on_about(self, about: str) -> None:
        if about in (*CATEGORIES, MESSAGE):
            self._go(Place("write", about=about, spot=self.first_layout, key=self._new_key()))

    def _on_write(self, verb: str, what: str) -> list[Effect]:
        """A touch while writing."""
        place = self.place
        if place.refusal == "looking":
            return []  # it is on its way
        room = keyboard.TEXT_MOST - len(place.entered)
        if verb == "key" and what in keyboard.live_keys(place.spot, place.typed):
            self._write_key(what, room)
        elif verb == "pick" and what in keyboard.candidates(place.typed) and room > 0:
            self._write(place.entered + what)
        elif verb == "space" and room > 0 and not place.typed:
            self._write(place.entered + " ")
        elif verb == "candidates":
            self._change(page=place.page + 1)
        elif verb == "layout" and what in keyboard.LAYOUTS:
            self._change(spot=what, typed="", page=0)
        elif verb == "publish":
            self._change(publish=not place.publish, key=self._new_key())
        elif verb == "erase":
            if place.typed:
                self._change(typed=place.typed[:-1], page=0)
            else:
                self._write(place.entered[:-1])
        elif verb == "send" and place.entered.strip():
            return [self._send_words()]
        return []

    def _write_key(self, key: str, room: int) -> None:
        place = self.place
        if place.spot == "pinyin" and key in keyboard.LETTERS:
            self._change(typed=(place.typed + key.lower())[: keyboard.SYLLABLE_MOST], page=0)
        elif room > 0:
            begins = not place.entered.strip() or place.entered.rstrip()[-1:] in ".?"
            small = key.lower() if place.spot == "latin" and not begins else key
            self._write(place.entered + small)

    def _write(self, text: str) -> None:
        """Another text: another thing to send, so another key."""
        self._change(entered=text, typed="", page=0, refusal="", key=self._new_key())

    def _send_words(self) -> Effect:
        place = self.place
        self._change(refusal="looking", typed="")
        text = place.entered.strip()
        if place.about == MESSAGE:
            return SendWords(place.key, "/messages", {"text": text, "publish": place.publish})
        return SendWords(place.key, "/complaints", {"category": place.about, "text": text})

    def words_kept(self, key: str, status: int | None, answer: Any, *, now: float) -> list[Effect]:
        """The server's answer to `SendWords`. Without one the text stays and is sent again under the same key."""
        self._now = now
        place = self.place
        if place.screen != "write" or place.key != key:
            return []
        if status == 201 and isinstance(answer, dict):
            self.places = [Place("sent", number=str(answer.get("no", "")), about=place.about)]
            return self._settled([Play("stored")])
        self._change(refusal=_code(status, answer))
        return self._settled([Play("fault")])
