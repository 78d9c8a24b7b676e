"""`/forgotten` and `/reset/…`: another password for whoever has lost theirs, by a mailed link.

Nobody learns here who has an account: everybody is answered the same, and as soon.
"""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import Parts, PartsDep
from contracts.access.users import RESET_VALID_FOR, LinkKind, Role
from contracts.errors import NotFound
from dashboard.languages import note_choice
from dashboard.new_passwords import UnusablePassword, chosen_password, shown_of_link
from dashboard.page_context import HOME
from dashboard.pages import page
from dashboard.viewers import SignInNeeded
from store.access.password_resets import ask_for_reset, reset_password
from store.access.sign_in_links import open_link
from store.tables import SignInLinkRow
from web_forms import OpenForm

router = APIRouter()

_MINUTES = int(RESET_VALID_FOR.total_seconds() // 60)


@router.get("/forgotten")
async def ask_for_address(request: Request, parts: PartsDep, sent: str = "") -> Response:
    """The form; once it was sent, what comes next."""
    _require_mail(parts)
    return page(request, "forgotten", viewer=None, home=HOME, sent=bool(sent), minutes=_MINUTES)


@router.post("/forgotten")
async def send_link(request: Request, parts: PartsDep, fields: OpenForm) -> Response:
    """Have a link mailed, if somebody has this address."""
    _require_mail(parts)
    client = request.client.host if request.client else ""
    for_ops = parts.sign_in.takes_passwords_of(Role.OPS)
    await parts.database.write(
        ask_for_reset, fields.text("email"), client, parts.clock(), for_ops=for_ops
    )
    return RedirectResponse(f"{HOME}/forgotten?sent=yes", status_code=303)


@router.get("/reset/{token}")
async def ask_for_password(token: str, request: Request, parts: PartsDep) -> Response:
    """The form to choose another password."""
    link = await _link(request, parts, token)
    return page(request, "reset", **await shown_of_link(parts, link), fault=None)


@router.post("/reset/{token}")
async def choose_password(
    token: str, request: Request, parts: PartsDep, fields: OpenForm
) -> Response:
    """Take the password. It is for the sign-in to let them in, with all that belongs to it."""
    link = await _link(request, parts, token)
    try:
        chosen = chosen_password(fields)
    except UnusablePassword as error:
        shown = await shown_of_link(parts, link)
        return page(request, "reset", 422, **shown, fault=error.fault)
    hashed = await parts.sign_in.hashed(chosen)
    await parts.database.write(reset_password, token, hashed, parts.clock())
    return RedirectResponse(f"{HOME}/sign-in?done=password-reset", status_code=303)


def _require_mail(parts: Parts) -> None:
    if not parts.sends_mail:
        raise NotFound("there is no such page")


async def _link(request: Request, parts: Parts, token: str) -> SignInLinkRow:
    link = await parts.database.read(open_link, token, LinkKind.PASSWORD_RESET, parts.clock())
    if not parts.sign_in.takes_passwords_of(link.role):
        raise SignInNeeded
    note_choice(request, link.language)
    return link
