"""`/ops/outcomes`: all partners in one table, the worst first; and the calls of a call centre,
which come as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.routes.outcomes import Format, days_asked
from api.routes.outcomes_by_partner import ByPartner, csv_by_partner, view_by_partner
from contracts.outcomes.board import BOARD, PartnerFigures
from contracts.outcomes.calls_file import CALLS_FILE
from contracts.outcomes.figures import PartnerSums, figures_of
from contracts.outcomes.lines_file import MOST_LINES, LinesRefused, read_lines
from contracts.outcomes.periods import By, day_of
from contracts.outcomes.prices import Prices
from contracts.outcomes.targets import TARGETS, is_reached
from contracts.time_zones import DEFAULT_TIME_ZONE
from dashboard.figures import count_shown
from dashboard.forms import Form
from dashboard.line_charts import LineChart
from dashboard.outcome_figures import FigureText, figures_said
from dashboard.outcome_files import json_file
from dashboard.outcome_ranges import (
    RangeFields,
    RangeForm,
    RangeInAddress,
    query_of,
    refuse_faults,
)
from dashboard.outcome_views import charts_of, days_said
from dashboard.page_context import OpsPage, PageContext
from dashboard.state_texts import BAD
from dashboard.translations import Words
from store.outcomes.board import Board, read_board
from store.outcomes.calls import put_calls_file
from store.outcomes.reading import Range

router = APIRouter(prefix="/ops")

_ON_A_PAGE = 50
_IN_CHARTS = tuple(TARGETS)
_DEFAULT = RangeFields()

PageNumber = Annotated[int, Query(ge=1, le=1000)]
Taken = Annotated[int | None, Query(ge=1, le=MOST_LINES)]


@dataclass(frozen=True)
class _Row:
    """A partner as the page shows it."""

    partner_id: str
    name: str
    figures: Sequence[FigureText]


@router.get("/outcomes")
async def outcomes(
    context: OpsPage, fields: RangeInAddress, page: PageNumber = 1, taken: Taken = None
) -> Response:
    """Every partner's figures, beside what was promised. `taken` is how many calls' days a file has
    just had."""
    return await _page(context, fields, page, taken=taken)


@router.get("/outcomes.{file}")
async def outcomes_as_file(context: OpsPage, fields: RangeInAddress, file: Format) -> Response:
    """Every line of the table, as `GET /v1/outcomes/partners` gives it."""
    compared, _, form = await _read(context, fields)
    refuse_faults(form)
    if file is Format.CSV:
        return csv_by_partner(compared)
    return json_file(view_by_partner(compared))


@router.post("/outcomes/calls")
async def calls(context: OpsPage, fields: Form) -> Response:
    """Take the calls of a file: all of its lines, or none."""
    try:
        lines = read_lines(fields.file("calls"), CALLS_FILE)
        await context.write(put_calls_file, lines, context.now(), context.viewer.actor)
    except LinesRefused as refused:
        return await _page(context, _DEFAULT, refused=refused)
    return context.go_to("/outcomes", taken=str(len(lines)))


async def _page(
    context: PageContext,
    fields: RangeFields,
    page: int = 1,
    *,
    taken: int | None = None,
    refused: LinesRefused | None = None,
) -> Response:
    compared, by, form = await _read(context, fields)
    t, lines = context.words, compared.lines
    shown = lines[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE]
    together = figures_of(compared.board.partners, BOARD)
    return context.page(
        "ops_outcomes",
        422 if form.fault or refused else 200,
        form=form,
        days=days_said(t, *compared.bounds),
        columns=BOARD,
        targets=TARGETS,
        rows=[_row(t, line, compared) for line in shown],
        together=list(figures_said(t, together).values()),
        figures=_on_top(t, lines),
        charts=_charts(t, Range(*compared.bounds, by), compared.board),
        more=len(lines) > page * _ON_A_PAGE,
        page_number=page,
        taken=taken,
        refused=refused,
        most_lines=MOST_LINES,
    )


async def _read(context: PageContext, fields: RangeFields) -> tuple[ByPartner, By, RangeForm]:
    today = day_of(context.now(), DEFAULT_TIME_ZONE)
    asked, form = query_of(context.words, fields, today)
    bounds = days_asked(asked, today)
    board = await context.read(read_board, Range(*bounds, asked.by))
    return ByPartner(bounds, today, board), asked.by, form


def _row(t: Words, line: PartnerFigures, compared: ByPartner) -> _Row:
    said = figures_said(t, line.figures, compared.before(line))
    name = compared.board.names[line.partner_id]
    return _Row(line.partner_id, name, list(said.values()))


def _on_top(t: Words, lines: Sequence[PartnerFigures]) -> list[tuple[str, str, str]]:
    """How many partners there are, and how many have not what was promised."""
    missed = {
        name: sum(
            one.name == name and is_reached(one) is False for line in lines for one in line.figures
        )
        for name in TARGETS
    }
    return [
        (t("outcomes-partners"), count_shown(t, len(lines)), ""),
        *(
            (t(f"outcomes-missed-{name}"), count_shown(t, n), BAD if n else "")
            for name, n in missed.items()
        ),
    ]


def _charts(t: Words, wanted: Range, board: Board) -> list[LineChart]:
    by_period = {
        begin: figures_of([PartnerSums("", sums, Prices())], BOARD)
        for begin, sums in board.periods.items()
    }
    return charts_of(t, _IN_CHARTS, wanted, by_period)
