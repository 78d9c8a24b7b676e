"""What the table of all partners is made of: the counts that it shows, added up by the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.outcomes.baselines import Baseline
from contracts.outcomes.board import BOARD, COUNTS_OF_BOARD, COUNTS_OF_CHART
from contracts.outcomes.counts import Counts, Sums
from contracts.outcomes.figures import PartnerSums
from contracts.outcomes.prices import Prices
from store.outcomes.reading import CALLS, DAYS_WITH_CALLS, IN_RANGE, PERIODS, Range
from store.tables import OutcomeBaselineRow, PartnerRow

_BY_PARTNER = f"""
    SELECT partner_id, {{sums}}, {CALLS} FROM {DAYS_WITH_CALLS} GROUP BY 1
"""  # noqa: S608 - words of our own
_BY_PERIOD = """
    SELECT {period}, {sums} FROM outcome_days WHERE {in_range} GROUP BY 1
"""


@dataclass(frozen=True)
class Board:
    """Every partner of which something was counted, over the whole range, and all of them together
    in each period; `names` are the partners', `baselines` what their figures
    were before."""

    partners: Sequence[PartnerSums]
    periods: Mapping[date, Sums]
    names: Mapping[str, str]
    baselines: Mapping[str, Mapping[str, Baseline]]


def read_board(session: Session, wanted: Range) -> Board:
    """The counts of the table, and of its charts."""
    names, prices = _partners(session)
    partners = [
        PartnerSums(whose, Sums(_counts(COUNTS_OF_BOARD, counted), {}, *calls), prices[whose])
        for whose, counted, calls in _by_partner(session, wanted)
    ]
    periods = {
        begin: Sums(_counts(COUNTS_OF_CHART, map(int, counted)))
        for begin, *counted in _run(session, _BY_PERIOD, wanted, COUNTS_OF_CHART)
    }
    return Board(partners, dict(sorted(periods.items())), names, _baselines(session))


def _by_partner(
    session: Session, wanted: Range
) -> Iterator[tuple[str, Sequence[int], Sequence[int]]]:
    """Of each partner the counts, and its calls with the orders of their days."""
    places = len(COUNTS_OF_BOARD)
    for whose, *found in _run(session, _BY_PARTNER, wanted, COUNTS_OF_BOARD):
        sums = [int(one or 0) for one in found]
        yield whose, sums[:places], sums[places:]


def _counts(names: Sequence[str], counted: Iterable[int]) -> Counts:
    return Counts(**dict(zip(names, counted, strict=True)))


def _run(session: Session, statement: str, wanted: Range, names: Sequence[str]) -> Sequence[Any]:
    sums = ", ".join(f"sum({name})" for name in names)
    complete = statement.format(period=PERIODS[wanted.by], sums=sums, in_range=IN_RANGE)
    return session.connection().exec_driver_sql(complete, wanted.values).all()


def _partners(session: Session) -> tuple[dict[str, str], dict[str, Prices]]:
    columns = (
        col(PartnerRow.id),
        col(PartnerRow.name),
        col(PartnerRow.redelivery_cost),
        col(PartnerRow.sms_part_price),
    )
    rows = session.exec(select(*columns)).all()
    return {row[0]: row[1] for row in rows}, {row[0]: Prices(row[2], row[3]) for row in rows}


def _baselines(session: Session) -> dict[str, dict[str, Baseline]]:
    """Of each partner those of the table's figures, by figure."""
    columns = (
        col(OutcomeBaselineRow.partner_id),
        col(OutcomeBaselineRow.figure),
        col(OutcomeBaselineRow.value),
        col(OutcomeBaselineRow.first_day),
        col(OutcomeBaselineRow.last_day),
    )
    query = select_columns(*columns).where(columns[1].in_([one.name for one in BOARD]))
    found: dict[str, dict[str, Baseline]] = {}
    for whose, figure, value, first, last in session.execute(query):
        found.setdefault(whose, {})[figure] = Baseline(figure, value, first, last)
    return found
