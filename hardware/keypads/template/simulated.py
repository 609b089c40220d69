"""A device that speaks a profile: sends the frames of its keys, keeps what it was told to show."""

from __future__ import annotations

from collections import deque

from hardware.keypads.template.codec import DeviceFrame, FrameParser
from hardware.keypads.template.profiles import Profile
from hardware.simulation.device import BadCommand, SimulatedDevice

STUCK_EVERY_S = 0.1


class SimulatedTemplate(SimulatedDevice):
    """The device of one profile, at one address."""

    kind = "template"
    own_faults = frozenset({"key_stuck"})
    commands = "press LEVEL_OR_WORD | code HEX | fault NAME | clear [NAME] | status | help"

    def __init__(self, profile: Profile, *, addr: int = 1) -> None:
        super().__init__()
        self.profile, self.addr = profile, addr
        self.screen = ""
        """Name of the last frame it got: `welcome ask staff stars show`."""
        self.shown = ""
        self.stars = 0
        self.told: list[str] = []
        self._seq = 0
        self._outbox: deque[bytes] = deque()
        self._stuck_next_s = 0.0

    def open_conversation(self) -> TemplateConversation:
        return TemplateConversation(self)

    def status(self) -> dict[str, object]:
        return {
            **super().status(),
            "profile": self.profile.name,
            "screen": self.screen,
            "shown": self.shown,
            "stars": self.stars,
        }

    def press(self, meaning: int | str) -> None:
        """A key with that level or word. KeyError when no key has it."""
        self.send_code(self.profile.code_of(meaning))

    def send_code(self, code: int) -> None:
        """A key of any code, also one the profile does not name."""
        with self.lock:
            self._outbox.append(self._frame(code))

    def _frame(self, code: int) -> bytes:
        self._seq = (self._seq + 1) % 256
        return self.profile.incoming.encode(addr=self.addr, key=code, seq=self._seq)

    def own_command(self, words: list[str]) -> str:
        try:
            match words:
                case ["press", key]:
                    self.press(int(key) if key.isdigit() else key)
                case ["code", code]:
                    self.send_code(int(code, 16) & 0xFF)
                case _:
                    raise BadCommand(f"unknown command; {self.kind} knows: {self.commands}")
        except KeyError as error:
            raise BadCommand(f"profile {self.profile.name} has no key {error}") from error
        return "ok"

    def due(self, now: float) -> bytes:
        """What it says unasked by now."""
        raw = b"".join(self._outbox)
        self._outbox.clear()
        if "key_stuck" in self.faults and now >= self._stuck_next_s:
            self._stuck_next_s = now + STUCK_EVERY_S
            raw += self._frame(next(iter(self.profile.keys)))
        return raw

    def obey(self, name: str, raw: bytes) -> None:
        """A frame of the host."""
        layout = self.profile.out[name]
        self.screen = name
        self.told.append(name)
        if name == "stars":
            self.stars = layout.number(raw)
        elif name in ("show", "staff"):
            self.shown = layout.shown(raw)


class TemplateConversation:
    """One host. Every output frame of the profile has its own parser on the stream."""

    def __init__(self, device: SimulatedTemplate) -> None:
        self._device = device
        self._parsers = {name: FrameParser(layout) for name, layout in device.profile.out.items()}

    def feed(self, data: bytes, now: float) -> bytes:
        for name, parser in self._parsers.items():
            for item in parser.feed(data):
                if isinstance(item, DeviceFrame) and item.addr in (None, self._device.addr):
                    self._device.obey(name, item.raw)
        return self._device.due(now)

    def due(self, now: float) -> bytes:
        return self._device.due(now)
