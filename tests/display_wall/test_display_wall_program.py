"""hall-wall as a process against the real hall-server: pairing, calls, a killed server, evacuation, screenshots."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

LIMIT_S = 20.0
PIN = "482913"
PACE = threading.Event()
"""Never set: the pace of asking again."""
COMMANDS = Path(sys.executable).parent


def run(program: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMANDS / program, *arguments], capture_output=True, text=True, timeout=60, check=False, **options
    )


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(ask: Callable[[], Any], *, limit_s: float = LIMIT_S) -> Any:
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        try:
            found = ask()
        except OSError:
            found = None
        if found:
            return found
        PACE.wait(0.05)
    raise AssertionError("did not come about in time")


class Hall:
    """A real server with the sample county, always at half past nine of a working day: the clock is a demo's."""

    def __init__(self, folder: Path) -> None:
        self.data, self.folder, self.port = folder / "hall", folder, free_port()
        assert run("hall-server", "init", "--data", str(self.data), "--sample", "county", "--demo").returncode == 0
        self.tokens = {
            "wall": self.device("wall", "main"),
            "kiosk": self.device("kiosk", "K1"),
            **{n: self.device("counter", f"c{n}", "--counter", n) for n in ("3", "4", "5")},
        }
        for clerk in ("0311", "0312", "0313"):
            made = run("hall-server", "clerk", "set-pin", "--data", str(self.data), "--clerk", clerk, input=PIN + "\n")
            assert made.returncode == 0, made.stderr
        for act, more in (("add", ["--role", "manager"]), ("set-password", [])):
            done = run(
                "hall-server", "account", act, "--data", str(self.data), "--name", "boss", *more, input=PIN * 3 + "\n"
            )
            assert done.returncode == 0, done.stderr
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def device(self, role: str, name: str, *more: str) -> str:
        made = run("hall-server", "device", "add", "--data", str(self.data), "--role", role, "--name", name, *more)
        assert made.returncode == 0, made.stderr
        return str(json.loads(made.stdout)["token"])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = ["run", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}", "--no-announce"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [COMMANDS / "hall-server", *command, "--insecure-http"],
                stdout=log,
                stderr=log,
                env=os.environ | {"HALL_START": "09:30"},
            )
        try:
            wait_for(lambda: urllib.request.urlopen(f"{self.url}/readyz", timeout=1).status == 200)
        except AssertionError as error:
            self.kill()
            raise AssertionError((self.folder / "server.log").read_text()[-800:]) from error

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def ask(self, method: str, path: str, body: Any = None, *, token: str) -> Any:
        request = urllib.request.Request(f"{self.url}/api/v1{path}", method=method)
        request.data = None if method == "GET" else json.dumps(body or {}).encode()
        request.add_header("Content-Type", "application/json")
        request.add_header("Idempotency-Key", uuid.uuid4().hex)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def sit(self, counter: str, clerk: str) -> str:
        """A clerk signs in and opens; the session's token."""
        session = self.ask("POST", "/sessions", {"clerk": clerk, "pin": PIN}, token=self.tokens[counter])["token"]
        self.ask("POST", f"/counters/{counter}/open", token=session)
        return str(session)

    def devices(self) -> list[dict[str, Any]]:
        return list(self.ask("GET", "/devices", token=self.boss())["devices"])

    def boss(self) -> str:
        return str(self.ask("POST", "/accounts/sessions", {"name": "boss", "password": PIN * 3}, token="")["token"])


