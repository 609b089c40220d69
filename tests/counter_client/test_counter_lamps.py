"""Lamps: silence is never green, and every fault says what to do."""

from __future__ import annotations

import pytest

from assets.i18n import Catalogue
from counter_client.lamps import of_device, of_network
from counter_client.saying import text_of
from hardware.health import KEYPAD_FAULTS, LED_FAULTS, PORT_FAULTS, State

CATALOGUE = Catalogue()


def speak(key: str, **values: object) -> str:
    return CATALOGUE.say(key, "zh-Hans", **values)


@pytest.mark.parametrize("state", list(State))
def test_only_a_device_that_answers_is_green(state: State):
    lamp = of_device("keypad", state=str(state), faults=())
    assert (lamp.light == "green") == (state is State.READY)
    assert text_of(lamp.word, speak)
    assert text_of(lamp.todo, speak)


def test_a_pad_that_cannot_be_asked_says_how_to_hear_it():
    for name in ("pad", "keypad"):
        lamp = of_device(name, state="unknown", faults=())
        assert lamp.light == "unknown"
        assert text_of(lamp.todo, speak) == speak("lamp.todo.unheard")
    assert text_of(of_device("led", state="unknown", faults=()).todo, speak) == speak("lamp.todo.wait")


@pytest.mark.parametrize("fault", sorted(PORT_FAULTS | KEYPAD_FAULTS | LED_FAULTS))
def test_every_fault_says_what_to_do(fault: str):
    lamp = of_device("led", state="fault", faults=[fault])
    assert lamp.light == "red"
    assert text_of(lamp.todo, speak) != speak("lamp.todo.report")


def test_the_network_is_unknown_until_it_was_heard():
    assert of_network(offline=True, ever_heard=False).light == "unknown"
    assert of_network(offline=True, ever_heard=True).light == "red"
    assert of_network(offline=False, ever_heard=True).light == "green"
