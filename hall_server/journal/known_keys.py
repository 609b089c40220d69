"""Which idempotency keys may have an answer: a Bloom filter, so that a new key costs no look into the file.

Almost every key is new, and a read of the file costs a tenth of a ticket. The filter never says no to a key that was
answered; of keys never seen it says perhaps to one in three hundred once 100,000 are known, and those are looked up.
"""

from collections.abc import Iterable

BITS = 1 << 21
"""256 KiB."""
PROBES = 3
_STEP = 21


class KnownKeys:
    """Grows with the day; a key once known stays known until the program ends, which costs a read and nothing else."""

    def __init__(self, keys: Iterable[tuple[str, str]] = ()) -> None:
        self._bits = bytearray(BITS // 8)
        for scope, key in keys:
            self.add(scope, key)

    def add(self, scope: str, key: str) -> None:
        """This key is answered, or will be."""
        mixed = hash((scope, key))
        for _ in range(PROBES):
            place = mixed & (BITS - 1)
            self._bits[place >> 3] |= 1 << (place & 7)
            mixed >>= _STEP

    def may_hold(self, scope: str, key: str) -> bool:
        """False only when the key was never answered."""
        mixed = hash((scope, key))
        for _ in range(PROBES):
            place = mixed & (BITS - 1)
            if not self._bits[place >> 3] & 1 << (place & 7):
                return False
            mixed >>= _STEP
        return True
