"""Texts through the official client: what each answer of Twilio means for the next try."""

import asyncio

import pytest
from twilio.base.exceptions import TwilioRestException, TwilioServiceException

from activities.twilio_sender import (
    SMS_REQUEST_TIME,
    NoTwilio,
    SmsAnswer,
    SmsFate,
    TwilioAccount,
    TwilioSender,
    judge,
)
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Accept, Hang, Refuse, Reset, Step
from tests.support.listener import Listener
from tests.support.twilio import SENDER

TO = "+919845012345"
TAKEN, NOT_NOW = SmsFate.TAKEN, SmsFate.NOT_NOW
REJECTED, UNKNOWN = SmsFate.REJECTED, SmsFate.UNKNOWN


def sender_for(twilio: TwilioSandbox, *, sender: str = SENDER, patience: float = 5) -> TwilioSender:
    """The product's sender on the sandbox."""
    account = TwilioAccount(twilio.account_sid, twilio.auth_token, sender, twilio.base_url)
    return TwilioSender(account, request_time=patience)


def sender_at(port: int, *, patience: float = 5) -> TwilioSender:
    """The product's sender on any port."""
    account = TwilioAccount("AC1", "token", SENDER, f"http://127.0.0.1:{port}")
    return TwilioSender(account, request_time=patience)


class TestTheTable:
    @pytest.mark.parametrize(
        ("status", "code", "fate"),
        [
            # permanent for the number
            (400, 21211, REJECTED),
            (400, 21614, REJECTED),
            (400, 30004, REJECTED),
            (400, 30005, REJECTED),
            (400, 30006, REJECTED),
            # permanent, and the customer opted out
            (400, 21610, REJECTED),
            # permanent for the text
            (400, 30007, REJECTED),
            (400, 21617, REJECTED),
            # an unknown 4xx is for good
            (400, 99999, REJECTED),
            (400, None, REJECTED),
            (404, 20404, REJECTED),
            (422, 422, REJECTED),
            # temporary
            (429, 20429, NOT_NOW),
            (429, None, NOT_NOW),
            (429, 99999, NOT_NOW),
            (400, 21611, NOT_NOW),
            (400, 30001, NOT_NOW),
            (400, 30003, NOT_NOW),
            (400, 30008, NOT_NOW),
            (400, 30500, NOT_NOW),
            # our configuration: the text is fine
            (401, 20003, NOT_NOW),
            (401, None, NOT_NOW),
            (403, 20003, NOT_NOW),
            (403, None, NOT_NOW),
            (400, 21408, NOT_NOW),
            (400, 21603, NOT_NOW),
            (400, 21606, NOT_NOW),
            (400, 21608, NOT_NOW),
            (400, 21612, NOT_NOW),
            (400, 30002, NOT_NOW),
            (400, 30024, NOT_NOW),
            # ambiguous: it may have been sent, whatever the code says
            (500, 20500, UNKNOWN),
            (502, None, UNKNOWN),
            (503, 20503, UNKNOWN),
            (503, 21211, UNKNOWN),
            (504, 20429, UNKNOWN),
        ],
    )
    def test_a_row(self, status: int, code: int | None, fate: SmsFate) -> None:
        assert judge(status, code) == SmsAnswer(fate, f"twilio_{code or status}")


