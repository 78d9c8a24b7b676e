"""Whose signature a callback has: both algorithms, with signatures made by hand."""

import base64
import hashlib
import hmac
import logging

import pytest

from twilio_signature import TwilioSignature

TOKEN, SECRET = "a-token-of-the-tests", "a-secret-of-the-tests"
URL = "https://doorstep.example/v1/sms/status?claim=sms_1"
FIELDS = [("MessageSid", "SM1"), ("AccountSid", "AC1"), ("MessageStatus", "delivered")]
SIGNED = URL + "AccountSidAC1" + "MessageSidSM1" + "MessageStatusdelivered"
SHA256 = "key=webhooks_sharedkey_0001,algorithm=HMAC_SHA256"
CHECK = TwilioSignature(TOKEN, SECRET)


def sha1(key: str, text: str) -> str:
    """A signature by the auth token, by hand."""
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), "sha1")).decode()


def sha256(key: str, text: str) -> str:
    """A signature by a shared key, by hand."""
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


class TestTheAuthToken:
    def test_a_signature_of_its_own_is_genuine(self) -> None:
        assert CHECK.genuine(URL, FIELDS, sha1(TOKEN, SIGNED), None)

    def test_and_one_that_is_written_down(self) -> None:
        """The example of Twilio's own documentation of the scheme."""
        fields = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]
        url = "https://mycompany.com/myapp.php?foo=1&bar=2"
        assert TwilioSignature("12345").genuine(url, fields, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")

    @pytest.mark.parametrize(
        "signature",
        [
            sha1("another", SIGNED),
            sha1(SECRET, SIGNED),
            sha256(TOKEN, SIGNED),
            sha1(TOKEN, SIGNED)[:-1],
            sha1(TOKEN, SIGNED) + " ",
            sha1(TOKEN, SIGNED).lower(),
            "",
            "é" * 28,
            "\ud800" * 28,
            "=",
        ],
    )
    def test_anything_else_is_not(self, signature: str) -> None:
        assert not CHECK.genuine(URL, FIELDS, signature, None)

    @pytest.mark.parametrize(
        "fields",
        [
            [],
            FIELDS[:2],
            [*FIELDS, ("Extra", "1")],
            [*FIELDS, ("MessageStatus", "failed")],
            [("MessageSid", "SM1"), ("AccountSid", "AC1"), ("MessageStatus", "failed")],
        ],
    )
    def test_every_field_counts(self, fields: list[tuple[str, str]]) -> None:
        assert not CHECK.genuine(URL, fields, sha1(TOKEN, SIGNED), None)

    @pytest.mark.parametrize(
        "url",
        [
            URL.replace("sms_1", "sms_2"),
            URL.replace("https", "http"),
            URL.replace("doorstep.example", "doorstep.example.com"),
            URL + "&x=1",
            "",
        ],
    )
    def test_so_does_the_whole_url(self, url: str) -> None:
        assert not CHECK.genuine(url, FIELDS, sha1(TOKEN, SIGNED), None)

    def test_their_order_does_not(self) -> None:
        assert CHECK.genuine(URL, FIELDS[::-1], sha1(TOKEN, SIGNED), None)

    def test_nor_whether_the_port_is_written(self) -> None:
        with_port = URL.replace(".example/", ".example:443/")
        assert CHECK.genuine(with_port, FIELDS, sha1(TOKEN, SIGNED), None)
        assert CHECK.genuine(URL, FIELDS, sha1(TOKEN, SIGNED.replace(URL, with_port)), None)

    def test_a_field_without_a_value_and_one_that_nobody_knows(self) -> None:
        fields = [*FIELDS, ("ZNew", ""), ("CarrierNote", "नया")]
        text = URL + "AccountSidAC1" + "CarrierNoteनया" + "MessageSidSM1"
        text += "MessageStatusdelivered" + "ZNew"
        assert CHECK.genuine(URL, fields, sha1(TOKEN, text), None)

    def test_repeated_fields_are_signed_each_once_in_order(self) -> None:
        fields = [("Tag", "b"), ("Sid", "SM1"), ("Tag", "a"), ("Tag", "b")]
        assert CHECK.genuine(URL, fields, sha1(TOKEN, URL + "SidSM1" + "Taga" + "Tagb"), None)
        assert not CHECK.genuine(URL, fields, sha1(TOKEN, URL + "SidSM1" + "Tagb"), None)

    def test_without_fields_the_url_is_signed(self) -> None:
        assert CHECK.genuine(URL, [], sha1(TOKEN, URL), None)


class TestASharedKey:
    @pytest.mark.parametrize(
        "settings",
        [
            SHA256,
            "algorithm=HMAC_SHA256",
            " algorithm = HMAC_SHA256 , key = k",
            "key=k,algorithm=hmac_sha256",
        ],
    )
    def test_its_secret_signs_with_sha256(self, settings: str) -> None:
        assert CHECK.genuine(URL, FIELDS, sha256(SECRET, SIGNED), settings)
        assert not CHECK.genuine(URL, FIELDS, sha256(TOKEN, SIGNED), settings)
        assert not CHECK.genuine(URL, FIELDS, sha1(SECRET, SIGNED), settings)
        assert not CHECK.genuine(URL, FIELDS, sha1(TOKEN, SIGNED), settings)

    def test_without_a_secret_the_auth_token_does(self) -> None:
        assert TwilioSignature(TOKEN, None).genuine(URL, FIELDS, sha256(TOKEN, SIGNED), SHA256)
        assert TwilioSignature(TOKEN, "").genuine(URL, FIELDS, sha256(TOKEN, SIGNED), SHA256)

    @pytest.mark.parametrize("settings", ["key=k,algorithm=HMAC_SHA1", "key=k", "key=k,algorithm="])
    def test_one_that_signs_with_sha1(self, settings: str) -> None:
        assert CHECK.genuine(URL, FIELDS, sha1(SECRET, SIGNED), settings)
        assert not CHECK.genuine(URL, FIELDS, sha1(TOKEN, SIGNED), settings)

    def test_an_empty_header_speaks_of_none(self) -> None:
        assert CHECK.genuine(URL, FIELDS, sha1(TOKEN, SIGNED), "")


class TestNeverAnError:
    @pytest.mark.parametrize(
        "settings",
        ["algorithm=NONE", "algorithm=HMAC_SHA512", "algorithm=é", "algorithm=\udcff,key=\x00"],
    )
    def test_an_algorithm_that_nobody_knows(
        self, settings: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Nor a line in the log: a stranger could fill it."""
        with caplog.at_level(logging.DEBUG):
            assert not CHECK.genuine(URL, FIELDS, sha256(SECRET, SIGNED), settings)
        assert caplog.records == []

    @pytest.mark.parametrize("settings", [None, SHA256, "é", "\udcff", ",,=,", "=" * 5000])
    @pytest.mark.parametrize("signature", ["", "é", "\udcff", "x" * 100_000])
    def test_headers_that_are_no_ascii(self, signature: str, settings: str | None) -> None:
        assert not CHECK.genuine(URL, FIELDS, signature, settings)

    @pytest.mark.parametrize(
        "url", ["", "nowhere", "https://[", "https://d.example:port/", "https://d.example/\udcff"]
    )
    def test_a_url_that_cannot_be_read(self, url: str) -> None:
        assert not CHECK.genuine(url, FIELDS, sha1(TOKEN, SIGNED), None)

    @pytest.mark.parametrize("text", ["\udcff", "\x00", "a" * 100_000])
    def test_fields_of_any_kind(self, text: str) -> None:
        assert not CHECK.genuine(URL, [(text, text), ("To", text)], sha1(TOKEN, SIGNED), None)
