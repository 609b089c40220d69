"""The machine of the screens: what every touch and every piece of bad news leads to, by the clock."""

from __future__ import annotations

from typing import Any

import pytest
from kiosk_county import catalogue, picture, ticket
from kiosk_stage import LATER, NOW, SCENES, at_place, fresh, service, taken, tap

from assets.i18n import Catalogue
from hall_client.spoken import Spoken
from kiosk.catalogue import OTHERS, ROWS_A_PAGE, Index
from kiosk.effects import AskHelp, GiveUp, Hush, IssueOwn, Print, SendTicket, Speak
from kiosk.flow import Flow
from kiosk.views import present, spoken

CARD = service("社会保障卡")
HOUSE = service("二手房转移")
WORDS = Spoken(Catalogue(), "zh-Hans")


def only(effects: list[Any], kind: type) -> Any:
    (one,) = [e for e in effects if isinstance(e, kind)]
    return one


def has(effects: list[Any], kind: type) -> bool:
    return any(isinstance(e, kind) for e in effects)


# -- the way to a number ----------------------------------------------------------------------------------------


def test_a_top_service_is_two_touches_from_home() -> None:
    flow = fresh()
    first = flow.top[0]
    sent = only(tap(flow, f"service:{first}", "take"), SendTicket)
    assert sent.body == {"priority_class": "ordinary", "language": "zh-Hans", "service": first}
    flow.answered(sent.key, 201, ticket(), now=13.0)
    assert flow.screen == "ticket"


def test_the_number_shows_before_the_printer_has_said_anything() -> None:
    flow = fresh()
    sent = only(tap(flow, f"service:{CARD}", "take"), SendTicket)
    effects = flow.answered(sent.key, 201, ticket(), now=12.0)
    assert flow.screen == "ticket"
    assert only(effects, Print).copy == 0


def test_priority_language_and_form_travel_with_the_touch() -> None:
    flow = fresh()
    tap(flow, "languages", "language:en", f"service:{CARD}", "priority:elder")
    body = only(tap(flow, "take", at=20.0), SendTicket).body
    assert (body["priority_class"], body["language"]) == ("elder", "en")
    flow = fresh()
    body = only(tap(flow, "consult", "take"), SendTicket).body
    assert (body["line"], body["form"]) == ("H", "consultation")
    assert "service" not in body


def test_a_touch_right_after_a_page_change_hits_nothing() -> None:
    flow = fresh()
    flow.touch(f"service:{CARD}", now=10.0)
    assert flow.touch("take", now=10.2) == []
    assert flow.taking is None
    assert has(flow.touch("take", now=10.31), SendTicket)


def test_a_second_touch_on_take_sends_nothing_more() -> None:
    flow = fresh()
    tap(flow, f"service:{CARD}", "take")
    assert not has(flow.touch("take", now=11.5), SendTicket)


def test_search_takes_a_number_directly() -> None:
    flow = fresh()
    tap(flow, "search", "key:S", "key:B", "key:K")
    found, total = flow.found(5)
    assert CARD in [s["service"] for s in found]
    assert total >= len(found)
    assert only(tap(flow, f"take:{CARD}", at=20.0), SendTicket).body["service"] == CARD


def test_dead_keys_type_nothing_and_lead_nowhere() -> None:
    flow = fresh()
    tap(flow, "search")
    dead = set("ABCDEFGHJKLMNOPQRSTWXYZ") - flow.live_keys()
    for i, key in enumerate(sorted(dead)):
        flow.touch(f"key:{key}", now=20.0 + i)
    assert flow.place.typed == ""
    tap(flow, "key:S", at=60.0)
    for key in flow.live_keys():
        assert flow.index is not None
        assert flow.index.search("S" + key)[1] > 0


# -- the server does not answer ---------------------------------------------------------------------------------


def test_the_button_says_how_long_it_waits_and_after_four_seconds_an_own_number_is_asked_for() -> None:
    flow = fresh(left={"A": 5})
    sent = only(tap(flow, f"service:{CARD}", "take"), SendTicket)
    begun = LATER + 1
    assert flow.busy_words() == "taking"
    flow.tick(now=begun + 1.6)
    assert flow.busy_words() == "waiting"
    assert not has(flow.tick(now=begun + 3.9), IssueOwn)
    own = only(flow.tick(now=begun + 4.0), IssueOwn)
    assert (own.key, own.line, own.service) == (sent.key, "A", CARD)
    flow.issued_own(own.key, ticket("A901", id=None, ahead=None, estimate=None), now=begun + 4.1)
    assert flow.held is not None
    assert flow.held.own
    assert flow.answered(sent.key, 201, ticket("A047"), now=begun + 5) == []
    assert flow.held.ticket["number"] == "A901", "the number the visitor saw must stay"


