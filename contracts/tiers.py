"""Tiers: what each starts a partner with, and what it limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contracts.errors import Invalid
from contracts.payload.events import EventType
from contracts.refusals import Refusal


class Tier(StrEnum):
    """A partner's service level. It sets defaults, limits and priority, nothing else."""

    SMB = "smb"
    GROWTH = "growth"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True)
class TierDefaults:
    """What a tier starts a partner with. `priority` is Temporal's: 1 is served first, 5 last.
    `requests_per_minute` is for each of the partner's API keys. `sms_offered`: texts wait for the
    yes of the owner; no tier starts with texts that are on."""

    webhook_enabled: bool
    sms_offered: bool
    sms_fallback: bool
    tracking_enabled: bool
    most_endpoints: int
    priority: int
    requests_per_minute: int
    event_filters: bool
    most_custom_headers: int


TIERS: Mapping[Tier, TierDefaults] = {
    Tier.SMB: TierDefaults(
        webhook_enabled=False,
        sms_offered=True,
        sms_fallback=False,
        tracking_enabled=True,
        most_endpoints=1,
        priority=4,
        requests_per_minute=60,
        event_filters=False,
        most_custom_headers=0,
    ),
    Tier.GROWTH: TierDefaults(
        webhook_enabled=True,
        sms_offered=False,
        sms_fallback=False,
        tracking_enabled=False,
        most_endpoints=3,
        priority=3,
        requests_per_minute=600,
        event_filters=True,
        most_custom_headers=5,
    ),
    Tier.ENTERPRISE: TierDefaults(
        webhook_enabled=True,
        sms_offered=False,
        sms_fallback=False,
        tracking_enabled=False,
        most_endpoints=10,
        priority=2,
        requests_per_minute=3_000,
        event_filters=True,
        most_custom_headers=20,
    ),
}
"""The one table that knows about tiers."""


def limit_types(tier: Tier, event_types: Sequence[EventType] | None) -> None:
    """Invalid where an endpoint of this tier may not choose its types of event."""
    if event_types is not None and not TIERS[tier].event_filters:
        raise Invalid(
            f"the tier {tier} has no event filters: leave event_types out, or null",
            field="event_types",
            cause=Refusal.NOT_OF_THE_PLAN,
        )


def limit_headers(tier: Tier, headers: Mapping[str, str] | None) -> None:
    """Invalid where an endpoint of this tier may not have so many headers of its own."""
    most = TIERS[tier].most_custom_headers
    if headers and len(headers) > most:
        raise Invalid(
            f"the tier {tier} allows {most} custom headers on an endpoint: send no more",
            field="custom_headers",
            cause=Refusal.NOT_OF_THE_PLAN,
        )
