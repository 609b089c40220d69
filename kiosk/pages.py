"""What each page of the kiosk shows, words included (design.md 4). Pure; no rule is decided here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from hall_client.papers.ticket import code_of, invites_phones
from hall_client.spoken import Spoken
from hall_client.waits import Wait, ahead_short, ahead_words, honesty, wait_words

from .catalogue import DIGITS, LETTERS, OTHERS, Service, Tile
from .flow import COPIES_MAX, Flow
from .places import Place

DOCS_A_PAGE, DOCS_LARGE = 5, 3
ROWS, ROWS_LARGE, ROWS_LOW = 14, 6, 7
RESULTS, RESULTS_NARROW = 5, 3
TILES_A_PAGE, TILES_LARGE, TILES_LOW = 40, 16, 24
COUNTERS_SHOWN = 3
View = dict[str, Any]
ICONS = (
    ("公安", "id-card"), ("户籍", "id-card"), ("身份", "id-card"), ("社保", "wallet"), ("就业", "wallet"),
    ("医疗", "heart-pulse"), ("卫生", "heart-pulse"), ("医保", "heart-pulse"), ("不动产", "house"), ("房", "house"),
    ("市场", "store"), ("企业", "store"), ("公积金", "piggy-bank"), ("交管", "car"), ("车", "car"), ("交通", "car"),
    ("住建", "building-2"), ("规划", "building-2"), ("建设", "building-2"), ("民政", "users"),
    ("残联", "users"), ("水电", "zap"), ("电", "zap"), ("一件事", "baby"), ("税", "banknote"), ("法", "landmark"),
)  # fmt: skip
"""Which outline stands beside a group's name: the first word found in it; a plain grid for others."""


def page(flow: Flow, words: Spoken, own_name: str) -> View:
    """The content of the screen now shown."""
    return PAGES[flow.screen](flow, words, own_name)


def button(act: str, label: str, *, icon: str = "", on: bool = False, enabled: bool = True, hint: str = "") -> View:
    """Something to touch."""
    return {"act": act, "label": label, "icon": icon, "on": on, "enabled": enabled, "hint": hint}


def icon_of(group: str) -> str:
    """The outline beside a group's name."""
    return next((icon for word, icon in ICONS if word in group), "layout-grid")


# -- lines and waits --------------------------------------------------------------------------------------------


def line_wait(flow: Flow, words: Spoken, line: str) -> Wait:
    """The wait of a line in words."""
    row = flow.lines.get(line, {})
    return wait_words(
        words,
        row.get("estimate"),
        ahead=row.get("waiting"),
        open_counters=int(row.get("open_counters", 0)),
        stale=flow.world.stale,
    )


def line_ahead(flow: Flow, words: Spoken, line: str) -> str:
    """People ahead in a line; a dash when nobody knows."""
    return ahead_words(words, None if flow.world.stale else flow.lines.get(line, {}).get("waiting"))


def line_name(flow: Flow, line: str) -> str:
    """A line's name from the picture, else from the catalogue."""
    entry = flow.lines.get(line) or (flow.index.lines.get(line, {}) if flow.index else {})
    return str(entry.get("name", ""))


def short(service: Service) -> str:
    """The short name; a long one stands whole where there is none."""
    return str(service.get("short_name") or service["name"])


def clock(moment: str | None) -> str:
    """`9:00` of an RFC 3339 text."""
    return f"{datetime.fromisoformat(moment):%H:%M}".removeprefix("0") if moment else ""


