"""E-mail over real SMTP: what arrives, and what each way of failing is told as."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit

import pytest

from activities.smtp_mailer import CONNECTIONS_AT_ONCE, SmtpMailer
from contracts.notifications.mail import MailAnswer, MailFate
from contracts.notifications.mail_server import MailTls
from sandbox.mail import MailSandbox
from sandbox.mail_steps import ACCEPT, parse_mail_script, parse_mail_step
from sandbox.tls import Certificate, LocalAuthority, self_signed
from tests.support.raw_receiver import Peer, RawReceiver
from tests.support.smtp import TO, a_mail, claim, mailer_of

USER = {"username": "doorstep", "password": "a-password"}
USERS = {"doorstep": "a-password"}
STARTTLS, IMPLICIT = MailTls.STARTTLS, MailTls.IMPLICIT


@pytest.fixture
async def box() -> AsyncIterator[MailSandbox]:
    """A mail server without TLS."""
    async with MailSandbox() as box:
        yield box


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    """Who vouches for the mail server's certificate."""
    return LocalAuthority(tmp_path_factory.mktemp("authority") / "ca.pem")


async def sent(box: MailSandbox, **server: Any) -> MailAnswer:
    """Send an e-mail with limits of a test's patience."""
    limits = {"time_limit_s": 5.0, "answer_limit_s": 5.0}
    return await mailer_of(box, **limits | server).send(a_mail(), before_body=claim())


def wrong_certificate(authority: LocalAuthority, wrong: str) -> Certificate:
    """One that is not to be trusted."""
    if wrong == "another name":
        return authority.issue("mail.example.net")
    return self_signed() if wrong == "nobody's" else authority.issue(expired=True)


class TestWhatArrives:
    async def test_both_texts_from_us_to_one_recipient(self, box: MailSandbox) -> None:
        text = "A line.\n.\n..and dots\nनमस्ते\n"
        mail = a_mail(text=text, html="<p>नमस्ते</p>", subject="Endpoint नीचे है")
        answer = await mailer_of(box).send(mail, before_body=claim())
        [received] = box.received
        assert answer == MailAnswer(MailFate.SENT, "smtp_250", "2.0.0 OK: taken")
        assert (received.sender, received.recipients) == ("tracking@doorstep.example", (TO,))
        assert (received.text, received.html.strip()) == (text, "<p>नमस्ते</p>")
        assert received.subject == "Endpoint नीचे है"
        assert received.message["From"] == "Doorstep <tracking@doorstep.example>"
        assert received.message["To"] == TO
        assert received.message["Auto-Submitted"] == "auto-generated"
        assert received.message["Date"].datetime.tzinfo is not None
        assert received.raw.isascii()

    async def test_one_message_has_one_id_however_often_it_is_sent(self, box: MailSandbox) -> None:
        for _ in range(2):
            await mailer_of(box).send(a_mail(), before_body=claim())
        assert {one.message_id for one in box.received} == {"<ntm_1@doorstep.example>"}
        assert box.summary()["taken_again"] == 1

    async def test_where_to_switch_it_off_is_a_header_however_long(self, box: MailSandbox) -> None:
        url = f"https://doorstep.example.com/dashboard/account/{'notifications' * 9}"
        await mailer_of(box).send(a_mail(preferences_url=url), before_body=claim())
        assert box.received[0].message["List-Unsubscribe"] == f"<{url}>"

    @pytest.mark.parametrize("url", ["https://a.example/\r\nBcc: x@y.example", "https://a>b"])
    async def test_no_address_breaks_a_header(self, box: MailSandbox, url: str) -> None:
        with pytest.raises(ValueError, match="no spaces"):
            await mailer_of(box).send(a_mail(preferences_url=url), before_body=claim())
        assert box.received == []

    @pytest.mark.parametrize(
        "subject",
        [
            "Chai Point: hooks.chaipoint.example का endpoint काम नहीं कर रहा",
            "चाय प्वाइंट: " + "बहुत लंबी बात " * 20 + "and the end",
            "A long line of words that is folded somewhere between two of them " * 3,
            "=?utf-8?q?Something_else?=",
        ],
    )
    async def test_a_subject_is_read_as_it_was_written(
        self, box: MailSandbox, subject: str
    ) -> None:
        await mailer_of(box).send(a_mail(subject=subject), before_body=claim())
        [received] = box.received
        assert received.subject == subject.strip()
        head = received.raw.partition(b"\r\n\r\n")[0]
        assert max(len(line) for line in head.split(b"\r\n")) <= 78

    @pytest.mark.parametrize(
        "name", ["Swift, India", "ट्रैकिंग Swift सेवा", 'The "best" of all', "", "x" * 39 + "é"]
    )
    async def test_a_sender_is_read_as_it_was_written(self, box: MailSandbox, name: str) -> None:
        sender = Address(name, addr_spec="tracking@doorstep.example")
        await mailer_of(box, sender=sender).send(a_mail(), before_body=claim())
        [read] = box.received[0].message["From"].addresses
        assert (read.display_name, read.addr_spec) == (name, "tracking@doorstep.example")

    @pytest.mark.parametrize("between", ["\r\n", "\n", "\r", "\u2028", "\x00", "\x85"])
    async def test_no_subject_adds_a_header(self, box: MailSandbox, between: str) -> None:
        subject = f"Failing{between}Bcc: thief@example.net"
        await mailer_of(box).send(a_mail(subject=subject), before_body=claim())
        [received] = box.received
        assert received.message["Bcc"] is None
        assert received.subject == "Failing Bcc: thief@example.net"
        assert received.recipients == (TO,)

    @pytest.mark.parametrize(
        "to",
        [
            "a@b.example>\r\nRCPT TO:<c@d.example",
            "a@b.example, c@d.example",
            "<a@b.example>",
            "a b@c.example",
            "a@b",
            '"a\r\nb"@c.example',
            "a@b..example",
        ],
    )
    async def test_an_address_that_is_none_is_refused_without_a_word_to_the_server(
        self, box: MailSandbox, to: str
    ) -> None:
        answer = await mailer_of(box).send(a_mail(to=to), before_body=claim())
        assert answer == MailAnswer(MailFate.REFUSED, "address_unusable")
        assert box.connections == 0

    @pytest.mark.parametrize(
        ("to", "envelope"),
        [
            ("अमित@चाय.example", "अमित@xn--61b6b2b.example"),
            ("amit@चाय.example", "amit@xn--61b6b2b.example"),
            ("o'brien+shop@chaipoint.example", "o'brien+shop@chaipoint.example"),
        ],
    )
    async def test_addresses_of_every_language(
        self, box: MailSandbox, to: str, envelope: str
    ) -> None:
        answer = await mailer_of(box).send(a_mail(to=to), before_body=claim())
        assert answer.fate is MailFate.SENT
        assert box.received[0].recipients == (envelope,)


