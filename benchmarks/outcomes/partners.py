"""The partners of the play: 4 enterprise clients and 15 merchants, as they are in the field."""

from collections.abc import Mapping, Sequence

from benchmarks.outcomes.assumptions import REDELIVERY_COST, SMS_PART_PRICE
from sandbox.partners import Endpoint, Partner

_AT_THE_END = ("delivered", "delivery_failed", "return_initiated")

SECURE = "merchant-03"
"""The partner whose endpoint is served over TLS, with a certificate that can run out."""
LEAVING = "enterprise-4-old"
"""An endpoint that its partner gives up for good."""

_ENTERPRISES = [
    Partner(
        f"enterprise-{number}",
        "enterprise",
        [
            Endpoint(f"enterprise-{number}-crm"),
            Endpoint(
                f"enterprise-{number}-{'old' if number == 4 else 'care'}", event_types=_AT_THE_END
            ),
        ],
        share=share,
    )
    for number, share in zip(range(1, 5), (20, 16, 14, 12), strict=True)
]
_WITH_WEBHOOKS = [
    Partner(
        f"merchant-{number:02}",
        "growth",
        [Endpoint(f"merchant-{number:02}")],
        sms_fallback=number % 3 == 0,
        share=3,
    )
    for number in range(1, 10)
]
_WITH_TEXTS = [
    Partner(f"shop-{number}", "smb", sms_enabled=True, share=2) for number in range(1, 7)
]

PARTNERS: Sequence[Partner] = (*_ENTERPRISES, *_WITH_WEBHOOKS, *_WITH_TEXTS)
ENDPOINTS = tuple(endpoint for partner in PARTNERS for endpoint in partner.endpoints)
PARTNER_OF: Mapping[str, str] = {
    endpoint.name: partner.id for partner in PARTNERS for endpoint in partner.endpoints
}

SETTINGS: Mapping[str, object] = {
    "tracking_enabled": True,
    "redelivery_cost": REDELIVERY_COST,
    "sms_part_price": SMS_PART_PRICE,
}
"""What is set for each partner beside its tier's defaults."""


def texted(partner: Partner) -> bool:
    """Whether its customers may get texts."""
    return partner.tier == "smb" or partner.sms_fallback


def drawn_by_share() -> list[str]:
    """Each partner's id as often as its share says, to draw from."""
    return [partner.id for partner in PARTNERS for _ in range(round(partner.share))]
