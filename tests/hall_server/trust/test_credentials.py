"""Credentials are found by their hash, survive a restart, and stand nowhere in the file."""

import os
from pathlib import Path

import pytest

from hall_server.trust.credentials import Credentials


def test_a_token_is_recognised_after_a_restart_and_not_written_down(tmp_path: Path) -> None:
    token = Credentials(tmp_path).add_device("d1")
    assert len(token) >= 43
    book = Credentials(tmp_path)
    assert book.device_of(token) == "d1"
    assert book.device_of(token + "x") is None
    assert book.device_of("\udcff") is None
    content = (tmp_path / "credentials.json").read_bytes()
    assert token.encode() not in content
    if os.name == "posix":
        assert (tmp_path / "credentials.json").stat().st_mode & 0o777 == 0o600


def test_a_new_token_replaces_the_old_and_a_forgotten_one_is_dead(tmp_path: Path) -> None:
    book = Credentials(tmp_path)
    first, second = book.add_device("d1"), book.add_device("d1")
    other = book.add_device("d2")
    assert (book.device_of(first), book.device_of(second)) == (None, "d1")
    book.forget_device("d1")
    book = Credentials(tmp_path)
    assert (book.device_of(second), book.device_of(other)) == (None, "d2")


def test_hashes_of_people_are_kept(tmp_path: Path) -> None:
    book = Credentials(tmp_path)
    book.set_pin_hash("0312", "h1")
    book.set_password_hash("李", "h2")
    book = Credentials(tmp_path)
    assert (book.pin_hash("0312"), book.password_hash("李")) == ("h1", "h2")
    assert (book.pin_hash("9"), book.password_hash("9")) == (None, None)


def test_a_failed_write_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = Credentials(tmp_path)
    token = book.add_device("d1")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        book.forget_device("d1")
    assert book.device_of(token) == "d1"
    monkeypatch.undo()
    assert Credentials(tmp_path).device_of(token) == "d1"
    assert [p.name for p in tmp_path.iterdir()] == ["credentials.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"devices": 3}', b'{"who": {}}'])
def test_a_damaged_book_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "credentials.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"credentials\.json is damaged"):
        Credentials(tmp_path)