@pytest.mark.parametrize("status", [None, 500, 503])
def test_an_unknown_outcome_or_failing_storage_goes_to_the_own_block_under_the_same_key(status: int | None) -> None:
    flow = fresh(left={"A": 5})
    sent = only(tap(flow, f"service:{CARD}", "take"), SendTicket)
    assert only(flow.answered(sent.key, status, {"code": "storage_unavailable"}, now=12.0), IssueOwn).key == sent.key


def test_without_an_own_number_the_visitor_is_told_that_he_has_none_and_the_touch_is_settled_later() -> None:
    flow = fresh()
    sent = only(tap(flow, f"service:{CARD}", "take"), SendTicket)
    flow.answered(sent.key, None, None, now=12.0)
    effects = flow.issued_own(sent.key, None, now=12.0)
    assert only(effects, GiveUp).key == sent.key
    view = present(flow, WORDS)
    assert view["screen"] == "refused"
    assert view["page"]["text"] == WORDS.say("refused.no_number")


def test_too_fast_is_tried_again_by_itself_under_the_same_key() -> None:
    flow = fresh()
    sent = only(tap(flow, f"service:{CARD}", "take"), SendTicket)
    flow.answered(sent.key, 429, {"code": "too_many_requests"}, now=12.0)
    assert only(flow.tick(now=13.1), SendTicket).key == sent.key


@pytest.mark.parametrize("code", ["line_closed", "quota_reached", "unknown_service", "never_heard_of"])
def test_every_refusal_has_a_sentence_and_a_way_on(code: str) -> None:
    flow = fresh()
    sent = only(tap(flow, f"service:{CARD}", "take"), SendTicket)
    flow.answered(sent.key, 409, {"code": code}, now=12.0)
    page = present(flow, WORDS)["page"]
    assert page["title"]
    assert page["next"]
    assert page["text"] == WORDS.say("refused.no_number")
    tap(flow, "back", at=20.0)
    assert flow.screen == "detail"


def test_offline_every_line_is_a_tile_without_a_range_and_the_empty_one_says_why() -> None:
    flow = fresh(stale=True, left={"A": 3, "B": 0})
    view = present(flow, WORDS)
    assert view["screen"] == "offline"
    tiles = {t["act"]: t for t in view["page"]["tiles"]}
    assert tiles["line:A"]["enabled"]
    assert not tiles["line:B"]["enabled"]
    assert tiles["line:B"]["none"]
    tap(flow, "line:A")
    assert present(flow, WORDS)["page"]["wait"] == "—"
    assert only(tap(flow, "take", at=20.0), IssueOwn).line == "A"


def test_with_neither_server_nor_block_the_kiosk_says_so() -> None:
    assert fresh(stale=True, left={}).screen == "out_of_service"


def test_at_night_without_the_server_no_number_is_given() -> None:
    flow = fresh(stale=True, left={"A": 5})
    flow.heard(now=1.0, hall_now=NOW.replace(hour=20))
    assert flow.screen == "closed"
    flow.heard(now=2.0, hall_now=NOW.replace(day=25))
    assert flow.screen == "closed"


# -- lines that give nothing, and late ----------------------------------------------------------------------------


def test_a_line_without_numbers_says_when_again() -> None:
    flow = SCENES["quota"]()
    assert "明天 9:00" in present(flow, WORDS)["page"]["title"]


def test_when_no_line_is_open_the_hall_is_closed_and_the_guides_can_be_read_but_nothing_taken() -> None:
    flow = SCENES["closed"]()
    assert flow.screen == "closed"
    tap(flow, "search", "key:S")
    tap(flow, f"service:{CARD}", at=30.0)
    page = present(flow, WORDS)["page"]
    assert page["docs"] is not None
    assert not page["take"]["enabled"]
    assert not has(tap(flow, "take", at=40.0), SendTicket)


def test_whoever_may_not_be_served_today_is_told_first() -> None:
    flow = SCENES["late"]()
    view = present(flow, WORDS)
    assert flow.taking is None
    assert view["overlay"]["kind"] == "late"
    assert "16:30" in view["overlay"]["text"]
    assert has(tap(flow, "anyway", at=30.0), SendTicket)


def test_closed_services_sink_on_the_home_screen() -> None:
    shown = picture()
    flow = fresh(picture=shown)
    line = str(flow.index.services[flow.top[0]]["line"]) if flow.index else ""
    shown["lines"][line]["state"] = "quota_reached"
    flow.heard(now=1.0, picture=shown)
    assert flow.index is not None
    assert [str(flow.index.services[s]["line"]) for s in flow.top[:3]].count(line) == 0


