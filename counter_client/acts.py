"""The clerk's acts as requests: path, body, and the key under which a repeated try is the same act.

A key belongs to one intention. While the outcome of an act is unknown, pressing it again with the same words is the
same intention and keeps its key, so the hall answers the first time's answer. Once a new picture has been read whole
(after a reconnect) the picture tells what happened, and the old intention is over: nothing is sent by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

GIVE_UP_AFTER_S = 8.0
"""An act without an answer for so long is told as unreachable; its outcome is in the next picture."""


@dataclass(frozen=True)
class Request:
    """One request of the contract, section 3."""

    act: str
    method: str
    path: str
    body: dict[str, Any] = field(default_factory=dict)
    key: str = ""


COUNTER_ACTS = {
    "open": "open",
    "call_next": "call-next",
    "call_number": "call",
    "recall": "recall",
    "begin": "begin",
    "finish": "finish",
    "no_show": "no-show",
    "park": "park",
    "resume": "resume",
    "transfer": "transfer",
    "return": "return",
    "undo": "undo",
    "pause": "pause",
    "close": "close",
}
TICKET_ACTS = {"reinstate": "reinstate", "reclassify": "reclassify"}
CASE_ACTS = {
    "case_supplement": "supplement",
    "case_accept": "accept",
    "case_decide": "decide",
    "case_deliver": "deliver",
    "case_withdraw": "withdraw",
}


def request_of(act: str, *, counter: str, ticket: str = "", words: dict[str, Any] | None = None) -> Request:
    """The request of an act; `ticket` is what it is about: a ticket's id, a case's number, an inquiry's id.

    Raises `KeyError` for an unknown act.
    """
    body = {name: value for name, value in (words or {}).items() if value not in (None, "")}
    if act == "sign_in":
        return Request(act, "POST", "/sessions", body)
    if act == "sign_out":
        return Request(act, "DELETE", "/sessions/current")
    if act in CASE_ACTS:
        return Request(act, "POST", f"/cases/{ticket}/{CASE_ACTS[act]}", body)
    if act in TICKET_ACTS:
        return Request(act, "POST", f"/tickets/{ticket}/{TICKET_ACTS[act]}", body)
    return Request(act, "POST", f"/counters/{counter}/{COUNTER_ACTS[act]}", body)


class Intentions:
    """Keys of acts whose outcome is not known yet. `new_key` draws a fresh one."""

    def __init__(self, new_key: Callable[[], str]) -> None:
        self._new_key = new_key
        self._open: dict[tuple[str, str, str], str] = {}

    def keyed(self, request: Request) -> Request:
        """The request with its key: the one of the same open intention, else a fresh one."""
        name = self._name(request)
        if request.act == "sign_in":
            return self._with(request, self._new_key())
        if name not in self._open:
            self._open[name] = self._new_key()
        return self._with(request, self._open[name])

    def answered(self, request: Request) -> None:
        """The hall answered, yes or no: the intention is over."""
        self._open.pop(self._name(request), None)

    def read_anew(self) -> None:
        """A whole picture came after a reconnect: whatever was open has its outcome in it."""
        self._open.clear()

    @staticmethod
    def _with(request: Request, key: str) -> Request:
        return Request(request.act, request.method, request.path, request.body, key)

    @staticmethod
    def _name(request: Request) -> tuple[str, str, str]:
        return request.method, request.path, repr(sorted(request.body.items()))


def problem_of(status: int, body: Any) -> tuple[str, dict[str, Any], str]:
    """Code, values and the hall's own sentence of a refusal (RFC 9457)."""
    if not isinstance(body, dict):
        return ("storage_unavailable" if status == 503 else "unreachable"), {}, ""
    values = body.get("values")
    extra = {k: v for k, v in body.items() if k not in _STANDARD and isinstance(v, str | int)}
    return (
        str(body.get("code", "unreachable")),
        {**extra, **(values if isinstance(values, dict) else {})},
        str(body.get("detail", "")),
    )


_STANDARD = frozenset({"type", "title", "status", "detail", "code", "instance", "values"})
