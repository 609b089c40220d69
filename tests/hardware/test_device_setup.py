"""`hall-device setup` as a fitter lives it: plug in, found, press this key, seen, bound to counter 3, printed."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardware import binding, scan, search, trial, walk
from hardware.binding import Binding, read
from hardware.inventory import simulated, simulator_for
from hardware.plugged import Plugged
from hardware.simulation.server import SimulatorServer
from hardware.talk import Back, Quit, Talk
from hardware.talk import walk as take_steps
from hardware.walk import Walk

ROOT = Path(__file__).parents[2]
Answer = str | Callable[[], str]


class Fitter(io.TextIOBase):
    """Answers one question after the other; an answer may be an act that ends in words."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def readline(self, *_: object) -> str:
        if not self.answers:
            return ""
        answer = self.answers.pop(0)
        return (answer if isinstance(answer, str) else answer()) + "\n"


class Sitting:
    """A walk with a fitter and what he read."""

    def __init__(self, file: Path, *answers: Answer, there: list[Plugged] | None = None) -> None:
        self.shown = io.StringIO()
        self.fitter = Fitter(*answers)
        self.there = there if there is not None else []
        known = read(file) if file.exists() else []
        talk = Talk(hear=self.fitter, tell=self.shown)
        self.walk = Walk(talk, file, look=lambda: list(self.there), known=known)

    def run(self) -> str:
        self.walk.run()
        return self.shown.getvalue()


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    monkeypatch.setattr(trial, "LOOK_S", 0.05)
    monkeypatch.setattr(walk, "APPEAR_S", 0.05)
    monkeypatch.setattr(search, "ASK_S", 0.6)


@contextmanager
def pressing(address: str, key: int) -> Iterator[None]:
    """A hand that presses as soon as the question is open."""
    stop = threading.Event()

    def hand() -> None:
        while not stop.wait(0.02):
            pad = simulated(address)
            if pad is not None and getattr(pad, "question", None) is not None:
                pad.press(key)
                return

    thread = threading.Thread(target=hand)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)


def test_from_an_empty_inventory_to_a_bound_pad_and_a_printed_paper(tmp_path: Path) -> None:
    """The whole way: the printer is plugged in and found, the pad asked for a key, both bound, the list printed."""
    file = tmp_path / "hardware.toml"
    printer = SimulatorServer(simulator_for("escpos", options={}, out=tmp_path), "socket://127.0.0.1:0")
    pad = "neutral+sim://?keys=5&addr=1"
    with printer, pressing(pad, 4):
        shown = Sitting(
            file,
            *("kiosk", "printer", printer.url, "yes"),  # found out, test ticket seen
            *("add", "counter", "3", "keypad", "neutral+sim://?keys=5", "1", "yes"),
            *("done", "yes"),  # printed
        ).run()
    for words in (
        f"it answers: escpos+{printer.url}",
        "test ticket confirmed (process_id)",
        f"bound to kiosk: printer = escpos+{printer.url}",
        "press a key on the pad",
        "key 4 after",
        f"bound to counter 3: keypad = {pad}",
        "inventory confirmed (process_id)",
        "holds 2 devices",
        "hall-counter takes them from this file",
    ):
        assert words in shown
    assert [(one.place, one.use, one.address) for one in read(file)] == [
        ("kiosk", "printer", f"escpos+{printer.url}"),
        ("counter 3", "keypad", pad),
    ]
    assert len(list(tmp_path.glob("ticket-*.png"))) == 2


