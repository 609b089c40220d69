"""`hardware.toml`: which device stands where. Written by `hall-device setup`, edited by a person, read by the programs.

    [[device]]
    role = "counter"          # counter, kiosk or wall: the program that drives it
    name = "3"                # counter number or screen name; left out when this machine has only one
    use = "keypad"            # the program's option of that name
    protocol = "neutral"
    usb_serial = "A50285BI"   # or usb_port, path, hid, url: what finds the device again
    options = "addr=1"

An option on the program's command line wins over the file.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hardware.address import DRIVEN, PROTOCOLS, BadAddress, parse

FILE = "hardware.toml"
DEVICES_MAX = 200
USES: dict[str, tuple[str, ...]] = {
    "counter": ("led", "pad", "keypad"),
    "kiosk": ("printer", "reader", "scanner"),
    "wall": ("led",),
}
"""What a program of each role drives: its options of these names."""
CALL_PADS = ("pad68", "template")
"""Protocols whose devices have a clerk's keys."""
IDENTITIES = {"usb_serial": "usb://serial=", "usb_port": "usb://port=", "path": "", "hid": "", "url": ""}
KEYS = ("role", "name", "use", "protocol", *IDENTITIES, "options")


class BadBinding(ValueError):
    """The file is no inventory; the message is one line: file, line, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One device and its place."""

    role: str
    use: str
    address: str
    name: str = ""
    """Counter number, kiosk or screen; empty for the only one of this machine."""
    identity: str = "url"
    """Which key of the file finds the device."""
    line: int = field(default=0, compare=False)

    @property
    def place(self) -> str:
        """`counter 3`, `kiosk`, `wall main`."""
        return f"{self.role} {self.name}".strip()


def fitting(use: str) -> tuple[str, ...]:
    """The protocols a device of that use may speak."""
    if use == "pad":
        return CALL_PADS
    return tuple(name for name, spoken in PROTOCOLS.items() if spoken.kind == use)


def read(file: Path) -> list[Binding]:
    """The inventory in a file. Raises BadBinding."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadBinding(f"{file}: cannot be read ({error}); mend its rights or make it anew: hall-device setup") from (
            error
        )
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadBinding(f"{file}: {_with_line_first(str(error))}; mend that line or make it anew") from error
    return _Reading(file, text).bindings(content)


def _with_line_first(text: str) -> str:
    found = re.search(r"\(at line (\d+), column (\d+)\)|\(at end of document\)", text)
    if found is None or found[1] is None:
        return f"no TOML: {text}"
    return f"line {found[1]}, column {found[2]}: no TOML: {text[: found.start()].strip()}"


class _Reading:
    """One file being checked; knows in which line what stands."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._lines = text.splitlines()
        self._heads = [i for i, line in enumerate(self._lines) if re.match(r"\s*\[\[\s*device\s*\]\]", line)]

    def bindings(self, content: dict[str, Any]) -> list[Binding]:
        for key in content:
            if key != "device":
                raise self._wrong(f"unknown table {key!r}: every device is a table [[device]]", self._line_of(key))
        entries = content.get("device", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise self._wrong("write [[device]] with two brackets", self._line_of("device"))
        if len(entries) > DEVICES_MAX:
            raise self._wrong(f"more than {DEVICES_MAX} devices on one machine: remove some", self._head(DEVICES_MAX))
        found: list[Binding] = []
        for nth, entry in enumerate(entries):
            binding = self._binding(entry, nth)
            self._check_against(found, binding)
            found.append(binding)
        return found

    def _binding(self, entry: dict[str, Any], nth: int) -> Binding:
        for key, value in entry.items():
            if key not in KEYS:
                raise self._wrong(f"unknown key {key!r}: a device has {', '.join(KEYS)}", self._line_of(key, nth))
            if not isinstance(value, str) or not value:
                raise self._wrong(f'{key} is a text in quotation marks: {key} = "…"', self._line_of(key, nth))
            if not value.isprintable():
                raise self._wrong(f"{key} holds a sign that cannot be seen: write it anew", self._line_of(key, nth))
        role = self._one_of(entry, "role", USES, nth)
        use = self._one_of(entry, "use", USES[role], nth)
        protocol = self._one_of(entry, "protocol", DRIVEN, nth)
        if protocol not in fitting(use):
            raise self._wrong(
                f"{protocol} is no {use}: a {use} speaks {' or '.join(fitting(use))}",
                self._line_of("protocol", nth),
            )
        given = [key for key in IDENTITIES if key in entry]
        if len(given) != 1:
            which = "none is" if not given else f"{' and '.join(given)} are"
            raise self._wrong(f"one of {', '.join(IDENTITIES)} finds the device; {which} given", self._head(nth))
        return Binding(
            role=role,
            use=use,
            name=entry.get("name", ""),
            identity=given[0],
            address=self._address(entry, given[0], nth),
            line=self._head(nth),
        )

    def _one_of(self, entry: dict[str, Any], key: str, known: Iterable[str], nth: int) -> str:
        if key not in entry:
            raise self._wrong(f"{key} is missing: add {key} = one of {', '.join(known)}", self._head(nth))
        value: str = entry[key]
        if value not in known:
            raise self._wrong(f"{key} {value!r}: write one of {', '.join(known)}", self._line_of(key, nth))
        return value

    def _address(self, entry: dict[str, Any], identity: str, nth: int) -> str:
        options = f"?{entry['options']}" if "options" in entry else ""
        text = f"{entry['protocol']}+{IDENTITIES[identity]}{entry[identity]}{options}"
        try:
            return str(parse(text))
        except BadAddress as bad:
            key = "options" if "option" in str(bad) or "=" in str(bad).partition(":")[0] else identity
            raise self._wrong(str(bad), self._line_of(key if key in entry else identity, nth)) from bad

    def _check_against(self, others: list[Binding], one: Binding) -> None:
        for other in others:
            if other.address == one.address:
                raise self._wrong(
                    f"{one.place} and {other.place} (line {other.line}) claim the same device: remove one", one.line
                )
            same_place = (other.role, other.name, other.use) == (one.role, one.name, one.use)
            if same_place and one.role != "wall":
                raise self._wrong(f"{one.place} has a {one.use} already (line {other.line}): remove one", one.line)

    def _head(self, nth: int) -> int:
        return self._heads[nth] + 1 if nth < len(self._heads) else 1

    def _line_of(self, key: str, nth: int | None = None) -> int:
        """The line a key stands in, within the nth device."""
        start = 0 if nth is None else self._head(nth) - 1
        end = len(self._lines)
        if nth is not None and nth + 1 < len(self._heads):
            end = self._heads[nth + 1]
        for number in range(start, end):
            if re.match(rf'\s*(\[+\s*)?["\']?{re.escape(key)}["\']?\s*[\].=]', self._lines[number]):
                return number + 1
        return start + 1

    def _wrong(self, text: str, line: int) -> BadBinding:
        return BadBinding(f"{self._file}, line {line}: {text}")


# -- writing --------------------------------------------------------------------------------------------------------


def as_text(bindings: Sequence[Binding]) -> str:
    """The file that `read` understands."""
    parts = ["# Which device stands where. Written by hall-device setup; a person may edit it (docs/devices.md).\n"]
    for one in bindings:
        protocol, _, rest = one.address.partition("+")
        where, _, options = rest.partition("?")
        entry = {
            "role": one.role,
            "name": one.name,
            "use": one.use,
            "protocol": protocol,
            one.identity: where.removeprefix(IDENTITIES[one.identity]),
            "options": options,
        }
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items() if value]
        parts.append("\n".join(["[[device]]", *lines, ""]))
    return "\n".join(parts)