class TestTls:
    @pytest.mark.parametrize("tls", [STARTTLS, IMPLICIT])
    async def test_encrypted_and_signed_in(self, authority: LocalAuthority, tls: MailTls) -> None:
        certificate, implicit = authority.issue(), tls is IMPLICIT
        async with MailSandbox(certificate=certificate, implicit=implicit, users=USERS) as box:
            answer = await sent(box, ca_file=authority.ca_file, tls=tls, **USER)
            assert answer.fate is MailFate.SENT
            assert (box.received[0].encrypted, box.received[0].user) == (True, "doorstep")

    @pytest.mark.parametrize("tls", [STARTTLS, IMPLICIT])
    @pytest.mark.parametrize("wrong", ["another name", "nobody's", "run out"])
    async def test_a_wrong_certificate_gets_nothing(
        self, authority: LocalAuthority, tls: MailTls, wrong: str
    ) -> None:
        certificate = wrong_certificate(authority, wrong)
        async with MailSandbox(certificate=certificate, implicit=tls is IMPLICIT) as box:
            answer = await sent(box, ca_file=authority.ca_file, tls=tls)
            assert (answer.fate, answer.code) == (MailFate.NOT_SENT, "tls_certificate")
            assert box.received == []

    async def test_a_server_without_starttls_gets_nothing(
        self, box: MailSandbox, authority: LocalAuthority
    ) -> None:
        answer = await sent(box, ca_file=authority.ca_file, tls=STARTTLS, **USER)
        assert answer == MailAnswer(MailFate.NOT_SENT, "starttls_not_offered")

    async def test_a_wrong_password_is_ours_to_mend(self, authority: LocalAuthority) -> None:
        async with MailSandbox(certificate=authority.issue(), users=USERS) as box:
            wrong = USER | {"password": "another"}
            answer = await sent(box, ca_file=authority.ca_file, tls=STARTTLS, **wrong)
            assert (answer.fate, answer.code) == (MailFate.NOT_SENT, "smtp_535")
            unknown = await sent(box, ca_file=authority.ca_file, tls=STARTTLS)
            assert (unknown.fate, unknown.code) == (MailFate.NOT_SENT, "smtp_530")


