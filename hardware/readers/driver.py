"""The identity card reader: looks for a card every 300 ms, reads it once when it is placed, and forgets it.

The flow is the one all public drivers have: find until 9F, select, read; afterwards a module finds the card again only
when it has left (practice). A module that goes on finding it raises no second event either: as long as a find is
answered with 9F for the card read last, it lies there still.
"""

from __future__ import annotations

import hmac
import logging
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hardware.address import Address
from hardware.driver import PortDriver, Surroundings
from hardware.health import READER_FAULTS, CardRead
from hardware.readers import card as cards
from hardware.readers import codec

log = logging.getLogger(__name__)

TRIES = 3
ANSWERS_KEPT = 8


@dataclass(frozen=True, slots=True)
class Timing:
    """Patience, in seconds."""

    find_s: float = 0.3
    answer_s: float = 1.0
    read_s: float = 4.0
    """1,295 bytes at 9600 baud are 1.35 s, and the module asks the card first."""
    status_s: float = 60.0
    silent_s: float = 2.0
    same_card_s: float = 0.6
    """A card found again so soon after it was seen last has not been away, whatever was answered between."""
    fault_stays_s: float = 10.0
    """How long a card that could not be read is told after it was taken away."""


class CardReader(PortDriver[None]):
    """Drives one SAM_V reader. It takes no jobs: whoever submits one gets `no_such_job`."""

    kind = "reader"

    def __init__(
        self,
        address: Address | str,
        *,
        around: Surroundings | None = None,
        timing: Timing | None = None,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        super().__init__(address, around=around)
        self.timing = timing or Timing()
        self._secret = random_bytes(32)
        """Makes the mark of the card read last: known to nobody and gone with the program."""
        self._mark = b""
        self._seen_s = 0.0
        self._was_away = True
        """Whether a find was answered without a card since the last one was read."""
        self._failures = 0
        self._failed_s = 0.0
        self._fresh()

    def _fresh(self) -> None:
        self._parser = codec.FrameParser()
        self._answers: deque[codec.Frame] = deque(maxlen=ANSWERS_KEPT)
        self._next_find_s = self._next_status_s = 0.0

    # -- opening ------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._fresh()
        self._ask_status()
        if not self.book.faults & {"silent", "garbage"}:
            answer = self._ask(codec.MODULE)
            self.book.identity = codec.module_number(answer) or "" if answer is not None else ""

    def _ask_status(self) -> None:
        answer = self._ask(codec.STATUS)
        self._next_status_s = self._clock() + (self.timing.silent_s if answer is None else self.timing.status_s)
        if answer is not None:
            self._judge_module(answer)

    def _judge_module(self, answer: codec.Frame) -> None:
        trouble = {"sam_unauthorised"} if answer.answer in codec.MODULE_TROUBLE else set()
        self._set_faults((set(self.book.faults) & {"card_auth"}) | trouble)

    def _set_faults(self, words: set[str]) -> None:
        self.book.set_faults(words, among=READER_FAULTS)

    # -- working ------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        self._end_waiting_jobs("no_such_job")
        now = self._clock()
        if now >= self._next_status_s:
            self._ask_status()
        elif now >= self._next_find_s and not self.book.faults & {"silent", "garbage"}:
            self._look_for_card()
            self._next_find_s = self._clock() + self.timing.find_s

    def _look_for_card(self) -> None:
        found = self._ask(codec.FIND)
        if found is None:
            self._next_status_s = self._clock() + self.timing.silent_s
        elif found.answer == codec.FOUND:
            self._read_card()
        else:
            self._was_away = True
            self._no_card(found)

    def _no_card(self, answer: codec.Frame) -> None:
        if answer.answer in codec.MODULE_TROUBLE:
            self._judge_module(answer)
        elif "card_auth" in self.book.faults and self._clock() - self._failed_s > self.timing.fault_stays_s:
            self._set_faults(set(self.book.faults) & {"sam_unauthorised"})

    def _read_card(self) -> None:
        selected = self._ask(codec.SELECT)
        if selected is None or selected.answer != codec.OK:
            self._not_read()
            return
        answer = self._ask(codec.READ, limit_s=self.timing.read_s)
        if answer is not None and answer.answer in codec.MODULE_TROUBLE:
            self._judge_module(answer)
            return
        text = codec.text_of(answer) if answer is not None else None
        card = cards.read(text) if text is not None else None
        if card is None or not card.is_plausible:
            self._not_read()
            return
        self._failures = 0
        self._set_faults(set())
        if self._is_new(card):
            self._tell(CardRead(self.address, card, self._wall()))

    def _not_read(self) -> None:
        """One failed try is a card on its way; several are a card that cannot be read."""
        self._failures += 1
        self._failed_s = self._clock()
        if self._failures >= TRIES:
            self._failures = 0
            self._set_faults((set(self.book.faults) & READER_FAULTS) | {"card_auth"})

    def _is_new(self, card: cards.Card) -> bool:
        mark = hmac.digest(self._secret, card.number.encode(), "sha256")
        now = self._clock()
        lies_there = not self._was_away or now - self._seen_s <= self.timing.same_card_s
        same = mark == self._mark and lies_there
        self._mark, self._seen_s, self._was_away = mark, now, False
        return not same

    # -- asking and hearing -------------------------------------------------------------------------------------

    def _ask(self, code: bytes, *, limit_s: float | None = None) -> codec.Frame | None:
        """Sends a command, up to three times; the answer, None when the reader says nothing that can be read."""
        junk = self.book.junk_bytes
        for attempt in range(TRIES):
            self._answers.clear()
            begun = self._clock()
            self._send(codec.command(code))
            if self._wait_until(lambda: bool(self._answers), limit_s=limit_s or self.timing.answer_s):
                self._heard(round_trip_s=self._clock() - begun)
                return self._answers.popleft()
            self._handle(self._parser.flush())
            self.book.retries += attempt > 0
        word = "garbage" if self.book.junk_bytes > junk else "silent"
        if word not in self.book.faults:
            log.warning("%s does not answer (%s)", self.address, word)
        self.book.quiet(code=word)
        return None

    def _received(self, data: bytes) -> None:
        self._handle(self._parser.feed(data))

    def _handle(self, found: list[codec.Frame | codec.Junk]) -> None:
        for item in found:
            if isinstance(item, codec.Junk):
                self.book.junk(item.size)
            else:
                self._answers.append(item)

    def _left_undone(self) -> None:
        """Whatever was half heard is overwritten and forgotten."""
        self._parser.flush()
        self._answers.clear()
