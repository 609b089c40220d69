"""Each screen's picture as a pure function of the hall: what it shows, to whom, and what it never shows.

Contract 4; domain.md 8; M10, U16, U21, U22, U23, U26.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from core_material import Scene

from hall_protocol.codec import plain
from hall_protocol.pictures import DeviceState, Estimate
from hall_protocol.pictures.wall import Post, Zone
from hall_server.core.lines.calling import CallNext, MarkNoShow, Recall
from hall_server.core.lines.desk import ParkTicket, TransferTicket
from hall_server.core.people.counter import PauseCounter
from hall_server.core.pictures.catalogue import catalogue_picture, lines_picture
from hall_server.core.pictures.counter import counter_picture
from hall_server.core.pictures.keypad import keypad_picture
from hall_server.core.pictures.kiosk import kiosk_picture
from hall_server.core.pictures.manager import manager_picture
from hall_server.core.pictures.sight import Sight
from hall_server.core.pictures.ticket import ticket_picture
from hall_server.core.pictures.wall import posts, wall_picture
from hall_server.core.places.notice import AskHelp, PostNotice, StartEvacuation

ESTIMATE = Estimate(p10_s=60, p50_s=120, p80_s=180, p90_s=240)


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    for counter in ("1", "2", "3"):
        made.open(counter)
    return made


def sight(scene: Scene, **other: Any) -> Sight:
    """The circumstances of a picture now."""
    usual: dict[str, Any] = {
        "now": scene.now,
        "estimates": {"A": ESTIMATE, "B": None},
        "coverage": {"A": 82},
        "devices": {},
        "url_of": lambda ticket: f"/t/{ticket}",
        "nonce_of": lambda request: f"nonce-{request}",
        "words_of": lambda ref: None,
        "ticket_estimate": lambda ticket: ESTIMATE,
    }
    return Sight(**(usual | other))


def device(state: str, **other: Any) -> DeviceState:
    usual: dict[str, Any] = {"device": "D9", "name": "x", "role": "kiosk", "state": state, "faults": []}
    return DeviceState(**(usual | other))


# ---------------------------------------------------------------- wall


def test_a_wall_shows_counters_calls_and_lines(scene: Scene) -> None:
    for _ in range(7):
        scene.take()
    scene.call("1")
    wall = wall_picture(scene.hall, sight(scene), "main")
    assert wall.posts is None, "a screen without counters' duties does not carry them"
    one = wall.counters["1"]
    assert (one.number, one.state, one.ticket_state, one.calls, one.line_name) == (
        "A001",
        "open",
        "called",
        1,
        "社保医保",
    )
    assert wall.counters["2"].number is None
    assert [(c.number, c.counter) for c in wall.calls] == [("A001", "1")]
    line = wall.lines["A"]
    assert (line.waiting, line.estimate, line.coverage_percent, line.open_counters) == (6, ESTIMATE, 82, 2)
    assert line.next == ["A002", "A003", "A004", "A005", "A006"]
    assert list(wall.counters) == ["1", "2", "3", "9"], "as people count"


def test_only_the_last_calls_stay(scene: Scene) -> None:
    """U21."""
    for _ in range(20):
        scene.take(), scene.call("1"), scene.serve("1")
    shown = wall_picture(scene.hall, sight(scene), "main").calls
    assert [c.number for c in shown] == [f"A{n:03d}" for n in range(9, 21)]


@pytest.mark.parametrize(
    ("clock", "state", "opens"), [("09:30", "open", None), ("12:30", "closed", "13:30"), ("17:00", "closed", "09:00")]
)
def test_a_line_says_whether_it_gives_out_numbers(scene: Scene, clock: str, state: str, opens: str | None) -> None:
    """U23."""
    scene.at(clock)
    line = wall_picture(scene.hall, sight(scene), "main").lines["A"]
    assert line.state == state
    assert (line.opens_at or "T")[11:16] == (opens or "")


def test_a_line_without_numbers_left_says_when_the_next_are(scene: Scene) -> None:
    for _ in range(5):
        scene.take("B")
    line = wall_picture(scene.hall, sight(scene), "main").lines["B"]
    assert (line.state, line.opens_at) == ("quota_reached", "2026-11-25T09:00:00.000+08:00")


def test_a_screen_may_show_some_lines_only_and_staff_screens_more() -> None:
    screens = {
        "second": {"lines": ["B"]},
        "office": {"zones": [{"zone": "manager", "x": 0, "y": 0, "w": 10, "h": 10}]},
    }
    scene = Scene({"screens": screens})
    scene.open("2")
    scene.take("A"), scene.call("2"), scene.serve("2"), scene.take("B"), scene.call("2")
    second = wall_picture(scene.hall, sight(scene), "second")
    assert (list(second.lines), [c.number for c in second.calls]) == (["B"], ["B001"])
    assert (second.figures, second.alerts, second.devices) == (None, None, {})
    office = wall_picture(scene.hall, sight(scene, devices={"D9": device("fault")}), "office")
    assert office.figures is not None
    assert office.alerts is not None
    assert (office.figures.issued_today, office.figures.done_today, "D9" in office.devices) == (2, 1, True)


def test_the_public_sees_no_reason_of_a_pause(scene: Scene) -> None:
    """U16: the reason is the hall's, the visitor sees when somebody is back."""
    scene.do(PauseCounter(reason="meal", resume_at=scene.now + 600_000), counter="1")
    wall = plain(wall_picture(scene.hall, sight(scene), "main"))
    assert wall["counters"]["1"]["state"] == "paused"
    assert wall["counters"]["1"]["resume_at"].startswith("2026-11-24T09:40")
    assert "meal" not in json.dumps(wall)


