"""Which protocol has which driver and which simulator: the one table that knows all rooms of `hardware`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware.address import Address, parse
from hardware.driver import PortDriver, Surroundings
from hardware.health import Sink, ignore
from hardware.port import Port
from hardware.printers.driver import PrinterDriver
from hardware.printers.profiles import named
from hardware.printers.simulated import SimulatedPrinter
from hardware.simulation.device import SimulatedDevice
from hardware.simulation.memory import MemoryPort


def open_driver(
    address: Address | str, *, events: Sink = ignore, around: Surroundings | None = None
) -> PortDriver[Any]:
    """The driver for an address; run its `serve` in a thread. Raises BadAddress, BadProfile."""
    at = parse(address) if isinstance(address, str) else address
    return DRIVERS[at.protocol](at, around=around or Surroundings(events=events))


def _simulated_printer(options: dict[str, str], out: Path | None) -> SimulatedDevice:
    width = named(options["profile"]).width_dots if "profile" in options else 576
    return SimulatedPrinter(out=out, width_dots=width)


DRIVERS: dict[str, Callable[..., PortDriver[Any]]] = {"escpos": PrinterDriver}
SIMULATORS: dict[str, Callable[[dict[str, str], Path | None], SimulatedDevice]] = {"escpos": _simulated_printer}


def simulator_for(protocol: str, *, options: dict[str, str], out: Path | None) -> SimulatedDevice:
    """A simulated device of that protocol."""
    return SIMULATORS[protocol](options, out)


_in_process: dict[str, SimulatedDevice] = {}


def open_simulator(address: Address) -> Port:
    """The port of a `sim://` address. Opening it again finds the same device, as unplugging and plugging in does."""
    name = str(address)
    if name not in _in_process:
        options = dict(address.options)
        out = Path(options["out"]) if "out" in options else None
        device = simulator_for(address.protocol, options=options, out=out)
        if "fault" in options:
            device.set_fault(options["fault"])
        _in_process[name] = device
    return MemoryPort(_in_process[name])


def simulated(address: str) -> SimulatedDevice | None:
    """The device behind a `sim://` address opened in this process, to set its faults or press its keys."""
    return _in_process.get(str(parse(address)))
