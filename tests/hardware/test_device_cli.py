"""`hall-device` as a fitter runs it: real processes, exit codes, one plain line when something is wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from device_bench import until

from hardware import cli, trial
from hardware.advice import ADVICE, advice
from hardware.health import KEYPAD_FAULTS, LED_FAULTS, PORT_FAULTS, PRINTER_FAULTS

ROOT = Path(__file__).parents[2]


@contextmanager
def simulating(*arguments: str) -> Iterator[dict[str, str]]:
    """`hall-device simulate …` as a process; the addresses it printed."""
    command = [sys.executable, "-m", "hardware.cli", "simulate", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        lines = 2 if "--control" in arguments else 1
        found = {}
        for _ in range(lines):
            line = process.stdout.readline()
            words = re.fullmatch(r"(simulating \S+|control) at (\S+)\n", line)
            assert words, line or process.stderr.read()
            found["control" if words[1] == "control" else "url"] = words[2]
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=5)
    assert process.returncode == 0, err
    assert out == ""


class Control:
    """The control line of a simulator."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("socket://").rpartition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=5)
        self._lines = self._socket.makefile("rw")

    def __enter__(self) -> Control:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._socket.close()

    def say(self, line: str) -> str:
        self._lines.write(line + "\n")
        self._lines.flush()
        return self._lines.readline().strip()


def test_a_simulated_printer_is_probed_tested_and_put_at_fault(tmp_path, capsys) -> None:
    with simulating(
        "printer", "--listen", "socket://127.0.0.1:0", "--control", "socket://127.0.0.1:0", "--out", str(tmp_path)
    ) as at:
        address = f"escpos+{at['url']}"
        assert cli.main(["probe", "--json", address]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["state"], found["confirms_by"], found["width_dots"]) == ("ready", "process_id", 576)
        assert cli.main(["test", address]) == 0
        assert capsys.readouterr().out == "test ticket confirmed (process_id)\n"
        assert (tmp_path / "ticket-0001.png").is_file()
        with Control(at["control"]) as control:
            assert control.say("fault paper_out") == "ok"
            assert cli.main(["test", address]) == 1
            assert capsys.readouterr().err.splitlines()[-1] == (
                f"hall-device: test ticket failed: paper_out. {advice('paper_out')}"
            )
            assert json.loads(control.say("status"))["faults"] == ["paper_out"]
            assert control.say("clear") == "ok"
            assert control.say("fault flood").startswith("error: printer has no fault 'flood'")
            assert control.say("dance").startswith("error: unknown command")
            assert control.say("'unclosed").startswith("error: ")
        assert cli.main(["test", address]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ticket-0001.png", "ticket-0002.png"]


def test_a_simulated_bar_shows_the_test_pages(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(trial, "LOOK_S", 0.3)
    with simulating(
        "bxk", "--listen", "socket://127.0.0.1:0", "--control", "socket://127.0.0.1:0",
        "--out", str(tmp_path), "--width", "192", "--height", "32",
    ) as at:  # fmt: skip
        assert cli.main(["probe", "--json", f"bxk+{at['url']}"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["width"], found["height"], found["type"]) == (192, 32, "62")
        results: list[int] = []
        thread = threading.Thread(target=lambda: results.append(cli.main(["test", f"bxk+{at['url']}"])))
        with Control(at["control"]) as control:
            thread.start()
            until(lambda: json.loads(control.say("status"))["text"].startswith("请A041号到3号窗口"))
            thread.join(10)
        assert results == [0]
        assert "test pages confirmed (ack)" in capsys.readouterr().out
    assert (tmp_path / "bar.png").stat().st_size > 500


def test_a_key_pressed_over_the_control_line_reaches_the_test(capsys) -> None:
    with (
        simulating(
            "neutral", "--listen", "socket://127.0.0.1:0", "--control", "socket://127.0.0.1:0", "--addr", "7"
        ) as at,
        Control(at["control"]) as control,
    ):
        results: list[int] = []
        address = f"neutral+{at['url']}?addr=7"
        thread = threading.Thread(target=lambda: results.append(cli.main(["test", address])))
        thread.start()
        until(lambda: json.loads(control.say("status"))["screen"] == "ask")
        assert control.say("forge 1") == "ok"
        until(lambda: json.loads(control.say("status"))["refused"] == [4])
        assert control.say("press 5") == "ok"
        thread.join(5)
        assert results == [0]
        assert control.say("press 5") == "ok no question open"
        assert control.say("press five").startswith("error:")
    shown = capsys.readouterr()
    assert re.search(r"key 5 after \d+ ms", shown.out)
    assert "key 1 ignored: wrong_nonce" in shown.err


def test_a_running_simulator_is_told_what_to_do(capsys) -> None:
    with simulating("printer", "--listen", "socket://127.0.0.1:0", "--control", "socket://127.0.0.1:0") as at:
        assert cli.main(["tell", at["control"], "fault", "paper_out"]) == 0
        assert cli.main(["tell", at["control"], "status"]) == 0
        shown = capsys.readouterr().out.splitlines()
        assert shown[0] == "ok"
        assert json.loads(shown[1])["faults"] == ["paper_out"]
        assert cli.main(["tell", at["control"], "dance"]) == 1
        assert "unknown command" in capsys.readouterr().err
    assert cli.main(["tell", at["control"], "status"]) == 1
    assert "no simulator listens there" in capsys.readouterr().err
    assert cli.main(["tell", "pty:///tmp/x", "status"]) == 2


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_a_pseudo_terminal_can_be_listened_at(tmp_path, capsys) -> None:
    with simulating("escpos", "--listen", f"pty://{tmp_path}/tty", "--fault", "paper_near_end") as at:
        assert at["url"] == f"pty://{tmp_path}/tty"
        assert cli.main(["probe", "--json", f"escpos+{tmp_path}/tty"]) == 0
        assert json.loads(capsys.readouterr().out)["faults"] == ["paper_near_end"]
    assert not (tmp_path / "tty").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["probe", "nonsense"], 2, "PROTOCOL+TRANSPORT"),
        (["probe", "escpos+sim://?profile=nonesuch"], 2, "profile 'nonesuch'"),
        (["simulate", "png", "--listen", "socket://127.0.0.1:0"], 2, "png needs no simulator"),
        (["simulate", "printer", "--listen", "socket://127.0.0.1:0", "--option", "width"], 2, "NAME=VALUE"),
        (["simulate", "toaster", "--listen", "socket://127.0.0.1:0"], 2, "KIND is one of"),
        (["simulate", "printer", "--listen", "gopher://x"], 2, "listen at socket://"),
        (["simulate", "printer", "--listen", "socket://127.0.0.1:0", "--fault", "flood"], 2, "no fault 'flood'"),
        (
            ["simulate", "printer", "--listen", "socket://127.0.0.1:0", "--control", "socket://0.0.0.0:0"],
            2,
            "this machine only",
        ),
        (["simulate", "printer"], 2, "--listen"),
        (["frobnicate"], 2, "invalid choice"),
        (["probe", "escpos+socket://127.0.0.1:1"], 1, "gone. Check the cable"),
    ],
)
def test_what_cannot_work_says_so_in_one_line(arguments, code, says, capsys) -> None:
    try:
        result = cli.main([*arguments[:1], *arguments[1:]])
    except SystemExit as ended:
        result = ended.code
    shown = capsys.readouterr().err
    assert result == code
    assert says in shown
    assert "Traceback" not in shown


