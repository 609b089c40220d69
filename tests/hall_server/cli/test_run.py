"""The server as a process: ready line, TLS, commands beside it, refusals to start, an orderly end."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hall_server.journal.reader import Reader

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-c", "from hall_server.cli import main; main()"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
DRAIN_S = 2.3


def hall_server(*arguments: str | Path, input: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], input=input, capture_output=True, text=True, timeout=60, env=ENVIRONMENT
    )


@contextmanager
def serving(data: Path, *options: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server that takes requests, and where. Its log is `log` beside the data folder."""
    with (data.parent / "log").open("w") as log:
        process = subprocess.Popen(
            [*PROGRAM, "run", "--data", str(data), "--listen", "127.0.0.1:0", "--no-announce", *options],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**ENVIRONMENT, **variables},
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("hall-server ready 127.0.0.1:"), (data.parent / "log").read_text()
            yield process, line.split()[-1]
        finally:
            process.kill()
            process.communicate(timeout=10)


def get(url: str, token: str | None = None, context: ssl.SSLContext | None = None) -> tuple[int, Any]:
    return ask("GET", url, token=token, context=context)


def ask(
    method: str, url: str, body: Any = None, *, token: str | None = None, context: ssl.SSLContext | None = None
) -> tuple[int, Any]:
    request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    request.add_header("Idempotency-Key", f"k{time.monotonic_ns()}")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=10, context=context) as answer:
            data = answer.read()
            return answer.status, json.loads(data) if data else None
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def end(process: subprocess.Popen[str]) -> float:
    """SIGTERM; seconds until it ended well."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    return time.monotonic() - begun


def test_commands_beside_a_running_server_take_effect_at_once(county: Path) -> None:
    with serving(county, "--insecure-http") as (process, where):
        assert get(f"http://{where}/healthz")[0] == 200
        made = json.loads(hall_server("device", "add", "--data", county, "--role", "kiosk", "--name", "K1").stdout)
        status, answer = ask("POST", f"http://{where}/api/v1/help", {}, token=made["token"])
        assert status == 204, answer
        assert hall_server("device", "revoke", "--data", county, "--name", "K1").returncode == 0
        assert ask("POST", f"http://{where}/api/v1/help", {}, token=made["token"])[0] == 401
        secret = "Long-enough pass phrase 7"
        for act in (("add", "--role", "manager"), ("set-password",)):
            done = hall_server("account", *act, "--data", county, "--name", "inspector", input=f"{secret}\n")
            assert done.returncode == 0, done.stderr
        sign_in = {"name": "inspector", "password": secret}
        status, session = ask("POST", f"http://{where}/api/v1/accounts/sessions", sign_in)
        assert status == 201
        assert get(f"http://{where}/api/v1/devices", session["token"])[0] == 200
        assert hall_server("account", "disable", "--data", county, "--name", "inspector").returncode == 0
        assert get(f"http://{where}/api/v1/devices", session["token"])[0] == 401
        second = hall_server("run", "--data", county, "--listen", "127.0.0.1:0", "--no-announce", "--insecure-http")
        assert second.returncode == 1
        assert "in use by hall-server run" in second.stderr.splitlines()[-1]
        assert hall_server("verify", "--data", county).returncode == 0
        assert hall_server("backup", "--data", county, "--to", county.parent / "b.tar").returncode == 0
        assert [p for p in county.rglob("*") if p.stat().st_mode & 0o077] == []
        assert end(process) <= DRAIN_S
    log = (county.parent / "log").read_text()
    assert "Traceback" not in log
    assert made["token"] not in log
    assert session["token"] not in log
    assert secret not in log
    assert all(json.loads(line) for line in log.splitlines())
    assert hall_server("verify", "--data", county).stdout.startswith("ok ")


def test_with_tls_only_who_knows_the_halls_ca_connects(county: Path) -> None:
    with serving(county) as (process, where):
        context = ssl.create_default_context(cafile=str(county / "keys" / "ca.pem"))
        assert get(f"https://{where}/healthz", context=context)[0] == 200
        with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
            get(f"https://{where}/healthz", context=ssl.create_default_context())
        with socket.create_connection(where.split(":"), timeout=5) as plain:  # type: ignore[arg-type]
            plain.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert not plain.recv(100).startswith(b"HTTP/1.1 200")
        old = ssl.create_default_context(cafile=str(county / "keys" / "ca.pem"))
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        assert get(f"https://{where}/healthz", context=old)[0] == 200
        assert end(process) <= DRAIN_S


def test_the_public_listener_shows_public_things_only(county: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        public = f"127.0.0.1:{free.getsockname()[1]}"
    with serving(county, "--insecure-http", "--public", public) as (process, where):
        for door in (where, public):
            assert get(f"http://{door}/api/v1/lines")[0] == 200
        assert get(f"http://{where}/schema/openapi.json")[0] == 200
        assert get(f"http://{public}/schema/openapi.json")[0] == 404
        assert ask("POST", f"http://{public}/api/v1/pairings", {"role": "kiosk"})[0] == 404
        assert end(process) <= DRAIN_S


def test_a_damaged_settings_file_stops_the_start_with_one_line(county: Path) -> None:
    path = county / "hall.toml"
    path.write_text(path.read_text("utf-8").replace("calls_max = 3 ", "calls_max = 300 "), "utf-8")
    line = (
        path.read_text("utf-8")
        .splitlines()
        .index(next(x for x in path.read_text("utf-8").splitlines() if "= 300" in x))
        + 1
    )
    done = hall_server("run", "--data", county, "--listen", "127.0.0.1:0", "--no-announce", "--insecure-http")
    assert done.returncode == 1
    assert done.stderr == f"hall-server: hall.toml, line {line}: queue.calls_max: expected int <= 20\n"


def test_a_change_in_the_file_is_in_force_and_recorded(county: Path) -> None:
    path = county / "hall.toml"
    path.write_text(path.read_text("utf-8").replace("calls_max = 3 ", "calls_max = 4 "), "utf-8")
    with serving(county, "--insecure-http") as (process, _):
        end(process)
    with Reader(county / "journal.db") as reader:
        (changed,) = [row for row in reader.read(after=0, limit=1000) if row.type == "config_changed"]
    assert changed.actor == "console"
    assert b'"setting":"queue.calls_max","old":3,"new":4' in changed.data


def test_a_taken_port_is_one_line(county: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        done = hall_server("run", "--data", county, "--listen", where, "--no-announce", "--insecure-http")
    assert done.returncode == 1
    assert "Address already in use" in done.stderr.splitlines()[-1]


def test_ctrl_c_ends_it_too_and_a_kill_loses_nothing(county: Path) -> None:
    with serving(county, "--insecure-http") as (process, where):
        token = json.loads(hall_server("device", "add", "--data", county, "--role", "kiosk", "--name", "K1").stdout)[
            "token"
        ]
        process.kill()
        process.wait(10)
    with serving(county, "--insecure-http") as (process, where):
        assert ask("POST", f"http://{where}/api/v1/help", {}, token=token)[0] == 204
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


def test_the_demo_clock_belongs_to_demo_halls_alone(county: Path, tmp_path: Path) -> None:
    def now(data: Path) -> str:
        with serving(data, "--insecure-http", HALL_SPEED="60", HALL_START="10:00") as (process, where):
            answer: str = get(f"http://{where}/api/v1/clock")[1]["now"]
            end(process)
            return answer

    demo = tmp_path / "demo"
    assert hall_server("init", "--data", demo, "--sample", "county", "--demo").returncode == 0
    assert now(demo)[11:14] == "10:"
    assert now(county)[:10] == time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
    done = subprocess.run(
        [*PROGRAM, "run", "--data", str(demo), "--listen", "127.0.0.1:0", "--insecure-http"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**ENVIRONMENT, "HALL_SPEED": "100"},
    )
    assert done.returncode == 1
    assert "HALL_SPEED is '100'" in done.stderr.splitlines()[-1]
