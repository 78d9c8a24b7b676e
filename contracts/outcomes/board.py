"""All partners in one table: which figures are in it, and who comes first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contracts.outcomes.definitions import DEFINITIONS
from contracts.outcomes.figures import Figure, PartnerSums, figures_of
from contracts.outcomes.targets import exact

_SHOWN = (
    "events_accepted",
    "delivered_within_policy",
    "delivered_within_90_s",
    "delivered_in_the_end",
    "first_attempt_success",
    "rto",
    "wismo_calls_per_100_orders",
    "redeliveries_avoided",
    "redelivery_cost_avoided",
)
_DEFINED = {one.name: one for one in DEFINITIONS}
BOARD = tuple(_DEFINED[name] for name in _SHOWN)
"""The figures of the table, in their order."""

COUNTS_OF_BOARD = (
    "events_accepted",
    "orders",
    "webhooks",
    "webhooks_within_90s",
    "webhooks_within_policy",
    "webhooks_delivered",
    "first_attempts",
    "first_attempts_delivered",
    "orders_delivered",
    "orders_returned",
    "instructed_followed",
    "instructed_delivered",
    "uninstructed_followed",
    "uninstructed_delivered",
    "returned_as_asked",
)
"""The counts that they are made of: what the table reads, and no more."""

COUNTS_OF_CHART = ("webhooks", "webhooks_within_90s", "webhooks_within_policy")
"""Those of its charts, for all partners together: the shares that have a target."""

_DECIDES = ("delivered_within_policy", "delivered_within_90_s")


@dataclass(frozen=True)
class PartnerFigures:
    """A line of the table."""

    partner_id: str
    figures: Sequence[Figure]


def worst_first(partners: Iterable[PartnerSums]) -> list[PartnerFigures]:
    """The table. First comes whoever has the smallest share delivered within the policy; of the
    same, the smallest within 90 s. Those without a webhook come last."""
    lines = [PartnerFigures(one.partner_id, figures_of([one], BOARD)) for one in partners]
    return sorted(lines, key=_rank)


def _rank(line: PartnerFigures) -> tuple[bool, list[Decimal], str]:
    values = {one.name: exact(one) for one in line.figures}
    known = [value for name in _DECIDES if (value := values[name]) is not None]
    return (not known, known, line.partner_id)
