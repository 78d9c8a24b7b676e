"""`/v1/outcomes`: the figures of a partner, or of all, by day or by week."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlmodel import Session

from api.auth.key_check import Ops, OpsOrPartner
from api.dependencies import Now, Store
from api.json_route import JsonRoute
from api.openapi.errors import answer
from api.queries import ShortText
from api.rows import view_of
from contracts.access.callers import Caller
from contracts.body import Body
from contracts.errors import Invalid, NotFound
from contracts.outcomes.definitions import DEFINITIONS
from contracts.outcomes.figures import Figure, PartnerSums, add_up, figures_of
from contracts.outcomes.periods import MOST_DAYS, USUAL_DAYS, By, day_of, end_of
from contracts.outcomes.spreadsheet import MEDIA_TYPE, csv_of
from contracts.outcomes.views import (
    CallsGiven,
    CallsList,
    CallsView,
    DefinitionView,
    OutcomeDay,
    OutcomesView,
)
from contracts.time_zones import DEFAULT_TIME_ZONE
from store.outcomes import calls
from store.outcomes.reading import Range, read_outcomes
from store.partners.partners import get_partner

router = APIRouter(route_class=JsonRoute, prefix="/v1/outcomes", tags=["outcomes"])

_COLUMNS = ("partner_id", "from", "to", "figure", "unit", "value", "numerator", "denominator")
_EXAMPLE = (
    f"{','.join(_COLUMNS)}\r\n"
    "chai-point,2026-11-23,2026-11-29,delivered_within_90_s,share,0.99812,1594,1597\r\n"
)
_NOBODY: dict[int | str, dict[str, Any]] = {404: answer(404)}
_IN_BOTH_WAYS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": _EXAMPLE}}},
    **_NOBODY,
}


class Format(StrEnum):
    """What the answer is written in."""

    JSON = "json"
    CSV = "csv"


class DaysQuery(Body):
    """Which days, and of whom. No other names are taken."""

    partner_id: ShortText | None = Field(
        default=None,
        description="whose; null: a partner's own, or of all",
        examples=["chai-point"],
    )
    first: OutcomeDay | None = Field(
        default=None, alias="from", description="null: so that it is twelve weeks"
    )
    last: OutcomeDay | None = Field(
        default=None, alias="to", description="the last day; null: today"
    )


class OutcomesQuery(DaysQuery):
    """How the figures are to be cut and written."""

    by: By = By.WEEK
    format: Format = Format.JSON


@dataclass(frozen=True)
class _Outcomes:
    """What was read: each period with what was counted of each partner in it."""

    wanted: Range
    periods: dict[date, list[PartnerSums]]

    @property
    def total(self) -> list[Figure]:
        """The figures of the whole range."""
        return figures_of(add_up(self.periods.values()), DEFINITIONS)

    def bounds(self, begin: date) -> tuple[date, date]:
        """The first and the last day of a period, as far as they were asked for."""
        wanted = self.wanted
        return max(begin, wanted.first), min(end_of(begin, wanted.by), wanted.last)


@router.get("", summary="Get outcomes", response_model=OutcomesView, responses=_IN_BOTH_WAYS)
async def get_outcomes(
    now: Now, database: Store, caller: OpsOrPartner, asked: Annotated[OutcomesQuery, Query()]
) -> Any:
    """The figures of a range of days, each with numerator, denominator and definition.

    They are of the events that were accepted on those days, the partner's own, and minutes old;
    today's are those until now. `format=csv` gives a line for each period and figure, safe to open
    in a spreadsheet.
    """
    wanted = await database.read(_range, asked, asked.by, caller, now)
    outcomes = _Outcomes(wanted, await database.read(read_outcomes, wanted))
    if asked.format is Format.CSV:
        headers = {"content-disposition": 'attachment; filename="outcomes.csv"'}
        return Response(_as_csv(outcomes), media_type=MEDIA_TYPE, headers=headers)
    return _view(outcomes)


@router.put("/calls", responses=_NOBODY, summary="Give the calls of a day")
async def put_calls(asked: CallsGiven, now: Now, database: Store, caller: Ops) -> CallsView:
    """Say how many customers of a partner called on a day to ask where their order is.

    Given again for the same day, the number replaces the one before. 404 without such a partner.
    """
    row = await database.write(
        calls.put_calls, asked.partner_id, asked.day, asked.calls, now, actor=caller.id
    )
    return view_of(CallsView, row)


@router.get("/calls", responses=_NOBODY, summary="List calls")
async def list_calls(
    now: Now, database: Store, caller: OpsOrPartner, asked: Annotated[DaysQuery, Query()]
) -> CallsList:
    """The days of which the calls are known, with their number."""
    wanted = await database.read(_range, asked, By.DAY, caller, now)
    rows = await database.read(
        calls.list_calls, wanted.first, wanted.last, partner_id=wanted.partner_id
    )
    return CallsList(items=[view_of(CallsView, row) for row in rows])


def _range(session: Session, asked: DaysQuery, by: By, caller: Caller, now: datetime) -> Range:
    """What is asked for. NotFound for another's, Invalid for what is no range, or too long."""
    if caller.owner is not None and asked.partner_id not in (None, caller.owner):
        raise NotFound(f"no partner {asked.partner_id}")
    partner_id = caller.owner or asked.partner_id
    zone = get_partner(session, partner_id).time_zone if partner_id else DEFAULT_TIME_ZONE
    last = asked.last or day_of(now, zone)
    first = asked.first or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise Invalid("it is after the last day", field="from")
    if (last - first).days >= MOST_DAYS:
        raise Invalid(f"ask for {MOST_DAYS} days at most", field="from")
    return Range(first, last, by, partner_id)


def _view(outcomes: _Outcomes) -> OutcomesView:
    wanted = outcomes.wanted
    periods = [
        {**_days(outcomes.bounds(begin)), "figures": _shown(figures_of(partners, DEFINITIONS))}
        for begin, partners in outcomes.periods.items()
    ]
    definitions = [
        {name: getattr(one, name) for name in DefinitionView.model_fields} for one in DEFINITIONS
    ]
    return OutcomesView.model_validate(
        {
            **_days((wanted.first, wanted.last)),
            "partner_id": wanted.partner_id,
            "by": wanted.by,
            "total": _shown(outcomes.total),
            "periods": periods,
            "definitions": definitions,
        }
    )


def _days(bounds: tuple[date, date]) -> dict[str, date]:
    return dict(zip(("from", "to"), bounds, strict=True))


def _shown(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    return [
        {**asdict(one), "value": _text(one.value), "numerator": _text(one.numerator)}
        for one in figures
    ]


def _text(number: Any) -> str | None:
    return None if number is None else f"{number:f}"


def _as_csv(outcomes: _Outcomes) -> str:
    whose = outcomes.wanted.partner_id
    rows = (
        (
            *(whose, *outcomes.bounds(begin), one.name, one.unit.value),
            *(one.value, one.numerator, one.denominator),
        )
        for begin, partners in outcomes.periods.items()
        for one in figures_of(partners, DEFINITIONS)
    )
    return csv_of(_COLUMNS, rows)
