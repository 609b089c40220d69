"""Figures of readers: how fast each codec reads, and from a card on the reader to the event.

python -m tests.benchmarks.reader_figures
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from queue import Queue
from typing import Any

from hardware.driver import Surroundings
from hardware.health import CardRead, State
from hardware.readers import card as cards
from hardware.readers import codec as samv
from hardware.readers.driver import CardReader
from hardware.readers.lines import Code, LineParser
from hardware.readers.simulated import SimulatedReader, synthetic
from hardware.simulation.server import SimulatorServer

from .bench import Figure

STREAM_BYTES = 4_000_000
PIECE_BYTES = 4096
"""What a port gives at once on a fast line."""
GOAL_MB_S = 5
CARDS = 60
GOAL_MS = 700
"""Twice the time between two looks for a card, and the reading: nobody lifts a card sooner."""
LIMIT_S = 20.0


def figures(*, quick: bool = False) -> list[Figure]:
    """Every row about readers."""
    rows = [_reading(name, make, frames) for name, (make, frames) in _codecs().items()]
    return [*rows, _records(), _card_to_event(15 if quick else CARDS)]


# -- reading ----------------------------------------------------------------------------------------------------


def _codecs() -> dict[str, tuple[Callable[[], Any], list[bytes]]]:
    """A parser and frames as the line would carry them."""
    photo = bytes(range(256)) * 4
    whole = [samv.card_answer(cards.write(synthetic(n)), photo) for n in range(1, 60)]
    short = [samv.answer(word, data) for word, data in ((0x9F, bytes(4)), (0x90, bytes(8)), (0x80, b""), (0x90, b""))]
    urls = [Code(f"https://hall.example/t/{n:030d}").encode() for n in range(500)]
    return {
        "samv, cards": (samv.FrameParser, whole),
        "samv, answers": (samv.FrameParser, short * 50),
        "scanner": (LineParser, urls),
    }


def _reading(name: str, make: Callable[[], Any], frames: list[bytes]) -> Figure:
    once = b"".join(frames)
    times = STREAM_BYTES // len(once) + 1
    stream, count = once * times, len(frames) * times
    pieces = [stream[at : at + PIECE_BYTES] for at in range(0, len(stream), PIECE_BYTES)]
    best = 0.0
    for _ in range(3):
        parser, read = make(), 0
        begun = time.perf_counter()
        for piece in pieces:
            read += len(parser.feed(piece))
        taken = time.perf_counter() - begun
        if read != count:
            raise RuntimeError(f"{name}: {read} of {count} frames were read")
        best = max(best, len(stream) / 1e6 / taken)
    return Figure(f"decode {name}", best, "MB/s", goal=f">= {GOAL_MB_S} MB/s", reached=best >= GOAL_MB_S)


def _records() -> Figure:
    """The 256 bytes of a card to its fields."""
    records = [cards.write(synthetic(n)) for n in range(1, 60)] * 60
    best = 0.0
    for _ in range(3):
        begun = time.perf_counter()
        read = sum(card is not None and card.is_plausible for card in map(cards.read, records))
        taken = time.perf_counter() - begun
        if read != len(records):
            raise RuntimeError(f"{read} of {len(records)} cards were read")
        best = max(best, sum(map(len, records)) / 1e6 / taken)
    return Figure("decode samv, records", best, "MB/s", goal=f">= {GOAL_MB_S} MB/s", reached=best >= GOAL_MB_S)


# -- from the card to the event ---------------------------------------------------------------------------------


def _card_to_event(cards_placed: int) -> Figure:
    """A card is put on a simulated reader behind a socket; until the driver has told it. p99."""
    events: Queue[float] = Queue()

    def told(event: object) -> None:
        if isinstance(event, CardRead):
            events.put(time.perf_counter())

    module, stop = SimulatedReader(), threading.Event()
    with SimulatorServer(module, "socket://127.0.0.1:0") as server:
        driver = CardReader(f"samv+{server.url}", around=Surroundings(events=told))
        thread = threading.Thread(target=driver.serve, args=(stop,))
        thread.start()
        try:
            end = time.monotonic() + LIMIT_S
            while driver.snapshot().state is not State.READY:
                if time.monotonic() > end:
                    raise RuntimeError("the simulated reader never answered")
                stop.wait(0.01)
            times = sorted(_placed(module, events, n) for n in range(1, cards_placed + 1))
        finally:
            stop.set()
            thread.join(timeout=5)
    worst = times[min(len(times) - 1, int(len(times) * 0.99))]
    return Figure("card to event, p99", worst, "ms", goal=f"<= {GOAL_MS} ms", reached=worst <= GOAL_MS)


def _placed(module: SimulatedReader, events: Queue[float], n: int) -> float:
    begun = time.perf_counter()
    module.place(synthetic(n))
    taken = (events.get(timeout=LIMIT_S) - begun) * 1000
    module.remove()
    return taken


if __name__ == "__main__":
    from .bench import line_of

    for row in figures(quick="--quick" in sys.argv):
        print(line_of(row), flush=True)
