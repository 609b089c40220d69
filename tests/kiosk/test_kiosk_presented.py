"""Cards and codes at the kiosk: a card takes a number, a paper is looked up and put back, nothing personal is kept."""

from __future__ import annotations

from typing import Any

import pytest
from kiosk_county import ticket
from kiosk_stage import fresh, service, tap

from assets.i18n import Catalogue
from hall_client.spoken import Spoken
from kiosk.codes import AppointmentCode, TicketCode, read_code
from kiosk.effects import FindTicket, GiveUp, IssueOwn, Reinstate, SendTicket
from kiosk.flow import Flow
from kiosk.presented import masked
from kiosk.views import present, spoken

WORDS = Spoken(Catalogue(), "zh-Hans")
CARD = service("社会保障卡")
NAME, NUMBER = "样例", "11010519491231002X"
TOKEN = "0123456789ABCDEFGHJKMNPQRSTUVW"


def only(effects: list[Any], kind: type) -> Any:
    (found,) = [e for e in effects if isinstance(e, kind)]
    return found


def kinds(effects: list[Any]) -> set[str]:
    return {type(e).__name__ for e in effects}


def carded(**world: Any) -> tuple[Flow, list[Any]]:
    """A card was placed on the page of an item."""
    flow = fresh(**({"reader": "ready"} | world))
    tap(flow, f"service:{CARD}")
    return flow, flow.card(NAME, NUMBER, now=12.0)


# -- cards ------------------------------------------------------------------------------------------------------


def test_a_card_on_the_page_of_an_item_takes_a_number() -> None:
    flow, effects = carded()
    sent = only(effects, SendTicket)
    assert sent.visitor == {"id_number": NUMBER}
    assert sent.body["service"] == CARD
    assert "visitor" not in sent.body
    assert present(flow, WORDS)["page"]["take"]["hint"] == "已读到 样* 的身份证"
    flow.answered(sent.key, 201, ticket(), now=12.2)
    assert flow.screen == "ticket"


def test_the_page_invites_a_card_only_when_there_is_a_reader_that_works() -> None:
    for reader, invited in (("ready", True), ("degraded", True), ("none", False), ("unknown", False), ("fault", False)):
        flow = fresh(reader=reader)
        tap(flow, f"service:{CARD}")
        assert (present(flow, WORDS)["page"]["take"]["hint"] == WORDS.say("card.here")) is invited
    flow = fresh(reader="ready", stale=True, left={"A": 5})
    tap(flow, "line:A")
    assert present(flow, WORDS)["page"]["take"]["hint"] == ""


def test_nothing_of_the_card_stands_anywhere_but_in_the_one_request() -> None:
    flow, effects = carded()
    view = present(flow, WORDS)
    for shown in (f"{vars(flow)!r}", f"{effects!r}", f"{view!r}", spoken(view, WORDS)):
        assert NUMBER not in shown
        assert NAME not in shown
        assert "002X" not in shown
    assert "样" not in spoken(view, WORDS)
    flow.answered(only(effects, SendTicket).key, 409, {"code": "already_waiting", "values": {"number": "A012"}}, now=13)
    assert flow.who is None
    assert flow.taking is None


def test_whoever_holds_a_number_is_told_which() -> None:
    flow, effects = carded()
    answer = {"code": "already_waiting", "values": {"number": "A012"}}
    flow.answered(only(effects, SendTicket).key, 409, answer, now=12.2)
    page = present(flow, WORDS)["page"]
    assert flow.screen == "refused"
    assert "A012" in page["title"]
    assert page["text"] == WORDS.say("refused.one_each")
    assert page["next"] == WORDS.say("refused.lost_paper")
    assert present(flow, WORDS)["note"] is None


def test_elsewhere_the_card_asks_for_a_service_first() -> None:
    for acts in ((), ("search",), ("group:社保就业",)):
        flow = fresh(reader="ready")
        tap(flow, *acts)
        assert not kinds(flow.card(NAME, NUMBER, now=20.0)) & {"SendTicket"}
        assert present(flow, WORDS)["note"]["text"] == WORDS.say("card.first")
        assert flow.who is None
        flow.tick(now=29.0)
        assert present(flow, WORDS)["note"] is None


def test_one_touch_at_a_time_whoever_makes_it() -> None:
    flow = fresh(reader="ready")
    tap(flow, f"service:{CARD}", "take")
    assert flow.card(NAME, NUMBER, now=12.0) == []
    flow, _ = carded()
    assert flow.card(NAME, NUMBER, now=12.1) == []
    assert "SendTicket" not in kinds(tap(flow, "take", at=13.0))