def test_notices_are_shown_in_their_time_on_their_screens(scene: Scene) -> None:
    span = {"start": scene.now + 1000, "end": scene.now + 2000}
    scene.do(PostNotice(text={"en": "all"}, **span))
    scene.do(PostNotice(text={"en": "one"}, zones=("second",), **span))

    def shown(name: str, later: int) -> list[str]:
        picture = wall_picture(scene.hall, sight(scene, now=scene.now + later), name)
        return [n.text["en"] for n in picture.notices]

    assert [shown("main", ms) for ms in (999, 1000, 1999, 2000)] == [[], ["all"], ["all"], []]
    assert shown("second", 1500) == ["all", "one"]


# ---------------------------------------------------------------- counter


def test_a_clerk_sees_who_is_next_and_why(scene: Scene) -> None:
    scene.take(), scene.later(minutes=5)
    scene.take(klass="elder")
    shown = counter_picture(scene.hall, sight(scene), "1")
    assert shown is not None
    assert shown.next is not None
    assert (shown.next.entry.number, shown.next.reason_code, shown.next.values) == (
        "A002", "priority", {"minutes": "15", "class": "elder"},
    )  # fmt: skip
    assert [e.number for e in shown.queue] == ["A002", "A001"]
    assert (shown.queue_length, shown.longest_since) == (2, "2026-11-24T09:30:00.000+08:00")
    assert counter_picture(scene.hall, sight(scene), "77") is None


def test_calls_left_and_the_moment_of_the_next_one(scene: Scene) -> None:
    scene.take(), scene.call("1")
    seen = []
    for _ in range(3):
        shown = counter_picture(scene.hall, sight(scene), "1")
        assert shown is not None
        seen.append((shown.calls_left, shown.recall_from is not None, shown.no_show_from is not None))
        scene.later(s=15)
        if shown.calls_left:
            scene.do(Recall(), counter="1")
    assert seen == [(2, True, False), (1, True, False), (0, False, True)]


def test_an_offer_to_take_back_ends_by_itself(scene: Scene) -> None:
    scene.take(), scene.call("1")
    scene.do(MarkNoShow(), counter="1")
    shown = counter_picture(scene.hall, sight(scene), "1")
    assert shown is not None
    assert shown.undo is not None
    assert (shown.undo.act, shown.undo.number, shown.undo.seq) == ("no_show", "A001", scene.hall.seq)
    assert [e.number for e in shown.missed] == ["A001"]
    late = counter_picture(scene.hall, sight(scene, now=scene.now + 10_001), "1")
    assert late is not None
    assert late.undo is None


def test_parked_visitors_are_seen_where_they_may_go_on(scene: Scene) -> None:
    scene.take(), scene.call("1")
    scene.do(ParkTicket(reason="other"), counter="1")
    words = sight(scene, words_of=lambda ref: "fetches the form" if ref == "20261124-A001" else None)
    seen = {}
    for counter in ("1", "2", "3"):
        shown = counter_picture(scene.hall, words, counter)
        assert shown is not None
        seen[counter] = [(e.number, e.park_reason) for e in shown.parked]
    assert seen == {"1": [("A001", "fetches the form")], "2": [("A001", "fetches the form")], "3": []}


