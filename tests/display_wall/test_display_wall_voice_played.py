"""The loudspeaker against a real sound server: what arrives at the sink, and what happens when sink or server go.

PulseAudio with a null sink whose monitor is recorded; no loudspeaker, no person listening.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from test_display_wall_program import COMMANDS, Hall, Wall, wait_for
from voice_clips import record, tone

from assets.i18n import Catalogue
from display_wall.decoder import load_multimedia
from display_wall.player import Player
from display_wall.sound import Maker, Speaker
from display_wall.voice import Saying
from hardware.audio.clip import FULL, RATE, Wave, little_endian, read_wav
from hardware.audio.folder import ClipFolder
from hardware.audio.levels import trimmed
from hardware.health import State

PROGRAMS = ("pulseaudio", "pactl", "parec", "parecord", "paplay")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(shutil.which, PROGRAMS)), reason="no sound server: apt-get install pulseaudio pulseaudio-utils"
    ),
]
LIMIT_S = 10.0
PACE = threading.Event()
"""Never set: the pace of looking again."""
SINK = ("module-null-sink", "sink_name=hall", "norewinds=1")  # with rewinds it takes sound in lumps of 2 s


class SoundServer:
    """A PulseAudio of its own, with one sink."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "socket"
        self.environment = os.environ | {
            "PULSE_SERVER": f"unix:{self.socket}", "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder),
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        modules = [f"module-native-protocol-unix socket={self.socket} auth-anonymous=1", " ".join(SINK)]
        self.process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes", "--use-pid-file=no",
             *(word for module in modules for word in ("-L", module))],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + LIMIT_S
        while subprocess.run(["pactl", "info"], env=self.environment, capture_output=True, check=False).returncode:
            assert time.monotonic() < until, "the sound server does not come up"
            PACE.wait(0.05)

    def tell(self, *words: str) -> None:
        subprocess.run(["pactl", *words], env=self.environment, check=True, capture_output=True, timeout=LIMIT_S)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(LIMIT_S)
        self.socket.unlink(missing_ok=True)


