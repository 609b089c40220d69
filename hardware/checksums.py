"""Checksums that more than one protocol uses."""

from __future__ import annotations

import struct
from array import array
from functools import cache


def _table() -> tuple[int, ...]:
    entries = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ 0xA001 if byte & 1 else byte >> 1
        entries.append(byte)
    return tuple(entries)


_ARC = _table()


@cache
def _pairs() -> array[int]:
    """The same for two bytes a step, 128 KiB: made when the first frame comes, not at every start."""
    low_then_zero = [(entry >> 8) ^ _ARC[entry & 0xFF] for entry in _ARC]
    return array("H", [low ^ high for high in _ARC for low in low_then_zero])


def crc16_arc(data: bytes) -> int:
    """CRC-16/ARC: poly 8005 reflected, init 0, no final xor; check("123456789") = BB3D."""
    crc, pairs, table = 0, len(data) // 2, _pairs()
    for pair in struct.unpack_from(f"<{pairs}H", data):
        crc = table[crc ^ pair]
    for byte in data[2 * pairs :]:
        crc = (crc >> 8) ^ _ARC[(crc ^ byte) & 0xFF]
    return crc
