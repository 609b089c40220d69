"""A declared frame: tokens as text -> bytes out, and bytes in -> fields. Pure.

"AA {addr} {key} {sum8}"      two hex digits are that byte; {addr} {key} {seq} one byte each; {len} the bytes after
                              it up to the checksum; {data:N}; {text:CODEC:N} padded with blanks; {sum8} {xor8}
                              {sum16le} {crc16arc} over everything before, or from {begin}
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import xor

from hardware.checksums import crc16_arc

FRAME_BYTES_MAX = 64
CHECKSUMS: dict[str, tuple[int, Callable[[bytes], int]]] = {
    "sum8": (1, lambda data: sum(data) & 0xFF),
    "xor8": (1, lambda data: reduce(xor, data, 0)),
    "sum16le": (2, lambda data: sum(data) & 0xFFFF),
    "crc16arc": (2, crc16_arc),
}
ONE_BYTE = ("addr", "key", "seq", "len")
_WORD = re.compile(r"\S+")
_BYTE = re.compile(r"[0-9A-Fa-f]{2}")
_BRACED = re.compile(r"\{([a-z0-9]+)(?::([^:{}]+))?(?::([^:{}]+))?\}")


class BadLayout(ValueError):
    """The text declares no frame, or an ambiguous one. `at` is the character it is about."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a frame."""

    kind: str
    """`byte`, a name of `ONE_BYTE` or `CHECKSUMS`, `data`, `text`, or `begin`."""
    size: int
    at: int
    """Where it stands in the text."""
    value: int = 0
    charset: str = ""


def tokens_of(text: str) -> list[Token]:
    """The tokens of a layout. Raises BadLayout."""
    tokens = [_token(match.group(), match.start()) for match in _WORD.finditer(text)]
    if not any(token.size for token in tokens):
        raise BadLayout("an empty frame", 0)
    for kind in ("begin", "len", "addr", "key", "seq"):
        _once(kind, [token for token in tokens if token.kind == kind])
    _once("checksum", [token for token in tokens if token.kind in CHECKSUMS])
    _check_order(tokens)
    if sum(token.size for token in tokens) > FRAME_BYTES_MAX:
        raise BadLayout(f"a frame has at most {FRAME_BYTES_MAX} bytes", tokens[-1].at)
    return tokens


def _token(word: str, at: int) -> Token:
    if _BYTE.fullmatch(word):
        return Token("byte", 1, at, value=int(word, 16))
    match = _BRACED.fullmatch(word)
    if match is None:
        raise BadLayout(f"{word!r} is neither two hex digits nor a token in braces; put blanks between tokens", at)
    name, first, second = match.groups()
    if name == "data" and first and not second:
        return Token("data", _size(first, at), at)
    if name == "text" and first and second:
        return Token("text", _size(second, at), at, charset=_charset(first, at))
    if first is not None or name not in (*ONE_BYTE, *CHECKSUMS, "begin"):
        known = " ".join(f"{{{one}}}" for one in (*ONE_BYTE, "data:N", "text:CODEC:N", *CHECKSUMS, "begin"))
        raise BadLayout(f"unknown token {word}; there are {known}", at)
    size = CHECKSUMS[name][0] if name in CHECKSUMS else 0 if name == "begin" else 1
    return Token(name, size, at)


def _size(text: str, at: int) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= FRAME_BYTES_MAX:
        raise BadLayout(f"{text!r} is no number of bytes from 1 to {FRAME_BYTES_MAX}", at)
    return int(text)


def _charset(name: str, at: int) -> str:
    try:
        blank = " ".encode(name)
    except (LookupError, UnicodeError) as error:
        raise BadLayout(f"unknown character set {name!r}", at) from error
    if len(blank) != 1:
        raise BadLayout(f"{name}: a blank is not one byte in it; use gbk, gb18030, big5, utf-8 or ascii", at)
    return name


def _once(what: str, tokens: list[Token]) -> None:
    if len(tokens) > 1:
        raise BadLayout(f"a second {what}: one a frame", tokens[1].at)


def _check_order(tokens: list[Token]) -> None:
    sums = [i for i, token in enumerate(tokens) if token.kind in CHECKSUMS]
    begins = [i for i, token in enumerate(tokens) if token.kind == "begin"]
    if begins and (not sums or begins[0] > sums[0]):
        raise BadLayout("{begin} says where a checksum begins: it needs one after it", tokens[begins[0]].at)
    for token in tokens[sums[0] + 1 :] if sums else ():
        if token.kind != "byte":
            raise BadLayout("after the checksum only fixed bytes may follow", token.at)