class Wall:
    """The real program, off-screen, asked through HALL_DRIVE."""

    def __init__(self, hall: Hall, token_file: Path, *more: str, **variables: str) -> None:
        self.port = free_port()
        own = {"QT_QPA_PLATFORM": "offscreen", "HALL_DRIVE": str(self.port), "PULSE_SERVER": "unix:/nowhere"}
        environment = os.environ | own | variables  # a sound server of this machine is none of the tests' affair
        self.log = token_file.parent / "wall.log"
        command = ["--server", hall.url, "--token-file", str(token_file), *more]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([COMMANDS / "hall-wall", *command], stderr=log, env=environment)
        wait_for(lambda: self.tell("state"))

    def tell(self, line: str) -> dict[str, Any]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as s:
            s.sendall(line.encode() + b"\n")
            answer: dict[str, Any] = json.loads(s.makefile().readline())
            return answer

    def state(self, screen: str = "main") -> dict[str, Any]:
        found: dict[str, Any] = self.tell("state")["screens"][screen]
        return found

    def calls(self) -> str:
        call = self.state()["calling"]
        return str(call["number"]) if call else ""

    def end(self) -> tuple[int, float]:
        self.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        code = self.process.wait(10)
        return code, time.monotonic() - began


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    built = Hall(tmp_path_factory.mktemp("hall"))
    yield built
    built.kill()


@pytest.fixture
def wall(hall: Hall, tmp_path: Path) -> Iterator[Callable[..., Wall]]:
    built: list[Wall] = []

    def start(*more: str, paired: bool = True, **variables: str) -> Wall:
        file = tmp_path / "token"
        if paired and not file.exists():
            file.write_text(hall.tokens["wall"])
        one = Wall(hall, file, *more, **variables)
        built.append(one)
        return one

    yield start
    for one in built:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait(10)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--led", "nonsense"], 2, "--led"),
        (["--server", "ftp://x"], 2, "--server takes auto or an address"),
        (["--token-file", "/proc/self/mem"], 1, "token"),
    ],
)
def test_wrong_usage_is_one_plain_line(arguments: list[str], code: int, says: str, tmp_path: Path) -> None:
    given = ["--server", "http://127.0.0.1:9", "--token-file", str(tmp_path / "t")]
    done = run("hall-wall", *given, *arguments, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})
    lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert done.returncode == code, done.stderr
    assert len(lines) == 1
    assert says in lines[0]


