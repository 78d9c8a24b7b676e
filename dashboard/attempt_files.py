"""The attempts of an endpoint as a CSV file, with the filters of their page."""

from collections.abc import AsyncIterator, Sequence

from fastapi.responses import Response

from dashboard.csv_files import ROWS_AT_ONCE, CsvRow, csv_file, moment_cell
from dashboard.page_context import PartnerContext
from dashboard.state_texts import answer_said
from store.db.keyset import Position
from store.deliveries.attempt_log import AttemptQuery, LoggedAttempt, attempt_log

_COLUMNS = (
    "attempts-response",
    "attempts-status",
    "attempts-duration",
    "attempts-number",
    "endpoint-type",
    "attempts-order",
    "attempts-event",
    "attempts-test",
)


def attempt_file(context: PartnerContext, endpoint_id: str, wanted: AttemptQuery) -> Response:
    """All of them, the newest first."""
    t = context.words
    header = [t("attempts-began", zone=context.zone), *(t(one) for one in _COLUMNS)]
    return csv_file("attempts", header, _rows(context, endpoint_id, wanted))


async def _rows(
    context: PartnerContext, endpoint_id: str, wanted: AttemptQuery
) -> AsyncIterator[Sequence[CsvRow]]:
    after: Position | None = None
    while True:
        page = await context.read(
            attempt_log,
            endpoint_id,
            wanted,
            owner=context.owner,
            after=after,
            limit=ROWS_AT_ONCE,
        )
        yield [_row(context, one) for one in page.attempts]
        after = page.after
        if after is None:
            return


def _row(context: PartnerContext, one: LoggedAttempt) -> CsvRow:
    t, row = context.words, one.row
    return [
        moment_cell(row.started_at, context.zone),
        answer_said(t, row).word,
        row.status_code,
        row.duration_ms,
        row.number,
        t(f"type-{one.event_type}"),
        one.order_id,
        one.event_id,
        t("value-flag-yes" if one.is_test else "value-flag-no"),
    ]
