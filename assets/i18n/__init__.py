"""The catalogue of every text a person sees: words in `terms.csv`, sentences in `parts/*.csv`.

Rules of the room:
- `terms.csv` (key, identifier, three languages) has the words for things and states and decides on them; each file in
  `parts/` (key, three languages) has the sentences of one room. A key stands in one file only.
- Every key has all three languages with the same placeholders (`{n}`); nothing is shouted (no exclamation mark).
- Read once at start and checked whole: a hole in it stops the program with file and line, never a visitor.
- Pure Python: Qt programs, the server's pages and the printed papers use the same catalogue.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

LANGUAGES = ("zh-Hans", "zh-Hant", "en")

_HERE = Path(__file__).resolve().parent
_KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class CatalogueFault(ValueError):
    """A row of a catalogue file is wrong; the text names file, line and what to mend."""


class Catalogue:
    """All texts in all languages, immutable after loading.

    `terms` and `parts` are the file of words and the files of sentences; without them those of this room are read.
    Raises `CatalogueFault` for a wrong header, a key twice, a missing language, unequal placeholders.
    """

    def __init__(self, *, terms: Path | None = None, parts: list[Path] | None = None) -> None:
        files = [terms or _HERE / "terms.csv", *(sorted((_HERE / "parts").glob("*.csv")) if parts is None else parts)]
        rows: dict[str, dict[str, str]] = {}
        places: dict[str, str] = {}
        for file in files:
            for place, key, texts in _read(file):
                if key in rows:
                    raise CatalogueFault(f"{place}: {key} stands in {places[key]} already")
                rows[key], places[key] = texts, place
        self._places = MappingProxyType(places)
        self._words = {
            language: MappingProxyType({key: texts[language] for key, texts in rows.items()}) for language in LANGUAGES
        }

    def words(self, language: str) -> Mapping[str, str]:
        """Every text of one language by its key, placeholders unfilled. `KeyError` for a language not offered."""
        return self._words[language]

    def say(self, key: str, language: str, **values: object) -> str:
        """One text with its placeholders filled, `say("wait.ahead", "en", n=5)`.

        `KeyError` for an unknown key, an unknown language, or a placeholder without a value: all three are our bugs.
        """
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), self._words[language][key])

    def placeholders(self, key: str) -> frozenset[str]:
        """The names of the values a text needs, the same in every language."""
        return frozenset(_PLACEHOLDER.findall(self._words[LANGUAGES[0]][key]))

    def place(self, key: str) -> str:
        """Where a text is written, `parts/copy.csv:12`, for whoever wants to change it."""
        return self._places[key]


def _read(file: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each row of one file as place, key, texts by language; checked."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, strict=True)
        header = [name for name in rows.fieldnames or () if name != "identifier"]
        if header != ["key", *LANGUAGES]:
            raise CatalogueFault(f"{_name(file)}:1: the header must be key,{','.join(LANGUAGES)}")
        for row in rows:
            place = f"{_name(file)}:{rows.line_num}"
            yield place, row["key"], _checked(place, row)


def _checked(place: str, row: dict[str, str]) -> dict[str, str]:
    key = row["key"]
    if None in row or None in row.values():
        raise CatalogueFault(f"{place}: {key} has too many or too few columns (a comma needs quotes around its text)")
    if not _KEY.fullmatch(key):
        raise CatalogueFault(f"{place}: {key!r} is no key like room.name")
    texts = {language: row[language] for language in LANGUAGES}
    for language, text in texts.items():
        if not text.strip():
            raise CatalogueFault(f"{place}: {key} has no {language}")
        if set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(texts[LANGUAGES[0]])):
            raise CatalogueFault(f"{place}: the placeholders of {key} differ between {LANGUAGES[0]} and {language}")
        if re.search("[{}]", _PLACEHOLDER.sub("", text)):
            raise CatalogueFault(f"{place}: {key} in {language} has a brace that is no placeholder like {{n}}")
        if "!" in text or "！" in text:
            raise CatalogueFault(f"{place}: {key} in {language} has an exclamation mark")
    return texts


def _name(file: Path) -> str:
    return f"parts/{file.name}" if file.parent.name == "parts" else file.name
