"""Our request, our reading and our sandbox against the document that Twilio publishes."""

import json
from typing import Any

import httpx
import pytest

from activities.twilio_sender import TwilioAccount, TwilioSender
from contracts.sms.answers import SmsFate
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_messages import API_VERSION
from tests.activities.test_twilio_contract import SERVICE, SID, TEXTS, TOKEN, sent
from tests.peers.twilio_document import TwilioDocument, fetched
from tests.support.listener import Listener
from tests.support.programs import find_program
from tests.support.twilio import TO, a_text, texter_on


@pytest.fixture(autouse=True)
def _plain_twilio(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edge or a region would lead the official client past its base URL."""
    for name in ("TWILIO_EDGE", "TWILIO_REGION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> TwilioDocument:
    """The document, fetched once."""
    npm = find_program("npm")
    return fetched(npm, tmp_path_factory.mktemp("twilio"))


def as_typed(fields: dict[str, str]) -> dict[str, Any]:
    """A form's fields, with the one that is a number as one."""
    return {**fields, "ValidityPeriod": int(fields["ValidityPeriod"])}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_what_our_client_sends_fits(document: TwilioDocument, text: Any) -> None:
    fields = as_typed((await sent(text)).fields)
    assert document.faults(fields, document.form) == []


def test_what_does_not_fit_is_found(document: TwilioDocument) -> None:
    fine = {"To": TO, "From": TO, "Body": "a", "ValidityPeriod": 1}
    assert document.faults(fine, document.form) == []
    for wrong in ({"Text": "a"}, {"ValidityPeriod": "soon"}, {"MessagingServiceSid": "MG1"}):
        assert document.faults({**fine, **wrong}, document.form)


async def test_the_answer_that_it_shows_is_read_as_taken(document: TwilioDocument) -> None:
    body = json.dumps(document.created).encode()
    head = b"HTTP/1.1 201 Created\r\ncontent-length: %d\r\n\r\n" % len(body)
    async with Listener(head + body) as listener:
        account = TwilioAccount(SID, TOKEN, f"http://127.0.0.1:{listener.port}")
        answer = await TwilioSender(account, request_time=5).send(a_text())
    assert (answer.fate, answer.sid) == (SmsFate.TAKEN, document.created["sid"])


async def test_what_the_sandbox_answers_fits(document: TwilioDocument) -> None:
    async with TwilioSandbox(callbacks=None) as twilio:
        for text in (a_text(), a_text(sender="DRSTEP"), a_text(sender=SERVICE)):
            await texter_on(twilio).send(text)
        twilio.messages[0].move_to("undelivered", 30003)
        auth = httpx.BasicAuth(twilio.account_sid, twilio.auth_token)
        messages = f"{twilio.base_url}/{API_VERSION}/Accounts/{twilio.account_sid}/Messages"
        async with httpx.AsyncClient(auth=auth) as client:
            page = (await client.get(f"{messages}.json")).json()
            one = (await client.get(f"{messages}/{twilio.messages[0].sid}.json")).json()
    assert len(page["messages"]) == 3
    assert document.faults(page, document.page) == []
    for message in (one, *page["messages"]):
        assert document.faults(message, document.message) == []
        assert set(message) == document.properties_of_a_message
