"""The doctor comes as far with the mail server as an e-mail would, and sends none."""

from pathlib import Path
from typing import Any

import pytest

from commands.doctor.checks import Finding
from commands.doctor.mail import check_mail
from contracts.notifications.mail_server import MailTls
from sandbox.mail import MailSandbox
from sandbox.mail_steps import parse_mail_step
from sandbox.tls import LocalAuthority
from settings import Settings

USERS = {"doorstep": "a-password"}


def settings_of(box: MailSandbox, **other: Any) -> Settings:
    """Settings that lead to the sandbox's mail server."""
    known: dict[str, Any] = {
        "smtp_host": box.host,
        "smtp_port": box.port,
        "smtp_tls": MailTls.NONE,
        "mail_from": "Tracking <tracking@doorstep.example>",
        "public_url": "https://doorstep.example.com",
    }
    return Settings(**known | other)


async def test_without_one_it_says_what_that_means() -> None:
    check = await check_mail(Settings())
    assert (check.finding, check.seen) == (Finding.NOTE, "not set: DOORSTEP_SMTP_HOST")


async def test_one_that_is_well(tmp_path: Path) -> None:
    authority = LocalAuthority(tmp_path / "ca.pem")
    async with MailSandbox(certificate=authority.issue(), users=USERS) as box:
        settings = settings_of(
            box,
            smtp_tls=MailTls.STARTTLS,
            ca_file=authority.ca_file,
            smtp_username="doorstep",
            smtp_password="a-password",
        )
        check = await check_mail(settings)
        assert check.finding is Finding.OK
        assert check.seen.endswith("is ready over TLS, signed in; no e-mail was sent")
        assert (box.connections, box.received) == (1, [])


async def test_one_without_starttls(tmp_path: Path) -> None:
    authority = LocalAuthority(tmp_path / "ca.pem")
    async with MailSandbox() as box:
        settings = settings_of(box, smtp_tls=MailTls.STARTTLS, ca_file=authority.ca_file)
        check = await check_mail(settings)
    assert (check.finding, "starttls_not_offered" in check.seen) == (Finding.WRONG, True)
    assert "587" in check.advice


@pytest.mark.parametrize(
    ("wrong", "code", "advice"),
    [
        ({"ca_file": None}, "tls_certificate", "DOORSTEP_CA_FILE"),
        ({"smtp_host": "localhost"}, "tls_certificate", "as its certificate does"),
        ({"smtp_password": "another"}, "smtp_535", "DOORSTEP_SMTP_PASSWORD"),
        ({"smtp_tls": MailTls.IMPLICIT}, "tls", "starttls for 587"),
    ],
)
async def test_what_is_set_wrong_is_named(
    tmp_path: Path, wrong: dict[str, Any], code: str, advice: str
) -> None:
    authority = LocalAuthority(tmp_path / "ca.pem")
    async with MailSandbox(certificate=authority.issue(), users=USERS) as box:
        right = {
            "smtp_tls": MailTls.STARTTLS,
            "ca_file": authority.ca_file,
            "smtp_username": "doorstep",
            "smtp_password": "a-password",
        }
        check = await check_mail(settings_of(box, **right | wrong))
    assert check.finding is Finding.WRONG
    assert f"({code}" in check.seen
    assert advice in check.advice
    assert "another" not in check.seen


async def test_one_that_is_away_or_hangs() -> None:
    async with MailSandbox(behaviour=parse_mail_step("greeting:hang")) as box:
        hanging = await check_mail(settings_of(box, smtp_timeout=1))
        await box.go_away()
        away = await check_mail(settings_of(box))
    assert "(timeout)" in hanging.seen
    assert "(connection_refused)" in away.seen
