"""Once a day the hall forgets persons and answers, in its backups too (reliability.md S12)."""

import threading
from pathlib import Path

import pytest

from hall_server.journal.backup import backup, restore
from hall_server.journal.rows import Answer, Batch, NewRow
from hall_server.journal.store import Journal
from hall_server.personal.vault import Vault, Visitor
from hall_server.retention import Forgotten, forget_old


def test_old_persons_and_answers_go_and_new_ones_stay(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = tmp_path / "hall"
    data.mkdir()
    journal = Journal.create(data / "journal.db")
    vault = Vault(data, on_look=lambda _look: None)
    days = ["2026-10-01", "2026-10-02", "2026-10-30", "2026-10-31", "2026-11-01"]
    stored = threading.Event()
    journal.submit(
        Batch(
            rows=[
                NewRow(at=f"{day}T09:00:00.000+08:00", type="ticket_issued", data=b"{}", actor="hall") for day in days
            ],
            answers=[Answer("K1", f"key-{day}", b"f", 201, b"{}", day) for day in days],
        ),
        lambda _batch, _error: stored.set(),
    )
    assert stored.wait(20)
    for day in days:
        vault.put(f"T-{day}", Visitor(name="金丝雀"), day=day)
    (data / "backups").mkdir()
    backup(data, data / "backups" / "hall.tar", at="2026-11-01T20:00:00.000+08:00")
    (data / "backups" / "notes.txt").write_text("not a backup")

    def forget() -> Forgotten:
        return forget_old(data=data, journal=journal, vault=vault, today="2026-11-01", personal_days=30)

    assert forget() == Forgotten(persons=1, answers=3, keys_in_backups=1)
    assert forget() == Forgotten(persons=0, answers=0, keys_in_backups=0)
    assert [vault.get(f"T-{day}", who="w", why="y") is None for day in days] == [True, False, False, False, False]
    assert [journal.find_answer("K1", f"key-{day}") is None for day in days] == [True, True, True, False, False]
    assert "notes.txt" in caplog.text

    restore(data / "backups" / "hall.tar", tmp_path / "again")
    old = Vault(tmp_path / "again", on_look=lambda _look: None)
    assert old.get("T-2026-10-01", who="w", why="y") is None
    assert old.get("T-2026-10-02", who="w", why="y") == Visitor(name="金丝雀")
    for each in (vault, old, journal):
        each.close()


def test_whose_case_is_not_over_outlives_the_day_it_came_in(tmp_path: Path) -> None:
    """Section 9: cases by the hall's rule: kept as long as the case is, under a younger key, then gone."""
    data = tmp_path / "hall"
    data.mkdir()
    journal, vault = Journal.create(data / "journal.db"), Vault(data, on_look=lambda _look: None)
    open_ones = {"20261001-0001"}
    for ref in ("case:20261001-0001", "case:20261001-0001/pause", "case:20261001-0002", "20261001-A001"):
        vault.put(ref, Visitor(name="金丝雀"), day="2026-10-01")

    def keep(ref: str) -> bool:
        return ref.removeprefix("case:").partition("/")[0] in open_ones

    def left(today: str) -> list[str]:
        forget_old(data=data, journal=journal, vault=vault, today=today, personal_days=30, keep=keep)
        refs = ("case:20261001-0001", "case:20261001-0001/pause", "case:20261001-0002", "20261001-A001")
        return [ref for ref in refs if vault.get(ref, who="w", why="y") is not None]

    assert left("2026-11-01") == ["case:20261001-0001", "case:20261001-0001/pause"]
    assert not (data / "keys" / "days" / "2026-10-01.key").exists()
    assert left("2026-12-20") == ["case:20261001-0001", "case:20261001-0001/pause"]
    open_ones.clear()
    assert left("2027-02-01") == []
    for each in (vault, journal):
        each.close()
