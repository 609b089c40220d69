"""Documentation that shows a command is wrong when the command is: each is run, or its options are looked up."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from hall_server.core.places.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
PIN, PASSWORD = "73915846\n", "Long-enough pass phrase 7\n"
SCREENS = ("hall-kiosk", "hall-counter", "hall-wall")


def shown_commands(page: Path) -> list[list[str]]:
    """Every command line in the page's shell blocks, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(), flags=re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    commands = [shlex.split(line, comments=True) for line in lines if line and not line.startswith("#")]
    commands = [[word for i, word in enumerate(c) if i or "=" not in word] for c in commands]
    return [[Path(words[0]).name, *words[1:]] for words in commands if words]


def in_scratch(words: list[str], folder: Path) -> list[str]:
    """The same command with its example paths moved into a scratch folder."""
    out = []
    for word in words:
        if word in ("/srv/hall", "DIR", "build/my-hall"):
            word = str(folder / "hall")
        elif word in ("NEWDIR",):
            word = str(folder / "restored")
        elif word in ("FILE", "/backup/hall-today.tar"):
            word = str(folder / "hall.backup")
        elif word.startswith("catalogue") or word == "bulletin.xlsx":
            word = str(folder / word)
        elif re.fullmatch(r"(0\.0\.0\.0|127\.0\.0\.1):\d+", word):
            word = "127.0.0.1:0"
        out.append(word)
    return out


def words_for(command: list[str]) -> str:
    """What a person would type on standard input."""
    return PIN if "set-pin" in command else PASSWORD


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_of_the_hall_server_work_as_shown(page: Path, tmp_path: Path) -> None:
    commands = [c for c in shown_commands(page) if c[0] == "hall-server"]
    if not commands:
        return
    if not any("init" in c for c in commands):
        run([str(BIN / "hall-server"), "init", "--data", str(tmp_path / "hall"), "--sample", "county"])
    for command in commands:
        line = [str(BIN / "hall-server"), *in_scratch(command[1:], tmp_path)]
        if command[1] == "run":
            serve_once(line)
        elif command[1] == "clerk" and command[2] == "add":
            line[line.index("--number") + 1] = "9312"
            run(line)
        elif command[1] == "clerk":
            line = [("9312" if word == "0312" else word) for word in line]
            run(line, words_for(command))
        else:
            run(line, words_for(command))


def run(line: list[str], typed: str = "") -> None:
    done = subprocess.run(line, input=typed, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{shlex.join(line)}: {done.stderr[-400:]}"


def serve_once(line: list[str]) -> None:
    """Starts the server, waits until it is ready, ends it."""
    if "--public" in line:
        line = line[: line.index("--public")] + line[line.index("--public") + 2 :]
    server = subprocess.Popen([*line, "--no-announce"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("hall-server ready")
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=20)
    assert server.returncode == 0, errors[-400:]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_options_of_other_programs_exist(page: Path) -> None:
    for command in shown_commands(page):
        if command[0] in (*SCREENS, "hall-device", "hall-doctor"):
            subcommand = [command[1]] if command[0] == "hall-device" and len(command) > 1 else []
            shown = subprocess.run(
                [str(BIN / command[0]), *subcommand, "--help"], capture_output=True, text=True, timeout=60, check=False
            )
            assert shown.returncode == 0, f"{command[0]}: {shown.stderr[-300:]}"
            for option in (w.split("=")[0] for w in command if w.startswith("--")):
                assert option in shown.stdout, f"{page.name}: {command[0]} knows no {option}"


def test_make_targets_named_in_the_pages_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for page in PAGES:
        for target in re.findall(r"`make ([a-z]+)", page.read_text()):
            assert target in targets, f"{page.name} names make {target}"


def test_pages_link_to_pages_that_exist() -> None:
    for page in [*PAGES, *(ROOT / "docs" / "decisions").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_every_setting_is_on_its_page_with_its_default() -> None:
    """domain.md 12: every setting is documented with default and reason."""
    page = (ROOT / "docs" / "settings.md").read_text()
    for section in msgspec.structs.fields(Settings):
        if section.name == "screens":
            continue
        for field in msgspec.structs.fields(type(section.default)):
            row = next((r for r in page.splitlines() if f"`{section.name}.{field.name}`" in r), None)
            assert row is not None, f"{section.name}.{field.name} is not documented"
            assert row.split("|")[3].strip(), f"{section.name}.{field.name} has no explanation"
            default = getattr(section.default, field.name)
            if isinstance(default, bool | int | float | str) and default != "":
                shown = str(default).lower() if isinstance(default, bool) else str(default)
                assert shown in row.split("|")[2], f"{section.name}.{field.name}: default is {shown}"
