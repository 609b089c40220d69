"""Makes this checkout ready: system libraries, `.venv`, pinned packages. Run by the system's own python3.

    python3 tools/setup.py [--windows] [EXTRA ...]       extras as in pyproject.toml, default: demo

Standard library only, because nothing else is there yet. It does what is missing and nothing twice: a second run needs
no network and takes no time. What it may not do itself (no root, no sudo without a password) it prints as the exact
line to type, and ends with 1.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "counterhall-setup.json"
FONTS = ["/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/unifont"]

# Debian and Ubuntu package → what must be found for it. Ubuntu 24.04 provides these names for its t64 packages too.
LIBRARIES = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libx11-6": "libX11.so.6",
    "libbrotli1": "libbrotlidec.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libfreetype6": "libfreetype.so.6",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libssl3": "libssl.so.3",  # without it every wss:// of Qt fails
    "libpulse0": "libpulse.so.0",  # QtMultimedia: calls by voice
    "libxrandr2": "libXrandr.so.2",  # the same: its ffmpeg plugin
}
X11_LIBRARIES = {  # only for real windows under X
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-image0": "libxcb-image.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
}
FILES = {
    "fonts-noto-cjk": "NotoSansCJK-Regular.ttc",  # screens and tickets: without it Chinese is boxes
    "unifont": "unifont.hex",  # LED bars
}


class Impossible(Exception):
    """Something this script cannot do; the text says what a person should do."""


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """A command with its output kept, for the last lines when it fails."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


# System packages


def missing_packages(*, windows: bool) -> list[str]:
    """Debian names of what this machine lacks."""
    libraries = {**LIBRARIES, **(X11_LIBRARIES if windows else {})}
    missing = [package for package, library in libraries.items() if not loads(library)]
    missing += [package for package, file in FILES.items() if not any(found(file))]
    if not has_venv():
        missing.append("python3-venv")
    if not has_zones():
        missing.append("tzdata")
    return missing


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def found(name: str) -> list[str]:
    return [folder for top in FONTS for folder, _, files in os.walk(top) if name in files]


def has_venv() -> bool:
    """Whether this Python can make a virtual environment with pip in it; Debian keeps that part in another package."""
    return run([sys.executable, "-c", "import venv, ensurepip"]).returncode == 0


def has_zones() -> bool:
    code = "import zoneinfo; zoneinfo.ZoneInfo('Asia/Shanghai')"
    return run([sys.executable, "-c", code]).returncode == 0


def install_packages(packages: list[str], *, windows: bool) -> None:
    """Installs them through apt when that is allowed; raises `Impossible` with the line to type otherwise."""
    if not shutil.which("apt-get"):
        raise Impossible(
            "this machine lacks what Debian calls " + " ".join(packages) + "; "
            "install the packages of these names in your system, then run the same command again"
        )
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    by_hand = f"  sudo apt-get update && sudo {shlex.join(install)}"
    prefix = right_to_install()
    if prefix is None:
        raise Impossible(f"these system packages are missing and need root; type\n\n{by_hand}\n\nand run this again")
    say(f"installing system packages: {' '.join(packages)}")
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    done = run([*quiet, *install])
    if done.returncode:  # a fresh system has no package lists yet, an old one stale ones
        run([*quiet, "apt-get", "update"])
        done = run([*quiet, *install])
    left = missing_packages(windows=windows)
    if done.returncode or left:
        names = " ".join(left or packages)
        raise Impossible(f"apt could not install {names}:\n{tail(done.stdout)}\n\nType\n\n{by_hand}\n\nto see why")


def right_to_install() -> list[str] | None:
    """What to put before apt-get: nothing for root, sudo where it asks no password, None where neither is."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def tail(text: str, lines: int = 6) -> str:
    spoken = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n".join(f"  {line[:200]}" for line in spoken[-lines:])


# Python packages


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def digest() -> str:
    """Changes when anything changes that the environment was made from; the checkout's place too (it is in scripts)."""
    made_from = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    made_from += [str(ROOT).encode(), sys.version.encode()]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in made_from)).hexdigest()


