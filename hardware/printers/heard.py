"""What a printer has said since its port was opened. Pure: bytes in, facts kept; who asked and when is the driver's.

Answers come in the order of the wire, so a block of automatic status that arrives in the middle of a round of
questions tells that the answers before it are of the past: `blocks` counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hardware.printers import codec

ODD_KEPT = 16
IDS_KEPT = 64


@dataclass(slots=True)
class Heard:
    """Facts of one connection."""

    parser: codec.AnswerParser
    real_time: dict[int, int] = field(default_factory=dict)
    """Query -> its last answer in this round."""
    stray: int = 0
    """Real-time answers nobody had asked for, or asked for too long ago."""
    full: codec.FullStatus | None = None
    automatic: bytes = b""
    blocks: int = 0
    """Automatic blocks so far."""
    barriers: int = 0
    """Barrier answers so far."""
    barrier_raw: bytes = b""
    identity: list[str] = field(default_factory=list)
    ids: dict[int, bytes] = field(default_factory=dict)
    """Process ids that came back, with their bytes; the last IDS_KEPT."""
    paused: bool = False
    """XOFF was said and XON not yet."""
    odd: bytes = b""
    """The beginning of what could not be read in this round."""
    junk: int = 0
    """Bytes that made no sense, so far."""

    def new_round(self) -> None:
        """A new round of questions begins."""
        self.parser.forget_asked()
        self.real_time.clear()
        self.full = None
        self.odd = b""

    def take(self, data: bytes) -> list[codec.Answer]:
        """Takes bytes; the answers in them, already noted."""
        if len(self.odd) < ODD_KEPT:
            self.odd += data[: ODD_KEPT - len(self.odd)]
        answers = self.parser.feed(data)
        for answer in answers:
            self._note(answer)
        return answers

    def give_up(self) -> None:
        """What is unfinished will not be finished."""
        self._count(self.parser.flush())

    def _count(self, answers: Sequence[codec.Answer]) -> None:
        self.junk += sum(len(answer.raw) for answer in answers if isinstance(answer, codec.Junk))

    def _note(self, answer: codec.Answer) -> None:
        match answer:
            case codec.RealTimeStatus(query=0):
                self.stray += 1
            case codec.RealTimeStatus(query=query, value=value):
                self.real_time[query] = value
            case codec.AutomaticStatus(raw=raw):
                self.automatic, self.blocks = raw, self.blocks + 1
            case codec.FullStatus():
                self.full = answer
            case codec.OneByteStatus(value=value):
                self.barriers, self.barrier_raw = self.barriers + 1, bytes((value,))
            case codec.BlockAnswer():
                self._block(answer)
            case codec.FlowControl(go=go):
                self.paused = not go
            case codec.Junk():
                self._count([answer])

    def _block(self, answer: codec.BlockAnswer) -> None:
        if answer.identity is not None:
            self.identity.append(answer.identity)
        if answer.process_id is not None:
            self.ids[answer.process_id] = answer.raw
            if len(self.ids) > IDS_KEPT:
                self.ids.pop(next(iter(self.ids)))