def test_what_is_plugged_in_while_asked_is_found_by_its_lasting_name(tmp_path: Path, monkeypatch) -> None:
    old = Plugged(where="/dev/ttyUSB0", bus="serial", vendor=0x0403, product=0x6001, serial_number="OLD")
    new = Plugged(where="/dev/ttyUSB1", bus="serial", vendor=0x1A86, product=0x7523, usb_port="1-1.2")
    monkeypatch.setattr(search, "ask_all", lambda *_, **__: None)
    monkeypatch.setattr(trial, "show", lambda *_, **__: None)
    sitting = Sitting(tmp_path / "hardware.toml", there=[old])

    def plug_in() -> str:
        sitting.there.append(new)
        return ""

    sitting.fitter.answers = ["counter", "3", "pad", plug_in, "pad68", "", "5", "yes", "done"]
    shown = sitting.run()
    assert "found: CH340 serial adapter" in shown
    assert "it does not answer by itself" in shown
    assert [(one.identity, one.address) for one in read(tmp_path / "hardware.toml")] == [
        ("usb_port", "pad68+usb://port=1-1.2?addr=5")
    ]


def test_what_is_in_already_is_chosen_from_a_list(tmp_path: Path, monkeypatch) -> None:
    there = [
        Plugged(where="/dev/usb/lp0", bus="printer", vendor=0x04B8, product=1, serial_number="J5"),
        Plugged(where="/dev/ttyS0", bus="serial"),
    ]
    monkeypatch.setattr(search, "ask_all", lambda *_, **__: None)
    monkeypatch.setattr(trial, "show", lambda *_, **__: None)
    answers = ["kiosk", "printer", "", "again", "list", "1", "", "", "yes", "done", "no"]
    shown = Sitting(tmp_path / "hardware.toml", *answers, there=there).run()
    assert "nothing new was plugged in" in shown
    assert "found: Epson ticket printer at usb://serial=J5" in shown
    assert read(tmp_path / "hardware.toml")[0].identity == "usb_serial"


def test_every_question_has_a_way_back(tmp_path: Path) -> None:
    file = tmp_path / "hardware.toml"
    answers = ["wall", "back", "counter", "back", "counter", "9", "back", "3", "led", "back", "led", "back"]
    answers += ["led", "png+file:///x", "back", f"png+file://{tmp_path}/bar?width=96", "back"]
    answers += [f"png+file://{tmp_path}/bar", "yes", "done"]
    shown = Sitting(file, *answers).run()
    assert read(file) == [
        Binding(role="counter", name="3", use="led", address=f"png+file://{tmp_path}/bar", identity="url")
    ]
    assert "bound to counter 3" in shown
    assert (tmp_path / "bar" / "bar.png").exists() or list((tmp_path / "bar").glob("*.png"))


def test_back_from_the_first_question_binds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "hardware.toml"
    shown = Sitting(file, "back", "done").run()
    assert "nothing bound" in shown
    assert not file.exists()


def test_quitting_or_silence_keeps_what_is_bound(tmp_path: Path) -> None:
    file = tmp_path / "hardware.toml"
    bar = f"png+file://{tmp_path}/bar"
    for ending in (["quit"], []):
        shown = Sitting(file, *([] if file.exists() else ["wall", "", "led", bar, "yes"]), "add", *ending).run()
        assert "ended" in shown
        assert [one.place for one in read(file)] == ["wall main"]


def test_a_device_that_does_nothing_is_told_and_can_be_bound_all_the_same(tmp_path: Path) -> None:
    answers = ["kiosk", "printer", "escpos+socket://127.0.0.1:1", "again", "bind", "done", "no"]
    shown = Sitting(tmp_path / "hardware.toml", *answers).run()
    assert shown.count("not yet: test ticket failed: gone. Check the cable") == 2
    assert "bound to kiosk" in shown


def test_wrong_answers_are_asked_again(tmp_path: Path) -> None:
    answers = ["desk", "7", "counter", "", "3", "led", "nonsense", "escpos+sim://", "png+nowhere"]
    answers += [f"png+file://{tmp_path}", "maybe", "no", "yes", "done"]
    shown = Sitting(tmp_path / "hardware.toml", *answers).run()
    for words in (
        "please answer with 1 to 3",
        "a counter has a number",
        "an address is PROTOCOL+TRANSPORT",
        "escpos is no led",
        "png needs a folder",
        "please answer yes or no",
    ):
        assert words in shown
    assert len(read(tmp_path / "hardware.toml")) == 1