class TestAnswers:
    @pytest.mark.parametrize(
        ("step", "fate", "code"),
        [
            ("greeting:421", MailFate.NOT_SENT, "smtp_421"),
            ("greeting:554", MailFate.NOT_SENT, "smtp_554"),
            ("greeting:drop", MailFate.NOT_SENT, "connection_lost"),
            ("sender:451", MailFate.NOT_SENT, "smtp_451"),
            ("sender:550", MailFate.NOT_SENT, "smtp_550"),
            ("recipient:450", MailFate.NOT_SENT, "smtp_450"),
            ("recipient:550", MailFate.REFUSED, "smtp_550"),
            ("recipient:554", MailFate.NOT_SENT, "smtp_554"),
            ("recipient:drop", MailFate.NOT_SENT, "connection_lost"),
            ("data:451", MailFate.NOT_SENT, "smtp_451"),
            ("data:drop", MailFate.NOT_SENT, "connection_lost"),
            ("body:451", MailFate.NOT_SENT, "smtp_451"),
            ("body:554", MailFate.REJECTED, "smtp_554"),
            ("body:drop", MailFate.UNKNOWN, "connection_lost"),
            ("body:drop-taken", MailFate.UNKNOWN, "connection_lost"),
        ],
    )
    async def test_at_each_step(
        self, box: MailSandbox, step: str, fate: MailFate, code: str
    ) -> None:
        box.behave(parse_mail_step(step))
        answer = await sent(box)
        assert (answer.fate, answer.code) == (fate, code)
        assert len(box.received) == step.endswith("-taken")

    @pytest.mark.parametrize("step", ["greeting:hang", "recipient:hang", "data:hang"])
    async def test_a_server_that_hangs_is_left(self, box: MailSandbox, step: str) -> None:
        box.behave(parse_mail_step(step))
        answer = await sent(box, time_limit_s=0.2)
        assert answer == MailAnswer(MailFate.NOT_SENT, "timeout")

    @pytest.mark.parametrize("step", ["body:hang", "body:hang-taken"])
    async def test_no_answer_to_the_body_may_be_either(self, box: MailSandbox, step: str) -> None:
        box.behave(parse_mail_step(step))
        answer = await sent(box, answer_limit_s=0.2)
        assert answer == MailAnswer(MailFate.UNKNOWN, "timeout")

    @pytest.mark.parametrize("says", [b"HTTP/1.1 400 Bad Request\r\n", b"220 " + b"x" * 9_999])
    async def test_who_listens_is_no_mail_server(self, box: MailSandbox, says: bytes) -> None:
        async def script(peer: Peer) -> None:
            await peer.send(says + b"\r\n")
            await peer.left()

        async with RawReceiver(script) as receiver:
            answer = await sent(box, port=urlsplit(receiver.url).port)
        assert (answer.fate, answer.code) == (MailFate.NOT_SENT, "unreadable")

    async def test_nobody_listens(self, box: MailSandbox) -> None:
        await box.go_away()
        answer = await sent(box)
        assert answer == MailAnswer(MailFate.NOT_SENT, "connection_refused")

    async def test_a_name_without_an_address(self, box: MailSandbox) -> None:
        answer = await sent(box, host="mail.invalid")
        assert (answer.fate, answer.code) == (MailFate.NOT_SENT, "name_unknown")

    async def test_the_server_s_words_name_nobody(self, box: MailSandbox) -> None:
        box.unknown.add(TO)
        answer = await sent(box)
        assert answer.fate is MailFate.REFUSED
        assert answer.detail == "5.1.1 …: Recipient address rejected: User unknown"

    async def test_it_recovers(self, box: MailSandbox, caplog: pytest.LogCaptureFixture) -> None:
        box.behave([*parse_mail_script("greeting:421x2"), ACCEPT])
        mailer = mailer_of(box)
        fates = [(await mailer.send(a_mail(), before_body=claim())).fate for _ in range(3)]
        assert fates == [MailFate.NOT_SENT, MailFate.NOT_SENT, MailFate.SENT]
        assert sum("cannot be used" in one.message for one in caplog.records) == 1


