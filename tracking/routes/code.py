"""`/t/{token}/code`: the code that was texted to the order's phone, before an address or a phone
changes: a link that was forwarded changes neither."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contracts.errors import Conflict
from store.instructions.codes import AwaitedCode, awaited_code
from store.instructions.customers import confirm_as_customer, text_another_code
from tracking.following import Followed, follow
from tracking.languages import language_of
from tracking.pages import lead_to, page
from tracking.parcel_page import parcel_page
from tracking.parts import Now, Parts, PartsDep
from web_forms import OpenForm

router = APIRouter()


@router.get("/{token}/code")
async def code_form(token: str, request: Request, parts: PartsDep, now: Now) -> Response:
    """Where the code is typed; the parcel's page where none is awaited."""
    return await _as_it_stands(token, request, parts, now)


@router.post("/{token}/code")
async def confirm(
    token: str, request: Request, fields: OpenForm, parts: PartsDep, now: Now
) -> Response:
    """Take the code. A wrong one is counted, and the form is shown again."""
    order = (await follow(token, request, parts, now)).tracked.order
    try:
        is_right = await parts.database.write(confirm_as_customer, order, fields.code("code"), now)
    except Conflict:
        return await _as_it_stands(token, request, parts, now, refused=True)
    if is_right:
        return lead_to(request, token)
    return await _as_it_stands(token, request, parts, now, is_wrong=True)


@router.post("/{token}/code/again")
async def another_code(
    token: str, request: Request, _: OpenForm, parts: PartsDep, now: Now
) -> Response:
    """Have another code texted."""
    order = (await follow(token, request, parts, now)).tracked.order
    try:
        await parts.database.write(text_another_code, order, now)
    except Conflict:
        return await _as_it_stands(token, request, parts, now, refused=True)
    return lead_to(request, f"{token}/code")


async def _as_it_stands(
    token: str,
    request: Request,
    parts: Parts,
    now: datetime,
    *,
    is_wrong: bool = False,
    refused: bool = False,
) -> Response:
    """The form while a code is awaited, else the parcel's page, which says if it was refused."""
    found = await follow(token, request, parts, now)
    awaited = found.answers.code_for if found.answers else None
    if awaited is None:
        if not refused:
            return lead_to(request, token)
        return await parcel_page(request, found, now, too_late=True)
    code = await parts.database.read(awaited_code, awaited, now)
    status = 422 if is_wrong else 409 if refused else 200
    return await _form(request, found, code, status, is_wrong=is_wrong)


async def _form(
    request: Request, found: Followed, code: AwaitedCode | None, status: int, *, is_wrong: bool
) -> Response:
    shop = found.tracked.shop
    return await page(
        request,
        "code",
        language_of(request, shop.language),
        status,
        shop=shop,
        brand_color=shop.brand_color,
        order_id=found.tracked.order.order_id,
        token=found.token,
        code=code,
        is_wrong=is_wrong,
    )
