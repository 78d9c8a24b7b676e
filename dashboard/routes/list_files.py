"""Lists as CSV files, with the filters of their pages: failed updates, opt-outs, changes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import Session, col, select

from contracts.errors import Invalid
from dashboard.changes import Change, change_said
from dashboard.csv_files import CsvRow, all_pages, csv_file, moment_cell
from dashboard.date_ranges import NotADay, Reversed
from dashboard.dead_letters import DeadLetterListQuery, endpoints_of, lines_of
from dashboard.page_context import OpsPage, PageContext, PartnerContext, PartnerPage
from dashboard.routes.audit import Kind
from store.access.actors import actors_of
from store.access.audit import AuditFilter, list_entries
from store.db.keyset import Position
from store.dead_letters.queue import DeadLetterFilter, ListedDeadLetter, list_dead_letters
from store.sms.opt_outs import list_opt_outs
from store.tables import AuditEntryRow, EndpointRow, OptOutRow, PartnerRow

router = APIRouter()


@router.get("/p/{partner_id}/dead-letters.csv")
async def failed_updates(
    context: PartnerPage, wanted: Annotated[DeadLetterListQuery, Query()]
) -> Response:
    """The failed updates that the page shows, on all of its pages."""
    try:
        asked = wanted.as_filter(context)
    except (NotADay, Reversed):
        raise Invalid("the days bound nothing", field="since") from None
    t = context.words
    names = ("letters-since-when", "events-order", "letters-type", "letters-channel")
    more = ("letters-endpoint", "letters-reason", "letters-why", "letters-closed", "overview-test")
    header = [t(one) for one in (*names, *more)]
    return csv_file("failed-updates", header, _failed_updates(context, asked))


@router.get("/p/{partner_id}/texts/opt-outs.csv")
async def opt_outs(context: PartnerPage) -> Response:
    """Everybody who gets no SMS of the shop; phones are masked, as on the page."""
    t, zone = context.words, context.zone

    async def read(after: str | None, limit: int) -> Sequence[OptOutRow]:
        return await context.read(
            list_opt_outs, owner=context.owner, after=after, limit=limit, newest_first=True
        )

    async def rows() -> AsyncIterator[Sequence[CsvRow]]:
        async for page in all_pages(read, lambda one: one.id):
            yield [
                [one.phone_masked, t(f"opt-out-by-{one.source}"), moment_cell(one.created_at, zone)]
                for one in page
            ]

    header = [t("opt-outs-phone"), t("opt-outs-source"), t("opt-outs-since")]
    return csv_file("opt-outs", header, rows())


@router.get("/p/{partner_id}/audit.csv")
async def changes_of_partner(context: PartnerPage, about: Kind = None) -> Response:
    """What was changed for this shop: a line for each field."""
    return _changes(context, context.owner, about)


@router.get("/ops/audit.csv")
async def changes_of_all(context: OpsPage) -> Response:
    """What was changed anywhere."""
    return _changes(context, None, None)


async def _failed_updates(
    context: PartnerContext, asked: DeadLetterFilter
) -> AsyncIterator[Sequence[CsvRow]]:
    endpoints = await endpoints_of(context)

    async def read(after: Position | None, limit: int) -> Sequence[ListedDeadLetter]:
        return await context.read(
            list_dead_letters, asked, owner=context.owner, after=after, limit=limit
        )

    async for page in all_pages(read, lambda one: Position(one.created_at, one.id)):
        yield _failed_rows(context, page, endpoints)


def _failed_rows(
    context: PartnerContext, page: Sequence[ListedDeadLetter], endpoints: Sequence[EndpointRow]
) -> list[CsvRow]:
    t = context.words
    return [
        [
            moment_cell(line.row.created_at, context.zone),
            line.row.order_id,
            t(f"type-{line.row.event_type}"),
            t(f"channel-{line.row.channel}") if line.row.channel else None,
            line.endpoint,
            line.answer if line.row.code else t(f"letters-reason-{line.row.reason}"),
            line.why,
            t(f"resolved-{line.row.resolution}") if line.row.resolution else None,
            t("overview-test") if line.row.is_test else None,
        ]
        for line in lines_of(context, page, endpoints)
    ]


def _changes(context: PageContext, owner: str | None, about: str | None) -> Response:
    async def read(after: Position | None, limit: int) -> Sequence[AuditEntryRow]:
        wanted = AuditFilter(object_kind=about)
        return await context.read(list_entries, wanted, owner=owner, after=after, limit=limit)

    async def rows() -> AsyncIterator[Sequence[CsvRow]]:
        async for page in all_pages(read, lambda one: Position(one.at, one.id)):
            changes, partners = await context.read(_in_words, context, page)
            yield [line for one in changes for line in _lines(context, one, owner, partners)]

    t = context.words
    whose = [] if owner else [t("audit-partner")]
    header = [t("audit-when"), *whose, t("audit-what"), t("audit-details")]
    return csv_file("activity-log", [*header, t("audit-before"), t("audit-after")], rows())


def _in_words(
    session: Session, context: PageContext, page: Sequence[AuditEntryRow]
) -> tuple[list[Change], Mapping[str, str]]:
    actors = actors_of(session, {one for row in page for one in (row.actor, row.object_id)})
    named = {row.partner_id for row in page if row.partner_id is not None}
    partners = select(PartnerRow.id, PartnerRow.name).where(col(PartnerRow.id).in_(named))
    to_ops = context.viewer.is_ops
    changes = [change_said(context.words, row, actors, to_ops=to_ops) for row in page]
    return changes, dict(session.exec(partners).all())


def _lines(
    context: PageContext, change: Change, owner: str | None, partners: Mapping[str, str]
) -> list[CsvRow]:
    """A line for each field that was changed; one where there is none."""
    whose = [] if owner else [partners.get(change.row.partner_id or "")]
    begin = [moment_cell(change.row.at, context.zone), *whose, change.sentence]
    if not change.details:
        return [[*begin, None, None, None]]
    return [[*begin, one.name, one.before, one.value] for one in change.details]
