"""`/p/{partner_id}/outcomes`: a partner's own figures over any range of days, and the same as
files."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.outcome_answers import Outcomes, csv_answer, outcomes_view
from api.routes.outcomes import Format, outcomes_asked
from contracts.outcomes.baselines import FIGURES
from contracts.outcomes.definitions import DEFINITIONS
from contracts.outcomes.figures import add_up, figures_of
from contracts.outcomes.periods import day_of
from dashboard.outcome_figures import GROUPS, figures_said
from dashboard.outcome_files import json_file
from dashboard.outcome_ranges import (
    RangeFields,
    RangeForm,
    RangeInAddress,
    query_of,
    refuse_faults,
)
from dashboard.outcome_views import charts_of, days_said, periods_said
from dashboard.page_context import HOME, PartnerContext, PartnerPage
from dashboard.viewers import ViewerDep

router = APIRouter()

_ON_TOP = (
    "delivered_within_policy",
    "delivered_within_90_s",
    "propagation_p95",
    "first_attempt_success",
    "rto",
    "redelivery_cost_avoided",
)
_IN_CHARTS = (
    "delivered_within_policy",
    "delivered_within_90_s",
    "first_attempt_success",
    "wismo_calls_per_100_orders",
)
_IN_NUMBERS = (
    "events_accepted",
    "delivered_within_policy",
    "delivered_within_90_s",
    "delivered_in_the_end",
    "propagation_p50",
    "propagation_p99",
    "orders",
    "first_attempt_success",
    "rto",
    "wismo_calls_per_100_orders",
)
_BY_PERIOD = [FIGURES[name] for name in _IN_NUMBERS]


@router.get("/outcomes")
async def outcomes_of_viewer(viewer: ViewerDep) -> Response:
    """One address for everybody: it leads ops to all partners, others to their own figures."""
    place = "/ops" if viewer.is_ops else f"/p/{viewer.partner_id}"
    return RedirectResponse(f"{HOME}{place}/outcomes", status_code=303)


@router.get("/p/{partner_id}/outcomes")
async def outcomes(context: PartnerPage, fields: RangeInAddress) -> Response:
    """What the messages, the parcels and the customers' answers came to, beside what was before."""
    found, form = await _read(context, fields)
    t, wanted = context.words, found.wanted
    total = figures_of(add_up(found.periods.values()), DEFINITIONS)
    said = figures_said(t, total, found.before(total, (wanted.first, wanted.last)))
    by_period = {
        begin: figures_of(partners, _BY_PERIOD) for begin, partners in found.periods.items()
    }
    return context.page(
        "outcomes",
        422 if form.fault else 200,
        form=form,
        days=days_said(t, wanted.first, wanted.last),
        is_empty=not found.periods,
        on_top=[said[name] for name in _ON_TOP],
        groups={group: [said[name] for name in names] for group, names in GROUPS.items()},
        charts=charts_of(t, _IN_CHARTS, wanted, by_period),
        columns=_IN_NUMBERS,
        periods=periods_said(t, wanted, by_period),
    )


@router.get("/p/{partner_id}/outcomes.{file}")
async def outcomes_as_file(context: PartnerPage, fields: RangeInAddress, file: Format) -> Response:
    """Every figure of the page, of each period, as `GET /v1/outcomes` gives it."""
    found, form = await _read(context, fields)
    refuse_faults(form)
    return csv_answer(found) if file is Format.CSV else json_file(outcomes_view(found))


async def _read(context: PartnerContext, fields: RangeFields) -> tuple[Outcomes, RangeForm]:
    now = context.now()
    asked, form = query_of(context.words, fields, day_of(now, context.zone))
    return await context.read(outcomes_asked, asked, context.owner, now), form
