"""Texts through the official client: what each way of a call to end means for the next attempt."""

import asyncio
import logging

import pytest

from activities import twilio_sender
from activities.twilio_sender import SMS_REQUEST_TIME, NoTwilio, TwilioAccount, TwilioSender
from contracts.outages import Outage
from contracts.sms.answers import SmsAnswer, SmsFate, SuspensionScope
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Accept, Hang, Refuse, Reset, Step
from tests.support.listener import Listener, read_request
from tests.support.logs import said_by
from tests.support.raw_receiver import Peer, RawReceiver
from tests.support.twilio import SENDER, TO, a_text, texter_on

SERVICE = "MG" + "2" * 32
TAKEN, NOT_NOW, UNKNOWN = SmsFate.TAKEN, SmsFate.NOT_NOW, SmsFate.UNKNOWN
MISCONFIGURED = SmsFate.MISCONFIGURED


def sender_at(port: int) -> TwilioSender:
    """The product's sender on any port."""
    return TwilioSender(TwilioAccount("AC1", "token", f"http://127.0.0.1:{port}"), request_time=5)


async def answer_to(status: bytes, body: bytes) -> SmsAnswer:
    """What the sender makes of these bytes."""
    head = b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n" % (status, len(body))
    async with Listener(head + body) as listener:
        return await sender_at(listener.port).send(a_text())


