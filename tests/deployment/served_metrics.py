"""The metrics that the API and a worker serve, for whatever names them: documents, alerts, boards.

What a worker's Temporal SDK serves is known by a real one only: `tests/test_worker_metrics.py`.
"""

from prometheus_client import Metric

from activities.metrics import Meters
from api.gauges import families
from api.metrics import ApiMetrics
from api.partner_gauges import partner_families
from contracts.clock import utc_now
from contracts.outcomes.counts import Sums
from contracts.outcomes.figures import PartnerSums
from contracts.outcomes.prices import Prices
from store.reports.gauges import Gauges

BY_ROUTE = ("doorstep_api_requests_total", "doorstep_api_request_duration_seconds_bucket")
"""Have no series before the first request."""


def samples() -> dict[str, dict[str, set[str]]]:
    """The names of all samples, each with its labels and their values."""
    found: dict[str, dict[str, set[str]]] = {name: {} for name in BY_ROUTE}
    for family in _families():
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found


def _families() -> list[Metric]:
    """What the API and a worker show from their start, and the database's gauges."""
    meters = Meters()
    meters.watch_own_faults(["post_webhook"])
    registries = (ApiMetrics().registry, meters.registry)
    shown = [family for registry in registries for family in registry.collect()]
    a_partner = PartnerSums("chai-point", Sums(), Prices())
    return [*shown, *families(Gauges(), utc_now()), *partner_families([a_partner])]


METRICS = {
    f"{family.name}_total" if family.type == "counter" else family.name
    for family in _families()
    if family.name.startswith("doorstep_")
} | {"doorstep_database_up"}
"""Doorstep's own, by the names that an expression uses."""