# -- paper ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("printer", ["fault", "absent", "none"])
def test_without_a_printer_the_number_stands_on_the_screen_for_a_minute(printer: str) -> None:
    flow = taken(fresh(printer=printer))
    assert flow.screen == "paper"
    flow.tick(now=102.0 + 59.0)
    assert flow.screen == "paper"
    flow.tick(now=102.0 + 61.0)
    assert flow.screen == "home"


def test_a_failed_paper_keeps_the_number_and_gives_it_time() -> None:
    flow = taken(fresh())
    flow.printed("key-0", "failed", now=115.0, fault="paper_out")
    view = present(flow, WORDS)
    assert (view["screen"], view["page"]["number"]) == ("paper", "A047")
    assert view["band"]["text"] == WORDS.say("paper.out")
    flow.tick(now=170.0)
    assert flow.screen == "paper"


def test_no_more_than_two_copies() -> None:
    flow = taken(fresh())
    flow.printed("key-0", "confirmed", now=103.0)
    assert only(flow.touch("reprint", now=104.0), Print).copy == 1
    flow.printed("key-0", "confirmed", now=106.0)
    assert only(flow.touch("reprint", now=107.0), Print).copy == 2
    flow.printed("key-0", "confirmed", now=109.0)
    assert not has(flow.touch("reprint", now=110.0), Print)
    assert not present(flow, WORDS)["page"]["reprint"]["enabled"]


def test_the_ticket_leaves_after_twenty_seconds_and_after_forty_in_large_print() -> None:
    flow = taken(fresh())
    flow.tick(now=121.9)
    assert flow.screen == "ticket"
    flow.tick(now=122.1)
    assert flow.screen == "home"
    flow = fresh()
    tap(flow, "mode:large")
    taken(flow)
    flow.tick(now=141.9)
    assert flow.screen == "ticket"
    flow.tick(now=142.1)
    assert flow.screen == "home"


def test_a_paper_of_another_ticket_changes_nothing() -> None:
    flow = taken(fresh())
    flow.printed("another", "failed", now=103.0)
    assert flow.screen == "ticket"


# -- idle, modes, help --------------------------------------------------------------------------------------------


def test_after_thirty_seconds_a_question_then_everything_entered_is_wiped() -> None:
    flow = at_place("mode:contrast", "search", "key:S")()
    last = LATER + 2
    flow.tick(now=last + 29.9)
    assert flow.idle_left() is None
    flow.tick(now=last + 30.0)
    assert present(flow, WORDS)["overlay"]["kind"] == "idle"
    flow.touch("continue", now=last + 35.0)
    assert flow.place.typed == "S"
    flow.tick(now=last + 65.0)
    effects = flow.tick(now=last + 75.1)
    assert has(effects, Hush)
    assert (flow.screen, flow.places, flow.modes.contrast) == ("home", [], False)


def test_large_print_is_given_twice_the_time() -> None:
    flow = fresh(speech=True)
    tap(flow, "mode:large")
    flow.tick(now=LATER + 59.0)
    assert flow.idle_left() is None
    flow.tick(now=LATER + 60.0)
    assert flow.idle_left() == 20.0


def test_an_untouched_home_screen_asks_nobody() -> None:
    flow = fresh()
    flow.tick(now=10_000.0)
    assert flow.idle_left() is None


def test_the_visitor_is_not_wiped_while_his_number_is_being_fetched() -> None:
    flow = fresh(left={"A": 1})
    tap(flow, f"service:{CARD}", "take")
    flow.tick(now=LATER + 1 + 3.0)
    assert flow.taking is not None


def test_with_voice_the_first_touch_speaks_and_the_second_acts() -> None:
    flow = fresh(speech=True)
    assert only(tap(flow, "mode:voice"), Speak).screen
    effects = flow.touch(f"service:{CARD}", now=20.0, label="社保卡申领")
    assert only(effects, Speak).label == "社保卡申领"
    assert flow.screen == "home"
    effects = flow.touch(f"service:{CARD}", now=21.0, label="社保卡申领")
    assert flow.screen == "detail"
    assert only(effects, Speak).screen
    flow.touch("mode:voice", now=22.0)
    assert not flow.modes.voice


def test_what_is_read_out_is_the_title_and_the_first_choices() -> None:
    text = spoken(present(fresh(speech=True), WORDS), WORDS)
    assert text.startswith("您要办什么事？选一项")
    assert text.count("。") == 4
    assert "？。" not in text
    ticket_text = spoken(present(taken(fresh()), WORDS), WORDS)
    assert "A047" in ticket_text


def test_large_print_speaks_only_where_the_machine_can() -> None:
    for can in (True, False):
        flow = fresh(speech=can)
        tap(flow, "mode:large")
        assert flow.modes.voice is can


def test_modes_combine_and_keep_the_visitor_where_he_is() -> None:
    flow = at_place("group:社保就业", "mode:low", "mode:contrast")()
    assert (flow.screen, flow.modes.low, flow.modes.contrast) == ("list", True, True)


