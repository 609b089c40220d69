"""Settings as fields of a form, and a form as a patch: made from the settings' own types, so none is forgotten."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from hall_protocol.refusals import Refused

from ....core.places.settings import Settings

ROWS_MOST: Final = 40


@dataclass(frozen=True)
class Field:
    """One setting on a form. `kind` is `text number yes_no choice lines json`."""

    key: str
    kind: str
    optional: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    step: str = "1"
    value: Any = field(default=None, compare=False)

    @property
    def shown(self) -> str:
        """The value as the form has it."""
        if self.kind == "lines":
            return "\n".join(self.value or ())
        if self.kind == "json":
            return json.dumps(self.value, ensure_ascii=False, indent=2)
        return "" if self.value is None else str(self.value)

    @property
    def rows(self) -> int:
        """Height of its box."""
        return min(ROWS_MOST, max(2, self.shown.count("\n") + 1))


@lru_cache(maxsize=1)
def sections() -> dict[str, tuple[Field, ...]]:
    """Every section of the settings with its fields, in their order."""
    found: dict[str, tuple[Field, ...]] = {}
    told = inspect.type_info(Settings)
    assert isinstance(told, inspect.StructType)
    for section in told.fields:
        if isinstance(section.type, inspect.StructType):
            found[section.name] = tuple(_field(f"{section.name}.{one.name}", one.type) for one in section.type.fields)
        else:
            found[section.name] = (Field(section.name, "json"),)
    return found


def _field(key: str, kind: inspect.Type, *, optional: bool = False) -> Field:
    if isinstance(kind, inspect.Metadata):
        return _field(key, kind.type, optional=optional)
    if isinstance(kind, inspect.UnionType):
        (inner,) = (one for one in kind.types if not isinstance(one, inspect.NoneType))
        return _field(key, inner, optional=True)
    if isinstance(kind, inspect.BoolType):
        return Field(key, "yes_no")
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        step = "any" if isinstance(kind, inspect.FloatType) else "1"
        return Field(key, "number", optional=optional, least=kind.ge, most=kind.le, step=step)
    if isinstance(kind, inspect.LiteralType):
        return Field(key, "choice", optional=optional, choices=tuple(map(str, kind.values)))
    if isinstance(kind, inspect.StrType):
        return Field(key, "text", optional=optional)
    if isinstance(kind, inspect.VarTupleType) and _is_text(kind.item_type):
        return Field(key, "lines")
    return Field(key, "json")


def _is_text(kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.Metadata):
        return _is_text(kind.type)
    return isinstance(kind, inspect.StrType | inspect.LiteralType)


def filled(section: str, settings: Settings) -> list[Field]:
    """The fields of a section with their values."""
    values = msgspec.to_builtins(settings)
    made = []
    for one in sections()[section]:
        value: Any = values
        for part in one.key.split("."):
            value = value[part]
        made.append(Field(**{**{n: getattr(one, n) for n in one.__dataclass_fields__}, "value": value}))
    return made


def patch_of(section: str, sent: dict[str, str]) -> dict[str, Any]:
    """The merge patch a form asks for. Refuses with `bad_setting` what cannot be read; ranges are the rules' own."""
    patch: dict[str, Any] = {}
    for one in sections()[section]:
        patch[one.key.rpartition(".")[2]] = read(one, sent.get(one.key, ""))
    return patch if section != "screens" else {"screens": patch["screens"]}


def read(one: Field, sent: str) -> Any:
    """One field's value as the settings have it."""
    if one.kind == "yes_no":
        return sent == "on"
    if sent == "" and one.optional:
        return None
    if one.kind == "lines":
        return [line.strip() for line in sent.splitlines() if line.strip()]
    try:
        if one.kind == "number":
            return int(sent) if one.step == "1" else float(sent)
        return json.loads(sent) if one.kind == "json" else sent
    except ValueError as error:
        raise Refused("bad_setting", why=f"{one.key}: {error}") from error
