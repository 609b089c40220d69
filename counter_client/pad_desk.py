"""Ties the call pad to the desk: keys become acts, results become beeps, the picture becomes digits."""

from __future__ import annotations

from typing import Any

import structlog
from PySide6.QtCore import QObject

from . import pad
from .errands import Errands
from .pads import CallPad
from .viewmodels import DeskScreen, World

log = structlog.get_logger("pad")


class PadDesk(QObject):
    """One pad and one desk."""

    def __init__(
        self, call_pad: CallPad, screen: DeskScreen, errands: Errands, world: World, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pad, self._screen, self._errands, self._world = call_pad, screen, errands, world
        self._awaited = ""
        """The act a key of the pad has begun and whose answer is not there yet."""
        call_pad.pressed.connect(self._pressed)
        errands.done.connect(self._done)
        errands.changed.connect(self._changed)

    def _pressed(self, key: str, digits: str) -> None:
        """A key: any key also says that the clerk is here."""
        self._errands.touched()
        self._screen.refresh()
        wish = pad.wish_of(
            key,
            digits,
            self._world.picture(),
            now=self._world.now(),
            asking=self._screen.ask.dialogs.kind,
            undo_seq=self._screen.desk.undo_seq,
        )
        log.info("key", key=key, act=wish.intent.act if wish.intent else wish.command)
        if wish.command:
            self._commanded(wish.command)
        elif wish.intent is None:
            self._pad.beep(pad.REFUSED_BEEPS)
        else:
            # Set first: an act that cannot even be sent is refused before this returns.
            self._awaited = wish.intent.act
            if not self._screen.carry_out(wish.intent):
                self._answer(pad.REFUSED_BEEPS)

    def _commanded(self, name: str) -> None:
        """The window asks, or stops asking; a window that does not is a refusal."""
        self._screen.command(name)
        asked = bool(self._screen.ask.dialogs.kind)
        if asked != (name != "escape"):
            self._pad.beep(pad.REFUSED_BEEPS)

    def _done(self, act: str, _body: dict[str, Any]) -> None:
        if act == self._awaited:
            self._answer(pad.DONE_BEEPS)

    def _changed(self) -> None:
        if self._awaited and self._errands.busy is None and self._errands.refusal is not None:
            self._answer(pad.REFUSED_BEEPS)

    def _answer(self, beeps: int) -> None:
        if self._awaited:
            self._awaited = ""
            self._pad.beep(beeps)

    def show(self) -> None:
        """Brings the pad to the newest picture."""
        picture = self._world.picture()
        if picture is not None:
            self._pad.show(pad.shown(picture))
