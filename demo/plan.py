"""What a demo is made of: its variables, its folder, its ports, and who stands where."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SCREENS = ("kiosk", "counter-3", "counter-7", "wall")
"""Programs with a picture, in the order the page shows them."""
REAL_COUNTERS = ("3", "7")
COUNTERS = tuple(str(n) for n in range(1, 11))
CHIEF_OF = "县医疗保障局"
"""The department of the account `demo-chief`, and of counters 3 and 4."""
OWN_KIOSKS = ("K2", "K3")
"""Kiosks of the simulated visitors: a credential each, and no screen."""
ACCOUNTS = {"demo-manager": "manager", "demo-auditor": "auditor", "demo-chief": "chief_representative"}
CLERK_AT = {
    "1": "0301",
    "2": "0302",
    "3": "0312",
    "4": "0311",
    "5": "0307",
    "6": "0313",
    "7": "0305",
    "8": "0306",
    "9": "0303",
    "10": "0315",
}
"""The clerk of each counter of the sample county."""
DEVICES = {
    "printer": "escpos",
    "reader": "samv",
    "scanner": "scanner",
    "led-3": "cpower",
    "led-7": "bxk",
    "led-wall": "artnet",
    "pad-3": "pad68",
    "keypad-3": "neutral",
    "keypad-7": "template",
}
"""Simulated devices and what they speak: one at least of each kind."""
BIG_BAR = "led-7"
"""This bar has 32 dots, the others 16."""
RATER = "example"
"""The profile of the rater that speaks `template`."""
CALL_PAD_COUNTER = "3"
BUILD = "build"


class BadVariable(ValueError):
    """A variable cannot be used; the text says which, why, and what to write."""


@dataclass(frozen=True)
class Wanted:
    """What the variables ask for."""

    port: int
    speed: int
    data: Path
    windows: bool
    seed: int
    months: int

    @property
    def url(self) -> str:
        """Where the hall is."""
        return f"http://127.0.0.1:{self.port}"


def wanted(variables: Mapping[str, str] = os.environ, *, folder: Path | None = None) -> Wanted:
    """Reads HALL_PORT, HALL_SPEED, HALL_START, HALL_DATA, HALL_SEED, HALL_MONTHS, WINDOWS. Raises `BadVariable`."""
    port = whole(variables, "HALL_PORT", default=8700, least=1024, most=65535)
    speed = whole(variables, "HALL_SPEED", default=1, least=1, most=60)
    seed = whole(variables, "HALL_SEED", default=2026, least=0, most=2**31)
    months = whole(variables, "HALL_MONTHS", default=3, least=0, most=24)
    start = variables.get("HALL_START") or "09:20"
    if not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", start):
        raise BadVariable(f"HALL_START is {start!r}; write a time such as 09:20")
    given = variables.get("HALL_DATA")
    data = Path(given).absolute() if given else fresh_folder(folder or Path.cwd() / BUILD)
    windows = (variables.get("WINDOWS") or "0") not in ("0", "no", "false")
    return Wanted(port=port, speed=speed, data=data, windows=windows, seed=seed, months=months)


def whole(variables: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    """A whole number between two limits."""
    text = variables.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise BadVariable(f"{name} is {text!r}; write a whole number from {least} to {most}")
    return int(text)


def fresh_folder(build: Path) -> Path:
    """The first `demo-N/hall` in the build folder that is not there yet."""
    n = 1
    while (build / f"demo-{n}").exists():
        n += 1
    return build / f"demo-{n}" / "hall"


@dataclass(frozen=True)
class Runtime:
    """What only a demo keeps, beside the hall's data folder; 0700, its files 0600."""

    folder: Path

    @classmethod
    def beside(cls, data: Path) -> Runtime:
        """The folder that belongs to a data folder."""
        return cls(data.with_name(f"{data.name}-stage"))

    @property
    def secrets(self) -> Path:
        """PINs, passwords and tokens of this demo, JSON."""
        return self.folder / "secrets.json"

    @property
    def ports(self) -> Path:
        """Which port is whose, JSON."""
        return self.folder / "ports.json"

    @property
    def status(self) -> Path:
        """Which programs are alive since when, JSON; written by the supervisor."""
        return self.folder / "status.json"

    @property
    def diary(self) -> Path:
        """What people are about and what went wrong on purpose, a JSON line each."""
        return self.folder / "diary.jsonl"

    @property
    def wishes(self) -> Path:
        """Files by which the page and the people ask the supervisor for something."""
        return self.folder / "wishes"

    @property
    def paper(self) -> Path:
        """What came out of the printer, a PNG each."""
        return self.folder / "paper"

    @property
    def hands(self) -> Path:
        """A file a screen while a person uses it through the page: simulated people stay away."""
        return self.folder / "hands"

    def token(self, name: str) -> Path:
        """The token of a program."""
        return self.folder / name / "token"

    def picture(self, screen: str) -> Path:
        """The picture of a screen as it is."""
        return self.folder / "pictures" / f"{screen}.png"

    def bar(self, device: str) -> Path:
        """The picture of an LED bar as it is."""
        return self.folder / device / "bar.png"

    def log(self, name: str) -> Path:
        """What a program wrote on standard error."""
        return self.folder / "logs" / f"{name}.log"

    def make(self) -> None:
        """Makes the folders."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        inside = ("pictures", "logs", "wishes", "hands", "paper", *SCREENS, *DEVICES)
        for name in inside:
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)


def address(device: str, port: int) -> str:
    """A simulated device as a program's option names it."""
    protocol = DEVICES[device]
    where = f"udp://127.0.0.1:{port}" if protocol == "artnet" else f"socket://127.0.0.1:{port}"
    options = {"led-3": "?width=192&height=16", "led-7": "?height=32", "keypad-7": f"?profile={RATER}"}
    return f"{protocol}+{where}{options.get(device, '')}"


def port_names() -> Iterator[str]:
    """Everything that listens beside the server: devices and their control lines, cables, screens' hands."""
    for device in DEVICES:
        yield device
        yield f"{device}-control"
    for screen in SCREENS:
        yield f"{screen}-cable"
        yield f"{screen}-hand"


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody uses now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def is_free(port: int) -> bool:
    """Whether the hall may listen there."""
    try:
        socket.create_server(("127.0.0.1", port), reuse_port=False).close()
    except OSError:
        return False
    return True
