"""A client that pins the hall's CA talks to this hall and to no other."""

import os
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from hall_server.trust.certificates import (
    ServerCertificate,
    authority_fingerprint,
    make_authority,
    server_certificate,
)

NOW = datetime.now(UTC)


def hall(keys: Path, names: tuple[str, ...] = ("hall-1.local", "192.168.7.5")) -> ServerCertificate:
    keys.mkdir(exist_ok=True)
    make_authority(keys, hall="hall-1", now=NOW)
    return server_certificate(keys, names=names, now=NOW)


def shake_hands(server: ServerCertificate, ca: Path, name: str) -> str:
    """One TLS handshake over a socket pair; the version spoken. Raises `ssl.SSLError` when the client refuses."""
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(server.certificate, server.key)
    theirs = ssl.create_default_context(cafile=str(ca))
    near, far = socket.socketpair()

    def serve() -> None:
        try:
            with ours.wrap_socket(far, server_side=True) as tls:
                tls.recv(1)
        except (ssl.SSLError, OSError):
            far.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with theirs.wrap_socket(near, server_hostname=name) as tls:
            tls.send(b"x")
            return str(tls.version())
    finally:
        near.close()
        thread.join(5)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "hall-1.local", "192.168.7.5"])
def test_a_client_that_pinned_the_ca_connects_by_every_name(tmp_path: Path, name: str) -> None:
    server = hall(tmp_path)
    assert shake_hands(server, server.ca, name) in ("TLSv1.2", "TLSv1.3")


def test_another_name_and_another_hall_are_refused(tmp_path: Path) -> None:
    server, other = hall(tmp_path / "a"), hall(tmp_path / "b")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(server, server.ca, "elsewhere.local")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(server, other.ca, "hall-1.local")
    assert server.fingerprint != other.fingerprint


def test_the_certificate_is_kept_until_it_must_be_renewed(tmp_path: Path) -> None:
    hall(tmp_path)
    content = (tmp_path / "server.pem").read_bytes()
    names = ("hall-1.local", "192.168.7.5")
    server_certificate(tmp_path, names=names, now=NOW + timedelta(days=360))
    assert (tmp_path / "server.pem").read_bytes() == content
    later = NOW + timedelta(days=370)
    renewed = server_certificate(tmp_path, names=names, now=later)
    assert (tmp_path / "server.pem").read_bytes() != content
    assert x509.load_pem_x509_certificate(renewed.certificate.read_bytes()).not_valid_after_utc > later + timedelta(
        days=300
    )
    assert renewed.fingerprint == authority_fingerprint(tmp_path)


def test_a_new_name_or_a_torn_pair_is_renewed(tmp_path: Path) -> None:
    hall(tmp_path)
    server = server_certificate(tmp_path, names=("10.0.0.9",), now=NOW)
    assert shake_hands(server, server.ca, "10.0.0.9")
    (tmp_path / "server.key").write_bytes((tmp_path / "ca.key").read_bytes())
    server = server_certificate(tmp_path, names=("10.0.0.9",), now=NOW)
    assert shake_hands(server, server.ca, "10.0.0.9")
    (tmp_path / "server.pem").write_bytes(b"rubbish")
    assert shake_hands(server_certificate(tmp_path, names=("10.0.0.9",), now=NOW), server.ca, "10.0.0.9")


def test_the_authority_lives_long_is_made_once_and_its_key_is_private(tmp_path: Path) -> None:
    hall(tmp_path)
    ca = x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    assert ca.not_valid_after_utc > NOW + timedelta(days=3650)
    with pytest.raises(FileExistsError):
        make_authority(tmp_path, hall="hall-1", now=NOW)
    if os.name == "posix":
        assert all(p.stat().st_mode & 0o077 == 0 for p in tmp_path.iterdir())


def test_without_an_authority_there_is_no_certificate(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="ca"):
        server_certificate(tmp_path, names=(), now=NOW)
