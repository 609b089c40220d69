"""设置: every setting has its field, a change is an event with who and old and new, and there is a way back."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest
from console_hall import HOST, Console, console_of, words
from doors_material import Answer, call

from hall_server.web.console.pages.fields import sections


async def form(console: Console, section: str) -> dict[str, str]:
    """The fields of a section's form as a browser would send them back."""
    page = (await console.open(f"/console/settings/{section}")).body.decode()
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            sent[name[1]] = "on" if 'type="checkbox"' in tag else unescape(value[1] if value else "")
    for name, body in re.findall(r'<select name="([^"]+)">(.*?)</select>', page, re.S):
        chosen = re.search(r"<option selected>([^<]*)|<option[^>]* selected>([^<]*)", body)
        sent[name] = unescape(next((g for g in chosen.groups() if g), "")) if chosen else ""
    for name, body in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S):
        sent[name] = unescape(body)
    return sent


@pytest.mark.parametrize("section", sections())
def test_a_form_sent_back_as_it_came_changes_nothing(county: Path, section: str) -> None:
    """Every setting of every section is on its form and keeps its value."""

    async def story() -> None:
        async with console_of(county) as console:
            before = console.doors.hall.settings
            sent = await form(console, section)
            assert {one.key for one in sections()[section] if one.kind != "yes_no"} <= set(sent)
            answer = await console.send(f"/console/settings/{section}", sent, key="once")
            assert answer.status == 303, words(answer)
            assert console.doors.hall.settings == before

    asyncio.run(story())


def test_a_change_is_in_force_recorded_and_taken_back(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            sent = await form(console, "queue")
            answer = await console.send("/console/settings/queue", sent | {"queue.calls_max": "5"})
            assert answer.headers["location"] == "/console/settings/queue?said=changed"
            assert console.doors.hall.settings.queue.calls_max == 5
            assert "calls_max = 5" in (county / "hall.toml").read_text("utf-8")
            page = await console.open("/console/settings")
            shown = words(page)
            assert "queue.calls_max" in shown
            assert "account:manager-t" in shown
            (seq,) = re.findall(r'name="seq" value="(\d+)"', page.body.decode())[:1]
            await console.send("/console/settings-back", {"seq": seq})
            assert console.doors.hall.settings.queue.calls_max == 3
            assert (await console.send("/console/settings-back", {"seq": "1"})).status == 404
            assert (await console.send("/console/settings-back", {"seq": "x"})).status == 404

    asyncio.run(story())


def test_two_managers_never_overwrite_each_other(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            first, second = await form(console, "queue"), await form(console, "queue")
            await console.send("/console/settings/queue", first | {"queue.calls_max": "5"})
            late = await console.send("/console/settings/queue", second | {"queue.digits": "4"})
            assert late.status == 412
            assert console.doors.hall.settings.queue.digits == 3
            assert 'name="queue.calls_max" value="5"' in late.body.decode(), "the second sees the first's change"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("queue", {"queue.calls_max": "0"}),
        ("queue", {"queue.calls_max": "many"}),
        ("hours", {"hours.working_day": "12:00-09:00"}),
        ("hours", {"hours.weekdays": "{not json"}),
        ("hall", {"hall.zone": "Nowhere/Town"}),
        ("public", {"public.public_url": "javascript:alert(1)"}),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_taken(county: Path, section: str, change: dict[str, str]) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            before = console.doors.hall.settings
            answer = await console.send(f"/console/settings/{section}", await form(console, section) | change)
            assert answer.status == 400
            assert next(iter(change)).rpartition(".")[2] in words(answer)
            assert console.doors.hall.settings == before

    asyncio.run(story())


async def upload(console: Console, name: str, content: bytes, *, who: str = "manager", key: str = "up") -> Answer:
    edge = b"frontier"
    head = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    body = b"--" + edge + b'\r\nContent-Disposition: form-data; name="idempotency_key"\r\n\r\n' + key.encode() + b"\r\n"
    body += b"--" + edge + b"\r\n" + head.encode() + content + b"\r\n--" + edge + b"--\r\n"
    headers = {
        "host": HOST, "origin": f"http://{HOST}", "cookie": f"session={console.doors.tokens[who]}",
        "content-type": "multipart/form-data; boundary=frontier", "content-length": str(len(body)),
        "accept-language": "zh-CN",
    }  # fmt: skip
    return await call(console.app, "POST", "/console/settings/files/import", headers, body)


def test_files_go_out_and_come_in_all_or_nothing(county: Path) -> None:
    async def story() -> None:
        async with console_of(county) as console:
            archive = await console.open("/console/settings/files/export")
            with zipfile.ZipFile(io.BytesIO(archive.body)) as files:
                services = files.read("services.csv")
            same = await upload(console, "services.csv", services, key="a")
            assert same.headers.get("location", "").endswith("said=nothing_new"), words(same)
            line = next(iter(console.doors.hall.lines)).encode()
            head = b"service,name,department,statutory_days,promised_days,official_code,line\n"
            new = await upload(console, "s.csv", head + "S901,新事项,县委宣传部,20,10,,".encode() + line, key="b")
            assert new.headers["location"].endswith("said=imported")
            assert "S901" in console.doors.hall.services
            bad = await upload(console, "s.csv", head + "S902,又一事项,县委宣传部,5,10,,".encode() + line, key="c")
            assert bad.status == 400
            assert "s.csv, line 2, column 5 (promised_days)" in words(bad)
            assert "S902" not in console.doors.hall.services

    asyncio.run(story())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.exe", b"MZ"),
        ("../../etc/passwd", b"x"),
        ("empty.csv", b""),
        ("hall.toml", b"[hall]\n"),
        ("b.csv", b"\xff\xfe\x00"),
    ],
)
def test_what_is_no_sheet_is_refused(county: Path, name: str, content: bytes) -> None:
    """reliability.md S9: by content, and a name is never a path."""

    async def story() -> None:
        async with console_of(county) as console:
            before = console.doors.hall.seq
            assert (await upload(console, name, content)).status == 400
            assert console.doors.hall.seq == before

    asyncio.run(story())
