"""Which authorities are trusted, and a worker that would trust none does not start."""

import ssl
from pathlib import Path

import pytest

from activities.trust_store import authorities, trusted_context
from activities.webhook_sender import WebhookSender
from commands.doctor.checks import Finding
from commands.doctor.machine import check_authorities
from contracts.errors import ConfigurationError
from resolver import NameLookUps
from sandbox.tls import LocalAuthority
from settings import Settings
from tests.support.parts import LOOPBACK


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A system without authorities; gives the folder where it looks for them."""
    folder = tmp_path / "certs"
    folder.mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    return folder


@pytest.mark.usefixtures("empty")
def test_a_sender_that_could_trust_nobody_is_not_made() -> None:
    with pytest.raises(ConfigurationError, match="DOORSTEP_CA_FILE"):
        WebhookSender.guarded(LOOPBACK, NameLookUps())


@pytest.mark.usefixtures("empty")
def test_a_file_of_our_own_is_enough(tmp_path: Path) -> None:
    authority = LocalAuthority(tmp_path / "ca.pem")
    assert authorities(trusted_context(str(authority.ca_file))) == 1


def test_a_folder_counts_that_openssl_reads_only_when_it_needs_it(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LocalAuthority(empty / "0123abcd.0")
    (empty / "README").write_text("no certificate")
    assert authorities(trusted_context(None)) == 1
    monkeypatch.setenv("SSL_CERT_DIR", f"/nowhere:{empty}")
    assert authorities(trusted_context(None)) == 1


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"\x00\xff"])
def test_a_file_that_cannot_be_used_is_named_with_its_setting(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "authorities.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"DOORSTEP_CA_FILE.*authorities\.pem"):
        trusted_context(str(file))
    assert doctor_finds(ca_file=file) is Finding.MISSING


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="DOORSTEP_CA_FILE"):
        trusted_context(str(tmp_path))


class TestTheDoctor:
    def test_counts_them(self) -> None:
        assert ssl.create_default_context().cert_store_stats()["x509_ca"] > 0
        assert doctor_finds() is Finding.OK

    @pytest.mark.usefixtures("empty")
    def test_finds_that_there_are_none(self) -> None:
        assert doctor_finds() is Finding.MISSING


def doctor_finds(**fields: object) -> Finding:
    """What it makes of the authorities."""
    return check_authorities(Settings().model_copy(update=fields)).finding
