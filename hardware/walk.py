"""`hall-device setup`: a fitter binds one device after the other, sees each at work, and leaves a written inventory.

Plug in - found - press this key - seen - bound to counter 3 - printed. Every bound device is written at once, so that
a power cut loses nothing; every question has a way back.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag

from hardware import binding, scan, search, trial
from hardware.address import PROTOCOLS, Address, BadAddress, parse
from hardware.advice import advice
from hardware.binding import FILE, USES, Binding, fitting
from hardware.fonts import FontMissing
from hardware.health import State
from hardware.logs import Failure
from hardware.plugged import Plugged, plugged
from hardware.port import PortGone
from hardware.printers.driver import PrintJob
from hardware.printers.paper import Block, Columns, Rule, Run, Space, Text
from hardware.printers.profiles import BadProfile
from hardware.talk import Back, Quit, Talk, walk

WORDS_OF_USE = {
    "printer": "prints tickets",
    "led": "the bar that shows the call",
    "pad": "the clerk's call pad",
    "keypad": "the visitor's rating keypad",
    "reader": "reads identity cards",
    "scanner": "reads the code of a ticket",
}
PROGRAM_OF_ROLE = {"counter": "hall-counter", "kiosk": "hall-kiosk", "wall": "hall-wall"}
APPEAR_S = 2.0
"""How long a device may take to appear after it was plugged in."""
LOOK_S = 0.25
SCAN_S = 8.0


@dataclass(slots=True)
class Draft:
    """The device being bound."""

    role: str = ""
    name: str = ""
    use: str = ""
    port: str = ""
    """Where it is, without protocol."""
    guess: str = ""
    address: str = ""
    before: list[Plugged] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"{self.role} {self.name}".strip()


class Walk:
    """One sitting of a fitter."""

    def __init__(
        self, talk: Talk, file: Path, *, look: Callable[[], list[Plugged]] = plugged, known: list[Binding] | None = None
    ) -> None:
        self._talk, self._file, self._look = talk, file, look
        self._known: list[Binding] = known or []
        self._draft = Draft()
        self.changed = False

    def run(self) -> None:
        """Until the fitter is done; the inventory is on disk."""
        say = self._talk.say
        say("Binding devices. Every answer may be 'back' (the question before) or 'quit' (end; what is bound stays).")
        self._tell_known()
        try:
            if not self._known:
                self._add()
            while self._next():
                pass
        except Quit:
            say("ended")
        self._summary()

    def _next(self) -> bool:
        options = [("add", "bind another device"), ("try", "see a bound device at work"), ("remove", "forget one")]
        try:
            match self._talk.choose("What next?", [*options, ("done", "write and end")], default="done"):
                case "add":
                    self._add()
                case "try":
                    self._try_again()
                case "remove":
                    self._remove()
                case _:
                    self._print_summary()
                    return False
        except Back:
            self._talk.say("nothing changed")
        return True

    def _tell_known(self) -> None:
        if self._known:
            self._talk.say(f"{self._file} knows:")
            for one in self._known:
                self._talk.say(f"  {one.place}: {one.use} = {one.address}")

    # -- one device ---------------------------------------------------------------------------------------------

    def _add(self) -> None:
        self._draft = Draft()
        try:
            walk([self._role, self._name, self._use, self._find, self._speak, self._pad_number, self._see, self._bind])
        except Back:
            self._talk.say("nothing bound")

    def _role(self) -> bool:
        options = [
            ("counter", "a clerk's place"),
            ("kiosk", "the machine that gives numbers"),
            ("wall", "the big screen and its bars"),
        ]
        self._draft.role = self._talk.choose("Where does the device stand?", options)
        return True

    def _name(self) -> bool:
        draft = self._draft
        if draft.role == "counter":
            while not (name := self._talk.ask("number of the counter")).strip():
                self._talk.say("a counter has a number, for example 3")
            draft.name = name
        else:
            draft.name = ""
            if draft.role == "wall":
                draft.name = self._talk.ask("name of the screen", default="main")
        return draft.role != "kiosk"

    def _use(self) -> bool:
        options = [(use, WORDS_OF_USE[use]) for use in USES[self._draft.role]]
        self._draft.use = self._talk.choose(f"What is it at {self._draft.place}?", options)
        taken = self._at_place()
        if taken is not None:
            question = f"{taken.place} has a {taken.use} already ({taken.address}). Replace it?"
            if not self._talk.yes(question):
                raise Back
        return True

    def _at_place(self) -> Binding | None:
        """What has this place already; a wall may have several bars."""
        draft = self._draft
        for one in self._known:
            if (one.role, one.name, one.use) == (draft.role, draft.name, draft.use) and draft.role != "wall":
                return one
        return None

    def _find(self) -> bool:
        """Plugged in now, chosen from what is there, or an address on the network."""
        draft = self._draft
        draft.before = self._look()
        self._talk.say(f"Plug the {draft.use} in now and press Enter (it may already be in: type 'list').")
        self._talk.say("A network device is named by its address, such as socket://192.168.1.50:9100.")
        while True:
            answer = self._talk.ask("Enter, list, or address")
            if answer and answer != "list":
                if self._takes(answer):
                    return True
                continue
            new = self._appeared() if not answer else self._look()
            if not answer and len(new) == 1:
                return self._found(new[0])
            chosen = self._chosen(new or self._look(), nothing_new=not answer and not new)
            if chosen is not None:
                return self._found(chosen)

    def _appeared(self) -> list[Plugged]:
        """What is there and was not before; waits a little, a device announces itself slowly."""
        pause, waited = Flag(), 0.0
        while True:
            known = {one.lasting for one in self._draft.before}
            new = [one for one in self._look() if one.lasting not in known]
            if new or waited >= APPEAR_S:
                return new
            pause.wait(LOOK_S)
            waited += LOOK_S

    def _chosen(self, there: list[Plugged], *, nothing_new: bool) -> Plugged | None:
        if nothing_new:
            self._talk.say("nothing new was plugged in")
        if not there:
            self._talk.say("no device is plugged into this machine: check cable and power, then press Enter again")
            return None
        options = [(one.lasting, one.guess.words) for one in there]
        word = self._talk.choose("Which one is it?", [*options, ("again", "look again")])
        return next((one for one in there if one.lasting == word), None)

    def _found(self, one: Plugged) -> bool:
        self._draft.port, self._draft.guess = one.lasting, one.guess.protocol
        self._talk.say(f"found: {one.guess.words} at {one.lasting}")
        if not one.may_open:
            self._talk.say(advice("no_permission"))
        return True

    def _takes(self, answer: str) -> bool:
        """Whether an answer is a port or a whole address."""
        if search.is_bare(answer):
            self._draft.port, self._draft.address, self._draft.guess = answer, "", ""
            return True
        try:
            address = parse(answer)
        except BadAddress as bad:
            self._talk.say(str(bad))
            return False
        if address.protocol not in fitting(self._draft.use):
            self._talk.say(f"{address.protocol} is no {self._draft.use}")
            return False
        self._draft.port, self._draft.address = "", str(address)
        return True

    # -- what it speaks -----------------------------------------------------------------------------------------

    def _speak(self) -> bool:
        draft = self._draft
        if not draft.port:
            return False
        draft.address = ""
        if draft.port.startswith("/dev/input/"):
            draft.address = f"hid+{draft.port}"
            return False
        try:
            found = search.ask_all(draft.port, say=self._talk.say, only=fitting(draft.use))
        except PortGone as gone:
            self._talk.say(f"{gone}. {advice(gone.code)}")
            raise Back from gone
        if found is not None:
            draft.address = str(found[1]["address"])
            self._talk.say(f"it answers: {draft.address}")
            return False
        self._talk.say("it does not answer by itself, as many pads, raters and scanners")
        return self._protocol_by_hand()

    def _protocol_by_hand(self) -> bool:
        draft = self._draft
        options = [(name, "") for name in fitting(draft.use) if name != "png"]
        protocol = self._talk.choose("What does its paper say it speaks?", options, default=draft.guess)
        while True:
            given = self._talk.ask("options, such as baud=9600&profile=NAME (Enter for the usual ones)")
            text = f"{protocol}+{draft.port}" + (f"?{given}" if given else "")
            try:
                draft.address = str(parse(text))
            except BadAddress as bad:
                self._talk.say(str(bad))
                continue
            return True

    def _pad_number(self) -> bool:
        """Several pads can share one line: which of them this one is."""
        address = parse(self._draft.address)
        if "addr" not in PROTOCOLS[address.protocol].options or "addr" in address.options:
            return False
        if PROTOCOLS[address.protocol].kind != "keypad":
            return False
        while True:
            number = self._talk.ask("address set on the pad (its switches, its paper, or 'scan')", default="1")
            if number == "scan":
                self._scan(address)
                continue
            joint = "&" if address.options else "?"
            try:
                self._draft.address = str(parse(f"{address}{joint}addr={number}"))
            except BadAddress as bad:
                self._talk.say(str(bad))
                continue
            return True

    def _scan(self, address: Address) -> None:
        """Who is on the line: by answers, and by keys."""
        if address.protocol not in scan.DIALECTS:
            self._talk.say(f"a line of {address.protocol} cannot be asked")
            return
        try:
            found = scan.who(address, say=self._talk.say, last=scan.LAST, listen_s=SCAN_S)
        except PortGone as gone:
            self._talk.say(f"{gone}. {advice(gone.code)}")
        else:
            self._talk.say(f"{len(found)} found")

    # -- seen, bound, printed -----------------------------------------------------------------------------------

    def _see(self) -> bool:
        while True:
            try:
                trial.show(parse(self._draft.address), say=self._talk.say, warn=self._talk.say)
            except (Failure, FontMissing, BadProfile, BadAddress) as wrong:
                self._talk.say(f"not yet: {wrong}")
                options = [("again", "try once more"), ("bind", "bind it all the same")]
                if self._talk.choose("What now?", options, default="again") == "bind":
                    return True
                continue
            if self._talk.yes("Did you see it?"):
                return True

    def _bind(self) -> bool:
        draft = self._draft
        url = parse(draft.address).url
        one = Binding(
            role=draft.role, name=draft.name, use=draft.use, address=draft.address, identity=binding.identity_of(url)
        )
        others = [other for other in self._known if other is not self._at_place()]
        claimed = [other for other in others if other.address == one.address]
        if claimed:
            self._talk.say(f"{claimed[0].place} has this very device already; it moves to {one.place}")
            others = [other for other in others if other not in claimed]
        self._write([*others, one])
        self._talk.say(f"bound to {one.place}: {one.use} = {one.address}")
        return False

    def _write(self, bindings: list[Binding]) -> None:
        try:
            binding.write(self._file, bindings)
        except OSError as error:
            raise Failure(f"cannot write {self._file}: {error.strerror}; name another file with --to") from error
        self._known, self.changed = bindings, True

    # -- later --------------------------------------------------------------------------------------------------

    def _pick(self, question: str) -> Binding:
        if not self._known:
            self._talk.say("nothing is bound yet")
            raise Back
        options = [(f"{one.place} {one.use}", one.address) for one in self._known]
        word = self._talk.choose(question, options)
        return next(one for one in self._known if f"{one.place} {one.use}" == word)

    def _try_again(self) -> None:
        one = self._pick("Which one?")
        try:
            trial.show(parse(one.address), say=self._talk.say, warn=self._talk.say)
        except (Failure, FontMissing, BadProfile) as wrong:
            self._talk.say(f"not well: {wrong}")

    def _remove(self) -> None:
        one = self._pick("Forget which one?")
        if self._talk.yes(f"forget {one.use} of {one.place}?"):
            self._write([other for other in self._known if other is not one])

    def _print_summary(self) -> None:
        """On paper, for the wall of the cabinet, when there is a printer."""
        for one in self._known:
            if one.use == "printer" and self._talk.yes(f"Print this inventory on the printer of {one.place}?"):
                self._print_on(one)
                return

    def _print_on(self, one: Binding) -> None:
        try:
            with trial.driving(parse(one.address)) as session:
                session.wait(lambda: session.driver.snapshot().state is not State.CONNECTING, limit_s=trial.SETTLE_S)
                job = PrintJob("inventory", paper_of(self._known))
                trial.judged(session.driver.submit(job), "inventory", self._talk.say, self._talk.say)
        except (Failure, FontMissing, BadProfile) as wrong:
            self._talk.say(f"not printed: {wrong}")

    def _summary(self) -> None:
        say = self._talk.say
        if not self._known:
            say("nothing is bound; nothing was written")
            return
        say(f"{self._file} holds {len(self._known)} device{'s' if len(self._known) > 1 else ''}:")
        for one in sorted(self._known, key=lambda each: (each.role, each.name, each.use)):
            say(f"  {one.place:<12} {one.use:<8} {one.address}")
        for role in sorted({one.role for one in self._known}):
            say(f"{PROGRAM_OF_ROLE[role]} takes them from this file: start it in this folder or with --hardware FILE")


def paper_of(bindings: list[Binding]) -> list[Block]:
    """The inventory as a paper."""
    blocks: list[Block] = [Text("hardware.toml", size=40, bold=True, align="center", gap=10), Rule()]
    for one in sorted(bindings, key=lambda each: (each.role, each.name, each.use)):
        blocks.append(Columns((Run(one.place, bold=True),), (Run(one.use),), gap=2))
        blocks.append(Text(one.address, size=24, gap=10))
    return [*blocks, Rule(), Space(8)]


# -- the command ----------------------------------------------------------------------------------------------------


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `setup`."""
    parser.add_argument("--to", type=Path, default=Path(FILE), metavar="FILE", help=f"the inventory (./{FILE})")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Walks a fitter through at the terminal. Exit 1 when nothing is bound at the end."""
    known = binding.read(options.to) if options.to.exists() else []
    sitting = Walk(Talk(hear=sys.stdin, tell=sys.stdout), options.to, known=known)
    sitting.run()
    if not sitting.changed and not known:
        raise Failure("nothing was bound: run hall-device setup again with a device at hand, or with a simulator")
    return 0
