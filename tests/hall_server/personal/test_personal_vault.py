"""Personal data is sealed, looked at on the record, and gone after the purge (reliability.md S12, domain.md 9)."""

import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from hall_server.journal.backup import backup, forget_day_keys
from hall_server.journal.rows import Batch, NewRow
from hall_server.journal.store import Journal
from hall_server.personal.masking import masked_id_number, masked_name, masked_phone
from hall_server.personal.vault import Look, Same, Vault, VaultUnreadable, Visitor, last_four

NAME, PHONE, NUMBER = "𠮷𡈽金丝雀", "13800138CANARY", "51160219CANARY123X"
CANARIES = [NAME.encode(), b"CANARY", b"123X", "金丝雀".encode(), NAME.encode("utf-16-le")]
VISITOR = Visitor(name=NAME, phone=PHONE, id_number=NUMBER, text="金丝雀 said CANARY")


@pytest.fixture
def looks() -> list[Look]:
    return []


@pytest.fixture
def vault(tmp_path: Path, looks: list[Look]) -> Iterator[Vault]:
    made = Vault(tmp_path, on_look=looks.append)
    yield made
    made.close()


def found_in(folder: Path) -> list[tuple[str, bytes]]:
    """Every file below the folder that holds a canary, names of files included."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [(path.name, canary) for path in files for canary in CANARIES if canary in path.read_bytes()] + [
        (path.name, canary) for path in files for canary in CANARIES if canary in path.name.encode()
    ]


def test_what_was_left_comes_back_and_the_look_is_recorded_first(vault: Vault, looks: list[Look]) -> None:
    vault.put("T1", VISITOR, day="2026-11-02")
    vault.put("T2", Visitor(phone="0818-1234567"), day="2026-11-02")
    assert looks == []
    assert vault.get("T1", who="clerk:0312", why="counter_screen") == VISITOR
    assert vault.get("T2", who="clerk:0312", why="counter_screen") == Visitor(phone="0818-1234567")
    assert vault.get("T3", who="clerk:0312", why="counter_screen") is None
    assert looks == [
        Look("T1", "clerk:0312", "counter_screen", ("name", "phone", "id_number", "text")),
        Look("T2", "clerk:0312", "counter_screen", ("phone",)),
    ]


def test_many_are_put_at_once_each_under_its_own_day(vault: Vault, looks: list[Look]) -> None:
    """Nothing to keep is nothing written; a reference that was there is replaced."""
    vault.put("T1", Visitor(text="before"), day="2026-11-02")
    vault.put_all(
        [("T1", VISITOR, "2026-11-02"), ("T2", Visitor(phone=PHONE), "2026-11-03"), ("T3", Visitor(), "2026-11-04")]
    )
    assert vault.days == ["2026-11-02", "2026-11-03"]
    assert vault.get("T1", who="console", why="test") == VISITOR
    assert [same.ref for same in vault.find_same(PHONE, day="2026-11-03")] == ["T2"]
    vault.purge("2026-11-03")
    assert vault.get("T1", who="console", why="test") is None


def test_nothing_is_shown_when_the_look_cannot_be_recorded(tmp_path: Path) -> None:
    def refuses(_look: Look) -> None:
        raise OSError("the log is full")

    vault = Vault(tmp_path, on_look=refuses)
    vault.put("T1", VISITOR, day="2026-11-02")
    with pytest.raises(OSError, match="full"):
        vault.get("T1", who="clerk:1", why="counter_screen")
    vault.close()


def test_it_survives_a_restart_and_a_second_put_replaces(tmp_path: Path, vault: Vault, looks: list[Look]) -> None:
    vault.put("T1", VISITOR, day="2026-11-02")
    vault.put("T1", Visitor(name="李四"), day="2026-11-02")
    again = Vault(tmp_path, on_look=looks.append)
    assert again.get("T1", who="w", why="y") == Visitor(name="李四")
    again.forget("T1")
    assert vault.get("T1", who="w", why="y") is None
    again.close()


def test_nothing_readable_is_ever_on_the_disk(tmp_path: Path, vault: Vault) -> None:
    vault.put("T1", VISITOR, day="2026-11-02")
    vault.get("T1", who="w", why="y")
    vault.find_same(NUMBER, day="2026-11-02")
    assert found_in(tmp_path) == []
    assert "CANARY" not in repr(VISITOR) + str(VISITOR) + f"{VISITOR}"
    modes = {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_dir()} == {0o700}


def test_the_search_for_canaries_finds_them(tmp_path: Path) -> None:
    (tmp_path / "leak.log").write_text(f"{NAME} {NUMBER}", "utf-8")
    assert len(found_in(tmp_path)) >= 3


def test_the_same_person_is_found_by_number_on_that_day_only(vault: Vault) -> None:
    vault.put("T1", VISITOR, day="2026-11-02")
    vault.put("T2", Visitor(name="别人", id_number="51160219CANARY1234"), day="2026-11-02")
    vault.put("T3", Visitor(id_number=" 51160219canary 123x"), day="2026-11-02")
    vault.put("T4", VISITOR, day="2026-11-03")
    vault.put("T5", Visitor(name=NAME), day="2026-11-02")
    assert vault.find_same(NUMBER, day="2026-11-02") == [Same("T1", "123X"), Same("T3", "123X")]
    assert vault.find_same(NUMBER, day="2026-11-01") == []
    assert vault.find_same("000", day="2026-11-02") == []
    assert vault.find_same("", day="2026-11-02") == []


def test_the_hash_differs_from_day_to_day(tmp_path: Path, vault: Vault) -> None:
    vault.put("T1", VISITOR, day="2026-11-02")
    vault.put("T2", VISITOR, day="2026-11-03")
    db = apsw.Connection(str(tmp_path / "personal.db"))
    assert len({mark for (mark,) in db.execute("SELECT mark FROM personal")}) == 2
    db.close()


def test_a_row_that_was_changed_or_moved_is_not_believed(tmp_path: Path, vault: Vault, looks: list[Look]) -> None:
    vault.put("T1", VISITOR, day="2026-11-02")
    vault.put("T2", Visitor(name="李四"), day="2026-11-02")
    db = apsw.Connection(str(tmp_path / "personal.db"))
    db.execute("UPDATE personal SET sealed = (SELECT sealed FROM personal WHERE ref = 'T2') WHERE ref = 'T1'")
    db.close()
    with pytest.raises(VaultUnreadable) as caught:
        vault.get("T1", who="w", why="y")
    assert "李四" not in str(caught.value)
    assert looks == []


def test_after_the_purge_nothing_is_left_anywhere(tmp_path: Path, looks: list[Look]) -> None:
    """Rows, free pages, write-ahead log, keys, and the backup that was made before."""
    journal = Journal.create(tmp_path / "journal.db")
    row = NewRow(at="2026-11-02T09:00:00.000+08:00", type="ticket_issued", data=b'{"ticket":"T1"}', actor="device:K1")
    stored = threading.Event()
    journal.submit(Batch(rows=[row], answers=[]), lambda _batch, _error: stored.set())
    assert stored.wait(20)
    vault = Vault(tmp_path, on_look=looks.append)
    for n in range(300):
        vault.put(f"old-{n}", VISITOR, day="2026-11-01" if n % 2 else "2026-10-31")
    vault.put("new", Visitor(name="李四"), day="2026-11-02")
    (tmp_path / "backups").mkdir(mode=0o700)
    copy = tmp_path / "backups" / "hall.tar"
    backup(tmp_path, copy, at="2026-11-02T19:00:00.000+08:00")
    old_keys = [path.read_bytes() for path in (tmp_path / "keys" / "days").iterdir() if path.name < "2026-11-02"]
    sealed = {bytes(row[0]) for row in vault._db.execute("SELECT sealed FROM personal WHERE day < '2026-11-02'")}
    assert len(old_keys) == 2
    assert len(sealed) == 300

    assert vault.purge("2026-11-02") == 300
    assert forget_day_keys(copy, "2026-11-02") == 2

    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert not any(key in content for key in old_keys), f"{path.name} still holds a key"
        if path != copy:
            assert not any(row in content for row in sealed), f"{path.name} still holds sealed rows"
    assert found_in(tmp_path) == []
    assert vault.get("old-1", who="w", why="y") is None
    assert vault.find_same(NUMBER, day="2026-11-01") == []
    assert vault.get("new", who="w", why="y") == Visitor(name="李四")
    assert vault.purge("2026-11-02") == 0
    vault.close()
    journal.close()


def test_a_hall_restored_without_the_old_keys_has_no_old_persons(
    tmp_path: Path, vault: Vault, looks: list[Look]
) -> None:
    vault.put("T1", VISITOR, day="2026-11-02")
    vault.close()
    (tmp_path / "keys" / "days" / "2026-11-02.key").unlink()
    again = Vault(tmp_path, on_look=looks.append)
    assert again.get("T1", who="w", why="y") is None
    assert looks == []
    again.close()


def test_many_threads_may_use_it(vault: Vault) -> None:
    def work(n: int) -> None:
        for k in range(20):
            vault.put(f"T{n}-{k}", Visitor(name=f"甲{n}-{k}"), day=f"2026-11-{n + 1:02d}")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert vault.get("T5-19", who="w", why="y") == Visitor(name="甲5-19")


@pytest.mark.parametrize("day", ["", "2026-11-2", "../../x", "2026-11-02/../x"])
def test_a_day_is_a_day(vault: Vault, day: str) -> None:
    with pytest.raises(ValueError, match="not a hall-day"):
        vault.put("T1", VISITOR, day=day)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三丰", "张*"), ("欧阳修", "欧*"), ("李", "李*"), ("𠮷田", "𠮷*"), (" 王五 ", "王*"), ("", ""),
     ("通川区好味道餐饮有限公司", "通川区好味道餐饮有限公司")],
)  # fmt: skip
def test_names_are_masked(name: str, shown: str) -> None:
    assert masked_name(name) == shown


def test_companies_numbers_and_phones_are_masked() -> None:
    assert masked_name("某某公司", companies_in_full=False) == "某*"
    assert masked_phone("138 0013 8000") == "138****8000"
    assert masked_phone("12345") == "***45"
    assert masked_id_number("511602199001011234") == "5****************4"
    assert masked_id_number("511602199001011234", first=3, last=4) == "511***********1234"
    assert masked_id_number("123") == "***"


def test_a_number_may_leave_its_mark_alone(vault: Vault, tmp_path: Path) -> None:
    """The duplicate check keeps a keyed hash and the last four characters (domain.md 9)."""
    vault.put("claim", Visitor(id_last_four=last_four(NUMBER)), day="2026-11-02", marked_by=NUMBER)
    assert vault.find_same(NUMBER.lower(), day="2026-11-02") == [Same("claim", "123X")]
    vault.put("T1", Visitor(id_last_four="123X"), day="2026-11-02", marked_by=NUMBER, instead_of="claim")
    assert vault.find_same(NUMBER, day="2026-11-02") == [Same("T1", "123X")]
    assert vault.get("claim", who="test", why="test") is None
    assert vault.get("T1", who="test", why="test") == Visitor(id_last_four="123X")
    assert vault.days == ["2026-11-02"]
    assert found_in(tmp_path) == []
    assert (last_four(" 12 34 "), last_four("12345")) == ("", "2345")
