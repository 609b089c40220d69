"""What a kiosk remembers of its paper over a restart: the running number of the day, results still to be told."""

from __future__ import annotations

from typing import Any

from hall_client.outbox import Outbox

SERIAL, RESULTS = "paper_serial", "paper_results"


class PaperTrail:
    """Kept in the outbox's file, so that a killed kiosk neither counts from one again nor forgets what was printed."""

    def __init__(self, outbox: Outbox | None) -> None:
        """Without an outbox (no server yet) it remembers as long as the program lives."""
        self._outbox = outbox
        self._serial: dict[str, Any] = self._recall(SERIAL)
        self._results: dict[str, dict[str, Any]] = self._recall(RESULTS)

    def next_serial(self, day: str) -> str:
        """The running number of the next paper of `day`, `0047`."""
        count = int(self._serial.get("n", 0)) if self._serial.get("day") == day else 0
        self._serial = {"day": day, "n": count + 1}
        self._keep(SERIAL, self._serial)
        return self.serial

    @property
    def serial(self) -> str:
        """The running number of the last paper."""
        return f"{int(self._serial.get('n', 0)):04d}"

    def owe(self, key: str, copy: int, result: dict[str, Any]) -> None:
        """A result of a ticket the server does not know yet."""
        self._results[f"{key}:{copy}"] = result
        self._keep(RESULTS, self._results)

    def settle(self, key: str) -> list[tuple[int, dict[str, Any]]]:
        """Copy number and result of everything owed for this touch; owed no more."""
        names = [name for name in self._results if name.rsplit(":", 1)[0] == key]
        found = [(int(name.rsplit(":", 1)[1]), self._results.pop(name)) for name in names]
        if found:
            self._keep(RESULTS, self._results)
        return found

    def _recall(self, name: str) -> dict[str, Any]:
        kept = None if self._outbox is None else self._outbox.recall(name)
        return dict(kept) if isinstance(kept, dict) else {}

    def _keep(self, name: str, value: dict[str, Any]) -> None:
        if self._outbox is not None:
            self._outbox.remember(name, value)
