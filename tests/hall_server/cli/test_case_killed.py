"""The server as a process, killed at every step of a case: what was told stays told."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from test_run import ask, get, hall_server, serving


def seen(where: str, token: str, no: str) -> tuple[Any, Any]:
    """The case and the public board."""
    _, case = get(f"http://{where}/api/v1/cases/{no}", token)
    _, board = get(f"http://{where}/api/v1/board")
    return case, board


@pytest.mark.slow
def test_killed_at_any_step_lights_and_due_dates_come_back(county: Path) -> None:
    """A3c: killing the server at any step of a case and restarting shows the same lights and due dates."""
    made = hall_server("device", "add", "--data", county, "--role", "integrator", "--name", "X").stdout
    token = json.loads(made)["token"]
    steps: list[tuple[str, Any]] = [
        ("supplement", {"missing": ["身份证或社会保障卡"]}),
        ("accept", None),
        ("step", {"step": 3}),
        ("report-up", {"to": "city", "receipt": "R-7"}),
        ("reported-answer", {"outcome": "granted"}),
        ("deliver", None),
    ]
    no, before, secret = "", None, {}
    for name, body in [("", None), *steps]:
        with serving(county, "--insecure-http") as (process, where):
            if not no:
                new = {"service": "S025", "documents": [], "show_name": True, "applicant": {"name": "张三丰"}}
                status, case = ask("POST", f"http://{where}/api/v1/cases", new, token=token)
                assert status == 201, case
                no, secret = case["no"], {"no": case["no"], "check_code": case["check_code"]}
            else:
                assert seen(where, token, no) == before, f"before {name}"
                status, case = ask("POST", f"http://{where}/api/v1/cases/{no}/{name}", body, token=token)
                assert status == 200, (name, case)
            before = seen(where, token, no)
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)
    with serving(county, "--insecure-http") as (_, where):
        assert seen(where, token, no) == before
        status, told = ask("POST", f"http://{where}/api/v1/case-status", secret)
        assert (status, told["state"], told["applicant"]) == (200, "delivered", "张*")
    assert hall_server("verify", "--data", county).returncode == 0
