"""What one status callback of the sandbox Twilio carries: its form and its signature."""

from datetime import UTC, datetime

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
)

from sandbox.twilio_messages import API_VERSION, Message

_SHARED_KEY = "webhooks_sharedkey_00000000000000000000000000"
_EXTRA_FIELD = {"CarrierNote": "नया"}


def callback_fields(
    message: Message, status: str, error_code: int | None, *, extra: bool = False
) -> dict[str, str]:
    """The form. `extra` adds a field that Twilio has not documented."""
    fields = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "From": message.from_ or "+15005550006",
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
        "To": message.to,
    }
    if message.messaging_service_sid:
        fields["MessagingServiceSid"] = message.messaging_service_sid
    if error_code is not None:
        fields["ErrorCode"] = str(error_code)
    if status in {"delivered", "undelivered"}:
        fields["RawDlrDoneDate"] = datetime.now(UTC).strftime("%y%m%d%H%M")
    return fields | (_EXTRA_FIELD if extra else {})


class Signer:
    """Signs as Twilio does: with the auth token, or with a shared key where the plan says so."""

    def __init__(self, auth_token: str, shared_secret: str) -> None:
        self._auth_token, self._shared_secret = auth_token, shared_secret

    def headers(
        self, url: str, fields: dict[str, str], *, sha256: bool, forged: bool
    ) -> dict[str, str]:
        """The headers that a callback comes with; a forged one is signed with another key."""
        key = self._shared_secret if sha256 else self._auth_token
        validator = RequestValidator("not the " + key if forged else key)
        algorithm = HMAC_SHA256 if sha256 else HMAC_SHA1
        headers = {
            SIGNATURE_HEADER: validator.compute_signature(url, fields, algorithm),
            "User-Agent": "TwilioProxy/1.1",
        }
        if sha256:
            headers[SIGNATURE_SETTINGS_HEADER] = f"key={_SHARED_KEY},algorithm={algorithm}"
        return headers
