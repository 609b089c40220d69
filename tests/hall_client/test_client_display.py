"""A machine without a screen is told so in one line, instead of an abort of Qt."""

import os
import subprocess
import sys

import pytest

from hall_client.options import Failure
from hall_client.shell import check_display


@pytest.mark.parametrize(
    ("environment", "needed"),
    [
        ({}, "DISPLAY and WAYLAND_DISPLAY"),
        ({"DISPLAY": ""}, "DISPLAY and WAYLAND_DISPLAY"),
        ({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"}, "DISPLAY is not set"),
        ({"QT_QPA_PLATFORM": "wayland", "DISPLAY": ":0"}, "WAYLAND_DISPLAY is not set"),
    ],
)
def test_no_display_is_a_failure_that_says_what_to_do(environment: dict[str, str], needed: str) -> None:
    with pytest.raises(Failure, match=needed) as failure:
        check_display(environment, system="linux")
    assert "QT_QPA_PLATFORM=offscreen" in str(failure.value)


@pytest.mark.parametrize(
    ("environment", "system"),
    [
        ({"DISPLAY": ":0"}, "linux"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux"),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, "linux"),
        ({}, "win32"),
        ({}, "darwin"),
    ],
)
def test_where_qt_can_draw_nothing_is_said(environment: dict[str, str], system: str) -> None:
    check_display(environment, system=system)


def test_a_program_without_a_display_ends_with_one_line() -> None:
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "display_wall.app", "--server", "http://127.0.0.1:1"],
        env=bare,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("hall-wall: no display")
    assert len(done.stderr.splitlines()) == 1
