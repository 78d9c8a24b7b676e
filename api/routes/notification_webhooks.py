"""`/v1/partners/{id}/notification-webhook`: where a partner's own programs are told."""

from fastapi import APIRouter
from sqlmodel import Session

from api.auth.key_check import OpsOrPartner
from api.dependencies import Now, Store, UrlCheck
from api.idempotency import Idempotent
from api.json_route import JsonRoute
from api.rows import view_of
from contracts.endpoints.notification_webhook import (
    NotificationWebhookCreated,
    NotificationWebhookPublic,
    NotificationWebhookPut,
)
from contracts.errors import NotFound
from contracts.ids import PartnerRef
from store.access.idempotency import answer_before, once
from store.partners import notification_webhooks as stored

router = APIRouter(route_class=JsonRoute, prefix="/v1/partners", tags=["notifications"])

_PLACE = "/{partner_id}/notification-webhook"


@router.get(_PLACE, summary="Get a partner's notification webhook")
async def get_notification_webhook(
    partner_id: PartnerRef, database: Store, caller: OpsOrPartner
) -> NotificationWebhookPublic:
    """Where it is posted that an endpoint fails, and the like, without the secret. 404 where no URL
    is set."""
    row = await database.read(stored.notification_webhook, partner_id, owner=caller.owner)
    if row is None:
        raise NotFound(f"partner {partner_id} has no notification webhook")
    return view_of(NotificationWebhookPublic, row)


@router.put(_PLACE, summary="Set a partner's notification webhook")
async def put_notification_webhook(
    partner_id: PartnerRef,
    asked: NotificationWebhookPut,
    now: Now,
    database: Store,
    check: UrlCheck,
    caller: OpsOrPartner,
    repeat: Idempotent,
) -> NotificationWebhookCreated:
    """Post notifications of this partner to a URL from now on, signed as webhooks are. The new
    secret is in this answer, and in those to repeats with its `Idempotency-Key`, and never shown
    otherwise; a secret that there was ends at once. 422 for a URL that webhooks must not go to.
    """

    def look(session: Session) -> NotificationWebhookCreated | None:
        """A repeat looks nothing up; another's partner is not found before anything is."""
        stored.notification_webhook(session, partner_id, owner=caller.owner)
        return answer_before(session, repeat, NotificationWebhookCreated, now)

    before = await database.read(look)
    if before is not None:
        return before
    await check.require_reachable(asked.url, caller=caller.owner or caller.id)

    def put(session: Session) -> NotificationWebhookCreated:
        row, secret = stored.put_notification_webhook(
            session, partner_id, asked.url, now, actor=caller.id, owner=caller.owner
        )
        return view_of(NotificationWebhookCreated, row, secret=secret)

    return await database.write(once, repeat, NotificationWebhookCreated, put, now)


@router.delete(_PLACE, status_code=204, summary="Remove a partner's notification webhook")
async def remove_notification_webhook(
    partner_id: PartnerRef, now: Now, database: Store, caller: OpsOrPartner
) -> None:
    """Post nothing there any more, and forget the secret. 404 where no URL is set."""
    await database.write(
        stored.remove_notification_webhook, partner_id, now, actor=caller.id, owner=caller.owner
    )
