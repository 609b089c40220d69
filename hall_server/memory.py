"""Large pieces of memory go back to the system as soon as they are free, and small ones are not searched in vain.

A PIN check takes 19 MiB for a moment, a snapshot of a full hall some more. By itself glibc learns from the first such
piece to keep the next ones, and a small hall carries them for ever.
"""

import ctypes
import gc
import sys
from typing import Final

YOUNG_MOST: Final = 10_000
"""New objects between two looks for garbage. A request leaves hardly any that reference counting does not find."""
_MMAP_THRESHOLD: Final = -3
"""glibc's `M_MMAP_THRESHOLD`."""
LARGE_BYTES: Final = 1 << 20


def give_back_large_pieces() -> None:
    """From now on, on systems with glibc; nothing elsewhere."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, LARGE_BYTES)
    except AttributeError:
        pass  # another C library, which has its own ways


def what_is_here_stays() -> None:
    """Called when the program stands: what was made at start is not searched for garbage with every few requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_MOST, 10, 20)