class Ear:
    """Records what comes out of the sink."""

    def __init__(self, server: SoundServer) -> None:
        self.file = server.folder / "heard.raw"
        command = ["parec", "-d", "hall.monitor", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency=2000"]
        with self.file.open("wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=server.environment)
        until = time.monotonic() + LIMIT_S
        while not self.file.stat().st_size:
            assert time.monotonic() < until, "the monitor gives nothing"
            PACE.wait(0.02)

    def heard(self) -> Wave:
        """Everything so far, without the silence around it."""
        self.process.terminate()
        self.process.wait(LIMIT_S)
        samples = array("h")
        data = self.file.read_bytes()
        samples.frombytes(data[: len(data) // 2 * 2])
        loud = [i for i, sample in enumerate(samples) if abs(sample) > 50]
        assert loud, "nothing was heard"
        return Wave(samples[loud[0] : loud[-1] + 1])


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    if load_multimedia() is None:
        pytest.skip("QtMultimedia does not load here")
    one = SoundServer(tmp_path)
    monkeypatch.setenv("PULSE_SERVER", one.environment["PULSE_SERVER"])
    yield one
    one.kill()


@pytest.fixture
def player(server: SoundServer) -> Iterator[Player]:
    one = Player()
    yield one
    one.stop()


def level_db(wave: Wave) -> float:
    return 10 * math.log10(sum(s * s for s in wave.samples) / len(wave.samples) / FULL**2)


def ready(qtbot: QtBot, player: Player) -> None:
    player.open()
    qtbot.waitUntil(lambda: player._ready, timeout=int(LIMIT_S * 1000))


def test_a_call_arrives_whole_at_the_sink_and_soon(qtbot: QtBot, server: SoundServer, tmp_path: Path) -> None:
    record(tmp_path / "clips", "prefix-A", "number-041", "to", "counter-3", "chime")
    speaker = Speaker(Maker(ClipFolder(tmp_path / "clips"), Catalogue(), english=False))
    made: list[Wave] = []
    speaker.spoken = lambda _saying, wave: made.append(wave)
    begun: list[float] = []
    try:
        speaker.warm()
        ready(qtbot, speaker.player)
        ear = Ear(server)
        began = time.monotonic()
        speaker.player.begun.connect(lambda _ms: begun.append(time.monotonic() - began))
        with qtbot.waitSignal(speaker.ended, timeout=15_000):
            speaker.perform(Saying("call", number="A041", counter="3", volume=100))
        heard = ear.heard()
    finally:
        speaker.stop()
    assert heard.seconds == pytest.approx(made[0].seconds, abs=0.06), "nothing cut off, nothing stuttered"
    assert max(heard.samples) <= max(made[0].samples) + 400
    assert level_db(heard) == pytest.approx(level_db(made[0]), abs=0.5)
    assert begun[0] < 0.5, "from the call to the first sample"
    assert speaker.player.book.snapshot.state is State.READY


def test_volume_is_what_the_daypart_says(qtbot: QtBot, server: SoundServer, player: Player) -> None:
    ready(qtbot, player)
    levels = []
    for volume in (100, 30):
        ear = Ear(server)
        with qtbot.waitSignal(player.ended, timeout=8000):
            player.play(little_endian(tone(800).samples), volume=volume)
        levels.append(level_db(ear.heard()))
    assert levels[0] - levels[1] == pytest.approx(20 * math.log10(100 / 30), abs=0.5)


def test_a_sound_card_pulled_out_while_it_speaks_and_put_in_again(
    qtbot: QtBot, server: SoundServer, player: Player
) -> None:
    ready(qtbot, player)
    firsts: list[int] = []
    player.begun.connect(firsts.append)
    with qtbot.waitSignal(player.ended, timeout=20_000):
        player.play(little_endian(tone(4000).samples))
        qtbot.waitUntil(lambda: bool(firsts), timeout=5000)
        server.tell("unload-module", "module-null-sink")
        qtbot.waitUntil(lambda: "gone" in player.book.faults, timeout=5000)
        server.tell("load-module", *SINK)
    assert len(firsts) == 2, "said again, from its beginning"
    assert player.book.snapshot.state is State.READY
    assert not player.book.faults


def test_a_sound_server_that_dies_takes_nothing_with_it_and_its_return_is_found(
    qtbot: QtBot, server: SoundServer, player: Player
) -> None:
    """In one process with Qt it aborts the whole program (`pa_context_get_state`)."""
    ready(qtbot, player)
    firsts: list[int] = []
    player.begun.connect(firsts.append)
    player.play(little_endian(tone(2000).samples))
    qtbot.waitUntil(lambda: bool(firsts), timeout=5000)
    server.kill()
    qtbot.waitUntil(lambda: "gone" in player.book.faults, timeout=8000)
    with qtbot.waitSignal(player.ended, timeout=10_000):
        pass
    with qtbot.waitSignal(player.ended, timeout=10_000):
        player.play(little_endian(tone(500).samples))
    server.start()
    qtbot.waitUntil(lambda: not player.book.faults, timeout=20_000)
    with qtbot.waitSignal(player.ended, timeout=10_000):
        player.play(little_endian(tone(500).samples))
    assert player.book.snapshot.state is State.READY


def test_a_press_at_the_counter_is_heard_and_the_manager_sees_a_voice_that_works(
    server: SoundServer, tmp_path: Path
) -> None:
    """The real hall, the real wall, a set built by the command: from `call-next` to the sink."""
    said = ("prefix-A", *(f"digit-{n}" for n in range(10)), "to", "counter-3", "chime")
    record(tmp_path / "recordings", *said)
    build = ["voice", "build", str(tmp_path / "recordings"), "--to", str(tmp_path / "voice")]
    subprocess.run([COMMANDS / "hall-device", *build], check=True, capture_output=True, timeout=60)
    hall = Hall(tmp_path)
    (tmp_path / "token").write_text(hall.tokens["wall"])
    wall = Wall(
        hall, tmp_path / "token", "--voice", str(tmp_path / "voice"), PULSE_SERVER=server.environment["PULSE_SERVER"]
    )
    try:
        wait_for(lambda: wall.state()["step"] == "live" and wall.state()["sound"] == "unknown")
        session = hall.sit("3", "0311")
        hall.ask("POST", "/tickets", {"line": "A"}, token=hall.tokens["kiosk"])
        ear = Ear(server)
        hall.ask("POST", "/counters/3/call-next", token=session)
        wait_for(lambda: wall.state()["sound"] == "ready", limit_s=5)
        wait_for(lambda: not wall.state()["speaking"])
        heard = ear.heard()
        wait_for(lambda: [d["state"] for d in hall.devices() if d.get("address") == "audio"] == ["ready"])
    finally:
        wall.end()
        hall.kill()
    phrase = 6 * 0.2 + 3 * 0.05 + 0.04
    assert heard.seconds == pytest.approx(0.2 + 0.2 + 2 * phrase + 0.6, abs=0.35), "chime, and the phrase twice"
    assert not subprocess.run(
        ["pactl", "list", "short", "sink-inputs"], env=server.environment, capture_output=True, check=True
    ).stdout.strip(), "the loudspeaker's process ended with the wall"


def test_a_phrase_is_recorded_by_the_systems_own_recorder(server: SoundServer, tmp_path: Path) -> None:
    """The microphone is the sink's monitor; the speaker a tone played into it while the recorder runs."""
    (tmp_path / "speech.wav").write_bytes(tone(600, around=0).to_wav())
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "parecord").symlink_to(str(shutil.which("parecord")))  # and no other recorder
    command = [str(Path(sys.executable).parent / "hall-device"), "voice", "record", "clips", "--lines", "A",
               "--counters", "1"]  # fmt: skip
    environment = server.environment | {"PULSE_SOURCE": "hall.monitor", "PATH": f"{programs}:/usr/bin:/bin"}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin is not None
        running.stdin.write("\n")
        running.stdin.flush()
        half = tmp_path / "clips" / ".prefix-A.part.wav"
        until = time.monotonic() + LIMIT_S
        while not half.exists() or half.stat().st_size < 20_000:
            assert time.monotonic() < until, "the recorder does not run"
            PACE.wait(0.02)
        subprocess.run(["paplay", str(tmp_path / "speech.wav")], env=server.environment, check=True, timeout=LIMIT_S)
        out, _ = running.communicate("\n\nq\n", timeout=20)
    assert running.returncode == 0
    assert "1 recorded" in out
    clip = read_wav((tmp_path / "clips" / "prefix-A.wav").read_bytes())
    assert trimmed(clip).seconds == pytest.approx(0.6, abs=0.06)
