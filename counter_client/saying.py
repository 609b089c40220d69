"""A text before it is spoken: its key in the translations and the values of its placeholders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Say:
    """One sentence by key. A value may be a `Say` of its own (a priority class inside a reason)."""

    key: str
    values: tuple[tuple[str, Any], ...] = field(default=())

    def spoken(self, speak: Speaker) -> str:
        """The sentence in the speaker's language."""
        return speak(self.key, **{name: text_of(value, speak) for name, value in self.values})


class Speaker(Protocol):
    """Turns a key and its values into a sentence of the language in use."""

    def __call__(self, key: str, **values: Any) -> str: ...


def say(key: str, **values: Any) -> Say:
    """`say("desk.why.finish_first", number="A041")`."""
    return Say(key, tuple(values.items()))


def plain(text: str) -> Say:
    """A text that is a fact and not a word: a service's name, a manager's message."""
    return Say("", (("text", text),))


def text_of(value: Any, speak: Callable[..., str]) -> str:
    """A value of a placeholder, or a whole text, as it is shown. None is the empty text."""
    if value is None:
        return ""
    if isinstance(value, Say):
        if not value.key:
            return str(value.values[0][1])
        return value.spoken(speak)
    return str(value)
