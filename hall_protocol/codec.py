"""JSON and RFC 7396 merge patches over plain values.

A merge patch cannot carry null, so absent and null mean the same in every picture.
"""

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """`value` as compact UTF-8 JSON."""
    return _encoder.encode(value)


def decode(data: bytes | str) -> Any:
    """JSON to plain values; raises `msgspec.DecodeError` on anything else."""
    return msgspec.json.decode(data)


def plain(value: Any) -> Any:
    """A struct as plain dicts and lists, with nulls left out of dicts."""
    return without_nulls(msgspec.to_builtins(value))


def without_nulls(value: Any) -> Any:
    """`value` with every null member of a dict removed, at any depth."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [without_nulls(v) for v in value]
    return value


def merge(target: Any, patch: Any) -> Any:
    """RFC 7396: `patch` applied to `target`. Neither argument is changed."""
    if not isinstance(patch, dict):
        return patch
    out = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merge(out.get(key), value)
    return out


def difference(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The smallest merge patch that turns `old` into `new`; empty when they are equal. Both without nulls."""
    patch: dict[str, Any] = {}
    for key, value in new.items():
        before = old.get(key)
        if before == value and key in old:
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            patch[key] = difference(before, value)
        else:
            patch[key] = value
    for key in old:
        if key not in new:
            patch[key] = None
    return patch
