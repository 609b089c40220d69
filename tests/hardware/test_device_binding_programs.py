"""The three programs read the inventory; a wrong one stops them with one line before a window opens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = {"kiosk": "hall-kiosk", "counter_client": "hall-counter", "display_wall": "hall-wall"}


@pytest.mark.parametrize("package", PROGRAMS)
def test_a_wrong_inventory_is_one_line_with_its_line(package: str, tmp_path: Path) -> None:
    file = tmp_path / "hardware.toml"
    file.write_text('[[device]]\nrole = "counter"\nuse = "led"\nprotocol = "rs232"\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", f"{package}.app", "--server", "http://127.0.0.1:1", "--token-file", "token"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith(f"{PROGRAMS[package]}: hardware.toml, line 4: protocol 'rs232'")
    assert len(done.stderr.splitlines()) == 1
