"""The outbox keeps what was promised over a crash, gives no number twice, and asks until answered."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hall_client.outbox import Outbox

AT = "2026-11-24T10:21:00.000+08:00"
DAY = "2026-11-24"


def stocked(file: Path, *, size: int = 3) -> Outbox:
    outbox = Outbox(file)
    outbox.add_block(block="b1", line="A", day=DAY, tickets=[(f"A{900 + i}", f"/t/{i}") for i in range(size)])
    return outbox


def issue(outbox: Outbox, key: str, line: str = "A") -> str | None:
    ticket = outbox.issue(key=key, line=line, day=DAY, issued_at=AT)
    return ticket.number if ticket else None


def test_numbers_leave_in_order_once_and_then_none_is_left(tmp_path: Path) -> None:
    outbox = stocked(tmp_path / "o.db")
    assert [issue(outbox, f"k{i}") for i in range(4)] == ["A900", "A901", "A902", None]
    assert outbox.left(day=DAY) == {}
    outbox.close()


def test_the_same_touch_gets_its_number_again(tmp_path: Path) -> None:
    outbox = stocked(tmp_path / "o.db")
    assert issue(outbox, "k") == issue(outbox, "k") == "A900"
    assert outbox.left(day=DAY) == {"A": 2}
    outbox.close()


def test_numbers_of_another_day_or_line_are_not_given_out(tmp_path: Path) -> None:
    outbox = stocked(tmp_path / "o.db")
    assert outbox.issue(key="k", line="A", day="2026-11-25", issued_at=AT) is None
    assert issue(outbox, "k", line="B") is None
    outbox.close()


def test_a_block_told_twice_gives_no_number_twice(tmp_path: Path) -> None:
    outbox = stocked(tmp_path / "o.db")
    issue(outbox, "k")
    outbox.add_block(block="b1", line="A", day=DAY, tickets=[(f"A{900 + i}", f"/t/{i}") for i in range(3)])
    assert issue(outbox, "k2") == "A901"
    outbox.close()


def test_a_number_given_out_survives_the_death_of_the_process(tmp_path: Path) -> None:
    file = tmp_path / "o.db"
    stocked(file).close()
    code = (
        "import os, sys; from pathlib import Path; from hall_client.outbox import Outbox\n"
        "o = Outbox(Path(sys.argv[1]))\n"
        f"print(o.issue(key='k', line='A', day='{DAY}', issued_at='{AT}').number, flush=True)\n"
        "os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "A900"
    outbox = Outbox(file)
    assert [t.number for t in outbox.to_merge()] == ["A900"]
    assert issue(outbox, "other") == "A901"
    outbox.close()


def test_merged_tickets_are_not_sent_again_and_their_requests_are_answered(tmp_path: Path) -> None:
    outbox = stocked(tmp_path / "o.db")
    outbox.keep(key="k", method="POST", path="/tickets", body={"line": "A"}, made_at=AT)
    issue(outbox, "k")
    outbox.merged([("k", "t77")])
    assert outbox.to_merge() == []
    assert outbox.unanswered() == []
    own = outbox.own_ticket("k")
    assert own is not None
    assert own.merged_id == "t77"
    outbox.close()


def test_requests_stay_until_answered(tmp_path: Path) -> None:
    file = tmp_path / "o.db"
    outbox = Outbox(file)
    outbox.keep(key="k", method="POST", path="/x", body={"a": "字"}, made_at=AT)
    outbox.keep(key="k", method="POST", path="/other", body={}, made_at=AT)
    outbox.close()
    outbox = Outbox(file)
    (kept,) = outbox.unanswered()
    assert (kept.path, kept.body) == ("/x", {"a": "字"})
    outbox.answered("k")
    assert outbox.unanswered() == []
    outbox.close()


def test_old_days_are_forgotten_but_never_an_unmerged_ticket(tmp_path: Path) -> None:
    outbox = stocked(tmp_path / "o.db")
    issue(outbox, "k1")
    issue(outbox, "k2")
    outbox.merged([("k1", "t1")])
    outbox.forget_days_before("2026-11-25")
    assert outbox.left(day=DAY) == {}
    assert [t.key for t in outbox.to_merge()] == ["k2"]
    assert outbox.own_ticket("k1") is None
    outbox.close()


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    Outbox(tmp_path / "o.db").close()
    assert stat.S_IMODE((tmp_path / "o.db").stat().st_mode) == 0o600
