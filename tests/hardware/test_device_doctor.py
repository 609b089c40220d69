"""`hall-doctor`: this machine is well, and each illness is named with what to type."""

from __future__ import annotations

import json
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from audio_tones import record

from hardware import checks, doctor, fonts, qt_libraries
from hardware.checks import Grade
from hardware.plugged import Places


def graded(found, grade: Grade):
    return [finding for finding in found if finding.grade is grade]


def test_this_machine_can_run_every_program(capsys, tmp_path) -> None:
    assert doctor.main(["--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("all programs can run\n")
    assert doctor.main(["--json", "--data", str(tmp_path)]) == 0
    topics = {json.loads(line)["topic"] for line in capsys.readouterr().out.splitlines()}
    assert {
        "python",
        "qt",
        "qt libraries",
        "tls",
        "fonts",
        "ports",
        "inventory",
        "clock",
        "disk",
        "sqlite",
        "voice",
    } <= topics


def test_nothing_of_qt_is_loaded_to_look_at_it() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from hardware import doctor; list(doctor.findings(voice=None, data=__import__('pathlib').Path()))"
    )
    code += "; print([name for name in sys.modules if name.startswith('PySide6')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("6.12.0", "6.12 on it loses references"),
        ("6.13.1", "loses references"),
        ("6.5.3", "too old"),
        (None, "not installed"),
    ],
)
def test_a_wrong_pyside_is_refused_by_name(monkeypatch, version, says) -> None:
    monkeypatch.setattr(qt_libraries, "installed_version", lambda: version)
    monkeypatch.setattr(qt_libraries, "folder", lambda: None)
    (finding,) = checks.qt()
    assert finding.grade is Grade.FAIL
    assert says in finding.text
    assert "<6.12" in finding.todo
    assert qt_libraries.version_problem("6.11.3") is None


def test_missing_libraries_give_the_exact_line(monkeypatch, tmp_path) -> None:
    (tmp_path / "QtCore.abi3.so").write_text("")

    def fake_run(command, **_):
        assert command == ["ldd", str(tmp_path / "QtCore.abi3.so")]
        out = "\tlibEGL.so.1 => not found\n\tlibxcb-icccm.so.4 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n"
        out += "\tlibstrange.so.9 => not found\n\tlibEGL.so.1 => not found\n"
        return namedtuple("Done", "stdout")(out)

    monkeypatch.setattr(qt_libraries.subprocess, "run", fake_run)
    monkeypatch.setattr(qt_libraries.sys, "platform", "linux")
    monkeypatch.setattr(qt_libraries.shutil, "which", lambda name: "/usr/bin/ldd")
    lacking = qt_libraries.lacking([tmp_path / "QtCore.abi3.so", tmp_path / "not-there.so"])
    assert lacking.line == (
        "apt-get install -y --no-install-recommends libegl1 libxcb-icccm4; "
        "find the packages of libstrange.so.9 with apt-file search"
    )


def test_every_file_looked_at_exists_in_this_pyside() -> None:
    place = qt_libraries.folder()
    files = [*qt_libraries.files_for_screens(place), *qt_libraries.files_for_windows(place)]
    files += [*qt_libraries.files_for_sound(place), *qt_libraries.files_for_wayland(place)]
    assert len(files) > 12
    assert [path.name for path in files if not path.is_file()] == []


def test_missing_fonts_fail_with_their_package(monkeypatch) -> None:
    monkeypatch.setattr(fonts, "candidates", lambda *, bold: [])
    monkeypatch.setattr(fonts, "UNIFONT_PATHS", ())
    monkeypatch.delenv("COUNTERHALL_UNIFONT", raising=False)
    fonts.cjk_file.cache_clear()
    try:
        found = list(checks.typefaces())
    finally:
        fonts.cjk_file.cache_clear()
    assert [finding.grade for finding in found] == [Grade.FAIL] * 3
    assert [finding.todo.split()[-1] for finding in found] == ["fonts-noto-cjk", "fonts-noto-cjk", "unifont"]


