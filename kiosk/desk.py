"""Where the kiosk's parts meet: touches and news go to the flow, its effects to server, outbox, printer, voice.

Every part is handed in, so that a test can run the whole kiosk on real ones of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from PySide6.QtCore import QObject, QTimer

from hall_client.link import Link
from hall_client.outbox import Outbox
from hall_client.papers.ticket import ticket_blocks
from hall_client.shell import Shell
from hall_client.spoken import Spoken
from hardware.readers.card import Card

from .catalogue import Index
from .devices import Devices
from .effects import (
    AskCase,
    AskHelp,
    Effect,
    FindTicket,
    GiveUp,
    Hush,
    IssueOwn,
    Play,
    Print,
    Reinstate,
    SendTicket,
    SendWords,
    Speak,
)
from .flow import Flow
from .offline import BLOCK_SIZE, OwnNumbers
from .paper_of import own_ticket, paper_of, second_words
from .paper_trail import PaperTrail
from .places import Held
from .viewmodels import KioskScreen
from .views import present, spoken
from .voice import Voice

TICK_MS = 200
CHORES_MS = 2000
HEALTH_EVERY_S = 60.0
CAPTION_S = 8.0
REMEMBER_EVERY_S = 60.0
LOOK_LIMIT_MS = 4000
log = structlog.get_logger("kiosk")


class Desk(QObject):
    """One kiosk at work."""

    def __init__(
        self,
        shell: Shell,
        *,
        flow: Flow,
        screen: KioskScreen,
        outbox: Outbox | None,
        voice: Voice,
        devices: Devices | None = None,
        name: str = "",
    ) -> None:
        super().__init__()
        self._shell, self.name, self.flow, self.screen, self._voice = shell, name, flow, screen, voice
        self._outbox = outbox
        self._link: Link | None = None
        self._own: OwnNumbers | None = None
        self.devices = devices = devices or Devices(post=lambda act: act())
        devices.on_card, devices.on_code = self.card, self.scanned
        self._trail = PaperTrail(outbox)
        self._health_told: tuple[float, Any] = (0.0, None)
        self._caption_until = 0.0
        self._zone: tzinfo | None = datetime.now().astimezone().tzinfo
        self._difference = timedelta(0)
        self._remembered_at = 0.0
        self._catalogue_version: str | None = None
        self._asking_catalogue = False
        self.pairing_view: Callable[[], dict[str, Any]] | None = None
        self.on_pairing_touch: Callable[[str], None] = lambda act: None
        screen.touched.connect(self.touched)
        self._ticker = QTimer(self, interval=TICK_MS)
        self._ticker.timeout.connect(self.tick)
        self._chores = QTimer(self, interval=CHORES_MS)
        self._chores.timeout.connect(self.chores)

    @property
    def words(self) -> Spoken:
        """Texts in the language now shown."""
        return self._shell.words.spoken

    def describe(self) -> dict[str, Any]:
        """What `state` of HALL_DRIVE tells a test or the demo."""
        view, held = self.screen.now_shown, self.flow.held
        overlay = view.get("overlay") or {}
        return {
            "screen": view.get("screen", ""),
            "overlay": overlay.get("kind", ""),
            "number": held.ticket["number"] if held else "",
            "printing": held.printing if held else "",
            "reader": self.flow.world.reader,
            "stale": self.flow.world.stale,
            "left": self.flow.world.left,
            "name": self.name,
        }

    # -- the parts ----------------------------------------------------------------------------------------------

    def connect_hall(self, link: Link) -> None:
        """Works with this hall from now on."""
        self._link = link
        link.picture_changed.connect(self._picture)
        link.stale_changed.connect(self._stale)
        link.refused.connect(self._refused)
        if self._outbox is not None:
            self._own = OwnNumbers(
                self._outbox, link.request, new_key=new_key, changed=self._own_changed, merged=self._merged
            )
        self._from_cache()

    def start(self) -> None:
        """Begins to work."""
        if self._link is not None:
            self._link.start()
        self.devices.start()
        self._ticker.start()
        self._chores.start()
        self.chores()
        self.show()

    def stop(self) -> None:
        """Ends everything."""
        self._ticker.stop()
        self._chores.stop()
        self._voice.hush()
        if self._link is not None:
            self._link.stop()
        self.devices.stop()
        if self._outbox is not None:
            self._outbox.close()

    # -- time and touches ---------------------------------------------------------------------------------------

    def hall_now(self) -> datetime:
        """The hall's time; before the server was heard, this machine's with the difference last seen."""
        if self._link is not None and self._link.knows_time:
            return self._link.now()
        return datetime.now(self._zone) + self._difference

    def tick(self) -> None:
        """A fifth of a second passed."""
        now = time.monotonic()
        if self._caption_until and now >= self._caption_until:
            self._caption_until = 0.0
            self.screen.set_caption("")
        self.do(self.flow.tick(now=now, hall_now=self.hall_now()))

    def touched(self, act: str, label: str) -> None:
        """A finger was lifted on an item."""
        if self.flow.screen == "unpaired" and act.startswith("hall:"):
            self.on_pairing_touch(act)
            return
        self.do(self.flow.touch(act, now=time.monotonic(), label=label))

    def card(self, card: Card) -> None:
        """A card was placed on the reader."""
        if card.kind == "foreigner" and not card.name:
            card = replace(card, name=card.english_name)
        self.do(self.flow.card(card.name, card.number, now=time.monotonic()))

    def scanned(self, text: str) -> None:
        """A code was held before the scanner."""
        self.do(self.flow.scanned(text, now=time.monotonic()))

    def show(self) -> None:
        """Brings the screen up to date with the flow."""
        words = self._shell.words
        modes = self.flow.modes
        words.set_language(modes.language)
        self._shell.tokens.set_palette("contrast" if modes.contrast else "elder" if modes.large else "light")
        self._shell.tokens.set_surface("elder" if modes.large else "kiosk")
        pairing = self.pairing_view() if self.pairing_view is not None else None
        view = present(self.flow, words.spoken, own_name=self.name, tick=int(time.monotonic()), pairing=pairing)
        self.screen.show(view)

    def do(self, effects: list[Effect]) -> None:
        """Carries out what the flow wants, then shows the result; what speaks comes after the screen it reads."""
        for effect in effects:
            self._do(effect)
        self.show()
        for effect in effects:
            if isinstance(effect, Speak):
                self._speak(effect)

    def _do(self, effect: Effect) -> None:
        match effect:
            case SendTicket():
                self._send_ticket(effect)
            case IssueOwn():
                self._issue_own(effect)
            case FindTicket():
                self._find_ticket(effect)
            case Reinstate():
                self._reinstate(effect)
            case AskCase():
                self._ask_case(effect)
            case SendWords():
                self._send_words(effect)
            case GiveUp():
                log.info("touch without a number", key=effect.key[:8])
            case Print():
                # after this turn of the loop: the number is on the screen before a paper is drawn
                QTimer.singleShot(0, lambda: self._print(effect))
            case AskHelp():
                self._ask_help(effect)
            case Play():
                self._shell.sounds.play(effect.name)
            case Hush():
                self._voice.hush()
                self.screen.set_caption("")

    def _speak(self, effect: Speak) -> None:
        words = self._shell.words.spoken
        text = spoken(self.screen.now_shown, words) if effect.screen else effect.label
        self._voice.say(text, language=words.language)
        if not effect.screen:
            text = f"{text} · {words.say('voice.again')}"
        elif not self._voice.audible:
            text = words.say("voice.caption_only") if not self.flow.places else text
        self.screen.set_caption(text)
        self._caption_until = time.monotonic() + CAPTION_S

    # -- the hall -----------------------------------------------------------------------------------------------

    def _from_cache(self) -> None:
        """What was known before the last end of the program, so that a cold start without a server can still serve."""
        if self._outbox is None:
            return
        now = time.monotonic()
        catalogue, picture = self._outbox.recall("catalogue"), self._outbox.recall("picture")
        if isinstance(catalogue, dict):
            self.do(self.flow.catalogue(Index(catalogue), now=now))
        clock = self._outbox.recall("clock")
        if isinstance(clock, dict):
            self._difference = timedelta(seconds=float(clock["difference_s"]))
        if isinstance(picture, dict):
            self._zone = _zone(picture) or self._zone
            picture = picture | {"calls": [], "evacuation": None, "notices": []}
            self.name = str(picture.get("name") or self.name)
            left = self._left()
            self.do(self.flow.heard(now=now, hall_now=self.hall_now(), picture=picture, stale=True, left=left))

    def _left(self) -> dict[str, int]:
        return self._own.left(f"{self.hall_now():%Y-%m-%d}") if self._own is not None else {}

    def _picture(self, picture: dict[str, Any], _patch: dict[str, Any]) -> None:
        now = time.monotonic()
        self.name = str(picture.get("name") or self.name)
        languages = (picture.get("hall") or {}).get("languages") or []
        if languages and self.flow.home_language != languages[0]:
            self.flow.set_home_language(str(languages[0]))
        self.do(
            self.flow.heard(now=now, hall_now=self.hall_now(), picture=picture, left=self._left(), token_refused=False)
        )
        version = str((picture.get("hall") or {}).get("catalogue_version") or "")
        if self.flow.index is None or version != self._catalogue_version:
            self._ask_catalogue(version)

    def _ask_catalogue(self, version: str) -> None:
        if self._asking_catalogue or self._link is None:
            return
        self._asking_catalogue = True

        def done(status: int | None, answer: Any) -> None:
            self._asking_catalogue = False
            if status != 200 or not isinstance(answer, dict):
                return  # the next picture asks again
            self._catalogue_version = version
            if self._outbox is not None:
                self._outbox.remember("catalogue", answer)
            self.do(self.flow.catalogue(Index(answer), now=time.monotonic()))

        self._link.request("GET", "/catalogue", done=done)

    def _stale(self, stale: bool) -> None:
        assert self._link is not None
        since = self._link.stale_since
        text = f"{since[1]:%H:%M}" if stale and since is not None else ""
        if stale:
            self._remember()
        self.do(self.flow.heard(now=time.monotonic(), stale=stale, stale_since=text, left=self._left()))
        if not stale:
            self.chores()

    def _remember(self) -> None:
        """For a cold start without the server: the picture, and how far this machine's clock is off."""
        if self._outbox is None or self._link is None or self._link.picture is None:
            return
        self._remembered_at = time.monotonic()
        self._outbox.forget_days_before(f"{self.hall_now():%Y-%m-%d}")
        self._outbox.remember("picture", self._link.picture)
        if self._link.knows_time:
            difference = (self._link.now() - datetime.now(UTC)).total_seconds()
            self._outbox.remember("clock", {"difference_s": round(difference, 1)})

    def _refused(self, reason: str) -> None:
        log.error("the hall refuses this kiosk", reason=reason)
        self.do(self.flow.heard(now=time.monotonic(), token_refused=True))

    def _own_changed(self) -> None:
        self.do(self.flow.heard(now=time.monotonic(), left=self._left()))

    def chores(self) -> None:
        """Every two seconds: numbers topped up, debts settled, devices reported."""
        self._look_at_devices()
        if self._link is None or self._own is None or self.flow.world.stale:
            return
        if time.monotonic() - self._remembered_at > REMEMBER_EVERY_S and self.flow.taking is None:
            self._remember()
        self._own.merge()
        self._own.settle()
        day = str(((self.flow.world.picture or {}).get("hall") or {}).get("day") or f"{self.hall_now():%Y-%m-%d}")
        size = int((self.flow.world.picture or {}).get("block_size", BLOCK_SIZE))
        self._own.top_up(self.flow.lines, day=day, now=time.monotonic(), size=size)

    # -- a number -----------------------------------------------------------------------------------------------

    def _send_ticket(self, effect: SendTicket) -> None:
        assert self._own is not None
        flow = self.flow

        def wanted() -> bool:
            return flow.taking is not None and flow.taking.key == effect.key and not flow.taking.asked_own

        def done(status: int | None, answer: Any) -> None:
            self.do(flow.answered(effect.key, status, answer, now=time.monotonic()))

        self._own.send_ticket(
            effect.key, effect.body, at=self.hall_now(), wanted=wanted, done=done, visitor=effect.visitor
        )

    def _find_ticket(self, effect: FindTicket) -> None:
        def done(status: int | None, answer: Any) -> None:
            self.do(self.flow.found_ticket(effect.token, status, answer, now=time.monotonic()))

        assert self._link is not None
        self._link.request("GET", f"/tickets/{effect.token}", done=done, timeout_ms=LOOK_LIMIT_MS)

    def _reinstate(self, effect: Reinstate) -> None:
        def done(status: int | None, answer: Any) -> None:
            self.do(self.flow.reinstated(effect.ticket, status, answer, now=time.monotonic()))

        assert self._link is not None
        path = f"/tickets/{effect.ticket}/reinstate"
        self._link.request("POST", path, {}, key=effect.key, done=done, timeout_ms=LOOK_LIMIT_MS)

    def _ask_case(self, effect: AskCase) -> None:
        def done(status: int | None, answer: Any) -> None:
            self.do(self.flow.case_told(effect.key, status, answer, now=time.monotonic()))

        self._ask("/case-status", effect.body, effect.key, done)

    def _send_words(self, effect: SendWords) -> None:
        def done(status: int | None, answer: Any) -> None:
            self.do(self.flow.words_kept(effect.key, status, answer, now=time.monotonic()))

        self._ask(effect.path, effect.body, effect.key, done)

    def _ask(self, path: str, body: Mapping[str, Any], key: str, done: Callable[[int | None, Any], None]) -> None:
        """A request the visitor waits for: it is answered, or he is told; it is never kept for later."""
        assert self._link is not None
        self._link.request("POST", path, dict(body), key=key, done=done, timeout_ms=LOOK_LIMIT_MS)

    def _issue_own(self, effect: IssueOwn) -> None:
        ticket = None
        if self._own is not None:
            own = self._own.issue(
                key=effect.key,
                line=effect.line,
                service=effect.service,
                priority_class=effect.priority_class,
                language=effect.language,
                at=self.hall_now(),
            )
            if own is not None:
                ticket = own_ticket(self.flow, own)
        self.do(self.flow.issued_own(effect.key, ticket, now=time.monotonic()))

    def _ask_help(self, effect: AskHelp) -> None:
        def done(status: int | None, _answer: Any) -> None:
            self.do(self.flow.help_answered(status == 204, now=time.monotonic()))

        if self._link is None or self.flow.world.stale:
            done(None, None)
            return
        body = {"language": effect.language, "screen": effect.screen}
        self._link.request("POST", "/help", body, key=new_key(), done=done, timeout_ms=3000)

    # -- the paper ----------------------------------------------------------------------------------------------

    def _print(self, effect: Print) -> None:
        held = self.flow.held
        printing = self.devices.printing
        if held is None or held.key != effect.key or printing is None:
            return
        if effect.copy == 0:
            self._trail.next_serial(f"{self.hall_now():%Y-%m-%d}")
        words = Spoken(self._shell.words.catalogue, str(held.ticket.get("language") or self.flow.modes.language))
        second = second_words(self.flow, words)
        paper = paper_of(self.flow, held, words, second, kiosk=self.name, serial=self._trail.serial, copy=effect.copy)
        name = f"{effect.key}:{effect.copy}"
        blocks = ticket_blocks(paper, words, second)
        printing.print(name, blocks, lambda r: self._printed(held, effect, r))

    def _printed(self, held: Held, effect: Print, result: dict[str, Any]) -> None:
        log.info("paper", outcome=result["outcome"], how=result["how"], fault=result["fault"], copy=effect.copy)
        self.do(self.flow.printed(effect.key, result["outcome"], now=time.monotonic(), fault=result["fault"]))
        body = {k: result[k] for k in ("outcome", "how", "evidence") if result[k]}
        ticket = held.ticket.get("id")
        if ticket:
            self._owe_result(f"{effect.key}-p{effect.copy}", str(ticket), body)
        else:
            self._trail.owe(effect.key, effect.copy, body)

    def _owe_result(self, key: str, ticket: str, body: dict[str, Any]) -> None:
        if self._own is not None:
            self._own.owe(key=key, path=f"/tickets/{ticket}/print-result", body=body, at=self.hall_now())

    def _merged(self, key: str, ticket: str) -> None:
        """The server knows a ticket of our own now: what became of its paper may be told."""
        for copy, result in self._trail.settle(key):
            self._owe_result(f"{key}-p{copy}", ticket, result)

    def _look_at_devices(self) -> None:
        world, told = self.flow.world, self.devices.world()
        if any(getattr(world, field) != value for field, value in told.items()):
            self.do(self.flow.heard(now=time.monotonic(), **told))
        now = time.monotonic()
        told_at, told_before = self._health_told
        report = self.devices.report()
        if self._link is None or world.stale or not report:
            return
        if report == told_before and now - told_at < HEALTH_EVERY_S:
            return
        self._health_told = (now, report)
        self._link.request("PUT", "/devices/current/health", report, key=new_key())


def _zone(picture: Mapping[str, Any]) -> tzinfo | None:
    """The hall's zone as its picture names it."""
    try:
        return ZoneInfo(str((picture.get("hall") or {}).get("zone") or ""))
    except (ZoneInfoNotFoundError, ValueError):
        return None


def new_key() -> str:
    """An Idempotency-Key nobody used before."""
    return uuid4().hex
