"""What an administrator may have done, and that `hall.toml` and the journal never fight."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from hall_protocol.refusals import Refused
from hall_server import office as offices
from hall_server.cli.access import opened
from hall_server.core.places.config import ChangeSettings, ConfigChanged
from hall_server.core.places.settings_rules import patched
from hall_server.files import write_private
from hall_server.office import NotPossible, Office, keep_settings, settings_at_start
from hall_server.settings import SettingsFileBad, read

T = TypeVar("T")


def within(data: Path, act: Callable[[Office], Awaitable[T]]) -> T:
    """Run `act` with the hall opened, as a command does."""

    async def run() -> T:
        async with opened(data, program="a test") as office:
            return await act(office)

    return asyncio.run(run())


def edit(data: Path, old: str, new: str) -> None:
    path = data / "hall.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


class TestDevices:
    def test_the_token_opens_until_it_is_revoked(self, county: Path) -> None:
        async def act(office: Office) -> None:
            made = await offices.device_add(office, role="kiosk", name="K1")
            assert office.credentials.device_of(made["token"]) == made["device"]
            assert [d["name"] for d in await offices.device_list(office)] == ["K1"]
            await offices.device_revoke(office, name="K1")
            assert office.credentials.device_of(made["token"]) is None
            assert await offices.device_list(office) == []
            with pytest.raises(Refused, match="unknown_device"):
                await offices.device_revoke(office, name="K1")
            again = await offices.device_add(office, role="kiosk", name="K1")
            assert again["device"] != made["device"]

        within(county, act)

    def test_a_name_is_taken_once_and_a_counter_must_exist(self, county: Path) -> None:
        async def act(office: Office) -> None:
            await offices.device_add(office, role="keypad", name="P3", counter="3")
            with pytest.raises(Refused, match="name_taken"):
                await offices.device_add(office, role="keypad", name="P3", counter="3")
            with pytest.raises(Refused, match="unknown_counter"):
                await offices.device_add(office, role="counter", name="C99", counter="99")

        within(county, act)

    def test_a_device_that_a_crash_left_without_a_token_gets_it_the_next_time(self, county: Path) -> None:
        async def act(office: Office) -> None:
            made = await offices.device_add(office, role="counter", name="C3", counter="3")
            office.credentials.forget_device(made["device"])
            with pytest.raises(Refused, match="name_taken"):
                await offices.device_add(office, role="counter", name="C3", counter="4")
            again = await offices.device_add(office, role="counter", name="C3", counter="3")
            assert again["device"] == made["device"]
            assert again["token"] != made["token"]

        within(county, act)


class TestPeople:
    def test_a_pin_is_set_and_shown_as_set(self, county: Path) -> None:
        async def act(office: Office) -> None:
            await offices.clerk_add(office, number="9901", department="县公安局", chief=True)
            await offices.clerk_set_pin(office, clerk="9901", pin="73915846")
            row = next(c for c in await offices.clerk_list(office) if c["clerk"] == "9901")
            assert row == {
                "clerk": "9901",
                "department": "县公安局",
                "enabled": True,
                "has_pin": True,
                "chief": True,
            }
            await offices.clerk_disable(office, clerk="9901")
            row = next(c for c in await offices.clerk_list(office) if c["clerk"] == "9901")
            assert row["enabled"] is False
            with pytest.raises(Refused, match="unknown_clerk"):
                await offices.clerk_set_pin(office, clerk="9902", pin="73915846")
            with pytest.raises(NotPossible, match="6 to 12 digits"):
                await offices.clerk_set_pin(office, clerk="9901", pin="1234")
            with pytest.raises(Refused, match="name_taken"):
                await offices.clerk_add(office, number="0301", department="县公安局")

        within(county, act)
        events = within(county, journal_of)
        assert "73915846" not in str(events)
        assert [t for t, _ in events][-3:] == ["clerk_added", "secret_changed", "clerk_disabled"]

    def test_accounts(self, county: Path) -> None:
        async def act(office: Office) -> None:
            await offices.account_add(office, name="inspector", role="manager")
            await offices.account_set_password(office, name="inspector", password="Long-enough pass phrase 7")
            with pytest.raises(NotPossible, match="12 to 128"):
                await offices.account_set_password(office, name="inspector", password="short")
            with pytest.raises(NotPossible, match="name"):
                await offices.account_set_password(office, name="inspector", password="inspector-2026")
            with pytest.raises(Refused, match="unknown_account"):
                await offices.account_set_password(office, name="nobody", password="Long-enough pass phrase 7")
            await offices.account_disable(office, name="inspector")
            assert await offices.account_list(office) == [
                {
                    "name": "inspector",
                    "role": "manager",
                    "department": None,
                    "enabled": False,
                    "has_password": True,
                }
            ]

        within(county, act)

    def test_a_fresh_hall_has_nobody_who_could_sign_in(self, county: Path) -> None:
        async def act(office: Office) -> None:
            assert await offices.account_list(office) == []
            assert not any(c["has_pin"] for c in await offices.clerk_list(office))
            assert await offices.device_list(office) == []

        within(county, act)


async def journal_of(office: Office) -> list[tuple[str, bytes]]:
    return [(row.type, row.data) for row in office.engine.journal.replay()]


class TestSettingsFile:
    def test_what_a_person_changed_becomes_an_event_once(self, county: Path) -> None:
        edit(county, "calls_max = 3 ", "calls_max = 5 ")
        assert within(county, settings_at_start) == 1
        assert within(county, settings_at_start) == 0
        events = within(county, journal_of)
        assert events[-1][0] == "config_changed"
        assert b'"setting":"queue.calls_max","old":3,"new":5' in events[-1][1]
        assert "calls_max = 5             " in (county / "hall.toml").read_text("utf-8")

    def test_a_change_that_died_before_it_reached_the_file_stays(self, county: Path) -> None:
        async def change(office: Office) -> None:
            await office.do(ChangeSettings(settings=patched(office.hall.settings, {"queue": {"calls_max": 7}})))

        within(county, change)
        assert within(county, settings_at_start) == 0
        assert read(county / "hall.toml").queue.calls_max == 7

    def test_changes_of_both_sides_are_joined(self, county: Path) -> None:
        async def change(office: Office) -> None:
            await office.do(ChangeSettings(settings=patched(office.hall.settings, {"queue": {"calls_max": 7}})))

        within(county, change)
        edit(county, "call_interval_s = 15 ", "call_interval_s = 20 ")
        assert within(county, settings_at_start) == 1
        queue = read(county / "hall.toml").queue
        assert (queue.calls_max, queue.call_interval_s) == (7, 20)

    def test_a_change_through_the_console_is_written_with_the_comments_kept(self, county: Path) -> None:
        async def change(office: Office) -> None:
            new = patched(office.hall.settings, {"hall": {"hotline": "999"}})
            (event,) = await office.do(ChangeSettings(settings=new))
            assert isinstance(event, ConfigChanged)
            keep_settings(office.data, office.hall.settings)

        within(county, change)
        text = (county / "hall.toml").read_text("utf-8")
        assert re.search(r'hotline = "999" +# service hotline', text)
        assert within(county, settings_at_start) == 0

    def test_a_damaged_file_stops_and_changes_nothing(self, county: Path) -> None:
        before = len(within(county, journal_of))
        edit(county, "calls_max = 3 ", "calls_max = many ")
        with pytest.raises(SettingsFileBad, match=r"line \d+: queue.calls_max"):
            within(county, settings_at_start)
        assert len(within(county, journal_of)) == before

    def test_a_missing_file_is_written_anew(self, county: Path) -> None:
        (county / "hall.toml").unlink()
        assert within(county, settings_at_start) == 0
        assert read(county / "hall.toml").hall.hall == "county"

    def test_removing_a_screen_survives_a_restart(self, county: Path) -> None:
        path = county / "hall.toml"
        text = path.read_text("utf-8")
        write_private(path, text[: text.index("[screens.office]")].encode())
        assert within(county, settings_at_start) > 0

        async def screens(office: Office) -> list[str]:
            return list(office.hall.settings.screens)

        assert within(county, screens) == ["main"]
        assert within(county, settings_at_start) == 0


def test_operations_are_called_by_name_and_checked(county: Path) -> None:
    async def act(office: Office) -> None:
        assert await offices.perform(office, "device_list", {}) == []
        with pytest.raises(NotPossible, match="no operation rm"):
            await offices.perform(office, "rm", {})
        with pytest.raises(NotPossible, match="device_add: "):
            await offices.perform(office, "device_add", {"role": "kiosk"})

    within(county, act)
