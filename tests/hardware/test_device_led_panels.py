"""Open panels by Art-Net and DDP: every dot where it belongs, and Art-Net as tshark reads it."""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import shutil
import socket
import struct
import subprocess
import threading
from pathlib import Path

import pytest
from device_bench import until
from PIL import Image, ImageOps

from hardware.address import BadAddress, parse
from hardware.health import State
from hardware.inventory import open_driver
from hardware.led import artnet_codec as artnet
from hardware.led import ddp_codec as ddp
from hardware.led import matrix
from hardware.led.bar import Timing
from hardware.led.page import Frame, Page, Tone, fitted
from hardware.led.panel_driver import GREEN, RED, YELLOW, ArtnetPanel, DdpPanel, Panel
from hardware.led.panel_simulated import SimulatedArtnet, SimulatedDdp, SimulatedPanel
from hardware.simulation.server import SimulatorServer

QUICK = Timing(refresh_s=0.02, repeat_s=0.1, ping_s=0.1, blink_s=0.05)
CALL = Page(("请A041号到3号窗口",), tone=Tone.CALL)
LOST = Page(("请听窗口叫号",), tone=Tone.WARN)
KINDS: dict[str, tuple[type[Panel], type[SimulatedPanel]]] = {
    "artnet": (ArtnetPanel, SimulatedArtnet),
    "ddp": (DdpPanel, SimulatedDdp),
}
each = pytest.mark.parametrize("kind", KINDS)


def looks(page: Page, *, colour, height: int = 16, inverse: bool = False) -> bytes:
    return matrix.coloured(matrix.dots(Frame(page, inverse), width=192, height=height), colour).tobytes()


@pytest.fixture
def panel(bench, tmp_path):
    """Makes a simulated panel and its driver, both with the same options."""
    servers = []

    def make(kind: str, *, options: str = "", **around):
        driver, simulator = KINDS[kind]
        device = simulator.made(dict(parse(f"{kind}+udp://127.0.0.1:1{options}").options), tmp_path)
        server = SimulatorServer(device, "udp://127.0.0.1:0")
        server.start()
        servers.append(server)
        bar = driver(f"{kind}+{server.url}{options}", around=bench.around(**around), timing=QUICK)
        bench.start(bar)
        return bar, device

    yield make
    bench.stop()
    for server in servers:
        server.stop()


@each
def test_a_call_is_drawn_dot_by_dot_in_its_colour(panel, tmp_path, kind: str) -> None:
    bar, device = panel(kind)
    receipt = bar.show([CALL]).result(5)
    assert (receipt.outcome, receipt.how, receipt.error) == ("unknown", "none", None), "nobody acknowledges"
    until(lambda: device.board().tobytes() == looks(CALL, colour=YELLOW))
    assert (tmp_path / "bar.png").read_bytes().startswith(b"\x89PNG")
    bar.show([Page(("正在办理 A041",), tone=Tone.CALM)]).result(5)
    until(lambda: device.board().tobytes() == looks(Page(("正在办理 A041",)), colour=GREEN))


@each
@pytest.mark.parametrize("options", ["?height=32", "?layout=snake", "?order=grb", "?order=brg&layout=snake"])
def test_strips_that_run_otherwise_show_the_same(panel, kind: str, options: str) -> None:
    bar, device = panel(kind, options=options)
    bar.show([CALL]).result(5)
    height = 32 if "32" in options else 16
    (page,) = fitted([CALL], width=192, height=height)
    until(lambda: device.board().tobytes() == looks(page, colour=YELLOW, height=height))


@each
def test_a_rare_name_is_shown_as_it_is(panel, kind: str) -> None:
    bar, device = panel(kind, options="?colours=1")
    name = Page(("请张䶮到3号窗口",), tone=Tone.CALL)
    assert bar.show([name]).result(5).warnings == ()
    until(lambda: device.board().tobytes() == looks(name, colour=RED))


@each
def test_a_call_blinks_inverse(panel, kind: str) -> None:
    bar, device = panel(kind)
    bar.show([CALL], blink=2).result(5)
    until(lambda: device.board().tobytes() == looks(CALL, colour=YELLOW, inverse=True))
    until(lambda: device.board().tobytes() == looks(CALL, colour=YELLOW))


@each
def test_what_was_missed_comes_again_within_the_repeat(panel, kind: str) -> None:
    bar, device = panel(kind)
    device.set_fault("silent")
    bar.show([CALL]).result(5)
    assert device.board().tobytes() == bytes(192 * 16 * 3)
    device.clear()
    until(lambda: device.board().tobytes() == looks(CALL, colour=YELLOW))


@each
def test_the_last_word_is_the_fallback_page(bench, panel, kind: str) -> None:
    bar, device = panel(kind)
    bar.show([CALL], fallback=LOST).result(5)
    until(lambda: device.board().tobytes() == looks(CALL, colour=YELLOW))
    bench.stop()
    until(lambda: device.board().tobytes() == looks(LOST, colour=RED))


