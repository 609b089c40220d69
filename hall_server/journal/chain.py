"""The hash chain that makes an edited journal visible (reliability.md S11).

Each hash covers the hash before it and every column of its row. Lengths stand before the texts, so that moving a byte
from one column into the next changes the hash. An unkeyed chain can be recomputed by whoever owns the machine; that is
what `anchor.py` is for.
"""

import hashlib
import struct

GENESIS = hashlib.sha256(b"counterhall journal, format 1").digest()
"""Stands before row 1."""

_LENGTHS = struct.Struct(">QIIII")
_sha256 = hashlib.sha256


def link(previous: bytes, *, seq: int, at: bytes, type: bytes, data: bytes, actor: bytes) -> bytes:
    """SHA-256 over the previous hash (32 bytes), the row's number, the four lengths and the four texts in UTF-8."""
    lengths = _LENGTHS.pack(seq, len(at), len(type), len(data), len(actor))
    return _sha256(b"".join((previous, lengths, at, type, data, actor))).digest()
