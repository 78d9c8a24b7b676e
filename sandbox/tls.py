"""Certificates made on the fly: a self-signed one, and a small authority with its CA file."""

import datetime as dt
import ipaddress
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Certificate:
    """A server's certificate and private key, as PEM."""

    certificate_pem: bytes
    key_pem: bytes

    def server_context(self) -> ssl.SSLContext:
        """A TLS context that serves this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            both = Path(folder) / "server.pem"
            both.write_bytes(self.key_pem + self.certificate_pem)
            context.load_cert_chain(both)
        return context


class LocalAuthority:
    """A certificate authority for one test or demo; a client that is given `ca_file` trusts it."""

    def __init__(self, ca_file: Path) -> None:
        self.ca_file = ca_file
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Sandbox certificate authority")
        self._certificate = _sign(self._name, self._key, self._name, self._key, authority=True)
        ca_file.write_bytes(_pem(self._certificate))

    def issue(self, host: str = "127.0.0.1", *, expired: bool = False) -> Certificate:
        """Issue a server certificate for a host name or address, or one that has run out."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _sign(_name(host), key, self._name, self._key, host=host, expired=expired)
        return Certificate(_pem(certificate), _key_pem(key))


def self_signed(host: str = "127.0.0.1") -> Certificate:
    """A certificate that no authority vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(host)
    return Certificate(_pem(_sign(name, key, name, key, host=host)), _key_pem(key))


def _sign(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool = False,
    host: str | None = None,
    expired: bool = False,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * _DAY)
        .not_valid_after(now - _DAY if expired else now + 30 * _DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_usage(authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_issued_by(issuer_key), critical=False)
    )
    if host is not None:
        builder = builder.add_extension(_alternative_name(host), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _issued_by(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _alternative_name(host: str) -> x509.SubjectAlternativeName:
    try:
        return x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    except ValueError:
        return x509.SubjectAlternativeName([x509.DNSName(host)])


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
