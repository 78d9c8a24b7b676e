"""A texter on the sandbox Twilio, through the official client."""

from activities.twilio_sender import TwilioAccount, TwilioSender
from sandbox.twilio import TwilioSandbox

SENDER = "+15005550006"


def texter_on(twilio: TwilioSandbox) -> TwilioSender:
    """The product's own sender, pointed at the sandbox."""
    return TwilioSender(
        TwilioAccount(twilio.account_sid, twilio.auth_token, SENDER, twilio.base_url)
    )
