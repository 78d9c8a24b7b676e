"""`/v1/outcomes/baselines`: what the figures of a partner were before."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.auth.key_check import Ops, OpsOrPartner
from api.dependencies import Now, Store
from api.json_route import JsonRoute
from api.openapi.errors import answer
from api.outcome_answers import baseline_view
from api.queries import ShortText
from contracts.body import Body
from contracts.errors import NotFound
from contracts.ids import PartnerRef
from contracts.outcomes.baseline_views import (
    BaselineGiven,
    BaselineList,
    BaselineView,
    DaysOfBaseline,
    FigureName,
)
from store.outcomes.baselines import list_baselines, put_baseline
from store.outcomes.baselines import remove_baseline as remove
from store.outcomes.measuring import measure_baselines

router = APIRouter(route_class=JsonRoute, prefix="/v1/outcomes/baselines", tags=["outcomes"])

_NOBODY: dict[int | str, dict[str, Any]] = {404: answer(404)}


class BaselinesQuery(Body):
    """Whose. No other names are taken."""

    partner_id: ShortText | None = Field(
        default=None,
        description="whose; null: a partner's own, or of all",
        examples=["chai-point"],
    )


@router.get("", responses=_NOBODY, summary="List baselines")
async def get_baselines(
    database: Store, caller: OpsOrPartner, asked: Annotated[BaselinesQuery, Query()]
) -> BaselineList:
    """What is known of the time before, by partner, in the order of the figures."""
    if caller.owner is not None and asked.partner_id not in (None, caller.owner):
        raise NotFound(f"no partner {asked.partner_id}")
    rows = await database.read(list_baselines, caller.owner or asked.partner_id)
    return BaselineList(items=[baseline_view(row) for row in rows])


@router.put("", responses=_NOBODY, summary="Import a baseline")
async def import_baseline(
    asked: BaselineGiven, now: Now, database: Store, caller: Ops
) -> BaselineView:
    """Say what a figure of a partner was in some days before, of these days together.

    Given again for the same figure, imported or measured, it replaces the one before. 404 without
    such a partner.
    """
    row = await database.write(put_baseline, asked.partner_id, asked.baseline, now, actor=caller.id)
    return baseline_view(row)


@router.post("/measured", responses=_NOBODY, summary="Measure baselines")
async def measure(asked: DaysOfBaseline, now: Now, database: Store, caller: Ops) -> BaselineList:
    """Count a partner's recorded events (`notify` false) that happened on these days, and keep what
    they say of how its parcels fared: in the place of what was known of these figures.

    422 where none was recorded, 404 without such a partner.
    """
    rows = await database.write(
        measure_baselines, asked.partner_id, asked.first, asked.last, now, actor=caller.id
    )
    return BaselineList(items=[baseline_view(row) for row in rows])


@router.delete(
    "/{partner_id}/{figure}", status_code=204, responses=_NOBODY, summary="Remove a baseline"
)
async def remove_baseline(
    partner_id: PartnerRef, figure: FigureName, now: Now, database: Store, caller: Ops
) -> None:
    """Compare a figure of a partner with nothing any more."""
    await database.write(remove, partner_id, figure, now, actor=caller.id)