class TestWhatTwilioTakes:
    async def test_a_text(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            answer = await texter_on(twilio).send(a_text("Namaste"))
        [message] = twilio.messages
        assert (message.to, message.from_, message.body) == (TO, SENDER, "Namaste")
        assert answer == SmsAnswer(TAKEN, "twilio_accepted", message.sid, parts=1)

    async def test_a_long_one_says_its_parts(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            assert (await texter_on(twilio).send(a_text("x" * 161))).parts == 2

    async def test_through_a_messaging_service_the_parts_are_not_known_yet(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            answer = await texter_on(twilio).send(a_text(sender=SERVICE))
        [message] = twilio.messages
        assert (message.messaging_service_sid, message.from_) == (SERVICE, None)
        assert (answer.fate, answer.parts) == (TAKEN, None)

    async def test_each_text_has_its_own_sender(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            texter = texter_on(twilio)
            for sender in (SENDER, "DRSTEP", "mgshop", "MGROAD"):
                await texter.send(a_text(sender=sender))
        assert [one.from_ for one in twilio.messages] == [SENDER, "DRSTEP", "mgshop", "MGROAD"]

    @pytest.mark.parametrize(
        ("validity_s", "sent"),
        [(3600, "3600"), (1, "1"), (0, "1"), (-5, "1"), (36_000, "36000"), (36_001, "36000")],
    )
    async def test_it_is_of_use_as_long_as_twilio_allows(self, validity_s: int, sent: str) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            await texter_on(twilio).send(a_text(validity_s=validity_s))
        assert twilio.messages[0].form["ValidityPeriod"] == sent

    @pytest.mark.parametrize("url", ["https://doorstep.example/v1/sms/status?claim=1", None])
    async def test_where_its_fate_is_told(self, url: str | None) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            await texter_on(twilio).send(a_text(status_callback=url))
        assert twilio.messages[0].status_callback == url

    async def test_many_at_once_do_not_mix(self) -> None:
        async with TwilioSandbox(behaviour=Accept(), callbacks=None) as twilio:
            texter = texter_on(twilio)
            numbers = [f"+9198450{number:05}" for number in range(20)]
            answers = await asyncio.gather(
                *(texter.send(a_text(f"to {to}", to=to)) for to in numbers)
            )
        assert {one.fate for one in answers} == {TAKEN}
        assert {(one.to, one.body) for one in twilio.messages} == {
            (to, f"to {to}") for to in numbers
        }
        assert len({one.sid for one in answers}) == 20


class TestWhatTwilioRefuses:
    @pytest.mark.parametrize(
        ("step", "fate", "code"),
        [
            (Refuse(21610), SmsFate.OPTED_OUT, "twilio_21610"),
            (Refuse(21211), SmsFate.BAD_NUMBER, "twilio_21211"),
            (Refuse(21617), SmsFate.BAD_TEXT, "twilio_21617"),
            (Refuse(20429), NOT_NOW, "twilio_20429"),
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
            answer = await texter_on(twilio).send(a_text())
        assert answer == SmsAnswer(fate, code)
        assert len(twilio.attempts) == 1, "one call, whatever comes"

    @pytest.mark.parametrize(
        ("step", "scope"),
        [
            (Refuse(20003), SuspensionScope.ACCOUNT),
            (Refuse(21606), SuspensionScope.SENDER),
            (Refuse(21408), SuspensionScope.ROUTE),
        ],
    )
    async def test_what_is_ours_to_mend_says_whose_texts_wait(
        self, step: Refuse, scope: SuspensionScope
    ) -> None:
        async with TwilioSandbox(behaviour=step, callbacks=None) as twilio:
            answer = await texter_on(twilio).send(a_text())
        assert answer == SmsAnswer(MISCONFIGURED, f"twilio_{step.code}", scope=scope)

    async def test_wrong_credentials(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            account = TwilioAccount(twilio.account_sid, "wrong", twilio.base_url)
            answer = await TwilioSender(account).send(a_text())
        assert answer == SmsAnswer(MISCONFIGURED, "twilio_20003", scope=SuspensionScope.ACCOUNT)

    async def test_an_error_in_the_newer_shape_is_judged_like_the_older(self) -> None:
        body = b'{"type":"t","title":"Too many","status":429,"code":20429}'
        assert await answer_to(b"429 No", body) == SmsAnswer(NOT_NOW, "twilio_20429")

    @pytest.mark.parametrize(
        ("body", "answer"),
        [
            (b'{"code":"21610"}', SmsAnswer(SmsFate.OPTED_OUT, "twilio_21610")),
            (b'{"code":21610.0}', SmsAnswer(SmsFate.OPTED_OUT, "twilio_21610")),
            (b'{"code":" 30007 "}', SmsAnswer(SmsFate.BAD_TEXT, "twilio_30007")),
            (b'{"code":[1]}', SmsAnswer(SmsFate.BAD_TEXT, "twilio_400")),
            (b'{"code":true}', SmsAnswer(SmsFate.BAD_TEXT, "twilio_400")),
            (b'{"code":null}', SmsAnswer(SmsFate.BAD_TEXT, "twilio_400")),
            (b'{"code":"x"}', SmsAnswer(SmsFate.BAD_TEXT, "twilio_400")),
            (b"<html>No</html>", SmsAnswer(SmsFate.BAD_TEXT, "twilio_400")),
            (
                b'{"type":"t","title":"No","status":"400","code":21610}',
                SmsAnswer(SmsFate.OPTED_OUT, "twilio_21610"),
            ),
        ],
    )
    async def test_an_error_whose_numbers_are_written_otherwise(
        self, body: bytes, answer: SmsAnswer
    ) -> None:
        assert await answer_to(b"400 No", body) == answer


class TestWhatItsFieldsMayBe:
    """Twilio has the text: no field beside its sid may hide that."""

    @pytest.mark.parametrize(
        ("field", "parts"),
        [
            ('"num_segments":"2"', 2),
            ('"num_segments":2', 2),
            ('"num_segments":2.0', 2),
            ('"num_segments":"2.0"', 2),
            ('"num_segments":" 2 "', 2),
            ('"num_segments":"0"', None),
            ('"num_segments":null', None),
            ('"num_segments":""', None),
            ('"num_segments":"x"', None),
            ('"num_segments":"-1"', None),
            ('"num_segments":1.5', None),
            ('"num_segments":1e999', None),
            ('"num_segments":NaN', None),
            ('"num_segments":true', None),
            ('"num_segments":[1]', None),
            ('"num_segments":"\u0662"', None),
            ('"num_segments":"%s"' % ("9" * 5000), None),
            ('"price":"free"', None),
            ('"price":0.01', None),
            ('"error_code":"30007"', None),
            ('"error_code":{}', None),
            ('"date_created":5', None),
            ('"date_created":"yesterday"', None),
            ('"date_sent":[]', None),
            ('"date_updated":"Thu, 99 Foo 2026 99:99:99 +0000"', None),
            ('"subresource_uris":7', None),
        ],
    )
    async def test_it_was_taken(self, field: str, parts: int | None) -> None:
        body = f'{{"sid":"SM1",{field}}}'.encode()
        answer = await answer_to(b"201 Created", body)
        assert answer == SmsAnswer(TAKEN, "twilio_accepted", "SM1", parts)


class TestItsConnections:
    @pytest.mark.parametrize("closes", [True, False])
    async def test_none_is_used_twice(self, closes: bool) -> None:
        """A server closes a kept connection when it likes, perhaps as the next text arrives."""
        body = b'{"sid":"SM1","num_segments":"1"}'
        head = b"HTTP/1.1 201 Created\r\ncontent-length: %d\r\n\r\n" % len(body)
        async with Listener(head + body, closes=closes) as listener:
            sender = sender_at(listener.port)
            answers = [await sender.send(a_text()) for _ in range(6)]
        assert {one.fate for one in answers} == {TAKEN}
        assert (listener.connections, len(listener.requests)) == (6, 6)

    async def test_one_that_closes_as_the_second_text_arrives_makes_none_unknown(self) -> None:
        texts: list[bytes] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            """Answer one request; read the second one and close without a word."""
            texts.append(await read_request(reader))
            body = b'{"sid":"SM1"}'
            writer.write(b"HTTP/1.1 201 Created\r\ncontent-length: 13\r\n\r\n" + body)
            await writer.drain()
            if second := await read_request(reader):
                texts.append(second)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            sender = sender_at(server.sockets[0].getsockname()[1])
            fates = [(await sender.send(a_text())).fate for _ in range(6)]
        assert fates == [TAKEN] * 6
        assert len(texts) == 6, "none twice"


class TestWhatBreaks:
    @pytest.mark.parametrize("taken", [True, False])
    async def test_no_answer_in_time_may_have_been_sent(self, taken: bool) -> None:
        async with TwilioSandbox(behaviour=Hang(taken=taken), callbacks=None) as twilio:
            answer = await texter_on(twilio, request_time=0.2).send(a_text())
        assert answer == SmsAnswer(UNKNOWN, "timeout")

    async def test_so_may_one_whose_answer_drips(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And the next one, for which it leaves no thread, certainly was not."""
        monkeypatch.setattr(twilio_sender, "CALLS_AT_ONCE", 1)

        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(b"HTTP/1.1 201 Created\r\nContent-Length: 1000000\r\n\r\n")
            while True:
                await peer.send(b" ")
                await asyncio.sleep(0.01)

        async with RawReceiver(script) as receiver:
            account = TwilioAccount("AC1", "token", receiver.url.removesuffix("/hook"))
            sender = TwilioSender(account, request_time=0.2)
            answers = [await sender.send(a_text()) for _ in range(2)]
            assert answers == [SmsAnswer(UNKNOWN, "timeout"), SmsAnswer(NOT_NOW, "timeout")]
            assert len(receiver.peers) == 1

    def test_in_time_means_ten_seconds(self) -> None:
        assert SMS_REQUEST_TIME == 10

    async def test_a_refused_connection_certainly_sent_nothing(self, unused_tcp_port: int) -> None:
        answer = await sender_at(unused_tcp_port).send(a_text())
        assert answer == SmsAnswer(NOT_NOW, "connection")

    @pytest.mark.parametrize(
        "body",
        [b"", b"Created", b"[]", b"{", b"{}", b'{"num_segments":"many"}', b"null"],
        ids=["empty", "text", "list", "broken", "no sid", "no number", "null"],
    )
    async def test_a_201_that_nobody_can_read_may_have_been_sent(self, body: bytes) -> None:
        assert await answer_to(b"201 Created", body) == SmsAnswer(UNKNOWN, "twilio_unreadable")


class TestTheAccount:
    async def test_without_one_nothing_is_sent_and_it_says_so(self) -> None:
        answer = await NoTwilio().send(a_text())
        assert answer == SmsAnswer(
            MISCONFIGURED, "sms_not_configured", scope=SuspensionScope.ACCOUNT
        )

    def test_its_token_does_not_show(self) -> None:
        assert "s3cret" not in repr(TwilioAccount("AC1", "s3cret"))

    def test_nor_whom_a_text_is_for_and_what_it_says(self) -> None:
        shown = repr(a_text("your code is 4711"))
        assert "4711" not in shown
        assert TO not in shown


async def test_that_twilio_goes_and_returns_is_said_once_each(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "activities.twilio_sender")
    async with TwilioSandbox(callbacks=None) as twilio:
        account = TwilioAccount(twilio.account_sid, twilio.auth_token, twilio.base_url)
        sender = TwilioSender(account, request_time=5, outage=Outage())
        assert (await sender.send(a_text())).fate is TAKEN
    port = int(twilio.base_url.rpartition(":")[2])
    for _ in range(3):
        assert (await sender.send(a_text())).fate is NOT_NOW
    async with TwilioSandbox(callbacks=None, port=port):
        await asyncio.gather(*(sender.send(a_text()) for _ in range(3)))
    assert said_by("activities.twilio_sender", caplog) == [
        "Twilio does not answer: connection",
        "Twilio answers again",
    ]
