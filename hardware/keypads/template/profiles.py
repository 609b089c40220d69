"""Profiles in TOML: which frames a rater of an unknown vendor speaks. Everything wrong is refused with its place."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from hardware.address import BadAddress
from hardware.keypads.template.layout import BadLayout, Layout

OUT = ("welcome", "ask", "staff", "stars", "show")
"""Frames to the device: idle picture, question, clerk's number, clerk's stars, a text such as the number in hand."""
WORDS = ("call", "recall", "no_show", "hold", "return", "transfer", "pause", "rate", "cancel")
"""What a key may be beside a level of 1 to 5: a key of a call pad."""
NUMBERS = {"baud": (300, 921_600), "stop": (1, 2), "debounce_ms": (0, 5000)}
KEYS_KNOWN = frozenset({"baud", "parity", "stop", "debounce_ms", "in", "keys", "out"})


class BadTemplate(BadAddress):
    """A profile that cannot be used: FILE:LINE:COLUMN, what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One device's frames."""

    name: str
    incoming: Layout
    keys: dict[int, int | str]
    """Code on the wire -> level 1 to 5, or a word of `WORDS`."""
    out: dict[str, Layout] = field(default_factory=dict)
    baud: int = 9600
    parity: str = "N"
    stop: int = 1
    debounce_ms: int = 300

    def code_of(self, meaning: int | str) -> int:
        """The code of a level or word. KeyError for one no key has."""
        for code, one in self.keys.items():
            if one == meaning:
                return code
        raise KeyError(meaning)


@cache
def built_in() -> dict[str, Profile]:
    """The profiles beside this file."""
    text = resources.files("hardware.keypads.template").joinpath("profiles.toml").read_text(encoding="utf-8")
    return read(text, file="profiles.toml")


def load(name: str, file: str | None = None) -> Profile:
    """A profile by name, of one's own file or of those beside this one. Raises BadTemplate."""
    if file is None:
        profiles = built_in()
    else:
        try:
            profiles = read(Path(file).read_text(encoding="utf-8"), file=file)
        except (OSError, UnicodeDecodeError) as error:
            raise BadTemplate(f"{file}: cannot be read: {error}") from error
    if name not in profiles:
        raise BadTemplate(f"profile {name!r} does not exist; there are {', '.join(sorted(profiles))}")
    return profiles[name]


def read(text: str, *, file: str = "profiles") -> dict[str, Profile]:
    """Every profile of a TOML text. Raises BadTemplate."""
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadTemplate(f"{file}{_syntax_place(str(error), text)}") from error
    source = _Source(text, file)
    tables = parsed.pop("profile", {})
    for other in parsed:
        raise source.refuse((), other, f"unknown table {other!r}; a profile is [profile.NAME]")
    if not isinstance(tables, dict) or not tables:
        raise BadTemplate(f"{file}:1:1: no profile; write [profile.NAME]")
    return {name: _profile(name, table, source) for name, table in tables.items()}


def _syntax_place(message: str, text: str) -> str:
    match = re.search(r"\(at line (\d+), column (\d+)\)", message)
    what = message[: match.start()].strip() if match else message.removesuffix("(at end of document)").strip()
    end = (str(text.count("\n") + 1), str(len(text.rpartition("\n")[2]) + 1))
    line, column = match.groups() if match else end
    return f":{line}:{column}: {what}"


class _Source:
    """Where each value stands: tomllib does not tell."""

    _HEADER = re.compile(r"\s*\[\s*([^\]]+?)\s*\]")
    _ENTRY = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9_.-]+)\s*=\s*")

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self._values: dict[tuple[str, ...], tuple[int, int, str]] = {}
        table: tuple[str, ...] = ()
        for number, line in enumerate(text.splitlines(), 1):
            if header := self._HEADER.match(line):
                table = tuple(part.strip().strip("\"'") for part in header.group(1).split("."))
                self._values[table] = (number, line.index("[") + 1, line)
            elif entry := self._ENTRY.match(line):
                key = tuple(part.strip("\"'") for part in entry.group(1).split("."))
                self._values[(*table, *key)] = (number, entry.end() + 1, line)

    def refuse(self, table: tuple[str, ...], key: str | None, why: str, *, at: int = 0, inner: str = "") -> BadTemplate:
        """The refusal of a value: `at` characters into its string, or at the entry `inner` of an inline table."""
        path = (*table, key) if key else table
        known = self._values.get(path) or self._values.get((*path, inner))
        if known is None:
            known = next((place for full, place in self._values.items() if full[: len(path)] == path), None)
        if known is None:
            known = self._values.get(table) or (1, 1, "")
        line, column, text = known
        if inner and (match := re.search(rf"(?<![\w-])[\"']?{re.escape(inner)}[\"']?\s*=", text[column - 1 :])):
            column += match.start()
        elif not inner and text[column - 1 : column] in ('"', "'"):
            column += at + 1
        return BadTemplate(f"{self.file}:{line}:{column}: {why}")


