"""`/v1/outcomes/partners`: all partners side by side, the worst first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.auth.key_check import Ops
from api.dependencies import Now, Store
from api.json_route import JsonRoute
from api.outcome_answers import (
    csv_file,
    days_shown,
    days_until,
    in_words,
    row_of,
    shown,
    with_baselines,
)
from api.routes.outcomes import IN_BOTH_WAYS, Format, RangeQuery, days_asked
from contracts.outcomes.baselines import beside
from contracts.outcomes.board import BOARD, PartnerFigures, worst_first
from contracts.outcomes.periods import By, day_of
from contracts.outcomes.views import OutcomesByPartnerView
from contracts.time_zones import DEFAULT_TIME_ZONE
from store.outcomes.board import Board, read_board
from store.outcomes.reading import Range

router = APIRouter(route_class=JsonRoute, prefix="/v1/outcomes", tags=["outcomes"])


class ByPartnerQuery(RangeQuery):
    """Which days, and what the answer is written in."""

    format: Format = Format.JSON


@dataclass(frozen=True)
class ByPartner:
    """The table: which days it is of, how many of them have come, and what was counted."""

    bounds: tuple[date, date]
    today: date
    board: Board

    @property
    def lines(self) -> Sequence[PartnerFigures]:
        """Its lines, the worst first."""
        return worst_first(self.board.partners)

    def before(self, line: PartnerFigures) -> Sequence[Decimal | None]:
        """What each figure of a line was before, of as many days."""
        known = self.board.baselines.get(line.partner_id, {})
        return beside(line.figures, known, days_until(self.today, self.bounds))


@router.get(
    "/partners",
    summary="Compare partners",
    response_model=OutcomesByPartnerView,
    responses=IN_BOTH_WAYS,
)
async def compare_partners(
    now: Now, database: Store, _caller: Ops, asked: Annotated[ByPartnerQuery, Query()]
) -> Any:
    """The main figures of every partner over a range of days, the worst first.

    Each day is the partner's own. `format=csv` gives a line for each partner and figure, safe to
    open in a spreadsheet.
    """
    today = day_of(now, DEFAULT_TIME_ZONE)
    bounds = days_asked(asked, today)
    board = await database.read(read_board, Range(*bounds, By.WEEK))
    compared = ByPartner(bounds, today, board)
    if asked.format is Format.CSV:
        return csv_by_partner(compared)
    return view_by_partner(compared)


def csv_by_partner(compared: ByPartner) -> Response:
    """A line for each partner and figure."""
    rows = (
        row_of(line.partner_id, compared.bounds, one)
        for line in compared.lines
        for one in with_baselines(line.figures, compared.before(line))
    )
    return csv_file(rows)


def view_by_partner(compared: ByPartner) -> OutcomesByPartnerView:
    """All of it, as it is shown."""
    partners = [
        {
            "partner_id": line.partner_id,
            "figures": shown(with_baselines(line.figures, compared.before(line))),
        }
        for line in compared.lines
    ]
    return OutcomesByPartnerView.model_validate(
        {**days_shown(compared.bounds), "partners": partners, "definitions": in_words(BOARD)}
    )
