"""The hall's own certificate authority, and the certificate its server shows.

Programs pin the CA when they are paired, so the server's certificate may be renewed, and get other names, without a
visit to any of them. The CA's key stays in `DATA/keys/`; whoever has it can be this hall.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ..files import write_private

CA_FILE: Final = "ca.pem"
CA_KEY_FILE: Final = "ca.key"
SERVER_FILE: Final = "server.pem"
SERVER_KEY_FILE: Final = "server.key"
CA_DAYS: Final = 25 * 365
"""The CA outlives the machines; a hall that changes it pairs every device anew."""
SERVER_DAYS: Final = 397
RENEW_DAYS: Final = 30
SKEW: Final = timedelta(days=1)
"""Certificates begin a day before now: a kiosk's clock may be behind the server's."""
ALWAYS: Final = ("localhost", "127.0.0.1", "::1")

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class ServerCertificate:
    """Files for the TLS listener, and what clients pin."""

    certificate: Path
    key: Path
    ca: Path
    fingerprint: str
    """SHA-256 of the CA certificate, hexadecimal: `fp` in pairing and mDNS."""


def make_authority(keys: Path, *, hall: str, now: datetime) -> None:
    """Write a new CA for `hall` into `keys`. Raises `FileExistsError` when there is one."""
    if (keys / CA_FILE).exists():
        raise FileExistsError(keys / CA_FILE)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{hall} hall CA")])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
    write_private(keys / CA_KEY_FILE, _key_pem(key))
    write_private(keys / CA_FILE, _pem(certificate))


def server_certificate(keys: Path, *, names: Sequence[str], now: datetime) -> ServerCertificate:
    """The server's certificate for `names` (host names and addresses), made or renewed when it must be.

    Renewed when it ends within `RENEW_DAYS`, lacks one of the names, or does not belong to the CA. Raises `OSError` or
    `ValueError` when the CA is missing or damaged.
    """
    wanted = [*ALWAYS, *(n for n in names if n not in ALWAYS)]
    authority = x509.load_pem_x509_certificate((keys / CA_FILE).read_bytes())
    if not _is_good(keys, authority, wanted, now):
        _renew(keys, authority, wanted, now)
    return ServerCertificate(
        certificate=keys / SERVER_FILE,
        key=keys / SERVER_KEY_FILE,
        ca=keys / CA_FILE,
        fingerprint=authority.fingerprint(hashes.SHA256()).hex(),
    )


def authority_fingerprint(keys: Path) -> str:
    """SHA-256 of the hall's CA certificate, hexadecimal."""
    return x509.load_pem_x509_certificate((keys / CA_FILE).read_bytes()).fingerprint(hashes.SHA256()).hex()


def _is_good(keys: Path, authority: x509.Certificate, names: Sequence[str], now: datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate((keys / SERVER_FILE).read_bytes())
        key = serialization.load_pem_private_key((keys / SERVER_KEY_FILE).read_bytes(), None)
        certificate.verify_directly_issued_by(authority)
    except (OSError, ValueError, TypeError, InvalidSignature):
        return False
    if certificate.public_key() != key.public_key():
        return False
    alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    has = set(alternative)
    return (
        certificate.not_valid_before_utc <= now
        and now + timedelta(days=RENEW_DAYS) <= certificate.not_valid_after_utc
        and all(_general_name(n) in has for n in names)
    )


def _renew(keys: Path, authority: x509.Certificate, names: Sequence[str], now: datetime) -> None:
    loaded = serialization.load_pem_private_key((keys / CA_KEY_FILE).read_bytes(), None)
    if not isinstance(loaded, Key):
        raise ValueError(f"{keys / CA_KEY_FILE} is not the key of an elliptic curve")
    key = ec.generate_private_key(ec.SECP256R1())
    common = next((n for n in names if n not in ALWAYS), "localhost")[:64]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + timedelta(days=SERVER_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general_name(n) for n in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(loaded.public_key()), critical=False)
        .sign(loaded, hashes.SHA256())
    )
    # A crash between the two leaves a pair that does not match, which the next start replaces.
    write_private(keys / SERVER_KEY_FILE, _key_pem(key))
    write_private(keys / SERVER_FILE, _pem(certificate) + _pem(authority))


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