def test_a_taken_port_is_named(capsys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"socket://127.0.0.1:{taken.getsockname()[1]}"
        assert cli.main(["simulate", "printer", "--listen", url]) == 1
    assert "cannot listen: Address already in use" in capsys.readouterr().err


def test_the_built_in_simulator_needs_no_second_process(capsys) -> None:
    assert cli.main(["test", "escpos+sim://?profile=tm_t88v"]) == 0
    assert cli.main(["probe", "bxk+sim://?height=32&width=256"]) == 0
    assert "width: 256" in capsys.readouterr().out


def test_listing_never_fails_and_speaks_json(capsys) -> None:
    assert cli.main(["list"]) == 0
    capsys.readouterr()
    assert cli.main(["list", "--json"]) == 0
    for line in capsys.readouterr().out.splitlines():
        assert {"port", "bind", "description"} <= set(json.loads(line))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["simulate", "--help"]])
def test_help_and_version_end_well(arguments, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 0
    assert "hall-device" in capsys.readouterr().out


def test_every_fault_word_has_advice_and_the_catalogue_says_the_same() -> None:
    import csv

    path = ROOT / "assets" / "i18n" / "parts" / "hardware.csv"
    with path.open(encoding="utf-8", newline="") as file:
        english = {row["key"]: row["en"] for row in csv.DictReader(file)}
    words = {w for w in PORT_FAULTS | PRINTER_FAULTS | LED_FAULTS | KEYPAD_FAULTS if not w.startswith("nack_")}
    assert words <= set(ADVICE)
    assert {f"device.fault.{word}": text for word, text in ADVICE.items()} == {
        key: text for key, text in english.items() if key.startswith("device.fault.")
    }
    with path.with_name("display_wall.csv").open(encoding="utf-8", newline="") as file:
        alerts = {row["key"] for row in csv.DictReader(file)}
    for word in words | {"nack", "card_auth", "sam_unauthorised"}:
        assert {f"alert.{word}", f"alert.{word}_act"} <= alerts, word
    assert "code 5" in advice("nack_5")
    assert advice("a_word_of_tomorrow") == "a_word_of_tomorrow"
