"""Status callbacks of the sandbox Twilio: signed, unordered, doubled and forged."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx
import pytest
from twilio.request_validator import RequestValidator, get_signature_algorithm

from sandbox.merchant import Merchant
from sandbox.steps import Answer
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_callbacks import Callbacks, parse_callbacks
from sandbox.twilio_steps import Accept, Outcome, Reset, parse_script

SID, TOKEN = "AC" + "1" * 32, "a-token-of-the-tests"
SETTINGS = "x-twilio-webhooks-signature-settings"
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
        return self.signed_with(TOKEN)

    @property
    def settings(self) -> list[str | None]:
        return [r.headers.get(SETTINGS) for r in self.server.received]

    def signed_with(self, key: str) -> list[bool]:
        validator = RequestValidator(key)
        signatures = [r.headers["x-twilio-signature"] for r in self.server.received]
        return [
            bool(validator.validate(self.url, form, signature, get_signature_algorithm(settings)))
            for form, signature, settings in zip(self.forms, signatures, self.settings, strict=True)
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


def sandbox(
    behaviour: Accept | Reset | None = None, *, shared_secret: str | None = None, **plan: object
) -> TwilioSandbox:
    return TwilioSandbox(
        account_sid=SID,
        auth_token=TOKEN,
        shared_secret=shared_secret,
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


@pytest.mark.parametrize("shared_secret", ["a-secret-of-the-tests", None])
async def test_a_shared_key_signs_with_sha256_and_says_so(
    listener: Listener, shared_secret: str | None
) -> None:
    async with sandbox(sha256=True, forged=True, shared_secret=shared_secret) as twilio:
        await send(twilio, listener)
        await twilio.wait_for_callbacks(3)
    assert len(set(listener.settings)) == 1
    assert listener.settings[0] is not None
    assert listener.settings[0].startswith("key=webhooks_sharedkey_")
    assert listener.settings[0].endswith(",algorithm=HMAC_SHA256")
    assert listener.signed_with(shared_secret or TOKEN) == [True, True, False]
    if shared_secret:
        assert listener.signed == [False, False, False]


async def test_without_a_shared_key_no_header_speaks_of_one(listener: Listener) -> None:
    async with sandbox() as twilio:
        await send(twilio, listener)
        await twilio.wait_for_callbacks(2)
    assert listener.settings == [None, None]


async def test_a_field_that_nobody_knows_is_signed_too(listener: Listener) -> None:
    async with sandbox(extra=True) as twilio:
        await send(twilio, listener)
        await twilio.wait_for_callbacks(2)
    assert all(form["CarrierNote"] for form in listener.forms)
    assert all(not form["CarrierNote"].isascii() for form in listener.forms)
    assert listener.signed == [True, True]


async def test_one_number_may_be_out_of_reach_once(listener: Listener) -> None:
    async with sandbox() as twilio:
        twilio.behave(parse_script("accept:undelivered=30003,accept"), to=TO)
        for to in (TO, TO, "+919845000000"):
            await send(twilio, listener, To=to)
        await twilio.wait_for_callbacks(6)
        assert [message.status for message in twilio.messages] == [
            "undelivered",
            "delivered",
            "delivered",
        ]
    ends = {form["MessageSid"]: form.get("ErrorCode") for form in listener.forms}
    assert sorted(map(str, ends.values())) == ["30003", "None", "None"]


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
            ("sha256,extra", Callbacks(sha256=True, extra=True)),
        ],
    )
    def test_what_is_written_is_what_is_meant(self, text: str, plan: Callbacks | None) -> None:
        assert parse_callbacks(text) == plan

    @pytest.mark.parametrize("text", ["sideways", "pause=", "pause=5", "seed=x", "off,doubled"])
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"not one of|not a time|invalid literal"):
            parse_callbacks(text)
