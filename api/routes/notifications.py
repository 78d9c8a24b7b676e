"""`/v1/notifications`: what people were told, over which channel, and whether it reached them."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.auth.key_check import OpsOrPartner
from api.cursors import read_cursor
from api.dependencies import Store
from api.json_route import JsonRoute
from api.notification_views import (
    NotificationMessagePage,
    NotificationMessageView,
    NotificationQuery,
)
from api.pages import cut
from store.db.keyset import Position
from store.notifications.listing import list_messages

router = APIRouter(route_class=JsonRoute, prefix="/v1/notifications", tags=["notifications"])


@router.get("", summary="List what people were told")
async def list_notifications(
    database: Store, caller: OpsOrPartner, wanted: Annotated[NotificationQuery, Query()]
) -> NotificationMessagePage:
    """Each message of a notification, the newest first, in pages: e-mails to people, SMS to a
    partner's contact phone, webhooks. A partner's key sees what went to its own people, phone and
    webhook.

    `failed`: given up, nobody was told. `refused`: the other side refuses it for good, as a mail
    server does an address that is not there. `unknown`: it may have been sent, so it is not sent
    again.
    """
    rows = await database.read(
        list_messages,
        wanted.as_filter(),
        owner=caller.owner,
        after=read_cursor(wanted.cursor),
        limit=wanted.limit + 1,
    )
    page, following = cut(rows, wanted.limit, lambda one: Position(one.row.created_at, one.row.id))
    items = [NotificationMessageView.of(one) for one in page]
    return NotificationMessagePage(items=items, next_cursor=following)
