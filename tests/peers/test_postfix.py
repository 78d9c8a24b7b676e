"""E-mail to a mail server that others wrote: Postfix, over STARTTLS, with a password."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from activities.smtp_mailer import SmtpMailer
from commands.doctor.checks import Finding
from commands.doctor.mail import check_mail
from contracts.clock import utc_now
from contracts.notifications.mail import MailFate
from contracts.notifications.mail_server import MailServer, MailTls, read_sender
from mails.rendering import MailPages
from settings import Settings
from tests.mails.samples import PREFERENCES, an_item, content_of
from tests.peers.postfix_server import DOMAIN, PASSWORD, USER, Postfix, postfix
from tests.support.programs import NotInstalled
from tests.support.smtp import a_mail, claim
from tests.support.waiting import eventually, until

SIGNED_IN = {"username": f"{USER}@mail.example", "password": PASSWORD}


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    """Postfix, for the tests of this file."""
    try:
        with postfix() as server:
            yield server
    except NotInstalled as missing:
        pytest.fail(str(missing))


def mailer_to(server: Postfix, **other: Any) -> SmtpMailer:
    """A mailer that signs in."""
    known: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "tls": MailTls.STARTTLS,
        "sender": read_sender("Tracking <tracking@doorstep.example>"),
        **SIGNED_IN,
    }
    return SmtpMailer(MailServer(**known | other), utc_now, str(server.ca_file))


async def test_a_notification_lies_in_the_box_as_it_was_written(server: Postfix) -> None:
    told = MailPages().render(content_of(an_item(), language="hi"))
    mail = a_mail(
        message_id="ntm_hindi",
        subject=told.subject,
        text=told.text,
        html=told.html,
        preferences_url=PREFERENCES,
    )
    answer = await mailer_to(server).send(mail, before_body=claim())
    assert (answer.fate, answer.code) == (MailFate.SENT, "smtp_250")
    [raw] = await _in_the_box(server, "priya")
    read: Any = message_from_bytes(raw, policy=default)
    assert (read["Subject"], read["Message-ID"]) == (told.subject, "<ntm_hindi@doorstep.example>")
    assert read["List-Unsubscribe"] == f"<{PREFERENCES}>"
    assert read.get_body(("plain",)).get_content() == told.text
    assert read.get_body(("html",)).get_content() == told.html


async def test_what_stops_before_the_body_is_nowhere(server: Postfix) -> None:
    to = {"to": f"asha@{DOMAIN}"}
    stopped = await mailer_to(server).send(a_mail(**to), before_body=claim(False))
    assert stopped.fate is MailFate.STOPPED
    until(lambda: "lost connection after DATA" in server.log())
    sent = await mailer_to(server).send(a_mail(message_id="ntm_2", **to), before_body=claim())
    assert sent.fate is MailFate.SENT
    [raw] = await _in_the_box(server, "asha")
    assert b"ntm_2@" in raw


async def test_an_address_that_it_does_not_know_is_refused(server: Postfix) -> None:
    mail = a_mail(to=f"nobody@{DOMAIN}")
    answer = await mailer_to(server).send(mail, before_body=claim())
    assert (answer.fate, answer.code) == (MailFate.REFUSED, "smtp_550")
    assert answer.detail is not None
    assert "nobody" not in answer.detail


async def test_that_we_may_not_relay_says_nothing_of_the_address(server: Postfix) -> None:
    mailer = mailer_to(server, username=None, password=None)
    answer = await mailer.send(a_mail(to=f"priya@{DOMAIN}"), before_body=claim())
    assert (answer.fate, answer.code) == (MailFate.NOT_SENT, "smtp_554")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"password": "another"}, "smtp_535"), ({"host": "localhost"}, "tls_certificate")],
)
async def test_what_is_set_wrong(server: Postfix, wrong: dict[str, str], code: str) -> None:
    answer = await mailer_to(server, **wrong).send(a_mail(), before_body=claim())
    assert (answer.fate, answer.code) == (MailFate.NOT_SENT, code)


async def test_the_doctor_finds_it_well(server: Postfix) -> None:
    settings = Settings(
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_username=SIGNED_IN["username"],
        smtp_password=SIGNED_IN["password"],
        mail_from="tracking@doorstep.example",
        public_url="https://doorstep.example.com",
        ca_file=server.ca_file,
    )
    check = await check_mail(settings)
    assert check.finding is Finding.OK, check


async def _in_the_box(server: Postfix, person: str) -> list[bytes]:
    async def delivered() -> list[bytes]:
        return server.delivered(person)

    return await eventually(delivered, bool)
