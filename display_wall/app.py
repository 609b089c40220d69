"""`hall-wall`: builds the screens, the voice and the bars, and nothing else does.

hall-wall --server https://hall:8700 --token-file wall.token --ca ca.pem --screen main
"""

from __future__ import annotations

import argparse
import os
import threading
from pathlib import Path
from typing import Any

import structlog
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from assets.i18n import Catalogue
from display_wall.board import WallFace
from display_wall.decoder import Decoder
from display_wall.entrance import WallEntrance
from display_wall.health import HealthTeller
from display_wall.led import BarFace, bar_face, put
from display_wall.memory import Memory
from display_wall.panel import Panel
from display_wall.sound import Maker, Speaker
from display_wall.voice import FASTEST_DEMO, Voice
from hall_client import options
from hall_client.link import Link
from hall_client.shell import Shell
from hardware import binding
from hardware.address import BadAddress
from hardware.audio.folder import ClipFolder
from hardware.driver import DeviceBusy
from hardware.health import AUDIO_FAULTS, Health
from hardware.inventory import open_driver
from hardware.led.page import LedBar

QML = Path(__file__).resolve().parent / "qml" / "Main.qml"
SIZE = (1920, 1080)
VOICE_OFF = "off"
LED_AGAIN_S = 2.0
log = structlog.get_logger("wall")


def parser() -> argparse.ArgumentParser:
    """The arguments of `hall-wall`."""
    p = options.parser(
        "hall-wall", "The wall of a hall: calls, counters, waiting lines, cases, notices, voice and bars."
    )
    binding.add_option(p)
    p.add_argument(
        "--screen",
        action="append",
        metavar="NAME[@OUTPUT]",
        help="which screen of the hall (default main), and the display it goes to; may be given several times",
    )
    p.add_argument("--led", action="append", metavar="URL", default=[], help="a bar that shows the calls; repeatable")
    p.add_argument(
        "--voice",
        metavar="DIR|off",
        help="folder with the hall's voice clips; off for a machine without loudspeakers (default: chime and English)",
    )
    return p


def main(argv: list[str] | None = None) -> int:
    """Runs the wall until it is ended; returns the exit code."""
    return options.run(parser(), run, argv)


def run(chosen: argparse.Namespace) -> int:
    """Builds everything and runs it."""
    try:
        binding.fill(chosen, role="wall", beside=options.token_file(chosen).parent)
    except binding.BadBinding as wrong:
        raise options.Failure(str(wrong)) from wrong
    shell = Shell(chosen, surface="wall", palette="wall", size=SIZE, title="hall-wall")
    try:
        program = Program(shell, chosen)
    except BadAddress as error:
        raise options.Usage(f"--led {error}") from error
    try:
        program.start()
    except options.Failure:
        shell.close()
        raise
    return shell.run()


class Bar:
    """One bar and the thread of its driver."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.bar: LedBar = open_driver(address)  # type: ignore[assignment]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.bar.serve, args=(self._stop,), name="led", daemon=True)
        self._shown: BarFace | None = None

    def start(self) -> None:
        """Begins to drive the bar."""
        self._thread.start()

    def show(self, face: BarFace) -> None:
        """Shows other pages; a bar that does not keep up gets the newest ones at the next look."""
        if face == self._shown:
            return
        try:
            put(self.bar, face)
            self._shown = face
        except DeviceBusy:
            log.info("bar does not keep up", address=self.address)

    def stop(self) -> None:
        """Ends its thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(LED_AGAIN_S)


