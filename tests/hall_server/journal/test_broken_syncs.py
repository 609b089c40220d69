"""A disk whose syncs fail now and then (reliability.md R4, recipe 3.4): the hall goes on, and nothing false is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from journal_material import Disk, answer, commit, failing_disk, new_row

from hall_server.journal.store import Journal, StorageFailed
from hall_server.journal.verify import verify


@pytest.fixture
def disk(request: pytest.FixtureRequest) -> Iterator[Disk]:
    with failing_disk(f"disk-{request.node.name}") as made:
        yield made


@pytest.mark.parametrize("nth", [3, 4, 7])
def test_rows_go_on_being_taken_when_every_nth_sync_fails(tmp_path: Path, disk: Disk, nth: int) -> None:
    journal = Journal.create(tmp_path / "journal.db", vfs=disk.name)
    disk.every_sync_fails = nth
    acknowledged = []
    for n in range(60):
        if commit(journal, [new_row(n)], [answer(f"k{n}")]) is None:
            acknowledged.append(new_row(n).data)
        else:
            try:
                journal.recover()
            except StorageFailed:
                continue
    disk.every_sync_fails = 0
    journal.recover()
    assert len(acknowledged) >= 30
    assert [row.data for row in journal.read(0, 100)] == acknowledged
    journal.close()
    assert verify(tmp_path / "journal.db").events == len(acknowledged)


def test_one_failed_sync_is_noticed_by_nobody_who_asked(tmp_path: Path, disk: Disk) -> None:
    journal = Journal.create(tmp_path / "journal.db", vfs=disk.name)
    assert commit(journal, [new_row(1)]) is None
    disk.every_sync_fails = disk.syncs + 1
    assert commit(journal, [new_row(2)], [answer("k")]) is None
    assert journal.failure is None
    assert [row.data for row in journal.read(0, 10)] == [new_row(1).data, new_row(2).data]
    assert journal.find_answer("K1 POST /tickets", "k") is not None
    journal.close()
    assert verify(tmp_path / "journal.db").events == 2


def test_forgotten_answers_leave_nothing_legible_in_the_file(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "journal.db")
    for n in range(200):
        assert commit(journal, [new_row(n)], [answer(f"CANARY-{n:04}")]) is None
    journal.close()
    assert b"CANARY-0100" in (tmp_path / "journal.db").read_bytes()
    journal = Journal.open(tmp_path / "journal.db")
    assert journal.forget_answers("2999-01-01") == 200
    journal.close()
    assert b"CANARY" not in (tmp_path / "journal.db").read_bytes()
