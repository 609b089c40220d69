"""One question of the hall is one ASK; one counted press is one rating; nothing pressed is nothing sent."""

from __future__ import annotations

from counter_scenes import at, keypad, question

from counter_client.rating import Bridge
from hall_protocol.pictures import Evacuation


def whats(orders: list) -> list[str]:
    return [order.what for order in orders]


def started() -> Bridge:
    bridge = Bridge()
    assert whats(bridge.picture(keypad())) == ["staff"]
    return bridge


def test_a_question_is_asked_once_and_answered_with_the_halls_nonce():
    bridge = started()
    (ask,) = bridge.picture(keypad(rating_request=question(), number="A041"))
    assert (ask.what, ask.window_s) == ("ask", 20)
    assert bridge.picture(keypad(rating_request=question(), number="A041")) == []
    answer = bridge.pressed(session=ask.session, key=4)
    assert answer is not None
    assert answer.body == {"request": "R7", "nonce": "n-7", "level": 4}
    assert answer.key == "pad-R7"
    assert bridge.pressed(session=ask.session, key=1) is None, "the first counts"
    assert bridge.picture(keypad()) == [], "answered: nothing to cancel"


def test_an_answer_shows_neither_level_nor_nonce_in_a_log():
    bridge = started()
    (ask,) = bridge.picture(keypad(rating_request=question()))
    text = repr(bridge.pressed(session=ask.session, key=4))
    assert "level" not in text
    assert "n-7" not in text


def test_a_press_for_another_session_or_no_level_is_nothing():
    bridge = started()
    (ask,) = bridge.picture(keypad(rating_request=question()))
    assert bridge.pressed(session=ask.session + 1, key=5) is None
    assert bridge.pressed(session=ask.session, key=6) is None
    assert bridge.pressed(session=ask.session, key=0) is None


def test_no_press_sends_nothing():
    bridge = started()
    (ask,) = bridge.picture(keypad(rating_request=question()))
    bridge.unrated(session=ask.session)
    assert bridge.pressed(session=ask.session, key=5) is None
    assert bridge.picture(keypad(rating_request=question())) == [], "asked once"


def test_a_question_taken_away_is_cancelled_and_the_next_asked():
    bridge = started()
    (first,) = bridge.picture(keypad(rating_request=question("R7")))
    orders = bridge.picture(keypad(rating_request=question("R9", "n-9")))
    assert whats(orders) == ["cancel", "ask"]
    assert orders[0].session == first.session
    assert orders[1].session != first.session
    assert bridge.pressed(session=first.session, key=5) is None


def test_a_question_older_than_the_program_is_not_asked_again():
    bridge = Bridge()
    assert whats(bridge.picture(keypad(rating_request=question()))) == ["staff"]
    assert bridge.picture(keypad(rating_request=question())) == []


def test_the_pad_shows_the_clerks_number_and_forgets_it():
    bridge = started()
    assert whats(bridge.picture(keypad(clerk=None))) == ["welcome"]
    (staff,) = bridge.picture(keypad(clerk="0555"))
    assert (staff.what, staff.clerk) == ("staff", "0555")
    assert whats(bridge.pad_is_back()) == ["staff"]


def test_an_evacuation_ends_the_question():
    bridge = started()
    bridge.picture(keypad(rating_request=question()))
    orders = bridge.picture(keypad(rating_request=question(), evacuation=Evacuation(since=at("10:31"), exits={})))
    assert whats(orders) == ["cancel"]
