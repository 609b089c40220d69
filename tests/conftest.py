"""What every test may count on: screens that draw off-screen, and Qt objects that die on the thread they live on."""

import gc
import os
import sys
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Rubbish is collected between tests, on the main thread: `hall_client.collecting` says why."""
    try:
        return (yield)
    finally:
        if "PySide6.QtCore" in sys.modules:
            gc.disable()
            last_of_file = nextitem is None or nextitem.path != item.path
            if last_of_file:
                gc.collect()
            else:
                from hall_client.collecting import collect_what_is_due

                collect_what_is_due()
