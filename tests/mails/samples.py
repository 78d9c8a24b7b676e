"""What each kind is told with, as those who write notifications give it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from contracts.brand import Brand
from contracts.notifications.kinds import RULES
from contracts.notifications.kinds import NotificationKind as Kind
from contracts.notifications.links import link_path
from contracts.notifications.mail import MailContent, MailItem

BASE_URL = "https://doorstep.example.com/dashboard"
PREFERENCES = f"{BASE_URL}/account/notifications"
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
HOST = "hooks.chaipoint.example"
ENDPOINT: Mapping[str, Any] = {
    "host": HOST,
    "event_id": "evt_01HZX",
    "order_id": "CP-1042",
    "event_type": "delivery_failed",
    "code": "http_503",
    "status": 503,
    "reason": None,
    "since": "2026-11-30T07:30:00+00:00",
    "disabled_at": None,
}
FIGURES = [
    {"name": "events_accepted", "unit": "count", "value": "12045", "before": "11000"},
    {"name": "delivered_within_policy", "unit": "share", "value": "0.9991", "before": None},
    {"name": "redelivery_cost_avoided", "unit": "INR", "value": "13270", "before": "0"},
    {"name": "of_tomorrow", "unit": "count", "value": "1", "before": "1"},
]
ABOUT: Mapping[Kind, Mapping[str, Any]] = {
    Kind.ENDPOINT_FAILING: ENDPOINT,
    Kind.ENDPOINT_RECOVERED: {**ENDPOINT, "code": "http_200", "status": 200},
    Kind.ENDPOINT_DISABLED_SOON: {**ENDPOINT, "disabled_at": "2026-12-05T07:30:00+00:00"},
    Kind.ENDPOINT_DISABLED: {**ENDPOINT, "status": None, "code": "timeout"},
    Kind.FAILED_DELIVERIES: {"count": 12, "oldest": "2026-11-29T07:30:00+00:00"},
    Kind.SMS_SUSPENDED: {
        "scope": "partner",
        "reason": "the sender is not registered",
        "code": None,
    },
    Kind.INSTRUCTIONS_UNANSWERED: {"count": 3, "oldest": "2026-11-29T07:30:00+00:00"},
    Kind.WEEKLY_OUTCOMES: {
        "week": "2026-W48",
        "from": "2026-11-23",
        "to": "2026-11-29",
        "figures": FIGURES,
    },
    Kind.INVITATION: {"by": "Asha Rao", "role": "owner", "has_password": False},
    Kind.PASSWORD_RESET: {"by": None},
    Kind.PASSWORD_CHANGED: {"by": "Priya Nair"},
    Kind.ROLE_CHANGED: {"by": "Asha Rao", "before": "member", "after": "owner"},
    Kind.KEY_CHANGED: {"by": None, "what": "OMS", "change": "made", "scope": "partner"},
    Kind.ENDPOINT_URL_CHANGED: {"by": "Asha Rao", "host": HOST, "before": "old.example"},
    Kind.CONTACT_PHONE_CHANGED: {"by": "Asha Rao", "change": "changed", "confirmed": False},
    Kind.SECOND_FACTOR_CHANGED: {"by": None, "what": "second_factor_reset"},
}


def an_item(kind: Kind = Kind.ENDPOINT_FAILING, number: int = 1, **other: Any) -> MailItem:
    """A notification about the endpoint of this number, where it is about one."""
    known: dict[str, Any] = {
        "kind": kind,
        "about": ABOUT[kind],
        "created_at": NOW,
        "time_zone": "Asia/Kolkata",
        "partner_id": "chai-point",
        "partner_name": "Chai Point",
        "endpoint_id": f"ep_{number}" if kind.startswith("endpoint") else None,
    }
    known |= other
    path = link_path(
        kind,
        partner_id=known["partner_id"],
        endpoint_id=known["endpoint_id"],
        secret="token-of-the-link",
    )
    return MailItem(**{"link": f"{BASE_URL}{path}"} | known)


def content_of(*items: MailItem, **other: Any) -> MailContent:
    """What an e-mail of these tells."""
    optional = all(RULES[one.kind].optional for one in items)
    known: dict[str, Any] = {
        "items": items,
        "recipient_name": "Priya Nair",
        "language": None,
        "brand": Brand(),
        "base_url": BASE_URL,
        "preferences_url": PREFERENCES if optional else None,
    }
    return MailContent(**known | other)
