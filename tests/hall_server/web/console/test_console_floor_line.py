"""A line of the floor page: nobody waits and nobody is free is a wait too, with a clock behind it."""

from types import SimpleNamespace

from hall_protocol.pictures import Estimate
from hall_protocol.pictures.wall import WallLine
from hall_server.core.hall import Hall
from hall_server.web.console.pages.floor import line_row
from hall_server.web.public.words import Speech


def test_a_line_with_nobody_waiting_and_every_counter_taken_has_a_range():
    estimate = Estimate(p10_s=120, p50_s=300, p80_s=480, p90_s=600)
    line = WallLine(name="综合", waiting=0, estimate=estimate, next=[], open_counters=1, counters=["6"])
    house = SimpleNamespace(engine=SimpleNamespace(hall=Hall()))
    row = line_row(Speech("en"), "H", line, 1_795_540_800_000, house)  # type: ignore[arg-type]
    assert all(n in row["wait"] for n in ("2", "10"))
