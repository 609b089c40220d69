"""How devices feel, as their programs say it: to managers, alerts and metrics; silence is unknown, never green."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from doors_material import Doors, Viewer, doors_of

from hall_server.core.stamp import instant
from hall_server.web import eyes
from hall_server.web.console.devices import STATES

SINCE = "2026-11-24T09:58:00.000+08:00"
PRINTER = "escpos+usb://serial=J5"


def report(state: str = "ready", *faults: str, address: str = PRINTER, **more: Any) -> dict[str, Any]:
    return {"address": address, "state": state, "since": SINCE, "faults": list(faults), **more}


def kiosk_open(data: Path, act: Callable[[Doors, Viewer], Any]) -> None:
    """With a live kiosk, whose program says how its devices feel."""

    async def run() -> None:
        async with doors_of(data) as doors:
            name = next(d.name for d in doors.hall.devices.values() if d.role == "kiosk")
            kiosk = await Viewer(doors, f"kiosk:{name}", doors.tokens["kiosk"]).shown()
            await act(doors, kiosk)
            await kiosk.leave()

    asyncio.run(run())


async def told(doors: Doors, *entries: dict[str, Any], who: str = "kiosk") -> None:
    await doors.happy("PUT", "/api/v1/devices/current/health", who, list(entries))


async def behind(doors: Doors, address: str = PRINTER) -> dict[str, Any]:
    every = (await doors.happy("GET", "/api/v1/devices", "manager"))["devices"]
    return next(entry for entry in every if entry.get("address") == address)


async def metrics(doors: Doors) -> list[str]:
    answer = await doors.ask("GET", "/metrics", "manager")
    assert answer.status == 200
    return answer.body.decode().splitlines()


def test_a_fault_reaches_the_managers_list_alert_and_metrics_with_its_since(county: Path) -> None:
    async def act(doors: Doors, kiosk: Viewer) -> None:
        await told(
            doors, report("fault", "paper_out", "paper_near_end", kind="printer", identity="TM-T88", last_ok=SINCE)
        )
        shown = await behind(doors)
        assert (shown["state"], shown["role"], shown["since"]) == ("fault", "printer", SINCE)
        assert (shown["faults"], shown["identity"], shown["last_ok"]) == (
            ["paper_out", "paper_near_end"],
            "TM-T88",
            SINCE,
        )
        manager = await Viewer(doors, "manager", doors.tokens["manager"]).shown()
        alert = next(a for a in manager.picture["alerts"] if a["id"].endswith(PRINTER))
        assert (alert["code"], alert["level"], alert["since"]) == ("paper_out", "red", SINCE)
        await manager.leave()
        lines = await metrics(doors)
        assert sum("hall_device_state{" in line and PRINTER in line for line in lines) == len(STATES)
        one = [line for line in lines if PRINTER in line and line.endswith(" 1")]
        assert any('state="fault"' in line and 'kind="printer"' in line for line in one)
        assert any("hall_device_fault{" in line and 'fault="paper_out"' in line for line in one)
        assert any(line.startswith("hall_device_since_seconds{") and PRINTER in line for line in lines)

    kiosk_open(county, act)


def test_a_device_whose_program_is_gone_is_unknown_and_not_green(county: Path) -> None:
    """A13g: a plug is pulled; the view says so and since when."""

    async def act(doors: Doors, kiosk: Viewer) -> None:
        await told(doors, report())
        assert (await behind(doors))["state"] == "ready"
        await kiosk.leave()
        assert (await behind(doors))["state"] == "unknown"
        up = next(line for line in await metrics(doors) if line.startswith("hall_device_up{") and PRINTER in line)
        assert up.endswith(" 0")

    kiosk_open(county, act)


def test_a_program_that_is_there_but_says_nothing_more_is_unknown_after_a_while(county: Path, monkeypatch) -> None:
    async def act(doors: Doors, kiosk: Viewer) -> None:
        monkeypatch.setattr(eyes, "SILENT_AFTER_S", 0.05)
        await told(doors, report())
        async with asyncio.timeout(5):
            while (await behind(doors))["state"] != "unknown":
                await asyncio.sleep(0.01)
        await told(doors, report())
        assert (await behind(doors))["state"] == "ready"

    kiosk_open(county, act)


@pytest.mark.parametrize("field", ["since", "last_ok"])
def test_a_time_that_is_none_is_refused(county: Path, field: str) -> None:
    async def act(doors: Doors, kiosk: Viewer) -> None:
        wrong = report(**{field: "the day before yesterday"}) if field != "since" else report() | {"since": "x" * 24}
        answer = await doors.ask("PUT", "/api/v1/devices/current/health", "kiosk", [wrong])
        assert (answer.status, answer.code) == (400, "bad_request")
        assert (await metrics(doors))[0].startswith("# HELP")

    kiosk_open(county, act)


def test_a_scanner_nobody_has_heard_does_not_stop_a_kiosk_from_printing(county: Path) -> None:
    async def act(doors: Doors, kiosk: Viewer) -> None:
        from hall_server.core.pictures.kiosk import can_print

        await told(doors, report(), report("unknown", address="scanner+/dev/ttyS1"))
        ident = next(d.id for d in doors.hall.devices.values() if d.role == "kiosk")
        assert can_print(doors.house.eyes.sight(doors.hall), ident)
        await told(doors, report("fault", "paper_out"))
        assert not can_print(doors.house.eyes.sight(doors.hall), ident)

    kiosk_open(county, act)


@pytest.mark.parametrize(
    ("protocol", "kind"),
    [("bxk", "led"), ("artnet", "led"), ("pad68", "keypad"), ("samv", "reader"), ("scanner", "scanner")],
)
def test_a_program_of_an_older_version_is_understood_by_its_address(county: Path, protocol: str, kind: str) -> None:
    async def act(doors: Doors, kiosk: Viewer) -> None:
        address = f'{protocol}+socket://127.0.0.1:1?x="y'
        await told(doors, report(address=address))
        assert (await behind(doors, address))["role"] == kind
        assert any(r"x=\"y" in line for line in await metrics(doors))

    kiosk_open(county, act)


def test_figures_are_told_whole(county: Path) -> None:
    """Ten digits of a time in seconds, not six: a scrape must not be wrong by an hour."""

    async def act(doors: Doors, kiosk: Viewer) -> None:
        await told(doors, report())
        line = next(x for x in await metrics(doors) if x.startswith("hall_device_since_seconds{") and PRINTER in x)
        assert "e+" not in line
        assert float(line.rpartition(" ")[2]) == instant(SINCE) / 1000

    kiosk_open(county, act)
