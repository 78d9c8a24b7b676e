"""`/v1/sms/senders`: what is registered for texts to India (DLT), for ops."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.auth.key_check import Ops
from api.dependencies import Now, SmsRules, Store
from api.json_route import JsonRoute
from api.pages import Page
from api.routes.partners import Cursor, Limit
from api.rows import view_of
from contracts.ids import ContentTemplateRef, SenderRef
from contracts.partners import SmsSender
from contracts.sms.sender_bodies import (
    DltId,
    DltTemplateChanged,
    DltTemplatePublic,
    DltTemplatePut,
    SenderPublic,
    SenderPut,
)
from store.sms import senders
from store.sms.registered import shipped_departures
from store.tables import DltSenderRow, DltTemplateRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/sms/senders", tags=["texts"])

ContentTemplateId = Annotated[
    DltId,
    Path(
        description="the id that the operator's platform gave the template",
        examples=["1107160000000000123"],
    ),
]


class SenderPage(Page[SenderPublic]):
    """A page; `next_cursor` is null on the last one."""


class DltTemplatePage(Page[DltTemplatePublic]):
    """A page; `next_cursor` is null on the last one."""


@router.get("", summary="List senders")
async def list_senders(
    database: Store, _caller: Ops, limit: Limit = 50, cursor: Cursor = None
) -> SenderPage:
    """The senders that are registered for India, in pages, in the order of their names."""
    rows = await database.read(senders.list_senders, after=cursor, limit=limit + 1)
    more = len(rows) > limit
    return SenderPage(
        items=[public(row) for row in rows[:limit]],
        next_cursor=rows[limit - 1].sender if more else None,
    )


@router.put("/{sender}", summary="Register a sender")
async def put_sender(
    sender: SmsSender, asked: SenderPut, now: Now, database: Store, caller: Ops
) -> SenderPublic:
    """Write down what a sender is registered as on an Indian operator's DLT platform.

    From the next text on it sends to India only what matches one of its content templates; without
    this nothing has to match.
    """
    row = await database.write(
        senders.put_sender,
        sender,
        asked.entity_id,
        asked.header,
        now,
        actor=caller.id,
        link_prefixes=asked.link_prefixes,
    )
    return public(row)


@router.get("/{sender}", summary="Get a sender")
async def get_sender(sender: SenderRef, database: Store, _caller: Ops) -> SenderPublic:
    """One sender that is registered for India."""
    return public(await database.read(senders.get_sender, sender))


@router.delete("/{sender}", status_code=204, summary="Remove a sender")
async def remove_sender(sender: SenderRef, now: Now, database: Store, caller: Ops) -> None:
    """Forget a sender's registration and its content templates: nothing has to match any more."""
    await database.write(senders.remove_sender, sender, now, actor=caller.id)


@router.get("/{sender}/templates", summary="List the content templates of a sender")
async def list_dlt_templates(
    sender: SenderRef, database: Store, _caller: Ops, limit: Limit = 50, cursor: Cursor = None
) -> DltTemplatePage:
    """A sender's content templates, in pages, in the order of their ids."""
    rows = await database.read(senders.list_dlt_templates, sender, after=cursor, limit=limit + 1)
    more = len(rows) > limit
    return DltTemplatePage(
        items=[public_template(row) for row in rows[:limit]],
        next_cursor=rows[limit - 1].content_template_id if more else None,
    )


@router.put("/{sender}/templates/{content_template_id}", summary="Register a content template")
async def put_dlt_template(
    sender: SmsSender,
    content_template_id: ContentTemplateId,
    asked: DltTemplatePut,
    now: Now,
    database: Store,
    rules: SmsRules,
    caller: Ops,
) -> DltTemplateChanged:
    """Write down a content template as it is registered. A type of event and a language may have
    several. 422 says what no operator would have registered."""
    row = await database.write(
        senders.put_dlt_template,
        sender,
        content_template_id,
        asked,
        now,
        actor=caller.id,
    )
    warnings = shipped_departures(row.text, row.event_type, row.language, rules)
    return view_of(DltTemplateChanged, row, warnings=warnings)


@router.delete(
    "/{sender}/templates/{content_template_id}",
    status_code=204,
    summary="Remove a content template",
)
async def remove_dlt_template(
    sender: SenderRef,
    content_template_id: ContentTemplateRef,
    now: Now,
    database: Store,
    caller: Ops,
) -> None:
    """Forget a content template, one whose registration ended, say."""
    await database.write(
        senders.remove_dlt_template,
        sender,
        content_template_id,
        now,
        actor=caller.id,
    )


def public(row: DltSenderRow) -> SenderPublic:
    """A sender as it is shown."""
    return view_of(SenderPublic, row)


def public_template(row: DltTemplateRow) -> DltTemplatePublic:
    """A content template as it is shown."""
    return view_of(DltTemplatePublic, row)
