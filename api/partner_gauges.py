"""The gauges of the API's metrics that are by partner, for a board that shows who is served badly.

No other label names a partner. There are some hundreds of them with five series each, out of the
days' own counts, which `background/outcomes.py` keeps, some minutes behind: reading them costs the
same however many events there were. Whose dead letters wait is on the dashboard.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from sqlmodel import Session

from contracts.outcomes.figures import PartnerSums
from contracts.outcomes.periods import By
from store.outcomes.board import read_board
from store.outcomes.reading import Range

_DAY = timedelta(days=1)

_ALL = "all"
_WEBHOOKS = {
    _ALL: "webhooks",
    "in_time": "webhooks_within_90s",
    "within_policy": "webhooks_within_policy",
    "delivered": "webhooks_delivered",
}
"""What is told of them, by the count that it is (`contracts/outcomes/counts.py`)."""


def read_partners(session: Session, now: datetime) -> Sequence[PartnerSums]:
    """What was counted of each partner since yesterday. A day is the partner's own: it begins up to
    half a day before or after UTC's."""
    today = now.date()
    return read_board(session, Range(today - _DAY, today + _DAY, By.DAY)).partners


def partner_families(partners: Sequence[PartnerSums]) -> Iterator[Metric]:
    """The gauges: none of a partner of which nothing was counted."""
    events = GaugeMetricFamily(
        "doorstep_partner_events",
        "Events accepted since the partner's yesterday.",
        labels=("partner",),
    )
    webhooks = GaugeMetricFamily(
        "doorstep_partner_webhooks",
        "Webhooks of these events: all of them, and how many of them arrived how.",
        labels=("partner", "counted"),
    )
    for one in partners:
        events.add_metric((one.partner_id,), one.sums.counts.events_accepted)
        for counted, name in _WEBHOOKS.items():
            webhooks.add_metric((one.partner_id, counted), getattr(one.sums.counts, name))
    yield events
    yield webhooks
