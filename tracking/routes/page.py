"""`/t/{token}`: where the parcel is. Reading changes nothing and is written down nowhere."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from contracts.errors import NotFound
from store.sms.opt_outs import link_token
from tracking.following import follow
from tracking.parcel import customer_phone
from tracking.parcel_page import parcel_page
from tracking.parts import Now, PartsDep

router = APIRouter()


@router.get("/{token}")
async def tracking_page(token: str, request: Request, parts: PartsDep, now: Now) -> Response:
    """The page of an order. A link that leads nowhere is told from no other such link: whether it
    was mistyped, revoked or has ended, and whether its order was erased."""
    return await parcel_page(request, await follow(token, request, parts, now), now)


@router.get("/{token}/texts")
async def stop_texts(token: str, request: Request, parts: PartsDep, now: Now) -> Response:
    """Lead on to the page that stops the texts about the customer's orders."""
    tracked = (await follow(token, request, parts, now)).tracked
    phone = customer_phone(tracked.last)
    if phone is None:
        raise NotFound("this order has no phone")
    opt_out = await parts.database.write(link_token, tracked.shop.id, phone, now)
    return RedirectResponse(f"/o/{opt_out}", 303, {"cache-control": "no-store"})
