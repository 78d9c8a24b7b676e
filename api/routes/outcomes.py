"""`/v1/outcomes`: the figures of a partner, or of all, by day or by week."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from sqlmodel import Session

from api.auth.key_check import Ops, OpsOrPartner
from api.dependencies import Now, Store
from api.json_route import JsonRoute
from api.openapi.errors import answer
from api.outcome_answers import CSV_EXAMPLE, Outcomes, csv_answer, outcomes_view
from api.queries import ShortText
from api.rows import view_of
from contracts.body import Body
from contracts.errors import Invalid, NotFound
from contracts.outcomes.fields import OutcomeDay
from contracts.outcomes.periods import MOST_DAYS, USUAL_DAYS, By, day_of
from contracts.outcomes.views import CallsGiven, CallsList, CallsView, OutcomesView
from contracts.refusals import Refusal
from contracts.time_zones import DEFAULT_TIME_ZONE
from store.outcomes import calls
from store.outcomes.baselines import list_baselines
from store.outcomes.reading import Range, read_outcomes
from store.partners.partners import get_partner

router = APIRouter(route_class=JsonRoute, prefix="/v1/outcomes", tags=["outcomes"])

_NOBODY: dict[int | str, dict[str, Any]] = {404: answer(404)}
IN_BOTH_WAYS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": CSV_EXAMPLE}}}
}


class Format(StrEnum):
    """What the answer is written in."""

    JSON = "json"
    CSV = "csv"


class RangeQuery(Body):
    """Which days. No other names are taken."""

    first: OutcomeDay | None = Field(
        default=None, alias="from", description="null: so that it is twelve weeks"
    )
    last: OutcomeDay | None = Field(
        default=None, alias="to", description="the last day; null: today"
    )


class DaysQuery(RangeQuery):
    """Which days, and of whom."""

    partner_id: ShortText | None = Field(
        default=None,
        description="whose; null: a partner's own, or of all",
        examples=["chai-point"],
    )


class OutcomesQuery(DaysQuery):
    """How the figures are to be cut and written."""

    by: By = By.WEEK
    format: Format = Format.JSON


@router.get(
    "", summary="Get outcomes", response_model=OutcomesView, responses={**IN_BOTH_WAYS, **_NOBODY}
)
async def get_outcomes(
    now: Now, database: Store, caller: OpsOrPartner, asked: Annotated[OutcomesQuery, Query()]
) -> Any:
    """The figures of a range of days, each with numerator, denominator and definition.

    They are of the events that were accepted on those days, the partner's own, and minutes old;
    today's are those until now. Those of one partner have their baseline beside them, where one is
    known: of a count, and of rupees, for as many days. `format=csv` gives a line for each period
    and figure, safe to open in a spreadsheet.
    """
    outcomes = await database.read(outcomes_asked, asked, caller.owner, now)
    return csv_answer(outcomes) if asked.format is Format.CSV else outcomes_view(outcomes)


@router.put("/calls", responses=_NOBODY, summary="Give the calls of a day")
async def put_calls(asked: CallsGiven, now: Now, database: Store, caller: Ops) -> CallsView:
    """Say how many customers of a partner called on a day to ask where their order is.

    Given again for the same day, the number replaces the one before. 404 without such a partner.
    """
    row = await database.write(calls.put_calls, asked, now, actor=caller.id)
    return view_of(CallsView, row)


@router.get("/calls", responses=_NOBODY, summary="List calls")
async def list_calls(
    now: Now, database: Store, caller: OpsOrPartner, asked: Annotated[DaysQuery, Query()]
) -> CallsList:
    """The days of which the calls are known, with their number."""
    wanted = await database.read(_range, asked, By.DAY, caller.owner, now)
    rows = await database.read(
        calls.list_calls, wanted.first, wanted.last, partner_id=wanted.partner_id
    )
    return CallsList(items=[view_of(CallsView, row) for row in rows])


def outcomes_asked(
    session: Session, asked: OutcomesQuery, owner: str | None, now: datetime
) -> Outcomes:
    """What was counted, and what it is compared with. `owner` is whose rows alone may be seen,
    None: everybody's. NotFound for another's, Invalid for what is no range, or too long."""
    wanted = _range(session, asked, asked.by, owner, now)
    whose = wanted.partner_id
    return Outcomes(
        wanted=wanted,
        today=day_of(now, _zone(session, whose)),
        periods=read_outcomes(session, wanted),
        baselines=list_baselines(session, whose) if whose else (),
    )


def _zone(session: Session, partner_id: str | None) -> str:
    return get_partner(session, partner_id).time_zone if partner_id else DEFAULT_TIME_ZONE


def _range(session: Session, asked: DaysQuery, by: By, owner: str | None, now: datetime) -> Range:
    if owner is not None and asked.partner_id not in (None, owner):
        raise NotFound(f"no partner {asked.partner_id}")
    partner_id = owner or asked.partner_id
    today = day_of(now, _zone(session, partner_id))
    return Range(*days_asked(asked, today), by, partner_id)


def days_asked(asked: RangeQuery, today: date) -> tuple[date, date]:
    """The first and the last day. Invalid for what is no range, or too long."""
    last = asked.last or today
    first = asked.first or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise Invalid("it is after the last day", field="from", cause=Refusal.RANGE)
    if (last - first).days >= MOST_DAYS:
        raise Invalid(
            f"ask for {MOST_DAYS} days at most", field="from", cause=Refusal.RANGE_TOO_LONG
        )
    return first, last
