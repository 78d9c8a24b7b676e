"""The sandbox Twilio, asked by the official client over a real connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from sandbox.twilio import TwilioSandbox
from sandbox.twilio_callbacks import Callbacks
from sandbox.twilio_steps import Accept, Delay, Hang, Refuse, Reset

SID, TOKEN = "AC" + "1" * 32, "a-token-of-the-tests"
TO, FROM = "+919845012345", "+15005550006"
SERVICE = "MG" + "2" * 32

Send = Callable[..., Any]


class Sender:
    """The official client, pointed at a sandbox; each call in a thread, as the product does it."""

    def __init__(self, base_url: str, *, token: str = TOKEN, timeout: float = 5.0) -> None:
        self._http = TwilioHttpClient(timeout=timeout)
        self.client = Client(SID, token, http_client=self._http)
        self.client.api.base_url = base_url

    async def send(self, to: str = TO, body: str = "Namaste", **fields: Any) -> MessageInstance:
        fields = {"from_": FROM, **fields}
        return await asyncio.to_thread(self.client.messages.create, to=to, body=body, **fields)

    async def refusal(self, to: str = TO, **fields: Any) -> TwilioRestException:
        with pytest.raises(TwilioRestException) as caught:
            await self.send(to, **fields)
        return caught.value

    def close(self) -> None:
        if self._http.session is not None:
            self._http.session.close()


@pytest.fixture(autouse=True)
def no_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TWILIO_EDGE", "TWILIO_REGION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
async def shared() -> AsyncIterator[TwilioSandbox]:
    """For tests that look at answers only."""
    async with TwilioSandbox(account_sid=SID, auth_token=TOKEN, callbacks=None) as twilio:
        yield twilio


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioSandbox]:
    async with TwilioSandbox(account_sid=SID, auth_token=TOKEN, callbacks=None) as twilio:
        yield twilio


@pytest.fixture
async def sender(request: pytest.FixtureRequest) -> AsyncIterator[Sender]:
    name = "shared" if "shared" in request.fixturenames else "twilio"
    sender = Sender(request.getfixturevalue(name).base_url)
    yield sender
    sender.close()


async def post(twilio: TwilioSandbox, **form: str) -> httpx.Response:
    """A request that the official client would not make."""
    url = f"{twilio.base_url}/2010-04-01/Accounts/{SID}/Messages.json"
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        return await client.post(url, data=form, auth=(SID, TOKEN))


class TestTheAccount:
    async def test_is_shown_to_whoever_has_its_token(self, shared: TwilioSandbox) -> None:
        sender = Sender(shared.base_url)
        account = await asyncio.to_thread(sender.client.api.accounts(SID).fetch)
        sender.close()
        assert (account.sid, account.status) == (SID, "active")

    async def test_is_hidden_from_everybody_else(self, shared: TwilioSandbox) -> None:
        stranger = Sender(shared.base_url, token="another")
        with pytest.raises(TwilioRestException) as caught:
            await asyncio.to_thread(stranger.client.api.accounts(SID).fetch)
        stranger.close()
        assert (caught.value.status, caught.value.code) == (401, 20003)


class TestTakenMessages:
    async def test_the_client_gets_a_message_resource(
        self, twilio: TwilioSandbox, sender: Sender
    ) -> None:
        sent = await sender.send(body="Your parcel is out for delivery", validity_period=3600)
        [message] = await twilio.wait_for(1)
        assert sent.sid == message.sid
        assert sent.sid is not None
        assert (sent.sid[:2], len(sent.sid)) == ("SM", 34)
        assert (sent.status, sent.num_segments, sent.direction) == ("queued", "1", "outbound-api")
        assert (sent.to, sent.from_, sent.error_code) == (TO, FROM, None)
        assert sent.date_created == message.created_at.replace(microsecond=0)
        assert sent.uri == f"/2010-04-01/Accounts/{SID}/Messages/{sent.sid}.json"
        assert message.form["ValidityPeriod"] == "3600"

    async def test_a_messaging_service_has_chosen_no_sender_yet(
        self, shared: TwilioSandbox, sender: Sender
    ) -> None:
        sent = await sender.send(from_=None, messaging_service_sid=SERVICE)
        assert (sent.status, sent.from_, sent.num_segments) == ("accepted", None, "0")
        assert sent.messaging_service_sid == SERVICE

    async def test_it_can_be_fetched_and_listed(
        self, twilio: TwilioSandbox, sender: Sender
    ) -> None:
        first = await sender.send()
        other = await sender.send("+919845000000")
        assert first.sid is not None
        fetched = await asyncio.to_thread(sender.client.messages(first.sid).fetch)
        listed = await asyncio.to_thread(sender.client.messages.list, to="+919845000000")
        assert fetched.body == "Namaste"
        assert [message.sid for message in listed] == [other.sid]
        with pytest.raises(TwilioRestException, match="not found"):
            await asyncio.to_thread(sender.client.messages("SM0").fetch)

    async def test_the_summary_counts_a_text_that_was_taken_twice(
        self, twilio: TwilioSandbox, sender: Sender
    ) -> None:
        for body in ("one", "one", "two"):
            await sender.send(body=body)
        summary = twilio.summary()
        assert (summary["requests"], summary["taken"]) == (3, 3)
        assert summary["same_text_taken_again"] == 1
        assert summary["answers"] == {"201": 3}


class TestRefusals:
    @pytest.mark.parametrize(
        ("form", "status", "code"),
        [
            ({"From": FROM, "Body": "x"}, 400, 21604),
            ({"From": FROM, "To": TO}, 400, 21602),
            ({"To": TO, "Body": "x"}, 400, 21603),
            ({"To": "9845012345", "From": FROM, "Body": "x"}, 400, 21211),
            ({"To": TO, "From": "no-sender-at-all", "Body": "x"}, 400, 21212),
            ({"To": TO, "From": "+15005550007", "Body": "x"}, 400, 21606),
            ({"To": TO, "From": FROM, "Body": "x" * 1601}, 400, 21617),
            ({"To": TO, "MessagingServiceSid": "MG1", "Body": "x"}, 400, 21705),
            ({"To": TO, "From": FROM, "Body": "x", "ValidityPeriod": "40000"}, 400, 21624),
            ({"To": TO, "From": FROM, "Body": "x", "StatusCallback": "nowhere"}, 400, 21609),
        ],
    )
    async def test_a_wrong_request_is_refused_in_twilios_shape(
        self, shared: TwilioSandbox, form: dict[str, str], status: int, code: int
    ) -> None:
        response = await post(shared, **form)
        body = response.json()
        assert response.status_code == status
        assert list(body) == ["code", "message", "more_info", "status"]
        assert (body["code"], body["status"]) == (code, status)
        assert body["more_info"].endswith(f"/{code}")

    @pytest.mark.parametrize("sender_id", ["DORSTP", "56161", "+919845000001"])
    async def test_names_and_short_codes_may_send(
        self, shared: TwilioSandbox, sender_id: str
    ) -> None:
        assert (await post(shared, To=TO, From=sender_id, Body="x")).status_code == 201

    @pytest.mark.parametrize(
        ("to", "status", "code"),
        [
            ("+15005550001", 400, 21211),
            ("+15005550004", 400, 21610),
            ("+15005550009", 400, 21614),
            ("+919990021211", 400, 21211),
            ("+919990021408", 400, 21408),
            ("+919990021610", 400, 21610),
            ("+919990021614", 400, 21614),
            ("+919990021606", 400, 21606),
            ("+919990020003", 401, 20003),
            ("+919990020429", 429, 20429),
            ("+919990020500", 500, 20500),
            ("+919990020503", 503, 20503),
        ],
    )
    async def test_a_magic_number_decides_by_itself(
        self, shared: TwilioSandbox, sender: Sender, to: str, status: int, code: int
    ) -> None:
        taken = len(shared.messages)
        error = await sender.refusal(to)
        assert (error.status, error.code) == (status, code)
        assert len(shared.messages) == taken

    async def test_wrong_credentials(self, shared: TwilioSandbox) -> None:
        stranger = Sender(shared.base_url, token="wrong")
        error = await stranger.refusal()
        stranger.close()
        assert (error.status, error.code) == (401, 20003)

    async def test_an_answer_without_json_has_the_status_for_a_code(
        self, twilio: TwilioSandbox, sender: Sender
    ) -> None:
        twilio.behave(Refuse(20503, plain=True))
        assert (await sender.refusal()).code == 503


class TestScripts:
    async def test_one_step_a_request_and_the_last_for_ever(
        self, twilio: TwilioSandbox, sender: Sender
    ) -> None:
        twilio.behave([Refuse(20429), Refuse(20500), Accept()])
        codes = [(await sender.refusal()).code for _ in range(2)]
        assert [codes, (await sender.send()).status, (await sender.send()).status] == [
            [20429, 20500],
            "queued",
            "queued",
        ]
        assert [attempt.answer for attempt in twilio.attempts] == [429, 500, 201, 201]

    async def test_a_number_may_have_its_own(self, twilio: TwilioSandbox, sender: Sender) -> None:
        twilio.behave(Refuse(21614), to=TO)
        assert (await sender.refusal()).code == 21614
        assert (await sender.send("+919845000000")).status == "queued"

    async def test_a_500_may_come_although_the_message_was_taken(
        self, twilio: TwilioSandbox, sender: Sender
    ) -> None:
        twilio.behave(Refuse(20500, taken=True))
        assert (await sender.refusal()).status == 500
        assert len(twilio.messages) == 1

    async def test_a_delayed_answer(self, twilio: TwilioSandbox, sender: Sender) -> None:
        twilio.behave(Delay(0.01, Refuse(20503)))
        assert (await sender.refusal()).code == 20503


class TestBrokenConnections:
    @pytest.mark.parametrize("taken", [True, False])
    async def test_a_reset_leaves_open_whether_the_message_was_taken(
        self, twilio: TwilioSandbox, sender: Sender, taken: bool
    ) -> None:
        twilio.behave([Reset(taken=taken), Accept()])
        with pytest.raises(requests.ConnectionError, match="reset by peer"):
            await sender.send()
        await twilio.wait_until(lambda: len(twilio.attempts) == 1)
        assert len(twilio.messages) == taken
        assert (await sender.send()).status == "queued"

    async def test_a_client_that_gives_up_is_noticed(self, twilio: TwilioSandbox) -> None:
        twilio.behave(Hang())
        hasty = Sender(twilio.base_url, timeout=0.3)
        with pytest.raises(requests.Timeout):
            await hasty.send()
        hasty.close()
        await twilio.wait_until(lambda: len(twilio.attempts) == 1)
        assert twilio.attempts[0].answer == "client left"
        assert len(twilio.messages) == 1

    @pytest.mark.parametrize(("taken", "status"), [(True, 201), (False, 503)])
    async def test_a_hanging_request_is_released(
        self, twilio: TwilioSandbox, taken: bool, status: int
    ) -> None:
        twilio.behave(Hang(taken=taken))
        sending = asyncio.create_task(post(twilio, To=TO, From=FROM, Body="x"))
        await twilio.wait_until(lambda: twilio.hanging == 1)
        assert twilio.release() == 1
        assert (await sending).status_code == status
        assert len(twilio.messages) == taken


class TestControl:
    async def test_behaviour_and_callbacks_change_live(
        self, twilio: TwilioSandbox, sender: Sender
    ) -> None:
        async with httpx.AsyncClient(
            base_url=twilio.base_url, trust_env=False, verify=False
        ) as control:
            await control.put("/_sandbox/behaviour", content="429,accept")
            await control.put("/_sandbox/behaviour", content="21610", params={"to": TO})
            assert (await sender.refusal()).code == 21610
            assert (await sender.refusal("+919845000000")).code == 20429
            await sender.send("+919845000000", body="Hello")
            messages = (await control.get("/_sandbox/messages")).json()
            summary = (await control.get("/_sandbox/summary")).json()
            nonsense = await control.put("/_sandbox/behaviour", content="sometimes")
            unruly = await control.put("/_sandbox/callbacks", content="sideways")
            released = await control.put("/_sandbox/release")
            fine = await control.put("/_sandbox/callbacks", content="shuffled,doubled,forged")
        assert [(m["to"], m["body"]) for m in messages] == [("+919845000000", "Hello")]
        assert summary["answers"] == {"400": 1, "429": 1, "201": 1}
        assert (nonsense.status_code, unruly.status_code) == (400, 400)
        assert "is not a step" in nonsense.json()["error"]
        assert released.json() == {"released": 0}
        assert fine.json() == {"callbacks": "shuffled,doubled,forged"}

    async def test_a_port_that_is_taken_is_told_at_once(self, twilio: TwilioSandbox) -> None:
        port = int(twilio.base_url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            async with TwilioSandbox(port=port, callbacks=Callbacks()):
                pass
