"""The machine of the kiosk's screens (design.md 4): touches and news in, effects out. Pure, told the time.

Times are monotonic seconds. What is shown is decided in one order: evacuation, a held ticket, where the visitor went,
and under all that the ground: home, offline, closed, or out of service, whatever the world allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from .catalogue import LETTERS, Index
from .effects import AskHelp, Effect, GiveUp, Hush, IssueOwn, Play, Print, SendTicket, Speak
from .places import Held, Modes, Place, Screen, Taking
from .situation import CONSULTATION_LINE, Situation

DEAD_S = 0.3
STILL_WAITING_S = 1.5
UNKNOWN_S = 4.0
TICKET_S, TICKET_SLOW_S = 20.0, 40.0
PAPER_S = 60.0
STARTING_S = 2.0
TOAST_S = 8.0
COPIES_MAX = 2
PRINTING_S = 5.0
"""How long a paper usually takes; after that 没打出来 may be touched although nothing was heard."""
TYPED_MAX = 12
FINAL_FAILURES = ("not_signed_in", "not_allowed")


class Flow(Situation):
    """One kiosk. Every public method takes `now` and returns the effects to carry out, in order."""

    def __init__(self, *, new_key: Callable[[], str], language: str = "zh-Hans", now: float = 0.0) -> None:
        """`new_key` makes an Idempotency-Key for a touch."""
        super().__init__(language=language)
        self._new_key = new_key
        self.home_language = language
        self.places: list[Place] = []
        self.taking: Taking | None = None
        self.held: Held | None = None
        self.late: Place | None = None
        """The place whose visitor is being told that he may not be served today."""
        self.choosing_language = False
        self.asking_idle_since: float | None = None
        self.help_note: str = ""
        """`sent`, `failed` or empty."""
        self.armed = ""
        """With voice on: the item that was read out and acts on its second touch."""
        self._help_until = 0.0
        self._touched_at = now
        self._started_at = now
        self._now = now
        self._shown: object = None
        self._shown_at = now

    # -- what is on the screen ----------------------------------------------------------------------------------

    @property
    def screen(self) -> Screen:
        """The screen to draw."""
        world = self.world
        if world.picture is not None and world.picture.get("evacuation"):
            return "evacuation"
        if self.held is not None:
            return "paper" if self.held.printing in ("failed", "none") else "ticket"
        if not world.paired:
            return "unpaired"
        if self.places:
            return self.places[-1].screen
        return self.ground

    @property
    def ground(self) -> Screen:
        """What is under everything the visitor opened."""
        world = self.world
        if self.index is None or world.picture is None:
            return (
                "starting"
                if self._now - self._started_at <= STARTING_S and not world.token_refused
                else "out_of_service"
            )
        if world.token_refused:
            return "out_of_service"
        if world.stale:
            if not self.within_hours():
                return "closed"
            return "offline" if sum(world.left.values()) else "out_of_service"
        return "home" if any(self.line_open(line) for line in self.lines) else "closed"

    @property
    def place(self) -> Place:
        """Where the visitor is; the home screen when he went nowhere."""
        return self.places[-1] if self.places else Place("home")

    @property
    def ticket_limit(self) -> float:
        """How long a ticket stays on the screen, seconds."""
        if self.held is not None and self.held.printing in ("failed", "none"):
            return PAPER_S
        return TICKET_SLOW_S if self.slow else TICKET_S

    def busy_words(self) -> str:
        """`` `taking` `` or `` `waiting` `` while a number is being fetched, else empty."""
        if self.taking is None:
            return ""
        return "waiting" if self._now - self.taking.since >= STILL_WAITING_S else "taking"

    def idle_left(self) -> float | None:
        """Seconds of the count-down that are left; None while nobody is asked."""
        if self.asking_idle_since is None:
            return None
        return max(0.0, self.idle_limits[1] - (self._now - self.asking_idle_since))

    def ticket_left(self) -> float:
        """Seconds until the ticket's screen closes by itself."""
        return max(0.0, self.held.until - self._now) if self.held else 0.0

    @property
    def still_printing(self) -> bool:
        """Whether a paper is on its way and nobody should ask for another yet."""
        held = self.held
        return held is not None and held.printing == "printing" and self._now - held.sent_at < PRINTING_S

    @property
    def entered(self) -> bool:
        """Whether there is anything to wipe."""
        changed = self.modes != Modes(language=self.home_language)
        return bool(self.places) or changed or self.late is not None or self.choosing_language

    def set_home_language(self, language: str) -> None:
        """The hall's own language: the one a visitor finds, and the one after the wipe."""
        if self.modes.language == self.home_language:
            self.modes = replace(self.modes, language=language)
        self.home_language = language

    # -- news ---------------------------------------------------------------------------------------------------

    def heard(self, *, now: float, hall_now: datetime | None = None, **changes: Any) -> list[Effect]:
        """The world is another one: fields of `World`, and the hall's time."""
        self._now = now
        self.hall_now = hall_now or self.hall_now
        self.world = replace(self.world, **changes)
        if self.screen == "evacuation" and (self.places or self.late or self.choosing_language):
            self._wipe_entries()
        self._drop_lost_places()
        return self._settled([])

    def catalogue(self, index: Index, *, now: float) -> list[Effect]:
        """Another catalogue; a visitor whose service went away returns to the home screen."""
        self._now, self.index = now, index
        self._drop_lost_places()
        return self._settled([])

    def _drop_lost_places(self) -> None:
        if self.index is None:
            return
        index = self.index
        gone = [p for p in self.places if p.service is not None and p.service not in index.services]
        gone += [p for p in self.places if p.screen in ("list", "tiles") and not index.items_of(p.group, p.part)]
        if gone:
            self.places.clear()
            self.late = None

    def tick(self, *, now: float, hall_now: datetime | None = None) -> list[Effect]:
        """Time passed. Call it a few times a second."""
        self._now = now
        self.hall_now = hall_now or self.hall_now
        effects: list[Effect] = []
        if self.help_note and now >= self._help_until:
            self.help_note = ""
        effects += self._tick_taking()
        if self.held is not None:
            if now >= self.held.until:
                self._leave_ticket()
        elif self.taking is None:
            effects += self._tick_idle()
        return self._settled(effects)

    def _tick_taking(self) -> list[Effect]:
        taking = self.taking
        if taking is None:
            return []
        if taking.retry_at is not None and self._now >= taking.retry_at:
            taking.retry_at = None
            return [SendTicket(taking.key, taking.body)]
        if not taking.asked_own and self._now - taking.since >= UNKNOWN_S:
            return self._from_own_block(taking)
        return []

    def _tick_idle(self) -> list[Effect]:
        wait, ring = self.idle_limits
        if self.asking_idle_since is not None:
            if self._now - self.asking_idle_since >= ring:
                self._wipe()
                return [Hush()]
            return []
        if self.entered and self.screen not in ("evacuation", "unpaired") and self._now - self._touched_at >= wait:
            self.asking_idle_since = self._now
        return []

    # -- a number -----------------------------------------------------------------------------------------------

    def _take(self, place: Place) -> list[Effect]:
        line = self.line_of(place)
        if self.taking is not None or line is None:
            return []
        body: dict[str, Any] = {"priority_class": place.priority, "language": self.modes.language}
        body |= {"service": place.service} if place.service is not None else {"line": line}
        if place.form:
            body["form"] = place.form
        self.taking = Taking(self._new_key(), body, line, place.service, self._now)
        if self.world.stale:
            return self._from_own_block(self.taking)
        return [SendTicket(self.taking.key, self.taking.body)]

    def _from_own_block(self, taking: Taking) -> list[Effect]:
        taking.asked_own = True
        priority = str(taking.body["priority_class"])
        return [IssueOwn(taking.key, taking.line, taking.service, priority, str(taking.body["language"]))]

    def answered(self, key: str, status: int | None, answer: Any, *, now: float) -> list[Effect]:
        """The server's answer to `SendTicket`; `status` None when nobody knows what became of it."""
        self._now = now
        taking = self.taking
        if taking is None or taking.key != key or taking.asked_own:
            return []  # the visitor holds a number of the own block already: the merge settles it (contract 3)
        if status == 201 and isinstance(answer, dict):
            return self._settled(self._hold(dict(answer), taking, own=False))
        code = str(answer.get("code", "")) if isinstance(answer, dict) else ""
        if status == 429:
            taking.retry_at = now + 1.0
            return []
        if status is None or status >= 500:
            return self._settled(self._from_own_block(taking))
        self.taking = None
        self._go(Place("refused", refusal=code or "bad_request", line=taking.line, service=taking.service))
        return self._settled([Play("fault")])

    def issued_own(self, key: str, ticket: dict[str, Any] | None, *, now: float) -> list[Effect]:
        """A number of the own block was stored for this touch, or None: there is none left."""
        self._now = now
        taking = self.taking
        if taking is None or taking.key != key:
            return []
        if ticket is not None:
            return self._settled(self._hold(ticket, taking, own=True))
        self.taking = None
        self._go(Place("refused", refusal="no_number", line=taking.line, service=taking.service))
        return self._settled([GiveUp(key), Play("fault")])

    def _hold(self, ticket: dict[str, Any], taking: Taking, *, own: bool) -> list[Effect]:
        self.taking = self.late = None
        self.places.clear()
        can_print = self.world.printer in ("ready", "degraded", "unknown", "connecting")
        self.held = Held(taking.key, ticket, taking.service, own, until=0.0, sent_at=self._now)
        self.held.printing = "printing" if can_print else "none"
        self.held.fault = next(iter(self.world.printer_faults), "")
        self.held.until = self._now + self.ticket_limit
        self._touched_at = self._now
        return [Play("stored"), Print(taking.key, 0)] if can_print else [Play("stored")]

    def printed(self, key: str, outcome: str, *, now: float, fault: str = "") -> list[Effect]:
        """What became of a paper: `confirmed failed unknown`. The number stays whatever it is."""
        self._now = now
        held = self.held
        if held is None or held.key != key:
            return []
        before = held.printing
        held.printing = outcome if outcome in ("confirmed", "failed", "unknown") else "unknown"  # type: ignore[assignment]
        held.fault = fault
        if held.printing == "failed":
            held.until = max(held.until, now + PAPER_S)
        return self._settled([Play("fault")] if held.printing == "failed" and before != "failed" else [])

    def _leave_ticket(self) -> None:
        self.held = None
        self.places.clear()
        self._touched_at = self._now

    # -- touches ------------------------------------------------------------------------------------------------

    def touch(self, act: str, *, now: float, label: str = "") -> list[Effect]:
        """A finger was lifted on the item `act`. `label` is what the item says, for the voice."""
        self._now = now
        if now - self._shown_at < DEAD_S:
            return []  # a second tap must not hit what has just appeared
        self._touched_at = now
        if self.modes.voice and act != "mode:voice" and self.armed != act:
            self.armed = act
            return [Play("tap"), Speak(label=label)]
        self.armed = ""
        effects: list[Effect] = [Play("tap")]
        effects += self._touched(act)
        return self._settled(effects)

    def _touched(self, act: str) -> list[Effect]:
        verb, _, what = act.partition(":")
        if self.asking_idle_since is not None:
            if verb in ("mode", "languages", "language", "help"):
                self.asking_idle_since = None  # whoever changes how it looks is still there
            else:
                return self._idle_answer(verb)
        if verb in ("mode", "languages", "language", "help", "dismiss"):
            return self._tool(verb, what)
        if self.choosing_language:
            return []
        if self.screen in ("evacuation", "unpaired", "starting", "out_of_service"):
            return []
        if self.held is not None:
            return self._on_ticket(verb)
        if self.taking is not None:
            return []
        if self.late is not None:
            return self._on_late(verb)
        return self._on_page(verb, what)

    def _idle_answer(self, verb: str) -> list[Effect]:
        if verb == "continue":
            self.asking_idle_since = None
        elif verb == "wipe":
            self._wipe()
            return [Hush()]
        return []

    def _tool(self, verb: str, what: str) -> list[Effect]:
        modes = self.modes
        if verb == "mode":
            on = not getattr(modes, what)
            change: dict[str, Any] = {what: on}
            self.modes = replace(modes, **change)
            if what == "large":
                self.modes = replace(self.modes, voice=on and self.world.speech)
                self.places = [replace(p, page=0, docs_page=0) for p in self.places]
            elif what == "low":
                self.places = [replace(p, page=0) for p in self.places]
            if self.held is not None:
                self.held.until = max(self.held.until, self._now + self.ticket_limit)
            return [Speak(screen=True)] if self.modes.voice else [Hush()]
        if verb == "languages":
            self.choosing_language = not self.choosing_language
        elif verb == "language":
            self.modes = replace(modes, language=what)
            self.choosing_language = False
            return [Speak(screen=True)] if modes.voice else []
        elif verb == "dismiss":
            self.help_note, self.choosing_language = "", False
        elif verb == "help":
            return [AskHelp(screen=self.screen, language=modes.language)]
        return []

    def help_answered(self, sent: bool, *, now: float) -> list[Effect]:
        """The help request reached the server, or not."""
        self._now = now
        self.help_note, self._help_until = ("sent" if sent else "failed"), now + TOAST_S
        return self._settled([])

    def _on_ticket(self, verb: str) -> list[Effect]:
        held = self.held
        assert held is not None
        if verb == "done":
            self._leave_ticket()
        elif verb == "reprint" and held.copies < COPIES_MAX and not self.still_printing:
            held.copies += 1
            held.sent_at = self._now
            held.printing, held.fault = "printing", ""
            held.until = self._now + self.ticket_limit
            return [Print(held.key, held.copies)]
        return []

    def _on_late(self, verb: str) -> list[Effect]:
        place = self.late
        assert place is not None
        if verb == "anyway":
            return self._take(place)
        if verb == "back":
            self.late = None
        return []

    def _on_page(self, verb: str, what: str) -> list[Effect]:
        place = self.place
        match verb:
            case "service" if self.index is not None and what in self.index.services:
                return self._choose(Place("detail", service=what))
            case "line":
                return self._choose(Place("detail", line=what))
            case "consult" if self.consultation:
                return self._choose(Place("detail", line=CONSULTATION_LINE, form="consultation"))
            case "group" if self.index is not None and self.index.items_of(what):
                self._go(Place("tiles" if self.index.tiles_of(what) else "list", group=what))
            case "part" if self.index is not None and self.index.items_of(place.group, int(what)):
                self._go(Place("list", group=place.group, part=int(what)))
            case "groups" | "guides":
                self._go(Place("groups"))
            case "search":
                self._go(Place("search"))
            case "key" | "erase" | "clear" | "digits":
                self._type(verb, what)
            case "next" | "previous":
                self._change(page=max(0, place.page + (1 if verb == "next" else -1)))
            case "docs":
                self._change(docs_page=int(what))
            case "priority":
                self._change(priority=what)
            case "take":
                return self._take_or_warn(Place("search", service=what) if what else place)
            case "back":
                if self.places:
                    self.places.pop()
            case "home":
                self.places.clear()
        return []

    def _choose(self, place: Place) -> list[Effect]:
        line = self.line_of(place)
        if line is not None and not self.line_open(line) and not self._reading:
            code = "no_number" if self.world.stale else str(self.lines.get(line, {}).get("state", "closed"))
            self._go(Place("refused", refusal=code, line=line, service=place.service))
        else:
            self._go(place)
        return []

    @property
    def _reading(self) -> bool:
        """Outside hours the guides may be read although no line is open."""
        return self.ground == "closed"

    def may_take(self, place: Place) -> bool:
        """Whether 取号 is offered at a place."""
        line = self.line_of(place)
        return line is not None and self.line_open(line) and self.ground not in ("closed", "out_of_service")

    def _take_or_warn(self, place: Place) -> list[Effect]:
        line = self.line_of(place)
        if line is None:
            return []
        if not self.may_take(place):
            return self._choose(replace(place, screen="detail")) if place.screen == "search" else []
        if self.too_late(line):
            self.late = place
            return []
        return self._take(place)

    def _type(self, verb: str, what: str) -> None:
        place = self.place
        if place.screen != "search" or self.index is None:
            return
        if verb == "key" and what in self.index.live_keys(place.typed) and len(place.typed) < TYPED_MAX:
            self._change(typed=place.typed + what)
        elif verb == "erase":
            self._change(typed=place.typed[:-1])
        elif verb == "clear":
            self._change(typed="")
        elif verb == "digits":
            self._change(digits=not place.digits)

    def found(self, limit: int) -> tuple[Sequence[Mapping[str, Any]], int]:
        """The first results of the search, and how many there are."""
        return self.index.search(self.place.typed, top=self.top, limit=limit) if self.index else ([], 0)

    def live_keys(self) -> set[str]:
        """Keys that still lead to something; letters or digits."""
        live = self.index.live_keys(self.place.typed) if self.index else set()
        return {key for key in live if (key not in LETTERS) == self.place.digits}

    # -- moving -------------------------------------------------------------------------------------------------

    def _go(self, place: Place) -> None:
        self.late = None
        self.places.append(place)

    def _change(self, **changes: Any) -> None:
        if self.places:
            self.places[-1] = replace(self.places[-1], **changes)

    def _wipe_entries(self) -> None:
        self.places.clear()
        self.late = None
        self.choosing_language = False
        self.asking_idle_since = None
        self.armed = ""

    def _wipe(self) -> None:
        """Everything a visitor entered goes, and the screens are as for the next one."""
        self._wipe_entries()
        self.help_note = ""
        self.modes = Modes(language=self.home_language)
        self._touched_at = self._now

    def _settled(self, effects: list[Effect]) -> list[Effect]:
        """Notes when another page appeared: for the dead time, and to read it out."""
        place = self.place
        shown = (
            self.screen, len(self.places), place.group, place.part, place.page, self.late is not None,
            self.choosing_language, self.asking_idle_since is not None, self.modes.large, self.modes.low,
        )  # fmt: skip
        if shown != self._shown:
            first = self._shown is None
            self._shown, self._shown_at, self.armed = shown, self._now, ""
            if self.modes.voice and not first and not any(isinstance(e, Speak) for e in effects):
                effects.append(Speak(screen=True))
        return effects
