"""The three counts: what the sender was told, what the database says, what receivers received.

Each comes from another process and none is derived from another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Acknowledged:
    """An event for which the sender holds a 202. `targets`: who has to get a delivery of it."""

    event_id: str
    partner_id: str
    order_id: str
    targets: frozenset[str]
    accepted_at: float = 0.0


@dataclass(frozen=True)
class StoredEvent:
    """A row of `events`."""

    event_id: str
    partner_id: str
    order_id: str
    sequence: int
    state: str = "planned"
    delivery_count: int = 1


@dataclass(frozen=True)
class StoredDelivery:
    """A row of `deliveries` with its attempts and unresolved dead letters counted."""

    id: str
    event_id: str
    target: str
    state: str = "delivered"
    attempts: int = 1
    in_flight: int = 0
    open_dead_letters: int = 0


@dataclass(frozen=True)
class StoredText:
    """A row of `sms_messages`. `sid` is Twilio's name for it, where its answer arrived."""

    event_id: str
    to: str
    body: str
    state: str = "accepted"
    sid: str | None = None


@dataclass(frozen=True)
class Request:
    """A webhook that reached an endpoint. `accepted`: it was answered 2xx; `answered`: with any
    status, and not by a connection that broke."""

    endpoint: str
    webhook_id: str
    accepted: bool = True
    verified: bool = True
    body_sha256: str = ""
    first_byte_at: float = 0.0
    answered: bool = True


@dataclass(frozen=True)
class Text:
    """A text that Twilio has taken."""

    sid: str
    to: str
    body: str


@dataclass(frozen=True)
class GivenInstruction:
    """An instruction that a customer has read to be taken."""

    partner_id: str
    order_id: str
    action: str


@dataclass(frozen=True)
class StoredInstruction:
    """A row of `instructions`. `post_state` is how its webhook to the OMS stands."""

    id: str
    partner_id: str
    order_id: str
    action: str
    post_state: str = "posted"


@dataclass(frozen=True)
class Counts:
    """All three counts of one run."""

    acknowledged: Sequence[Acknowledged] = ()
    events: Sequence[StoredEvent] = ()
    deliveries: Sequence[StoredDelivery] = ()
    stored_texts: Sequence[StoredText] = ()
    requests: Sequence[Request] = ()
    texts: Sequence[Text] = field(default=())
    told: Sequence[GivenInstruction] = ()
    instructions: Sequence[StoredInstruction] = ()
    posts: Sequence[Request] = ()
    """What reached the OMS of those."""
