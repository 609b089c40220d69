"""A signed note of the journal's head, to be kept outside the machine (reliability.md S11).

Whoever owns the machine can rewrite the whole chain, but not a note that lies in somebody's drawer. The signature
(Ed25519, RFC 8032) tells a real note from an invented one.
"""

from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hall_server.files import create_private, private_folder, write_private

KEY_FILE = "anchor.key"


class AnchorInvalid(Exception):
    """The file is no anchor, or was changed, or was signed by another hall."""


class Anchor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At the instant `at`, the journal of `hall` had `seq` rows and the hash `head`."""

    hall: str
    seq: int
    head: str
    """64 hexadecimal digits."""
    at: str
    """RFC 3339 with milliseconds and offset."""
    public_key: str
    """32 bytes in hexadecimal digits."""
    signature: str = ""
    """64 bytes in hexadecimal digits, over all of the above."""

    def signed_part(self) -> bytes:
        """The bytes under the signature: canonical JSON (sorted keys) without the signature."""
        told = {"hall": self.hall, "seq": self.seq, "head": self.head, "at": self.at, "public_key": self.public_key}
        return b"counterhall anchor 1\n" + msgspec.json.encode(told, order="sorted")


def signing_key(keys: Path) -> Ed25519PrivateKey:
    """The hall's anchor key in `keys/anchor.key` (32 bytes, 0600), made the first time it is asked for."""
    path = private_folder(keys) / KEY_FILE
    if not path.exists():
        try:
            create_private(path, Ed25519PrivateKey.generate().private_bytes_raw())
        except FileExistsError:
            pass  # another process made it at this very moment
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def public_key(keys: Path) -> str | None:
    """The hall's public anchor key as hexadecimal digits; None when the hall has none yet."""
    if not (keys / KEY_FILE).exists():
        return None
    return signing_key(keys).public_key().public_bytes_raw().hex()


def write(path: Path, *, keys: Path, hall: str, seq: int, head: str, at: str) -> Anchor:
    """Sign the head and write it to `path` as one JSON object."""
    key = signing_key(keys)
    unsigned = Anchor(hall=hall, seq=seq, head=head, at=at, public_key=key.public_key().public_bytes_raw().hex())
    anchor = msgspec.structs.replace(unsigned, signature=key.sign(unsigned.signed_part()).hex())
    write_private(path, msgspec.json.format(msgspec.json.encode(anchor)) + b"\n")
    return anchor


def read(path: Path, *, public_key: str | None = None) -> Anchor:
    """The anchor in `path` if its signature holds, by `public_key` when given. Raises `AnchorInvalid`, `OSError`."""
    try:
        anchor = msgspec.json.decode(path.read_bytes(), type=Anchor)
        signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(anchor.public_key))
        signer.verify(bytes.fromhex(anchor.signature), anchor.signed_part())
    except (msgspec.MsgspecError, ValueError) as error:
        raise AnchorInvalid(f"{path} is not an anchor ({error})") from error
    except InvalidSignature:
        raise AnchorInvalid(f"{path} was changed: its signature does not hold") from None
    if public_key is not None and anchor.public_key != public_key:
        raise AnchorInvalid(f"{path} was signed with another key than this hall's")
    return anchor
