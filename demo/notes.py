"""Small JSON files by which the parts of a demo tell each other something."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def write(file: Path, value: Any) -> None:
    """A JSON file for its owner alone, whole or not at all."""
    temporary = file.with_name(f".{file.name}.new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(value, out, ensure_ascii=False)
    temporary.replace(file)


def read(file: Path) -> dict[str, Any]:
    """A JSON object, empty when it cannot be read."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