def test_a_screenshot_of_the_real_hall(hall: Hall, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(hall.tokens["wall"])
    picture = tmp_path / "wall.png"
    done = run(
        "hall-wall", "--server", hall.url, "--token-file", str(tmp_path / "token"), "--screenshot", str(picture),
        "--after", "1.5", env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1920, 1080)
    assert "TypeError" not in done.stderr, "no binding complains, at the end neither"
    assert hall.tokens["wall"] not in done.stderr


def test_a_call_reaches_wall_bar_and_voice_once_and_in_order(
    hall: Hall, wall: Callable[..., Wall], tmp_path: Path
) -> None:
    bar = f"png+file://{tmp_path}/bar?width=192&height=16"
    one = wall("--led", bar, "--screen", "main", "--screen", "office", "--voice", str(tmp_path))
    wait_for(lambda: one.state()["step"] == "live" and one.state("office")["step"] == "live")
    sessions = {n: hall.sit(n, clerk) for n, clerk in (("3", "0311"), ("4", "0312"), ("5", "0313"))}
    for _ in range(3):
        hall.ask("POST", "/tickets", {"line": "A"}, token=hall.tokens["kiosk"])
    called = []
    for n, session in sessions.items():
        called.append(hall.ask("POST", f"/counters/{n}/call-next", token=session)["ticket"]["number"])
    wait_for(lambda: one.calls() == called[0], limit_s=3)
    assert one.state()["waiting"] == called[1:]
    assert one.state()["speaking"]
    bar = wait_for(lambda: (tmp_path / "bar" / "bar.png").exists())
    assert bar
    heard = [called[0]]
    until = time.monotonic() + 60
    while len(heard) < 3 and time.monotonic() < until:
        now = one.calls()
        if now and now != heard[-1]:
            heard.append(now)
        PACE.wait(0.1)
    assert heard == called
    (sound,) = [d for d in hall.devices() if d.get("address") == "audio"]
    assert sound["faults"] == ["gone"], "no sound device here, and the manager sees it"
    for n, session in sessions.items():
        hall.ask("POST", f"/counters/{n}/begin", token=session)
        hall.ask("POST", f"/counters/{n}/finish", token=session)
        hall.ask("POST", f"/counters/{n}/close", token=session)
    code, seconds = one.end()
    assert code == 0
    assert seconds < 3


def test_a_status_change_of_a_case_is_on_the_wall_in_two_seconds(hall: Hall, wall: Callable[..., Wall]) -> None:
    """A4f: the real wall off-screen and the real server; without consent the case stands there by its number alone."""
    one = wall()
    wait_for(lambda: one.state()["step"] == "live")
    session = hall.sit("3", "0311")
    service = next(
        s["service"]
        for s in hall.ask("GET", "/catalogue", token="")["services"]
        if s["department"] == "县医疗保障局" and s["handling"] == "committed"
    )
    asked = {"service": service, "applicant": {"name": "欧阳小明", "phone": "13800000000"}}
    hidden = hall.ask("POST", "/cases", asked, token=session)["no"]
    wait_for(lambda: hidden in one.state()["cases"], limit_s=2)
    applicant, at_first, _ = one.state()["cases"][hidden]
    assert (applicant, at_first) == ("", "收件")
    open_ = hall.ask("POST", "/cases", asked | {"show_name": True}, token=session)["no"]
    wait_for(lambda: one.state()["cases"].get(open_, [""])[0].endswith("*"), limit_s=2)
    assert "小明" not in one.state()["cases"][open_][0]
    began = time.monotonic()
    hall.ask("POST", f"/cases/{hidden}/accept", token=session)
    wait_for(lambda: one.state()["cases"][hidden][1] != at_first, limit_s=2)
    assert time.monotonic() - began < 2
    assert one.state()["cases"][hidden][0] == ""
    hall.ask("POST", "/counters/3/close", token=session)


def test_a_killed_server_is_said_in_two_steps_and_the_way_back_in_one(hall: Hall, wall: Callable[..., Wall]) -> None:
    one = wall()
    wait_for(lambda: one.state()["step"] == "live")
    hall.kill()
    gone = time.monotonic()
    wait_for(lambda: one.state()["step"] == "mark", limit_s=5)
    assert time.monotonic() - gone <= 3.3, "within 3 s, and the time of asking"
    wait_for(lambda: one.state()["step"] == "red", limit_s=20)
    assert 14 <= time.monotonic() - gone <= 20
    hall.start()
    wait_for(lambda: one.state()["step"] == "live", limit_s=15)
    assert one.state()["calling"] is None


def test_an_evacuation_overrides_every_screen_and_ends_by_the_manager(hall: Hall, wall: Callable[..., Wall]) -> None:
    one = wall("--screen", "main", "--screen", "office")
    wait_for(lambda: one.state()["step"] == "live" and one.state("office")["step"] == "live")
    boss = hall.boss()
    hall.ask("POST", "/evacuation", {"exits": {"main": "left"}}, token=boss)
    wait_for(lambda: one.state()["evacuation"] and one.state("office")["evacuation"], limit_s=3)
    hall.ask("DELETE", "/evacuation", token=boss)
    wait_for(lambda: not one.state()["evacuation"], limit_s=3)


def test_a_wall_without_a_token_pairs_and_begins(hall: Hall, wall: Callable[..., Wall], tmp_path: Path) -> None:
    one = wall(paired=False)
    code = wait_for(lambda: one.tell("state")["pairing"].replace("-", ""))
    hall.ask("POST", "/pairings/confirm", {"code": code, "name": "new"}, token=hall.boss())
    wait_for(lambda: one.state()["step"] == "live")
    assert (tmp_path / "token").read_text().strip()
    assert one.tell("state")["pairing"] == ""


def test_the_last_page_is_there_before_the_server_is(hall: Hall, wall: Callable[..., Wall], tmp_path: Path) -> None:
    first = wall()
    wait_for(lambda: first.state()["step"] == "live")
    first.end()
    assert (tmp_path / "wall-main.json").exists()
    hall.kill()
    try:
        second = wall()
        shown = {item["name"] for item in second.tell("state")["items"]}
        assert "zone-lines" in shown
        assert any(name.startswith("line-") for name in shown), "lines of the last page"
        assert second.state()["step"] == "mark"
    finally:
        hall.start()
    wait_for(lambda: second.state()["step"] == "live", limit_s=15)
