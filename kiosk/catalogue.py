"""The catalogue as a visitor looks through it: groups, pages of items, search by Pinyin initials. Pure.

The arithmetic of `design.md` 4: a list has 14 rows a page, a larger group first shows tiles of at most 14 items each,
so that any item is at most four touches away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

ROWS_A_PAGE = 14
HOME_TILES = 12
OTHERS = "\x00others"
"""The group made of whatever does not fit among the twelve tiles of the home screen."""
LETTERS = "ABCDEFGHJKLMNOPQRSTWXYZ"
"""The 23 letters that begin a Pinyin syllable: no I, U, V."""
DIGITS = "1234567890"

Service = Mapping[str, Any]


@dataclass(frozen=True)
class Tile:
    """A tile that leads to a list: a group on the home screen, or a part of a large group."""

    name: str
    """A group's name, or OTHERS."""
    services: tuple[str, ...]
    part: str = ""
    """For a part of a department: its initials, `A–F`."""


class Index:
    """One `GET /catalogue` answer, ready to be looked through."""

    def __init__(self, catalogue: Mapping[str, Any]) -> None:
        self.version = str(catalogue.get("version", ""))
        services: Sequence[Service] = catalogue.get("services") or []
        self.services: dict[str, Service] = {str(s["service"]): s for s in services}
        self.lines: dict[str, Mapping[str, Any]] = {str(x["line"]): x for x in catalogue.get("lines") or []}
        self.desks: list[str] = [str(c["counter"]) for c in catalogue.get("counters") or [] if c.get("kind") == "desk"]
        """Counters that take in what people have to say."""
        departments = catalogue.get("departments") or []
        self._departments = {str(d["department"]): str(d["name"]) for d in departments}
        self._group_order = [str(g) for g in catalogue.get("groups") or []]

    def department_name(self, department: str) -> str:
        """Its name; the id itself when the catalogue does not name it."""
        return self._departments.get(department, department)

    # -- groups -------------------------------------------------------------------------------------------------

    @cached_property
    def _by_group(self) -> dict[str, list[Service]]:
        groups: dict[str, list[Service]] = {name: [] for name in self._group_order}
        for service in self.services.values():
            groups.setdefault(self.group_of(service), []).append(service)
        return {name: found for name, found in groups.items() if found}

    def group_of(self, service: Service) -> str:
        """The group a service is filed under: its own, else its department."""
        return str(service.get("group") or "") or self.department_name(str(service["department"]))

    @cached_property
    def home_tiles(self) -> list[Tile]:
        """At most twelve: the groups, the smaller ones joined under OTHERS when there are more."""
        names = list(self._by_group)
        if len(names) <= HOME_TILES:
            return [self._tile(name, self._by_group[name]) for name in names]
        largest = {
            name for name, _ in Counter({n: len(s) for n, s in self._by_group.items()}).most_common(HOME_TILES - 1)
        }
        rest = [service for name in names if name not in largest for service in self._by_group[name]]
        return [self._tile(n, self._by_group[n]) for n in names if n in largest] + [self._tile(OTHERS, rest)]

    def _tile(self, name: str, services: Iterable[Service], part: str = "") -> Tile:
        return Tile(name, tuple(str(s["service"]) for s in services), part)

    def tiles_of(self, group: str) -> list[Tile]:
        """The parts of a group with more than one page of items; empty when one page holds it."""
        tile = next((t for t in self.home_tiles if t.name == group), None)
        if tile is None or len(tile.services) <= ROWS_A_PAGE:
            return []
        shelves: dict[str, list[Service]] = {}
        for service in (self.services[s] for s in tile.services):
            label = self.group_of(service) if group == OTHERS else self.department_name(str(service["department"]))
            shelves.setdefault(label, []).append(service)
        return [part for name, found in shelves.items() for part in self._parts(name, found)]

    def _parts(self, name: str, services: list[Service]) -> list[Tile]:
        if len(services) <= ROWS_A_PAGE:
            return [self._tile(name, services)]
        ordered = sorted(services, key=lambda s: (first_initials(s), str(s["service"])))
        pages = [ordered[i : i + ROWS_A_PAGE] for i in range(0, len(ordered), ROWS_A_PAGE)]
        return [self._tile(name, p, f"{first_initials(p[0])[:2]}–{first_initials(p[-1])[:2]}") for p in pages]

    def items_of(self, group: str, part: int | None = None) -> list[Service]:
        """The services of a group, or of one of its parts, as listed."""
        if part is not None:
            parts = self.tiles_of(group)
            return [self.services[s] for s in parts[part].services] if 0 <= part < len(parts) else []
        tile = next((t for t in self.home_tiles if t.name == group), None)
        return [self.services[s] for s in tile.services] if tile else []

    # -- search -------------------------------------------------------------------------------------------------

    @cached_property
    def _initials(self) -> list[tuple[str, str]]:
        """(initials, service), every name a service goes by."""
        return [(str(i), key) for key, s in self.services.items() for i in s.get("initials") or []]

    def search(self, typed: str, *, top: Sequence[str] = (), limit: int = 5) -> tuple[list[Service], int]:
        """Services with a name that begins with these initials, the most used and shortest first; and how many."""
        if not typed:
            return [], 0
        best: dict[str, tuple[int, int, str]] = {}
        rank = {service: i for i, service in enumerate(top)}
        for initials, service in self._initials:
            if initials.startswith(typed):
                order = (rank.get(service, len(rank)), len(initials), service)
                best[service] = min(best.get(service, order), order)
        found = sorted(best, key=lambda s: best[s])
        return [self.services[s] for s in found[:limit]], len(found)

    def live_keys(self, typed: str) -> set[str]:
        """The keys after which something is still found."""
        at = len(typed)
        return {i[at] for i, _ in self._initials if len(i) > at and i.startswith(typed)}

    @cached_property
    def has_digits(self) -> bool:
        """Whether any name holds a digit, so that the key 123 leads somewhere."""
        return any(c in DIGITS for i, _ in self._initials for c in i)

    def example(self, top: Sequence[str]) -> tuple[str, str] | None:
        """Initials and the name they find, to show how searching works: of a much used service, three letters long."""
        for service in [*top, *self.services]:
            entry = self.services.get(service, {})
            names = [str(a) for a in entry.get("aliases") or [] if len(a) == 3]
            initials = [str(i) for i in entry.get("initials") or [] if len(i) == 3 and i.isalpha()]
            if len(names) == 1 and len(initials) == 1:  # only then they surely belong together
                return initials[0], names[0]
        return None


def first_initials(service: Service) -> str:
    """The initials a service is sorted by, those of its first name."""
    return next((str(i) for i in service.get("initials") or []), "")
