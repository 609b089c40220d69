"""What the kiosk's printer really prints: the hall's second language below the visitor's, 补打 with its number."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from kiosk_county import picture
from kiosk_stage import Stage, fresh, taken
from PIL import Image, ImageChops

from assets.i18n import Catalogue
from hall_client.papers.ticket import ticket_blocks
from hall_client.spoken import Spoken
from hardware.driver import Surroundings
from hardware.printers.driver import PrinterDriver, Timing
from hardware.printers.paper import render
from hardware.printers.simulated import PrintedTicket, SimulatedPrinter
from hardware.simulation.memory import MemoryPort
from kiosk.desk import Desk
from kiosk.devices import Devices
from kiosk.effects import Print
from kiosk.paper_of import paper_of
from kiosk.printing import Printing
from kiosk.viewmodels import KioskScreen
from kiosk.voice import Voice

LIMIT_S = 10.0


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    one = Stage()
    yield one
    one.shell.close()


def printed(stage: Stage, *, copy: int, second: str | None) -> tuple[Desk, Image.Image]:
    """The desk with a ticket held, and the paper its printer cut off."""
    out: list[PrintedTicket] = []
    came = threading.Event()
    printer = SimulatedPrinter(on_ticket=lambda ticket: (out.append(ticket), came.set()))
    driver = PrinterDriver(
        "escpos+sim://", around=Surroundings(opener=lambda _: MemoryPort(printer)), timing=Timing(answer_s=0.5)
    )
    devices = Devices(post=lambda act: None)
    devices.printing = Printing(driver, post=lambda act: None)
    flow = taken(fresh(picture=picture(hall={"second_language": second})))
    desk = Desk(
        stage.shell, flow=flow, screen=KioskScreen(), outbox=None, voice=Voice(on=False), devices=devices, name="K1"
    )
    devices.printing.start()
    try:
        assert flow.held is not None
        desk._print(Print(flow.held.key, copy))
        assert came.wait(LIMIT_S), "no paper came out"
    finally:
        devices.printing.stop()
    return desk, out[0].picture


def is_paper(picture: Image.Image, desk: Desk, *, copy: int, second: str | None) -> bool:
    """Whether the paper is exactly this ticket, in the visitor's language and this second one."""
    held = desk.flow.held
    assert held is not None
    words = Spoken(Catalogue(), "zh-Hans")
    other = Spoken(words.catalogue, second) if second else None
    slip = paper_of(desk.flow, held, words, other, kiosk="K1", serial=desk._trail.serial, copy=copy)
    wanted = render(ticket_blocks(slip, words, other))
    same = picture.crop((0, 0, wanted.width, wanted.height))
    return ImageChops.logical_xor(same, wanted).getbbox() is None


@pytest.mark.parametrize(("copy", "second"), [(0, None), (0, "en"), (2, "en")])
def test_the_paper_is_the_ticket_in_the_halls_languages_with_its_copy(
    stage: Stage, copy: int, second: str | None
) -> None:
    desk, paper = printed(stage, copy=copy, second=second)
    assert is_paper(paper, desk, copy=copy, second=second)
    assert not is_paper(paper, desk, copy=copy + 1, second=second)
    assert not is_paper(paper, desk, copy=copy, second="zh-Hant")