class Layout:
    """A compiled frame."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.size = sum(token.size for token in self.tokens)
        starts = [0]
        for token in self.tokens:
            starts.append(starts[-1] + token.size)
        self._at = {token.kind: at for token, at in zip(self.tokens, starts, strict=False) if token.kind != "byte"}
        self._sum = next((token.kind for token in self.tokens if token.kind in CHECKSUMS), None)
        self._from = self._at.get("begin", 0)
        end = self._at[self._sum] if self._sum else self.size
        self.length = end - self._at["len"] - 1 if "len" in self._at else None
        if self.length is not None and self.length < 0:
            raise BadLayout("{len} counts the bytes after it up to the checksum: it stands before it", 0)

    def has(self, kind: str) -> bool:
        """Whether the frame has such a token."""
        return kind in self._at

    @property
    def checked(self) -> bool:
        """Whether it ends in a checksum."""
        return self._sum is not None

    def charset(self) -> tuple[str, int]:
        """Character set and bytes of its text; ("", 0) when it has none."""
        return next(((token.charset, token.size) for token in self.tokens if token.kind == "text"), ("", 0))

    # -- out ----------------------------------------------------------------------------------------------------

    def encode(self, *, addr: int = 0, key: int = 0, seq: int = 0, number: int = 0, text: str = "") -> bytes:
        """The frame's bytes; `number` fills {data:N}, high byte first. What the character set lacks must be gone."""
        values = {"addr": addr, "key": key, "seq": seq, "len": self.length or 0}
        raw = b""
        for token in self.tokens:
            if token.kind == "byte":
                raw += bytes((token.value,))
            elif token.kind in ONE_BYTE:
                raw += bytes((values[token.kind] & 0xFF,))
            elif token.kind == "data":
                raw += (number % 256**token.size).to_bytes(token.size, "big")
            elif token.kind == "text":
                raw += padded(text, charset=token.charset, size=token.size)
            elif token.kind in CHECKSUMS:
                raw += CHECKSUMS[token.kind][1](raw[self._from :]).to_bytes(token.size, "little")
        return raw

    # -- in -----------------------------------------------------------------------------------------------------

    def is_sound(self, raw: bytes) -> bool:
        """Whether the checksum of a frame of the right length is right; True without one."""
        if self._sum is None:
            return True
        at, (size, made) = self._at[self._sum], CHECKSUMS[self._sum]
        return made(raw[self._from : at]) == int.from_bytes(raw[at : at + size], "little")

    def field(self, raw: bytes, kind: str) -> int | None:
        """The byte of {addr}, {key} or {seq}; None when the frame has none."""
        return raw[self._at[kind]] if kind in self._at else None

    def shown(self, raw: bytes) -> str:
        """The text of a frame, for a simulated device."""
        charset, size = self.charset()
        return raw[self._at["text"] :][:size].decode(charset, "replace").rstrip() if size else ""

    def number(self, raw: bytes) -> int:
        """The number in {data:N}, for a simulated device."""
        size = next((token.size for token in self.tokens if token.kind == "data"), 0)
        return int.from_bytes(raw[self._at["data"] :][:size], "big") if size else 0

    def allowed(self, keys: frozenset[int] | None = None) -> list[frozenset[int]]:
        """What may stand at each place; `keys` narrows {key} to those. Without a checksum neither address nor key may
        be the first byte, which begins a frame."""
        every = frozenset(range(256))
        free = every if self.checked or self.size == 1 else every - {self.tokens[0].value}
        sets = {"addr": free, "key": free if keys is None else keys}
        places: list[frozenset[int]] = []
        for token in self.tokens:
            fixed = token.value if token.kind == "byte" else self.length if token.kind == "len" else None
            one = sets.get(token.kind, every) if fixed is None else frozenset({fixed})
            places += [one] * token.size
        return places

    def overlap(self, keys: frozenset[int] | None = None) -> Token | None:
        """The token at which a second frame could begin inside the first; None when that cannot be."""
        places = self.allowed(keys)
        starts = [token for token in self.tokens for _ in range(token.size)]
        for shift in range(1, self.size):
            if all(a & b for a, b in zip(places[shift:], places, strict=False)):
                return starts[shift]
        return None


def padded(text: str, *, charset: str, size: int) -> bytes:
    """Text as so many bytes, cut between characters, filled with blanks."""
    raw = b""
    for letter in text:
        more = letter.encode(charset)
        if len(raw) + len(more) > size:
            break
        raw += more
    return raw.ljust(size)


def encodable(text: str, *, charset: str) -> tuple[str, set[str]]:
    """The text with `*` for what the character set lacks, and the characters that were replaced."""
    if not charset:
        return text, set()
    replaced = {letter for letter in set(text) if not _fits(letter, charset)}
    return "".join("*" if letter in replaced else letter for letter in text), replaced


def _fits(letter: str, charset: str) -> bool:
    try:
        letter.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
