"""Which texts may go to another phone than the event's: one rule for store, API and dashboard.

What is masked for reading must not leave by an action. So a phone is corrected only where a text
has not arrived; and while its OTP is in force, only where it certainly has not, and not abroad.
"""

from collections.abc import Collection
from dataclasses import dataclass

from contracts.delivery.states import Channel, DeliveryState, SkipReason, SmsState

MAY_HAVE_ARRIVED = frozenset(
    {
        SmsState.CLAIMED,
        SmsState.ACCEPTED,
        SmsState.SENT,
        SmsState.DELIVERED,
        SmsState.UNKNOWN,
    }
)
"""A text in one of these states may be on somebody's phone."""


@dataclass(frozen=True)
class TextStanding:
    """How the text of a delivery stands. `otp_in_force`: it carries a code that opens a door now;
    `texts` are the states of those that were sent for it so far."""

    channel: Channel | None
    state: DeliveryState
    skip_reason: SkipReason | None
    otp_in_force: bool
    texts: Collection[SmsState]


def why_not_correctable(text: TextStanding) -> str | None:
    """Why the phone of a delivery's text cannot be corrected, in words; None: it can."""
    if text.channel is not Channel.SMS:
        return "it is not a text: only texts can go to another phone"
    skipped_for_it = (
        text.state is DeliveryState.SKIPPED and text.skip_reason is SkipReason.INVALID_PHONE
    )
    if not skipped_for_it and text.state is not DeliveryState.DEAD_LETTERED:
        return (
            f"it is {text.state}: only a text that could not be delivered, or was skipped for its "
            "phone, can go to another one"
        )
    if text.otp_in_force and MAY_HAVE_ARRIVED.intersection(text.texts):
        return (
            "this text may have arrived and its OTP is in force: have the OMS send a new "
            "out_for_delivery with the right phone and a new OTP"
        )
    return None
