"""hall-counter as a process: its options, and a clerk's day against the real hall-server."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

LIMIT_S = 20.0
PIN = "482913"
PACE = threading.Event()
"""Never set: the pace of asking again, not a guess at how long something takes."""


COMMANDS = Path(sys.executable).parent
"""Where the environment has hall-server, hall-counter and hall-device."""


def run(program: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMANDS / program, *arguments], capture_output=True, text=True, timeout=60, check=False, **options
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--counter", "3", "--pad", "neutral+/dev/ttyUSB0"], "--pad neutral+/dev/ttyUSB0: this is no call pad"),
        (["--counter", "3", "--printer", "neutral+/dev/ttyUSB0"], "--printer neutral+/dev/ttyUSB0: this is no receipt"),
        ([], "--counter N is missing"),
        (["--counter", "3", "--keypad", "neutral+sim://"], "--keypad needs --keypad-token-file"),
        (["--counter", "3", "--led", "nonsense"], "--led nonsense"),
    ],
)
def test_wrong_usage_is_one_plain_line(arguments: list[str], says: str, tmp_path: Path):
    done = run("hall-counter", "--server", "http://127.0.0.1:9", "--token-file", str(tmp_path / "t"), *arguments)
    assert done.returncode == 2
    (line,) = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert says in line
    assert "Traceback" not in done.stderr


def test_a_screenshot_of_a_window_at_half_size(tmp_path: Path):
    token, picture = tmp_path / "token", tmp_path / "counter.png"
    token.write_text("nobody")
    done = run(
        "hall-counter",
        *("--server", "http://127.0.0.1:9", "--token-file", str(token), "--counter", "3"),
        *("--window", "0.5", "--screenshot", str(picture), "--after", "0.5"),
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    header = picture.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert struct.unpack(">II", header[16:24]) == (640, 400)


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
    """A real server with the sample county, open all day."""

    def __init__(self, folder: Path) -> None:
        self.data, self.folder = folder / "hall", folder
        assert run("hall-server", "init", "--data", str(self.data), "--sample", "county").returncode == 0
        settings = self.data / "hall.toml"
        text = settings.read_text(encoding="utf-8")
        assert 'working_day = ["' in text
        head, _, rest = text.partition("working_day = ")
        settings.write_text(head + 'working_day = ["00:00-24:00"]\n' + rest.partition("\n")[2], encoding="utf-8")
        self.tokens = {
            "counter": self.device("counter", "c3", "--counter", "3"),
            "keypad": self.device("keypad", "k3", "--counter", "3"),
            "kiosk": self.device("kiosk", "kiosk"),
        }
        set_pin = run("hall-server", "clerk", "set-pin", "--data", str(self.data), "--clerk", "0312", input=PIN + "\n")
        assert set_pin.returncode == 0, set_pin.stderr
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def device(self, role: str, name: str, *more: str) -> Path:
        made = run("hall-server", "device", "add", "--data", str(self.data), "--role", role, "--name", name, *more)
        assert made.returncode == 0, made.stderr
        file = self.folder / f"{role}.token"
        file.write_text(json.loads(made.stdout)["token"])
        return file

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [
            "run",
            "--data",
            str(self.data),
            "--listen",
            f"127.0.0.1:{self.port}",
            "--no-announce",
            "--insecure-http",
        ]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen([COMMANDS / "hall-server", *command], stdout=log, stderr=log)
        wait_for(self.is_ready)

    def is_ready(self) -> bool:
        with urllib.request.urlopen(self.url + "/readyz", timeout=1) as answer:
            return bool(answer.status == 200)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def ticket(self, line: str = "A") -> dict[str, Any]:
        return self.post("/tickets", {"line": line}, token=self.tokens["kiosk"].read_text())

    def post(self, path: str, body: dict[str, Any], *, token: str | None) -> dict[str, Any]:
        headers = {"Idempotency-Key": f"t{time.monotonic_ns()}", "Content-Type": "application/json"}
        if token:
            headers["Authorization"] = "Bearer " + token
        data = json.dumps(body).encode()
        request = urllib.request.Request(self.url + "/api/v1" + path, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=5) as answer:
            text = answer.read()
        made: dict[str, Any] = json.loads(text) if text else {}
        return made

    def manager(self) -> str:
        """The token of a manager made for this."""
        for arguments, given in (
            (["add", "--name", "chief", "--role", "manager"], None),
            (["set-password", "--name", "chief"], "a long test password\n"),
        ):
            done = run("hall-server", "account", *arguments, "--data", str(self.data), input=given)
            assert done.returncode == 0, done.stderr
        body = {"name": "chief", "password": "a long test password"}
        return str(self.post("/accounts/sessions", body, token=None)["token"])


class Program:
    """hall-counter off-screen, driven as by a hand."""

    def __init__(
        self, hall: Hall, *, pad_port: int | None = None, token: Path | None = None, more: Sequence[str] = ()
    ) -> None:
        self.drive_port = free_port()
        name = "new" if token else "counter"
        self.log = hall.folder / f"{name}.log"
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HALL_DRIVE": str(self.drive_port)}
        environment.pop("PYTEST_CURRENT_TEST", None)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(COMMANDS / "hall-counter", "--server", hall.url, "--counter", "4" if token else "3"),
                    *(
                        "--token-file",
                        str(token or hall.tokens["counter"]),
                        "--led",
                        f"png+file://{hall.folder}/{name}-led",
                    ),
                    *self._keypad(hall, pad_port),
                    *more,
                ],
                stderr=log,
                env=environment,
            )
        wait_for(lambda: self.state()["stage"] != "starting")

    @staticmethod
    def _keypad(hall: Hall, port: int | None) -> list[str]:
        if port is None:
            return []
        return ["--keypad", f"neutral+socket://127.0.0.1:{port}", "--keypad-token-file", str(hall.tokens["keypad"])]

    def do(self, line: str) -> dict[str, Any]:
        with socket.create_connection(("127.0.0.1", self.drive_port), 5) as s, s.makefile("rw", encoding="utf-8") as f:
            f.write(line + "\n")
            f.flush()
            answer: dict[str, Any] = json.loads(f.readline())
            return answer

    def state(self) -> dict[str, Any]:
        return self.do("state")

    def until(self, **wanted: Any) -> dict[str, Any]:
        def there() -> dict[str, Any] | None:
            state = self.state()
            return state if all(state.get(name) == value for name, value in wanted.items()) else None

        found: dict[str, Any] = wait_for(there)
        return found

    def until_can(self, act: str) -> None:
        wait_for(lambda: act in self.state()["can"])

    def sign_in(self) -> None:
        self.do("tap signin_clerk")
        self.do("text 0312")
        self.do("key Return")
        self.do(f"text {PIN}")
        self.do("key Return")
        self.until(stage="desk")

    def stop(self) -> float:
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0
        return time.monotonic() - began


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    made = Hall(tmp_path_factory.mktemp("hall"))
    yield made
    made.kill()


@pytest.fixture(scope="module")
def pad(hall: Hall) -> Iterator[tuple[int, int]]:
    """A simulated neutral pad as a process: its port and its control port."""
    port, control = free_port(), free_port()
    process = subprocess.Popen(
        [
            *(COMMANDS / "hall-device", "simulate", "neutral"),
            *("--listen", f"socket://127.0.0.1:{port}", "--control", f"socket://127.0.0.1:{control}"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(lambda: pad_says(control, "status"))
    yield port, control
    process.kill()
    process.wait(10)


@pytest.fixture(scope="module")
def program(hall: Hall, pad: tuple[int, int]) -> Iterator[Program]:
    made = Program(hall, pad_port=pad[0])
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait(10)


def pad_says(control: int, line: str) -> str:
    with socket.create_connection(("127.0.0.1", control), 5) as s, s.makefile("rw", encoding="utf-8") as f:
        f.write(line + "\n")
        f.flush()
        return f.readline().strip()


def test_a_clerks_day(hall: Hall, pad: tuple[int, int], program: Program):
    first, second = hall.ticket()["number"], hall.ticket()["number"]
    assert program.until(stage="signed_out")["can"] == []
    program.sign_in()
    program.do("key F9")
    assert program.until(counter_state="open", next=first)["primary"] == "call_next"
    program.do("key F2")
    program.until(ticket=first, ticket_state="called")
    program.do("key F4")
    program.until(ticket=first, ticket_state="serving")

    program.do("key F7")
    program.do("text 1")
    program.until_can("undo")
    program.do("key Ctrl+Z")
    program.until(ticket=first, ticket_state="serving")

    program.do("key F8")
    program.until(ticket=None)
    wait_for(lambda: json.loads(pad_says(pad[1], "status"))["screen"] == "ask")
    assert pad_says(pad[1], "press 4") == "ok"
    wait_for(lambda: b"rating delivered" in program.log.read_bytes())

    program.do("key F11")
    program.do(f"text {second.lower()}")
    program.do("key Return")
    program.do("text 1")
    program.until(ticket=second, ticket_state="called")
    program.do("tap act_return")
    program.do("text 1")
    program.until(ticket=None, next=second)

    program.do("key F9")
    program.do("text 1")
    program.do("key Return")
    program.until(counter_state="paused")
    program.do("key F9")
    program.until(counter_state="open")


def test_a_killed_server_is_told_and_nothing_is_called_when_it_is_back(hall: Hall, program: Program):
    number = program.until(counter_state="open")["next"]
    assert number
    hall.kill()
    assert program.until(offline=True)["can"] == []
    assert program.do("key F2")["ok"]
    hall.start()
    state = program.until(offline=False)
    assert (state["ticket"], state["next"]) == (None, number)
    program.until_can("call_next")
    program.do("key F2")
    program.until(ticket=number)
    program.do("key F4")
    program.until(ticket_state="serving")
    program.do("key F8")
    program.until(ticket=None)


def test_lock_and_unlock_keep_the_work(hall: Hall, program: Program):
    number = hall.ticket()["number"]
    program.until(next=number)
    program.do("key F2")
    program.until(ticket=number)
    program.do("key Ctrl+L")
    program.until(stage="locked")
    program.do(f"text {PIN}")
    program.do("key Return")
    state = program.until(stage="desk")
    assert state["ticket"] == number
    program.do("key F4")
    program.until(ticket_state="serving")
    program.do("key F8")
    program.until(ticket=None)


def test_a_counter_without_a_token_pairs_and_a_revoked_one_is_told(hall: Hall, tmp_path: Path):
    manager = hall.manager()
    made = Program(hall, token=tmp_path / "new.token")
    try:
        code = wait_for(lambda: made.state()["pairing_code"])
        hall.post("/pairings/confirm", {"code": code, "name": "c4", "counter": "4"}, token=manager)
        state = made.until(stage="signed_out")
        assert (state["counter"], state["pairing_code"]) == ("4", "")
        assert (tmp_path / "new.token").stat().st_mode & 0o077 == 0
        assert run("hall-server", "device", "revoke", "--data", str(hall.data), "--name", "c4").returncode == 0
        made.until(barred=True)
    finally:
        made.stop()


def test_its_end_is_quick_and_its_log_holds_no_secret(hall: Hall, program: Program):
    assert program.stop() < 3.0
    log = program.log.read_text(encoding="utf-8")
    assert '"act": "sign_in"' in log
    for secret in (PIN, *(file.read_text() for file in hall.tokens.values())):
        assert secret not in log
    assert '"level":' not in log.replace('"level": "info"', "").replace('"level": "warning"', "")
