"""What each page of the kiosk shows, words included (design.md 4): home, lists, search. No rule is decided here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hall_client.spoken import Spoken

from . import page_case, page_message, page_number, page_scanned, page_service, page_words
from .catalogue import DIGITS, LETTERS, OTHERS, Tile
from .flow import Flow
from .view_parts import View, busy_key, button, icon_of, line_name, service_tile

ROWS, ROWS_LARGE, ROWS_LOW = 14, 6, 7
RESULTS, RESULTS_NARROW = 5, 3
TILES_A_PAGE, TILES_LARGE, TILES_LOW = 40, 16, 24


def page(flow: Flow, words: Spoken, own_name: str) -> View:
    """The content of the screen now shown."""
    return PAGES[flow.screen](flow, words, own_name)


# -- home -------------------------------------------------------------------------------------------------------


def _home(flow: Flow, words: Spoken, own_name: str) -> View:
    assert flow.index is not None
    modes = flow.modes
    count = (3 if modes.low else 5) if modes.large else 6
    services = [flow.index.services[s] for s in flow.top[:count]]
    example = flow.index.example(flow.top)
    view: View = {
        "title": words.say("home.title"),
        "hint": words.say("home.low_hint") if modes.low else words.say("home.hint"),
        "most": words.say("home.most"),
        "live": words.say("home.live"),
        "all": words.say("home.all"),
        "tiles": [service_tile(flow, words, s) for s in services],
        "groups": [group_tile(words, t, f"group:{t.name}") for t in flow.index.home_tiles],
        "search": button("search", words.say("home.search"), icon="search"),
        "example": {"keys": " ".join(example[0]), "name": example[1], "say": words.say("home.search_example")}
        if example
        else None,
        "more": button("groups", words.say("home.more"), icon="layout-grid"),
        "find": button("search", words.say("home.find"), icon="search"),
        "help": button("help", words.say("tool.help"), icon="hand-helping"),
        "consult": button("consult", words.say("home.consult"), icon="message-circle-question-mark")
        if flow.consultation and flow.line_open("H")
        else None,
        "cases": button("cases", words.say("home.cases"), icon="file-text"),
        "words": button("words", words.say("home.words"), icon="book-open"),
        "calling": [_call(words, c) for c in ((flow.world.picture or {}).get("calls") or [])[-4:][::-1]],
        "calling_title": words.say("home.calling"),
        "signs": words.say("home.signs") if words.language == "en" else "",
    }
    return view


def _call(words: Spoken, call: Mapping[str, Any]) -> str:
    return words.say("home.call", number=call["number"], counter=call["counter"])


def group_tile(words: Spoken, tile: Tile, act: str) -> View:
    """A tile that leads to a list."""
    name = words.say("home.others") if tile.name == OTHERS else tile.name
    label = f"{name} {tile.part}" if tile.part else name
    return button(act, label, icon=icon_of(tile.name))


def _offline(flow: Flow, words: Spoken, own_name: str) -> View:
    left = {line: n for line, n in flow.world.left.items() if n}
    tiles = [
        button(f"line:{line}", f"{line} {line_name(flow, line)}", enabled=line in left)
        | {
            "letter": line,
            "name": line_name(flow, line),
            "none": "" if line in left else words.say("offline.line_empty"),
        }
        for line in (flow.index.lines if flow.index else {})
    ]
    total = sum(left.values())
    since = words.say("offline.since", time=flow.world.stale_since) if flow.world.stale_since else ""
    return {
        "title": words.say("home.title"),
        "hint": words.say("offline.valid"),
        "tiles": tiles,
        "left": " · ".join(x for x in (since, words.say("offline.left", n=total)) if x),
        "help": button("help", words.say("tool.help"), icon="hand-helping"),
    }


# -- looking for a service --------------------------------------------------------------------------------------


def _paged(flow: Flow, words: Spoken, entries: list[Any], size: int) -> tuple[list[Any], View]:
    """One page of a list, and the buttons to turn it."""
    pages_ = max(1, -(-len(entries) // size))
    at = min(flow.place.page, pages_ - 1)
    turn = {
        "page": words.say("list.page", n=at + 1, of=pages_) if pages_ > 1 else "",
        "previous": button("previous", words.say("list.previous"), icon="chevron-up", enabled=at > 0),
        "next": button("next", words.say("list.next"), icon="chevron-down", enabled=at < pages_ - 1),
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
    }
    return entries[at * size : (at + 1) * size], turn


def _size(flow: Flow, normal: int, large: int, low: int) -> int:
    modes = flow.modes
    size = large if modes.large else normal
    return min(size, low if not modes.large else max(2, large // 2)) if modes.low else size


def _groups(flow: Flow, words: Spoken, own_name: str) -> View:
    assert flow.index is not None
    tiles = [group_tile(words, t, f"group:{t.name}") for t in flow.index.home_tiles]
    return _tile_page(flow, words, words.say("home.all"), tiles)


def _tiles(flow: Flow, words: Spoken, own_name: str) -> View:
    assert flow.index is not None
    group = flow.place.group
    tiles = [group_tile(words, t, f"part:{i}") for i, t in enumerate(flow.index.tiles_of(group))]
    return _tile_page(flow, words, words.say("home.others") if group == OTHERS else group, tiles)


def _tile_page(flow: Flow, words: Spoken, title: str, tiles: list[View]) -> View:
    shown, turn = _paged(flow, words, tiles, _size(flow, TILES_A_PAGE, TILES_LARGE, TILES_LOW))
    return {"title": title, "hint": words.say("list.choose"), "tiles": shown, **turn}


def _list(flow: Flow, words: Spoken, own_name: str) -> View:
    assert flow.index is not None
    place = flow.place
    items = flow.index.items_of(place.group, place.part)
    rows = [service_tile(flow, words, s) for s in items]
    shown, turn = _paged(flow, words, rows, _size(flow, ROWS, ROWS_LARGE, ROWS_LOW))
    title = words.say("home.others") if place.group == OTHERS else place.group
    if place.part is not None:
        title = group_tile(words, flow.index.tiles_of(place.group)[place.part], "")["label"]
    return {"title": title, "hint": words.say("list.choose_item"), "rows": shown, **turn}


def _search(flow: Flow, words: Spoken, own_name: str) -> View:
    assert flow.index is not None
    place, modes = flow.place, flow.modes
    narrow = modes.low or modes.large
    found, total = flow.found((2 if modes.low else 3) if modes.large else RESULTS_NARROW if narrow else RESULTS)
    count = words.say("search.found", n=total) if place.typed else ""
    return {
        "title": words.say("search.title"),
        "hint": words.say("search.dead_keys"),
        "typed": " ".join(place.typed),
        "placeholder": words.say("search.placeholder"),
        "count": count,
        "rows": [service_tile(flow, words, s) for s in found],
        "busy": bool(flow.busy_words()),
        "busy_text": words.say(busy_key(flow)) if flow.busy_words() else "",
        "keys": list(DIGITS if place.digits else LETTERS),
        "live": sorted(flow.live_keys()),
        "erase": button("erase", words.say("search.erase"), icon="delete", enabled=bool(place.typed)),
        "clear": button("clear", words.say("search.clear"), enabled=bool(place.typed)),
        "digits": button("digits", "ABC" if place.digits else "123", enabled=flow.index.has_digits),
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
    }


PAGES: dict[str, Callable[[Flow, Spoken, str], View]] = {
    "home": _home,
    "offline": _offline,
    "groups": _groups,
    "tiles": _tiles,
    "list": _list,
    "search": _search,
    "detail": page_service.detail,
    "ticket": page_number.ticket,
    "paper": page_number.paper,
    "refused": page_number.refused,
    "scanned": page_scanned.scanned,
    "case_ask": page_case.ask,
    "case": page_case.case,
    "words": page_words.choose,
    "write": page_words.write,
    "sent": page_words.sent,
    "closed": page_message.closed,
    "out_of_service": page_message.out_of_service,
    "starting": page_message.starting,
    "evacuation": page_message.evacuation,
    "unpaired": page_message.unpaired,
}
