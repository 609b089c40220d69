"""A county hall for every test that wants one: made once by the real command, then copied."""

import shutil
from pathlib import Path

import pytest
from founding import found_county


@pytest.fixture(scope="session")
def county_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hall that `init --sample county` makes; not to be changed."""
    data = tmp_path_factory.mktemp("made") / "hall"
    found_county(data)
    return data


@pytest.fixture
def county(county_made: Path, tmp_path: Path) -> Path:
    """The data folder of a fresh county hall."""
    shutil.copytree(county_made, tmp_path / "hall")
    return tmp_path / "hall"
