"""Checksums that more than one protocol uses."""

from __future__ import annotations

import struct


def _table() -> tuple[int, ...]:
    entries = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ 0xA001 if byte & 1 else byte >> 1
        entries.append(byte)
    return tuple(entries)


_ARC = _table()
_ARC_THEN_ZERO = tuple((entry >> 8) ^ _ARC[entry & 0xFF] for entry in _ARC)
"""The same with a zero byte behind: two bytes a step."""


def crc16_arc(data: bytes) -> int:
    """CRC-16/ARC: poly 8005 reflected, init 0, no final xor; check("123456789") = BB3D."""
    crc, pairs = 0, len(data) // 2
    for pair in struct.unpack_from(f"<{pairs}H", data):
        both = crc ^ pair
        crc = _ARC_THEN_ZERO[both & 0xFF] ^ _ARC[both >> 8]
    for byte in data[2 * pairs :]:
        crc = (crc >> 8) ^ _ARC[(crc ^ byte) & 0xFF]
    return crc