def service_tile(flow: Flow, words: Spoken, service: Service) -> View:
    """A service with its line's state, for home and lists."""
    line = str(service["line"])
    is_open = flow.line_open(line)
    wait = line_wait(flow, words, line)
    ahead = ahead_short(words, None if flow.world.stale else flow.lines.get(line, {}).get("waiting"))
    state = str(flow.lines.get(line, {}).get("state", "open"))
    closed = words.say("tile.quota" if state == "quota_reached" else "tile.closed")
    status = words.say("tile.row", line=line, ahead=ahead) if is_open else closed
    tile = button(f"service:{service['service']}", short(service))
    return tile | {
        "name": short(service),
        "full": str(service["name"]),
        "letter": line,
        "ahead": ahead if is_open else closed,
        "wait": wait.short if is_open else "",
        "kind": wait.kind,
        "status": status,
        "open": is_open,
        "take": button(f"take:{service['service']}", words.say("search.take"), enabled=flow.taking is None),
        "description": f"{ahead} {wait.short}" if is_open else closed,
    }


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
        "busy_text": words.say(_busy(flow)) if flow.busy_words() else "",
        "keys": list(DIGITS if place.digits else LETTERS),
        "live": sorted(flow.live_keys()),
        "erase": button("erase", words.say("search.erase"), icon="delete", enabled=bool(place.typed)),
        "clear": button("clear", words.say("search.clear"), enabled=bool(place.typed)),
        "digits": button("digits", "ABC" if place.digits else "123", enabled=flow.index.has_digits),
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
    }


# -- one service ------------------------------------------------------------------------------------------------


def _busy(flow: Flow) -> str:
    return {"taking": "busy.taking", "waiting": "busy.waiting"}.get(flow.busy_words(), "ticket.take")


def _detail(flow: Flow, words: Spoken, own_name: str) -> View:
    assert flow.index is not None
    place = flow.place
    line = flow.line_of(place) or ""
    row, entry = flow.lines.get(line, {}), flow.index.lines.get(line, {})
    wait = line_wait(flow, words, line)
    service = flow.index.services.get(place.service or "")
    may = flow.may_take(place)
    counters = list(row.get("counters") or entry.get("counters") or [])
    where = [words.say("detail.counters", counters=words.listed(counters))] if counters else []
    where += [str(row.get("place") or entry.get("place") or "")]
    hint = "" if may else words.say("detail.not_now")
    view: View = {
        "letter": line,
        "ahead": line_ahead(flow, words, line),
        "wait": wait.full,
        "kind": wait.kind,
        "where": " · ".join(x for x in where if x),
        "honest": wait.reason or (honesty(words, row.get("coverage_percent")) if wait.kind != "now" else ""),
        "you_are": words.say("detail.you_are"),
        "priority_rule": words.say("detail.priority_rule"),
        "priorities": [_priority(flow, words, p) for p in ("ordinary", "elder", "disabled", "pregnant", "military")],
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
        "take": button("take", words.say(_busy(flow)), icon="ticket", enabled=may and flow.taking is None, hint=hint),
        "busy": bool(flow.busy_words()),
        "may_take": may,
    }
    if service is None:
        consulting = place.form == "consultation"
        title = words.say("home.consult") if consulting else line_name(flow, line)
        crumb = line_name(flow, line) if consulting else words.say("offline.crumb")
        text = words.say("detail.consult_text") if consulting else words.say("offline.valid")
        return view | {"crumb": crumb, "title": title, "text": text, "limits": [], "docs": None}
    return view | _about(flow, words, service)


def _about(flow: Flow, words: Spoken, service: Service) -> View:
    assert flow.index is not None
    kind, handling = str(service.get("kind") or ""), str(service.get("handling") or "")
    crumbs = [flow.index.department_name(str(service["department"]))]
    for key in (f"kind.{kind}", f"item.{handling}"):
        if words.has(key):
            crumbs.append(words.say(key))
    return {
        "crumb": " · ".join(c for c in crumbs if c),
        "title": str(service["name"]),
        "text": "",
        "limits": limits(words, service),
        "docs": documents(flow, words, service),
    }


