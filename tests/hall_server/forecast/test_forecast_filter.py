"""`python -m hall_server.forecast`: JSON lines in, forecasts out."""

import io
import json
import subprocess
import sys

import pytest

from hall_server.forecast.__main__ import run
from hall_server.forecast.predictor import Predictor

HELLO = {"ev": "hello", "minwait": 20, "policy": {"type": "credit", "credit": {"n": 0}}, "services": ["A"]}
DAY = [
    HELLO,
    {"ev": "day", "t": 0.0, "day": 0},
    {"ev": "open", "t": 1.0, "srv": "w1", "skills": ["A"]},
    {"ev": "arrive", "t": 2.5, "id": "1", "svc": "A", "cls": "n", "eff": 2.5},
    {"ev": "predict", "t": 2.5, "id": "1"},
    {"ev": "start", "t": 5.0, "id": "1", "srv": "w1"},
    {"ev": "arrive", "t": 60.0, "id": "2", "svc": "A", "cls": "n", "eff": 60.0},
    {"ev": "predict", "t": 60.0, "id": "2"},
    {"ev": "arrive", "t": 61.0, "id": "3", "svc": "A", "cls": "e", "eff": -840.0},
    {"ev": "predict", "t": 61.0, "id": "3"},
    {"ev": "leave", "t": 70.0, "id": "3"},
    {"ev": "something new", "t": 75.0},
    {"ev": "end", "t": 90.0, "id": "1", "srv": "w1"},
    {"ev": "close", "t": 95.0, "srv": "w1"},
]


def lines_of(events: list[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def test_each_question_gets_one_line_in_order() -> None:
    sink = io.BytesIO()
    run(io.BytesIO(lines_of(DAY)), sink, Predictor())
    answers = [json.loads(line) for line in sink.getvalue().splitlines()]
    assert [answer["id"] for answer in answers] == ["1", "2", "3"]
    for answer in answers:
        quantiles = [answer[name] for name in ("p10", "p50", "p80", "p90")]
        assert quantiles == sorted(quantiles)
        assert quantiles[0] >= 0
    first, busy, entitled = (answer["p50"] for answer in answers)
    assert first < busy
    assert entitled <= busy


def test_a_question_while_every_counter_is_closed_is_answered_too() -> None:
    events = [*DAY, {"ev": "arrive", "t": 100.0, "id": "4", "svc": "A", "cls": "n", "eff": 100.0}]
    sink = io.BytesIO()
    run(io.BytesIO(lines_of([*events, {"ev": "predict", "t": 100.0, "id": "4"}])), sink, Predictor())
    assert json.loads(sink.getvalue().splitlines()[-1])["p50"] > 0


def program(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "hall_server.forecast", *arguments]
    return subprocess.run(command, input=given, capture_output=True, timeout=60, check=False)


def test_the_program_answers_on_standard_output() -> None:
    done = program(given=lines_of(DAY))
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.splitlines()) == 3


@pytest.mark.parametrize("line", [b"not json\n", b'{"t": 1.0}\n', b'{"ev": "day", "t": "noon"}\n'])
def test_a_line_that_is_no_event_ends_it_with_one_plain_line(line: bytes) -> None:
    done = program(given=line)
    assert done.returncode == 1
    assert b"not an event" in done.stderr
    assert b"Traceback" not in done.stderr


def test_help_and_version_are_told() -> None:
    assert b"--plays" in program("--help").stdout
    assert program("--version").stdout.strip()
    assert program("--nonsense").returncode == 2
