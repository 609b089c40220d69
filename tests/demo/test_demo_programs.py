"""Programs are kept alive with patience and ended together, also when the supervisor is killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.cable import Cable
from demo.plan import free_ports
from demo.programs import Program, Troupe

LIVES = "import time,sys; print('I am here',flush=True); time.sleep(60)"
DIES = "import sys; sys.exit(3)"
DEAF = (
    "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('I am here',flush=True); time.sleep(60)"
)


async def until(condition: Callable[[], object], within_s: float = 10.0) -> None:
    """Waits for a condition."""
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.02)


def program(folder: Path, name: str, code: str, **more: object) -> Program:
    return Program(name, [sys.executable, "-c", code], folder / f"{name}.log", **more)  # type: ignore[arg-type]


def gone(pid: int) -> bool:
    """Whether no such process runs (a dead one nobody waited for counts as gone)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_one_that_is_killed_comes_again_and_is_counted(tmp_path: Path):
    async def story() -> None:
        troupe = Troupe([program(tmp_path, "one", LIVES, says="I am here")])
        life = troupe.lives["one"]
        troupe.start()
        await until(lambda: life.alive)
        first = life.pid
        assert troupe.kill("one")
        await until(lambda: life.alive and life.pid != first)
        assert (life.starts, life.last_code) == (2, -signal.SIGKILL)
        assert not troupe.kill("nobody")
        await troupe.end()
        assert life.state == "ended"

    asyncio.run(story())


def test_one_that_cannot_live_is_tried_less_and_less_often(tmp_path: Path):
    async def story() -> None:
        troupe = Troupe([program(tmp_path, "one", DIES)])
        troupe.start()
        began = time.monotonic()
        await until(lambda: troupe.failing(3) is not None)
        assert time.monotonic() - began > 1.4, "half a second, then a whole one"
        assert troupe.lives["one"].last_code == 3
        await troupe.end()

    asyncio.run(story())


def test_one_waits_for_those_it_needs(tmp_path: Path):
    async def story() -> None:
        late = "import time; time.sleep(0.3); print('ready',flush=True); time.sleep(60)"
        troupe = Troupe([program(tmp_path, "b", LIVES, after=("a",)), program(tmp_path, "a", late, says="ready")])
        troupe.start()
        await until(lambda: troupe.lives["a"].state == "starting")
        assert troupe.lives["b"].starts == 0
        await until(lambda: troupe.all_alive)
        await troupe.end()

    asyncio.run(story())


def test_a_screen_works_once_its_picture_is_new(tmp_path: Path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"old")
    os.utime(picture, (1, 1))
    paints = f"import time,pathlib; time.sleep(0.3); pathlib.Path({str(picture)!r}).write_bytes(b'new'); time.sleep(60)"

    async def story() -> None:
        troupe = Troupe([program(tmp_path, "screen", paints, draws=picture)])
        troupe.start()
        await until(lambda: troupe.lives["screen"].alive)
        assert picture.read_bytes() == b"new"
        await troupe.end()

    asyncio.run(story())


def test_all_are_gone_within_three_seconds_even_a_deaf_one(tmp_path: Path):
    async def story() -> None:
        troupe = Troupe([program(tmp_path, n, c, says="I am") for n, c in (("one", LIVES), ("deaf", DEAF))])
        troupe.start()
        await until(lambda: troupe.all_alive)
        pids = [life.pid for life in troupe.lives.values()]
        began = time.monotonic()
        await troupe.end()
        assert time.monotonic() - began < 3.0
        assert all(pid is not None and gone(pid) for pid in pids)

    asyncio.run(story())


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends children of a killed parent on Linux")
def test_programs_end_when_the_supervisor_is_killed(tmp_path: Path):
    code = f"""
import asyncio, sys
from pathlib import Path
from demo.programs import Program, Troupe
async def main():
    log = Path({str(tmp_path)!r}) / "one.log"
    troupe = Troupe([Program("one", [sys.executable, "-c", {LIVES!r}], log, says="I am")])
    troupe.start()
    while not troupe.all_alive: await asyncio.sleep(0.02)
    print(troupe.lives["one"].pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert not gone(child)
        parent.kill()

        async def ended() -> None:
            await until(lambda: gone(child))

        asyncio.run(ended())


async def asked(port: int, words: bytes) -> bytes:
    """What comes back through a port."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(words)
    answer = await asyncio.wait_for(reader.read(100), 5)
    writer.close()
    await writer.wait_closed()
    return answer


def test_a_pulled_cable_breaks_what_is_under_way_and_a_plugged_one_carries_again():
    async def story() -> None:
        cable_port, hall_port = free_ports(2)

        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(100):
                writer.write(data.upper())
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", hall_port)
        cable = Cable(port=cable_port, to_port=hall_port)
        await cable.plug()
        assert await asked(cable_port, b"hello") == b"HELLO"
        reader, writer = await asyncio.open_connection("127.0.0.1", cable_port)
        writer.write(b"x")
        assert await asyncio.wait_for(reader.read(5), 5) == b"X"
        await cable.pull()
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(5), 5) == b""
        writer.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", cable_port)
        await cable.plug()
        assert await asked(cable_port, b"again") == b"AGAIN"
        await cable.pull()
        server.close()
        await server.wait_closed()

    asyncio.run(story())
