"""What `hall-doctor` looks at: each check gives findings, each finding says what to type."""

from __future__ import annotations

import ctypes
import getpass
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hardware import binding, fonts, qt_libraries
from hardware.address import parse
from hardware.audio.checking import Grade as Usable
from hardware.audio.checking import check_bytes
from hardware.audio.folder import ClipFolder
from hardware.plugged import Places, is_there, plugged

PYTHON_OLDEST = (3, 11)
DISK_NEEDED_MB = 200
DISK_WANTED_MB = 2000
SQLITE_SAFE = (3, 51, 3)
"""Before it, two connections that write or checkpoint at once can corrupt a WAL database (SQLite release notes)."""


class Grade(StrEnum):
    """OK; NOTE works without; FAIL a program of the hall cannot run."""

    OK = "ok"
    NOTE = "note"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor."""

    topic: str
    grade: Grade
    text: str
    todo: str = ""
    """What to type, or what to do."""

    @property
    def line(self) -> str:
        """As printed."""
        return f"{self.grade:<4}  {self.topic}: {self.text}" + (f"\n      -> {self.todo}" if self.todo else "")


def python() -> Iterator[Finding]:
    """The interpreter."""
    version = sys.version.split()[0]
    if sys.version_info[:2] < PYTHON_OLDEST:
        yield Finding("python", Grade.FAIL, f"{version} is too old", "install Python 3.11 or newer, then: make setup")
    else:
        yield Finding("python", Grade.OK, version)


def qt() -> Iterator[Finding]:
    """PySide6 and the system libraries its parts need."""
    version = qt_libraries.installed_version()
    problem = qt_libraries.version_problem(version)
    if problem is not None:
        yield Finding("qt", Grade.FAIL, problem, 'make setup (or: pip install "PySide6>=6.8,<6.12")')
    place = qt_libraries.folder()
    if version is None or place is None:
        return
    if problem is None:
        yield Finding("qt", Grade.OK, f"PySide6 {version}")
    yield from _libraries(place)


def _libraries(place: Path) -> Iterator[Finding]:
    parts = (
        ("screens", qt_libraries.files_for_screens, Grade.FAIL, "the screen programs cannot start"),
        ("windows under X", qt_libraries.files_for_windows, Grade.NOTE, "no real windows under X"),
        ("windows under Wayland", qt_libraries.files_for_wayland, Grade.NOTE, "no windows under Wayland"),
        ("sound", qt_libraries.files_for_sound, Grade.NOTE, "no calling voice"),
    )
    for name, files, grade, consequence in parts:
        lacking = qt_libraries.lacking(files(place))
        if lacking is None:
            yield Finding("qt libraries", Grade.OK, name)
        else:
            text = f"{name}: {', '.join(lacking.libraries)} missing, {consequence}"
            yield Finding("qt libraries", grade, text, lacking.line)


def tls() -> Iterator[Finding]:
    """Qt loads the system's OpenSSL by itself; ldd does not show it."""
    names = ("libssl-3-x64.dll",) if os.name == "nt" else ("libssl.so.3",)
    if sys.platform == "darwin" or any(_loads(name) for name in names):
        yield Finding("tls", Grade.OK, "OpenSSL 3 is there for Qt's connections")
    elif os.name == "nt":
        yield Finding("tls", Grade.OK, "Qt uses the system's own TLS (Schannel)")
    else:
        yield Finding("tls", Grade.FAIL, "libssl.so.3 missing: no wss:// connection", "apt-get install -y libssl3")


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def typefaces() -> Iterator[Finding]:
    """Chinese characters on screens and paper, dots on bars."""
    searches: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("screens and tickets, regular", lambda: fonts.cjk_file(bold=False)[0], fonts.PACKAGE_CJK),
        ("screens and tickets, bold", lambda: fonts.cjk_file(bold=True)[0], fonts.PACKAGE_CJK),
        ("LED bars", fonts.unifont_file, fonts.PACKAGE_UNIFONT),
    )
    for name, search, package in searches:
        try:
            yield Finding("fonts", Grade.OK, f"{name}: {search()}")
        except fonts.FontMissing as missing:
            text = f"{name}: {str(missing).partition(':')[0]}"
            yield Finding("fonts", Grade.FAIL, text, f"apt-get install -y --no-install-recommends {package}")


RULES_FILE = Path("/etc/udev/rules.d/70-counterhall.rules")
GROUPS = {"serial": "dialout", "printer": "lp"}


def ports(places: Places | None = None) -> Iterator[Finding]:
    """Serial ports and USB printers, what they probably are, and whether this user may open them."""
    found = [one for one in plugged(places) if one.bus in GROUPS]
    if not found:
        yield Finding("ports", Grade.OK, "no serial port and no USB printer here; network devices need none")
    for one in found:
        text = f"{one.where}: {one.guess.words}" + ("" if one.lasting == one.where else f", bind it as {one.lasting}")
        if one.may_open:
            yield Finding("ports", Grade.OK, text)
        else:
            todo = f"sudo usermod -aG {GROUPS[one.bus]} {getpass.getuser()}, then sign in again"
            yield Finding("ports", Grade.NOTE, f"{one.where} may not be opened by this user", todo)
    if os.name == "posix" and any(one.usb_port for one in found) and not RULES_FILE.exists():
        todo = f"hall-device rules | sudo tee {RULES_FILE} && sudo udevadm control --reload && sudo udevadm trigger"
        yield Finding("ports", Grade.NOTE, "the rules for USB devices are not in place", todo)