def test_usual_times_are_told_once_twenty_are_known(scene: Scene) -> None:
    for n in range(20):
        scene.take(), scene.call("1")
        shown = counter_picture(scene.hall, sight(scene), "1")
        assert shown is not None
        assert shown.usual_service_s is None
        scene.serve("1", seconds=10 * (n + 1))
    scene.take(), scene.call("1")
    shown = counter_picture(scene.hall, sight(scene), "1")
    assert shown is not None
    assert shown.usual_service_s == [30, 190]


def test_a_clerk_never_sees_how_he_was_rated_nor_the_nonce(scene: Scene) -> None:
    from hall_server.core.matters.rating import GiveRating

    scene.take(), scene.call("1")
    request = scene.serve("1")
    for state, act in (("open", None), ("rated", GiveRating(request=request, level=1, source="page"))):
        if act is not None:
            scene.do(act)
        shown = counter_picture(scene.hall, sight(scene), "1")
        assert shown is not None
        assert shown.rating is not None
        assert shown.rating.state == state
        text = json.dumps(plain(shown))
        assert "nonce" not in text
        assert "level" not in text


# ---------------------------------------------------------------- keypad, page, kiosk


def test_the_keypad_asks_with_a_nonce_until_it_is_answered_or_too_late(scene: Scene) -> None:
    scene.take(service="S2"), scene.call("3")
    request = scene.serve("3")
    pad = keypad_picture(scene.hall, sight(scene), "3")
    assert pad is not None
    assert pad.rating_request is not None
    assert (pad.rating_request.id, pad.rating_request.nonce, pad.number) == (request, f"nonce-{request}", "B001")
    assert pad.service_name == "不动产登记"
    late = sight(scene, now=scene.hall.ratings[request].expires + 1)
    closed = keypad_picture(scene.hall, late, "3")
    assert closed is not None
    assert closed.rating_request is None
    assert keypad_picture(scene.hall, sight(scene), "77") is None


def test_the_visitors_page_goes_with_the_ticket(scene: Scene) -> None:
    ticket = scene.take()
    scene.take()
    waiting = ticket_picture(scene.hall, sight(scene), ticket.id)
    assert waiting is not None
    assert (waiting.ticket.state, waiting.ticket.ahead, waiting.ticket.estimate) == ("waiting", 0, ESTIMATE)
    assert waiting.ticket.counters == ["1", "2"]
    scene.call("1")
    called = ticket_picture(scene.hall, sight(scene), ticket.id)
    assert called is not None
    assert (called.ticket.counter, called.ticket.ahead, called.ticket.estimate) == ("1", None, None)
    scene.miss("1")
    missed = ticket_picture(scene.hall, sight(scene), ticket.id)
    assert missed is not None
    assert missed.may_reinstate
    assert ticket_picture(scene.hall, sight(scene), "20261124-A999") is None


def test_a_visitor_sent_to_one_counter_is_told_that_one(scene: Scene) -> None:
    ticket = scene.take()
    scene.call("1")
    scene.do(TransferTicket(reason="x", counter="3"), counter="1")
    shown = ticket_picture(scene.hall, sight(scene), ticket.id)
    assert shown is not None
    assert shown.ticket.counters == ["3"]


def test_a_kiosk_knows_what_is_asked_for_most_and_who_else_prints(scene: Scene) -> None:
    for _ in range(3):
        scene.take(service="S2")
    scene.take(service="S1")
    other = scene.device("kiosk", "K2")
    devices = {other: device("ready", device=other), f"{other}/escpos+x": device("fault", device=other, role="printer")}
    devices[f"{other}/scanner+x"] = device("unknown", device=other, role="scanner")
    scene.do(AskHelp(), device=scene.kiosk)
    shown = kiosk_picture(scene.hall, sight(scene, devices=devices), "K1")
    assert shown is not None
    assert shown.top[:2] == ["S2", "S1"]
    assert "S3" not in shown.top, "out of use"
    assert (shown.help_waiting, shown.other_kiosks) == (True, [])
    devices[f"{other}/escpos+x"] = device("degraded", device=other, role="printer")
    again = kiosk_picture(scene.hall, sight(scene, devices=devices, now=scene.now + 16 * 60_000), "K1")
    assert again is not None
    assert (again.help_waiting, again.other_kiosks) == (False, ["K2"])
    assert kiosk_picture(scene.hall, sight(scene), "nobody") is None


