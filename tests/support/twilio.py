"""A texter on the sandbox Twilio, through the official client, and texts for it."""

from activities.twilio_sender import OutgoingText, TwilioAccount, TwilioSender
from sandbox.twilio import TwilioSandbox

SENDER = "+15005550006"
TO = "+919845012345"


def texter_on(twilio: TwilioSandbox, *, request_time: float = 5.0) -> TwilioSender:
    """The product's own sender, pointed at the sandbox. `request_time` in seconds."""
    account = TwilioAccount(twilio.account_sid, twilio.auth_token, twilio.base_url)
    return TwilioSender(account, request_time)


def a_text(
    body: str = "Namaste",
    *,
    to: str = TO,
    sender: str = SENDER,
    validity_s: int = 3600,
    status_callback: str | None = None,
) -> OutgoingText:
    """A text that is fine."""
    return OutgoingText(to, body, sender, validity_s, status_callback)
