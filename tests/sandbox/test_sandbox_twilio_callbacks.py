"""Status callbacks of the sandbox Twilio: signed, unordered, doubled and forged."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx
import pytest
from twilio.request_validator import RequestValidator

from sandbox.merchant import Merchant
from sandbox.steps import Answer
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_callbacks import Callbacks, parse_callbacks
from sandbox.twilio_steps import Accept, Outcome, Reset

SID, TOKEN = "AC" + "1" * 32, "a-token-of-the-tests"
TO = "+919845012345"


@dataclass
class Listener:
    """A plain HTTP server that takes the callbacks, and what came."""

    server: Merchant
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = f"{self.server.origin}/v1/sms/status?claim=sms_1"

    @property
    def forms(self) -> list[dict[str, str]]:
        return [dict(parse_qsl(r.body.decode())) for r in self.server.received]

    @property
    def statuses(self) -> list[str]:
        return [form["MessageStatus"] for form in self.forms]

    @property
    def signed(self) -> list[bool]:
        validator = RequestValidator(TOKEN)
        signatures = [r.headers["x-twilio-signature"] for r in self.server.received]
        return [
            bool(validator.validate(self.url, form, signature))
            for form, signature in zip(self.forms, signatures, strict=True)
        ]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with Merchant(name="listener", behaviour=Answer(204)) as server:
        yield Listener(server)


async def send(twilio: TwilioSandbox, listener: Listener, **fields: str) -> None:
    form = {"To": TO, "From": "DORSTP", "Body": "x", "StatusCallback": listener.url, **fields}
    url = f"{twilio.base_url}/2010-04-01/Accounts/{SID}/Messages.json"
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        await client.post(url, data=form, auth=(SID, TOKEN))


def sandbox(behaviour: Accept | Reset | None = None, **plan: object) -> TwilioSandbox:
    return TwilioSandbox(
        account_sid=SID,
        auth_token=TOKEN,
        behaviour=behaviour or Accept(),
        callbacks=Callbacks(**plan),  # type: ignore[arg-type]  # the tests name its fields
    )


async def test_a_delivered_message_tells_sent_then_delivered(listener: Listener) -> None:
    async with sandbox() as twilio:
        await send(twilio, listener)
        callbacks = await twilio.wait_for_callbacks(2)
        [message] = twilio.messages
    assert listener.statuses == ["sent", "delivered"]
    assert listener.signed == [True, True]
    assert [callback.answer for callback in callbacks] == [204, 204]
    assert message.status == "delivered"
    last = listener.forms[-1]
    assert (last["MessageSid"], last["SmsSid"]) == (message.sid, message.sid)
    assert (last["To"], last["From"], last["AccountSid"]) == (TO, "DORSTP", SID)
    assert "ErrorCode" not in last
    assert listener.server.received[0].path == "/v1/sms/status?claim=sms_1"


@pytest.mark.parametrize(
    ("outcome", "statuses"),
    [
        ("sent", ["sent"]),
        ("undelivered", ["sent", "undelivered"]),
        ("failed", ["failed"]),
    ],
)
async def test_other_outcomes(listener: Listener, outcome: Outcome, statuses: list[str]) -> None:
    code = None if outcome == "sent" else 30005
    async with sandbox(Accept(outcome, code)) as twilio:
        await send(twilio, listener)
        await twilio.wait_for_callbacks(len(statuses))
        assert twilio.messages[0].as_json()["error_code"] == code
    assert listener.statuses == statuses
    assert listener.forms[-1].get("ErrorCode") == (str(code) if code else None)
    assert all("ErrorCode" not in form for form in listener.forms[:-1])


async def test_a_messaging_service_tells_queued_too(listener: Listener) -> None:
    service = "MG" + "2" * 32
    async with sandbox() as twilio:
        await send(twilio, listener, From="", MessagingServiceSid=service)
        await twilio.wait_for_callbacks(3)
    assert listener.statuses == ["queued", "sent", "delivered"]
    assert {form["MessagingServiceSid"] for form in listener.forms} == {service}


async def test_callbacks_may_come_backwards_but_the_message_does_not_go_back(
    listener: Listener,
) -> None:
    async with sandbox(order="reversed") as twilio:
        await send(twilio, listener)
        await twilio.wait_for_callbacks(2)
        assert twilio.messages[0].status == "delivered"
    assert listener.statuses == ["delivered", "sent"]


async def test_callbacks_may_come_shuffled_and_twice(listener: Listener) -> None:
    async with sandbox(order="shuffled", doubled=True) as twilio:
        for _ in range(8):
            await send(twilio, listener)
        await twilio.wait_for_callbacks(32)
    by_message: dict[str, list[str]] = {}
    for form in listener.forms:
        by_message.setdefault(form["MessageSid"], []).append(form["MessageStatus"])
    assert all(sorted(s) == ["delivered"] * 2 + ["sent"] * 2 for s in by_message.values())
    assert any(s != sorted(s, reverse=True) for s in by_message.values())


async def test_a_forged_callback_lies_and_its_signature_shows(listener: Listener) -> None:
    async with sandbox(forged=True) as twilio:
        await send(twilio, listener)
        await twilio.wait_for_callbacks(3)
        assert twilio.messages[0].status == "delivered"
    assert listener.statuses == ["sent", "delivered", "failed"]
    assert listener.signed == [True, True, False]


async def test_a_callback_by_hand(listener: Listener) -> None:
    async with sandbox() as twilio:
        twilio.set_callbacks(None)
        await send(twilio, listener)
        [message] = await twilio.wait_for(1)
        told = await twilio.callback(message.sid, "undelivered", 30003)
        await twilio.callback(message.sid, "delivered", forged=True)
        with pytest.raises(LookupError):
            await twilio.callback("SM-unknown", "sent")
    assert told is not None
    assert told.answer == 204
    assert listener.statuses == ["undelivered", "delivered"]
    assert listener.signed == [True, False]


async def test_a_message_whose_answer_was_lost_is_told_all_the_same(listener: Listener) -> None:
    async with sandbox(Reset(taken=True)) as twilio:
        with pytest.raises(httpx.ReadError):
            await send(twilio, listener)
        await twilio.wait_for_callbacks(2)
    assert listener.statuses == ["sent", "delivered"]


async def test_a_callback_that_nobody_takes_is_kept_with_its_error(listener: Listener) -> None:
    await listener.server.close()
    async with sandbox() as twilio:
        await send(twilio, listener)
        callbacks = await twilio.wait_for_callbacks(2)
    assert [callback.answer for callback in callbacks] == ["ConnectError", "ConnectError"]


async def test_without_a_url_nothing_is_told_but_the_message_goes_on() -> None:
    async with sandbox() as twilio:
        url = f"{twilio.base_url}/2010-04-01/Accounts/{SID}/Messages.json"
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            form = {"To": TO, "From": "DORSTP", "Body": "x"}
            await client.post(url, data=form, auth=(SID, TOKEN))
        await twilio.wait_until(lambda: twilio.messages[0].status == "delivered")
        assert twilio.callbacks == []


class TestSyntax:
    @pytest.mark.parametrize(
        ("text", "plan"),
        [
            ("", Callbacks()),
            ("off", None),
            ("in_order,pause=50ms", Callbacks(pause_s=0.05)),
            (
                "shuffled, doubled,forged,seed=7",
                Callbacks(order="shuffled", doubled=True, forged=True, seed=7),
            ),
        ],
    )
    def test_what_is_written_is_what_is_meant(self, text: str, plan: Callbacks | None) -> None:
        assert parse_callbacks(text) == plan

    @pytest.mark.parametrize("text", ["sideways", "pause=", "pause=5", "seed=x", "off,doubled"])
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"not one of|not a time|invalid literal"):
            parse_callbacks(text)
