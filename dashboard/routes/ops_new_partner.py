"""`/ops/partners`: create a partner, invite its first owner, open its dashboard from a portal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import Session

from contracts.access.users import PORTAL_LINK_VALID_FOR, Invite, PortalLinkRequest, Role
from contracts.errors import Conflict
from contracts.partners import PartnerCreate
from contracts.tiers import TIERS
from dashboard.faults import first_fault
from dashboard.forms import Form
from dashboard.page_context import OpsPage, PageContext
from store.access.invitations import AddressTaken, invite, note_refusal
from store.access.sign_in_links import portal_link
from store.partners.partners import create_partner, get_partner
from store.tables import PartnerRow
from web_forms import Fields

router = APIRouter(prefix="/ops/partners")

_FIELDS = ("name", "id", "tier", "sms_sender")
_OWNER = ("owner_name", "owner_email")


@router.get("/new")
async def new_partner(context: OpsPage) -> Response:
    """The form for a new partner."""
    return _form(context)


@router.post("/new")
async def create(context: OpsPage, fields: Form) -> Response:
    """Create it, and invite its first owner where one is named; both or nothing."""
    try:
        asked = PartnerCreate.model_validate(fields.as_body(*_FIELDS))
        owner = _owner(fields, asked)
    except ValidationError as error:
        return _form(context, fields, _fault(context, error))
    now, actor, by_mail = context.now(), context.viewer.actor, context.parts.sends_mail
    try:
        partner, token = await context.write(
            _created, asked, owner, now, actor=actor, by_mail=by_mail
        )
    except AddressTaken as error:
        await context.write(note_refusal, None, now, actor=actor)
        return _form(context, fields, str(error), status=409)
    except Conflict as error:
        return _form(context, fields, str(error), status=409)
    if owner is not None and by_mail:
        return _partner(context, partner, mailed=owner["email"])
    link = context.address(f"/invitations/{token}") if token else None
    return _partner(context, partner, invitation=link)


@router.get("/{partner_id}")
async def one_partner(context: OpsPage, partner_id: str) -> Response:
    """What is left to be set up, with a link to each."""
    return _partner(context, await context.read(get_partner, partner_id))


@router.post("/{partner_id}/portal-link")
async def make_portal_link(context: OpsPage, partner_id: str, _fields: Form) -> Response:
    """A link that opens the partner's dashboard once, as the merchant portal makes them."""
    partner = await context.read(get_partner, partner_id)
    asked = PortalLinkRequest(name=context.viewer.actor, role=Role.MEMBER)
    actor = context.viewer.actor
    token, _ = await context.write(portal_link, partner.id, asked, context.now(), actor=actor)
    return _partner(context, partner, portal=context.address(f"/portal/{token}"))


def _owner(fields: Fields, asked: PartnerCreate) -> Mapping[str, Any] | None:
    """Whom to invite; None where nobody is named. ValidationError tells what is wrong with them."""
    name, email = (fields.text(one) for one in _OWNER)
    if not name and not email:
        return None
    owner = {"name": name, "email": email, "role": Role.OWNER}
    Invite.model_validate({**owner, "partner_id": asked.id or "new"})
    return owner


def _created(
    session: Session,
    asked: PartnerCreate,
    owner: Mapping[str, Any] | None,
    now: datetime,
    *,
    actor: str,
    by_mail: bool,
) -> tuple[PartnerRow, str | None]:
    partner = create_partner(session, asked, now, actor=actor)
    if owner is None:
        return partner, None
    invited = Invite.model_validate({**owner, "partner_id": partner.id})
    _, token = invite(session, invited, now, actor=actor, by_mail=by_mail)
    return partner, token


def _fault(context: PageContext, error: ValidationError) -> str:
    field, fault = first_fault(context.words, error)
    name = field.replace("email", "owner_email")
    t = context.words
    return t("form-fault", field=t(f"ops-new-{name}"), fault=fault)


def _form(
    context: PageContext,
    fields: Fields | None = None,
    fault: str | None = None,
    *,
    status: int = 422,
) -> Response:
    names = (*_FIELDS, *_OWNER)
    return context.page(
        "ops_new_partner",
        status if fault else 200,
        tiers=list(TIERS),
        asked={name: fields.text(name) if fields else "" for name in names},
        default_sender=context.parts.text_rules.default_sender,
        fault=fault,
    )


def _partner(
    context: PageContext,
    partner: PartnerRow,
    *,
    invitation: str | None = None,
    mailed: str | None = None,
    portal: str | None = None,
) -> Response:
    return context.page(
        "ops_partner",
        one=partner,
        invitation=invitation,
        mailed=mailed,
        portal=portal,
        portal_minutes=int(PORTAL_LINK_VALID_FOR.total_seconds() // 60),
        sender=partner.sms_sender or context.parts.text_rules.default_sender,
    )
