"""What the hall looks, sounds and reads like: theme, icons, sounds, translations, the sample county.

Rules of the room:
- Files a person can open and edit, and the two small readers that check them (`i18n`, this file); no program logic.
- Imports the standard library only: every program may import this room, this room imports none of them.
- Every colour, size, duration (`theme/tokens.json`) and every word on a surface (`i18n/`) is written here and nowhere
  else.
- Whatever comes from others carries its licence beside it (`icons/LICENSE`); whatever is composed says so
  (`sample/county/README.md`). No person's name in any file.
"""

import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Where a file or folder of this room lies: `path("icons", "search.svg")`.

    Raises `FileNotFoundError` naming the asset, so that a wrong name is found where it is written and
    not later as an empty picture. Symbolic parts such as `..` may not leave the room.
    """
    found = _HERE.joinpath(*parts).resolve()
    if not found.is_relative_to(_HERE) or not found.exists():
        raise FileNotFoundError(f"no asset {'/'.join(parts)!r}")
    return found


def tokens() -> dict[str, Any]:
    """The theme's tokens: colours, type sizes, spacing, radii, motion, touch, as `theme/tokens.json` has them."""
    loaded: dict[str, Any] = json.loads(path("theme", "tokens.json").read_text(encoding="utf-8"))
    return loaded
