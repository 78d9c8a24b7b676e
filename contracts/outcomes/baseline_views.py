"""Baselines as the API shows and takes them."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from contracts.body import Body, shown_as
from contracts.ids import PartnerRef
from contracts.outcomes.baselines import FIGURES, Baseline, BaselineSource, fault_of_value
from contracts.outcomes.fields import DecimalText, OutcomeDay
from contracts.outcomes.figures import Unit
from contracts.outcomes.lines_file import LinesForm
from contracts.outcomes.periods import MOST_DAYS
from contracts.payload.events import PartnerId
from contracts.payload.fields import UtcDatetime


def _of_figures(name: str) -> str:
    if name not in FIGURES:
        raise ValueError(f"send one of {', '.join(FIGURES)}")
    return name


FigureName = Annotated[
    str,
    AfterValidator(_of_figures),
    WithJsonSchema(
        {"type": "string", "enum": list(FIGURES), "examples": ["first_attempt_success"]}
    ),
]


class BaselineView(Body):
    """What one figure of one partner was before."""

    partner_id: PartnerRef
    figure: str = Field(examples=["first_attempt_success"])
    unit: Unit = Field(examples=["share"])
    value: DecimalText = Field(description="of all its days together", examples=["0.81200"])
    numerator: DecimalText | None = Field(
        description="null where it was imported", examples=["406"]
    )
    denominator: int | None = Field(
        description="null where it was imported, or is no share of anything", examples=[500]
    )
    first: dt.date = Field(alias="from", examples=["2025-06-01"])
    last: dt.date = Field(alias="to", description="the last day", examples=["2025-08-31"])
    source: BaselineSource = Field(
        description="given by somebody, or counted out of recorded events", examples=["measured"]
    )
    given_at: UtcDatetime


class BaselineList(Body):
    """Baselines, by partner, in the order of the figures."""

    items: list[BaselineView]


class DaysOfBaseline(Body):
    """A partner, and days before now."""

    model_config = shown_as(
        **{"partner_id": "chai-point", "from": "2025-06-01", "to": "2025-08-31"}
    )

    partner_id: PartnerId
    first: OutcomeDay = Field(alias="from", description="in the partner's time zone")
    last: OutcomeDay = Field(alias="to", description="the last day")

    @field_validator("last")
    @classmethod
    def _no_earlier_than_the_first(cls, last: dt.date, known: ValidationInfo) -> dt.date:
        first = known.data.get("first", last)
        if last < first:
            raise ValueError("it is before the first day")
        if (last - first).days >= MOST_DAYS:
            raise ValueError(f"send {MOST_DAYS} days at most")
        return last


class BaselineGiven(DaysOfBaseline):
    """What a figure of a partner was in some days before."""

    model_config = shown_as(
        **{"partner_id": "chai-point", "from": "2025-06-01", "to": "2025-08-31"},
        figure="first_attempt_success",
        value="0.812",
    )

    figure: FigureName
    value: str = Field(
        pattern=r"^[0-9]{1,12}(\.[0-9]{1,5})?$",
        description="a share is between 0 and 1; of what is counted, the sum of these days",
    )

    @field_validator("value")
    @classmethod
    def _of_the_figures_unit(cls, value: str, known: ValidationInfo) -> str:
        figure = known.data.get("figure")
        fault = fault_of_value(figure, Decimal(value)) if figure else None
        if fault:
            raise ValueError(fault)
        return value

    @property
    def baseline(self) -> Baseline:
        """It, exactly."""
        value = Decimal(self.value).quantize(FIGURES[self.figure].places)
        return Baseline(self.figure, value, self.first, self.last)


BASELINES_FILE = LinesForm(
    columns=("partner_id", "figure", "value", "from", "to"),
    model=BaselineGiven,
    key=lambda given: (given.partner_id, given.figure),
    key_words="partner and figure",
)
