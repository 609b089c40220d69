"""Articles 1 and 4 from outside: the catalogue comes as files, is public, and every screen has it from one source."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
from doors_material import Doors, Viewer, doors_of

from hall_server.core.places.catalogue import TakeOver
from hall_server.office import files_export

API = "/api/v1"
SERVICES = "service,name,department,statutory_days,promised_days,official_code,line\n"


async def imported(doors: Doors, text: str) -> tuple[int, list[str]]:
    """What `hall-server import` does with one file of services: events, and mistakes."""
    from hall_server.sheets.cells import Faulty
    from hall_server.sheets.reading import wanted

    before = doors.hall.seq
    try:
        rows = wanted({"services.csv": text.encode()}, doors.hall).rows
    except Faulty as faulty:
        return 0, [str(f) for f in faulty.faults]
    assert isinstance(rows, TakeOver)
    await doors.engine.submit(rows, doors.engine.stamp("console"))
    return doors.hall.seq - before, []


async def offered(doors: Doors) -> dict[str, dict[str, object]]:
    told = await doors.ask("GET", f"{API}/catalogue", "anyone", key="")
    assert told.status == 200
    return {row["service"]: row for row in told.json["services"]}


def test_a_suspended_item_vanishes_at_once_and_open_cases_keep_their_limits(county: Path) -> None:
    """A1a, A1e, A4e."""

    async def story() -> None:
        async with doors_of(county) as doors:
            assert len(await offered(doors)) == 75
            one = next(s for s in doors.hall.services.values() if s.handling == "committed" and not s.materials[3:])
            case = await doors.happy("POST", f"{API}/cases", "clerk", {"service": one.service, "accept": True})
            kiosk = (await Viewer(doors, "kiosk:kiosk-t", doors.tokens["kiosk"]).shown()).picture
            version = kiosk["hall"]["catalogue_version"]
            gone = msgspec.structs.replace(one, state="suspended", promised_days=0)
            await doors.engine.submit(TakeOver(services=(gone,)), doors.engine.stamp("console"))
            assert one.service not in await offered(doors)
            again = (await Viewer(doors, "kiosk:kiosk-t", doors.tokens["kiosk"]).shown()).picture
            assert again["hall"]["catalogue_version"] != version, "the kiosk is told to read the catalogue again"
            refused = await doors.ask("POST", f"{API}/tickets", "kiosk", {"service": one.service})
            assert (refused.status, refused.json["code"]) == (404, "unknown_service")
            kept = await doors.happy("GET", f"{API}/cases/{case['no']}", "clerk")
            assert kept["promised_due"] == case["promised_due"]

    asyncio.run(story())


def test_the_catalogue_is_public_and_holds_nobodys_data(county: Path) -> None:
    """A1b: without a token; the item reads the same as in the hall's own catalogue."""

    async def story() -> None:
        async with doors_of(county) as doors:
            services = await offered(doors)
            for service in doors.hall.services.values():
                assert services[service.service]["name"] == service.name
            text = msgspec.json.encode(services).decode()
            assert "id_number" not in text
            assert "applicant" not in text

    asyncio.run(story())


def test_a_department_is_data(county: Path) -> None:
    """A1d: a party organ arrives by import alone; a promise longer than the law takes nothing along (A1c)."""

    async def story() -> None:
        async with doors_of(county) as doors:
            line = next(iter(doors.hall.lines))
            good = f"S901,内部资料准印证核发,县委宣传部,20,10,,{line}\n"
            bad = f"S902,另一事项,县委宣传部,5,10,,{line}\n"
            events, faults = await imported(doors, SERVICES + good + bad)
            assert (events, len(faults)) == (0, 1)
            assert "line 3, column 5 (promised_days)" in faults[0]
            assert "S901" not in doors.hall.services
            assert (await imported(doors, SERVICES + good))[0] == 1
            assert (await imported(doors, SERVICES + good))[0] == 0
            told = await doors.ask("GET", f"{API}/catalogue", "anyone", key="")
            assert "县委宣传部" in [d["name"] for d in told.json["departments"]]
            ticket = await doors.happy("POST", f"{API}/tickets", "kiosk", {"service": "S901"})
            assert ticket["line"] == line

    asyncio.run(story())


def test_two_items_never_share_an_official_code(county: Path) -> None:
    """A1e: opaque, to the letter, unique."""

    async def story() -> None:
        async with doors_of(county) as doors:
            line = next(iter(doors.hall.lines))
            code = "511A0155000000-511602000000-000-12511300452259013M-2-00"[:50].ljust(64, "9")
            assert (await imported(doors, SERVICES + f"S901,甲,县委宣传部,,1,{code},{line}\n"))[0] == 1
            _, faults = await imported(doors, SERVICES + f"S902,乙,县委宣传部,,1,{code},{line}\n")
            assert faults == ["services.csv, line 2, column 6 (official_code): S901 has this code already"]
            assert (await offered(doors))["S901"]["official_code"] == code
            assert code in (await files_export(doors_office(doors)))["services.csv"]

    asyncio.run(story())


def doors_office(doors: Doors) -> object:
    from hall_server.office import Office

    return Office(doors.house.data, doors.engine, doors.house.credentials)


def test_another_hotline_is_on_the_wall_and_on_the_next_ticket(county: Path) -> None:
    """A4a."""

    async def story() -> None:
        async with doors_of(county) as doors:
            wall = (await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()).picture
            assert wall["hall"]["hotline"] == "12345"
            changed = await doors.ask(
                "PATCH", f"{API}/settings", "manager", {"hall": {"hotline": "96196"}}, headers={"If-Match": "*"}
            )
            assert changed.status == 200, changed.body
            for picture, who in (("wall:main", "wall"), ("kiosk:kiosk-t", "kiosk")):
                shown = (await Viewer(doors, picture, doors.tokens[who]).shown()).picture
                assert shown["hall"]["hotline"] == "96196", "the kiosk prints what its picture says"

    asyncio.run(story())


def test_the_counter_shows_the_clerk_who_is_signed_in_and_nothing_more_of_him(county: Path) -> None:
    """A4b: the staff number, and no identity number or private telephone anywhere."""

    async def story() -> None:
        async with doors_of(county) as doors:
            wall = (await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()).picture
            clerk = doors.hall.counters["3"].clerk
            assert clerk is not None
            assert wall["counters"]["3"]["clerk"] == clerk
            assert set(doors.hall.clerks[clerk].__struct_fields__) <= {"number", "department", "enabled", "chief"}

    asyncio.run(story())
