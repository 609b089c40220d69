"""A bench for drivers; the rest is in device_bench.py, which tests import by its own name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from device_bench import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    try:
        yield made
    finally:
        made.stop()
