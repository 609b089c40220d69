"""What proves who somebody is: hashed tokens of devices, hashed PINs of clerks, hashed passwords of accounts.

One file, `DATA/keys/credentials.json`, read at start and owned by whoever holds the hall's lock. It says only how
somebody is recognised; whether a device, clerk or account may still do anything is in the hall, that is in the journal.
So a token whose device the hall does not know, or has revoked, opens nothing.
"""

import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from ..files import write_private

FILE: Final = "credentials.json"
TOKEN_BYTES: Final = 32


class Book(msgspec.Struct, forbid_unknown_fields=True):
    """The file's content. Nothing in it can be used to sign in."""

    version: int = 1
    devices: dict[str, str] = msgspec.field(default_factory=dict)
    """Device id → SHA-256 of its token, hexadecimal. A token has 256 random bits, so a plain hash is enough."""
    clerks: dict[str, str] = msgspec.field(default_factory=dict)
    """Clerk number → Argon2id hash of the PIN, parameters included."""
    accounts: dict[str, str] = msgspec.field(default_factory=dict)
    """Account name → Argon2id hash of the password, parameters included."""


class Credentials:
    """The book in memory; every change is on stable storage before the method returns (`OSError` when it is not)."""

    def __init__(self, keys: Path) -> None:
        """Read the book in the folder `keys`; a missing file is an empty book. Raises `ValueError` when damaged."""
        self._path = keys / FILE
        try:
            self._book = msgspec.json.decode(self._path.read_bytes(), type=Book)
        except FileNotFoundError:
            self._book = Book()
        except msgspec.MsgspecError as error:
            raise ValueError(f"{self._path} is damaged: {error}") from None
        self._by_token = {digest: device for device, digest in self._book.devices.items()}

    def add_device(self, device: str, token: str | None = None) -> str:
        """Give `device` a token (a fresh random one unless given) in place of any other; the only time it is seen."""
        token = token or secrets.token_urlsafe(TOKEN_BYTES)
        self._keep(devices={**self._book.devices, device: _digest(token)})
        return token

    def device_of(self, token: str) -> str | None:
        """The device this token was given to, or None."""
        return self._by_token.get(_digest(token))

    def has_device(self, device: str) -> bool:
        """Whether the device was given a token."""
        return device in self._book.devices

    def forget_device(self, device: str) -> None:
        """The device's token opens nothing from now on."""
        self._keep(devices={k: v for k, v in self._book.devices.items() if k != device})

    def pin_hash(self, clerk: str) -> str | None:
        """The hash of the clerk's PIN, or None when the clerk has none."""
        return self._book.clerks.get(clerk)

    def set_pin_hash(self, clerk: str, hashed: str) -> None:
        """Give the clerk another PIN."""
        self._keep(clerks={**self._book.clerks, clerk: hashed})

    def password_hash(self, account: str) -> str | None:
        """The hash of the account's password, or None when it has none."""
        return self._book.accounts.get(account)

    def set_password_hash(self, account: str, hashed: str) -> None:
        """Give the account another password."""
        self._keep(accounts={**self._book.accounts, account: hashed})

    def _keep(self, **changed: dict[str, str]) -> None:
        """Write the book with these parts changed; in memory only once it is on disk."""
        book = msgspec.structs.replace(self._book, **changed)
        write_private(self._path, msgspec.json.format(msgspec.json.encode(book), indent=1) + b"\n")
        self._book = book
        self._by_token = {digest: device for device, digest in book.devices.items()}


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
