"""Sealed tokens are ours alone, always the same, and tell nothing."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_server.trust.tokens import Seals, load_secret, make_secret, same_secret

SEALS = Seals(bytes(range(64)))
OTHER = Seals(bytes(64))


@given(st.text(min_size=1, max_size=80), st.sampled_from(["ticket", "session"]))
def test_a_token_gives_its_text_back_and_is_the_same_each_time(text: str, kind: str) -> None:
    token = SEALS.seal(kind, text)
    assert SEALS.unseal(kind, token) == text
    assert SEALS.seal(kind, text) == token
    assert len(token) >= 22
    assert token.replace("-", "").replace("_", "").isalnum()


def test_a_token_of_another_kind_or_another_hall_is_nobodys() -> None:
    token = SEALS.seal("ticket", "t-1")
    assert SEALS.unseal("session", token) is None
    assert OTHER.unseal("ticket", token) is None


def test_every_changed_character_is_noticed() -> None:
    token = SEALS.seal("ticket", "t-1042")
    for at, old in enumerate(token):
        changed = token[:at] + ("A" if old != "A" else "B") + token[at + 1 :]
        assert SEALS.unseal("ticket", changed) is None


@pytest.mark.parametrize("token", ["", "=", "A", "AAAA", "é" * 30, "A" * 5000, "not a token", "\x00", "====" * 8])
def test_rubbish_is_nobodys(token: str) -> None:
    assert SEALS.unseal("ticket", token) is None


def test_the_token_does_not_contain_the_id() -> None:
    assert "1042" not in SEALS.seal("ticket", "1042")


def test_derived_secrets_differ_by_kind_text_and_hall() -> None:
    derived = {
        SEALS.derive("rating", "1"),
        SEALS.derive("rating", "2"),
        SEALS.derive("check", "1"),
        SEALS.derive("rating1", ""),
        OTHER.derive("rating", "1"),
    }
    assert len(derived) == 5
    assert all(len(d) >= 22 for d in derived)
    assert SEALS.derive("rating", "1") == SEALS.derive("rating", "1")


def test_fingerprints_are_keyed() -> None:
    assert SEALS.fingerprint(b"{}") == SEALS.fingerprint(b"{}")
    assert len({SEALS.fingerprint(b"{}"), SEALS.fingerprint(b"[]"), OTHER.fingerprint(b"{}")}) == 3
    assert len(SEALS.fingerprint(b"")) == 16


def test_the_secret_outlives_a_restart_and_is_private(tmp_path: Path) -> None:
    made = make_secret(tmp_path)
    loaded = load_secret(tmp_path)
    assert loaded.unseal("ticket", made.seal("ticket", "x")) == "x"
    if os.name == "posix":
        assert (tmp_path / "hall.key").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["hall.key"]
    with pytest.raises(FileExistsError):
        make_secret(tmp_path)


def test_a_damaged_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hall.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="5 bytes"):
        load_secret(tmp_path)


def test_comparing_secrets_takes_any_text() -> None:
    assert same_secret("é", "é")
    assert not same_secret("a", "b")
