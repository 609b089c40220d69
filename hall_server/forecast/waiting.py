"""Who waits, by unit and in order of the static key: how many stand ahead is found without walking the list."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right

import msgspec


class Waiting(msgspec.Struct, frozen=True):
    """One waiting ticket, as it was told. Instants in milliseconds."""

    unit: str
    line: str
    key_ms: int
    at_ms: int


class UnitQueue:
    """The waiting tickets of one unit: their keys in order and, beside them, since when they wait. 16 bytes each."""

    __slots__ = ("keys", "line", "since", "unit")

    def __init__(self, unit: str, line: str) -> None:
        self.unit, self.line = unit, line
        self.keys = array("q")
        self.since = array("q")

    def add(self, *, key_ms: int, at_ms: int) -> None:
        place = bisect_right(self.keys, key_ms)
        self.keys.insert(place, key_ms)
        self.since.insert(place, at_ms)

    def remove(self, *, key_ms: int, at_ms: int) -> None:
        place = bisect_left(self.keys, key_ms)
        while self.since[place] != at_ms:  # several with the same key: rare, and then a few
            place += 1
        del self.keys[place]
        del self.since[place]


class WaitingRoom:
    """Everybody who waits. About 150 bytes a ticket beside its id: columns instead of objects."""

    def __init__(self) -> None:
        self._slot_of: dict[str, int] = {}
        self._keys = array("q")
        self._since = array("q")
        self._queue_of = array("H")
        self._free: list[int] = []
        self._queues: list[UnitQueue] = []
        self._number: dict[tuple[str, str], int] = {}
        self._by_unit: dict[str, UnitQueue] = {}

    def __len__(self) -> int:
        return len(self._slot_of)

    def __contains__(self, ticket: str) -> bool:
        return ticket in self._slot_of

    def add(self, ticket: str, waiting: Waiting) -> None:
        """A ticket takes its place; one that is already there moves."""
        self.take(ticket)
        number = self._queue_number(waiting.unit, waiting.line)
        self._queues[number].add(key_ms=waiting.key_ms, at_ms=waiting.at_ms)
        if self._free:
            slot = self._free.pop()
            self._keys[slot], self._since[slot], self._queue_of[slot] = waiting.key_ms, waiting.at_ms, number
        else:
            slot = len(self._keys)
            self._keys.append(waiting.key_ms)
            self._since.append(waiting.at_ms)
            self._queue_of.append(number)
        self._slot_of[ticket] = slot

    def get(self, ticket: str) -> Waiting | None:
        """A waiting ticket; None when it does not wait."""
        slot = self._slot_of.get(ticket)
        if slot is None:
            return None
        queue = self._queues[self._queue_of[slot]]
        return Waiting(unit=queue.unit, line=queue.line, key_ms=self._keys[slot], at_ms=self._since[slot])

    def take(self, ticket: str) -> Waiting | None:
        """Takes a ticket out and returns it; None when it does not wait."""
        waiting = self.get(ticket)
        if waiting is not None:
            slot = self._slot_of.pop(ticket)
            self._queues[self._queue_of[slot]].remove(key_ms=waiting.key_ms, at_ms=waiting.at_ms)
            self._free.append(slot)
        return waiting

    def ahead(self, key_ms: int, *, itself: bool) -> list[tuple[UnitQueue, int]]:
        """The queues with people before that key, and how many. `itself`: the key belongs to somebody who waits."""
        find = bisect_left if itself else bisect_right
        counted = ((queue, find(queue.keys, key_ms)) for queue in self._queues if queue.keys)
        return [(queue, count) for queue, count in counted if count]

    def first_since(self, unit: str) -> int | None:
        """Since when the first of that unit has waited."""
        queue = self._by_unit.get(unit)
        return queue.since[0] if queue and queue.since else None

    def anyone_for(self, lines: frozenset[str]) -> bool:
        """Whether somebody waits in one of those lines."""
        return any(queue.keys and queue.line in lines for queue in self._queues)

    def _queue_number(self, unit: str, line: str) -> int:
        number = self._number.get((unit, line))
        if number is None:
            number = self._number[unit, line] = len(self._queues)
            self._queues.append(UnitQueue(unit, line))
            self._by_unit.setdefault(unit, self._queues[number])
        return number
