"""A command finds the running server, whatever the length of its path, and gets its answer or its refusal."""

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hall_protocol.refusals import Refused
from hall_server import control
from hall_server.cli.access import opened, reach
from hall_server.control import NobodyThere, ask, listening
from hall_server.office import NotPossible


def while_running(data: Path, question: Callable[[], Any]) -> Any:
    """What `question` gets, asked from another thread while the hall is served."""

    async def run() -> Any:
        async with opened(data, program="hall-server run") as office, listening(office):
            return await asyncio.to_thread(question)

    return asyncio.run(run())


def test_a_command_works_while_the_server_runs_and_while_it_does_not(county: Path) -> None:
    one = while_running(county, lambda: reach(county, "device_add", role="kiosk", name="K1"))
    two = reach(county, "device_add", role="kiosk", name="K2")
    assert [d["name"] for d in reach(county, "device_list")] == ["K1", "K2"]
    assert one["token"] != two["token"]
    assert not (county / "control.sock").exists()


def test_refusals_and_problems_arrive_as_they_are(county: Path) -> None:
    with pytest.raises(Refused) as refused:
        while_running(county, lambda: ask(county, "device_revoke", {"name": "K1"}))
    assert refused.value.code == "unknown_device"
    with pytest.raises(NotPossible, match="6 to 12 digits"):
        while_running(county, lambda: ask(county, "clerk_set_pin", {"clerk": "0301", "pin": "1"}))
    with pytest.raises(NotPossible, match="no operation"):
        while_running(county, lambda: ask(county, "__class__", {}))


def test_an_import_of_a_megabyte_fits_into_one_line(county: Path) -> None:
    rows = "".join(f"X{n},{'很长的名称' * 20},县公安局,,3,,A\n" for n in range(3000))
    text = "service,name,department,statutory_days,promised_days,official_code,line\n" + rows
    from base64 import b64encode

    files = {"services.csv": b64encode(text.encode()).decode()}
    answer = while_running(county, lambda: ask(county, "files_import", {"files": files}))
    assert answer == {"faults": [], "events": 1, "lacking": []}


@pytest.mark.skipif(os.name == "nt", reason="paths of sockets are a matter of Unix")
def test_a_path_too_long_for_a_socket(county: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("very-long-" * 12) / "hall"
    deep.parent.mkdir()
    shutil.move(county, deep)
    assert len(str(deep)) > 130
    assert while_running(deep, lambda: ask(deep, "device_list", {})) == []


def test_the_socket_is_private_and_what_a_crash_left_is_replaced(county: Path) -> None:
    (county / "control.sock").write_bytes(b"")

    def modes() -> int:
        return (county / "control.sock").stat().st_mode & 0o777

    assert while_running(county, modes) == 0o600


def test_where_there_are_no_sockets_a_port_and_a_key_do(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "_has_sockets", lambda: False)
    assert while_running(county, lambda: ask(county, "device_list", {})) == []

    def with_a_wrong_key() -> Any:
        place = json.loads((county / "control.json").read_bytes())
        assert (county / "control.json").stat().st_mode & 0o077 == 0
        (county / "control.json").write_text(json.dumps({**place, "key": "x"}))
        return ask(county, "device_list", {})

    with pytest.raises(NotPossible, match="key"):
        while_running(county, with_a_wrong_key)
    assert not (county / "control.json").exists()


def test_nobody_there(county: Path) -> None:
    with pytest.raises(NobodyThere):
        ask(county, "device_list", {})


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b"[]\n", b'{"do": 1, "with": 2}\n', b"\xff\n", b""])
def test_rubbish_is_answered_and_the_next_one_served(county: Path, line: bytes) -> None:
    import socket

    def rubbish() -> Any:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(county / "control.sock"))
            connection.sendall(line)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.makefile("rb").readline()
        assert b"not understood" in answer or b"no operation" in answer
        return ask(county, "device_list", {})

    assert while_running(county, rubbish) == []
