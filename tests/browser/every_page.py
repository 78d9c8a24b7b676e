"""Every page of the dashboard, by name: what is looked at with axe, without scripts, on a phone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """Ids of things that are there, of one partner."""

    partner_id: str
    endpoint_id: str
    event_id: str
    order_id: str


def pages_of_partner(known: Known) -> dict[str, str]:
    """The pages that an owner sees, by their paths under /dashboard."""
    base = f"/p/{known.partner_id}"
    return {
        "overview": base,
        "overview-week": f"{base}?days=7",
        "outcomes": f"{base}/outcomes",
        "weekly-report": f"{base}/outcomes/report",
        "events": f"{base}/events",
        "event": f"{base}/events/{known.event_id}",
        "orders": f"{base}/orders",
        "undelivered": f"{base}/failed-deliveries",
        "order": f"{base}/orders?order_id={known.order_id}",
        "search": f"{base}/search?q={known.order_id[:3]}9",
        "dead-letters": f"{base}/dead-letters",
        "endpoints": f"{base}/endpoints",
        "endpoint": f"{base}/endpoints/{known.endpoint_id}",
        "endpoint-attempts": f"{base}/endpoints/{known.endpoint_id}/attempts",
        "endpoint-settings": f"{base}/endpoints/{known.endpoint_id}/settings",
        "endpoint-secret": f"{base}/endpoints/{known.endpoint_id}/secret",
        "recovery": f"{base}/endpoints/{known.endpoint_id}/recover",
        "set-up": f"{base}/set-up",
        "texts": f"{base}/texts",
        "sms-templates": f"{base}/texts/templates",
        "sms-settings": f"{base}/texts/settings",
        "wording": f"{base}/texts/out_for_delivery/hi",
        "opt-outs": f"{base}/texts/opt-outs",
        "keys": f"{base}/keys",
        "people": f"{base}/people",
        "changes": f"{base}/audit",
        "notifications": f"{base}/notifications",
        "notification-webhook": f"{base}/notification-webhook",
        "settings": f"{base}/settings",
        "tracking": f"{base}/tracking",
        "account": "/account",
        "notification-choices": "/account/notifications",
        "second-factor-new": "/account/second-factor",
    }


PAGES_OF_OPS: dict[str, str] = {
    "ops-partners": "/ops",
    "ops-outcomes": "/ops/outcomes",
    "ops-search": "/ops/search",
    "ops-dead-letters": "/ops/dead-letters",
    "ops-act": "/ops/act?action=retry&ids=shop",
    "ops-held": "/ops/held",
    "ops-notifications": "/ops/notifications",
    "ops-new-partner": "/ops/partners/new",
    "ops-platform": "/ops/platform",
    "ops-senders": "/ops/senders",
    "ops-texts": "/ops/texts",
    "ops-changes": "/ops/audit",
    "ops-people": "/ops/people",
}
OPEN_PAGES: dict[str, str] = {
    "sign-in": "/sign-in",
    "forgotten": "/forgotten",
    "forgotten-sent": "/forgotten?sent=yes",
    "lost": "/nothing/here",
}
