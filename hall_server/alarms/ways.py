"""The two ways out, webhook and e-mail. Both block and belong on a thread; both raise `NotSent` with a reason."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

import msgspec

from ..core.places.settings import Alarms

PATIENCE_S: Final = 10.0
WEBHOOK_TOKEN: Final = "alarm-webhook-token"  # noqa: S105 - a file name
"""File in `keys/`: sent as `Authorization: Bearer …` when it is there."""
MAIL_PASSWORD: Final = "alarm-mail-password"  # noqa: S105 - a file name
"""File in `keys/`: the password of `mail_user`."""
SUBJECT_MOST: Final = 120


class NotSent(Exception):
    """The other side did not take it. The text is one plain clause without secrets."""


@dataclass(frozen=True)
class Told:
    """One message: the same words by every way."""

    id: str
    """Names the message for ever: a receiver that gets it twice knows."""
    hall: str
    hall_name: str
    at: str
    alarms: tuple[dict[str, Any], ...]
    """`id level code since text act values` of each."""


class _Stay(HTTPRedirectHandler):
    """A receiver that sends us elsewhere is not the one a person configured."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def secret_in(keys: Path, name: str) -> str | None:
    """The secret of a file, without blanks around; None where there is none."""
    try:
        return (keys / name).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def by_webhook(told: Told, *, address: str, token: str | None) -> None:
    """One `POST` with JSON; anything but 2xx is a failure. No proxy of the environment, no redirection."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "counterhall",
        "Idempotency-Key": told.id,
    }
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    secure = HTTPSHandler(context=ssl.create_default_context())
    opener = build_opener(ProxyHandler({}), _Stay(), secure)
    request = Request(address, data=msgspec.json.encode(told), headers=headers, method="POST")  # noqa: S310 - http(s) by the settings' pattern
    try:
        with opener.open(request, timeout=PATIENCE_S) as answer:
            answer.read(1)
    except HTTPError as error:
        error.close()
        raise NotSent(f"the receiver answered {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise NotSent(f"{type(error).__name__}") from None


def by_mail(told: Told, *, rules: Alarms, password: str | None) -> None:
    """One plain text to everybody named, over STARTTLS or TLS unless the settings say `none`."""
    assert rules.mail_server is not None
    assert rules.mail_from is not None
    host, _, port = rules.mail_server.rpartition(":")
    context = ssl.create_default_context()
    try:
        if rules.mail_security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(host, int(port), timeout=PATIENCE_S, context=context)
        else:
            line = smtplib.SMTP(host, int(port), timeout=PATIENCE_S)
        with line:
            if rules.mail_security == "starttls":
                line.starttls(context=context)
            if rules.mail_user is not None:
                line.login(rules.mail_user, password or "")
            line.send_message(written(told, sender=rules.mail_from, to=rules.mail_to))
    except (smtplib.SMTPException, OSError, ValueError) as error:
        code = getattr(error, "smtp_code", None)
        raise NotSent(type(error).__name__ if code is None else f"the mail server answered {code}") from None


def written(told: Told, *, sender: str, to: tuple[str, ...]) -> EmailMessage:
    """The letter: what is wrong in the subject, what to do below it."""
    letter = EmailMessage()
    first = " ".join(str(told.alarms[0]["text"]).split())
    more = f" +{len(told.alarms) - 1}" if len(told.alarms) > 1 else ""
    letter["Subject"] = f"[{' '.join(told.hall_name.split())}] {first[:SUBJECT_MOST]}{more}"
    letter["From"], letter["To"] = sender, ", ".join(to)
    letter["Date"] = formatdate(localtime=True)
    letter["Message-ID"] = f"<{told.id}@{told.hall}.counterhall.invalid>"
    letter["Auto-Submitted"] = "auto-generated"
    lines = [f"{one['since'][:16].replace('T', ' ')}  {one['text']}\n{one['act']}\n" for one in told.alarms]
    letter.set_content("\n".join((f"{told.hall_name}  {told.at[:16].replace('T', ' ')}\n", *lines)))
    return letter
