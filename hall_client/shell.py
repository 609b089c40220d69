"""The shell around QML: environment, fonts, theme, words, clock, the window, pictures of it, a clean end.

Import this module before anything makes a `QGuiApplication`; `Shell` makes it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog
from PySide6.QtCore import QEvent, QLocale, QObject, QTimer, QtMsgType, QUrl, qInstallMessageHandler
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QIcon
from PySide6.QtQml import QQmlApplicationEngine, QQmlEngine, qmlRegisterSingletonType
from PySide6.QtQuick import QQuickWindow

import assets

from .clock import Clock
from .collecting import Collecting
from .drive import Drive
from .i18n import Words
from .icons import IconProvider, QrProvider
from .options import Failure
from .portrait import Portrait, save
from .sounds import Sounds
from .supervisor import Supervisor, exit_on_bugs
from .theme import Tokens

QML = Path(__file__).resolve().parent / "qml"
URI = "HallShell"
FONT_PACKAGE = "fonts-noto-cjk"
SCREENLESS = ("offscreen", "minimal", "vnc", "eglfs", "linuxfb")
"""Platforms of Qt that need no display server."""
log = structlog.get_logger("qt")


def prepare_environment() -> None:
    """What Qt reads before it starts. The software renderer unless somebody asked for another (qt.md 4)."""
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QT_SCALE_FACTOR_ROUNDING_POLICY", "PassThrough")
    os.environ.pop("QT_QUICK_CONTROLS_STYLE", None)
    os.environ.setdefault("QT_ENABLE_HIGHDPI_SCALING", "0")
    os.environ.setdefault("QML_DISABLE_DISK_CACHE", "0")


def check_display(environment: Mapping[str, str] = os.environ, *, system: str = sys.platform) -> None:
    """`Failure` where Qt would find no screen to draw on and abort the process without a word for a person."""
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if system in ("win32", "darwin") or platform.startswith(SCREENLESS):
        return
    needed = {"xcb": ("DISPLAY",), "wayland": ("WAYLAND_DISPLAY",)}.get(platform, ("DISPLAY", "WAYLAND_DISPLAY"))
    if not any(environment.get(name) for name in needed):
        raise Failure(
            f"no display: {' and '.join(needed)} {'is' if len(needed) == 1 else 'are'} not set; start it in the "
            "desktop session of this machine, or draw off-screen with QT_QPA_PLATFORM=offscreen"
        )


def check_fonts() -> str:
    """The family every screen is drawn with. `Failure` when it is not installed: no boxes instead of words."""
    family = str(assets.tokens()["type"]["family"])
    if family not in QFontDatabase.families():
        raise Failure(f"the font {family} is not installed; type: sudo apt-get install {FONT_PACKAGE}")
    styles = QFontDatabase.styles(family)
    if not {"Regular", "Bold"} <= set(styles):
        raise Failure(f"the font {family} lacks Regular or Bold (has {', '.join(styles)}); install {FONT_PACKAGE}")
    return family


def _qt_says(kind: QtMsgType, _context: object, message: str) -> None:
    """Qt's own messages as log lines."""
    level = {QtMsgType.QtDebugMsg: "debug", QtMsgType.QtInfoMsg: "info", QtMsgType.QtWarningMsg: "warning"}.get(kind)
    getattr(log, level or "error")("qt", message=message)


_shared: dict[str, QObject] = {}
"""The singletons of the shell built last; an engine asks for them when its first QML file does."""


def _share(objects: dict[str, QObject]) -> None:
    """Gives QML these singletons. Their types are registered once a process: a second registration breaks every engine
    made after it (6.11.3, measured), and a test run builds the shells of three programs.
    """
    for name, instance in objects.items():
        if name not in _shared:
            qmlRegisterSingletonType(type(instance), URI, 1, 0, name, _asked_for(name))  # type: ignore[call-overload]
        QQmlEngine.setObjectOwnership(instance, QQmlEngine.ObjectOwnership.CppOwnership)
        _shared[name] = instance


def _asked_for(name: str) -> Callable[[QQmlEngine], QObject]:
    """Qt calls with one argument and counts them, so no default may carry the name."""
    return lambda _engine: _shared[name]


