"""A counter whose screen has died: after signing in, a whole visit from the call pad alone, with the real programs."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_counter_program import COMMANDS, Hall, Program, free_port, pad_says, wait_for


class SimulatedLine:
    """`hall-device simulate pad68` as a process: call pad and rater of counter 3 on one line."""

    def __init__(self) -> None:
        self.port, self.control = free_port(), free_port()
        self.process = subprocess.Popen(
            [
                *(COMMANDS / "hall-device", "simulate", "pad68", "--addr", "3", "--option", "pads=2"),
                *("--listen", f"socket://127.0.0.1:{self.port}", "--control", f"socket://127.0.0.1:{self.control}"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: pad_says(self.control, "status"))

    def press(self, line: str) -> None:
        assert pad_says(self.control, line) == "ok"

    def pad(self) -> dict[str, Any]:
        first: dict[str, Any] = json.loads(pad_says(self.control, "status"))["pads"][0]
        return first


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    made = Hall(tmp_path_factory.mktemp("pad_hall"))
    yield made
    made.kill()


def health(hall: Hall, manager: str) -> dict[str, str]:
    """State by address, as the devices reported it."""

    request = urllib.request.Request(hall.url + "/api/v1/devices", headers={"Authorization": "Bearer " + manager})
    with urllib.request.urlopen(request, timeout=5) as answer:
        devices = json.loads(answer.read())
    found = json.dumps(devices)
    return {word: found for word in ("addr=3", "addr=4") if word in found}


def test_a_visit_from_the_pad_alone(hall: Hall, tmp_path: Path) -> None:
    line = SimulatedLine()
    at = f"pad68+socket://127.0.0.1:{line.port}"
    pads = ["--pad", f"{at}?addr=3", "--keypad", f"{at}?addr=4", "--keypad-token-file", str(hall.tokens["keypad"])]
    program = Program(hall, more=pads)
    try:
        number = hall.ticket()["number"]
        hall.ticket()
        line.press("press call")
        wait_for(lambda: line.pad()["beeps"] == 2)
        program.sign_in()
        # From here on nobody looks at the screen.
        line.press("press pause")
        program.until_can("call_next")
        wait_for(lambda: line.pad()["waiting"] == "002")
        line.press("press call")
        program.until(ticket=number, ticket_state="called")
        wait_for(lambda: line.pad()["number"] == number[-3:])
        program.until_can("begin")
        beeps = line.pad()["beeps"]
        line.press("press transfer")
        program.until(dialog="transfer")
        line.press("press cancel")
        program.until(dialog="")
        line.press("press call")
        wait_for(lambda: line.pad()["beeps"] >= beeps + 2)
        line.press("press rate")
        program.until_can("finish")
        assert program.state()["ticket"] == number
        line.press("press hold")
        program.until_can("resume")
        wait_for(lambda: line.pad()["number"] == "000")
        line.press("press return")
        program.until(ticket=number)
        if program.state()["ticket_state"] == "called":
            program.until_can("begin")
            line.press("press rate")
        program.until_can("finish")
        line.press("press rate")
        program.until(ticket=None)
        wait_for(lambda: json.loads(pad_says(line.control, "status"))["pads"][1]["rating_open"])
        line.press("rate 4 3")
        wait_for(lambda: b"rating delivered" in program.log.read_bytes())
        assert set(health(hall, hall.manager())) == {"addr=3", "addr=4"}
        assert program.stop() < 3
    finally:
        for process in (program.process, line.process):
            if process.poll() is None:
                process.kill()
                process.wait(10)
