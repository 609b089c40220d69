"""`hall.toml`: read with the line of every mistake, written back without losing a person's comments.

Only the statements whose value changed are touched. `tomllib` alone says what is TOML: where a statement ends, and
where its trailing comment begins, is found by asking it.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .core.places.settings import BadSetting, Settings
from .core.places.settings_rules import differences, settings_from, shown
from .files import write_private

FILE: Final = "hall.toml"
_HEADER: Final = re.compile(r"\s*\[(?P<name>[^\[\]]+)\]\s*(#.*)?$")
_BARE: Final = re.compile(r"^[A-Za-z0-9_-]+$")
_POSITION: Final = re.compile(r" ?\(at line (\d+), column \d+\)| ?\(at end of document\)")


class SettingsFileBad(Exception):
    """`hall.toml` cannot be used. Its text is one line that names the line, the key and what is wrong."""


@dataclass(frozen=True)
class Statement:
    """One `key = value` of the file: its full dotted name and its lines, from 0, the end not included."""

    name: str
    first: int
    end: int


@dataclass(frozen=True)
class Table:
    """One `[header]`: its dotted name and the line it stands on, from 0."""

    name: str
    line: int


def read(path: Path) -> Settings:
    """The settings of a file. Raises `SettingsFileBad`; a file that is not there is `OSError`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsFileBad(f"{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    return parse(text, name=path.name)


def parse(text: str, *, name: str = FILE) -> Settings:
    """The settings of a text. Raises `SettingsFileBad`."""
    try:
        return settings_from(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsFileBad(_syntax_error(text, str(error), name)) from None
    except BadSetting as error:
        line = _line_of(text, error.key)
        raise SettingsFileBad(f"{name}, line {line}: {error}" if line else f"{name}: {error}") from None


def write(path: Path, settings: Settings) -> None:
    """Make the file say `settings`, on stable storage when this returns. Nothing is written when it says so already."""
    text = path.read_bytes().decode("utf-8-sig")
    changed = edited(text, settings)
    if changed != text:
        write_private(path, changed.encode())


def edited(text: str, settings: Settings) -> str:
    """`text` with only the statements changed whose value is another one in `settings`."""
    tables = shown(settings)
    result = text
    for change in differences(parse(text), settings):
        result = _with_change(result, change.setting, tables)
    if _says(result, settings):
        return result
    # An unusual way of writing (dotted keys over several tables, say) that line edits cannot follow.
    return "".join(f"# {line}\n" for line in _lines(text)) + "\n" + whole(settings)


def whole(settings: Settings) -> str:
    """A complete file without comments: every setting, defaults included."""
    parts = [_table_text(name, table) for name, table in shown(settings).items() if name != "screens"]
    parts += [_table_text(f"screens.{n}", table) for n, table in shown(settings)["screens"].items()]
    return "\n".join(parts)


def _says(text: str, settings: Settings) -> bool:
    try:
        return parse(text) == settings
    except SettingsFileBad:
        return False


def _with_change(text: str, setting: str, tables: dict[str, Any]) -> str:
    """`text` with one setting, by dotted name, as it stands in `tables`."""
    lines = _lines(text)
    statements, headers = _outline(lines)
    found = next((s for s in statements if s.name == setting or setting.startswith(f"{s.name}.")), None)
    if found is not None:
        value = _value_at(tables, found.name)
        lines[found.first : found.end] = [] if value is None else _rewritten(lines[found.first : found.end], value)
    elif any(h.name == setting or h.name.startswith(f"{setting}.") for h in headers):
        lines = _without_table(lines, headers, setting)
        if (value := _value_at(tables, setting)) is not None:
            lines += ["", *_lines(_table_text(setting, value))]
    else:
        lines = _with_new(lines, statements, headers, setting, _value_at(tables, setting))
    return "\n".join(lines) + "\n"


def _with_new(
    lines: list[str], statements: list[Statement], headers: list[Table], setting: str, value: Any
) -> list[str]:
    """`lines` with a setting that does not stand in the file yet."""
    if value is None:
        return lines
    section, _, key = setting.rpartition(".")
    header = next((h for h in headers if h.name == section), None)
    if isinstance(value, dict) and header is None:
        return [*lines, "", *_lines(_table_text(setting, value))]
    entry = f"{_key(key)} = {_toml(value)}".split("\n")
    if header is None:
        return [*lines, "", f"[{_dotted(section)}]", *entry]
    following = min((h.line for h in headers if h.line > header.line), default=len(lines))
    example = re.compile(rf"\s*#\s*{re.escape(key)}\s*=")
    places = [n + 1 for n in range(header.line, following) if example.match(lines[n])]
    places += [max([s.end for s in statements if header.line < s.first < following], default=header.line + 1)]
    return [*lines[: places[0]], *entry, *lines[places[0] :]]


def _without_table(lines: list[str], headers: list[Table], name: str) -> list[str]:
    """`lines` without the table `name` and its sub-tables."""
    kept = lines[: headers[0].line]
    for header, following in zip(headers, [*headers[1:], Table("", len(lines))], strict=True):
        if header.name != name and not header.name.startswith(f"{name}."):
            kept += lines[header.line : following.line]
    return kept


def _rewritten(statement: list[str], value: Any) -> list[str]:
    """The lines of one statement with another value, its trailing comment kept."""
    left, _, _ = statement[0].partition("=")
    comment = _comment(statement)
    return f"{left.rstrip()} = {_toml(value)}{comment}".split("\n")


def _comment(statement: list[str]) -> str:
    """The comment behind the value, with the blanks before it, or nothing."""
    whole_text = "\n".join(statement)
    said = tomllib.loads(whole_text)
    last_line = len(whole_text) - len(statement[-1])
    for at, character in enumerate(whole_text):
        if character == "#" and at >= last_line and _parsed(whole_text[:at]) == said:
            start = len(whole_text[:at].rstrip())
            return whole_text[start:]
    return ""


def _outline(lines: list[str]) -> tuple[list[Statement], list[Table]]:
    """Where every statement and every table of a valid document stands."""
    statements: list[Statement] = []
    headers: list[Table] = []
    section, at = "", 0
    while at < len(lines):
        line = lines[at].strip()
        if not line or line.startswith("#"):
            at += 1
        elif match := _HEADER.match(lines[at]):
            section = ".".join(_names(tomllib.loads(f"[{match['name']}]")))
            headers.append(Table(section, at))
            at += 1
        else:
            end = _end_of(lines, at)
            names = _names(_parsed("\n".join(lines[at:end])) or {})
            statements.append(Statement(".".join([*([section] if section else []), *names[:1]]), at, end))
            at = end
    return statements, headers


def _end_of(lines: list[str], first: int) -> int:
    """The line after the statement that begins on `first`: the fewest lines that are TOML by themselves."""
    for end in range(first + 1, len(lines) + 1):
        if _parsed("\n".join(lines[first:end])) is not None:
            return end
    return first + 1


def _lines(text: str) -> list[str]:
    """The lines of a document. Not `splitlines`, which also splits at characters that may stand inside a string."""
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _names(tables: Any) -> list[str]:
    """The names on the way down a document of one statement or header."""
    names: list[str] = []
    while isinstance(tables, dict) and len(tables) == 1:
        name, tables = next(iter(tables.items()))
        names.append(name)
    return names


def _line_of(text: str, key: str) -> int | None:
    """The line, from 1, of the statement or table that a dotted name belongs to."""
    statements, headers = _outline(_lines(text))
    name = re.sub(r"\[\d+\]", "", key)
    while name:
        for found in statements:
            if found.name == name:
                return found.first + 1
        for header in headers:
            if header.name == name or header.name.startswith(f"{name}."):
                return header.line + 1
        name = name.rpartition(".")[0]
    return None


def _syntax_error(text: str, message: str, name: str) -> str:
    """tomllib's sentence with the line in front and the key of that line."""
    match = _POSITION.search(message)
    why = _POSITION.sub("", message)
    why = why[:1].lower() + why[1:]
    lines = _lines(text)
    line = int(match[1]) if match and match[1] else max(len(lines), 1)
    section, key = "", ""
    for content in lines[:line]:
        if header := _HEADER.match(content):
            section, key = header["name"].strip(), ""
        elif assignment := re.match(r"\s*([\w.\"'-]+)\s*=", content):
            key = assignment[1]
    where = ".".join(part for part in (section, key) if part)
    return f"{name}, line {line}: {where + ': ' if where else ''}{why}"


def _value_at(tables: dict[str, Any], name: str) -> Any:
    value: Any = tables
    for part in name.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def _table_text(name: str, table: dict[str, Any]) -> str:
    return "".join([f"[{_dotted(name)}]\n", *(f"{_key(k)} = {_toml(v)}\n" for k, v in table.items())])


def _dotted(name: str) -> str:
    return ".".join(_key(part) for part in name.split("."))


def _key(name: str) -> str:
    return name if _BARE.match(name) else json.dumps(name, ensure_ascii=False)


def _toml(value: Any) -> str:
    """A plain value in TOML's spelling; a list of tables gets a line each."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_toml(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        if any(isinstance(v, dict) for v in value):
            return "[\n" + "".join(f"    {_toml(v)},\n" for v in value) + "]"
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    return repr(value)