def inventory(file: Path | None = None, places: Places | None = None) -> Iterator[Finding]:
    """`hardware.toml` of this folder: whether it can be read, and whether what it binds is plugged in."""
    at = file or binding.found_file(None)
    if at is None:
        yield Finding("inventory", Grade.OK, f"no {binding.FILE} here: devices are named on the command line")
        return
    try:
        bound = binding.read(at)
    except binding.BadBinding as wrong:
        yield Finding("inventory", Grade.FAIL, str(wrong), "mend that line, or make it anew: hall-device setup")
        return
    yield Finding("inventory", Grade.OK, f"{at} binds {len(bound)} devices")
    for one in bound:
        if is_there(parse(one.address).url, places) is False:
            todo = f"plug it in, or bind another: hall-device setup --to {at}"
            yield Finding("inventory", Grade.NOTE, f"{one.use} of {one.place} is not plugged in ({one.address})", todo)


def clock(*, now: datetime | None = None) -> Iterator[Finding]:
    """The time itself, who keeps it right, and the zone of the hall."""
    at = now or datetime.now(UTC)
    if not 2025 <= at.year <= 2100:
        todo = "sudo timedatectl set-ntp true (or set it: sudo date -s '2026-11-24 10:32')"
        yield Finding("clock", Grade.FAIL, f"the clock says {at:%Y-%m-%d}", todo)
    else:
        yield Finding("clock", Grade.OK, f"{at.astimezone():%Y-%m-%d %H:%M:%S %z}")
    synchronised = _synchronised()
    if synchronised is False:
        todo = "sudo timedatectl set-ntp true, with the hall server's or the county's time server"
        yield Finding("clock", Grade.NOTE, "nobody keeps the clock right", todo)
    elif synchronised is None:
        yield Finding("clock", Grade.OK, "whether a time server is followed cannot be seen from here")
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        yield Finding(
            "clock", Grade.FAIL, "time zones are missing", "apt-get install -y tzdata (or: pip install tzdata)"
        )


def _synchronised() -> bool | None:
    """Whether a time server is followed; None where nothing tells."""
    if Path("/run/systemd/timesync/synchronized").exists():
        return True
    if os.name != "posix" or shutil.which("timedatectl") is None:
        return None
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(done.stdout.strip())


def disk(folder: Path) -> Iterator[Finding]:
    """Room for the journal and its backups."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    free_mb = shutil.disk_usage(place).free // 1_000_000
    text = f"{free_mb} MB free at {place}"
    if free_mb < DISK_NEEDED_MB:
        yield Finding("disk", Grade.FAIL, text, f"free at least {DISK_NEEDED_MB} MB: df -h {place}")
    elif free_mb < DISK_WANTED_MB:
        yield Finding(
            "disk", Grade.NOTE, text, f"a year of journal and backups wants {DISK_WANTED_MB} MB: df -h {place}"
        )
    else:
        yield Finding("disk", Grade.OK, text)


def databases() -> Iterator[Finding]:
    """Both copies of SQLite: the journal's own (apsw) and Python's."""
    own = sqlite3.sqlite_version
    note = "; never two writers on one file with it" if sqlite3.sqlite_version_info < SQLITE_SAFE else ""
    yield Finding("sqlite", Grade.OK, f"Python's {own}, for the reports and the clients' outbox{note}")
    try:
        version = metadata.version("apsw")
    except metadata.PackageNotFoundError:
        yield Finding("sqlite", Grade.NOTE, "apsw is not installed: no hall server here", "make setup")
        return
    numbers = tuple(int(part) for part in version.split(".")[:3])
    if numbers < SQLITE_SAFE:
        text = f"apsw {version} can corrupt the journal (WAL reset)"
        yield Finding("sqlite", Grade.FAIL, text, 'make setup (or: pip install "apsw>=3.51.3")')
    else:
        yield Finding("sqlite", Grade.OK, f"the journal's {'.'.join(map(str, numbers))} (apsw {version})")


def voice(folder: Path | None) -> Iterator[Finding]:
    """The clips the wall speaks with, and the English voice."""
    if folder is None:
        yield Finding("voice", Grade.OK, "no clips folder named: calls are chimed and shown (name it with --voice DIR)")
    elif not folder.is_dir():
        yield Finding(
            "voice", Grade.NOTE, f"{folder} is no folder", f"mkdir -p {folder}, and put the hall's clips into it"
        )
    else:
        yield from _clips(folder)
    if shutil.which("espeak-ng") is None:
        yield Finding("voice", Grade.NOTE, "espeak-ng missing: no spoken English", "apt-get install -y espeak-ng")
    else:
        yield Finding("voice", Grade.OK, "espeak-ng speaks English")


def _clips(place: Path) -> Iterator[Finding]:
    folder = ClipFolder(place)
    if not folder.files:
        todo = "hall-device voice list --lines A-H --counters 1-12 says what to record as WAV files into it"
        yield Finding("voice", Grade.NOTE, f"no clips in {place}", todo)
        return
    reports = [
        check_bytes(name, file.read_bytes())
        for name, file in sorted(folder.files.items())
        if file.suffix.lower() == ".wav" and os.access(file, os.R_OK)
    ]
    bad = [report for report in reports if report.grade is Usable.BAD]
    for report in bad:
        todo = f"record it again, or: ffmpeg -i {place / report.name}.wav -ac 1 -ar 48000 -c:a pcm_s16le new.wav"
        yield Finding("voice", Grade.NOTE, f"{report.name}.wav: {'; '.join(report.findings)}", todo)
    kind = "a built set of" if folder.built else "recordings, not yet built (hall-device voice build):"
    yield Finding("voice", Grade.OK, f"{kind} {len(folder.files) - len(bad)} clips in {place}")
