"""`/ops/act`: one action over several partners: what it would do, then what came of it at each."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from contracts.errors import NotFound
from dashboard.forms import Form
from dashboard.page_context import OpsPage, PageContext
from dashboard.partner_actions import (
    MOST_PARTNERS,
    PartnerAction,
    act_on_all,
    preview,
    takes_hold,
)
from store.reports.partner_actions import affected_partners

router = APIRouter(prefix="/ops")

_LONGEST_REASON = 200

Ids = Annotated[list[str], Query(default_factory=list, max_length=MOST_PARTNERS)]


@router.get("/act")
async def confirm(context: OpsPage, action: PartnerAction, ids: Ids) -> Response:
    """Ask first: at how many partners it would do what."""
    return await _confirm(context, action, ids)


@router.post("/act")
async def act(context: OpsPage, fields: Form) -> Response:
    """Do it, and say for each partner what came of it."""
    action = _action(fields.text("action"))
    ids = fields.texts("ids")[:MOST_PARTNERS]
    reason = fields.text("reason")[:_LONGEST_REASON]
    if action is PartnerAction.SUSPEND_SMS and not reason:
        fault = context.words("ops-act-reason-missing")
        return await _confirm(context, action, ids, 422, fault=fault)
    partners = await context.read(affected_partners, ids, context.now())
    lines = await act_on_all(context, action, partners, reason)
    return _page(context, action, lines=lines, is_done=True)


def _action(name: str) -> PartnerAction:
    """The action of this name. NotFound without it: no form of ours asks for another one."""
    if name not in list(PartnerAction):
        raise NotFound(f"no action {name}")
    return PartnerAction(name)


async def _confirm(
    context: PageContext,
    action: PartnerAction,
    ids: Sequence[str],
    status: int = 200,
    /,
    **shown: Any,
) -> Response:
    partners = await context.read(affected_partners, ids, context.now())
    affected = [one.id for one in partners if takes_hold(action, one)]
    lines = [preview(context, action, one) for one in partners]
    return _page(context, action, status, lines=lines, ids=affected, **shown)


def _page(
    context: PageContext, action: PartnerAction, status: int = 200, /, **shown: Any
) -> Response:
    known: dict[str, Any] = {"ids": [], "fault": None, "is_done": False, **shown}
    return context.page(
        "ops_act",
        status,
        action=action,
        needs_reason=action is PartnerAction.SUSPEND_SMS,
        **known,
    )