def test_a_port_without_rights_says_how_to_get_them(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(checks.os, "access", lambda *_: False)
    monkeypatch.setattr(checks, "RULES_FILE", tmp_path / "70-counterhall.rules")
    finding, rules = checks.ports(adapter(tmp_path))
    assert finding.grade is Grade.NOTE
    assert "usermod -aG dialout" in finding.todo
    assert (rules.grade, "hall-device rules" in rules.todo) == (Grade.NOTE, True)
    checks.RULES_FILE.write_text("")
    assert len(list(checks.ports(adapter(tmp_path)))) == 1


def adapter(folder: Path) -> Places:
    """A machine with one USB adapter."""
    port = SimpleNamespace(
        device="/dev/ttyUSB7", vid=0x1A86, pid=0x7523, serial_number=None, location="1-2", description="n/a"
    )
    return Places(ports=lambda: [port], dev=folder, sys=folder)


def test_the_inventory_is_read_and_what_is_missing_named(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (none,) = checks.inventory()
    assert (none.grade, "no hardware.toml here" in none.text) == (Grade.OK, True)
    file = tmp_path / "hardware.toml"
    here, gone, far = ("usb_port", "1-2"), ("usb_serial", "A5"), ("url", "socket://10.0.0.9:9200")
    file.write_text(
        "".join(
            f'[[device]]\nrole = "counter"\nname = "{n}"\nuse = "keypad"\nprotocol = "neutral"\n{key} = "{value}"\n'
            for n, (key, value) in enumerate((here, gone, far))
        )
    )
    found = list(checks.inventory(file, adapter(tmp_path)))
    assert [finding.grade for finding in found] == [Grade.OK, Grade.NOTE]
    assert "keypad of counter 1 is not plugged in" in found[1].text
    file.write_text("[[device]]\nrole = 3\n")
    (wrong,) = checks.inventory()
    assert (wrong.grade, "line 2" in wrong.text) == (Grade.FAIL, True)


def test_a_clock_of_another_age_fails() -> None:
    (finding,) = graded(checks.clock(now=datetime(1970, 1, 1, tzinfo=UTC)), Grade.FAIL)
    assert "1970-01-01" in finding.text
    assert "timedatectl" in finding.todo


def test_a_full_disk_fails_and_a_small_one_is_noted(monkeypatch, tmp_path) -> None:
    usage = namedtuple("Usage", "free")
    for free, grade in ((10_000_000, Grade.FAIL), (900_000_000, Grade.NOTE), (9_000_000_000, Grade.OK)):
        monkeypatch.setattr(checks.shutil, "disk_usage", lambda _, free=free: usage(free))
        (finding,) = checks.disk(tmp_path / "not" / "there" / "yet")
        assert finding.grade is grade
        assert str(tmp_path) in finding.text


def test_an_apsw_that_can_corrupt_the_journal_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(checks.metadata, "version", lambda name: "3.46.1.0")
    (finding,) = graded(checks.databases(), Grade.FAIL)
    assert "apsw 3.46.1.0" in finding.text


def test_voice_clips_are_counted_and_broken_ones_named(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(checks.shutil, "which", lambda name: None)
    assert "apt-get install -y espeak-ng" in [finding.todo for finding in checks.voice(None)]
    assert "no clips" in next(iter(checks.voice(tmp_path))).text
    record(tmp_path, "good")
    (tmp_path / "bad.wav").write_bytes(b"RIFF")
    found = list(checks.voice(tmp_path))
    (good,) = graded(found, Grade.OK)
    assert good.text.endswith(f"1 clips in {tmp_path}")
    assert any("bad.wav" in finding.text for finding in graded(found, Grade.NOTE))
    assert next(iter(checks.voice(Path("/no/such/folder")))).grade is Grade.NOTE


def test_a_failing_check_makes_the_exit_code_one(monkeypatch, capsys) -> None:
    bad = checks.Finding("qt", Grade.FAIL, "broken", "mend it")
    monkeypatch.setattr(checks, "qt", lambda: iter([bad]))
    assert doctor.main([]) == 1
    shown = capsys.readouterr().out
    assert "FAIL  qt: broken\n      -> mend it" in shown
    assert shown.endswith("1 findings stop a program: do what stands under them\n")


def test_wrong_usage_and_help(capsys) -> None:
    for arguments, code in ((["--help"], 0), (["--version"], 0), (["--frob"], 2)):
        with pytest.raises(SystemExit) as ended:
            doctor.main(arguments)
        assert ended.value.code == code
