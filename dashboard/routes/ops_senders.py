"""`/ops/senders`: sender IDs and content templates as they are registered for India (DLT)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from contracts.errors import Invalid
from contracts.partners import SmsSender
from contracts.payload.events import EventType
from contracts.sms.dlt import Category
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from contracts.sms.sender_bodies import DltId, DltTemplatePut, SenderPut
from dashboard.faults import first_fault
from dashboard.forms import Form
from dashboard.page_context import OpsPage, PageContext
from store.sms import senders
from store.sms.sender_words import Blocked, blocked_words, partners_of_sender
from store.tables import DltSenderRow, DltTemplateRow, PartnerRow
from web_forms import Fields

router = APIRouter(prefix="/ops/senders")

_MOST = 200
_LINTED = 25
"""Of so many partners the words are held against what is registered: each costs some looks."""

_sender = TypeAdapter[str](SmsSender)
_content_template_id = TypeAdapter[str](DltId)


@dataclass(frozen=True)
class _Sender:
    """A sender with its templates, and whose words would be blocked."""

    row: DltSenderRow
    templates: Sequence[DltTemplateRow]
    partners: Sequence[PartnerRow]
    blocked: Sequence[Blocked]


@router.get("")
async def all_senders(context: OpsPage) -> Response:
    """Every sender that is registered, and a form for another one."""
    return await _senders(context)


@router.post("")
async def register_sender(context: OpsPage, fields: Form) -> Response:
    """Register a sender, or change what it is registered as."""
    try:
        sender = _sender.validate_python(fields.text("sender"))
    except ValidationError:
        return await _senders(context, fields, context.words("ops-senders-fault-sender"))
    try:
        asked = SenderPut.model_validate(_sender_asked(fields))
    except ValidationError as error:
        return await _senders(context, fields, _fault(context, error))
    await context.write(
        senders.put_sender,
        sender,
        asked.entity_id,
        asked.header,
        context.now(),
        actor=context.viewer.actor,
        link_prefixes=asked.link_prefixes,
    )
    return context.go_to(f"/senders/{quote(sender, safe='')}", done="sender-saved")


@router.get("/{sender}")
async def one_sender(context: OpsPage, sender: str) -> Response:
    """What it is registered as, its templates, and whose words match none of them."""
    return await _one_sender(context, sender)


@router.post("/{sender}/templates")
async def register_template(context: OpsPage, sender: str, fields: Form) -> Response:
    """Register a content template, or change it."""
    try:
        content_id = _content_template_id.validate_python(fields.text("content_template_id"))
    except ValidationError:
        fault = context.words("ops-senders-fault-id")
        return await _one_sender(context, sender, 422, asked=fields, fault=fault)
    body = {**fields.as_body("event_type", "language", "category"), "text": fields.text("text")}
    try:
        asked = DltTemplatePut.model_validate(body)
        await context.write(
            senders.put_dlt_template,
            sender,
            content_id,
            asked,
            context.now(),
            actor=context.viewer.actor,
        )
    except ValidationError as error:
        return await _one_sender(context, sender, 422, asked=fields, fault=_fault(context, error))
    except Invalid as error:
        return await _one_sender(context, sender, 422, asked=fields, fault=str(error))
    return context.go_to(f"/senders/{quote(sender, safe='')}", done="sender-saved")


@router.post("/{sender}/templates/{content_template_id}/remove")
async def remove_template(
    context: OpsPage, sender: str, content_template_id: str, _fields: Form
) -> Response:
    """Forget a content template."""
    actor = context.viewer.actor
    await context.write(
        senders.remove_dlt_template, sender, content_template_id, context.now(), actor=actor
    )
    return context.go_to(f"/senders/{quote(sender, safe='')}", done="sender-saved")


def _sender_asked(fields: Fields) -> Mapping[str, Any]:
    prefixes = fields.text("link_prefixes").split()
    return {**fields.as_body("entity_id", "header"), "link_prefixes": prefixes or None}


def _fault(context: PageContext, error: ValidationError) -> str:
    field, fault = first_fault(context.words, error)
    t = context.words
    return t("form-fault", field=t(f"ops-senders-{field}"), fault=fault)


async def _senders(
    context: PageContext, fields: Fields | None = None, fault: str | None = None
) -> Response:
    rows = await context.read(senders.list_senders, limit=_MOST)
    names = ("sender", "entity_id", "header", "link_prefixes")
    return context.page(
        "ops_senders",
        422 if fault else 200,
        senders=rows,
        asked={name: fields.text(name) if fields else "" for name in names},
        fault=fault,
    )


async def _one_sender(
    context: PageContext,
    sender: str,
    status: int = 200,
    *,
    asked: Fields | None = None,
    fault: str | None = None,
) -> Response:
    found = await context.read(_read_sender, sender, context.parts.text_rules)
    names = ("content_template_id", "event_type", "language", "category", "text")
    return context.page(
        "ops_sender",
        status,
        found=found,
        prefixes="\n".join(found.row.link_prefixes or []),
        types=list(EventType),
        sms_languages=list(Language),
        categories=list(Category),
        asked={name: asked.text(name) if asked else "" for name in names},
        fault=fault,
    )


def _read_sender(session: Session, sender: str, rules: TextRules) -> _Sender:
    partners = partners_of_sender(session, sender, rules)
    return _Sender(
        senders.get_sender(session, sender),
        senders.list_dlt_templates(session, sender, limit=_MOST),
        partners,
        blocked_words(session, sender, rules, partners[:_LINTED]),
    )
