"""A rater or call pad whose frames a profile declares: `template+/dev/ttyUSB0?profile=NAME[&file=OWN.toml]`."""

from __future__ import annotations

from types import MappingProxyType

from hardware.address import Address, BadAddress, parse
from hardware.driver import Surroundings
from hardware.keypads.jobs import Ask, Cancel, PadJob, ShowNumber, Staff, Welcome
from hardware.keypads.listening import ListeningPad
from hardware.keypads.template.codec import DeviceFrame, FrameParser, Junk
from hardware.keypads.template.layout import encodable
from hardware.keypads.template.profiles import Profile, load
from hardware.port import Port


class TemplatePad(ListeningPad):
    """`?addr=` (1) is the device's address where its frames have one; the line's settings are the profile's unless
    the address names others. Raises BadTemplate."""

    def __init__(
        self, address: Address | str, *, around: Surroundings | None = None, profile: Profile | None = None
    ) -> None:
        at = parse(address) if isinstance(address, str) else address
        self.profile = profile or profile_of(at)
        line = {"baud": str(self.profile.baud), "parity": self.profile.parity.lower(), "stop": str(self.profile.stop)}
        self.wired = Address(at.protocol, at.url, MappingProxyType({**line, **at.options}))
        """The address with the profile's line settings."""
        super().__init__(at, around=around, debounce_s=self.profile.debounce_ms / 1000)
        self.pad = at.number("addr", 1)
        if self.pad > 0xFF:
            raise BadAddress(f"{at}: addr is 1 to 255")
        incoming = self.profile.incoming
        if incoming.has("addr") and not incoming.checked and self.pad == incoming.tokens[0].value:
            raise BadAddress(f"{at}: addr {self.pad} is also the first byte of the frame, which has no checksum")
        self._seq = 0
        self._parser = FrameParser(self.profile.incoming)

    def _open(self) -> Port:
        return self.around.opener(self.at if self.at.scheme == "sim" else self.wired)

    def _begin(self) -> None:
        self._parser = FrameParser(self.profile.incoming)
        super()._begin()

    def _received(self, data: bytes) -> None:
        self._last_data_s = self._clock()
        self._handle(self._parser.feed(data))

    def _silence(self) -> None:
        self._handle(self._parser.flush())

    def _handle(self, found: list[DeviceFrame | Junk]) -> None:
        for item in found:
            if isinstance(item, Junk):
                self._count_junk(len(item.raw))
            elif item.addr is not None and item.addr != self.pad:
                self.question.ignore(item.key, "other_pad")
            else:
                meaning = self.profile.keys.get(item.key)
                if meaning is not None:
                    self._heard_sense()
                elif self.profile.incoming.size == 1:
                    self._count_junk(1)  # a single byte may be a key nobody named, or noise
                self._pressed(meaning, code=item.key, what=(item.key, item.seq))

    def _bytes_for(self, job: PadJob) -> tuple[bytes, set[str]]:
        match job:
            case Ask():
                return self._frame("ask")
            case Cancel() | Welcome():
                return self._frame("welcome")
            case ShowNumber(number=number):
                return self._frame("show", text=number or "")
            case Staff(number=number, stars=stars):
                shown, replaced = self._frame("staff", text=number)
                return shown + (self._frame("stars", number=stars)[0] if stars else b""), replaced
        return b"", set()

    def _frame(self, name: str, *, text: str = "", number: int = 0) -> tuple[bytes, set[str]]:
        layout = self.profile.out.get(name)
        if layout is None:
            return b"", set()
        self._seq = (self._seq + 1) % 256
        fitted, replaced = encodable(text, charset=layout.charset()[0])
        return layout.encode(addr=self.pad, seq=self._seq, number=number, text=fitted), replaced


def profile_of(address: Address) -> Profile:
    """The profile an address names. Raises BadTemplate, BadAddress."""
    if "profile" not in address.options:
        raise BadAddress(f"{address}: say which profile, for example ?profile=raw1")
    return load(address.options["profile"], address.options.get("file"))
