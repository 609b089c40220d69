"""A stage for walls: the real QML in the real shell, off-screen, told by a link that a test plays."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
sys.path.insert(0, str(Path(__file__).parent))

from PySide6.QtGui import QGuiApplication
from wall_stage import Stage

from display_wall.app import parser
from hall_client.shell import Shell
from hall_protocol.pictures.wall import WallPicture


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    """The wall has no widgets."""
    return QGuiApplication


@pytest.fixture(scope="session")
def shell() -> Iterator[Shell]:
    """The one shell of the test process."""
    os.environ["PYTEST_CURRENT_TEST"] = os.environ.get("PYTEST_CURRENT_TEST", "wall")
    options = parser().parse_args([])
    options.program = "hall-wall"
    built = Shell(options, surface="wall", palette="wall", size=(1920, 1080), title="wall")
    yield built
    built.close()


@pytest.fixture
def stage(shell: Shell, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Builds walls; closes them after the test."""
    built: list[Stage] = []

    def build(picture: WallPicture | None = None, **kwargs: Any) -> Stage:
        wall = Stage(shell, tmp_path, **kwargs)
        built.append(wall)
        if picture is not None:
            wall.tell(picture)
        return wall

    yield build
    for wall in built:
        wall.close()
    shell.tokens.set_palette("wall")