def test_a_card_waits_while_the_visitor_is_asked_whether_he_has_the_time() -> None:
    from kiosk_stage import SCENES

    flow = SCENES["late"]()
    flow.late = None
    assert "SendTicket" not in kinds(flow.card(NAME, NUMBER, now=20.0))
    assert flow.late is not None
    sent = only(flow.touch("anyway", now=21.0), SendTicket)
    assert sent.visitor == {"id_number": NUMBER}
    flow = SCENES["late"]()
    flow.late = None
    flow.card(NAME, NUMBER, now=20.0)
    flow.touch("back", now=21.0)
    assert flow.who is None
    assert only(tap(flow, "take", "anyway", at=22.0), SendTicket).visitor is None


def test_without_an_answer_the_own_number_is_nobodys_in_particular() -> None:
    """The rule of one number cannot be kept without the server, and the person is forgotten."""
    flow, _ = carded()
    effects = flow.tick(now=16.5)
    assert only(effects, IssueOwn).line == "A"
    assert flow.taking is not None
    assert flow.taking.who is None
    flow = fresh(reader="ready", stale=True, left={"A": 5})
    tap(flow, "line:A")
    assert "IssueOwn" in kinds(flow.card(NAME, NUMBER, now=12.0))


def test_the_wipe_and_the_way_back_forget_the_person() -> None:
    flow, effects = carded()
    flow.answered(only(effects, SendTicket).key, 429, {"code": "too_many_requests"}, now=12.1)
    again = only(flow.tick(now=13.2), SendTicket)
    assert again.visitor == {"id_number": NUMBER}
    flow._wipe()
    assert flow.who is None


def test_a_card_shows_that_somebody_is_there() -> None:
    flow = fresh(reader="ready")
    tap(flow, f"service:{CARD}")
    flow.tick(now=60.0)
    assert flow.idle_left() is not None
    assert "SendTicket" in kinds(flow.card(NAME, NUMBER, now=61.0))
    assert flow.idle_left() is None


@pytest.mark.parametrize("scene", ["evacuation", "ticket", "paper_out", "starting", "out_of_service", "closed"])
def test_where_nothing_is_taken_a_card_and_a_code_do_nothing(scene: str) -> None:
    from kiosk_stage import SCENES

    flow = SCENES[scene]()
    before, now = flow.screen, 1.0 if scene == "starting" else 104.0
    effects = flow.card(NAME, NUMBER, now=now)
    assert not kinds(effects) & {"SendTicket", "IssueOwn"}
    if scene != "closed":
        assert flow.scanned(TOKEN, now=now) == []
    assert flow.screen == before


def test_a_name_is_shown_by_its_first_character() -> None:
    assert masked("欧阳修") == "欧*"
    assert masked(" 𠮷田 ") == "𠮷*"
    assert masked(" ") == ""


# -- codes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TOKEN, TicketCode(TOKEN)),
        (f"/t/{TOKEN}", TicketCode(TOKEN)),
        (f"https://hall.example/t/{TOKEN}", TicketCode(TOKEN)),
        (f" https://hall.example:8700/queue/t/{TOKEN}/?lang=en#top\n", TicketCode(TOKEN)),
        ("481203", AppointmentCode("481203")),
        ("48120", None), ("4812035", None), ("６７８９１２", None), ("A012", None), ("", None),
        (f"ftp://hall.example/t/{TOKEN}", None), (f"https://hall.example/x/{TOKEN}", None),
        (f"{TOKEN} {TOKEN}", None), ("x" * 129, None), (f"/t/{TOKEN[:22]}", None),
    ],
)  # fmt: skip
def test_only_codes_of_the_hall_are_acted_on(text: str, code: object) -> None:
    assert read_code(text) == code
    assert TOKEN not in repr(read_code(text))


def looked_up(**found: Any) -> tuple[Flow, list[Any]]:
    """A paper was scanned on the home screen and the server knows it."""
    flow = fresh()
    assert only(flow.scanned(f"https://hall.example/t/{TOKEN}", now=12.0), FindTicket).token == TOKEN
    assert present(flow, WORDS)["page"]["title"] == WORDS.say("scan.looking")
    return flow, flow.found_ticket(TOKEN, 200, ticket(**found), now=12.2)


@pytest.mark.parametrize("state", ["waiting", "called", "serving", "parked", "finished", "cancelled", "expired"])
def test_a_scanned_paper_says_where_it_stands(state: str) -> None:
    flow, effects = looked_up(number="A041", state=state, counter="3", ahead=5)
    page = present(flow, WORDS)["page"]
    assert flow.screen == "scanned"
    assert "Reinstate" not in kinds(effects)
    assert page["title"] == WORDS.say(f"scan.{state}", number="A041", counter="3")
    assert page["next"] == WORDS.say(
        "scan.take_new" if state in ("finished", "cancelled", "expired") else "scan.listen"
    )
    assert TOKEN not in repr(flow.place)
    assert tap(flow, "back", at=20.0) is not None
    assert flow.screen == "home"


