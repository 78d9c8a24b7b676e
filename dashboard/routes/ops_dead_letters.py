"""`/ops/dead-letters`: the failed updates of all partners, retried or dismissed from the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import Session

from api.cursors import read_cursor
from api.dead_letter_views import DiscardRequest
from contracts.delivery.states import Channel, DeadLetterReason
from dashboard.dead_letters import PAGE, cut_page
from dashboard.figures import count_shown
from dashboard.forms import Form
from dashboard.ops_dead_letters import (
    FailedLine,
    FailedQuery,
    lines_of,
    retry_all_failed,
    retry_failed,
)
from dashboard.page_context import OpsPage, PageContext
from dashboard.temporal_links import state_link
from store.dead_letters.ages import (
    DeadLettersOfPartner,
    dead_letters_by_partner,
    dead_letters_by_reason,
)
from store.dead_letters.queue import ListedDeadLetter, list_dead_letters
from store.retries.dead_letters import MOST_AT_ONCE, discard

router = APIRouter(prefix="/ops")

_MOST_PARTNERS = 100

Wanted = Annotated[FailedQuery, Query()]


@dataclass(frozen=True)
class _Failed:
    """What is open: by reason, by partner, and a page of them."""

    reasons: Sequence[tuple[DeadLetterReason, int]]
    partners: Sequence[DeadLettersOfPartner]
    rows: Sequence[ListedDeadLetter]


@router.get("/dead-letters")
async def dead_letters(context: OpsPage, wanted: Wanted) -> Response:
    """How many updates have failed, where and why, how old they are, and which."""
    return await _page(context, wanted)


@router.post("/dead-letters")
async def decide(context: OpsPage, wanted: Wanted, fields: Form) -> Response:
    """Retry the selected ones, or all that match; or dismiss the selected ones."""
    if fields.has("all"):
        outcome = await retry_all_failed(context, wanted)
        return await _page(context, wanted, outcome=outcome)
    ids = fields.texts("ids")[:MOST_AT_ONCE]
    if not ids:
        fault = context.words("ops-failed-none-selected")
        return await _page(context, wanted, 422, fault=fault)
    if not fields.has("discard"):
        return await _page(context, wanted, outcome=await retry_failed(context, ids))
    try:
        asked = DiscardRequest(ids=ids, reason=fields.text("reason"))
    except ValidationError:
        fault = context.words("ops-act-reason-missing")
        return await _page(context, wanted, 422, fault=fault)
    actor = context.viewer.actor
    done = await context.write(discard, asked.ids, asked.reason, context.now(), actor=actor)
    return await _page(context, wanted, dismissed=done.count, not_open=len(done.not_open))


async def _page(
    context: PageContext, wanted: FailedQuery, status: int = 200, /, **shown: Any
) -> Response:
    failed = await context.read(_read_failed, wanted)
    listed, next_cursor = cut_page(failed.rows)
    names = {one.partner_id: one.name for one in failed.partners}
    lines: list[FailedLine] = lines_of(context, listed, names)
    known = {"fault": None, "outcome": None, "dismissed": 0, "not_open": 0, **shown}
    total = sum(one.count for one in failed.partners)
    return context.page(
        "ops_dead_letters",
        status,
        wanted=wanted,
        total=total,
        total_shown=count_shown(context.words, total),
        oldest_at=failed.partners[0].oldest_at if failed.partners else None,
        reasons=failed.reasons,
        partners=failed.partners[:_MOST_PARTNERS],
        more=max(0, len(failed.partners) - _MOST_PARTNERS),
        affected=len(failed.partners),
        lines=lines,
        next_cursor=next_cursor,
        channels=list(Channel),
        all_reasons=list(DeadLetterReason),
        temporal=state_link(context.parts.temporal_ui, "dead_lettered"),
        now=context.now(),
        **known,
    )


def _read_failed(session: Session, wanted: FailedQuery) -> _Failed:
    reasons = dead_letters_by_reason(session).items()
    after = read_cursor(wanted.cursor)
    return _Failed(
        sorted(reasons, key=lambda one: (-one[1], one[0])),
        dead_letters_by_partner(session),
        list_dead_letters(session, wanted.as_filter(), after=after, limit=PAGE + 1),
    )
