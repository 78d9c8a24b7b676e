"""`/p/{partner_id}/notification-webhook`: where a partner's own programs are told."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from contracts.endpoints.notification_webhook import NotificationWebhookPut
from contracts.errors import Invalid
from contracts.notifications.webhooks import WEBHOOK_TYPES
from dashboard.endpoint_forms import fault_of
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext
from store.partners.notification_webhooks import (
    notification_webhook,
    put_notification_webhook,
    remove_notification_webhook,
)

router = APIRouter(prefix="/p/{partner_id}/notification-webhook")


@router.get("")
async def webhook(context: OwnerPage) -> Response:
    """The URL that is set, and the form to set one."""
    return await _page(context)


@router.post("")
async def put_webhook(context: OwnerPage, fields: Form) -> Response:
    """Post to this URL from now on; its new secret is shown on this page only."""
    url = fields.text("url")
    try:
        wanted = NotificationWebhookPut(url=url)
        await context.parts.endpoint_check.require_reachable(wanted.url, caller=context.owner)
    except (ValidationError, Invalid) as error:
        return await _page(context, 422, fault=fault_of(context.words, error), asked=url)
    _, secret = await context.write(
        put_notification_webhook,
        context.owner,
        wanted.url,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
    )
    return await _page(context, secret=secret)


@router.post("/remove")
async def remove_webhook(context: OwnerPage, _fields: Form) -> Response:
    """Post nothing there any more."""
    actor, now = context.viewer.actor, context.now()
    await context.write(remove_notification_webhook, context.owner, now, actor=actor)
    return context.go_to("/notification-webhook", done="notification-webhook-removed")


async def _page(context: PartnerContext, status: int = 200, /, **shown: Any) -> Response:
    row = await context.read(notification_webhook, context.owner)
    known: dict[str, Any] = {"secret": None, "fault": None, "asked": row.url if row else ""}
    return context.page(
        "notification_webhook", status, webhook=row, kinds=WEBHOOK_TYPES, **{**known, **shown}
    )
