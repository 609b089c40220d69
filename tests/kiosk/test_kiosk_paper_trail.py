"""What a kiosk remembers of its paper survives the program."""

from pathlib import Path

from hall_client.outbox import Outbox
from kiosk.paper_trail import PaperTrail


def test_a_killed_kiosk_counts_its_papers_on_and_a_new_day_begins_with_one(tmp_path: Path) -> None:
    first = Outbox(tmp_path / "kiosk.db")
    assert [PaperTrail(first).next_serial("2026-11-24") for _ in range(2)] == ["0001", "0002"]
    first.close()
    again = PaperTrail(Outbox(tmp_path / "kiosk.db"))
    assert again.next_serial("2026-11-24") == "0003"
    assert again.next_serial("2026-11-25") == "0001"


def test_a_result_of_an_offline_ticket_is_told_after_a_restart_and_once(tmp_path: Path) -> None:
    first = Outbox(tmp_path / "kiosk.db")
    PaperTrail(first).owe("touch", 0, {"outcome": "confirmed", "how": "process_id"})
    first.close()
    again = PaperTrail(Outbox(tmp_path / "kiosk.db"))
    assert again.settle("another") == []
    assert again.settle("touch") == [(0, {"outcome": "confirmed", "how": "process_id"})]
    assert again.settle("touch") == []
