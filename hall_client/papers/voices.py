"""One or two languages on one paper: the first in full size, the second smaller below or beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hall_client.spoken import Spoken
from hardware.printers.paper import Align, Block, Columns, Run, Text

SECOND = 26
"""The smallest text of a paper (design.md 12)."""


@dataclass(frozen=True)
class Voices:
    """The languages of a paper. `second` in the language of `first` counts as none."""

    first: Spoken
    second: Spoken | None = None

    @property
    def other(self) -> Spoken | None:
        """The second language, None when there is only one."""
        return self.second if self.second is not None and self.second.language != self.first.language else None

    def both(self, key: str, **values: object) -> str:
        """A short word in both languages, `Check code` beside 查询码."""
        own = said(self.first, key, values)
        other = said(self.other, key, values) if self.other else own
        return own if other == own else f"{own} {other}"

    def text(
        self, key: str, *, size: int = 28, bold: bool = False, align: Align = "left", gap: int = 10, **values: object
    ) -> Iterator[Block]:
        """A sentence, and below it the same in the second language."""
        other = said(self.other, key, values) if self.other else None
        yield Text(said(self.first, key, values), size=size, bold=bold, align=align, gap=4 if other else gap)
        if other is not None:
            yield Text(other, size=SECOND, align=align, gap=gap)

    def row(self, key: str, *value: Run, gap: int = 12) -> Block:
        """A name at the left and its value at the right."""
        return Columns((Run(self.both(key), SECOND),), value, gap=gap)


def said(words: Spoken, key: str, values: Mapping[str, object]) -> str:
    """A text with its values; dates among them are said in the same language."""
    return words.say(key, **{name: day(words, v) if isinstance(v, date) else v for name, v in values.items()})


def day(words: Spoken, on: date) -> str:
    """`2026-11-30 星期一`, with `17:00` for a moment: a date on paper is read months later, so it names its year."""
    clock = f" {on:%H:%M}" if isinstance(on, datetime) else ""
    return f"{on:%Y-%m-%d} {words.say(f'clock.weekday_{on.isoweekday()}')}{clock}"


def mark(text: str) -> tuple[Run, ...]:
    """A word in a box, with the white before it: 补打, 暂定."""
    return (Run("  ", SECOND), Run(text, SECOND, bold=True, boxed=True))
