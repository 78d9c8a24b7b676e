"""`/sign-in`, `/sign-out`, invitations and links from the merchant portal.

A link is only looked at when it is opened, because previews and scanners open links too: it is used
up by the button on its page.
"""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import Parts, PartsDep
from contracts.access.users import LinkKind
from dashboard.destinations import destination_of, forget_destination
from dashboard.forms import Form
from dashboard.languages import note_choice, words_for
from dashboard.new_passwords import (
    UnusablePassword,
    chosen_password,
    shown_of_link,
    typed_password,
)
from dashboard.page_context import HOME
from dashboard.pages import page
from dashboard.pending_sign_in import begin_here, give_pending
from dashboard.viewers import SignInNeeded, ViewerDep, take_session
from store.access.pending_sign_ins import PendingSignIn
from store.access.sessions import Begun, end_session, enter_from_portal
from store.access.sign_in_links import open_link
from store.tables import SignInLinkRow
from web_forms import OpenForm

router = APIRouter()


@router.get("/sign-in")
async def ask_who(request: Request, parts: PartsDep, done: str = "") -> Response:
    """The form."""
    words, name = words_for(request), f"done-{done}"
    said = words(name) if words.has(name) else None
    return sign_in_page(request, parts, said=said)


@router.post("/sign-in")
async def sign_in(request: Request, parts: PartsDep, fields: OpenForm) -> Response:
    """Sign in, or say that it was not right: the same to everybody and about every reason."""
    client = request.client.host if request.client else ""
    email = fields.text("email")
    begun = await parts.sign_in.with_password(email, typed_password(fields), client, parts.clock())
    if begun is None:
        return sign_in_page(request, parts, 401, fault="sign-in-refused", email=email)
    return await signed_in(request, parts, begun)


@router.post("/sign-out")
async def sign_out(parts: PartsDep, viewer: ViewerDep, _fields: Form) -> Response:
    """End this session."""
    await parts.database.write(end_session, viewer.session_id)
    answer = RedirectResponse(f"{HOME}/sign-in", status_code=303)
    take_session(answer, parts)
    return answer


@router.get("/invitations/{token}")
async def ask_for_password(token: str, request: Request, parts: PartsDep) -> Response:
    """The form to choose a password, for whoever has been invited."""
    link = await _link(request, parts, token, LinkKind.INVITATION)
    return page(request, "invitation", **await shown_of_link(parts, link), fault=None)


@router.post("/invitations/{token}")
async def choose_password(
    token: str, request: Request, parts: PartsDep, fields: OpenForm
) -> Response:
    """Take the password and sign in."""
    link = await _link(request, parts, token, LinkKind.INVITATION)
    try:
        chosen = chosen_password(fields)
    except UnusablePassword as error:
        shown = await shown_of_link(parts, link)
        return page(request, "invitation", 422, **shown, fault=error.fault)
    begun = await parts.sign_in.with_new_password(token, chosen, parts.clock())
    return await signed_in(request, parts, begun)


@router.get("/portal/{token}")
async def ask_to_enter(token: str, request: Request, parts: PartsDep) -> Response:
    """The button that opens the dashboard, for whoever comes from the merchant portal."""
    link = await _link(request, parts, token, LinkKind.PORTAL)
    return page(request, "portal", **await shown_of_link(parts, link))


@router.post("/portal/{token}")
async def enter(token: str, request: Request, parts: PartsDep, _fields: OpenForm) -> Response:
    """Sign in without a password."""
    begun = await parts.database.write(enter_from_portal, token, parts.clock())
    return await signed_in(request, parts, begun)


@router.get("/")
async def home(request: Request, viewer: ViewerDep) -> Response:
    """To where somebody was going, or works."""
    place = f"{HOME}/p/{viewer.partner_id}" if viewer.partner_id else f"{HOME}/ops"
    answer = RedirectResponse(destination_of(request, viewer) or place, status_code=303)
    forget_destination(request, answer)
    return answer


async def _link(request: Request, parts: Parts, token: str, kind: LinkKind) -> SignInLinkRow:
    link = await parts.database.read(open_link, token, kind, parts.clock())
    if kind is LinkKind.INVITATION and not parts.sign_in.takes_passwords_of(link.role):
        raise SignInNeeded
    note_choice(request, link.language)
    return link


def sign_in_page(
    request: Request,
    parts: Parts,
    status: int = 200,
    *,
    fault: str | None = None,
    email: str = "",
    said: str | None = None,
) -> Response:
    """The form, with what was wrong or what has been done."""
    return page(
        request,
        "sign_in",
        status,
        viewer=None,
        home=HOME,
        fault=fault,
        email=email,
        said=said,
        sends_mail=parts.sends_mail,
    )


async def signed_in(request: Request, parts: Parts, begun: Begun | PendingSignIn) -> Response:
    """To where somebody works, with the new cookie, or on to the second factor. The session that
    this browser had until now ends with the new one."""
    if isinstance(begun, PendingSignIn):
        answer = RedirectResponse(f"{HOME}/sign-in/code", status_code=303)
        give_pending(answer, parts, begun)
        return answer
    answer = RedirectResponse(f"{HOME}/", status_code=303)
    await begin_here(request, answer, parts, begun)
    return answer
