"""Pairing with a real server over TLS: code, fingerprint, token and CA on disk, and then only that CA is trusted."""

from __future__ import annotations

import hashlib
import os
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QCoreApplication

from hall_client.finder import FoundHall
from hall_client.link import Link
from hall_client.options import Failure
from hall_client.pairing import Pairing, fingerprint, grouped, grouped_code, read_ca, write_secret

ROOT = Path(__file__).resolve().parents[2]
SERVER = [sys.executable, "-c", "import sys; from hall_server.cli import main; sys.exit(main())"]
PASSWORD = "a-password-for-one-test-" + uuid4().hex


def run(*command: str, stdin: str | None = None) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([*SERVER, *command], input=stdin, text=True, check=True, capture_output=True, env=environment)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A hall over TLS with one manager; its address."""
    import socket

    data = tmp_path_factory.mktemp("pairing") / "hall"
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    run("init", "--data", str(data), "--sample", "county")
    run("account", "add", "--data", str(data), "--name", "boss", "--role", "manager")
    run("account", "set-password", "--data", str(data), "--name", "boss", stdin=PASSWORD + "\n")
    command = [*SERVER, "run", "--data", str(data), "--listen", f"127.0.0.1:{port}", "--no-announce"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    assert child.stdout is not None
    assert "ready" in child.stdout.readline()
    yield f"https://127.0.0.1:{port}"
    child.terminate()
    child.wait(10)
    child.stdout.close()


def ask(qtbot: Any, link: Link, method: str, path: str, body: Any, **more: Any) -> tuple[int | None, Any]:
    """One request, waited for."""
    answers: list[tuple[int | None, Any]] = []
    link.request(method, path, body, key=uuid4().hex, done=lambda s, a: answers.append((s, a)), **more)
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    return answers[0]


def test_a_device_gets_its_token_after_a_manager_confirmed_the_code(hall: str, tmp_path: Path, qtbot: Any) -> None:
    token_file, ca_file = tmp_path / "k" / "token", tmp_path / "k" / "ca.pem"
    shown_fp = fingerprint(read_ca(hall) or b"")
    found = FoundHall(hall="county", name="x", server=hall, fp=shown_fp)
    pairing = Pairing(found, role="kiosk", token_file=token_file, ca_file=ca_file)
    pairing.start()
    qtbot.waitUntil(lambda: pairing.state == "code", timeout=8000)
    assert pairing.fp == shown_fp
    left = pairing.seconds_left(pairing.now())
    assert left is not None
    assert 500 < left <= 600
    (tmp_path / "ca.pem").write_bytes(read_ca(hall) or b"")
    manager = Link(hall, ca_file=tmp_path / "ca.pem")
    status, session = ask(qtbot, manager, "POST", "/accounts/sessions", {"name": "boss", "password": PASSWORD})
    assert status == 201
    body = {"code": pairing.code, "name": "K9"}
    assert ask(qtbot, manager, "POST", "/pairings/confirm", body, token=session["token"])[0] == 204
    with qtbot.waitSignal(pairing.paired, timeout=8000):
        pass
    pairing.stop()
    for file in (token_file, ca_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600 or os.name == "nt"
    link = Link(hall, token=token_file.read_text().strip(), ca_file=ca_file, picture="kiosk:")
    link.start()
    qtbot.waitUntil(lambda: link.picture is not None, timeout=5000)
    assert (link.picture or {})["name"] == "K9"
    link.stop()
    manager.stop()


def test_a_hall_whose_certificate_is_not_the_announced_one_is_refused(hall: str, tmp_path: Path, qtbot: Any) -> None:
    found = FoundHall(hall="x", name="x", server=hall, fp="0" * 64)
    pairing = Pairing(found, role="kiosk", token_file=tmp_path / "token", ca_file=tmp_path / "ca.pem")
    pairing.start()
    qtbot.waitUntil(lambda: pairing.state == "mismatch", timeout=8000)
    pairing.stop()
    assert not (tmp_path / "token").exists()


def test_another_ca_is_never_trusted(hall: str, tmp_path: Path, qtbot: Any) -> None:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "another hall")])
    begun = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), begun, begun + timedelta(9)
    )
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "ca.pem").write_bytes(pem)
    link = Link(hall, ca_file=tmp_path / "ca.pem", picture="wall:main")
    assert ask(qtbot, link, "GET", "/clock", None)[0] is None
    link.start()
    qtbot.wait(800)
    assert link.picture is None
    assert not link.online
    link.stop()


def test_a_certificate_file_without_a_certificate_is_one_plain_line(tmp_path: Path, qtbot: Any) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(Failure, match="holds no certificate"):
        Link("https://127.0.0.1:1", ca_file=tmp_path / "ca.pem")
    assert QCoreApplication.instance() is not None


def test_a_fingerprint_is_that_of_the_certificate() -> None:
    der = b"anything"
    pem = ssl.DER_cert_to_PEM_cert(der).encode()
    assert fingerprint(pem) == hashlib.sha256(der).hexdigest()
    with pytest.raises(ValueError, match="no certificate"):
        fingerprint(b"nothing")


def test_what_people_compare_comes_in_groups() -> None:
    assert grouped("0123456789abcdef" + "0" * 48) == "0123 4567 89AB CDEF"
    assert grouped_code("K7Q4MDX") == "K7Q-4MDX"
    assert grouped_code("K7Q-4MD") == "K7Q-4MD"


def test_a_secret_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write_secret(tmp_path / "a" / "token", b"one")
    write_secret(tmp_path / "a" / "token", b"two")
    assert (tmp_path / "a" / "token").read_bytes() == b"two"
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["token"]
