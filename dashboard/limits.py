"""How often somebody may ask: pages by their session, changes by the partner's tier."""

from fastapi import Request

from api.dependencies import Parts
from api.rate_limits import Allowance
from contracts.access.users import Role
from contracts.errors import LimitReached
from contracts.refusals import Refusal
from contracts.tiers import Tier
from store.tables import SessionRow

PAGES_A_MINUTE = 600
"""Of a session: pages ask again by themselves every few seconds, in every tab."""


def limit_pages(request: Request, parts: Parts, row: SessionRow) -> None:
    """Count a request of a session. LimitReached beyond what a person does."""
    refuse_beyond(parts.limits.spend_of(f"session/{row.id}", PAGES_A_MINUTE))
    if request.method == "POST" and row.role is Role.OPS:
        refuse_beyond(parts.limits.spend_of_ops(row.user_id or row.id))


def limit_changes(request: Request, parts: Parts, partner_id: str, tier: Tier) -> None:
    """Count a change by a partner's people, from the same allowance as its keys' requests."""
    if request.method == "POST":
        refuse_beyond(parts.limits.spend_of_partner(partner_id, tier))


def refuse_beyond(allowance: Allowance) -> None:
    """LimitReached where the request was one too many."""
    if allowance.wait_s:
        raise LimitReached(
            f"there were {allowance.per_minute} requests within a minute, which is the most: come "
            f"back in {allowance.wait_s} s",
            wait_s=allowance.wait_s,
            cause=Refusal.TOO_OFTEN,
        )
