"""What the drivers log comes out in the programs' own form: one line when a device is lost, one when it is back."""

import json
import logging

import pytest

from hall_client.options import log_to_stderr
from hardware.driver import Surroundings
from hardware.health import HealthBook, utc_now


@pytest.fixture(autouse=True)
def drivers_log_as_before():
    drivers = logging.getLogger("hardware")
    before = (drivers.handlers, drivers.propagate, drivers.level)
    yield
    drivers.handlers, drivers.propagate = before[0], before[1]
    drivers.setLevel(before[2])


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_lost_device_is_one_json_line_and_its_return_another(capsys) -> None:
    log_to_stderr("info")
    log = logging.getLogger("hardware.driver")
    book = HealthBook(kind="printer", address="escpos+sim://", events=Surroundings().events, wall=utc_now)
    for _ in range(3):
        if book.lost("gone"):
            log.warning("%s lost (%s): %s", "escpos+sim://", "gone", "unplugged")
    for _ in range(3):
        if book.heard():
            log.info("%s answers", "escpos+sim://")
    told = lines(capsys.readouterr().err)
    assert [(line["level"], line["event"].split()[1]) for line in told] == [("warning", "lost"), ("info", "answers")]
    assert told[0]["logger"] == "hardware.driver"


def test_the_level_holds_for_drivers_too(capsys) -> None:
    log_to_stderr("error")
    logging.getLogger("hardware.driver").warning("not of interest")
    assert capsys.readouterr().err == ""
