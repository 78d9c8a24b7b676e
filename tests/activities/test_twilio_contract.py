"""Our request against what Twilio publishes: the bytes that the official client really sends.

Source: Twilio's OpenAPI document, repository twilio/twilio-oai, spec/json/twilio_api_v2010.json at
commit 00c8d36829d67333c14bef357affd57851408ad7, operation CreateMessage; its descriptions give the
limits of Body, ValidityPeriod and StatusCallback. The alphanumeric sender ID is in Twilio's
glossary, E.164 in ITU-T E.164 section 6.
"""

import base64
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest

from activities.twilio_sender import OutgoingText, TwilioAccount, TwilioSender
from contracts.sms.answers import SmsFate
from sandbox.twilio import TwilioSandbox
from tests.support.listener import Listener
from tests.support.twilio import SENDER, TO, a_text, texter_on

SID, TOKEN = "AC" + "1f" * 16, "a-token:of the tests"
SERVICE = "MG" + "2E" * 16
CALLBACK = "https://doorstep.example/v1/sms/status?claim=sms_01JD&x=%2B"
HINDI = "आपका ऑर्डर #1042 आज आएगा। OTP 4711 & ₹499"

PUBLISHED = {
    "To",
    "StatusCallback",
    "ApplicationSid",
    "MaxPrice",
    "ProvideFeedback",
    "Attempt",
    "ValidityPeriod",
    "ForceDelivery",
    "ContentRetention",
    "AddressRetention",
    "SmartEncoded",
    "PersistentAction",
    "ShortenUrls",
    "ScheduleType",
    "SendAt",
    "SendAsMms",
    "ContentVariables",
    "RiskCheck",
    "From",
    "MessagingServiceSid",
    "Body",
    "MediaUrl",
    "ContentSid",
}
REQUIRED, ONE_OF = {"To"}, {"From", "MessagingServiceSid"}
E_164 = re.compile(r"\+[1-9][0-9]{1,14}")
ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
SERVICE_SID = re.compile(r"MG[0-9a-fA-F]{32}")
MOST_CHARACTERS, LONGEST_URL = 1600, 4000
VALIDITY_S = range(1, 36_000 + 1)

TEXTS = {
    "a number": a_text(),
    "a header": a_text(sender="DRSTEP"),
    "a messaging service": a_text(sender=SERVICE),
    "with a callback": a_text(status_callback=CALLBACK),
    "a service with a callback": a_text(sender=SERVICE, status_callback=CALLBACK),
    "the shortest validity": a_text(validity_s=1),
    "the longest validity": a_text(validity_s=36_000),
    "no time left": a_text(validity_s=-3),
    "a validity beyond Twilio's": a_text(validity_s=86_400),
    "a Hindi text": a_text(HINDI),
    "the longest text": a_text("न" * 1600),
    "a text of signs": a_text("a=b&c+d%20;\r\n{}€#?/\\\" 'x'"),
}


@dataclass(frozen=True)
class Request:
    """One HTTP request, taken apart."""

    line: str
    headers: dict[str, str]
    form: bytes

    @property
    def fields(self) -> dict[str, str]:
        """What the form says; a name that comes twice fails."""
        pairs = parse_qsl(self.form.decode("ascii"), keep_blank_values=True, strict_parsing=True)
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)


async def sent(text: OutgoingText) -> Request:
    """The request that a text becomes on the wire; exactly one is made."""
    body = json.dumps({"sid": "SM" + "3" * 32, "num_segments": "1"}).encode()
    head = b"HTTP/1.1 201 Created\r\ncontent-length: %d\r\n\r\n" % len(body)
    async with Listener(head + body) as listener:
        account = TwilioAccount(SID, TOKEN, f"http://127.0.0.1:{listener.port}")
        answer = await TwilioSender(account, request_time=5).send(text)
    assert answer.fate is SmsFate.TAKEN
    [raw] = listener.requests
    before, _, form = raw.partition(b"\r\n\r\n")
    line, *rest = before.decode("latin-1").split("\r\n")
    pairs = [header.partition(": ") for header in rest]
    return Request(line, {name.lower(): value for name, _, value in pairs}, form)


class TestTheRequest:
    async def test_its_path(self) -> None:
        assert (await sent(a_text())).line == (
            f"POST /2010-04-01/Accounts/{SID}/Messages.json HTTP/1.1"
        )

    async def test_it_is_form_encoded_and_signed_in_by_account_and_token(self) -> None:
        headers = (await sent(a_text())).headers
        assert headers["content-type"] == "application/x-www-form-urlencoded"
        scheme, _, credentials = headers["authorization"].partition(" ")
        assert scheme == "Basic"
        assert base64.b64decode(credentials).decode() == f"{SID}:{TOKEN}"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
class TestItsParameters:
    async def test_are_published_ones_and_those_that_are_needed(self, text: OutgoingText) -> None:
        names = set((await sent(text)).fields)
        assert names <= PUBLISHED
        assert names >= REQUIRED | {"Body", "ValidityPeriod"}
        assert len(names & ONE_OF) == 1
        assert ("StatusCallback" in names) == (text.status_callback is not None)

    async def test_have_the_published_formats(self, text: OutgoingText) -> None:
        fields = (await sent(text)).fields
        assert E_164.fullmatch(fields["To"])
        assert 1 <= len(fields["Body"]) <= MOST_CHARACTERS
        assert re.fullmatch(r"[0-9]+", fields["ValidityPeriod"])
        assert int(fields["ValidityPeriod"]) in VALIDITY_S
        sender = fields.get("From", "")
        assert not sender or E_164.fullmatch(sender) or ALPHANUMERIC.fullmatch(sender)
        assert SERVICE_SID.fullmatch(fields.get("MessagingServiceSid", SERVICE))
        callback = urlsplit(fields.get("StatusCallback", CALLBACK))
        assert callback.scheme in {"http", "https"}
        assert callback.hostname
        assert "_" not in callback.hostname
        assert len(callback.geturl()) <= LONGEST_URL

    async def test_say_what_the_text_says(self, text: OutgoingText) -> None:
        fields = (await sent(text)).fields
        assert (fields["To"], fields["Body"]) == (text.to, text.body)
        assert fields.get("From") == (None if text.sender == SERVICE else text.sender)
        assert fields.get("MessagingServiceSid") == (SERVICE if text.sender == SERVICE else None)
        assert fields.get("StatusCallback") == text.status_callback

    async def test_are_taken_by_the_sandbox(self, text: OutgoingText) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            assert (await texter_on(twilio).send(text)).fate is SmsFate.TAKEN


class TestTheBytes:
    async def test_of_a_plain_text(self) -> None:
        form = (await sent(a_text("Hi", status_callback="https://d.example/s?c=1"))).form
        assert sorted(form.split(b"&")) == [
            b"Body=Hi",
            b"From=%2B15005550006",
            b"StatusCallback=https%3A%2F%2Fd.example%2Fs%3Fc%3D1",
            b"To=%2B919845012345",
            b"ValidityPeriod=3600",
        ]
        assert (SENDER, TO) == ("+15005550006", "+919845012345")

    async def test_of_a_hindi_text_are_utf_8(self) -> None:
        form = (await sent(a_text("नमस्ते"))).form
        assert b"Body=%E0%A4%A8%E0%A4%AE%E0%A4%B8%E0%A5%8D%E0%A4%A4%E0%A5%87" in form.split(b"&")
