"""Which protocol has which driver and which simulator: the one table that knows all rooms of `hardware`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware.address import PROTOCOLS, Address, BadAddress, parse
from hardware.driver import PortDriver, Surroundings
from hardware.health import Sink, ignore
from hardware.keypads.driver import KeypadDriver
from hardware.keypads.hid.driver import HidPad
from hardware.keypads.hid.simulated import SimulatedKeyboard
from hardware.keypads.pad68.bus import Pad68Bus
from hardware.keypads.pad68.simulated import SimulatedPads
from hardware.keypads.simulated import SimulatedPad
from hardware.keypads.template.driver import TemplatePad
from hardware.keypads.template.profiles import load as template_profile
from hardware.keypads.template.simulated import SimulatedTemplate
from hardware.led.bxk_driver import BxkBar
from hardware.led.bxk_simulated import SimulatedBar
from hardware.led.cpower_driver import CPowerBar
from hardware.led.cpower_simulated import SimulatedCPower
from hardware.led.page import LedBar
from hardware.led.panel_driver import ArtnetPanel, DdpPanel
from hardware.led.panel_simulated import SimulatedArtnet, SimulatedDdp
from hardware.led.preview import PngBar
from hardware.port import Port
from hardware.printers.driver import PrinterDriver
from hardware.printers.simulated import SimulatedPrinter
from hardware.readers.driver import CardReader
from hardware.readers.scanner import Scanner
from hardware.readers.simulated import SimulatedReader, SimulatedScanner
from hardware.simulation.device import SimulatedDevice
from hardware.simulation.memory import MemoryPort


def open_driver(
    address: Address | str, *, events: Sink = ignore, around: Surroundings | None = None
) -> PortDriver[Any]:
    """The driver for an address; run its `serve` in a thread. Raises BadAddress, BadProfile."""
    at = parse(address) if isinstance(address, str) else address
    return DRIVERS[at.protocol](at, around=around or Surroundings(events=events))


def open_led_bar(address: Address | str, *, events: Sink = ignore, around: Surroundings | None = None) -> LedBar:
    """The bar at an address. Raises BadAddress, also for an address that is no bar."""
    at = parse(address) if isinstance(address, str) else address
    if PROTOCOLS[at.protocol].kind != "led":
        bars = ", ".join(f"{name}+…" for name, spoken in PROTOCOLS.items() if spoken.kind == "led")
        raise BadAddress(f"{at}: no LED bar; write one of {bars}")
    bar: LedBar = DRIVERS[at.protocol](at, around=around or Surroundings(events=events))  # type: ignore[assignment]
    return bar


def _simulated_pad(options: dict[str, str], out: Path | None) -> SimulatedDevice:
    return SimulatedPad(addr=int(options.get("addr", "1"), 0), keys=int(options.get("keys", "5"), 0))


def _simulated_line(options: dict[str, str], out: Path | None) -> SimulatedDevice:
    first, count = int(options.get("addr", "1"), 0), int(options.get("pads", "1"), 0)
    return SimulatedPads(range(first, first + count), answering=options.get("ack") == "1")


def _simulated_template(options: dict[str, str], out: Path | None) -> SimulatedDevice:
    profile = template_profile(options.get("profile", "raw1"), options.get("file"))
    return SimulatedTemplate(profile, addr=int(options.get("addr", "1"), 0))


# One line a protocol in each of these two tables, and one in `hardware.address.PROTOCOLS`; nothing else is needed for
# the programs and for `hall-device simulate`.
DRIVERS: dict[str, Callable[..., PortDriver[Any]]] = {
    "escpos": PrinterDriver,
    "bxk": BxkBar,
    "cpower": CPowerBar,
    "artnet": ArtnetPanel,
    "ddp": DdpPanel,
    "png": PngBar,
    "neutral": KeypadDriver,
    "pad68": Pad68Bus,
    "hid": HidPad,
    "template": TemplatePad,
    "samv": CardReader,
    "scanner": Scanner,
}
SIMULATORS: dict[str, Callable[[dict[str, str], Path | None], SimulatedDevice]] = {
    "escpos": SimulatedPrinter.made,
    "bxk": SimulatedBar.made,
    "cpower": SimulatedCPower.made,
    "artnet": SimulatedArtnet.made,
    "ddp": SimulatedDdp.made,
    "neutral": _simulated_pad,
    "pad68": _simulated_line,
    "hid": lambda options, out: SimulatedKeyboard(),
    "template": _simulated_template,
    "samv": lambda options, out: SimulatedReader(),
    "scanner": lambda options, out: SimulatedScanner(),
}


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
