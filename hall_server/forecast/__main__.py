"""The forecaster as a filter of JSON lines: events on standard input, a line on standard output for each question.

An event is an object with `ev` and, in seconds that never decrease, `t`: `hello`, `day`, `open` (`srv`, `skills`),
`close` (`srv`), `arrive` (`id`, `svc`, `cls`, `eff`), `start` (`id`, `srv`), `end` (`id`), `leave` (`id`).
`predict` (`id`) is answered by `{"id", "p10", "p50", "p80", "p90"}`, seconds still to wait.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import BinaryIO

import msgspec

from .predictor import PLAYS, Predictor
from .quantiles import Quantiles


class Event(msgspec.Struct):
    """One line of the protocol; which fields matter depends on `ev`."""

    ev: str
    t: float = 0.0
    id: str = ""
    svc: str = ""
    cls: str = ""
    eff: float = 0.0
    srv: str = ""
    skills: list[str] = []


class Answer(msgspec.Struct):
    """One forecast, seconds."""

    id: str
    p10: float
    p50: float
    p80: float
    p90: float


def tell(predictor: Predictor, event: Event) -> None:
    """Passes an event on; unknown kinds are ignored, so that the protocol may grow."""
    at_ms = round(event.t * 1000)
    match event.ev:
        case "day":
            predictor.day_started(at_ms)
        case "open":
            predictor.counter_opened(event.srv, lines=frozenset(event.skills), at_ms=at_ms)
        case "close":
            predictor.counter_paused(event.srv, at_ms=at_ms)
        case "arrive":
            key_ms = round(event.eff * 1000)
            predictor.ticket_waiting(event.id, line=event.svc, klass=event.cls, at_ms=at_ms, key_ms=key_ms)
        case "start":
            predictor.called(event.id, counter=event.srv, at_ms=at_ms)
        case "end":
            predictor.finished(event.id, at_ms=at_ms)
        case "leave":
            predictor.left(event.id, at_ms=at_ms)


def answer(predictor: Predictor, event: Event) -> Answer:
    """The forecast for a waiting ticket; nothing to wait for one that does not."""
    at_ms = round(event.t * 1000)
    told = predictor.ask_ticket(event.id, at_ms=at_ms, when_closed=True) or Quantiles(0.0, 0.0, 0.0, 0.0)
    return Answer(event.id, told.p10_s, told.p50_s, told.p80_s, told.p90_s)


def run(source: BinaryIO, sink: BinaryIO, predictor: Predictor) -> None:
    """Reads until the end of `source`. Raises msgspec.MsgspecError for a line that is no event."""
    decoder, encoder = msgspec.json.Decoder(Event), msgspec.json.Encoder()
    for line in source:
        if not line.strip():
            continue
        event = decoder.decode(line)
        if event.ev == "predict":
            sink.write(encoder.encode(answer(predictor, event)) + b"\n")
            sink.flush()
        else:
            tell(predictor, event)


def installed_version() -> str:
    """Of the package, where it is installed."""
    try:
        return version("counterhall")
    except PackageNotFoundError:
        return "unknown"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m hall_server.forecast", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--version", action="version", version=installed_version())
    parser.add_argument("--plays", type=int, default=PLAYS, help="replays of a forecast, 0 for none (%(default)s)")
    options = parser.parse_args()
    try:
        run(sys.stdin.buffer, sys.stdout.buffer, Predictor(plays=max(0, options.plays)))
    except msgspec.MsgspecError as error:
        sys.stderr.write(f"hall_server.forecast: a line is not an event of the protocol: {error}\n")
        return 1
    except (BrokenPipeError, KeyboardInterrupt):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
