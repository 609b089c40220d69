"""A reader and a scanner made of software: synthetic cards are placed and taken away, codes are held before it.

`place` alone places the first synthetic card; nobody has its number. The photograph is noise, so that a test can look
for it and must not find it.
"""

from __future__ import annotations

import random
from collections import deque

from hardware.health import READER_FAULTS
from hardware.readers import codec
from hardware.readers.card import Card, check_character, write
from hardware.readers.lines import LINE_BYTES_MAX, Code
from hardware.simulation.device import BadCommand, SimulatedDevice

PHOTO_BYTES = 1024
MODULE = bytes.fromhex("05 00 0a 00 15 cd 5b 07 b1 68 de 3a 2a 00 00 00")


def synthetic(index: int = 1) -> Card:
    """Card 1 is the one of the test vectors; the others count up from it. The district 000000 does not exist."""
    if index == 1:
        number = "11010519491231002X"
    else:
        digits = f"00000019{50 + index % 50:02d}0101{index % 1000:03d}"
        number = digits + check_character(digits)
    name = "样例" + ("" if index == 1 else "甲乙丙丁戊己庚辛壬癸"[index % 10])
    return Card(
        name=name, sex="2", nation="01", birth=number[6:14], address="样例地址", number=number, issuer="样例机关",
        valid_from="20200101", valid_to="长期",
    )  # fmt: skip


def foreigner() -> Card:
    """A synthetic permanent residence card."""
    return Card(
        kind="foreigner", name="样例外", english_name="SAMPLE, CARD", sex="1", number="XXX110075010101", country="XXX",
        birth="19750101", valid_from="20200101", valid_to="20300101", version="01", issuer="1500",
    )  # fmt: skip


class SimulatedReader(SimulatedDevice):
    """The module, and the card that lies on it."""

    kind = "samv"
    own_faults = READER_FAULTS
    commands = "place [N | foreigner | NAME NUMBER] | remove | fault NAME | clear [NAME] | status | help"

    def __init__(self, *, photo_seed: int = 1, finds_again: bool = False) -> None:
        """`finds_again`: a module that goes on finding a card it has read, as some are said to."""
        super().__init__()
        self._finds_again = finds_again
        self.photo = random.Random(photo_seed).randbytes(PHOTO_BYTES)  # noqa: S311 - noise
        self.card: Card | None = None
        self.reads = 0
        self._taken = False
        """Whether the card that lies there was read already; then it is found again only after it has left."""

    def open_conversation(self) -> ReaderConversation:
        return ReaderConversation(self)

    def status(self) -> dict[str, object]:
        return {**super().status(), "card": self.card is not None, "reads": self.reads}

    def place(self, card: Card) -> None:
        """Puts a card on the reader, in place of the one that lies there. Raises ValueError for a text too long."""
        write(card)
        with self.lock:
            self.card, self._taken = card, False

    def remove(self) -> None:
        """Takes the card away."""
        with self.lock:
            self.card = None

    def own_command(self, words: list[str]) -> str:
        match words:
            case ["place"]:
                self.place(synthetic())
            case ["place", "foreigner"]:
                self.place(foreigner())
            case ["place", index] if index.isdecimal():
                self.place(synthetic(int(index)))
            case ["place", name, number]:
                self.place(Card(name=name, number=number, sex="1", birth=number[6:14]))
            case ["remove"]:
                self.remove()
            case _:
                raise BadCommand(f"unknown command; {self.kind} knows: {self.commands}")
        return "ok"

    def obey(self, code: bytes) -> bytes:
        """The answer to one command."""
        if "sam_unauthorised" in self.faults and code != codec.MODULE:
            return codec.answer(0x66)
        match code:
            case codec.STATUS:
                return codec.answer(codec.OK)
            case codec.MODULE:
                return codec.answer(codec.OK, MODULE)
            case codec.FIND:
                lies_there = self.card is not None and not self._taken
                return codec.answer(codec.FOUND, bytes(4)) if lies_there else codec.answer(codec.NO_CARD)
            case codec.SELECT:
                lies_there = self.card is not None and not self._taken
                return codec.answer(codec.OK, bytes(8)) if lies_there else codec.answer(codec.SELECT_FAILED)
            case codec.READ:
                return self._read()
        return codec.answer(0x21)

    def _read(self) -> bytes:
        if self.card is None:
            return codec.answer(0x41)
        if "card_auth" in self.faults:
            return codec.answer(0x31)
        self._taken = not self._finds_again
        self.reads += 1
        return codec.card_answer(write(self.card), self.photo)


class ReaderConversation:
    """One host."""

    def __init__(self, reader: SimulatedReader) -> None:
        self._reader = reader
        self._parser = codec.FrameParser()

    def feed(self, data: bytes, now: float) -> bytes:
        frames = (item for item in self._parser.feed(data) if isinstance(item, codec.Frame))
        return b"".join(self._reader.obey(frame.data[:2]) for frame in frames)

    def due(self, now: float) -> bytes:
        return b""


class SimulatedScanner(SimulatedDevice):
    """Says what is held before it, ended by CR or CR LF."""

    kind = "scanner"
    commands = "scan TEXT | fault NAME | clear [NAME] | status | help"

    def __init__(self, *, crlf: bool = False) -> None:
        super().__init__()
        self.scanned = 0
        self._end = b"\n" if crlf else b""
        self._lines: list[deque[bytes]] = []

    def open_conversation(self) -> ScannerConversation:
        lines: deque[bytes] = deque(maxlen=16)
        self._lines = [*self._lines[-15:], lines]
        return ScannerConversation(lines)

    def status(self) -> dict[str, object]:
        return {**super().status(), "scanned": self.scanned}

    def scan(self, text: str) -> None:
        """Holds a code before the scanner; every connected host hears it."""
        with self.lock:
            self.scanned += 1
            for lines in self._lines:
                lines.append(Code(text).encode() + self._end)

    def own_command(self, words: list[str]) -> str:
        match words:
            case ["scan", text] if len(text.encode()) <= LINE_BYTES_MAX:
                self.scan(text)
                return "ok"
        raise BadCommand(f"unknown command; {self.kind} knows: {self.commands}")


class ScannerConversation:
    """One host."""

    def __init__(self, lines: deque[bytes]) -> None:
        self._lines = lines

    def feed(self, data: bytes, now: float) -> bytes:
        return b""

    def due(self, now: float) -> bytes:
        data = b"".join(self._lines)
        self._lines.clear()
        return data
