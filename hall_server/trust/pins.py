"""PINs and passwords: what is accepted, how it is hashed, and how guessing is made hopeless.

A guess costs some 20 ms of Argon2id in a thread of its own, so the hall never waits for it. Guesses are counted per
person and device (per name and address for accounts): after `FREE` failures each one doubles the wait, and after `MOST`
in a row nothing is evaluated until a new PIN or password is set. Nobody else is affected, so locking others out is no
attack.
"""

import asyncio
import unicodedata
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hall_protocol.refusals import Refused

PIN_DIGITS: Final = (6, 12)
PASSWORD_LENGTH: Final = (12, 128)
FREE: Final = 5
"""Failures before the first wait."""
MOST: Final = 100
"""Failures in a row that are ever evaluated (NIST SP 800-63B-4, 3.2.2)."""
FIRST_WAIT_MS: Final = 5_000
LONGEST_WAIT_MS: Final = 900_000
REMEMBERED: Final = 10_000
"""Pairs of person and device whose failures are remembered; the one longest without a failure is forgotten first."""
WORKERS: Final = 2
PENDING_MOST: Final = 64
"""Guesses waiting for a thread; more are refused without being looked at."""
COMMON: Final = "common_passwords.txt"

# OWASP's second profile: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

Kind = Literal["pin", "password"]
_WRONG: Final[dict[Kind, str]] = {"pin": "wrong_clerk_or_pin", "password": "wrong_name_or_password"}
_DELAYED: Final[dict[Kind, str]] = {"pin": "pin_delayed", "password": "password_delayed"}


@dataclass
class _Failures:
    """Failures in a row of one person at one device, and until when nothing more is evaluated."""

    count: int = 0
    until_ms: int = 0


class Doorkeeper:
    """Checks guesses of one `kind`. Times are monotonic milliseconds handed in by the caller."""

    def __init__(self, kind: Kind) -> None:
        self._kind: Kind = kind
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix=f"{kind}-check")
        self._pending = 0
        self.evaluated = 0
        """Guesses that cost a hash since the start, for the metrics."""

    async def check(self, *, who: str, where: str, secret: str, hashed: str | None, now_ms: int) -> None:
        """Return when `secret` is the one hashed; else raise `Refused`.

        `where` is the device or address. A person without a hash costs as much time as a wrong guess. The refusal
        `pin_delayed` or `password_delayed` carries `retry_after_s`.
        """
        failures = self._failures_of(who, where)
        self._refuse_if_delayed(failures, now_ms)
        # Counted before it is looked at: a hundred guesses sent at one instant are a hundred failures, not one.
        failures.count += 1
        if failures.count >= FREE:
            wait = min(FIRST_WAIT_MS << min(failures.count - FREE, 20), LONGEST_WAIT_MS)
            failures.until_ms = now_ms + wait
        if not await self._matches(secret, hashed):
            raise Refused(_WRONG[self._kind])
        self._failures.pop((who, where), None)

    def forgive(self, who: str) -> None:
        """A new PIN or password was set: failures of that person are forgotten everywhere."""
        for key in [k for k in self._failures if k[0] == who]:
            del self._failures[key]

    def close(self) -> None:
        """Let the threads end; guesses not begun are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _failures_of(self, who: str, where: str) -> _Failures:
        failures = self._failures.setdefault((who, where), _Failures())
        self._failures.move_to_end((who, where))
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)
        return failures

    def _refuse_if_delayed(self, failures: _Failures, now_ms: int) -> None:
        if failures.count >= MOST:
            raise Refused(_DELAYED[self._kind], retry_after_s=LONGEST_WAIT_MS // 1000)
        if now_ms < failures.until_ms:
            raise Refused(_DELAYED[self._kind], retry_after_s=-(-(failures.until_ms - now_ms) // 1000))
        if self._pending >= PENDING_MOST:
            raise Refused("too_many_requests", retry_after_s=1)

    async def _matches(self, secret: str, hashed: str | None) -> bool:
        self._pending += 1
        self.evaluated += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, matches, secret, hashed)
        finally:
            self._pending -= 1


def pin_problem(pin: str) -> str | None:
    """What is wrong with a PIN somebody wants to set, or None."""
    least, most = PIN_DIGITS
    if not (pin.isascii() and pin.isdigit() and least <= len(pin) <= most):
        return f"a PIN has {least} to {most} digits"
    return None


def password_problem(password: str) -> str | None:
    """What is wrong with a password somebody wants to set, or None. No rule about kinds of characters."""
    least, most = PASSWORD_LENGTH
    text = _normal(password)
    if not least <= len(text) <= most:
        return f"a password has {least} to {most} characters; a sentence is best"
    if any(unicodedata.category(c) == "Cc" for c in text):
        return "a password has no control characters"
    if text.casefold() in _common() or _is_pattern(text.casefold()):
        return "this password is among the first that anybody would try"
    return None


def hashed_secret(secret: str) -> str:
    """Argon2id hash of a PIN or password, salt and parameters included. Takes some 20 ms."""
    return _HASHER.hash(_normal(secret))


def matches(secret: str, hashed: str | None) -> bool:
    """Whether `secret` is the one hashed; with None it takes the same time and is False."""
    try:
        return _HASHER.verify(hashed or _nobody(), _normal(secret)) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def _normal(secret: str) -> str:
    """One spelling for what looks the same on different keyboards (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", secret)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this")


@cache
def _common() -> frozenset[str]:
    lines = files(__package__).joinpath(COMMON).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _is_pattern(text: str) -> bool:
    """Whether `text` is one short piece repeated, or characters simply counted up or down."""
    for size in range(1, 5):
        if text == (text[:size] * (len(text) // size + 1))[: len(text)]:
            return True
    digits = "01234567890123456789"
    letters = "abcdefghijklmnopqrstuvwxyz"
    return any(text in run or text in run[::-1] for run in (digits, letters, letters + digits, digits + letters))
