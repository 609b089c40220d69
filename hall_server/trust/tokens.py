"""Tokens and nonces that the hall need not store: sealed or derived from its one secret.

A sealed token carries its text inside (a ticket's id, a session), encrypted and authenticated by AES-SIV (RFC 5297), so
the same text always gives the same token: a repeated request gets its first answer again, byte for byte.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from ..files import create_private

SECRET_BYTES: Final = 64
KEY_FILE: Final = "hall.key"
TOKEN_MAX: Final = 1024
"""Longest token looked at, in characters; longer ones are nobody's."""
CODE_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTWXYZ"
"""Figures and letters nobody confuses on paper, and only those a kiosk's keypad has."""
CODE_LENGTH: Final = 8
"""29 to the eighth: 38 bit, for codes that are typed and asked for at the pace of a person."""
DERIVED_BYTES: Final = 18
"""Length of a derived secret before base64: 144 bit, 24 characters."""


class Seals:
    """Tokens, nonces and fingerprints of one hall, from `secret` (64 bytes).

    The secret is never used itself: every purpose has a key of its own, so that nothing given out for one purpose helps
    against another.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"the hall's key has {len(secret)} bytes instead of {SECRET_BYTES}")
        self._siv = AESSIV(_purpose(secret, b"seal"))
        self._derive = _purpose(secret, b"derive")
        self._fingerprint = _purpose(secret, b"fingerprint")[:32]

    def seal(self, kind: str, text: str) -> str:
        """`text` as an opaque token of this `kind`: at least 23 URL-safe characters, 128 bit of them unguessable."""
        assert text, "nothing to seal"
        return _letters(self._siv.encrypt(text.encode(), [kind.encode()]))

    def unseal(self, kind: str, token: str) -> str | None:
        """The text of a token of this `kind`, or None when we did not make it so."""
        sealed = _bytes(token)
        if sealed is None or len(sealed) < 17:
            return None
        try:
            return self._siv.decrypt(sealed, [kind.encode()]).decode()
        except InvalidTag:
            return None

    def derive(self, kind: str, text: str) -> str:
        """A secret that only this hall can compute from `text`: 24 URL-safe characters (rating nonces, check codes)."""
        mac = hmac.new(self._derive, b"%d:%b%b" % (len(kind), kind.encode(), text.encode()), sha256)
        return _letters(mac.digest()[:DERIVED_BYTES])

    def code(self, kind: str, text: str) -> str:
        """A short secret that only this hall can compute from `text`, to be typed from paper: 8 letters and figures."""
        mac = hmac.new(self._derive, b"%d:%b%b" % (len(kind), kind.encode(), text.encode()), sha256)
        value, letters = int.from_bytes(mac.digest()), []
        for _ in range(CODE_LENGTH):
            value, place = divmod(value, len(CODE_LETTERS))
            letters.append(CODE_LETTERS[place])
        return "".join(letters)

    def fingerprint(self, body: bytes) -> bytes:
        """16 keyed bytes that stand for a request's body in the journal, without telling what was in it."""
        return blake2b(body, digest_size=16, key=self._fingerprint).digest()


def make_secret(keys: Path) -> Seals:
    """Write a fresh secret into the folder `keys` and use it. Raises `FileExistsError` when there is one."""
    secret = os.urandom(SECRET_BYTES)
    create_private(keys / KEY_FILE, secret)
    return Seals(secret)


def load_secret(keys: Path) -> Seals:
    """The secret of an existing hall. Raises `OSError` or `ValueError` when it is missing or damaged."""
    return Seals((keys / KEY_FILE).read_bytes())


def same_secret(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _purpose(secret: bytes, purpose: bytes) -> bytes:
    """A 64-byte key for one purpose."""
    return blake2b(b"counterhall " + purpose, key=secret, digest_size=64).digest()


def _letters(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(token: str) -> bytes | None:
    """The bytes of a token, or None when it is not exactly what `_letters` would write."""
    if not token.isascii() or len(token) > TOKEN_MAX:
        return None
    try:
        data = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (NotBase64, ValueError):
        return None
    return data if _letters(data) == token else None