# ---------------------------------------------------------------- manager, catalogue


def test_a_manager_sees_what_wants_doing_red_first(scene: Scene) -> None:
    scene.take(), scene.later(minutes=46)
    scene.do(AskHelp(language="en"), device=scene.kiosk)
    devices = {
        "D9": device("degraded", since="2026-11-24T09:00:00.000+08:00"),
        "D8": device("absent", since="2026-11-24T09:10:00.000+08:00"),
    }
    shown = manager_picture(
        scene.hall, sight(scene, devices=devices, alarms=("storage_failed",), stale_since=scene.now)
    )
    levels = [a.level for a in shown.alerts]
    assert levels == sorted(levels, key=lambda level: level != "red")
    assert {a.code for a in shown.alerts} == {
        "calendar_missing", "storage_failed", "help_requested", "device_absent", "device_degraded", "long_wait",
    }  # fmt: skip
    assert [h.name for h in shown.help] == ["K1"]
    assert shown.stale_since is not None
    assert shown.head_seq == scene.hall.seq


def test_the_catalogue_offers_what_is_in_use_and_promises_nothing_more(scene: Scene) -> None:
    """A1; on-the-spot items promise the same day whatever is printed; U26: lines with ranges are public."""
    shown = catalogue_picture(scene.hall, sight(scene), str.upper)
    assert [(s.service, s.promised_days) for s in shown.services] == [("S1", 0), ("S2", 3)]
    assert shown.services[1].materials[0].name == "身份证"
    assert shown.lines[0].hours == [["09:00", "12:00"], ["13:30", "16:30"]]
    before = shown.version
    scene.do(CallNext(), counter="1")
    assert catalogue_picture(scene.hall, sight(scene), str.upper).version == before, "a call changes no catalogue"
    lines = lines_picture(scene.hall, sight(scene))
    assert [(line.line, line.waiting, line.estimate) for line in lines.lines] == [("A", 0, ESTIMATE), ("B", 0, None)]


def test_an_evacuation_is_in_every_picture(scene: Scene) -> None:
    ticket = scene.take()
    scene.do(StartEvacuation(exits={"main": "left"}))
    now = sight(scene)
    pictures = [
        wall_picture(scene.hall, now, "main"),
        counter_picture(scene.hall, now, "1"),
        keypad_picture(scene.hall, now, "1"),
        kiosk_picture(scene.hall, now, "K1"),
        ticket_picture(scene.hall, now, ticket.id),
        manager_picture(scene.hall, now),
    ]
    for picture in pictures:
        assert picture is not None
        assert plain(picture)["evacuation"]["exits"] == {"main": "left"}


def test_taking_a_picture_changes_nothing(scene: Scene) -> None:
    from hall_server.core.hall import encode

    scene.take(), scene.call("1"), scene.take("B")
    before = encode(scene.hall)
    test_an_evacuation_is_in_every_picture(Scene())
    for name in ("main", "second"):
        wall_picture(scene.hall, sight(scene), name)
    counter_picture(scene.hall, sight(scene), "1")
    manager_picture(scene.hall, sight(scene))
    assert encode(scene.hall) == before


def test_a_screen_has_the_posts_of_the_counters_it_tells_about() -> None:
    """A4c: telephone and first-contact post; one counter's own screen has its own alone."""
    scene = Scene()
    scene.hall.counters["3"].phone, scene.hall.counters["3"].post = "0000-0000003", "0312"
    own = [Zone(zone="counter", x=0, y=0, w=1920, h=1080, counter="3")]
    assert posts(scene.hall, own) == {"3": Post(phone="0000-0000003", post="0312")}
    everywhere = posts(scene.hall, [Zone(zone="catalogue", x=0, y=0, w=1920, h=1080)])
    assert everywhere is not None
    assert set(everywhere) == {c.counter for c in scene.hall.counters.values() if not c.retired}
    assert posts(scene.hall, [Zone(zone="calls", x=0, y=0, w=1920, h=1080)]) is None
