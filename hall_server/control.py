"""The back door of a running hall, for programs on the same machine: one JSON line in, one out.

A Unix socket in the data folder, which only the hall's own user can open; where there is none (Windows, or a path too
long to name), a port on loopback and a key in a file that only that user can read. What may be asked is `office`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

from hall_protocol.refusals import Refused

from .files import write_private
from .office import NotPossible, Office, perform
from .trust.tokens import same_secret

log = logging.getLogger(__name__)

SOCKET: Final = "control.sock"
PORT_FILE: Final = "control.json"
PATH_MOST: Final = 100
"""Longest path a socket can have everywhere (108 on Linux, 104 on macOS, the final zero included)."""
LINE_MOST: Final = 64 * 1024 * 1024
"""Longest request or answer, in bytes: an import carries its files."""
PATIENCE_S: Final = 60.0
ASK_PATIENCE_S: Final = 120.0


class NobodyThere(Exception):
    """No server answers for this data folder."""


@contextlib.asynccontextmanager
async def listening(office: Office) -> AsyncIterator[None]:
    """Answer requests while the block runs."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _converse(office, key, reader, writer)

    key = ""
    if _has_sockets() and (path := _short_path(office.data)) is not None:
        with path as name:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
            before = os.umask(0o177)
            try:
                server = await asyncio.start_unix_server(answer, name, limit=LINE_MOST)
            finally:
                os.umask(before)
        left_over = office.data / SOCKET
    else:
        key = secrets.token_urlsafe(32)
        server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=LINE_MOST)
        port = server.sockets[0].getsockname()[1]
        left_over = office.data / PORT_FILE
        write_private(left_over, json.dumps({"port": port, "key": key}).encode())
    try:
        yield
    finally:
        server.close()
        left_over.unlink(missing_ok=True)


def ask(data: Path, name: str, arguments: dict[str, Any]) -> Any:
    """What the running server answers. Raises `NobodyThere`, `Refused`, `NotPossible`."""
    request: dict[str, Any] = {"do": name, "with": arguments}
    try:
        with _connected(data, request) as connection:
            connection.settimeout(ASK_PATIENCE_S)
            connection.sendall(json.dumps(request).encode() + b"\n")
            with connection.makefile("rb") as lines:
                answer = json.loads(lines.readline(LINE_MOST))
    except (OSError, ValueError) as error:
        raise NobodyThere(str(error)) from error
    if "refused" in answer:
        raise Refused(answer["refused"], **answer["values"])
    if "problem" in answer:
        raise NotPossible(answer["problem"])
    return answer["answer"]


@contextlib.contextmanager
def _connected(data: Path, request: dict[str, Any]) -> Iterator[socket.socket]:
    """A connection to the server of this folder; puts the key into the request where one is needed."""
    if (data / PORT_FILE).exists():
        place = json.loads((data / PORT_FILE).read_bytes())
        request["key"] = place["key"]
        with socket.create_connection(("127.0.0.1", place["port"]), timeout=5) as connection:
            yield connection
    elif _has_sockets() and (path := _short_path(data)) is not None:
        with path as name, socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(name)
            yield connection
    else:
        raise OSError("no server has opened its back door")


async def _converse(office: Office, key: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one answer."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            line = await reader.readline()
        writer.write(json.dumps(await _answer(office, key, line), ensure_ascii=False).encode() + b"\n")
        async with asyncio.timeout(PATIENCE_S):
            await writer.drain()
    except (OSError, TimeoutError, ValueError) as error:
        log.warning("a request at the back door was given up: %s", type(error).__name__)
    finally:
        writer.close()


async def _answer(office: Office, key: str, line: bytes) -> dict[str, Any]:
    """What a request line is answered; the secrets in it are never logged."""
    try:
        request = json.loads(line)
        name, arguments, shown = str(request["do"]), dict(request["with"]), str(request.get("key", ""))
    except (ValueError, KeyError, TypeError):
        return {"problem": "the request was not understood"}
    if key and not same_secret(shown, key):
        return {"problem": "the request did not show the key of this server"}
    try:
        return {"answer": await perform(office, name, arguments)}
    except Refused as refused:
        return {"refused": refused.code, "values": refused.values}
    except NotPossible as problem:
        return {"problem": str(problem)}
    except OSError as error:
        log.error("%s failed: %s", name, error)
        return {"problem": f"the disk says no: {error.strerror or error}"}
    except Exception:
        log.exception("%s failed", name)
        return {"problem": f"{name} failed inside the server; its log says why"}


def _has_sockets() -> bool:
    return hasattr(socket, "AF_UNIX") and os.name != "nt"


def _short_path(data: Path) -> contextlib.AbstractContextManager[str] | None:
    """A name for the socket that is short enough, good inside the block; None where there is none."""
    path = str(data.absolute() / SOCKET)
    if len(os.fsencode(path)) <= PATH_MOST:
        return contextlib.nullcontext(path)
    if os.path.isdir("/proc/self/fd"):
        return _through_descriptor(data)
    return None


@contextlib.contextmanager
def _through_descriptor(data: Path) -> Iterator[str]:
    """The socket's path by way of an open folder."""
    descriptor = os.open(data, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET}"
    finally:
        os.close(descriptor)
