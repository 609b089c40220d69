"""`hall-device`: what is plugged in, what it is, whether it works, where it stands; and stand-ins for devices."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from hardware import logs, scan, search, serve, trial, walk
from hardware.address import BadAddress, parse
from hardware.advice import advice
from hardware.audio import command as voice
from hardware.binding import BadBinding
from hardware.driver import DeviceBusy
from hardware.fonts import FontMissing
from hardware.hotplug import RULES
from hardware.led import keeping
from hardware.logs import Failure, Usage
from hardware.plugged import Plugged, plugged
from hardware.port import PortGone
from hardware.printers.profiles import BadProfile
from hardware.simulation import command as simulate
from hardware.simulation.device import NoSuchFault

PROGRAM = "hall-device"


def main(arguments: list[str] | None = None) -> int:
    """The entry point. Exit 0 done, 1 failure with one line, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    logs.start(options.log_level)
    return logs.run(PROGRAM, lambda: _guarded(options))


def _guarded(options: argparse.Namespace) -> int:
    try:
        result: int = options.run(options)
        return result
    except (BadAddress, BadProfile, NoSuchFault) as wrong:
        raise Usage(str(wrong)) from wrong
    except PortGone as gone:
        raise Failure(f"{gone}. {advice(gone.code)}") from gone
    except (FontMissing, BadBinding, DeviceBusy) as missing:
        raise Failure(str(missing)) from missing


def _parser() -> argparse.ArgumentParser:
    parser = logs.parser(PROGRAM, "Lists, finds out, tries, binds, shares and simulates the hall's devices.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    listing = commands.add_parser("list", help="what is plugged in, what it probably is, by which name to bind it")
    listing.add_argument("--json", action="store_true", help="a JSON object a line")
    listing.set_defaults(run=_list)

    probe = commands.add_parser("probe", help="opens a device and says what it answers")
    probe.add_argument(
        "url", metavar="URL", help="PROTOCOL+TRANSPORT, e.g. escpos+socket://192.168.1.50:9100; a bare port finds out"
    )
    probe.add_argument("--json", action="store_true", help="one JSON object")
    probe.set_defaults(run=_probe)

    test = commands.add_parser("test", help="prints a ticket, shows pages, or asks for a key, a card, a code")
    test.add_argument("url", metavar="URL", help="PROTOCOL+TRANSPORT, as for probe")
    test.set_defaults(run=_test)

    rules = commands.add_parser("rules", help="prints the udev rules for this system (Linux)")
    rules.set_defaults(run=_rules)

    walk.add_arguments(commands.add_parser("setup", help="walks a fitter through: plug in, seen, bound, written"))
    scan.add_arguments(commands.add_parser("scan", help="which addresses live on an RS-485 line"))
    serve.add_arguments(commands.add_parser("serve", help="owns an RS-485 line and carries each pad to its counter"))
    keeping.add_arguments(commands.add_parser("keep", help="writes a bar's own page, shown when nobody drives it"))
    voice.add_arguments(commands.add_parser("voice", help="the hall's voice: record, check, build, listen"))
    simulate.add_arguments(commands.add_parser("simulate", help="stands in for a device until it is ended"))
    simulate.add_tell_arguments(
        commands.add_parser("tell", help="a command to a running simulator: faults, keys, cards")
    )
    return parser


def _list(options: argparse.Namespace) -> int:
    every = plugged()
    for one in every:
        print(json.dumps(one.as_entry(), ensure_ascii=False) if options.json else _line(one))
    if not every and not options.json:
        print("no serial port, USB printer or keypad on this machine; network devices are probed by address")
    return 0


def _line(one: Plugged) -> str:
    about = one.guess.words if one.description in ("", one.guess.words) else f"{one.guess.words}: {one.description}"
    now = f"  (now {one.where})" if one.lasting != one.where else ""
    return f"{one.lasting}{now}  {about}" + ("" if one.may_open else f"  - {advice('no_permission')}")


def _rules(options: argparse.Namespace) -> int:
    print(RULES, end="")
    return 0


# -- probe and test ----------------------------------------------------------------------------------------------------


def _probe(options: argparse.Namespace) -> int:
    if search.is_bare(options.url):
        found = search.ask_all(options.url, say=_aside)
        if found is None:
            address = search.listen(options.url, say=_aside)
            if address is None:
                raise Failure(f"{options.url}: nothing that is known here answers. {advice('silent')}")
            _tell({"address": str(address), "state": "unknown"}, as_json=options.json)
            return 0
        health, entry = found
    else:
        health, entry = trial.examine(parse(options.url))
    _tell(entry, as_json=options.json)
    if health.last_ok is None:
        word = next(iter(health.faults), "")
        if not word:
            raise Failure(f"{options.url}: open, but it cannot be asked and has said nothing: try hall-device test")
        raise Failure(f"{options.url}: {word}. {advice(word)}")
    for word in sorted(health.faults):
        _aside(f"{word}. {advice(word)}")
    return 0


def _tell(entry: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(entry, ensure_ascii=False))
        return
    for key, value in entry.items():
        print(f"{key}: {value if not isinstance(value, list) else ', '.join(map(str, value)) or 'none'}")


def _test(options: argparse.Namespace) -> int:
    say: Callable[[str], None] = lambda text: print(text, flush=True)  # noqa: E731 - print with its own default
    trial.show(parse(options.url), say=say, warn=_aside)
    return 0


def _aside(text: str) -> None:
    """Beside the answer: what is going on, what to look at."""
    print(f"{PROGRAM}: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
