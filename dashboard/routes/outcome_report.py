"""`/p/{partner_id}/outcomes/report`: a week beside the one before, to be printed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from api.routes.outcomes import OutcomesQuery, outcomes_asked
from contracts.outcomes.definitions import DEFINITIONS
from contracts.outcomes.fields import OutcomeDay
from contracts.outcomes.figures import figures_of
from contracts.outcomes.periods import By, begin_of, day_of, end_of
from contracts.outcomes.targets import exact
from dashboard.faults import fault_said
from dashboard.outcome_changes import change_said
from dashboard.outcome_figures import GROUPS, FigureText, figures_said, value_said
from dashboard.outcome_views import day_said, days_said
from dashboard.page_context import PartnerContext, PartnerPage
from dashboard.translations import Words

router = APIRouter()

_WEEK = timedelta(days=7)
_DAYS: TypeAdapter[date] = TypeAdapter(OutcomeDay)


@dataclass(frozen=True)
class _Line:
    """A figure of the week with its baseline, and how it differs from the week before."""

    said: FigureText
    week_before: str
    change: str


@router.get("/p/{partner_id}/outcomes/report")
async def report(context: PartnerPage, week: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The week that a day is in; without one, the last that is over."""
    today = day_of(context.now(), context.zone)
    day, fault = _day(context.words, week, today - _WEEK)
    monday = begin_of(day, By.WEEK)
    sunday = end_of(monday, By.WEEK)
    lines = await _lines(context, monday)
    return context.page(
        "outcome_report",
        422 if fault else 200,
        typed=week if fault else monday.isoformat(),
        fault=fault,
        days=days_said(context.words, monday, sunday),
        made=day_said(context.words, today, year=True),
        is_over=sunday < today,
        groups={group: [lines[name] for name in names] for group, names in GROUPS.items()},
        earlier=(monday - _WEEK).isoformat(),
        later=(monday + _WEEK).isoformat() if monday + _WEEK <= today else None,
    )


async def _lines(context: PartnerContext, monday: date) -> dict[str, _Line]:
    t, last = context.words, monday - _WEEK
    asked = OutcomesQuery.model_validate({"from": last, "to": end_of(monday, By.WEEK)})
    found = await context.read(outcomes_asked, asked, context.owner, context.now())
    figures, earlier = (
        figures_of(found.periods.get(begin, []), DEFINITIONS) for begin in (monday, last)
    )
    said = figures_said(t, figures, found.before(figures, found.bounds(monday)))
    return {
        one.name: _Line(said[one.name], value_said(t, was), change_said(t, one, exact(was)))
        for one, was in zip(figures, earlier, strict=True)
    }


def _day(t: Words, typed: str, otherwise: date) -> tuple[date, str | None]:
    """The day that was typed; where it is none, the usual one, and what is wrong with it."""
    if not typed:
        return otherwise, None
    try:
        return _DAYS.validate_python(typed), None
    except ValidationError as error:
        [line, *_] = error.errors(include_url=False, include_input=False)
        return otherwise, t("form-fault", field=t("report-week"), fault=fault_said(t, line))
