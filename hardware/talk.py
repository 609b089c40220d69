"""Questions at a terminal, each with a way back: `back` returns to the one before, `quit` ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TextIO

BACK = ("back", "b")
QUIT = ("quit", "q")
YES = ("yes", "y", "")
NO = ("no", "n")


class Back(Exception):
    """The person wants to go back one question."""


class Quit(Exception):
    """The person wants to end, or nobody answers any more."""


class Talk:
    """Asks on one stream, hears on another."""

    def __init__(self, *, hear: TextIO, tell: TextIO) -> None:
        self._hear, self._tell = hear, tell

    def say(self, text: str = "") -> None:
        """A line for the person."""
        print(text, file=self._tell, flush=True)

    def ask(self, question: str, *, default: str = "") -> str:
        """The answer, or the default for an empty line. Raises Back, Quit."""
        shown = f" [{default}]" if default else ""
        print(f"{question}{shown}: ", end="", file=self._tell, flush=True)
        line = self._hear.readline()
        if not line:
            self.say()
            raise Quit
        answer = line.strip()
        if answer.lower() in BACK:
            raise Back
        if answer.lower() in QUIT:
            raise Quit
        return answer or default

    def choose(self, question: str, options: Sequence[tuple[str, str]], *, default: str = "") -> str:
        """One of (word, explanation), by its number or its word; asks until it is one. Raises Back, Quit."""
        self.say(question)
        for number, (word, explanation) in enumerate(options, start=1):
            self.say(f"  {number}  {word}" + (f" - {explanation}" if explanation else ""))
        while True:
            answer = self.ask("number or word", default=default)
            for number, (word, _) in enumerate(options, start=1):
                if answer in (str(number), word):
                    return word
            self.say(f"please answer with 1 to {len(options)}, or 'back'")

    def yes(self, question: str) -> bool:
        """Yes (also an empty line) or no. Raises Back, Quit."""
        while True:
            answer = self.ask(f"{question} (yes/no)").lower()
            if answer in YES:
                return True
            if answer in NO:
                return False
            self.say("please answer yes or no, or 'back'")


def walk(steps: Sequence[Callable[[], bool]]) -> None:
    """Takes the steps in order; Back leads to the last one before that asked something. A step answers whether it
    asked. Raises Back from the first, Quit from any."""
    asked: list[int] = []
    at = 0
    while at < len(steps):
        try:
            if steps[at]():
                asked.append(at)
            at += 1
        except Back:
            if not asked:
                raise
            at = asked.pop()