def limits(words: Spoken, service: Service) -> list[View]:
    """Promised and statutory time always together, then the fee."""
    promised, statutory = service.get("promised_days"), service.get("statutory_days")
    unit = words.say("limits.unit_day" if service.get("day_unit") == "day" else "limits.unit_working_day")
    spot = words.say("limits.on_the_spot")
    first = {"label": words.say("limits.promised"), "number": "", "text": spot, "note": "", "strong": True}
    if promised:
        first |= {"number": str(promised), "text": unit}
        if statutory and int(statutory) > int(promised):
            first["note"] = words.say("limits.faster", n=int(statutory) - int(promised))
    second = {"label": words.say("limits.statutory"), "number": "", "text": words.say("limits.none"), "note": ""}
    if statutory:
        second |= {"number": str(statutory), "text": unit, "note": words.say("limits.longest")}
    fee = bool(service.get("fee"))
    third = {
        "label": words.say("limits.fee"),
        "number": "",
        "text": words.say("fee.some" if fee else "fee.none"),
        "note": words.say("fee.ask" if fee else "fee.nowhere"),
    }
    return [first, second | {"strong": False}, third | {"strong": False}]


def documents(flow: Flow, words: Spoken, service: Service) -> View:
    """The documents to bring, numbered; a page of them when there are many."""
    materials = list(service.get("materials") or [])
    size = DOCS_LARGE if flow.modes.large else DOCS_A_PAGE
    if len(materials) == size + 1 and not flow.modes.large:
        size += 1  # one more row rather than a page for one document
    pages_ = max(1, -(-len(materials) // size))
    at = flow.place.docs_page % pages_
    rows = [
        {"n": str(i), "name": str(m["name"]), "note": str(m.get("note") or "")}
        for i, m in enumerate(materials[at * size : (at + 1) * size], start=at * size + 1)
    ]
    rest = (len(materials) - (at + 1) * size) if at < pages_ - 1 else 0
    label = words.say("docs.more", n=rest) if rest else words.say("docs.first")
    return {
        "title": _documents_title(words, len(materials)),
        "missing": words.say("docs.missing_ok") if materials else "",
        "rows": rows,
        "more": button(f"docs:{(at + 1) % pages_}", label, icon="chevron-down" if rest else "chevron-up")
        if pages_ > 1
        else None,
    }


def _documents_title(words: Spoken, n: int) -> str:
    if n == 1:
        return words.say("docs.one")
    return words.say("docs.title", n=n) if n else words.say("docs.none")


def _priority(flow: Flow, words: Spoken, priority: str) -> View:
    choice = button(f"priority:{priority}", words.say(f"choice.{priority}"), on=flow.place.priority == priority)
    note = words.say(f"choice.{priority}_note")
    return choice | {"note": "" if note == "-" else note}


# -- a number ---------------------------------------------------------------------------------------------------


def _ticket(flow: Flow, words: Spoken, own_name: str) -> View:
    held = flow.held
    assert held is not None
    ticket = held.ticket
    row = flow.lines.get(str(ticket["line"]), {})
    wait = wait_words(
        words,
        ticket.get("estimate"),
        ahead=ticket.get("ahead"),
        open_counters=int(row.get("open_counters", 1)),
        stale=held.own,
    )
    counters = list(ticket.get("counters") or [])
    url = str(ticket["url"])
    hall = (flow.world.picture or {}).get("hall") or {}
    left = int(flow.ticket_left() + 0.999)
    invited = invites_phones(url)
    place = str(ticket.get("place") or "")
    return {
        "title": words.say("ticket.take_paper" if held.printing != "unknown" else "ticket.look_paper"),
        "service": ticket_title(flow, held.service, ticket),
        "number": str(ticket["number"]),
        "spoken_number": str(ticket["number"]),
        "facts": [
            {"label": words.say("paper.ahead"), "text": _people(words, ticket.get("ahead")), "kind": "range"},
            {"label": words.say("paper.wait"), "text": wait.short, "kind": wait.kind},
            {
                "label": words.say("ticket.counters"),
                "text": _counter_list(words, counters),
                "kind": "range",
            },
        ],
        "code": code_of(url),
        "code_title": words.say("ticket.code_phone" if invited else "ticket.code_keep"),
        "code_lines": [words.say("ticket.code_phone_1"), words.say("ticket.code_phone_2")]
        if invited
        else [words.say("ticket.code_keep_1"), words.say("ticket.code_keep_2")],
        "where": words.say("ticket.wait_here", place=place) if place else words.say("ticket.wait_hall"),
        "noshow": words.say("offline.valid") if held.own else words.say("ticket.noshow", n=hall.get("calls_max", 3)),
        "reprint": _reprint(flow, words),
        "done": button("done", words.say("ticket.done"), icon="check"),
        "countdown": words.say("ticket.countdown", n=left),
        "share": flow.ticket_left() / flow.ticket_limit,
        "outlet": words.say("ticket.outlet" if held.copies == 0 else "ticket.outlet_copy"),
        "own": held.own,
    }


def _counter_list(words: Spoken, counters: list[str]) -> str:
    """The counters of a ticket; of many the first ones."""
    if not counters:
        return "—"
    if len(counters) > COUNTERS_SHOWN:
        return words.say("ticket.counter_many", counters=words.listed(counters[:2]), n=len(counters))
    return words.say("ticket.counter_list", counters=words.listed(counters))


def _reprint(flow: Flow, words: Spoken) -> View:
    """没打出来: with its reason while it cannot be used."""
    held = flow.held
    assert held is not None
    used, busy = held.copies >= COPIES_MAX, flow.still_printing
    hint = "ticket.copies_used" if used else "ticket.printing" if busy else "ticket.same_number"
    label, enabled = words.say("ticket.not_out"), not used and not busy
    return button("reprint", label, icon="printer", hint=words.say(hint), enabled=enabled)


def ticket_title(flow: Flow, service: str | None, ticket: Mapping[str, Any]) -> str:
    """What a ticket is for: the service, else its line."""
    entry = flow.index.services.get(service or "") if flow.index else None
    return short(entry) if entry else str(ticket.get("line_name") or ticket["line"])


def _people(words: Spoken, n: int | None) -> str:
    return "—" if n is None else words.say("paper.people", n=n)


def _paper(flow: Flow, words: Spoken, own_name: str) -> View:
    held = flow.held
    assert held is not None
    shown = _ticket(flow, words, own_name)
    ahead, wait = (f["text"] for f in shown["facts"][:2])
    invited = invites_phones(str(held.ticket["url"]))
    others = [k for k in (flow.world.picture or {}).get("other_kiosks") or [] if k != own_name]
    told = [] if flow.world.stale else [words.say("paper.told")]
    if others:
        told.append(words.say("paper.elsewhere", kiosk=others[0]))
    elif not told:
        told.append(words.say("help.not_sent"))
    detail = [shown["service"]]
    detail += [words.say("wait.ahead", n=ahead_n)] if (ahead_n := held.ticket.get("ahead")) is not None else []
    detail += [wait] if wait != "—" else []
    return {
        "title": words.say("paper.your_number"),
        "number": shown["number"],
        "spoken_number": shown["number"],
        "detail": " · ".join(detail),
        "code": shown["code"],
        "keep": words.say("paper.keep" if invited else "paper.keep_plain"),
        "told": " · ".join(told),
        "done": button("done", words.say("paper.noted"), icon="check"),
        "countdown": shown["countdown"],
        "ahead": ahead,
    }


def _refused(flow: Flow, words: Spoken, own_name: str) -> View:
    place = flow.place
    line = place.line or ""
    name = f"{line} {line_name(flow, line)}".strip()
    opens = clock(flow.lines.get(line, {}).get("opens_at"))
    others = [k for k in (flow.world.picture or {}).get("other_kiosks") or [] if k != own_name]
    return {
        "title": _why_refused(words, place, name, opens),
        "text": words.say("refused.no_number"),
        "next": words.say("refused.other_kiosk", kiosk=others[0]) if others and place.refusal == "no_number" else
        words.say("refused.desk"),
        "icon": "ticket-x",
        "back": button("back", words.say("kiosk.back"), icon="arrow-left"),
        "help": button("help", words.say("tool.help"), icon="hand-helping"),
    }  # fmt: skip


def _why_refused(words: Spoken, place: Place, name: str, opens: str) -> str:
    if place.refusal == "no_number":
        return words.say("refused.block_empty", line=name)
    if place.refusal == "quota_reached":
        return words.say("quota.reached", line=name, time=opens) if opens else words.say("quota.today", line=name)
    if place.refusal in ("closed", "line_closed"):
        return words.say("line.closed", line=name, time=opens) if opens else words.say("line.closed_today", line=name)
    key = f"refusal.{place.refusal}"
    return words.say(key) if words.has(key) and not words.catalogue.placeholders(key) else words.say("refused.other")


# -- when there is no number to be had --------------------------------------------------------------------------


def _closed(flow: Flow, words: Spoken, own_name: str) -> View:
    hall = (flow.world.picture or {}).get("hall") or {}
    opens = hall.get("next_open_at") or next(
        (row["opens_at"] for row in flow.lines.values() if row.get("opens_at")), None
    )
    return {
        "title": words.say("closed.title"),
        "opens": _opens(flow, words, opens),
        "hours": words.say("closed.hours", spans=words.spans(hall["hours"])) if hall.get("hours") else "",
        "rule": words.say("closed.rule"),
        "now": words.say("closed.now"),
        "rows": [
            button("guides", words.say("closed.guides"), icon="book-open", hint=words.say("closed.guides_hint")),
            button("search", words.say("home.find"), icon="search", hint=words.say("closed.search_hint")),
        ],
        "hotline": words.say("closed.hotline", number=hall.get("hotline")) if hall.get("hotline") else "",
    }  # fmt: skip


def _opens(flow: Flow, words: Spoken, opens: str | None) -> str:
    if not opens:
        return ""
    at = datetime.fromisoformat(opens)
    today = flow.hall_now.date() if flow.hall_now else None
    if today is not None and at.date() == today:
        return words.say("closed.opens_today", time=clock(opens))
    if today is not None and (at.date() - today).days == 1:
        return words.say("closed.opens_tomorrow", time=clock(opens))
    return words.say("closed.opens_on", date=words.date(at), time=clock(opens))


def _out_of_service(flow: Flow, words: Spoken, own_name: str) -> View:
    others = [k for k in (flow.world.picture or {}).get("other_kiosks") or [] if k != own_name]
    key = "out.elsewhere" if others else "out.desk"
    return {
        "title": words.say("out.title"),
        "text": words.say(key, kiosk=others[0]) if others else words.say(key),
        "valid": words.say("out.valid"),
        "icon": "monitor",
    }


def _starting(flow: Flow, words: Spoken, own_name: str) -> View:
    return {"title": words.say("start.title"), "text": words.say("start.text"), "valid": "", "icon": "hourglass"}


def _evacuation(flow: Flow, words: Spoken, own_name: str) -> View:
    evacuation = (flow.world.picture or {}).get("evacuation") or {}
    way = str((evacuation.get("exits") or {}).get(own_name, ""))
    say: Callable[..., str] = words.catalogue.say
    languages = [words.language, "en" if words.language != "en" else "zh-Hans"]
    return {
        "title": words.say("evac.title"),
        "way": way,
        "lines": [
            {
                "title": say("evac.title", x),
                "exit": say(f"evac.exit.{way}", x) if way else say("evac.nearest", x),
                "number": say("evac.number", x),
            }
            for x in languages
        ],
    }


def _unpaired(flow: Flow, words: Spoken, own_name: str) -> View:
    return {"title": words.say("pair.title"), "text": words.say("pair.looking"), "halls": [], "code": ""}


PAGES: dict[str, Callable[[Flow, Spoken, str], View]] = {
    "home": _home, "offline": _offline, "groups": _groups, "tiles": _tiles, "list": _list, "search": _search,
    "detail": _detail, "ticket": _ticket, "paper": _paper, "refused": _refused, "closed": _closed,
    "out_of_service": _out_of_service, "starting": _starting, "evacuation": _evacuation, "unpaired": _unpaired,
}  # fmt: skip
