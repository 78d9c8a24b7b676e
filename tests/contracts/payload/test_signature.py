"""Signatures: what the reference library verifies, and a vector that openssl computed."""

import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from contracts.clock import utc_now
from contracts.payload.signature import new_secret, secret_key, signature_headers

BODY = '{"type":"delivered","name":"आशा"}'.encode()
OLD, NEW, OTHER = new_secret(), new_secret(), new_secret()


def of_length(count: int) -> str:
    """A secret with a key of so many bytes."""
    return "whsec_" + base64.b64encode(b"k" * count).decode()


def verifies(secret: str, headers: dict[str, str], body: bytes = BODY) -> bool:
    """What the reference library says."""
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except WebhookVerificationError:
        return False
    return True


def signed(*secrets: str, sent_at: datetime | None = None) -> dict[str, str]:
    return signature_headers(
        BODY, message_id="evt-1", sent_at=sent_at or utc_now(), secrets=secrets
    )


class TestTheHeaders:
    def test_the_reference_library_verifies_them(self) -> None:
        assert verifies(NEW, signed(NEW))

    def test_during_a_rotation_either_secret_verifies(self) -> None:
        headers = signed(NEW, OLD)
        assert verifies(NEW, headers)
        assert verifies(OLD, headers)
        assert not verifies(OTHER, headers)
        assert len(headers["webhook-signature"].split(" ")) == 2

    @pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
    def test_each_of_them_counts(self, header: str) -> None:
        headers = signed(NEW)
        changed = {"webhook-id": "evt-2", "webhook-timestamp": str(int(utc_now().timestamp()) - 9)}
        headers[header] = changed.get(header, signed(OTHER)["webhook-signature"])
        assert not verifies(NEW, headers)

    def test_a_changed_byte_is_noticed(self) -> None:
        assert not verifies(NEW, signed(NEW), BODY.replace(b"d", b"D", 1))

    def test_a_vector_that_openssl_computed(self) -> None:
        """`printf 'evt-1.1700000000.{"type":"delivered"}' | openssl dgst -sha256 -mac HMAC
        -macopt hexkey:000102…1f -binary | base64`"""
        headers = signature_headers(
            b'{"type":"delivered"}',
            message_id="evt-1",
            sent_at=datetime(2023, 11, 14, 22, 13, 20, 999_999, tzinfo=UTC),
            secrets=["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="],
        )
        assert headers == {
            "webhook-id": "evt-1",
            "webhook-timestamp": "1700000000",
            "webhook-signature": "v1,SJe9baEVY3xd36Tv8i8W+hN+HtXLyRBAUqfjregLEvg=",
        }


class TestSecrets:
    def test_new_ones_have_32_random_bytes(self) -> None:
        made = {new_secret() for _ in range(100)}
        assert len(made) == 100
        assert {len(secret_key(secret)) for secret in made} == {32}

    @pytest.mark.parametrize("count", [24, 32, 64])
    def test_24_to_64_bytes_are_good(self, count: int) -> None:
        assert secret_key(of_length(count)) == b"k" * count

    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            "whsec_",
            of_length(23),
            of_length(65),
            of_length(32).removeprefix("whsec_"),
            of_length(32).replace("whsec_", "WHSEC_"),
            of_length(32)[:-2],
            of_length(32) + "!",
            "whsec_" + "é" * 44,
            "whsec_" + "-_" * 22,
        ],
    )
    def test_everything_else_is_a_value_error_that_does_not_show_it(self, wrong: str) -> None:
        with pytest.raises(ValueError, match="a signing secret is whsec_") as caught:
            secret_key(wrong)
        assert not wrong[6:] or wrong[6:] not in str(caught.value)