def test_help_says_what_became_of_it() -> None:
    flow = fresh()
    asked = only(tap(flow, f"service:{CARD}", "help"), AskHelp)
    assert (asked.screen, asked.language) == ("detail", "zh-Hans")
    flow.help_answered(False, now=13.0)
    note = present(flow, WORDS)["note"]
    assert note is not None
    assert note["text"] == WORDS.say("help.not_sent")
    flow.tick(now=22.0)
    assert present(flow, WORDS)["note"] is None


def test_an_evacuation_covers_everything_and_nothing_can_be_touched() -> None:
    flow = taken(fresh())
    flow.heard(now=103.0, picture=picture(evacuation={"since": "x", "exits": {"K1": "right"}}))
    view = present(flow, WORDS, own_name="K1")
    assert view["screen"] == "evacuation"
    assert view["page"]["way"] == "right"
    assert flow.touch("done", now=110.0, label="") is not None
    assert flow.held is not None
    flow.heard(now=111.0, picture=picture())
    assert flow.screen == "ticket"


def test_a_service_that_leaves_the_catalogue_takes_its_screen_along() -> None:
    flow = at_place(f"service:{CARD}")()
    smaller = catalogue()
    smaller["services"] = [s for s in smaller["services"] if s["service"] != CARD]
    flow.catalogue(Index(smaller), now=20.0)
    assert flow.screen == "home"


@pytest.mark.parametrize(
    "act", ["service:nope", "group:nope", "part:0", "take", "take:nope", "key:?", "docs:1", "back", "x"]
)
def test_touches_that_mean_nothing_here_do_no_harm(act: str) -> None:
    flow = fresh()
    tap(flow, act)
    present(flow, WORDS)


# -- how far every service is -------------------------------------------------------------------------------------


def generated(count: int, departments: int) -> dict[str, Any]:
    """A catalogue of another size: a few large departments, many small ones."""
    total = sum(1 / (i + 1) for i in range(departments))
    shares = [max(1, int(count / total / (i + 1))) for i in range(departments)]
    shares[0] = min(shares[0], 168)  # the largest of a real catalogue has 161: twelve pages
    for i in range(count - sum(shares)):
        shares[1 + i % (departments - 1)] += 1
    base = catalogue()["services"][0]
    services: list[dict[str, Any]] = []
    for number, share in enumerate(shares):
        for item in range(share):
            key = f"G{number:02d}{item:04d}"
            names = {
                "name": f"部门{number}事项{item}",
                "short_name": f"事项{item}",
                "initials": [f"S{item}"],
                "aliases": [],
            }
            services.append(base | {"service": key, "department": f"部门{number}", "group": "", "line": "A"} | names)
    ids = [{"department": f"部门{i}", "name": f"部门{i}"} for i in range(departments)]
    return {
        "version": "x",
        "departments": ids,
        "lines": catalogue()["lines"],
        "services": services[:count],
        "groups": [],
    }


def farthest(index: Index) -> tuple[int, int]:
    """Touches to the farthest service by department, and how many services were reached."""
    most, reached = 0, set()
    for tile in index.home_tiles:
        parts = index.tiles_of(tile.name)
        ways = [(3, index.items_of(tile.name))] if not parts else [
            (4, index.items_of(tile.name, i)) for i in range(len(parts))
        ]  # fmt: skip
        assert len(parts) <= 40, "more parts than one page of tiles"
        for touches, items in ways:
            assert len(items) <= ROWS_A_PAGE
            reached |= {s["service"] for s in items}
            most = max(most, touches)
    return most, len(reached)


@pytest.mark.parametrize(
    ("given", "count"),
    [(catalogue(), 75), (generated(781, 40), 781), (generated(1000, 40), 1000)],
    ids=["75", "781", "1000"],
)
def test_every_service_is_at_most_four_touches_away(given: dict[str, Any], count: int) -> None:
    index = Index(given)
    assert len(index.home_tiles) <= 12
    touches, reached = farthest(index)
    assert touches <= 4
    assert reached == count


def test_the_walk_by_touches_arrives_where_the_arithmetic_says() -> None:
    flow = Flow(new_key=lambda: "k", now=0.0)
    flow.catalogue(Index(generated(781, 40)), now=0.0)
    flow.heard(now=0.0, hall_now=NOW, picture=picture(), stale=False, printer="ready")
    tap(flow, f"group:{OTHERS}")
    assert flow.screen == "tiles"
    tap(flow, "part:3", at=20.0)
    rows = present(flow, WORDS)["page"]["rows"]
    tap(flow, rows[0]["act"], at=30.0)
    assert has(tap(flow, "take", at=40.0), SendTicket)
