"""`/v1/orders/{order_id}/tracking-link`: the link to an order's tracking page."""

from fastapi import APIRouter

from api.auth.key_check import Anyone, OpsOrPartner
from api.dependencies import Now, SmsRules, Store
from api.json_route import JsonRoute
from api.routes.partners import partner_named
from contracts.access.callers import Caller
from contracts.errors import Conflict
from contracts.ids import OrderRef
from contracts.tracking.links import (
    TrackingLink,
    TrackingLinkRequest,
    TrackingLinkRevoked,
    link_url,
)
from store.tracking import links
from store.tracking.links import LinkedOrder

router = APIRouter(route_class=JsonRoute, prefix="/v1/orders", tags=["tracking"])


@router.post("/{order_id:path}/tracking-link", summary="Get the link to a tracking page")
async def give_tracking_link(
    order_id: OrderRef,
    now: Now,
    database: Store,
    caller: Anyone,
    rules: SmsRules,
    asked: TrackingLinkRequest | None = None,
) -> TrackingLink:
    """Give the link to an order's tracking page, for a mail or a page of your own.

    It is the link that texts have: the same at every call, until it is revoked; then there is a new
    one. It is a secret: who has it sees the page, so each call is in the audit log. 404 before the
    order's first event; 409 while the partner has no tracking pages, or `DOORSTEP_PUBLIC_URL` is
    not set.
    """
    order = _order(order_id, asked, caller)
    if rules.public_url is None:
        raise Conflict("there are no tracking pages: DOORSTEP_PUBLIC_URL is not set")
    token, ends_at = await database.write(
        links.give_link, order, now, actor=caller.id, owner=caller.owner
    )
    return TrackingLink(url=link_url(rules.public_url, token), ends_at=ends_at)


@router.post("/{order_id:path}/tracking-link/revoke", summary="Revoke the link to a tracking page")
async def revoke_tracking_link(
    order_id: OrderRef,
    now: Now,
    database: Store,
    caller: OpsOrPartner,
    asked: TrackingLinkRequest | None = None,
) -> TrackingLinkRevoked:
    """End an order's link at once: whoever has it sees nothing any more.

    The next text about the order has a new link. Again, nothing changes. 404 where the order has
    none.
    """
    order = _order(order_id, asked, caller)
    revoked_at = await database.write(
        links.revoke_link, order, now, actor=caller.id, owner=caller.owner
    )
    return TrackingLinkRevoked(revoked_at=revoked_at)


def _order(order_id: str, asked: TrackingLinkRequest | None, caller: Caller) -> LinkedOrder:
    asked = asked or TrackingLinkRequest()
    partner_id = partner_named(caller, asked.partner_id)
    return LinkedOrder(partner_id, order_id, asked.is_test)
