"""Pinyin initials of what the catalogue says, for the kiosk's search.

The dictionary that knows 行 in 银行 from 行 in 行政 takes 50 MB, so a child process opens it for a moment when it
is needed. What it said is kept beside the data: `initials.json`, derived, made again when it is lost.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from ...files import write_private

log = logging.getLogger(__name__)

FILE = "initials.json"
PATIENCE_S = 20


def spelled(words: str) -> str:
    """The first letters of the Pinyin of `words`; letters and digits stay, everything else is left out."""
    from pypinyin import Style, lazy_pinyin

    letters = lazy_pinyin(words, style=Style.FIRST_LETTER, errors=lambda rest: rest)
    return "".join(c for c in "".join(letters).upper() if c.isascii() and c.isalnum())


class Initials:
    """Text → initials, for every text that was asked about."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._known: dict[str, str] | None = None
        self._asking = asyncio.Lock()

    def of(self, words: str) -> str:
        """The initials of a text, empty while they are not known."""
        return (self._known or {}).get(words, "")

    async def learn(self, texts: Iterable[str]) -> None:
        """Makes sure that these are known. A failure leaves them unknown: search then does not find them."""
        async with self._asking:
            if self._known is None:
                self._known = await asyncio.to_thread(self._read)
            missing = sorted({t for t in texts if t} - self._known.keys())
            if missing:
                self._known.update(await spelled_elsewhere(missing))
                await asyncio.to_thread(self._keep)

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("initials are made again: %s", error)
            return {}

    def _keep(self) -> None:
        try:
            write_private(self._file, msgspec.json.encode(self._known))
        except OSError as error:
            log.warning("initials cannot be kept: %s", error)


async def spelled_elsewhere(texts: list[str]) -> dict[str, str]:
    """The initials of these texts, spelled in a child process."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        answer, _ = await asyncio.wait_for(child.communicate(msgspec.json.encode(texts)), PATIENCE_S)
        return msgspec.json.decode(answer, type=dict[str, str])
    except (TimeoutError, msgspec.MsgspecError) as error:
        log.warning("initials could not be spelled: %s", error)
        if child.returncode is None:
            child.kill()
            await child.wait()
        return {}


def main() -> None:
    """The child: a JSON list of texts in, an object text → initials out."""
    texts = msgspec.json.decode(sys.stdin.buffer.read(), type=list[str])
    sys.stdout.buffer.write(msgspec.json.encode({text: spelled(text) for text in texts}))


if __name__ == "__main__":
    main()
