"""What is written on an identity card: 256 bytes of UTF-16, in one of three layouts (docs/devices-readers.md).

The type of the card, at offset 248, is read before the layout: `I` is a foreigner's permanent residence card, `J` a
residence card of Hong Kong, Macao and Taiwan residents (unverified), anything else the citizen's card, in which that
place is reserved. Nothing here shows a card's content in a representation.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

RECORD_BYTES: Final = 256
TYPE_AT: Final = 248
WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS: Final = "10X98765432"
"""GB 11643: the check character by the weighted sum modulo 11."""

_CITIZEN: Final = (
    ("name", 30), ("sex", 2), ("nation", 4), ("birth", 16), ("address", 70), ("number", 36), ("issuer", 30),
    ("valid_from", 16), ("valid_to", 16), ("reserved", 36),
)  # fmt: skip
_FOREIGNER: Final = (
    ("english_name", 120), ("sex", 2), ("number", 30), ("country", 6), ("name", 30), ("valid_from", 16),
    ("valid_to", 16), ("birth", 16), ("version", 4), ("issuer", 8), ("type", 2), ("reserved", 6),
)  # fmt: skip
LAYOUTS: Final = {"citizen": _CITIZEN, "residence": _CITIZEN, "foreigner": _FOREIGNER}
_TYPES: Final = {"I": "foreigner", "J": "residence"}


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """One card. Days are `YYYYMMDD`; `valid_to` may be 长期; `sex` is 1 male, 2 female; `nation` a two-digit code."""

    kind: str = "citizen"
    """`citizen`, `foreigner` (permanent residence), `residence` (Hong Kong, Macao, Taiwan)."""
    name: str = ""
    sex: str = ""
    nation: str = ""
    birth: str = ""
    address: str = ""
    number: str = ""
    issuer: str = ""
    valid_from: str = ""
    valid_to: str = ""
    english_name: str = ""
    country: str = ""
    version: str = ""
    reserved: str = field(default="", compare=False)

    def __repr__(self) -> str:
        """Never the content: representations end in logs."""
        return f"Card({self.kind})"

    __str__ = __repr__

    @property
    def is_plausible(self) -> bool:
        """Whether the number can be one: the check digit of 18 characters, else 15 as old foreigners' cards have."""
        if self.kind == "foreigner" and len(self.number) == 15:
            return self.number[:3].isalpha() and self.number[3:].isdecimal() and self.number.isascii()
        return has_check_digit(self.number)


def check_character(digits: str) -> str:
    """The 18th character for the first 17 digits (GB 11643, modulo 11-2)."""
    return CHECKS[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11]


def has_check_digit(number: str) -> bool:
    """Whether an 18-character number carries the check character its digits give."""
    digits = number[:17]
    if len(number) != 18 or not (digits.isascii() and digits.isdecimal()):
        return False
    return check_character(digits) == number[17].upper()


def read(record: bytes) -> Card | None:
    """The card in a text record; None when the bytes are no text or of another length."""
    if len(record) != RECORD_BYTES:
        return None
    try:
        kind = _TYPES.get(record[TYPE_AT : TYPE_AT + 2].decode("utf-16-le"), "citizen")
        return Card(kind=kind, **_fields(record, LAYOUTS[kind]))
    except UnicodeDecodeError:
        return None


def _fields(record: bytes, layout: tuple[tuple[str, int], ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    at = 0
    for name, size in layout:
        values[name] = record[at : at + size].decode("utf-16-le").strip("\x00 \u3000")
        at += size
    values.pop("type", None)
    return values


def write(card: Card) -> bytes:
    """The text record of a card, for the simulator and the tests. Raises ValueError for a text that is too long."""
    values = {f.name: str(getattr(card, f.name)) for f in fields(card)}
    values["type"] = next((letter for letter, kind in _TYPES.items() if kind == card.kind), "")
    if card.kind == "residence":
        values["reserved"] = card.reserved.ljust(14)[:14] + "J"
    record = b""
    for name, size in LAYOUTS[card.kind]:
        raw = values[name].encode("utf-16-le")
        if len(raw) > size:
            raise ValueError(f"{name} is longer than {size // 2} characters")
        record += raw + " ".encode("utf-16-le") * ((size - len(raw)) // 2)
    return record