def _profile(name: str, table: Any, source: _Source) -> Profile:
    path = ("profile", name)
    if not isinstance(table, dict):
        raise source.refuse(("profile",), name, "a profile is a table: [profile.NAME]")
    for key in table:
        if key not in KEYS_KNOWN:
            raise source.refuse(path, key, f"unknown key {key!r}; there are {', '.join(sorted(KEYS_KNOWN))}")
    incoming = _layout(table.get("in"), path, "in", source)
    _check_incoming(incoming, path, source)
    keys = _keys(table.get("keys"), incoming, path, source)
    _check_unambiguous(incoming, frozenset(keys), path, source)
    return Profile(
        name=name,
        incoming=incoming,
        keys=keys,
        out=_out(table.get("out", {}), path, source),
        parity=_parity(table.get("parity", "N"), path, source),
        **{key: _number(key, table[key], path, source) for key in NUMBERS if key in table},
    )


def _number(key: str, value: Any, path: tuple[str, ...], source: _Source) -> int:
    low, high = NUMBERS[key]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise source.refuse(path, key, f"{key} is a number from {low} to {high}")
    return value


def _parity(value: Any, path: tuple[str, ...], source: _Source) -> str:
    if not isinstance(value, str) or value.upper() not in ("N", "E", "O"):
        raise source.refuse(path, "parity", "parity is n, e or o")
    return value.upper()


def _layout(value: Any, path: tuple[str, ...], key: str, source: _Source) -> Layout:
    if not isinstance(value, str):
        raise source.refuse(path, key, f'{key} is the frame as a text, such as "AA {{addr}} {{key}} {{sum8}}"')
    try:
        return Layout(value)
    except BadLayout as error:
        raise source.refuse(path, key, str(error), at=error.at) from error


def _check_incoming(layout: Layout, path: tuple[str, ...], source: _Source) -> None:
    if not layout.has("key"):
        raise source.refuse(path, "in", "no {key}: nothing says which key was pressed")
    for token in layout.tokens:
        if token.kind == "text":
            raise source.refuse(path, "in", "a text cannot be told from other bytes: only in frames out", at=token.at)
    first = next(token for token in layout.tokens if token.size)
    if layout.size > 1 and first.kind != "byte":
        raise source.refuse(
            path, "in", "ambiguous: a frame of several bytes begins with a fixed byte, or its beginning is never found",
            at=first.at,
        )  # fmt: skip


def _check_unambiguous(layout: Layout, keys: frozenset[int], path: tuple[str, ...], source: _Source) -> None:
    overlap = None if layout.checked else layout.overlap(keys)
    if overlap is not None:
        raise source.refuse(
            path, "in", "ambiguous: a second frame could begin here inside the first; add a checksum", at=overlap.at
        )


def _keys(value: Any, layout: Layout, path: tuple[str, ...], source: _Source) -> dict[int, int | str]:
    if not isinstance(value, dict) or not value:
        raise source.refuse(path, "keys", "keys says what each code is, such as { 31 = 5, 32 = 4 }")
    keys: dict[int, int | str] = {}
    first = layout.tokens[0]
    for code, meaning in value.items():
        if not re.fullmatch("[0-9A-Fa-f]{2}", code):
            raise source.refuse(path, "keys", f"{code!r} is no code: two hex digits", inner=code)
        if int(code, 16) in keys:
            raise source.refuse(path, "keys", f"ambiguous: code {code} stands here twice", inner=code)
        level = isinstance(meaning, int) and not isinstance(meaning, bool) and 1 <= meaning <= 5
        if not level and meaning not in WORDS:
            raise source.refuse(path, "keys", f"a key is a level 1 to 5, or one of {', '.join(WORDS)}", inner=code)
        if not layout.checked and layout.size > 1 and int(code, 16) == first.value:
            raise source.refuse(
                path, "keys", f"ambiguous: code {code} is also the first byte of the frame; add a checksum", inner=code
            )
        keys[int(code, 16)] = meaning
    return keys


_FORBIDDEN_OUT = {"text": ("staff", "show"), "data": ("stars",)}


def _out(value: Any, path: tuple[str, ...], source: _Source) -> dict[str, Layout]:
    if not isinstance(value, dict):
        raise source.refuse(path, "out", "frames to the device stand in [profile.NAME.out]")
    made: dict[str, Layout] = {}
    for name, text in value.items():
        if name not in OUT:
            raise source.refuse((*path, "out"), name, f"unknown frame {name!r}; there are {', '.join(OUT)}")
        layout = made[name] = _layout(text, (*path, "out"), name, source)
        for token in layout.tokens:
            if token.kind == "key":
                raise source.refuse((*path, "out"), name, "{key} comes from the device, never to it", at=token.at)
            where = _FORBIDDEN_OUT.get(token.kind)
            if where is not None and name not in where:
                why = f"{{{token.kind}}} has nothing to say here, only in {' and '.join(where)}"
                raise source.refuse((*path, "out"), name, why, at=token.at)
        twin = next((other for other, one in made.items() if other != name and one.text.split() == text.split()), None)
        if twin is not None:
            raise source.refuse((*path, "out"), name, f"ambiguous: the same bytes as {twin!r}")
    return made
