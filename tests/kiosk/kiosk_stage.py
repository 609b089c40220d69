"""The kiosk's real QML on real flow states, drawn off-screen: for tests that look at every screen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk_county import catalogue, picture, ticket

from hall_client.shell import Shell
from kiosk.app import QML, SIZE
from kiosk.catalogue import Index
from kiosk.flow import Flow
from kiosk.viewmodels import KioskScreen
from kiosk.views import present

NOW = datetime.fromisoformat("2026-11-24T10:32:00+08:00")
LATER = 10.0
"""A moment after the dead time."""


def fresh(**changes: Any) -> Flow:
    """A kiosk that is online and has a ready printer."""
    keys = iter(f"key-{i}" for i in range(10_000))
    flow = Flow(new_key=lambda: next(keys), now=0.0)
    flow.catalogue(Index(catalogue()), now=0.0)
    world = {"picture": picture(), "stale": False, "printer": "ready"} | changes
    flow.heard(now=0.0, hall_now=NOW, **world)
    return flow


def tap(flow: Flow, *acts: str, at: float = LATER) -> list[Any]:
    """Touches, each after the dead time; returns the effects of the last."""
    effects: list[Any] = []
    for i, act in enumerate(acts):
        effects = flow.touch(act, now=at + i, label=act)
    return effects


def service(word: str, index: Index | None = None) -> str:
    """The id of the service with this word in its names."""
    known = index or Index(catalogue())
    return next(k for k, s in known.services.items() if word in s["short_name"] + s["name"])


def taken(flow: Flow, **changes: Any) -> Flow:
    """A ticket is on the screen."""
    effects = tap(flow, f"service:{service('社会保障卡')}", "take", at=100.0)
    (sent,) = [e for e in effects if hasattr(e, "body")]
    flow.answered(sent.key, 201, ticket(**changes), now=102.0)
    return flow


def at_place(*acts: str, **world: Any) -> Callable[[], Flow]:
    """A state reached by touches."""

    def make() -> Flow:
        flow = fresh(**world)
        tap(flow, *acts)
        return flow

    return make


def _longest() -> str:
    index = Index(catalogue())
    return max(index.services, key=lambda s: (len(index.services[s]["name"]), s))


def _most_documents() -> str:
    index = Index(catalogue())
    return max(index.services, key=lambda s: (len(index.services[s]["materials"]), s))


def _line_state(line: str, **state: Any) -> dict[str, Any]:
    shown = picture()
    shown["lines"][line] |= state
    return shown


def _late() -> Flow:
    shown = picture()
    shown["lines"]["B"] |= {"waiting": 46, "estimate": {"p10_s": 20000, "p50_s": 23000, "p80_s": 24000, "p90_s": 26000}}
    flow = fresh(picture=shown)
    tap(flow, f"service:{service('二手房转移')}", "take")
    return flow


def _failed_paper(fault: str) -> Callable[[], Flow]:
    def make() -> Flow:
        flow = taken(fresh())
        flow.printed("key-0", "failed", now=103.0, fault=fault)
        return flow

    return make


def _idle() -> Flow:
    flow = fresh()
    tap(flow, f"service:{service('社会保障卡')}")
    flow.tick(now=60.0)
    flow.tick(now=62.0)
    return flow


def _busy() -> Flow:
    flow = fresh()
    tap(flow, f"service:{service('社会保障卡')}", "take")
    flow.tick(now=LATER + 1 + 1.6)
    return flow


def _no_number() -> Flow:
    flow = fresh(stale=True, left={"A": 3})
    tap(flow, "line:A", "take")
    flow.issued_own("key-0", None, now=LATER + 2)
    return flow


def _closed() -> Flow:
    shown = picture(hall={"open": False, "next_open_at": "2026-11-25T09:00:00.000+08:00"})
    for line in shown["lines"].values():
        line |= {"state": "closed", "opens_at": "2026-11-25T09:00:00.000+08:00"}
    return fresh(picture=shown)


def _helped() -> Flow:
    flow = fresh()
    tap(flow, "help")
    flow.help_answered(True, now=LATER + 1)
    return flow


def _carded() -> Flow:
    """A card was placed on the page of an item, and the number is on its way."""
    flow = fresh(reader="ready")
    tap(flow, f"service:{service('社会保障卡')}")
    flow.card("样例", "11010519491231002X", now=LATER + 2)
    return flow


def _held_already() -> Flow:
    flow = _carded()
    flow.answered("key-0", 409, {"code": "already_waiting", "values": {"number": "A1047"}}, now=LATER + 3)
    return flow


def _scanned(state: str) -> Callable[[], Flow]:
    def make() -> Flow:
        flow = fresh()
        flow.scanned(SCANNED, now=LATER)
        flow.found_ticket(SCANNED, 200, ticket(state=state, counter="12", number="A1047"), now=LATER + 1)
        return flow

    return make


def case_seen(**changes: Any) -> dict[str, Any]:
    """The answer of `POST /case-status`."""
    trail = [
        {"code": "received", "name": None, "state": "done", "counts": True, "at": "2026-11-24T10:49:00.000+08:00"},
        {"code": "accepted", "name": None, "state": "done", "counts": True, "at": "2026-11-24T11:01:00.000+08:00"},
        {"code": "reviewing", "name": None, "state": "now", "counts": True, "at": None},
        {"code": "decided", "name": None, "state": "to_come", "counts": True, "at": None},
        {"code": "delivered", "name": None, "state": "to_come", "counts": True, "at": None},
    ]
    seen: dict[str, Any] = {
        "no": "20261124-0058", "service": "S26", "service_name": "门诊费用报销", "department": "县医疗保障局",
        "form": "reception", "applicant": "样*", "state": "accepted", "step": None,
        "received_at": "2026-11-24T10:49:00.000+08:00", "accepted_on": "2026-11-24",
        "promised_due": "2026-12-22T16:30:00.000+08:00", "statutory_due": "2027-01-06T16:30:00.000+08:00",
        "provisional": True, "clock": "running", "stopped_since": None, "light": "green", "warning": False,
        "working_days_left": 20, "pauses": [], "missing": [], "supplement_until": None, "decided_at": None,
        "outcome": None, "promised_days": 20, "statutory_days": 30, "day_unit": "working_day", "trail": trail,
    }  # fmt: skip
    return seen | changes


STOPPED: dict[str, Any] = {
    "clock": "stopped", "state": "paused", "promised_due": None, "statutory_due": None, "working_days_left": None,
    "missing": ["户口簿或旧身份证", "社会保障卡", "门诊病历与费用清单原件", "委托书", "银行账户"],
    "supplement_until": "2026-12-01",
    "pauses": [{"from": "2026-11-25", "to": "2026-11-27", "reason_code": "expert_review", "notice_no": "1"},
               {"from": "2026-11-30", "to": None, "reason_code": "public_notice", "notice_no": "2"}],
}  # fmt: skip


def cased(status: int | None = 200, *, idle: bool = False, **changes: Any) -> Callable[[], Flow]:
    """A receipt was scanned."""

    def make() -> Flow:
        flow = fresh()
        flow.scanned(f"https://hall.example/c/{SCANNED}", now=LATER)
        answer = case_seen(**changes) if status == 200 else {"code": "unknown_case"}
        flow.case_told("key-0", status, answer, now=LATER + 1)
        if idle:
            flow.tick(now=LATER + 60)
        return flow

    return make


CASE_KEYS = tuple(f"key:{d}" for d in "202611240058")
WRITING = ("words", "about:attitude", "key:F", "key:U")


def _sent() -> Flow:
    flow = at_place(*WRITING, "pick:服", "send")()
    flow.words_kept(flow.place.key, 201, {"no": "2026-00017"}, now=40.0)
    return flow


def _unsent() -> Flow:
    flow = at_place("words", "about:message", *(("key:W", "key:O", "pick:我") * 14), "send")()
    flow.words_kept(flow.place.key, None, None, now=80.0)
    return flow


def _full() -> Flow:
    from dataclasses import replace

    flow = at_place("words", "about:message", "publish", "layout:latin")()
    flow.places[-1] = replace(flow.places[-1], entered="窗口说材料不齐，没有一次告诉我还缺什么。" * 10)
    return flow


def _out() -> Flow:
    return fresh(stale=True, left={})


def _starting() -> Flow:
    return Flow(new_key=lambda: "k", now=0.0)


SCANNED = "0123456789ABCDEFGHJKMNPQRSTUVW"
NOTICE = {
    "id": "n1",
    "text": {"zh-Hans": "下午两点起系统升级，户籍业务改在三号窗口办理，请互相转告"},
    "from": "2026-11-24T10:00:00.000+08:00",
    "to": "2026-11-24T12:00:00.000+08:00",
}
LEFT = {"A": 20, "B": 18, "C": 20, "D": 5, "E": 20, "F": 20, "G": 20}
LEAVE = {"since": "2026-11-24T10:32:00.000+08:00", "exits": {"K1": "left"}}

SCENES: dict[str, Callable[[], Flow]] = {
    "home": fresh,
    "home_no_paper": lambda: fresh(printer="fault", printer_faults=("paper_out",)),
    "home_notice": lambda: fresh(picture=picture(notices=[NOTICE])),
    "groups": at_place("groups"),
    "list": at_place("group:社保就业"),
    "list_long": at_place("group:其他部门"),
    "search_empty": at_place("search"),
    "search": at_place("search", "key:S", "key:B"),
    "search_one": at_place("search", "key:S"),
    "detail": at_place(f"service:{service('门诊')}"),
    "detail_longest": at_place(f"service:{_longest()}"),
    "detail_documents": at_place(f"service:{_most_documents()}"),
    "detail_spot": at_place(f"service:{service('身份证')}", "priority:elder"),
    "consult": at_place("consult"),
    "busy": _busy,
    "late": _late,
    "ticket": lambda: taken(fresh()),
    "ticket_long": lambda: taken(fresh(), number="A1047", ahead=9999, counters=["101", "102", "103", "104"],
                                 estimate={"p10_s": 9000, "p50_s": 10000, "p80_s": 11000, "p90_s": 13800}),
    "ticket_plain": lambda: taken(fresh(), url="/t/0123456789ABCDEFGHJKMNPQRSTUVW"),
    "paper_out": _failed_paper("paper_out"),
    "paper_failed": _failed_paper("cutter"),
    "quota": lambda: at_place(f"service:{service('二手房转移')}", picture=_line_state("B", state="quota_reached",
                              opens_at="2026-11-25T09:00:00.000+08:00"))(),
    "line_closed": lambda: at_place(f"service:{service('二手房转移')}", picture=_line_state("B", state="closed",
                                    opens_at="2026-11-24T13:30:00.000+08:00"))(),
    "offline": lambda: fresh(stale=True, stale_since="10:21", left=LEFT),
    "offline_line": at_place("line:A", stale=True, stale_since="10:21", left={"A": 20}),
    "no_number": _no_number,
    "closed": _closed,
    "guides": lambda: (lambda f: (tap(f, "guides", "group:社保就业"), f)[1])(_closed()),
    "idle": _idle,
    "languages": at_place("languages"),
    "help": _helped,
    "card_taken": _carded,
    "held_already": _held_already,
    "scanned_parked": _scanned("parked"),
    "case_ask": at_place("cases", *CASE_KEYS),
    "case_code": at_place("cases", *CASE_KEYS, "spot:code", *(f"key:{c}" for c in "K7Q4MD2X")),
    "case": cased(),
    "case_stopped": cased(**STOPPED),
    "case_unknown": cased(404),
    "case_idle": cased(idle=True),
    "words": at_place("words"),
    "write": at_place(*WRITING),
    "write_unsent": _unsent,
    "write_full": _full,
    "sent": _sent,
    "out_of_service": _out,
    "starting": _starting,
    "evacuation": lambda: fresh(picture=picture(evacuation=LEAVE)),
}  # fmt: skip


class Stage:
    """One window that shows one flow after the other."""

    def __init__(self) -> None:
        options = argparse.Namespace(program="hall-kiosk", window=None, screenshot=None, after=0.0)
        self.shell = Shell(options, surface="kiosk", size=SIZE, title="kiosk", reduced_motion=True)
        self.shell.clock.tell_by(lambda: NOW)
        self.screen = KioskScreen()
        self.window = self.shell.show(QML, kiosk=self.screen)
        self.shell.clock.stop()

    def show(self, flow: Flow, *, language: str = "zh-Hans", modes: tuple[str, ...] = ()) -> dict[str, Any]:
        """Draws a flow in a language and modes; returns the view."""
        from dataclasses import replace

        change: dict[str, Any] = dict.fromkeys(modes, True)
        flow.modes = replace(flow.modes, language=language, **change)
        self.shell.words.set_language(language)
        self.shell.tokens.set_palette("contrast" if "contrast" in modes else "elder" if "large" in modes else "light")
        self.shell.tokens.set_surface("elder" if "large" in modes else "kiosk")
        view = present(flow, self.shell.words.spoken, own_name="K1")
        self.screen.show(view)
        return view

    def shoot(self, file: Path) -> None:
        """Saves the picture."""
        self.window.grabWindow().save(str(file))
