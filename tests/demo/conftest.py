"""A furnished demo hall, made once for the tests that only look at it or copy it."""

import shutil
from pathlib import Path

import pytest

from demo.furniture import furnish
from demo.plan import Runtime


@pytest.fixture(scope="session")
def furnished_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("demo") / "hall"
    furnish(data)
    return data


@pytest.fixture
def furnished(furnished_once: Path, tmp_path: Path) -> Path:
    """The data folder of a demo hall with its stage beside it."""
    shutil.copytree(furnished_once, tmp_path / "hall")
    shutil.copytree(Runtime.beside(furnished_once).folder, Runtime.beside(tmp_path / "hall").folder)
    return tmp_path / "hall"
