"""Checksums that more than one protocol uses."""

from __future__ import annotations


def _table() -> tuple[int, ...]:
    entries = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ 0xA001 if byte & 1 else byte >> 1
        entries.append(byte)
    return tuple(entries)


_ARC = _table()


def crc16_arc(data: bytes) -> int:
    """CRC-16/ARC: poly 8005 reflected, init 0, no final xor; check("123456789") = BB3D."""
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ _ARC[(crc ^ byte) & 0xFF]
    return crc
