"""`/p/{partner_id}/dead-letters`: updates that failed, sent again or dismissed; and what is on
hold, so that nothing is called well while it waits."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ValidationError

from api.cursors import read_cursor
from api.dead_letter_views import DiscardRequest
from contracts.delivery.recoveries import RecoveryState
from contracts.delivery.refusals import RetryRefusal
from contracts.delivery.standing import Standing
from contracts.delivery.states import Channel, DeadLetterReason
from contracts.errors import Conflict
from contracts.payload.events import EventType
from dashboard.date_ranges import NotADay, Reversed
from dashboard.dead_letter_retries import retry_all, retry_some
from dashboard.dead_letters import (
    PAGE,
    DeadLetterListQuery,
    Outcome,
    cut_page,
    endpoints_of,
    lines_of,
    refusal_text,
)
from dashboard.forms import Form
from dashboard.page_context import MembersMayNot, PartnerContext, PartnerPage
from dashboard.time_ranges import When
from dashboard.translations import Words
from store.dead_letters.queue import (
    DeadLetterFilter,
    ListedDeadLetter,
    count_dead_letters,
    list_dead_letters,
)
from store.recoveries.recoveries import list_recoveries
from store.reports.overview import read_standing
from store.retries.dead_letters import discard
from store.retries.progress import RetryProgress, retry_progress
from store.tables import RecoveryRow
from web_forms import Fields

router = APIRouter()

ListQuery = Annotated[DeadLetterListQuery, Query()]

_LOOKS_EVERY_S = 2
_CALMLY_EVERY_S = 30
_CALM_AFTER_S = 20 * 60
"""A whole retry schedule is over by then: what has not ended waits for something else."""


@router.get("/p/{partner_id}/dead-letters")
async def dead_letters(context: PartnerPage, wanted: ListQuery) -> Response:
    """The open ones, or those that are closed, the newest first; and how a retry of many does."""
    fault = _fault_of(context, wanted)
    if fault is not None:
        usual = DeadLetterListQuery(shown=wanted.shown)
        return await _page(context, usual, 422, fault=fault, typed=wanted)
    return await _page(context, wanted)


@router.post("/p/{partner_id}/dead-letters")
async def decide(context: PartnerPage, wanted: ListQuery, fields: Form) -> Response:
    """Send again one, the selected ones or all that match; or dismiss the selected ones."""
    fault = _fault_of(context, wanted)
    if fault is not None:
        return await _page(context, DeadLetterListQuery(), 422, fault=fault, typed=wanted)
    if fields.has("all"):
        return await _retry_all(context, wanted)
    one = fields.text("one") or fields.text("resend")
    ids = [one] if one else fields.texts("ids")
    if not ids:
        return await _page(context, wanted, 422, fault=context.words("letters-none-ticked"))
    if fields.has("discard"):
        return await _discard(context, wanted, ids, fields)
    moment = context.now()
    outcome = await retry_some(context, ids, moment, resend=fields.has("resend"))
    return await _retried(context, wanted.model_copy(update={"asked": moment}), outcome)


async def _retry_all(context: PartnerContext, wanted: DeadLetterListQuery) -> Response:
    moment = context.now()
    try:
        outcome = await retry_all(context, wanted, moment)
    except Conflict as error:
        return await _not_now(context, wanted, error)
    if isinstance(outcome, RecoveryRow):
        return context.go_to(f"/endpoints/{outcome.endpoint_id}/recoveries/{outcome.id}")
    return await _retried(context, wanted.model_copy(update={"asked": moment}), outcome)


async def _not_now(
    context: PartnerContext, wanted: DeadLetterListQuery, error: Conflict
) -> Response:
    """To the recovery of the endpoint that runs, where one does; otherwise why none can begin."""
    last = await context.read(
        list_recoveries, str(wanted.endpoint_id), owner=context.owner, after=None, limit=1
    )
    if last and last[0].state is RecoveryState.RUNNING:
        return context.go_to(f"/endpoints/{wanted.endpoint_id}/recoveries/{last[0].id}")
    return await _page(context, wanted, 409, fault=_why_not(context, error))


def _why_not(context: PartnerContext, error: Conflict) -> str:
    if context.partner.paused_at is not None:
        return context.words(f"refused-{RetryRefusal.PAUSED}")
    return refusal_text(context.words, error.cause or RetryRefusal.ENDPOINT_OFF)


def _fault_of(context: PartnerContext, wanted: DeadLetterListQuery) -> str | None:
    """What is wrong with the time that is asked for."""
    try:
        wanted.as_filter(context)
    except NotADay:
        return context.words("dates-bad-day")
    except Reversed:
        return context.words("dates-reversed")
    return None


async def _retried(
    context: PartnerContext, wanted: DeadLetterListQuery, outcome: Outcome
) -> Response:
    """To the page that shows the progress; where some were refused, it says here why."""
    if outcome.asked and not outcome.refused and wanted.asked is not None:
        query = wanted.following(wanted.asked.isoformat(), outcome.left)
        return context.go_to("/dead-letters", **query)
    kept = {"asked": wanted.asked if outcome.asked else None, "left": outcome.left}
    fault = None
    if not outcome.refused:
        fault = context.words("letters-nothing-matches")
    return await _page(
        context,
        wanted.model_copy(update=kept),
        200 if outcome.asked else 409,
        refused=outcome.refused,
        fault=fault,
    )


async def _discard(
    context: PartnerContext, wanted: DeadLetterListQuery, ids: list[str], fields: Fields
) -> Response:
    """For good, so it is for owners."""
    if not context.viewer.may_change:
        raise MembersMayNot
    try:
        asked = DiscardRequest(ids=ids, reason=fields.text("reason"))
    except ValidationError:
        return await _page(context, wanted, 422, fault=context.words("letters-reason-missing"))
    await context.write(
        discard,
        asked.ids,
        asked.reason,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
    )
    return context.go_to("/dead-letters", done="letters-discarded", **wanted.narrowed())


async def _page(
    context: PartnerContext, wanted: DeadLetterListQuery, status: int = 200, /, **shown: Any
) -> Response:
    asked = wanted.as_filter(context)
    rows = await context.read(
        list_dead_letters,
        asked,
        owner=context.owner,
        after=read_cursor(wanted.cursor),
        limit=PAGE + 1,
    )
    listed, next_cursor = cut_page(rows)
    progress = await _progress(context, wanted)
    endpoints = await endpoints_of(context)
    known: dict[str, Any] = {"fault": None, "refused": {}, "typed": wanted, **shown}
    standing = await context.read(read_standing, context.owner, context.now())
    return context.page(
        "dead_letters",
        status,
        wanted=wanted,
        lines=lines_of(context, _still_here(listed, wanted, progress), endpoints),
        next_cursor=next_cursor,
        endpoints=endpoints,
        counts=await _counts(context, asked),
        standing=standing,
        on_hold=on_hold_of(context.words, standing),
        whens=list(When),
        channels=list(Channel),
        types=list(EventType),
        reasons=list(DeadLetterReason),
        progress=progress,
        here=wanted.place(context.base),
        csv_place=wanted.csv_place(context.base),
        every_s=_every_s(context, wanted, progress),
        **known,
    )


async def _counts(context: PartnerContext, asked: DeadLetterFilter) -> tuple[int, int]:
    """How many match that may be retried, and how many that may not."""
    if not asked.open:
        return 0, 0
    found = await context.read(count_dead_letters, asked, owner=context.owner)
    only = replace(asked, retriable=True)
    retriable = await context.read(count_dead_letters, only, owner=context.owner)
    return retriable, max(0, found - retriable)


def on_hold_of(t: Words, standing: Standing) -> list[tuple[str, int]]:
    """Why updates are on hold, in words, the commonest reason first."""
    held = [(reason, count) for reason, count in standing.on_hold.items() if reason and count]
    ordered = sorted(held, key=lambda one: (-one[1], str(one[0])))
    return [(t(f"why-held-{reason}"), count) for reason, count in ordered]


async def _progress(context: PartnerContext, wanted: DeadLetterListQuery) -> RetryProgress | None:
    """How the retries do that the address asks about."""
    if wanted.asked is None:
        return None
    progress = await context.read(retry_progress, wanted.asked, owner=context.owner)
    return progress if progress.asked else None


def _every_s(
    context: PartnerContext, wanted: DeadLetterListQuery, progress: RetryProgress | None
) -> int | None:
    """How often the page looks again by itself."""
    if progress is None or progress.is_over or wanted.asked is None:
        return None
    long_ago = (context.now() - wanted.asked).total_seconds() > _CALM_AFTER_S
    return _CALMLY_EVERY_S if long_ago else _LOOKS_EVERY_S


def _still_here(
    rows: Sequence[ListedDeadLetter], wanted: DeadLetterListQuery, progress: RetryProgress | None
) -> list[ListedDeadLetter]:
    """Without those that were asked for a moment ago and have not begun: nobody is to decide about
    them once more. One that has failed again since is a new one."""
    if progress is None or wanted.asked is None:
        return list(rows)
    gone = progress.deliveries
    return [one for one in rows if one.delivery_id not in gone or one.created_at > wanted.asked]
