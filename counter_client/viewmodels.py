"""What QML sees of the counter: the desk, its dialogs and sign-in, spoken in the language in use. No rules here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtGui import QWindow
from PySide6.QtQml import QmlElement

from hall_client.i18n import Words
from hall_client.rows import RowsModel

from . import mini
from .casework import Casework, Prints
from .desk import ACTS, Desk, Situation, look
from .dialog_view import DialogView
from .dialogs import Choice, Intent
from .door import DoorView
from .entrance import EntranceView
from .errands import Errands
from .lamps import Lamp
from .lists import Note, Row
from .moments import clock
from .questions import found_more, questions
from .saying import Say, text_of
from .whynot import Button

QML_IMPORT_NAME = "CounterDesk"
QML_IMPORT_MAJOR_VERSION = 1

ACT_KEYS = {
    "call_next": "F2",
    "recall": "F3",
    "begin": "F4",
    "no_show": "F6",
    "park": "F7",
    "finish": "F8",
    "pause": "F9",
    "open": "F9",
    "transfer": "F10",
    "call_number": "F11",
    "undo": "Ctrl+Z",
}
ASKING = {
    "park": "park",
    "pause": "pause",
    "transfer": "transfer",
    "call_number": "call_number",
    "return": "return",
    "reclassify": "reclassify",
}
"""Acts that ask something first."""
CASE_ASKS = frozenset({"case_notice", "case_decide", "case_withdraw"})
"""Acts on a case that ask something first."""


@dataclass(frozen=True)
class RowText:
    """A ticket of a list, spoken."""

    ident: str
    number: str
    title: str
    tag: str
    tagged: bool
    waited: str
    upcoming: bool


@dataclass(frozen=True)
class NoteText:
    """A note, spoken."""

    tone: str
    title: str
    detail: str
    time: str


@dataclass(frozen=True)
class LampText:
    """A lamp, spoken."""

    name: str
    light: str
    word: str
    todo: str


@dataclass(frozen=True)
class LineText:
    """A line served here, or a numbered document."""

    letter: str
    name: str


@QmlElement
class ActView(QObject):
    """One act's button."""

    changed = Signal()

    def __init__(self, act: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._act = act
        self._told: tuple[Any, ...] = (False, "", False, False, False, "", "")

    def show(self, button: Button | None, *, label: str, words: Words) -> None:
        """The button as it is now."""
        if button is None:
            told: tuple[Any, ...] = (False, "", False, False, False, label, "")
        else:
            why, note = text_of(button.why, words.say), text_of(button.note, words.say)
            told = (button.enabled, why, button.primary, button.busy, button.refused, label, note)
        if told != self._told:
            self._told = told
            self.changed.emit()

    act = Property(str, lambda self: self._act, constant=True)
    key = Property(str, lambda self: ACT_KEYS.get(self._act, ""), constant=True)
    ready = Property(bool, lambda self: self._told[0], notify=changed)
    why = Property(str, lambda self: self._told[1], notify=changed)
    primary = Property(bool, lambda self: self._told[2], notify=changed)
    busy = Property(bool, lambda self: self._told[3], notify=changed)
    refused = Property(bool, lambda self: self._told[4], notify=changed)
    label = Property(str, lambda self: self._told[5], notify=changed)
    note = Property(str, lambda self: self._told[6], notify=changed)


@dataclass
class World:
    """What the program hands to the screen besides its errands: the hall's picture, time, devices."""

    picture: Callable[[], dict[str, Any] | None]
    now: Callable[[], datetime]
    tick: Callable[[], float]
    offline_since: Callable[[], datetime | None]
    barred: Callable[[], bool]
    lamps: Callable[[], list[Lamp]]
    day_units: dict[str, str]
    services: Callable[[], list[dict[str, Any]]] = list
    """Items of this counter's lines, from the catalogue."""
    printer: Prints | None = None


@QmlElement
class DeskScreen(QObject):
    """The whole window."""

    changed = Signal()
    mini_changed = Signal()
    areaAsked = Signal(int)
    """Alt+1/2/3: where the keyboard goes."""

    def __init__(
        self,
        errands: Errands,
        words: Words,
        world: World,
        entrance: EntranceView,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._errands, self._words, self._world, self._entrance = errands, words, world, entrance
        self._desk = Desk(stage="starting")
        self._acts = {act: ActView(act, self) for act in ACTS}
        self._models = {
            "queue": RowsModel(RowText, self),
            "parked": RowsModel(RowText, self),
            "missed": RowsModel(RowText, self),
            "notes": RowsModel(NoteText, self),
            "lamps": RowsModel(LampText, self),
            "lines": RowsModel(LineText, self),
            "documents": RowsModel(LineText, self),
        }
        self.casework = Casework(
            errands,
            picture=world.picture,
            situation=self.situation,
            catalogue=words.catalogue,
            services=world.services,
            printer=world.printer,
            parent=self,
        )
        self.ask = DialogView(
            words,
            picture=world.picture,
            now=world.now,
            why=self._why,
            questions=questions(self.casework.asked_of()),
            more=self._more,
            parent=self,
        )
        self.casework.changed.connect(self.refresh)
        self.ask.intended.connect(self._intend)
        self.at_door = DoorView(
            errands, words, picture=world.picture, offline=lambda: world.offline_since() is not None, parent=self
        )
        self._mini = False
        self._told: tuple[Any, ...] = ()
        errands.changed.connect(self.refresh)
        words.language_changed.connect(self.refresh)

    # -- looking --------------------------------------------------------------------------------------------------

    def situation(self) -> Situation:
        """What the desk is told now."""
        e = self._errands
        return Situation(
            now=self._world.now(),
            tick=self._world.tick(),
            language=str(self._words.language),
            day_units=self._world.day_units,
            clerk=e.sitting.clerk,
            locked=e.sitting.locked,
            offline_since=self._world.offline_since(),
            barred=self._world.barred(),
            busy=e.busy,
            refusal=e.refusal,
            told=self.casework.told,
        )

    @property
    def desk(self) -> Desk:
        """The desk as it is shown."""
        return self._desk

    def refresh(self) -> None:
        """Looks again; QML hears only of what changed."""
        self.casework.read(self._world.picture())
        self._desk = look(self._world.picture(), self.situation())
        if self._desk.stage != "desk" and self.ask.dialogs.kind:
            self.ask.close()
        for act, view in self._acts.items():
            view.show(self._desk.buttons.get(act), label=self._label(act), words=self._words)
        self._show_lists()
        self.ask.refresh()
        self.at_door.refresh()
        told = (self._desk, str(self._words.language))
        if told != self._told:
            self._told = told
            self.changed.emit()

    def _label(self, act: str) -> str:
        if act == "open" and self._desk.counter_state == "paused":
            return self._words.say("act.resume_counter")
        if act == "begin":
            return self._words.say("act.begin_long")
        return self._words.say(f"act.{act}")

    def _show_lists(self) -> None:
        desk, speak = self._desk, self._words.say
        self._models["queue"].show([self._row(row) for row in desk.queue])
        self._models["parked"].show([self._row(row) for row in desk.parked])
        self._models["missed"].show([self._row(row) for row in desk.missed])
        lamps = [self._lamp(lamp) for lamp in self._world.lamps()]
        self._models["lamps"].show(lamps)
        faults = [
            NoteText("warning", speak("lamp.note", name=lamp.name, word=lamp.word), lamp.todo, "")
            for lamp in lamps
            if lamp.light in ("yellow", "red")
        ]
        self._models["notes"].show([*faults, *(self._note(note) for note in desk.notes)])
        self._models["lines"].show([LineText(letter, name) for letter, name in desk.lines])
        documents = desk.visitor.documents if desk.visitor else ()
        self._models["documents"].show([LineText(str(i + 1), text) for i, text in enumerate(documents)])

    def _row(self, row: Row) -> RowText:
        speak = self._words.say
        tag, right = text_of(row.tag, speak), text_of(row.right, speak)
        return RowText(row.id, row.number, text_of(row.title, speak), tag, row.tagged, right, row.next)

    def _note(self, note: Note) -> NoteText:
        speak = self._words.say
        return NoteText(note.tone, text_of(note.title, speak), text_of(note.detail, speak), note.time)

    def _lamp(self, lamp: Lamp) -> LampText:
        speak = self._words.say
        return LampText(text_of(lamp.name, speak), lamp.light, text_of(lamp.word, speak), text_of(lamp.todo, speak))

    # -- commands -------------------------------------------------------------------------------------------------

    @Slot(str)
    def command(self, name: str) -> None:
        """A key or a button: `call_next … finish pause_resume find mini menu keys lock escape undo area_1…3`."""
        if name == "escape":
            self.ask.close()
        elif name == "mini":
            self._set_mini(not self._mini)
        elif self._desk.stage != "desk":
            return
        elif name == "keys":
            self.ask.hold_keys(True)
        elif name.startswith("area_"):
            self.areaAsked.emit(int(name[-1]))
        elif name in ("find", "menu"):
            self._open(name)
        elif name == "lock":
            self._errands.lock()
        elif name == "undo":
            if not self.ask.dialogs.kind:
                self.undo()
        else:
            self._act(self._desk.primary if name == "primary" else self._pause_or(name))

    def _pause_or(self, name: str) -> str:
        if name != "pause_resume":
            return name
        return "pause" if self._desk.counter_state == "open" else "open"

    def _act(self, act: str) -> None:
        button = self._desk.buttons.get(act)
        if button is None or not button.enabled:
            return
        if act in ASKING:
            self._open(ASKING[act])
            return
        self.ask.close()
        self._errands.do(act)
        self.refresh()

    def _open(self, kind: str) -> None:
        if self._mini:
            self._set_mini(False)
        self.ask.open(kind)

    def release(self, name: str) -> None:
        """A held key was let go."""
        if name == "keys":
            self.ask.hold_keys(False)

    def digit(self, n: int) -> bool:
        """A digit key: whether a dialog took it."""
        return self._desk.stage == "desk" and bool(self.ask.dialogs.kind) and self.ask.digit(n)

    def _why(self, act: str) -> Say | None:
        """Why an act of a dialog may not be done now."""
        button = self._desk.buttons.get(act)
        return None if button is None or button.enabled else button.why

    def _more(self, text: str) -> tuple[Choice, ...]:
        """Cases of this counter, for Ctrl+K."""
        return tuple(found_more(self._world.picture() or {}, text))

    def _intend(self, intent: Intent) -> None:
        """A dialog was answered."""
        if intent.act == "open_case" or (intent.act in CASE_ASKS and self.ask.dialogs.kind == "case"):
            self.ask.open("case" if intent.act == "open_case" else intent.act, about=intent.ticket)
            return
        if intent.act == "language":
            self._words.set_language(str(intent.words["language"]))
        elif intent.act == "lock":
            self._errands.lock()
        elif intent.act.startswith("case_"):
            if not self.casework.carry_out(intent):
                return
        elif self._desk.buttons[intent.act].enabled:
            self._errands.do(intent.act, ticket=intent.ticket, words=intent.words)
        else:
            return
        self.ask.dialogs.done()
        self.refresh()

    def carry_out(self, intent: Intent) -> bool:
        """An act that asks nothing more, from a key of the call pad. False when it may not be done now."""
        button = self._desk.buttons.get(intent.act)
        if self._desk.stage != "desk" or button is None or not button.enabled:
            return False
        self.ask.close()
        sent = self._errands.do(intent.act, ticket=intent.ticket, words=intent.words)
        self.refresh()
        return sent

    @Slot()
    def undo(self) -> None:
        """Takes the last act back, while the hall offers it."""
        if self._desk.undo_seq is not None and self._desk.buttons["undo"].enabled:
            self._errands.do("undo", words={"seq": self._desk.undo_seq})

    @Slot(str)
    def resume(self, number: str) -> None:
        """Goes on with a ticket on hold."""
        if self._desk.buttons["resume"].enabled:
            self._errands.do("resume", words={"number": number})

    @Slot(str)
    def reinstate(self, ident: str) -> None:
        """Puts a missed visitor back in line."""
        if self._desk.buttons["reinstate"].enabled:
            self._errands.do("reinstate", ticket=ident)

    # -- mini-bar -------------------------------------------------------------------------------------------------

    def _set_mini(self, mini: bool) -> None:
        if mini != self._mini:
            self._mini = mini
            self.mini_changed.emit()

    def _mini_label(self, place: int) -> str:
        short = {
            "call_next": "act.call_short",
            "begin": "act.begin",
            "recall": "act.recall_short",
            "no_show": "act.no_show_short",
        }
        acts = self._desk.mini.acts
        if place >= len(acts):
            return ""
        return self._words.say(short[acts[place]]) if acts[place] in short else self._label(acts[place])

    @Slot(QObject, float, float)
    def dragMini(self, window: QObject, dx: float, dy: float) -> None:
        """The grip was pulled so far: the bar follows, and snaps near the edges of its screen."""
        assert isinstance(window, QWindow)
        area = window.screen().availableGeometry()
        x = mini.snapped(window.x() + round(dx), size=window.width(), low=area.x(), high=area.x() + area.width())
        y = mini.snapped(window.y() + round(dy), size=window.height(), low=area.y(), high=area.y() + area.height())
        window.setPosition(x, y)

    def _mini_act(self, place: int) -> QObject | None:
        acts = self._desk.mini.acts
        return self._acts[acts[place]] if place < len(acts) else None

    # -- properties -----------------------------------------------------------------------------------------------

    def _t(self, value: Any) -> str:
        return text_of(value, self._words.say)

    def _v(self, name: str) -> str:
        return self._t(getattr(self._desk.visitor, name)) if self._desk.visitor else ""

    def _n(self, name: str) -> str:
        return self._t(getattr(self._desk.next, name)) if self._desk.next else ""

    def _toast(self) -> str:
        return self._t(self._desk.toast.text) if self._desk.toast else ""

    def _offline_time(self) -> str:
        since = self._world.offline_since()
        return self._words.say("desk.offline_since", time=clock(since.isoformat())) if since else ""

    way = Property(EntranceView, lambda self: self._entrance, constant=True)
    sheet = Property(DialogView, lambda self: self.ask, constant=True)
    door = Property(DoorView, lambda self: self.at_door, constant=True)
    stage = Property(str, lambda self: self._desk.stage, notify=changed)
    counter = Property(str, lambda self: self._desk.counter, notify=changed)
    department = Property(str, lambda self: self._desk.department, notify=changed)
    clerk = Property(str, lambda self: self._desk.clerk, notify=changed)
    counterState = Property(str, lambda self: self._desk.counter_state, notify=changed)
    stateWord = Property(str, lambda self: self._t(self._desk.state_word), notify=changed)
    stateTone = Property(str, lambda self: self._desk.state_tone, notify=changed)
    band = Property(str, lambda self: self._t(self._desk.band), notify=changed)
    bandSince = Property(str, lambda self: self._offline_time(), notify=changed)
    evacuationWay = Property(str, lambda self: self._t(self._desk.evacuation), notify=changed)
    primary = Property(str, lambda self: self._desk.primary, notify=changed)
    emptyTitle = Property(str, lambda self: self._t(self._desk.empty), notify=changed)
    emptyHint = Property(str, lambda self: self._t(self._desk.empty_hint), notify=changed)
    hasNext = Property(bool, lambda self: self._desk.next is not None, notify=changed)
    nextNumber = Property(str, lambda self: self._n("number"), notify=changed)
    nextService = Property(str, lambda self: self._n("service"), notify=changed)
    nextWaited = Property(str, lambda self: self._n("waited"), notify=changed)
    nextWhy = Property(str, lambda self: self._n("why"), notify=changed)
    queueTitle = Property(str, lambda self: self._t(self._desk.queue_title), notify=changed)
    queueNote = Property(str, lambda self: self._t(self._desk.queue_note), notify=changed)
    hasVisitor = Property(bool, lambda self: self._desk.visitor is not None, notify=changed)
    visitorNumber = Property(str, lambda self: self._v("number"), notify=changed)
    visitorService = Property(str, lambda self: self._v("service"), notify=changed)
    visitorDetail = Property(str, lambda self: self._v("detail"), notify=changed)
    visitorTimer = Property(str, lambda self: self._v("timer"), notify=changed)
    visitorNote = Property(str, lambda self: self._v("timer_note"), notify=changed)
    visitorPromised = Property(str, lambda self: self._v("promised"), notify=changed)
    visitorStatutory = Property(str, lambda self: self._v("statutory"), notify=changed)
    visitorLate = Property(
        bool, lambda self: self._desk.visitor is not None and self._desk.visitor.timer_late, notify=changed
    )
    visitorStep = Property(int, lambda self: self._desk.visitor.step if self._desk.visitor else -1, notify=changed)
    toast = Property(str, lambda self: self._toast(), notify=changed)
    toastUndo = Property(bool, lambda self: bool(self._desk.toast and self._desk.toast.undo), notify=changed)
    toastSeconds = Property(
        int, lambda self: (self._desk.toast.seconds or 0) if self._desk.toast else 0, notify=changed
    )
    toastWarns = Property(bool, lambda self: bool(self._desk.toast and self._desk.toast.warning), notify=changed)

    language = Property(str, lambda self: self._words.language, notify=changed)

    small = Property(bool, lambda self: self._mini, notify=mini_changed)
    miniState = Property(str, lambda self: self._desk.mini.state, notify=changed)
    miniLine = Property(str, lambda self: self._t(self._desk.mini.line), notify=changed)
    miniDetail = Property(str, lambda self: self._t(self._desk.mini.detail), notify=changed)
    miniWarns = Property(bool, lambda self: self._desk.mini.warn, notify=changed)
    miniFirst = Property(ActView, lambda self: self._mini_act(0), notify=changed)
    miniFirstLabel = Property(str, lambda self: self._mini_label(0), notify=changed)
    miniSecondLabel = Property(str, lambda self: self._mini_label(1), notify=changed)
    miniSecond = Property(ActView, lambda self: self._mini_act(1), notify=changed)

    callNext = Property(ActView, lambda self: self._acts["call_next"], constant=True)
    recall = Property(ActView, lambda self: self._acts["recall"], constant=True)
    begin = Property(ActView, lambda self: self._acts["begin"], constant=True)
    finish = Property(ActView, lambda self: self._acts["finish"], constant=True)
    noShow = Property(ActView, lambda self: self._acts["no_show"], constant=True)
    park = Property(ActView, lambda self: self._acts["park"], constant=True)
    transfer = Property(ActView, lambda self: self._acts["transfer"], constant=True)
    sendBack = Property(ActView, lambda self: self._acts["return"], constant=True)
    reclassify = Property(ActView, lambda self: self._acts["reclassify"], constant=True)
    callNumber = Property(ActView, lambda self: self._acts["call_number"], constant=True)
    pause = Property(ActView, lambda self: self._acts["pause"], constant=True)
    open = Property(ActView, lambda self: self._acts["open"], constant=True)
    resumeAct = Property(ActView, lambda self: self._acts["resume"], constant=True)
    reinstateAct = Property(ActView, lambda self: self._acts["reinstate"], constant=True)

    queue = Property(QObject, lambda self: self._models["queue"], constant=True)
    parked = Property(QObject, lambda self: self._models["parked"], constant=True)
    missed = Property(QObject, lambda self: self._models["missed"], constant=True)
    notes = Property(QObject, lambda self: self._models["notes"], constant=True)
    lamps = Property(QObject, lambda self: self._models["lamps"], constant=True)
    lines = Property(QObject, lambda self: self._models["lines"], constant=True)
    documents = Property(QObject, lambda self: self._models["documents"], constant=True)
    lineCount = Property(int, lambda self: len(self._desk.lines), notify=changed)
    parkedCount = Property(int, lambda self: len(self._desk.parked), notify=changed)
    missedCount = Property(int, lambda self: len(self._desk.missed), notify=changed)
