"""Which days a page of outcomes is about: a form with two dates, and whether by day or by week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import ValidationError

from api.routes.outcomes import OutcomesQuery, days_asked
from contracts.errors import Invalid
from contracts.outcomes.periods import By
from contracts.refusals import Refusal
from dashboard.faults import first_fault, refusal_said
from dashboard.translations import Words

_Typed = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True)
class RangeFields:
    """What was typed; what is empty is left to us."""

    first: str = ""
    last: str = ""
    by: str = ""

    @property
    def asked(self) -> OutcomesQuery:
        """As the API takes it. ValidationError where it is no range."""
        typed = {"from": self.first, "to": self.last, "by": self.by}
        return OutcomesQuery.model_validate({name: one for name, one in typed.items() if one})


@dataclass(frozen=True)
class RangeForm:
    """The form as the page shows it: what is typed into it, and what was wrong with that."""

    first: str
    last: str
    by: By
    fault: str | None

    @property
    def query(self) -> str:
        """The same range for another page."""
        return urlencode({"from": self.first, "to": self.last, "by": self.by})


async def range_fields(
    first: Annotated[str, Query(alias="from", max_length=40)] = "",
    last: Annotated[str, Query(alias="to", max_length=40)] = "",
    by: _Typed = "",
) -> RangeFields:
    """The fields of the form in the address of a page."""
    return RangeFields(first.strip(), last.strip(), by.strip())


def query_of(t: Words, fields: RangeFields, today: date) -> tuple[OutcomesQuery, RangeForm]:
    """What the form asks for, and the form. Where it is no range, the usual twelve weeks, with the
    form as it was typed and what is wrong with it."""
    try:
        asked = fields.asked
        first, last = days_asked(asked, today)
    except ValidationError as error:
        return _usual(fields, _said(t, *first_fault(t, error)))
    except Invalid as error:
        return _usual(fields, refusal_said(t, error))
    return asked, RangeForm(first.isoformat(), last.isoformat(), asked.by, None)


def _usual(fields: RangeFields, fault: str) -> tuple[OutcomesQuery, RangeForm]:
    asked = OutcomesQuery()
    return asked, RangeForm(fields.first, fields.last, asked.by, fault)


def refuse_faults(form: RangeForm) -> None:
    """A file has no form to be filled in again: Invalid for what is no range."""
    if form.fault:
        raise Invalid(form.fault, field="from", cause=Refusal.RANGE)


def _said(t: Words, field: str, fault: str) -> str:
    return t("form-fault", field=t(_LABELS[field]), fault=fault)


_LABELS: Mapping[str, str] = {"from": "outcomes-from", "to": "outcomes-to", "by": "outcomes-by"}

RangeInAddress = Annotated[RangeFields, Depends(range_fields)]