class Program(QObject):
    """Everything of one machine: one link, panel and window a screen, the way in; one voice; the bars."""

    def __init__(self, shell: Shell, chosen: argparse.Namespace) -> None:
        super().__init__(shell)
        self.shell = shell
        self.catalogue = Catalogue()
        self._may_speak = chosen.voice != VOICE_OFF and speaks()
        self.voice = Voice(on=self._may_speak)
        folder = ClipFolder(Path(chosen.voice) if chosen.voice not in (None, VOICE_OFF) else None)
        self.decoder = Decoder(folder, self)
        self.speaker = Speaker(Maker(folder, self.catalogue), self)
        self.speaker.ended.connect(self.voice.ended)
        self.speaker.lacking.connect(self._clips)
        self.decoder.finished.connect(self.speaker.warm)
        self.links: list[Link] = []
        self._health = HealthTeller(self._devices, self)
        self.bars = [Bar(address) for address in chosen.led]
        self.entrance = WallEntrance(chosen, self.catalogue, self)
        self.entrance.opened.connect(self._opened)
        file = self.entrance.token_file
        self.panels = [
            Panel(
                name,
                catalogue=self.catalogue,
                memory=Memory(file.with_name(f"wall-{name}.json")),
                speaking=lambda: self.voice.speaking,
                parent=self,
            )
            for name in dict.fromkeys(screen.partition("@")[0] for screen in chosen.screen or ["main"])
        ]

    def _opened(self, server: str, token: str) -> None:
        """The hall is known and this wall is one of its devices: every screen follows its picture."""
        ca = self.entrance.ca_file if server.startswith("https://") else None
        for panel in self.panels:
            link = Link(server, token=token, ca_file=ca, picture=f"wall:{panel.name}", parent=self)
            self.links.append(link)
            panel.follow(link)
            link.start()
        self.shell.clock.tell_by(self.links[0].now)
        self._health.begin(self.links[0])

    def start(self) -> None:
        """Opens the windows and begins. `Failure` for a token or certificate that cannot be used."""
        self.shell.at_end(self.stop)
        outputs = [screen.partition("@")[2] for screen in self.shell.options.screen or ["main"]]
        self.shell.size = _size(self.panels[0])
        windows = [self.shell.show(QML, wall=self.panels[0].view, entrance=self.entrance)]
        windows += [self._window(panel) for panel in self.panels[1:]]
        for window, panel, output in zip(windows, self.panels, outputs, strict=False):
            self._place(window, output, len(windows))
            panel.view.size_changed.connect(lambda w=window, p=panel: self._resize(w, p))
        self.shell.describe = self.describe
        for panel in self.panels:
            panel.shown.connect(lambda face, p=panel: self._shown(face, p))
            panel.start()
        for bar in self.bars:
            bar.start()
        self.entrance.open()
        if self.voice.on:
            QTimer.singleShot(0, self.decoder.start)

    def stop(self) -> None:
        """Ends what was begun, the links first."""
        self.entrance.close()
        self._health.stop()
        for link in self.links:
            link.stop()
        for panel in self.panels:
            panel.stop()
        for bar in self.bars:
            bar.stop()
        self.speaker.stop()
        self._take_down()

    def _take_down(self) -> None:
        """The windows go before the views they show: QML complains of every binding otherwise."""
        for root in self.shell.engine.rootObjects():
            root.deleteLater()
            QCoreApplication.sendPostedEvents(root, QEvent.Type.DeferredDelete.value)
        self.shell.window = None

    # -- windows ------------------------------------------------------------------------------------------------

    def _window(self, panel: Panel) -> QQuickWindow:
        """A further screen's window, in the same engine."""
        self.shell.engine.setInitialProperties({"wall": panel.view, "entrance": self.entrance})
        self.shell.engine.load(str(QML))
        window = self.shell.engine.rootObjects()[-1]
        assert isinstance(window, QQuickWindow)
        window.setTitle(panel.name)
        self._resize(window, panel)
        window.show()
        return window

    def _place(self, window: QQuickWindow, output: str, windows: int) -> None:
        """Onto the display of that name, or one display a window in order where there are several."""
        displays = QGuiApplication.screens()
        found = [display for display in displays if display.name() == output]
        if output and not found:
            names = ", ".join(display.name() for display in displays)
            log.error("no such display", output=output, displays=names)
        if not found and windows > 1 and len(displays) >= windows:
            found = [displays[len(self.shell.engine.rootObjects()) - windows + self._index(window)]]
        if found:
            window.setScreen(found[0])
            window.setPosition(found[0].geometry().topLeft())
        if output or windows > 1:
            self._full(window)

    def _index(self, window: QQuickWindow) -> int:
        return self.shell.engine.rootObjects().index(window)

    def _full(self, window: QQuickWindow) -> None:
        if self.shell.options.window is None and not self._off_screen():
            window.showFullScreen()

    def _off_screen(self) -> bool:
        return self.shell.app.platformName() in ("offscreen", "minimal", "vnc")

    def _resize(self, window: QQuickWindow, panel: Panel) -> None:
        """The hall told another size: a window of its own follows it; a whole display stays whole."""
        scale = self.shell.options.window
        if scale is None and not self._off_screen():
            return
        width, height = _size(panel)
        window.resize(round(width * (scale or 1.0)), round(height * (scale or 1.0)))

    # -- what is shown is also said -----------------------------------------------------------------------------

    def _shown(self, face: WallFace, panel: Panel) -> None:
        now = panel.now()
        picture = panel.board.picture
        if panel is self._speaking_panel():
            self._say(face, panel)
        if face.evacuation is not None or panel is self.panels[0]:
            self._light(any(p.face.evacuation is not None for p in self.panels))
        if panel is self.panels[0] and self.bars:
            call = panel.board.queue.current
            bar = bar_face(
                picture,
                face,
                calling=(call.counter, call.number) if call else None,
                texts=panel.board.texts(),
                now=now,
                times=panel.board.times,
            )
            for one in self.bars:
                one.show(bar)

    def _speaking_panel(self) -> Panel:
        """The first screen that shows calls speaks them; two screens of one machine never say a call twice."""
        calling = (p for p in self.panels if any(z.zone == "calls" for z in p.face.zones))
        return next(calling, self.panels[0])

    _was_red = False

    def _say(self, face: WallFace, panel: Panel) -> None:
        now = panel.now()
        self.voice.on = self._may_speak and all(link.rate <= FASTEST_DEMO for link in self.links)
        rules = panel.board.picture.voice if panel.board.picture else None
        if face.evacuation is not None:
            self.voice.evacuate(face.evacuation.exit, now=now)
        elif face.begins is not None:
            call = face.begins
            self.voice.call(number=call.number, counter=call.counter, calls=call.calls, rules=rules, now=now)
        red = face.stale.step == "red"
        if red and not self._was_red and panel.board.picture is not None and face.evacuation is None:
            self.voice.stale(rules=rules, now=now)
        self._was_red = red
        saying = self.voice.advance(now)
        if saying is not None:
            self.speaker.perform(saying)

    def _clips(self, lacking: bool) -> None:
        self.speaker.player.book.set_faults({"clips_missing"} if lacking else set(), among=AUDIO_FAULTS)

    def _devices(self) -> list[Health]:
        """What hangs on this machine: the bars, and the loudspeaker where one was meant to be (`--voice`) or was."""
        healths = [bar.bar.snapshot() for bar in self.bars]
        player = self.speaker.player
        speaks = self._may_speak and (self.shell.options.voice is not None or player.found)
        return [*healths, player.book.snapshot] if speaks else healths

    def _light(self, evacuating: bool) -> None:
        """An evacuation stands on light ground (design 5)."""
        self.shell.tokens.set_palette("light" if evacuating else "wall")

    def describe(self) -> dict[str, Any]:
        """For the command `state` of HALL_DRIVE: what every screen shows, in short."""
        return {
            "pairing": self.entrance.property("code"),
            "screens": {
                panel.name: {
                    "step": panel.face.stale.step,
                    "calling": _calling(panel),
                    "waiting": [call.number for call in panel.board.queue.waiting],
                    "speaking": self.voice.speaking,
                    "sound": str(self.speaker.player.book.snapshot.state),
                    "evacuation": panel.face.evacuation is not None,
                    "cases": {
                        r.no: [r.applicant, r.step, r.word] for z in panel.face.approvals.values() for r in z.rows
                    },
                }
                for panel in self.panels
            },
        }


def _calling(panel: Panel) -> dict[str, str] | None:
    call = panel.board.queue.current
    return {"number": call.number, "counter": call.counter} if call else None


def _size(panel: Panel) -> tuple[int, int]:
    return panel.face.plan.width, panel.face.plan.height


def speaks() -> bool:
    """Whether this hall runs slowly enough to be spoken (contract 1: voice is off above 4)."""
    try:
        return float(os.environ.get("HALL_SPEED", "1")) <= FASTEST_DEMO
    except ValueError:
        return True


if __name__ == "__main__":
    raise SystemExit(main())
