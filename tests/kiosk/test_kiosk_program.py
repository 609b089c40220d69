"""The program from outside: help, wrong usage, a picture without a server, exit codes, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[2]


def kiosk(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
    full = {**clean, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", **environment}
    command = [sys.executable, "-m", "kiosk.app", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=full, timeout=60, check=False, cwd=ROOT)


def test_help_and_version_need_no_screen() -> None:
    for option in ("--help", "--version"):
        done = kiosk(option, QT_QPA_PLATFORM="")
        assert done.returncode == 0
        assert "hall-kiosk" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--server", "ftp://x"], "--server"),
        (["--server", "https://user:secret@host"], "--server"),
        (["--scanner", "samv+sim://"], "--scanner"),
        (["--reader", "scanner+sim://"], "--reader"),
        (["--printer", "nonsense"], "--printer"),
        (["--window", "99"], "--window"),
        (["--bogus"], "--bogus"),
    ],
)
def test_wrong_usage_is_exit_2_with_one_line(arguments: list[str], word: str, tmp_path: Path) -> None:
    done = kiosk(*arguments, "--token-file", str(tmp_path / "token"))
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr.replace(arguments[-1], "")


def test_an_empty_token_file_is_exit_1_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("")
    done = kiosk("--server", "http://127.0.0.1:9", "--token-file", str(tmp_path / "token"))
    assert done.returncode == 1
    assert "pair again" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_picture_is_saved_and_the_program_ends(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("x")
    file = tmp_path / "shot.png"
    arguments = ["--server", "http://127.0.0.1:9", "--token-file", str(tmp_path / "token")]
    done = kiosk(*arguments, "--screenshot", str(file), "--after", "0.5")
    assert done.returncode == 0, done.stderr
    image = QImage(str(file))
    assert (image.width(), image.height()) == (1080, 1920)
    done = kiosk(*arguments, "--screenshot", str(file), "--after", "0.3", "--window", "0.5")
    assert done.returncode == 0
    assert (QImage(str(file)).width(), QImage(str(file)).height()) == (540, 960)


def test_live_pictures_are_written_whole_while_something_changes(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("x")
    live = tmp_path / "live.png"
    arguments = ["--server", "http://127.0.0.1:9", "--token-file", str(tmp_path / "token")]
    done = kiosk(*arguments, "--screenshot", str(tmp_path / "s.png"), "--after", "2.5", HALL_SNAPSHOT=str(live))
    assert done.returncode == 0
    assert QImage(str(live)).height() == 1920
    assert not list(tmp_path.glob(".*new"))


def test_without_the_font_the_program_says_which_package(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text('<?xml version="1.0"?><fontconfig><dir>/nonexistent</dir></fontconfig>')
    done = kiosk("--server", "http://127.0.0.1:9", "--token-file", str(tmp_path / "t"), FONTCONFIG_FILE=str(fonts))
    assert done.returncode == 1
    assert "fonts-noto-cjk" in done.stderr
