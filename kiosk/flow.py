"""The machine of the kiosk's screens (design.md 4): touches and news in, effects out. Pure, told the time.

`Situation` reads the world, `Visit` is the visitor before it, `Numbers` takes numbers, `Presented` cards and codes;
here are what happens outside and what a finger does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from .asked import Asked
from .catalogue import LETTERS, Index
from .effects import AskHelp, Effect, Hush, Play, Print, Speak
from .places import Place
from .situation import CONSULTATION_LINE

DEAD_S = 0.3
COPIES_MAX = 2
TYPED_MAX = 12


class Flow(Asked):
    """One kiosk. Every public method takes `now` and returns the effects to carry out, in order."""

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
            self.late = self.who = None

    def tick(self, *, now: float, hall_now: datetime | None = None) -> list[Effect]:
        """Time passed. Call it a few times a second."""
        self._now = now
        self.hall_now = hall_now or self.hall_now
        effects: list[Effect] = []
        if self.note and now >= self._note_until:
            self.note = ""
        effects += self._tick_taking()
        if self.held is not None:
            if now >= self.held.until:
                self._leave_ticket()
        elif self.taking is None:
            effects += self._tick_idle()
        return self._settled(effects)

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
            self.note, self.choosing_language = "", False
        elif verb == "help":
            return [AskHelp(screen=self.screen, language=modes.language)]
        return []

    def help_answered(self, sent: bool, *, now: float) -> list[Effect]:
        """The help request reached the server, or not."""
        self._now = now
        self._say("help_sent" if sent else "help_failed")
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
            self.late = self.who = None
        return []

    def _on_page(self, verb: str, what: str) -> list[Effect]:
        place = self.place
        if place.screen in ("case_ask", "write") and verb not in ("back", "home"):
            return self._on_case(verb, what) if place.screen == "case_ask" else self._on_write(verb, what)
        match verb:
            case "cases":
                self._go(Place("case_ask", spot="no"))
            case "words":
                self._go(Place("words"))
            case "about":
                self._on_about(what)
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
