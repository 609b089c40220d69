"""How a device without a token gets one: a short code and the certificate's fingerprint, compared by a person.

The hall's CA is read before it can be trusted (`/ca.pem`); its fingerprint is shown, must equal the one announced by
mDNS and the one in the answer, and everything after it is sent over TLS pinned to that CA.
"""

from __future__ import annotations

import base64
import hashlib
import os
import ssl
import tempfile
import threading
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from PySide6.QtCore import QObject, QTimer, Signal

from .finder import FoundHall
from .link import Link
from .options import Failure

CLAIM_EVERY_MS = 2000
RETRY_MS = 3000
PEM_MAX = 64 * 1024
log = structlog.get_logger("pairing")


def fingerprint(pem: bytes) -> str:
    """SHA-256 of the first certificate of a PEM text, hexadecimal. `ValueError` when there is none."""
    head, tail = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    start, end = pem.find(head), pem.find(tail)
    if start < 0 or end < 0:
        raise ValueError("no certificate")
    return hashlib.sha256(base64.b64decode(b"".join(pem[start + len(head) : end].split()))).hexdigest()


def grouped(fp: str) -> str:
    """The first 16 digits of a fingerprint as four groups, for people to compare."""
    return " ".join(fp[i : i + 4].upper() for i in range(0, 16, 4))


def grouped_code(code: str) -> str:
    """`K7Q4MDX` as `K7Q-4MDX`."""
    return code if "-" in code or len(code) < 6 else f"{code[:3]}-{code[3:]}"


def write_secret(file: Path, data: bytes) -> None:
    """Writes a file whole or not at all, readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=file.parent)  # 0600 by itself
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_ca(server: str) -> bytes | None:
    """The PEM a hall shows to anyone; None over plain HTTP. Not to be trusted before its fingerprint was compared."""
    if server.startswith("http://"):
        return None
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with urllib.request.urlopen(f"{server}/ca.pem", timeout=5, context=context) as answer:  # noqa: S310 - https above
        pem: bytes = answer.read(PEM_MAX)
    return pem


class Pairing(QObject):
    """One pairing with one hall, from the first request until token and CA are on disk.

    `state` is `asking code expired unreachable mismatch done`; `changed` after every step; `paired(server)` once.
    """

    changed = Signal()
    paired = Signal(str)
    _read = Signal(object, str)

    def __init__(
        self, hall: FoundHall, *, role: str, token_file: Path, ca_file: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.hall, self.role = hall, role
        self._token_file, self._ca_file = token_file, ca_file
        self.state = "asking"
        self.code = ""
        self.fp = ""
        self.expires_at: datetime | None = None
        self._ca: bytes | None = None
        self._link: Link | None = None
        self._id = self._secret = ""
        self._claim_key = ""
        self._read.connect(self._got_ca)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._step)
        self._folder = tempfile.TemporaryDirectory(prefix="counterhall-pair-")

    def start(self) -> None:
        """Reads the CA, then asks for a code."""
        threading.Thread(target=self._fetch_ca, daemon=True, name="pairing-ca").start()

    def stop(self) -> None:
        """Ends it; the code runs out by itself."""
        self._again.stop()
        if self._link is not None:
            self._link.stop()
        self._folder.cleanup()

    def seconds_left(self, now: datetime) -> int | None:
        """Until the code expires; None while there is none."""
        return max(0, int((self.expires_at - now).total_seconds())) if self.expires_at else None

    def now(self) -> datetime:
        """The hall's time."""
        return self._link.now() if self._link else datetime.now().astimezone()

    def _to(self, state: str) -> None:
        self.state = state
        log.info("pairing", state=state, hall=self.hall.server)
        self.changed.emit()

    def _fetch_ca(self) -> None:
        """On its own thread: urllib blocks."""
        try:
            pem = read_ca(self.hall.server)
            self._read.emit(pem, fingerprint(pem) if pem else "")
        except (OSError, ValueError) as error:
            log.info("no certificate yet", error=str(error))
            self._read.emit(None, "unreachable")

    def _got_ca(self, pem: bytes | None, fp: str) -> None:
        if fp == "unreachable":
            self._to("unreachable")
            self._again.start(RETRY_MS)
            return
        if self.hall.fp and fp != self.hall.fp:
            self._to("mismatch")
            return
        self._ca, self.fp = pem, fp
        file = None
        if pem is not None:
            file = Path(self._folder.name) / "ca.pem"
            file.write_bytes(pem)
        try:
            self._link = Link(self.hall.server, ca_file=file, parent=self)
        except Failure as error:
            log.error("pairing", error=str(error))
            self._to("unreachable")
            return
        self._link.start()
        self._ask()

    def _step(self) -> None:
        """The timer: whatever comes next in the present state."""
        if self._link is None:
            self.start()
        elif self.code:
            self._claim()
        else:
            self._ask()

    def _ask(self) -> None:
        assert self._link is not None
        self._link.request("POST", "/pairings", {"role": self.role}, key=uuid4().hex, done=self._got_code)

    def _got_code(self, status: int | None, answer: Any) -> None:
        if status != 201 or not isinstance(answer, dict):
            self._to("unreachable")
            self._again.start(RETRY_MS)
            return
        if self.fp and str(answer.get("fp", "")).lower() not in ("", self.fp):
            self._to("mismatch")
            return
        self._id, self._secret, self.code = str(answer["id"]), str(answer["secret"]), str(answer["code"])
        self.expires_at = datetime.fromisoformat(str(answer["expires_at"]))
        self._claim_key = uuid4().hex
        self._to("code")
        self._again.start(CLAIM_EVERY_MS)

    def _claim(self) -> None:
        """Asks whether a manager confirmed. Each question has its own key: the first answer must not come again."""
        assert self._link is not None
        self._link.request(
            "POST", f"/pairings/{self._id}/claim", {"secret": self._secret}, key=self._claim_key, done=self._claimed
        )

    def _claimed(self, status: int | None, answer: Any) -> None:
        if status is None:  # unknown: the same key again gets the same answer, also the one token
            self._again.start(CLAIM_EVERY_MS)
            return
        self._claim_key = uuid4().hex
        if status == 200 and isinstance(answer, dict):
            self._finish(str(answer["token"]))
        elif status in (202, 429, 503) or (isinstance(answer, dict) and answer.get("code") == "not_confirmed"):
            self._again.start(CLAIM_EVERY_MS)
        else:
            self.code, self.expires_at = "", None
            self._to("expired")
            self._again.start(RETRY_MS)

    def _finish(self, token: str) -> None:
        if self._ca is not None:
            write_secret(self._ca_file, self._ca)
        write_secret(self._token_file, token.encode("ascii") + b"\n")
        self._to("done")
        self.paired.emit(self.hall.server)