class TestTheClaim:
    async def test_it_is_asked_for_once_the_server_takes_the_body(self, box: MailSandbox) -> None:
        seen: list[int] = []

        async def before_body() -> bool:
            seen.append(len(box.received))
            return True

        await mailer_of(box).send(a_mail(), before_body=before_body)
        assert (seen, len(box.received)) == ([0], 1)

    @pytest.mark.parametrize("step", ["greeting:421", "sender:451", "recipient:550", "data:451"])
    async def test_it_is_not_asked_for_where_nothing_can_be_sent(
        self, box: MailSandbox, step: str
    ) -> None:
        box.behave(parse_mail_step(step))

        async def never() -> bool:
            raise AssertionError("nothing is to be claimed")

        assert (await mailer_of(box).send(a_mail(), before_body=never)).fate is not MailFate.SENT

    async def test_without_it_nothing_is_sent(self, box: MailSandbox) -> None:
        answer = await mailer_of(box).send(a_mail(), before_body=claim(False))
        assert answer.fate is MailFate.STOPPED
        assert box.received == []

    @pytest.mark.parametrize("error", [TimeoutError("ours"), RuntimeError("ours")])
    async def test_what_goes_wrong_in_it_is_ours(self, box: MailSandbox, error: Exception) -> None:
        async def failing() -> bool:
            raise error

        with pytest.raises(type(error), match="ours"):
            await mailer_of(box).send(a_mail(), before_body=failing)
        assert box.received == []

    async def test_it_may_take_longer_than_the_server(self, box: MailSandbox) -> None:
        """The limit is the server's: a database that is slow is not taken for it."""
        slow = asyncio.Event()

        async def before_body() -> bool:
            asyncio.get_running_loop().call_later(0.3, slow.set)
            return await slow.wait()

        mailer = mailer_of(box, time_limit_s=0.2)
        assert (await mailer.send(a_mail(), before_body=before_body)).fate is MailFate.SENT

    async def test_a_server_that_leaves_meanwhile_was_sent_nothing(self, box: MailSandbox) -> None:
        async def before_body() -> bool:
            await box.go_away()
            return True

        answer = await mailer_of(box).send(a_mail(), before_body=before_body)
        assert answer.fate in (MailFate.NOT_SENT, MailFate.UNKNOWN)
        assert box.received == []


class TestMany:
    async def test_a_few_connections_at_once_carry_them_all(self, box: MailSandbox) -> None:
        mailer = mailer_of(box)
        mails = [a_mail(message_id=f"ntm_{number}") for number in range(40)]
        answers = await asyncio.gather(*(mailer.send(one, before_body=claim()) for one in mails))
        assert {one.fate for one in answers} == {MailFate.SENT}
        assert box.summary() == {"connections": 40, "taken": 40, "taken_again": 0}

    async def held(self, mailer: SmtpMailer, stack: AsyncExitStack) -> asyncio.Event:
        """Every connection is taken, by e-mails whose claim waits until the event is set."""
        free, held = asyncio.Event(), asyncio.Semaphore(0)
        sent: list[asyncio.Future[MailAnswer]] = []

        async def before_body() -> bool:
            held.release()
            return await free.wait()

        for number in range(CONNECTIONS_AT_ONCE):
            mail = a_mail(message_id=f"ntm_{number}")
            sent.append(asyncio.ensure_future(mailer.send(mail, before_body=before_body)))
        for _ in sent:
            await held.acquire()
        stack.push_async_callback(asyncio.wait, sent)
        stack.callback(free.set)
        return free

    async def test_without_a_free_one_nothing_is_tried(self, box: MailSandbox) -> None:
        mailer = mailer_of(box, place_limit_s=0.1)
        async with AsyncExitStack() as stack:
            await self.held(mailer, stack)
            answer = await mailer.send(a_mail(), before_body=claim())
            assert answer == MailAnswer(MailFate.NO_PLACE, "no_place")
            assert box.connections == CONNECTIONS_AT_ONCE

    async def test_the_wait_for_one_is_not_the_mail_server_s(self, box: MailSandbox) -> None:
        mailer = mailer_of(box, time_limit_s=1.0)
        async with AsyncExitStack() as stack:
            free = await self.held(mailer, stack)
            asyncio.get_running_loop().call_later(1.2, free.set)
            assert (await mailer.send(a_mail(), before_body=claim())).fate is MailFate.SENT
