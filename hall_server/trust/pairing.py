"""Pairing by short code: how a new device gets a credential of its own.

The device asks and shows a code; a manager who stands before it confirms the code; the device claims its token. Lives
in memory: a code is good for ten minutes, so a restart only means asking again. What must survive one is the token, and
that is derived from what the device alone knows, so a claim whose answer was lost gets the same answer afterwards.

    asked --confirm--> confirmed --claim--> claimed
      └── ten minutes, or five wrong tries ──> expired

Told the time (milliseconds, any epoch); no clock here.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from hall_protocol.refusals import Refused

from .tokens import Seals, same_secret

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""What a code is made of: no 0 O 1 I, so that it can be read aloud and typed from a screen."""
CODE_LETTERS: Final = 6
LIFE_MS: Final = 600_000
TRIES: Final = 5
LIVING_MOST: Final = 200
"""Pairings that may be open at once; more are refused with 429."""
REMEMBERED_MS: Final = 86_400_000
"""How long an ended pairing is still known by name, to answer 410 instead of 404."""
REMEMBERED_MOST: Final = 2_000


@dataclass
class Pairing:
    """One device on its way in."""

    id: str
    role: str
    code: str
    """Shown on the device's screen, such as `K7Q-4MD`."""
    secret: str
    """Known to the device alone; claims are made with it."""
    asked_by: tuple[str, str]
    """Address and Idempotency-Key of the first request; the same two get the same pairing again."""
    expires_ms: int
    tries: int = 0
    """Wrong codes typed while it was open, and wrong secrets given for it."""
    device: str | None = None
    """Set when a manager has confirmed it."""
    confirmed_by: tuple[str, str] | None = None
    """Account and Idempotency-Key of the confirmation."""
    claimed: bool = False

    def is_over(self, now_ms: int) -> bool:
        """Whether it can no longer be confirmed or claimed."""
        return not self.claimed and (now_ms >= self.expires_ms or self.tries >= TRIES)


class Pairings:
    """All pairings under way. `seals` makes the tokens; who gets one is decided by `confirm`."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals
        self._by_id: dict[str, Pairing] = {}

    def ask(self, *, role: str, address: str, key: str, now_ms: int) -> Pairing:
        """A device wants in. The same `key` from the same address is the same pairing again."""
        self._forget_old(now_ms)
        for pairing in self._by_id.values():
            if pairing.asked_by == (address, key):
                if pairing.role != role:
                    raise Refused("idempotency_key_reused")
                return pairing
        if sum(not p.is_over(now_ms) and not p.claimed for p in self._by_id.values()) >= LIVING_MOST:
            raise Refused("too_many_requests", retry_after_s=60)
        pairing = Pairing(
            id=secrets.token_urlsafe(12),
            role=role,
            code=self._new_code(),
            secret=secrets.token_urlsafe(24),
            asked_by=(address, key),
            expires_ms=now_ms + LIFE_MS,
        )
        self._by_id[pairing.id] = pairing
        return pairing

    def find(self, *, code: str, account: str, key: str, now_ms: int) -> Pairing:
        """The pairing a manager's code means. A wrong code counts as a try against every open pairing.

        Raises `unknown_code`, `code_expired`, `already_claimed`. The manager's own repeat finds it again.
        """
        wanted = _spelled(code)
        pairing = next((p for p in self._by_id.values() if _spelled(p.code) == wanted), None)
        if pairing is None:
            for other in self._by_id.values():
                if other.device is None:
                    other.tries += 1
            raise Refused("unknown_code")
        if pairing.confirmed_by == (account, key):
            return pairing
        if pairing.device is not None:
            raise Refused("already_claimed")
        if pairing.is_over(now_ms):
            raise Refused("code_expired")
        return pairing

    def confirm(self, pairing: Pairing, *, device: str, account: str, key: str) -> None:
        """The hall knows the device now (its `device_paired` event is stored): let it claim.

        Raises `already_claimed` when another manager was faster.
        """
        if pairing.device not in (None, device):
            raise Refused("already_claimed")
        pairing.device = device
        pairing.confirmed_by = (account, key)

    def claim(self, *, id: str, secret: str, key: str, now_ms: int) -> tuple[str, str] | None:
        """Device id and token for the device that knows `secret`, or None while no manager has confirmed.

        The caller stores the token before it answers, then calls `claimed`. Raises `unknown_code`, `code_expired`,
        `already_claimed`. A device whose claim was answered asks again with its own `key`: see `token_of`.
        """
        pairing = self._by_id.get(id)
        if pairing is None:
            raise Refused("unknown_code")
        if pairing.is_over(now_ms):
            raise Refused("code_expired")
        if not same_secret(secret, pairing.secret):
            pairing.tries += 1
            raise Refused("unknown_code")
        if pairing.claimed:
            raise Refused("already_claimed")
        if pairing.device is None:
            return None
        return pairing.device, self.token_of(id=id, secret=secret, key=key)

    def claimed(self, id: str) -> None:
        """The token is stored: nobody else may claim this pairing."""
        self._by_id[id].claimed = True

    def token_of(self, *, id: str, secret: str, key: str) -> str:
        """The token that a claim with these three gets, now and after a restart.

        Ask the credentials first whether it opens anything: then this is a repeated claim, and its answer is known.
        """
        return self._seals.derive("device", f"{id}\n{secret}\n{key}")

    def _new_code(self) -> str:
        taken = {p.code for p in self._by_id.values()}
        while True:
            letters = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
            code = f"{letters[:3]}-{letters[3:]}"
            if code not in taken:
                return code

    def _forget_old(self, now_ms: int) -> None:
        """Drop what ended long ago; the oldest first when there are too many."""
        ended = [p for p in self._by_id.values() if p.is_over(now_ms) or p.claimed]
        for at, pairing in enumerate(ended):
            if now_ms >= pairing.expires_ms + REMEMBERED_MS or at < len(self._by_id) - REMEMBERED_MOST:
                del self._by_id[pairing.id]


def _spelled(code: str) -> str:
    """A code as typed by a person, without case, dashes and blanks."""
    return "".join(c for c in code.upper() if c.isalnum())
