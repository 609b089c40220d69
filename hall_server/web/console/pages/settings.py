"""设置: every setting as a form, each change with who and when, and the way back; catalogue and calendar as files."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import msgspec
from litestar import Response, get, post

from hall_protocol.refusals import Refused

from ....core.places import config
from ....core.places.settings import BadSetting, Settings
from ....core.places.settings_rules import patched
from ....office import keep_settings
from ....reports.indicators import reading
from ....sheets import reading as sheets
from ....sheets import writing
from ....sheets.cells import Faulty
from ...house import House, HttpRequest
from ...public.words import Speech
from ..hall import tag_of
from ..records import aside, up_to_date
from .bulletin import attachment
from .fields import filled, patch_of, sections
from .frame import BASE, FIELD, act, form_of, go, page, speech_of, whole_form

CHANGES_SHOWN = 40
FILE_MOST = 4_000_000
FILE_ENDINGS = (".csv", ".json", ".toml")


@get(f"{BASE}/settings", include_in_schema=False)
async def show_settings(request: HttpRequest) -> Response[str]:
    """All sections, the last changes, and the files."""
    house: House = request.app.state.house
    speech = speech_of(request)
    changes = await aside(last_changes, house)
    return page(
        request, "settings.html", tab="settings", title=speech.say("console.tab.settings"), sections=list(sections()),
        changes=changes, services=len(house.engine.hall.services), lines=len(house.engine.hall.lines),
        counters=len(house.engine.hall.counters), clerks=len(house.engine.hall.clerks),
    )  # fmt: skip


def last_changes(house: House) -> list[dict[str, str]]:
    """The newest first. On a thread of its own."""
    with up_to_date(house.data) as report, reading(report) as db:
        found = db.execute(
            "SELECT seq, at, actor, setting, old, new FROM settings_changes ORDER BY seq DESC LIMIT ?", (CHANGES_SHOWN,)
        ).fetchall()
    names = ("seq", "at", "actor", "setting", "old", "new")
    rows = [dict(zip(names, map(str, row), strict=True)) for row in found]
    return [row | {"at": f"{row['at'][:10]} {row['at'][11:16]}"} for row in rows]


@get(f"{BASE}/settings/{{section:str}}", include_in_schema=False)
async def show_section(request: HttpRequest, section: str) -> Response[str]:
    """One section as a form."""
    if section not in sections():
        raise Refused("not_found")
    house: House = request.app.state.house
    now = house.engine.hall.settings
    return section_page(request, section, now, speech_of(request))


def section_page(request: HttpRequest, section: str, now: Settings, speech: Speech, **more: Any) -> Response[str]:
    """The form of a section with these values."""
    return page(
        request, "section.html", tab="settings", title=speech.say(f"setting.{section}"), section=section,
        fields=filled(section, now), tag=tag_of(now), **more,
    )  # fmt: skip


@post(f"{BASE}/settings/{{section:str}}", include_in_schema=False, status_code=303)
async def change_section(request: HttpRequest, section: str) -> Response[Any]:
    """Checked as a whole before it is taken; whoever changed it meanwhile is not overwritten."""
    if section not in sections():
        raise Refused("not_found")
    house: House = request.app.state.house
    fields, speech = await form_of(request), speech_of(request)
    now = house.engine.hall.settings
    if fields.get("tag") != tag_of(now):
        sentence = speech.say("refusal.changed_meanwhile")
        return section_page(request, section, now, speech, status=412, refusal=sentence)
    try:
        part = patch_of(section, fields)
        new = patched(now, part if section == "screens" else {section: part})
    except (BadSetting, Refused) as wrong:
        why = str(wrong) if isinstance(wrong, BadSetting) else str(wrong.values.get("why", ""))
        sentence = speech.say("refusal.bad_setting", why=why)
        return section_page(request, section, now, speech, status=400, refusal=sentence)
    back = f"{BASE}/settings/{section}"
    return await take_settings(request, fields, new, back=back)


async def take_settings(request: HttpRequest, fields: dict[str, str], new: Settings, *, back: str) -> Response[Any]:
    """The settings are these from now on, in the file too."""
    house: House = request.app.state.house
    answer = await act(request, fields, config.ChangeSettings(settings=new), back=back, said="changed")
    keep_settings(house.data, house.engine.hall.settings)
    return answer


@post(f"{BASE}/settings-back", include_in_schema=False, status_code=303)
async def go_back(request: HttpRequest) -> Response[Any]:
    """One setting as it was before a change, checked like any other change."""
    house: House = request.app.state.house
    fields = await form_of(request)
    seq = fields.get("seq", "")
    rows = house.engine.journal.read_these([int(seq)]) if seq.isascii() and seq.isdigit() and len(seq) < 19 else []
    if not rows or rows[0].type != "config_changed":
        raise Refused("not_found")
    told = msgspec.json.decode(rows[0].data)
    setting, old = str(told["setting"]), told.get("old")
    if setting.startswith(config.COUNTERS):
        number = setting.removeprefix(config.COUNTERS).removesuffix(config.LINES)
        command = config.SetCounterLines(counter=number, lines=tuple(old or ()))
        return await act(request, fields, command, back=f"{BASE}/settings", said="changed")
    patch: Any = old
    for part in reversed(setting.split(".")):
        patch = {part: patch}
    try:
        new = patched(house.engine.hall.settings, patch)
    except BadSetting as wrong:
        raise Refused("bad_setting", why=str(wrong)) from wrong
    return await take_settings(request, fields, new, back=f"{BASE}/settings")


# ---------------------------------------------------------------- files


@get(f"{BASE}/settings/files/export", include_in_schema=False)
async def export_files(request: HttpRequest) -> Response[bytes]:
    """Catalogue, counters, clerks, letters, seals and calendars as `hall-server export` writes them, in one archive."""
    house: House = request.app.state.house
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in writing.files(house.engine.hall).items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0)), words)
    await house.engine.settled()
    return attachment(out.getvalue(), "catalogue", "zip")


@post(f"{BASE}/settings/files/import", include_in_schema=False, status_code=303)
async def import_files(request: HttpRequest) -> Response[Any]:
    """All or nothing, with every mistake by line and column, by the same reading as `hall-server import`."""
    house: House = request.app.state.house
    form = await whole_form(request)
    given: dict[str, bytes] = {}
    for one in form.getall("files", []):
        name = str(getattr(one, "filename", "") or "").rpartition("/")[2].rpartition("\\")[2][:100]
        content = await one.read(FILE_MOST + 1) if hasattr(one, "read") else b""
        if not name.endswith(FILE_ENDINGS) or not 0 < len(content) <= FILE_MOST:
            raise Refused("bad_request", why="files")
        given[name] = content
    if not given:
        raise Refused("bad_request", why="files")
    try:
        found = sheets.wanted(given, house.engine.hall)
        if found.settings is not None:
            raise Refused("bad_request", why="hall.toml")
    except Faulty as faulty:
        speech = speech_of(request)
        return page(
            request, "faults.html", status=400, tab="settings", title=speech.say("console.import_refused"),
            faults=[str(one) for one in faulty.faults[:200]], count=len(faulty.faults),
        )  # fmt: skip
    before = house.engine.hall.seq
    await house.act(request, found.rows, None, key=str(form.get(FIELD, "")))
    return go(f"{BASE}/settings", said="imported" if house.engine.hall.seq > before else "nothing_new")


ROUTES = (show_settings, show_section, change_section, go_back, export_files, import_files)
