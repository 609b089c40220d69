"""Every way of tampering is found at its row; anchors find what the chain alone cannot (reliability.md S11, I8)."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journal_material import commit, filled, new_row

from hall_server.journal import anchor as anchors
from hall_server.journal import chain
from hall_server.journal.anchor import AnchorInvalid
from hall_server.journal.rows import Row
from hall_server.journal.store import Journal, JournalMissing
from hall_server.journal.verify import verify

UNLOCK = "DROP TRIGGER events_only_appended; DROP TRIGGER events_never_updated; DROP TRIGGER events_never_deleted;"


def tamper(path: Path, sql: str, *, restore_rules: bool = True) -> None:
    """Change the closed journal the way its owner could: take the triggers off, change, put them back."""
    db = apsw.Connection(str(path))
    rules = [text for (text,) in db.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()]
    db.execute(UNLOCK + sql)
    for rule in rules if restore_rules else []:
        db.execute(rule)
    db.close()


def rechain(path: Path, first: int) -> None:
    """Recompute every hash from a row on, as somebody who knows the program can."""
    db = apsw.Connection(str(path))
    db.execute(UNLOCK)
    (previous,) = db.execute("SELECT hash FROM events WHERE seq = ?", (first - 1,)).fetchone() or (chain.GENESIS,)
    rows = db.execute("SELECT seq, at, type, data, actor FROM events WHERE seq >= ? ORDER BY seq", (first,)).fetchall()
    for seq, at, kind, data, actor in rows:
        texts = {"at": at.encode(), "type": kind.encode(), "data": data.encode(), "actor": actor.encode()}
        previous = chain.link(previous, seq=seq, **texts)
        db.execute("UPDATE events SET hash = ? WHERE seq = ?", (previous, seq))
    db.close()


def test_a_whole_journal_verifies_beside_its_writer(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "journal.db")
    for n in range(20):
        commit(journal, [new_row(n)] * 150)
    checked = verify(tmp_path / "journal.db")
    assert checked.line == f"ok 3000 events head {journal.head_hash}"
    assert commit(journal, [new_row(1)]) is None
    journal.close()


def test_an_empty_journal_verifies(tmp_path: Path) -> None:
    assert verify(filled(tmp_path / "journal.db", 0)).line == f"ok 0 events head {chain.GENESIS.hex()}"
    with pytest.raises(JournalMissing):
        verify(tmp_path / "elsewhere.db")


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        ("UPDATE events SET data = replace(data, 'A007', 'A001') WHERE seq = 7", 7),
        ("UPDATE events SET data = data || ' ' WHERE seq = 7", 7),
        ("UPDATE events SET at = replace(at, '09:00', '08:59') WHERE seq = 1", 1),
        ("UPDATE events SET type = 'ticket_called' WHERE seq = 20", 20),
        ("UPDATE events SET actor = 'clerk:1' WHERE seq = 8", 8),
        ("UPDATE events SET hash = zeroblob(32) WHERE seq = 9", 9),
        ("UPDATE events SET hash = x'' WHERE seq = 9", 9),
        ("DELETE FROM events WHERE seq = 1", 1),
        ("DELETE FROM events WHERE seq = 12", 12),
        ("DELETE FROM events WHERE seq BETWEEN 5 AND 19", 5),
        (("UPDATE events SET seq = 99 WHERE seq = 6; UPDATE events SET seq = 6 WHERE seq = 7;"
         "UPDATE events SET seq = 7 WHERE seq = 99"), 6),
        ("INSERT INTO events SELECT 21, at, type, data, actor, hash FROM events WHERE seq = 20", 21),
        ("INSERT INTO events SELECT 0, at, type, data, actor, hash FROM events WHERE seq = 1", 0),
        ("INSERT INTO events SELECT -5, at, type, data, actor, hash FROM events WHERE seq = 1", -5),
        ("INSERT INTO events SELECT 900, at, type, data, actor, hash FROM events WHERE seq = 1", 21),
        (("UPDATE events SET seq = -seq WHERE seq > 9; UPDATE events SET seq = 1 - seq WHERE seq < 0;"
         "INSERT INTO events SELECT 10, at, type, data, actor, hash FROM events WHERE seq = 9"), 10),
        ("UPDATE events SET type = substr(type, 1, 12), data = 'd' || data WHERE seq = 4", 4),
    ],
)  # fmt: skip
def test_tampering_is_found_at_its_row(tmp_path: Path, sql: str, seq: int) -> None:
    path = filled(tmp_path / "journal.db", 20)
    assert verify(path).ok
    tamper(path, sql)
    checked = verify(path)
    assert checked.broken_at == seq, checked.line
    assert checked.line.startswith(f"broken at seq {seq}: ")


def test_an_edit_with_its_own_hash_mended_breaks_the_next_row(tmp_path: Path) -> None:
    path = filled(tmp_path / "journal.db", 20)
    rows = apsw.Connection(str(path)).execute("SELECT hash FROM events WHERE seq IN (4, 5)").fetchall()
    mended = chain.link(rows[0][0], seq=5, at=b"x", type=b"x", data=b"{}", actor=b"x").hex()
    tamper(path, f"UPDATE events SET at='x', type='x', data='{{}}', actor='x', hash = unhex('{mended}') WHERE seq = 5")
    assert verify(path).broken_at == 6


def test_taking_the_rules_out_of_the_file_is_found(tmp_path: Path) -> None:
    path = filled(tmp_path / "journal.db", 3)
    tamper(path, "", restore_rules=False)
    assert verify(path).line.startswith("broken at seq 0: the rules")


def test_an_anchor_finds_truncation_and_a_recomputed_chain(tmp_path: Path) -> None:
    path = filled(tmp_path / "journal.db", 20)
    head = verify(path).head
    note = anchors.write(
        tmp_path / "anchor.json",
        keys=tmp_path / "keys",
        hall="h1",
        seq=20,
        head=head,
        at="2026-11-02T18:00:00.000+08:00",
    )
    assert verify(path, note).ok
    journal = Journal.open(path)
    commit(journal, [new_row(21)])
    journal.close()
    assert verify(path, note).ok, "rows after the anchor are none of its business"

    tamper(path, "UPDATE events SET actor = 'nobody' WHERE seq = 15")
    rechain(path, 15)
    assert verify(path, note).broken_at == 20
    tamper_to = "DELETE FROM events WHERE seq > 12"
    db = apsw.Connection(str(path))
    db.execute(tamper_to)
    db.close()
    checked = verify(path, note)
    assert (checked.broken_at, checked.events) == (13, 12)


def test_an_anchor_is_believed_only_with_its_signature(tmp_path: Path) -> None:
    file, keys = tmp_path / "anchor.json", tmp_path / "keys"
    made = anchors.write(file, keys=keys, hall="h1", seq=5, head="ab" * 32, at="2026-11-02T18:00:00.000+08:00")
    public = anchors.public_key(keys)
    assert anchors.read(file, public_key=public) == made
    assert (keys / "anchor.key").stat().st_mode & 0o777 == 0o600
    assert anchors.write(file, keys=keys, hall="h1", seq=5, head="ab" * 32, at=made.at).public_key == public
    with pytest.raises(AnchorInvalid, match="another key"):
        anchors.read(file, public_key="00" * 32)
    whole = file.read_text()
    for old, new in (('"seq": 5', '"seq": 4'), ("abab", "abac"), ('"h1"', '"h2"'), ("18:00", "18:01")):
        file.write_text(whole.replace(old, new, 1))
        with pytest.raises(AnchorInvalid):
            anchors.read(file)
    for nonsense in ("", "{}", whole[:-40], whole.replace(made.signature, "zz")):
        file.write_text(nonsense)
        with pytest.raises(AnchorInvalid):
            anchors.read(file)


def test_the_replay_is_asked_whether_the_rows_give_the_stored_state(tmp_path: Path) -> None:
    path = filled(tmp_path / "journal.db", 5)

    def agrees(rows: Iterator[Row]) -> None:
        assert [row.seq for row in rows] == [1, 2, 3, 4, 5]

    def differs(rows: Iterator[Row]) -> tuple[int, str]:
        return next(rows).seq + 2, "the snapshot says otherwise"

    assert verify(path, replay=agrees).ok
    assert verify(path, replay=differs).line == "broken at seq 3: the snapshot says otherwise"
    tamper(path, "DELETE FROM events WHERE seq = 4")
    assert verify(path, replay=differs).broken_at == 4, "a broken chain is told before a difference"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed journal of 300 rows."""
    return filled(tmp_path_factory.mktemp("sealed") / "journal.db", 300)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(min_value=0, max_value=1, exclude_max=True), bit=st.integers(min_value=0, max_value=7))
def test_no_flipped_bit_changes_a_row_unseen(sealed: Path, place: float, bit: int) -> None:
    """Either the flip hit nothing of the rows (free space, other tables) and they are all as before, or it is found."""
    damaged = bytearray(sealed.read_bytes())
    at = int(place * len(damaged))
    damaged[at] ^= 1 << bit
    copy = sealed.with_name(f"flipped-{at}-{bit}.db")
    copy.write_bytes(damaged)
    try:
        checked = verify(copy)
        assert not checked.ok or (checked.events, rows_digest(copy)) == (300, rows_digest(sealed))
    finally:
        for file in sealed.parent.glob(f"{copy.name}*"):
            file.unlink()


def rows_digest(path: Path) -> str:
    db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    rows = db.execute("SELECT seq, at, type, data, actor, hash FROM events ORDER BY seq").fetchall()
    db.close()
    return hashlib.sha256(repr(rows).encode()).hexdigest()
