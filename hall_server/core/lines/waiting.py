"""The waiting list of one line: tickets in calling order, found in logarithmic time.

A place in the order is one integer, known when the ticket is issued: the issue time less the head start, in
milliseconds, with room between two neighbours so that a returning visitor can be put in.
"""

from __future__ import annotations

from bisect import bisect_left, insort

import msgspec

GAP_BITS = 7
"""Room between two neighbours."""
MS_BITS = 21
"""Room in a millisecond. With it a key stays below 2 ** 64, what a snapshot can hold, for two centuries."""


def place_key(*, at: int) -> int:
    """Where the first stands who counts from `at`."""
    return at << MS_BITS


def head_key(*, seq: int) -> int:
    """Before everybody: a visitor sent back to the head of the line. The latest one stands first."""
    return -(seq << GAP_BITS)


def counts_from(key: int) -> int:
    """The instant a key stands for, milliseconds; the very beginning for the head of the line."""
    return max(0, key >> MS_BITS)


class WaitingList(msgspec.Struct):
    """Keys in order and the ticket ids beside them."""

    keys: list[int] = msgspec.field(default_factory=list)
    ids: list[str] = msgspec.field(default_factory=list)

    def __len__(self) -> int:
        return len(self.keys)

    def arrive(self, *, at: int, ticket: str) -> int:
        """Puts somebody in who counts from `at`, behind all others of that millisecond; returns his key."""
        key, end = place_key(at=at), bisect_left(self.keys, place_key(at=at + 1))
        if end and self.keys[end - 1] >= key:
            key = ((self.keys[end - 1] >> GAP_BITS) + 1) << GAP_BITS
        return self.add(key=key, ticket=ticket)

    def add(self, *, key: int, ticket: str) -> int:
        """Puts a ticket in and returns the key it got: the next free one from `key` on."""
        at = bisect_left(self.keys, key)
        while at < len(self.keys) and self.keys[at] == key:
            key += 1
            at += 1
        insort(self.keys, key, lo=at)
        self.ids.insert(at, ticket)
        return key

    def remove(self, *, key: int) -> str:
        """Takes the ticket with that key out."""
        at = self.index(key=key)
        del self.keys[at]
        return self.ids.pop(at)

    def index(self, *, key: int) -> int:
        """How many stand before that key; the key must be there."""
        at = bisect_left(self.keys, key)
        assert self.keys[at : at + 1] == [key], "a waiting ticket is in its list"
        return at

    def behind(self, *, others: int, at: int, seq: int) -> int:
        """A key behind the first `others` tickets, or from `at` when fewer wait."""
        if others == 0 or not self.keys:
            return place_key(at=at) if others else head_key(seq=seq)
        return self.keys[min(others, len(self.keys)) - 1] + 1
