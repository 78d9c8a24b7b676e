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

_COUNTS = """
    SELECT partner_id, {period} AS period, {sums}
    FROM outcome_days WHERE {in_range} GROUP BY 1, 2
"""
_PROPAGATION = """
    SELECT partner_id, {period} AS period, bucket, sum(count)
    FROM outcome_days, unnest(propagation_buckets, propagation_counts) AS took (bucket, count)
    WHERE {in_range} GROUP BY 1, 2, 3
"""
_CALLS = """
    SELECT partner_id, {period} AS period, sum(calls), count(*), coalesce(sum(orders), 0)
    FROM wismo_calls LEFT JOIN outcome_days USING (partner_id, day)
    WHERE {in_range} GROUP BY 1, 2
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
    counts = {_key(row): _counts(row) for row in _run(session, _COUNTS, wanted)}
    propagation: dict[Key, dict[int, int]] = {}
    for partner_id, period, bucket, count in _run(session, _PROPAGATION, wanted):
        propagation.setdefault((partner_id, period), {})[bucket] = int(count)
    calls = {_key(row): [int(one) for one in row[2:]] for row in _run(session, _CALLS, wanted)}
    prices = _prices(session, {partner_id for partner_id, _ in (*counts, *calls)})
    periods: dict[date, list[PartnerSums]] = {}
    for partner_id, period in sorted({*counts, *calls}):
        key = (partner_id, period)
        sums = Sums(counts.get(key, Counts()), propagation.get(key, {}), *calls.get(key, (0, 0, 0)))
        periods.setdefault(period, []).append(PartnerSums(partner_id, sums, prices[partner_id]))
    return dict(sorted(periods.items()))


def _run(session: Session, statement: str, wanted: Range) -> Sequence[Any]:
    sums = ", ".join(f"sum({name})" for name in COUNTED)
    complete = statement.format(period=PERIODS[wanted.by], sums=sums, in_range=IN_RANGE)
    return session.connection().exec_driver_sql(complete, wanted.values).all()


def _key(row: Sequence[Any]) -> Key:
    return row[0], row[1]


def _counts(row: Sequence[Any]) -> Counts:
    return Counts(**dict(zip(COUNTED, map(int, row[2:]), strict=True)))


def _prices(session: Session, partner_ids: set[str]) -> dict[str, Prices]:
    """Of each of these, as they are set now."""
    found = dict.fromkeys(partner_ids, Prices())
    columns = (PartnerRow.id, PartnerRow.redelivery_cost, PartnerRow.sms_part_price)
    query = select_columns(*map(col, columns)).where(col(PartnerRow.id).in_(partner_ids))
    return found | {one: Prices(cost, price) for one, cost, price in session.execute(query)}
