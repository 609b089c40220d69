"""A reader of printer bytes that shares no code with the project: written from the command reference alone.

It walks a finished stream (nothing incremental, no library), knows the few commands a ticket needs, refuses any other
byte, and gives the dots as rows of `0` and `1` and the papers as they are cut off.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class NotUnderstood(Exception):
    """A byte that begins no command known here."""


@dataclass
class Paper:
    """What came out between two cuts."""

    rows: list[str] = field(default_factory=list)
    full_cut: bool = False
    lines_fed: int = 0


@dataclass
class Stream:
    """Everything in the bytes."""

    papers: list[Paper] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Other commands, by name, in order."""
    uncut: Paper = field(default_factory=Paper)


FIXED = {
    "1b40": "initialise",
    "1d610f": "asb on",
    "1d7201": "barrier",
    "1d4942": "maker",
    "1d4943": "model",
    "100401": "status 1",
    "100402": "status 2",
    "100403": "status 3",
    "100404": "status 4",
    "100414": "full status",
    "1d650328": "present",
}
CUTS = {"1d5600": True, "1d5601": False, "1b69": True, "1b6d": False}


def rows_of(data: bytes, width: int) -> list[str]:
    bits = "".join(format(byte, "08b") for byte in data)
    return [bits[at : at + width] for at in range(0, len(bits), width)]


def read(data: bytes) -> Stream:
    """The papers in a stream. Raises NotUnderstood."""
    found = Stream()
    stored: list[str] = []
    at = 0
    while at < len(data):
        text = data[at : at + 8].hex()
        fixed = next((code for code in FIXED if text.startswith(code)), None)
        cut = next((code for code in CUTS if text.startswith(code)), None)
        if fixed:
            found.asked.append(FIXED[fixed])
            at += len(fixed) // 2
        elif cut:
            found.uncut.full_cut = CUTS[cut]
            found.papers.append(found.uncut)
            found.uncut = Paper()
            at += len(cut) // 2
        elif text.startswith("1b64"):
            found.uncut.lines_fed += data[at + 2]
            at += 3
        elif text.startswith("1d763000"):
            across = data[at + 4] | data[at + 5] << 8
            down = data[at + 6] | data[at + 7] << 8
            if down > 255:
                raise NotUnderstood(f"a band of {down} rows")
            end = at + 8 + across * down
            found.uncut.rows += rows_of(data[at + 8 : end], across * 8)
            at = end
        elif text.startswith(("1d284c02003032", "1d284c02003002")):
            found.uncut.rows += stored
            stored = []
            at += 7
        elif text.startswith(("1d284c", "1d384c")):
            long = data[at + 1] == 0x38
            head = 7 if long else 5
            size = int.from_bytes(data[at + 3 : at + head], "little")
            body = data[at + head : at + head + size]
            if body[:6].hex() != "307030010131":
                raise NotUnderstood(f"graphics {body[:6].hex()}")
            across = int.from_bytes(body[6:8], "little")
            down = int.from_bytes(body[8:10], "little")
            padded = (across + 7) // 8 * 8
            stored = [row[:across] for row in rows_of(body[10:], padded)]
            if len(stored) != down:
                raise NotUnderstood(f"{len(stored)} rows, {down} announced")
            at += head + size
        elif text.startswith("1d2848"):
            found.asked.append("process id " + data[at + 7 : at + 11].decode("ascii"))
            at += 11
        elif data[at] == 0:
            at += 1
        else:
            raise NotUnderstood(f"at {at}: {text}")
    return found