class TestOnTheWire:
    async def test_taken(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            answer = await sender_for(twilio).send(TO, "Namaste")
        [message] = twilio.messages
        assert (message.to, message.from_, message.body) == (TO, SENDER, "Namaste")
        assert answer == SmsAnswer(TAKEN, "twilio_accepted", message.sid, parts=1)

    async def test_a_long_one_says_its_parts(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            assert (await sender_for(twilio).send(TO, "x" * 161)).parts == 2

    async def test_through_a_messaging_service_the_parts_are_not_known_yet(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            answer = await sender_for(twilio, sender="MG" + "2" * 32).send(TO, "Namaste")
        [message] = twilio.messages
        assert (message.messaging_service_sid, message.from_) == ("MG" + "2" * 32, None)
        assert (answer.fate, answer.parts) == (TAKEN, None)

    @pytest.mark.parametrize(
        ("step", "fate", "code"),
        [
            (Refuse(21610), REJECTED, "twilio_21610"),
            (Refuse(21211), REJECTED, "twilio_21211"),
            (Refuse(20429), NOT_NOW, "twilio_20429"),
            (Refuse(20003), NOT_NOW, "twilio_20003"),
            (Refuse(21611), NOT_NOW, "twilio_21611"),
            (Refuse(20500), UNKNOWN, "twilio_20500"),
            (Refuse(20503, taken=True), UNKNOWN, "twilio_20503"),
            (Refuse(20503, plain=True), UNKNOWN, "twilio_503"),
            (Refuse(20429, plain=True), NOT_NOW, "twilio_429"),
            (Reset(taken=True), UNKNOWN, "connection"),
            (Reset(taken=False), UNKNOWN, "connection"),
        ],
    )
    async def test_refused_or_broken(self, step: Step, fate: SmsFate, code: str) -> None:
        async with TwilioSandbox(behaviour=step, callbacks=None) as twilio:
            answer = await sender_for(twilio).send(TO, "Namaste")
        assert answer == SmsAnswer(fate, code)
        assert len(twilio.attempts) == 1, "one call, whatever comes"

    @pytest.mark.parametrize("taken", [True, False])
    async def test_no_answer_in_time_may_have_been_sent(self, taken: bool) -> None:
        async with TwilioSandbox(behaviour=Hang(taken=taken), callbacks=None) as twilio:
            answer = await sender_for(twilio, patience=0.2).send(TO, "Namaste")
        assert answer == SmsAnswer(UNKNOWN, "timeout")

    def test_in_time_means_ten_seconds(self) -> None:
        assert SMS_REQUEST_TIME == 10

    async def test_wrong_credentials_are_ours_to_mend(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            account = TwilioAccount(twilio.account_sid, "wrong", SENDER, twilio.base_url)
            answer = await TwilioSender(account).send(TO, "Namaste")
        assert answer == SmsAnswer(NOT_NOW, "twilio_20003")

    async def test_a_refused_connection_certainly_sent_nothing(self, unused_tcp_port: int) -> None:
        answer = await sender_at(unused_tcp_port).send(TO, "Namaste")
        assert answer == SmsAnswer(NOT_NOW, "connection")

    @pytest.mark.parametrize(
        "body",
        [b"", b"Created", b"[]", b"{", b"{}", b'{"num_segments":"many"}', b"null"],
        ids=["empty", "text", "list", "broken", "no sid", "no number", "null"],
    )
    async def test_a_201_that_nobody_can_read_may_have_been_sent(self, body: bytes) -> None:
        head = b"HTTP/1.1 201 Created\r\ncontent-length: %d\r\n\r\n" % len(body)
        async with Listener(head + body) as listener:
            answer = await sender_at(listener.port).send(TO, "Namaste")
        assert answer == SmsAnswer(UNKNOWN, "twilio_unreadable")

    async def test_an_error_in_the_newer_shape_is_judged_like_the_older(self) -> None:
        body = b'{"type":"t","title":"Too many","status":429,"code":20429}'
        head = b"HTTP/1.1 429 No\r\ncontent-length: %d\r\n\r\n" % len(body)
        async with Listener(head + body) as listener:
            answer = await sender_at(listener.port).send(TO, "Namaste")
        assert not issubclass(TwilioServiceException, TwilioRestException)
        assert answer == SmsAnswer(NOT_NOW, "twilio_20429")

    async def test_many_at_once_do_not_mix(self) -> None:
        async with TwilioSandbox(behaviour=Accept(), callbacks=None) as twilio:
            sender = sender_for(twilio)
            numbers = [f"+9198450{number:05}" for number in range(20)]
            answers = await asyncio.gather(*(sender.send(to, f"to {to}") for to in numbers))
        assert {one.fate for one in answers} == {TAKEN}
        assert {(one.to, one.body) for one in twilio.messages} == {
            (to, f"to {to}") for to in numbers
        }
        assert len({one.sid for one in answers}) == 20


class TestTheAccount:
    async def test_without_one_nothing_is_sent_and_it_says_so(self) -> None:
        assert await NoTwilio().send(TO, "Namaste") == SmsAnswer(NOT_NOW, "sms_not_configured")

    def test_its_token_does_not_show(self) -> None:
        assert "s3cret" not in repr(TwilioAccount("AC1", "s3cret", SENDER))
