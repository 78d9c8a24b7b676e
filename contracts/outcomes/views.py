"""Outcomes as the API shows and takes them."""

import datetime as dt

from pydantic import Field

from contracts.body import Body, shown_as
from contracts.ids import PartnerRef
from contracts.outcomes.baseline_views import BaselineView
from contracts.outcomes.fields import DecimalText, OutcomeDay
from contracts.outcomes.figures import Unit
from contracts.outcomes.periods import By
from contracts.payload.events import PartnerId
from contracts.payload.fields import Count, UtcDatetime


class FigureView(Body):
    """One figure. `value` is null where there is nothing to tell it by."""

    name: str = Field(examples=["delivered_within_90_s"])
    unit: Unit = Field(examples=["share"])
    value: DecimalText | None = Field(examples=["0.99812"])
    numerator: DecimalText | None = Field(examples=["1594"])
    denominator: int | None = Field(
        description="null for a figure that is no share of anything", examples=[1597]
    )
    baseline: DecimalText | None = Field(
        description="what it was before, of as many days; null: nobody knows, or it is of all "
        "partners together",
        examples=["0.91204"],
    )


class PeriodView(Body):
    """A day or a week, and its figures."""

    first: dt.date = Field(alias="from", examples=["2026-11-23"])
    last: dt.date = Field(alias="to", description="the last day", examples=["2026-11-29"])
    figures: list[FigureView]


class DefinitionView(Body):
    """What a figure is, in words."""

    name: str = Field(examples=["delivered_within_90_s"])
    unit: Unit = Field(examples=["share"])
    means: str = Field(examples=["The share of webhooks that the partner had within 90 s."])
    numerator: str = Field(examples=["webhook deliveries that succeeded within 90 s"])
    denominator: str | None = Field(examples=["webhook deliveries"])
    modelled: bool = Field(
        description="not counted alone: worked out by a formula that assumes something",
        examples=[False],
    )


class OutcomesView(Body):
    """The figures of a range, by day or by week, and of the whole range. Periods without an event
    and without a call are left out."""

    partner_id: PartnerRef | None = Field(description="null: of all partners together")
    first: dt.date = Field(alias="from", examples=["2026-09-07"])
    last: dt.date = Field(alias="to", examples=["2026-11-29"])
    by: By
    total: list[FigureView]
    periods: list[PeriodView]
    definitions: list[DefinitionView]
    baselines: list[BaselineView] = Field(
        description="where the baselines of these figures come from"
    )


class PartnerFiguresView(Body):
    """One partner's figures of the whole range."""

    partner_id: PartnerRef
    figures: list[FigureView]


class OutcomesByPartnerView(Body):
    """Every partner's figures of a range, the worst first: by the share delivered within the
    policy, then within 90 s. Partners without an event and without a call are left out."""

    first: dt.date = Field(alias="from", examples=["2026-09-07"])
    last: dt.date = Field(alias="to", examples=["2026-11-29"])
    partners: list[PartnerFiguresView]
    definitions: list[DefinitionView]


class CallsGiven(Body):
    """How many customers called on a day to ask where their order is."""

    model_config = shown_as(partner_id="chai-point", day="2026-11-25", calls=38)

    partner_id: PartnerId
    day: OutcomeDay = Field(description="in the partner's time zone")
    calls: Count


class CallsView(Body):
    """Calls of one partner's customers on one day."""

    partner_id: PartnerRef
    day: dt.date = Field(examples=["2026-11-25"])
    calls: int = Field(examples=[38])
    given_at: UtcDatetime


class CallsList(Body):
    """The days of which calls are known, in their order."""

    items: list[CallsView]