class Shell(QObject):
    """Everything one program's window needs. Build one, `show`, `run`.

    `surface` is the column of type sizes (`kiosk wall desktop`), `palette` the colours to begin with, `size` the
    design's width and height in pixels.
    """

    def __init__(
        self,
        options: argparse.Namespace,
        *,
        surface: str,
        palette: str = "light",
        size: tuple[int, int],
        title: str,
        language: str = "zh-Hans",
        reduced_motion: bool = False,
    ) -> None:
        super().__init__()
        prepare_environment()
        self.options, self.size, self.title = options, size, title
        if QGuiApplication.instance() is None:
            check_display()
        app = QGuiApplication.instance() or QGuiApplication([options.program])
        assert isinstance(app, QGuiApplication)
        self.app = app
        if not os.environ.get("PYTEST_CURRENT_TEST"):
            qInstallMessageHandler(_qt_says)
            exit_on_bugs()
        self.app.setApplicationName(options.program)
        self.app.setApplicationDisplayName(title)
        self.app.setWindowIcon(QIcon())
        QLocale.setDefault(QLocale(QLocale.Language.Chinese))
        font = QFont(check_fonts())
        font.setPixelSize(28)
        self.app.setFont(font)
        self.tokens = Tokens(palette=palette, surface=surface, reduced_motion=reduced_motion)
        self.words = Words(language=language)
        self.clock = Clock(self.words)
        self.sounds = Sounds(on=self.app.platformName() not in ("offscreen", "minimal"))
        self.supervisor = Supervisor(self.app)
        self.collecting = Collecting(self)
        self.engine = self._engine()
        self.window: QQuickWindow | None = None
        self._portrait: Portrait | None = None
        self._drive: Drive | None = None
        self._ending: list[Callable[[], None]] = []
        self.describe: Callable[[], dict[str, Any]] = dict
        """What the program knows of itself, for the command `state` of HALL_DRIVE."""

    def _engine(self) -> QQmlApplicationEngine:
        _share({"Tokens": self.tokens, "WordSource": self.words, "Clock": self.clock, "Sounds": self.sounds})
        engine = QQmlApplicationEngine()
        engine.addImportPath(str(QML))
        engine.addImageProvider("icon", IconProvider())
        engine.addImageProvider("qr", QrProvider())
        return engine

    def show(self, file: Path, **initial: Any) -> QQuickWindow:
        """Loads `file` (its root a `HallWindow`) with its required properties and shows it.

        Without `--window` the window takes the whole screen; off-screen it has the design's own size.
        """
        self.engine.setInitialProperties(dict(initial))
        self.engine.load(QUrl.fromLocalFile(str(file)))
        roots = self.engine.rootObjects()
        if not roots:
            raise Failure(f"the screens of {self.options.program} do not load; see the log lines above")
        window = roots[-1]
        assert isinstance(window, QQuickWindow)
        self.window = window
        self._place(window)
        window.frameSwapped.connect(self.supervisor.advanced)
        window.frameSwapped.connect(self._first_frame)
        self.clock.start()
        self._watch(window)
        return window

    def _place(self, window: QQuickWindow) -> None:
        scale = self.options.window
        off_screen = self.app.platformName() in ("offscreen", "minimal", "vnc")
        window.setTitle(self.title)
        if scale is None and not off_screen:
            window.showFullScreen()
            return
        width, height = (round(n * (scale or 1.0)) for n in self.size)
        window.resize(width, height)
        window.show()

    def _first_frame(self) -> None:
        assert self.window is not None
        self.window.frameSwapped.disconnect(self._first_frame)
        self.supervisor.ready()
        log.info("first picture", program=self.options.program)

    def _watch(self, window: QQuickWindow) -> None:
        snapshot, port = os.environ.get("HALL_SNAPSHOT"), os.environ.get("HALL_DRIVE")
        if snapshot:
            self._portrait = Portrait(window, Path(snapshot), parent=self)
        if port:
            try:
                self._drive = Drive(window, port=int(port), state=lambda: self.describe(), parent=self)
            except (OSError, ValueError) as error:
                raise Failure(f"HALL_DRIVE={port}: {error}") from error
        if self.options.screenshot is not None:
            QTimer.singleShot(int(self.options.after * 1000), self._screenshot)

    def _screenshot(self) -> None:
        assert self.window is not None
        if save(self.window.grabWindow(), self.options.screenshot):
            self.app.exit(0)
        else:
            log.error("cannot write the screenshot", file=str(self.options.screenshot))
            self.app.exit(1)

    def at_end(self, act: Callable[[], None]) -> None:
        """Calls `act` when the program ends, the last one first."""
        self._ending.append(act)

    def run(self) -> int:
        """Runs until the window is closed or a signal ends it; closes everything in order."""
        code = self.app.exec()
        self.close()
        return code

    def close(self) -> None:
        """Ends what was begun; QML goes before the objects it shows."""
        self.clock.stop()
        if self._drive is not None:
            self._drive.stop()
        if self._portrait is not None:
            self._portrait.stop()
        for act in reversed(self._ending):
            act()
        self._ending.clear()
        if self.window is not None:
            self.window.close()
        self.sounds.stop()
        self.engine.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # before the objects that QML looks at
        self.app.processEvents()