@each
def test_a_panel_is_dimmed_in_what_it_is_sent(panel, kind: str) -> None:
    bar, device = panel(kind, options="?bright=40")
    bar.show([CALL]).result(5)
    dimmed = tuple(part * 40 // 100 for part in YELLOW)
    until(lambda: device.board().tobytes() == looks(CALL, colour=dimmed))


@each
def test_a_panel_has_no_page_of_its_own(panel, kind: str) -> None:
    bar, _ = panel(kind)
    assert bar.keep(LOST).result(5).error == "cannot_keep"


def test_a_node_that_answers_polls_is_ready_and_one_that_stops_is_unknown(panel) -> None:
    bar, device = panel("artnet")
    until(lambda: bar.snapshot().state is State.READY)
    assert (bar.snapshot().identity, bar.snapshot().firmware) == ("simulated panel", "1.0")
    device.set_fault("silent")
    until(lambda: bar.snapshot().state is State.UNKNOWN)
    assert not bar.snapshot().faults, "silence is not known to be a fault, and never green"
    device.clear()
    until(lambda: bar.snapshot().state is State.READY)


def test_ddp_cannot_be_asked_and_is_never_green(panel) -> None:
    bar, device = panel("ddp")
    bar.show([CALL]).result(5)
    until(lambda: device.refreshes > 2)
    assert bar.snapshot().state is State.UNKNOWN


@each
def test_nobody_at_the_port_is_lost_and_found(bench, kind: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as placeholder:
        placeholder.bind(("127.0.0.1", 0))
        port = placeholder.getsockname()[1]
    bar = KINDS[kind][0](f"{kind}+udp://127.0.0.1:{port}", around=bench.around(), timing=QUICK)
    bench.start(bar)
    bar.show([CALL])
    until(lambda: bar.snapshot().state is State.ABSENT)
    device = KINDS[kind][1]()
    with SimulatorServer(device, f"udp://127.0.0.1:{port}"):
        until(lambda: device.board().tobytes() == looks(CALL, colour=YELLOW))
        bench.stop()


class Node:
    """A node as the specification has it: it answers polls at port 6454 of who asked, not where they came from."""

    def __init__(self, name: str, host: str) -> None:
        self.name = name
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(0.05)
        self.socket.bind((host, 0))
        self.url = f"udp://{host}:{self.socket.getsockname()[1]}"
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while not self.ending.is_set():
            with contextlib.suppress(TimeoutError):
                data, peer = self.socket.recvfrom(2048)
                if isinstance(artnet.read(data), artnet.Poll):
                    self.socket.sendto(artnet.PollReply(self.name).encode(), (peer[0], artnet.PORT))

    def end(self) -> None:
        self.ending.set()
        self.thread.join(5)
        self.socket.close()


@pytest.mark.skipif(os.name != "posix", reason="several programs at one UDP port")
def test_two_nodes_that_answer_to_the_protocols_port_are_each_heard_by_their_own_bar(bench) -> None:
    nodes = [Node("first", "127.0.0.1"), Node("second", "127.0.0.1")]
    try:
        bars = [ArtnetPanel(f"artnet+{node.url}", around=bench.around(), timing=QUICK) for node in nodes]
        for bar in bars:
            bench.start(bar)
        until(lambda: all(bar.snapshot().state is State.READY for bar in bars))
        assert [bar.snapshot().identity for bar in bars] == ["first", "second"]
        bench.stop()
    finally:
        for node in nodes:
            node.end()


def test_late_packets_do_not_undo_newer_ones() -> None:
    device = SimulatedArtnet()
    host = device.connect()
    for sequence, dot in ((254, b"\x01"), (255, b"\x02"), (1, b"\x03"), (255, b"\x04")):
        host.feed(artnet.Dmx(dot * 6, sequence=sequence).encode(), 0.0)
    assert device.board().tobytes()[:6] == b"\x03" * 6
    assert device.status()["late"] == 1


def test_half_a_datagram_harms_nothing() -> None:
    for device, packet in (
        (SimulatedArtnet(), artnet.Dmx(b"\x07" * 6, sequence=1).encode()),
        (SimulatedDdp(), ddp.Pixels(b"\x07" * 6, sequence=1).encode()),
    ):
        host = device.connect()
        host.feed(packet[:-2], 0.0)
        host.feed(packet, 0.0)
        assert device.board().tobytes()[:7] == b"\x07" * 6 + b"\x00"


def test_a_universe_holds_170_dots() -> None:
    bar = ArtnetPanel("artnet+udp://127.0.0.1:6454?universe=5")
    packets = [artnet.read(raw) for raw in bar._datagrams(bytes(192 * 16 * 3))]
    dots = [packet for packet in packets if isinstance(packet, artnet.Dmx)]
    assert [packet.universe for packet in dots] == list(range(5, 24))
    assert {len(packet.data) for packet in dots[:-1]} == {510}
    assert sum(len(packet.data) for packet in dots) == 192 * 16 * 3
    assert packets[-1] == artnet.Sync()
    assert len({packet.sequence for packet in dots}) == 1


@pytest.mark.parametrize("address", ["ddp+udp://127.0.0.1:4048?layout=spiral", "artnet+udp://127.0.0.1:6454?order=cmy"])
def test_a_wrong_option_says_what_to_write(address: str) -> None:
    with pytest.raises(BadAddress, match="write"):
        open_driver(address)


# -- an independent judge ---------------------------------------------------------------------------------------


def capture_of(datagrams: list[bytes], *, port: int) -> bytes:
    """A pcap file of raw IPv4 packets with these datagrams."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)
    for number, data in enumerate(datagrams):
        udp = struct.pack(">HHHH", 40_000, port, 8 + len(data), 0) + data
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
        out += struct.pack("<IIII", number, 0, len(ip) + len(udp), len(ip) + len(udp)) + ip + udp
    return out


def dissected(datagrams: list[bytes], tmp_path: Path) -> list[dict[str, list[str]]]:
    path = tmp_path / "artnet.pcap"
    path.write_bytes(capture_of(datagrams, port=artnet.PORT))
    command = ["tshark", "-r", str(path), "-T", "json", "--no-duplicate-keys", "-x"]
    run = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return [packet["_source"]["layers"] for packet in json.loads(run.stdout)]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_tshark_reads_our_artnet_as_we_mean_it(tmp_path: Path) -> None:
    bar = ArtnetPanel("artnet+udp://127.0.0.1:6454?universe=3")
    board = matrix.coloured(matrix.dots(Frame(CALL), width=192, height=16), YELLOW)
    sent = list(bar._datagrams(board.tobytes()))
    layers = dissected([*sent, artnet.Poll().encode(), artnet.PollReply("A panel", b"\x0a\0\0\x07").encode()], tmp_path)
    arts = [layer["artnet"] for layer in layers]
    assert len(arts) == len(sent) + 2
    assert not any("_ws.malformed" in layer for layer in layers)
    channels = b""
    for number, art in enumerate(arts[: len(sent) - 1]):
        fields = art["artnet.output"]
        assert art["artnet.header"]["artnet.header.opcode"] == "0x5000"
        assert art["artnet.header"]["artnet.header.protver"] == "14"
        assert int(fields["artnet.output.universe"], 0) == 3 + number
        assert int(fields["artnet.output.sequence"], 0) == 1
        assert int(fields["artnet.output.length"], 0) == len(sent[number]) - 18
        channels += bytes.fromhex(layers[number]["dmx_chan_raw"][0])
    assert arts[len(sent) - 1]["artnet.header"]["artnet.header.opcode"] == "0x5200"
    assert arts[-2]["artnet.header"]["artnet.header.opcode"] == "0x2000"
    reply = arts[-1]["artnet.poll_reply"]
    assert (reply["artnet.poll_reply.short_name"], reply["artnet.poll_reply.ip_address"]) == ("A panel", "10.0.0.7")
    assert channels == board.tobytes()


def reads_chinese() -> bool:
    if shutil.which("tesseract") is None:
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, check=False, timeout=60, text=True)
    return "chi_sim" in listed.stdout + listed.stderr


def read_aloud(dots: Image.Image, tmp_path: Path) -> str:
    """What tesseract reads from lit dots."""
    grown = 2 if dots.height == 16 else 1
    black = ImageOps.invert(dots.convert("L").point(lambda grey: 255 if grey else 0))
    black = black.resize((black.width * grown, black.height * grown), Image.Resampling.LANCZOS)
    path = tmp_path / "line.png"
    ImageOps.expand(black, 20, 255).save(path)
    command = ["tesseract", str(path), "-", "-l", "chi_sim", "--psm", "7"]
    return subprocess.run(command, capture_output=True, check=True, timeout=60, text=True).stdout.strip()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
@pytest.mark.skipif(not reads_chinese(), reason="tesseract with chi_sim is not installed")
@pytest.mark.parametrize(
    ("text", "height", "likeness"),
    [
        ("请听窗口叫号", 16, 1.0),
        ("本窗口今天不办公", 16, 1.0),
        ("请A041号到3号窗口", 16, 0.7),
        ("请听窗口叫号", 32, 1.0),
        ("暂停 11:00", 32, 1.0),
        ("A041→3号", 32, 0.8),
    ],
)
def test_a_page_is_read_from_its_packets_by_programs_that_are_not_ours(
    tmp_path: Path, text: str, height: int, likeness: float
) -> None:
    """Packets to channels by tshark, channels to dots by their order alone, dots to words by tesseract."""
    bar = ArtnetPanel(f"artnet+udp://127.0.0.1:6454?height={height}")
    sent: list[bytes] = []
    bar._send = sent.append  # type: ignore[method-assign]
    bar._put(Frame(Page((text,), tone=Tone.CALL)))
    layers = dissected(sent, tmp_path)
    channels = b"".join(bytes.fromhex(layer["dmx_chan_raw"][0]) for layer in layers if "dmx_chan_raw" in layer)
    dots = Image.frombytes("RGB", (192, height), channels)
    heard = read_aloud(dots, tmp_path).replace(" ", "")
    assert difflib.SequenceMatcher(None, heard, text.replace(" ", "")).ratio() >= likeness, heard