def test_a_place_taken_is_replaced_only_when_told(tmp_path: Path) -> None:
    file = tmp_path / "hardware.toml"
    one = Binding(role="counter", name="3", use="led", address=f"png+file://{tmp_path}/a")
    binding.write(file, [one])
    Sitting(file, "add", "counter", "3", "led", "no", "back", "back", "back", "done").run()
    assert read(file) == [one]
    Sitting(file, "add", "counter", "3", "led", "yes", f"png+file://{tmp_path}/b", "yes", "done").run()
    assert [each.address for each in read(file)] == [f"png+file://{tmp_path}/b"]
    Sitting(file, "add", "counter", "7", "led", f"png+file://{tmp_path}/b", "yes", "done").run()
    assert [each.place for each in read(file)] == ["counter 7"]


def test_a_bound_device_is_tried_again_and_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "hardware.toml"
    binding.write(file, [Binding(role="wall", name="main", use="led", address=f"png+file://{tmp_path}/bar")])
    shown = Sitting(file, "try", "1", "remove", "wall main led", "yes", "try", "done").run()
    assert "test pages confirmed" in shown
    assert "nothing is bound yet" in shown
    assert read(file) == []


def test_the_address_of_a_pad_can_be_looked_for_on_its_line(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(scan, "LAST", 6)
    monkeypatch.setattr(walk, "SCAN_S", 0.02)
    line = simulator_for("pad68", options={"addr": "5", "ack": "1"}, out=None)
    monkeypatch.setattr(trial, "show", lambda *_, **__: None)
    with SimulatorServer(line, "socket://127.0.0.1:0") as wire:
        answers = ["counter", "3", "pad", f"pad68+{wire.url}?ack=1", "scan", "5", "yes", "done"]
        shown = Sitting(tmp_path / "hardware.toml", *answers).run()
    assert "address 5\n" in shown
    assert "1 found" in shown
    assert read(tmp_path / "hardware.toml")[0].address == f"pad68+{wire.url}?ack=1&addr=5"


def test_steps_that_ask_nothing_are_stepped_over_on_the_way_back() -> None:
    seen: list[str] = []
    backs = iter([True, False])

    def first() -> bool:
        seen.append("first")
        return True

    def silent() -> bool:
        seen.append("silent")
        return False

    def last() -> bool:
        seen.append("last")
        if next(backs):
            raise Back
        return True

    take_steps([first, silent, last])
    assert seen == ["first", "silent", "last", "first", "silent", "last"]


def test_nobody_at_the_terminal_is_an_end_and_no_crash() -> None:
    with pytest.raises(Quit):
        Talk(hear=io.StringIO(""), tell=io.StringIO()).ask("anybody")


def test_the_command_walks_over_standard_input(tmp_path: Path) -> None:
    answers = ["kiosk", "printer", "escpos+sim://", "yes", "done", "no"]
    done = subprocess.run(
        [sys.executable, "-m", "hardware.cli", "setup", "--to", str(tmp_path / "hardware.toml")],
        cwd=ROOT,
        input="\n".join(answers) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "bound to kiosk: printer" in done.stdout
    none = subprocess.run(
        [sys.executable, "-m", "hardware.cli", "setup", "--to", str(tmp_path / "none.toml")],
        cwd=ROOT, input="quit\n", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert none.returncode == 1
    assert "nothing was bound" in none.stderr


def test_a_broken_inventory_stops_the_walk_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "hardware.toml"
    file.write_text("[[device]]\nrole = 1\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "hardware.cli", "setup", "--to", str(file)],
        cwd=ROOT, input="", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"{file}, line 2: role is a text in quotation marks" in done.stderr
