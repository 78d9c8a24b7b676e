"""Links to tracking pages: what they look like, how long they last, and how the API takes them."""

import re
from datetime import datetime, timedelta

from pydantic import Field

from contracts.body import Body, shown_as
from contracts.payload.events import EventType, PartnerId
from contracts.payload.fields import Flag, UtcDatetime

PAGE_PATH = "/t"
TOKEN_BYTES = 16
"""128 bits: 22 characters of base64url, the last of which has two bits only."""

KEPT_AFTER_THE_END = timedelta(days=30)
"""A link outlives its order by so much: the order ends as it is delivered, or turns back."""
KEPT_WITHOUT_NEWS = timedelta(days=90)
"""An order that never ends is forgotten so long after the last that was heard of it."""

_SHAPE = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")
_ENDED = frozenset({EventType.DELIVERED, EventType.RETURN_INITIATED})


def is_token(text: str) -> bool:
    """Whether a text could be a token: what could not is looked up nowhere."""
    return _SHAPE.fullmatch(text) is not None


def link_end(event_type: EventType, occurred_at: datetime) -> datetime:
    """When the link of an order ends, of which this is the last that happened."""
    return occurred_at + (KEPT_AFTER_THE_END if event_type in _ENDED else KEPT_WITHOUT_NEWS)


def link_url(public_url: str, token: str) -> str:
    """The whole link, as customers are sent it."""
    return f"{public_url}{PAGE_PATH}/{token}"


class TrackingLinkRequest(Body):
    """Whose order is meant."""

    model_config = shown_as(partner_id="chai-point")

    partner_id: PartnerId | None = Field(
        default=None, description="whose order it is; a partner's key need not say it"
    )
    is_test: Flag = Field(
        default=False, description="true: of the order that test events are of, not of a real one"
    )


class TrackingLink(Body):
    """The link to an order's tracking page. It is a secret: who has it sees the page."""

    url: str = Field(examples=["https://doorstep.example.com/t/3qTn5u7kQpWc1yZr8VbXdA"])
    ends_at: UtcDatetime = Field(
        description="when it ends if nothing more happens to the order: 30 days after it was "
        "delivered or turned back, 90 days after any other event",
        examples=["2027-02-21T09:34:05Z"],
    )


class TrackingLinkRevoked(Body):
    """When the link ended that was revoked."""

    revoked_at: UtcDatetime
