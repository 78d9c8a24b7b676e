"""What the OpenAPI document says of the API as a whole: where, whose, and its parts by tag."""

from typing import Any

LICENSE = {"name": "Proprietary", "identifier": "LicenseRef-Proprietary"}
CONTACT = {"name": "Doorstep API support"}
SERVERS = [{"url": "/", "description": "where this document comes from"}]

_TAGS = {
    "events": "What happened to an order: take it, and see what became of it.",
    "deliveries": "One event on its way to one endpoint or phone, and retry.",
    "dead letters": "What could not be delivered, kept for a person for 14 days.",
    "instructions": "What is to be done after a failed delivery, and what the OMS decides.",
    "partners": "Merchants, and links that let them into the dashboard.",
    "endpoints": "URLs that webhooks are sent to, their secrets and their health.",
    "recoveries": "Everything that an endpoint missed, sent again in order.",
    "texts": "SMS to customers: what they say, who wants none, and what holds them.",
    "outcomes": "What it all comes to: figures by day and week, each with its definition.",
    "tracking": "Tracking pages for customers: links, logos.",
    "notifications": "What people are told of, and whether it reached them.",
    "keys": "API keys.",
    "audit": "Who changed what.",
    "schemas": "The published schemas of the webhook's payload, with examples.",
    "platform": "Health and readiness of this process.",
    "webhooks": "What partners receive, and what the OMS does.",
}


def tags() -> list[dict[str, Any]]:
    """The tags in the order in which they are shown."""
    return [{"name": name, "description": text} for name, text in _TAGS.items()]
