"""`/v1/partners/{id}/portal-links`: from the company's own merchant portal into the dashboard."""

from fastapi import APIRouter, Request

from api.auth.key_check import Ops
from api.dependencies import Now, SmsRules, Store
from api.json_route import JsonRoute
from contracts.access.users import PortalLink, PortalLinkRequest
from contracts.ids import PartnerRef
from store.access.sign_in_links import portal_link

router = APIRouter(route_class=JsonRoute, prefix="/v1/partners", tags=["partners"])


@router.post("/{partner_id}/portal-links", status_code=201, summary="Make a portal link")
async def make_portal_link(
    partner_id: PartnerRef,
    asked: PortalLinkRequest,
    request: Request,
    now: Now,
    database: Store,
    rules: SmsRules,
    caller: Ops,
) -> PortalLink:
    """Make a link that opens this partner's dashboard without a password, for whoever is signed in
    to your own merchant portal.

    It works once, within two minutes: make it when they press the button there, and send their
    browser to `url`. The session that it begins ends within eight hours.
    """
    token, expires_at = await database.write(portal_link, partner_id, asked, now, actor=caller.id)
    origin = rules.public_url or str(request.base_url).rstrip("/")
    return PortalLink(url=f"{origin}/dashboard/portal/{token}", expires_at=expires_at)
