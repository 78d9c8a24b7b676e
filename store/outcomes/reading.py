"""Reads the days' rows, added up over days or weeks, for each partner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.outcomes.counts import COUNTED, Counts, Sums
from contracts.outcomes.figures import PartnerSums
from contracts.outcomes.periods import By
from contracts.outcomes.prices import Prices
from store.tables import PartnerRow

Key = tuple[str, date]
"""A partner, and the first day of a period."""

IN_RANGE = """
    day >= %(first)s AND day <= %(last)s
        AND (%(partner_id)s::text IS NULL OR partner_id = %(partner_id)s)
"""
PERIODS = {By.DAY: "day", By.WEEK: "day - (day - DATE '2001-01-01') %% 7"}
"""The first day of the year 2001 was a Monday."""

DAYS_WITH_CALLS = f"""
    (SELECT * FROM outcome_days WHERE {IN_RANGE}) AS counted
    FULL JOIN (SELECT partner_id, day, calls FROM wismo_calls WHERE {IN_RANGE}) AS known
        USING (partner_id, day)
"""  # noqa: S608 - words of our own
"""A FULL JOIN, for days of which the calls are known alone, and because it reads each table once;
any other may look up each day of the one in the other."""

CALLS = "sum(calls), count(calls), sum(orders) FILTER (WHERE calls IS NOT NULL)"

_COUNTS = """
    SELECT partner_id, {period} AS period, {sums}, {calls} FROM {days_with_calls} GROUP BY 1, 2
"""
_PROPAGATION = """
    SELECT partner_id, {period} AS period, bucket, sum(count)
    FROM outcome_days, unnest(propagation_buckets, propagation_counts) AS took (bucket, count)
    WHERE {in_range} GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Range:
    """Which days, the last one among them, and of whom: of one partner, or of all."""

    first: date
    last: date
    by: By
    partner_id: str | None = None

    @property
    def values(self) -> Mapping[str, Any]:
        """What the statements ask for."""
        return {"first": self.first, "last": self.last, "partner_id": self.partner_id}


def read_outcomes(session: Session, wanted: Range) -> dict[date, list[PartnerSums]]:
    """What was counted of each partner in each period, by the day it begins with. Periods in which
    nothing was counted are not there."""
    propagation: dict[Key, dict[int, int]] = {}
    for partner_id, period, bucket, count in _run(session, _PROPAGATION, wanted):
        propagation.setdefault((partner_id, period), {})[bucket] = int(count)
    rows = sorted(_run(session, _COUNTS, wanted), key=lambda row: (row[1], row[0]))
    prices = _prices(session, {partner_id for partner_id, *_ in rows})
    periods: dict[date, list[PartnerSums]] = {}
    for partner_id, period, *found in rows:
        sums = _sums(found, propagation.get((partner_id, period), {}))
        periods.setdefault(period, []).append(PartnerSums(partner_id, sums, prices[partner_id]))
    return periods


def _run(session: Session, statement: str, wanted: Range) -> Sequence[Any]:
    sums = ", ".join(f"sum({name})" for name in COUNTED)
    complete = statement.format(
        period=PERIODS[wanted.by],
        sums=sums,
        calls=CALLS,
        in_range=IN_RANGE,
        days_with_calls=DAYS_WITH_CALLS,
    )
    return session.connection().exec_driver_sql(complete, wanted.values).all()


def _sums(found: Sequence[Any], propagation: Mapping[int, int]) -> Sums:
    sums = [int(one or 0) for one in found]
    counts = Counts(**dict(zip(COUNTED, sums[: len(COUNTED)], strict=True)))
    return Sums(counts, propagation, *sums[len(COUNTED) :])


def _prices(session: Session, partner_ids: set[str]) -> dict[str, Prices]:
    """Of each of these, as they are set now."""
    found = dict.fromkeys(partner_ids, Prices())
    columns = (PartnerRow.id, PartnerRow.redelivery_cost, PartnerRow.sms_part_price)
    query = select_columns(*map(col, columns)).where(col(PartnerRow.id).in_(partner_ids))
    return found | {one: Prices(cost, price) for one, cost, price in session.execute(query)}