def test_a_missed_call_is_put_back_in_line() -> None:
    flow, effects = looked_up(id="20261124-A041", number="A041", state="no_show")
    assert only(effects, Reinstate).ticket == "20261124-A041"
    flow.reinstated("20261124-A041", 200, ticket(number="A041", state="waiting", ahead=3), now=12.4)
    page = present(flow, WORDS)["page"]
    assert page["title"] == WORDS.say("scan.reinstated", number="A041")
    assert "3" in page["text"]
    assert page["next"] == WORDS.say("scan.listen")


@pytest.mark.parametrize(
    ("status", "code", "key"),
    [
        (409, "reinstated_already", "scan.twice"),
        (409, "wrong_state", "scan.no_show"),
        (None, "", "scan.no_answer"),
        (503, "storage_unavailable", "scan.no_answer"),
        (403, "not_allowed", "refused.other"),
    ],
)
def test_what_cannot_be_put_back_is_said(status: int | None, code: str, key: str) -> None:
    flow, _ = looked_up(id="T", number="A041", state="no_show")
    flow.reinstated("T", status, {"code": code}, now=12.4)
    page = present(flow, WORDS)["page"]
    assert page["title"] == WORDS.say(key, number="A041")
    assert page["next"]


def test_an_answer_nobody_waits_for_changes_nothing() -> None:
    flow = fresh()
    flow.scanned(TOKEN, now=12.0)
    tap(flow, "back", at=13.0)
    assert flow.found_ticket(TOKEN, 200, ticket(), now=14.0) == []
    assert flow.reinstated("T", 200, ticket(), now=14.0) == []
    assert flow.screen == "home"
    flow.scanned(TOKEN, now=15.0)
    flow.scanned(TOKEN[::-1], now=16.0)  # another paper, before the answer to the first
    assert [p.screen for p in flow.places] == ["scanned"]
    assert flow.found_ticket(TOKEN, 200, ticket(), now=17.0) == []


@pytest.mark.parametrize(("status", "key"), [(404, "scan.unknown_ticket"), (None, "scan.no_answer")])
def test_a_paper_nobody_knows_is_said_to_be_so(status: int | None, key: str) -> None:
    flow = fresh()
    flow.scanned(TOKEN, now=12.0)
    flow.found_ticket(TOKEN, status, {"code": "unknown_ticket"}, now=12.2)
    assert present(flow, WORDS)["page"]["title"] == WORDS.say(key)


def test_an_appointment_is_asked_for_and_said_not_to_be_found() -> None:
    flow = fresh()
    sent = only(flow.scanned("481203", now=12.0), SendTicket)
    assert sent.body == {"appointment": "481203", "language": "zh-Hans"}
    flow.answered(sent.key, 404, {"code": "unknown_appointment"}, now=12.2)
    assert flow.screen == "scanned"
    assert present(flow, WORDS)["page"]["title"] == WORDS.say("scan.unknown_appointment")
    assert flow.taking is None


def test_an_appointment_the_server_knows_is_a_ticket() -> None:
    flow = fresh()
    sent = only(flow.scanned("481203", now=12.0), SendTicket)
    flow.answered(sent.key, 201, ticket(number="A050"), now=12.2)
    assert flow.screen == "ticket"
    assert present(flow, WORDS)["page"]["number"] == "A050"


def test_an_appointment_without_an_answer_gets_no_number_of_our_own() -> None:
    for failure in (None, 503):
        flow = fresh()
        sent = only(flow.scanned("481203", now=12.0), SendTicket)
        assert only(flow.answered(sent.key, failure, None, now=12.5), GiveUp).key == sent.key
        assert present(flow, WORDS)["page"]["title"] == WORDS.say("scan.no_answer")
    flow = fresh()
    sent = only(flow.scanned("481203", now=12.0), SendTicket)
    assert only(flow.tick(now=17.0), GiveUp).key == sent.key
    assert flow.taking is None


def test_foreign_codes_and_a_lost_network_are_said_in_a_word() -> None:
    flow = fresh()
    assert not kinds(flow.scanned("6901234567892", now=12.0)) & {"FindTicket", "SendTicket"}
    assert present(flow, WORDS)["note"]["text"] == WORDS.say("scan.unknown")
    flow = fresh(stale=True, left={"A": 5})
    assert not kinds(flow.scanned(TOKEN, now=12.0)) & {"FindTicket", "SendTicket"}
    assert present(flow, WORDS)["note"]["text"] == WORDS.say("scan.no_answer")
