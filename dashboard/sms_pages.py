"""What every page about SMS has: how they stand, the tabs, and what stops them."""

from typing import Any

from fastapi.responses import Response

from contracts.sms.rules import TextRules
from dashboard.page_context import PartnerContext
from store.events.phones import INDIA
from store.sms.suspensions import SuspensionScopes, suspension_in_force
from store.tables import PartnerRow

_TABS = {
    "overview": "/texts",
    "templates": "/texts/templates",
    "opt-outs": "/texts/opt-outs",
    "settings": "/texts/settings",
}


def standing_of(partner: PartnerRow) -> str:
    """Whether customers are texted: the end of a message. `waiting`: for the owner's yes."""
    if partner.sms_enabled:
        return "on"
    if partner.sms_awaits_owner:
        return "waiting"
    return "instead" if partner.sms_fallback else "off"


def sender_of(partner: PartnerRow, rules: TextRules) -> str | None:
    """Who the partner's texts come from."""
    return partner.sms_sender or rules.default_sender


async def sms_page(
    context: PartnerContext, template: str, tab: str, status: int = 200, /, **shown: Any
) -> Response:
    """A page under one of the tabs."""
    partner, sender = context.partner, sender_of(context.partner, context.parts.text_rules)
    scopes = SuspensionScopes(partner.id, sender or "", INDIA)
    return context.page(
        template,
        status,
        standing=standing_of(partner),
        suspension=await context.read(suspension_in_force, scopes),
        sender=sender,
        tabs=[
            (f"{context.base}{place}", context.words(f"texts-tab-{name}"), name == tab)
            for name, place in _TABS.items()
        ],
        **shown,
    )
