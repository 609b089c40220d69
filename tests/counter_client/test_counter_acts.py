"""Acts as requests, their keys, and who sits at the counter."""

from __future__ import annotations

import itertools

from counter_scenes import counter, picture

from counter_client.acts import COUNTER_ACTS, Intentions, problem_of, request_of
from counter_client.sitting import Sitting, pin_fault


def keys() -> Intentions:
    numbers = itertools.count(1)
    return Intentions(lambda: f"k{next(numbers)}")


def test_each_act_is_the_contracts_request():
    paths = {act: request_of(act, counter="3").path for act in COUNTER_ACTS}
    assert paths["call_next"] == "/counters/3/call-next"
    assert paths["no_show"] == "/counters/3/no-show"
    assert paths["call_number"] == "/counters/3/call"
    assert request_of("reinstate", counter="3", ticket="T1").path == "/tickets/T1/reinstate"
    assert request_of("sign_out", counter="3").method == "DELETE"
    parked = request_of("park", counter="3", words={"reason": "documents", "until": None})
    assert parked.body == {"reason": "documents"}


def test_a_repeated_try_keeps_its_key_until_it_is_answered():
    book = keys()
    call = request_of("call_next", counter="3")
    assert book.keyed(call).key == "k1"
    assert book.keyed(call).key == "k1"
    book.answered(call)
    assert book.keyed(call).key == "k2"


def test_other_words_are_another_intention():
    book = keys()
    first = book.keyed(request_of("park", counter="3", words={"reason": "documents"}))
    other = book.keyed(request_of("park", counter="3", words={"reason": "payment"}))
    assert first.key != other.key


def test_a_new_reading_of_the_picture_ends_what_was_open():
    book = keys()
    call = request_of("call_next", counter="3")
    book.keyed(call)
    book.read_anew()
    assert book.keyed(call).key == "k2"


def test_every_try_of_a_pin_has_its_own_key():
    book = keys()
    sign_in = request_of("sign_in", counter="3", words={"clerk": "0312", "pin": "123456"})
    assert book.keyed(sign_in).key != book.keyed(sign_in).key


def test_a_refusal_keeps_code_values_and_sentence():
    body = {
        "type": "about:blank",
        "status": 409,
        "code": "taken_elsewhere",
        "detail": "x",
        "number": "B018",
        "counter": "7",
    }
    assert problem_of(409, body) == ("taken_elsewhere", {"number": "B018", "counter": "7"}, "x")
    assert problem_of(503, None)[0] == "storage_unavailable"
    assert problem_of(502, "<html>")[0] == "unreachable"


def test_locking_keeps_the_session_and_idle_locks():
    sitting = Sitting(idle_lock_s=600)
    sitting.signed_in(clerk="0312", token="secret-token", now=0)
    assert not sitting.is_idle(now=599)
    sitting.touched(now=300)
    assert not sitting.is_idle(now=899)
    assert sitting.is_idle(now=900)
    sitting.lock()
    assert sitting.locked
    assert sitting.token == "secret-token"
    assert not sitting.is_idle(now=9999)
    assert "secret-token" not in repr(sitting)


def test_a_session_the_hall_ended_elsewhere_is_over_here():
    sitting = Sitting()
    sitting.signed_in(clerk="0312", token="t", now=0)
    assert not sitting.check(picture(counter=counter(clerk=None)), now=1), "the picture may lag behind"
    assert not sitting.check(picture(), now=10)
    assert sitting.check(picture(counter=counter(clerk="0555")), now=10)
    assert sitting.clerk is None
    assert sitting.ended == "elsewhere"
    assert sitting.last_clerk == "0312"


def test_the_delay_after_wrong_pins_counts_down():
    sitting = Sitting()
    sitting.delayed(seconds=5, now=100)
    assert sitting.delay_left(now=100) == 5
    assert sitting.delay_left(now=104.5) == 1
    assert sitting.delay_left(now=105) == 0


def test_what_cannot_be_sent_is_said_before():
    assert pin_fault("", "123456") == "signin.need_clerk"
    assert pin_fault("0312", "12345") == "signin.need_pin"
    assert pin_fault("0312", "12345a") == "signin.need_pin"
    assert pin_fault("0312", "1234567890123") == "signin.need_pin"
    assert pin_fault("0312", "123456") is None