def installed_extras() -> set[str]:
    """The extras in `.venv` as it is, empty when it must be made or brought up to date."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        if stamp["digest"] == digest() and run([str(venv_python()), "-c", ""]).returncode == 0:
            return set(stamp["extras"])
    except (OSError, ValueError, KeyError):
        pass  # no stamp, or one cut off in the middle of writing: install again
    return set()


def with_contained(extras: list[str]) -> set[str]:
    """The extras and those they contain, as `dev = ["counterhall[demo]", …]` in pyproject.toml says."""
    import tomllib  # not before Python 3.11, and an older one must get as far as its plain message

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    offered = project["optional-dependencies"]
    known, todo = set(), list(extras)
    while todo:
        extra = todo.pop()
        if extra not in offered:
            raise Impossible(f"there is no extra {extra!r}; pyproject.toml has {', '.join(sorted(offered))}")
        known.add(extra)
        for requirement in offered[extra]:
            inner = re.fullmatch(rf"{project['name']}\[([^\]]+)\]", requirement.replace(" ", ""))
            todo += [name for name in (inner[1].split(",") if inner else []) if name not in known]
    return known


def make_venv() -> None:
    python = venv_python()
    as_it_should_be = (sys.version_info[:2], str(VENV))
    code = f"import sys, pip; sys.exit((sys.version_info[:2], sys.prefix) != {as_it_should_be!r})"
    if python.exists() and run([str(python), "-c", code]).returncode == 0:
        return
    say(f"making the virtual environment .venv with Python {sys.version.split()[0]}")
    done = run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if done.returncode:
        raise Impossible(f"the virtual environment could not be made:\n{tail(done.stdout)}")


def install_python_packages(extras: set[str]) -> None:
    """pip, with its progress as one plain line a package; raises `Impossible` with pip's last lines."""
    target = f".[{','.join(sorted(extras))}]"
    say(f"installing Python packages for {', '.join(sorted(extras))} (some minutes the first time)")
    pip = [
        str(venv_python()),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
    ]
    process = subprocess.Popen(
        [*pip, "-c", "constraints.txt", "-e", target],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    said = []
    for line in process.stdout or ():
        said.append(line)
        if re.match(r"Collecting |Installing collected|  Downloading .* MB\)", line):
            say("  " + line.strip()[:90])
    if process.wait():
        unreached = [line for line in said if line.startswith("Could not fetch URL") or "Retrying (" in line]
        why = "the package index could not be reached" if unreached else "pip could not install the packages"
        raise Impossible(
            f"{why}:\n{tail(''.join(unreached), 1)}\n{tail(''.join(said))}\nAfter mending it run this again"
        )


def write_stamp(extras: set[str]) -> None:
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps({"digest": digest(), "extras": sorted(extras)}), encoding="utf-8")
    fresh.replace(STAMP)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One set-up of this checkout at a time: `make run` and `make test` may be started together."""
    if os.name == "nt":
        yield
        return
    import fcntl

    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another set-up of this checkout is running, waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(extras: list[str], *, windows: bool) -> None:
    wanted = with_contained(extras)
    if sys.platform.startswith("linux"):
        missing = missing_packages(windows=windows)
        if missing:
            install_packages(missing, windows=windows)
    there = installed_extras()
    if wanted <= there:
        return
    make_venv()
    install_python_packages(wanted | there)
    write_stamp(wanted | there)
    say("ready")


def main() -> int:
    if sys.version_info < OLDEST:
        print(f"setup: Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; python3 here is {sys.version.split()[0]}")
        return 1
    parser = argparse.ArgumentParser(description="Makes this checkout ready: system libraries, .venv, pinned packages.")
    parser.add_argument("extras", nargs="*", default=["demo"], metavar="EXTRA", help="of pyproject.toml; default: demo")
    parser.add_argument("--windows", action="store_true", help="also what real windows under X need")
    chosen = parser.parse_args()
    try:
        with alone():
            set_up(chosen.extras, windows=chosen.windows)
    except Impossible as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except OSError as error:  # disk full, folder not ours, command gone
        print(f"setup: {error.strerror or error}: {error.filename or ROOT}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: stopped; run it again to go on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