def write(file: Path, bindings: Sequence[Binding]) -> None:
    """Writes the whole inventory at once: a reader sees the old file or the new one. Raises OSError."""
    new = file.with_name(file.name + ".new")
    new.write_text(as_text(bindings), encoding="utf-8")
    os.replace(new, file)


def identity_of(url: str) -> str:
    """Which key of the file a transport belongs under."""
    if url.startswith("usb://serial="):
        return "usb_serial"
    if url.startswith("usb://port="):
        return "usb_port"
    if url.startswith("/dev/input/"):
        return "hid"
    return "url" if "://" in url else "path"


# -- for the programs -----------------------------------------------------------------------------------------------


def add_option(parser: argparse.ArgumentParser) -> None:
    """`--hardware FILE`, the same for every program."""
    parser.add_argument(
        "--hardware", type=Path, metavar="FILE", help=f"inventory of devices (default: {FILE} here or beside the token)"
    )


def found_file(given: Path | None, *, beside: Path | None = None) -> Path | None:
    """The inventory: as given, else `hardware.toml` in the working folder, else beside the token; None without one."""
    if given is not None:
        return given
    for place in (Path(FILE), *([beside / FILE] if beside is not None else [])):
        if place.is_file():
            return place
    return None


def fill(options: argparse.Namespace, *, role: str, beside: Path | None = None) -> None:
    """Gives a program's device options what the inventory says, where the command line says nothing.

    A counter whose number is not given takes the file's, when the file knows only one. Raises BadBinding.
    """
    file = found_file(options.hardware, beside=beside)
    if file is None:
        return
    mine = [one for one in read(file) if one.role == role]
    if role == "counter":
        names = {one.name for one in mine} - {""}
        if not options.counter and len(names) == 1:
            options.counter = names.pop()
        mine = [one for one in mine if one.name in ("", options.counter)]
    for use in USES[role]:
        addresses = [one.address for one in mine if one.use == use]
        given = getattr(options, use)
        if given or not addresses:
            continue
        if isinstance(given, list):
            setattr(options, use, addresses)
        elif len(addresses) > 1:
            lines = " and ".join(str(one.line) for one in mine if one.use == use)
            raise BadBinding(f"{file}, lines {lines}: two devices for one {role}: remove one, or give --{use}")
        else:
            setattr(options, use, addresses[0])
