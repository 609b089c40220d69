"""The ticket printer of this kiosk: one driver on its own thread, what became of each paper, how it is.

No Qt: whoever builds it hands in `post`, which runs a function on the screen's thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

import structlog

from hardware.driver import DeviceBusy
from hardware.health import Health, Receipt
from hardware.printers.driver import PrintJob
from hardware.printers.paper import Block

JOIN_S = 1.0
log = structlog.get_logger("kiosk.printing")


class Prints(Protocol):
    """A driver of `hardware.printers`."""

    address: str

    def serve(self, stop: threading.Event) -> None: ...
    def submit(self, job: PrintJob) -> Future[Receipt]: ...
    def snapshot(self) -> Health: ...


class Printing:
    """Prints papers and says what became of them."""

    def __init__(self, driver: Prints, *, post: Callable[[Callable[[], None]], None]) -> None:
        self._driver, self._post = driver, post
        self._stop = threading.Event()
        self._thread = threading.Thread(target=driver.serve, args=(self._stop,), name="printer", daemon=True)

    def start(self) -> None:
        """Starts the printer's thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it; a paper under way is finished by the printer itself."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def print(self, name: str, blocks: list[Block], done: Callable[[dict[str, Any]], None]) -> None:
        """Prints one paper; `done` gets `{"outcome", "how", "evidence", "fault"}` on the screen's thread."""
        try:
            future = self._driver.submit(PrintJob(ticket=name, blocks=blocks))
        except DeviceBusy:
            done({"outcome": "failed", "how": "none", "evidence": "", "fault": "busy"})
            return
        future.add_done_callback(lambda f: self._post(lambda: done(_result(f))))

    def health(self) -> Health:
        """The printer's state of mind."""
        return self._driver.snapshot()


def _result(future: Future[Receipt]) -> dict[str, Any]:
    if future.cancelled() or future.exception() is not None:
        error = None if future.cancelled() else future.exception()
        log.warning("printer gave up a paper", error=repr(error))
        return {"outcome": "unknown", "how": "none", "evidence": "", "fault": ""}
    receipt = future.result()
    return {
        "outcome": receipt.outcome,
        "how": receipt.how,
        "evidence": receipt.evidence[:400],
        "fault": receipt.error or "",
    }
