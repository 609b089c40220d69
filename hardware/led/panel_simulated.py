"""Open panels made of software: what `artnet` and `ddp` send becomes dots, drawn into `bar.png` of a folder."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path

from PIL import Image

from hardware.led import artnet_codec as artnet
from hardware.led import ddp_codec as ddp
from hardware.led.page import LINE_DOTS
from hardware.led.sign import SimulatedSign
from hardware.simulation.device import Conversation

SYNC_FORGOTTEN_S = 4.0
"""A node that hears no sync for so long shows every packet at once again."""
ORDER = "rgb"


class SimulatedPanel(SimulatedSign):
    """Dots in the order of rows, or turning back at the end of each."""

    own_faults: frozenset[str] = frozenset()

    def __init__(
        self,
        *,
        out: Path | None = None,
        width: int = 192,
        height: int = LINE_DOTS,
        layout: str = "rows",
        order: str = ORDER,
        universe: int = 0,
    ) -> None:
        super().__init__(out=out, width=width, height=height)
        self.universe = universe
        self.late = 0
        """Packets that overtook each other, by their sequence."""
        self._snake = layout == "snake"
        self._places = [order.index(part) for part in ORDER]
        self._arriving = bytearray(3 * width * height)
        self._showing = bytes(self._arriving)
        self._changed()

    @classmethod
    def made(cls, options: dict[str, str], out: Path | None) -> SimulatedPanel:
        """From the options of an address or of `hall-device simulate`."""
        return cls(
            out=out,
            width=int(options.get("width", "192"), 0),
            height=int(options.get("height", "16"), 0),
            layout=options.get("layout", "rows"),
            order=options.get("order", ORDER),
            universe=int(options.get("universe", "0"), 0),
        )

    def status(self) -> dict[str, object]:
        return {**super().status(), "late": self.late}

    @property
    def text(self) -> str:
        """A panel is sent dots, no text."""
        return ""

    def board(self) -> Image.Image:
        """The dots of this moment."""
        board = Image.frombytes("RGB", (self.width, self.height), self._showing)
        parts = board.split()
        board = Image.merge("RGB", [parts[place] for place in self._places])
        if self._snake:
            back = board.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            for row in range(1, self.height, 2):
                box = (0, row, self.width, row + 1)
                board.paste(back.crop(box), box)
        return board

    def take(self, at: int, data: bytes) -> None:
        """Bytes of dots from a place on; what lies beyond the panel is not there."""
        end = min(at + len(data), len(self._arriving))
        if at < end:
            self._arriving[at:end] = data[: end - at]

    def push(self) -> None:
        """Shows what has arrived."""
        self._showing = bytes(self._arriving)
        self.refreshes += 1
        self._changed()

    @abstractmethod
    def open_conversation(self) -> Conversation:
        """One sender."""


class SimulatedArtnet(SimulatedPanel):
    """A node: shows with the sync where there is one, and says who it is when polled."""

    kind = "artnet"

    def open_conversation(self) -> ArtnetConversation:
        return ArtnetConversation(self)


class SimulatedDdp(SimulatedPanel):
    """Shows with the push."""

    kind = "ddp"

    def open_conversation(self) -> DdpConversation:
        return DdpConversation(self)


class ArtnetConversation:
    """One sender."""

    def __init__(self, panel: SimulatedArtnet) -> None:
        self._panel = panel
        self._parser = artnet.FrameParser()
        self._sync_s = float("-inf")
        self._last: dict[int, int] = {}

    def feed(self, data: bytes, now: float) -> bytes:
        answer = b""
        for item in self._parser.feed(data) + self._parser.flush():  # a datagram is whole or nothing
            match item:
                case artnet.Dmx():
                    self._take(item, now)
                case artnet.Sync():
                    self._sync_s = now
                    self._panel.push()
                case artnet.Poll():
                    answer += artnet.PollReply("simulated panel", firmware=0x0100).encode()
                case _:
                    pass
        return answer

    def _take(self, packet: artnet.Dmx, now: float) -> None:
        place = packet.universe - self._panel.universe
        if place < 0:
            return
        before = self._last.get(packet.universe, 0)
        if packet.sequence and before and (packet.sequence - before) % artnet.SEQUENCE_TOP > artnet.SEQUENCE_TOP // 2:
            self._panel.late += 1
            return
        self._last[packet.universe] = packet.sequence
        self._panel.take(3 * artnet.PIXELS_A_UNIVERSE * place, packet.data)
        if now - self._sync_s > SYNC_FORGOTTEN_S:
            self._panel.push()

    def due(self, now: float) -> bytes:
        return b""


class DdpConversation:
    """One sender."""

    def __init__(self, panel: SimulatedDdp) -> None:
        self._panel = panel
        self._parser = ddp.FrameParser()

    def feed(self, data: bytes, now: float) -> bytes:
        for item in self._parser.feed(data) + self._parser.flush():  # a datagram is whole or nothing
            if isinstance(item, ddp.Pixels):
                self._panel.take(item.offset, item.data)
                if item.push:
                    self._panel.push()
        return b""

    def due(self, now: float) -> bytes:
        return b""
