"""What is counted of one partner and one day, or of several together: whole numbers that add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields


@dataclass(frozen=True)
class Counts:
    """The counts that figures are made of; `figures.py` says in words what each is.

    Test events are none of them. Events that were recorded only are in `events_recorded` alone.
    """

    events_accepted: int = 0
    events_recorded: int = 0
    orders: int = 0
    webhooks: int = 0
    webhooks_skipped: int = 0
    webhooks_under_way: int = 0
    webhooks_within_90s: int = 0
    webhooks_within_policy: int = 0
    webhooks_delivered: int = 0
    first_attempts: int = 0
    first_attempts_delivered: int = 0
    failed_deliveries: int = 0
    failed_customer: int = 0
    failed_address: int = 0
    failed_payment: int = 0
    failed_verification: int = 0
    failed_carrier: int = 0
    failed_other: int = 0
    instructed: int = 0
    instructed_accepted: int = 0
    instructed_followed: int = 0
    instructed_delivered: int = 0
    uninstructed_followed: int = 0
    uninstructed_delivered: int = 0
    returned_as_asked: int = 0
    orders_delivered: int = 0
    orders_returned: int = 0
    sms_sent: int = 0
    sms_parts: int = 0
    sms_deliveries: int = 0
    sms_deliveries_skipped: int = 0
    sms_deliveries_under_way: int = 0
    sms_deliveries_sent: int = 0


COUNTED = tuple(one.name for one in fields(Counts))
"""The names of the counts, which are those of their columns, too."""


@dataclass(frozen=True)
class Sums:
    """The counts of a while, how long deliveries took (`propagation.py`), and the calls to the
    call centre, with the orders of those days of which their number is known."""

    counts: Counts = field(default_factory=Counts)
    propagation: Mapping[int, int] = field(default_factory=dict)
    calls: int = 0
    call_days: int = 0
    orders_of_call_days: int = 0


def total(several: Iterable[Sums]) -> Sums:
    """All of these together."""
    all_of_them = list(several)
    counts = {name: sum(getattr(one.counts, name) for one in all_of_them) for name in COUNTED}
    return Sums(
        Counts(**counts),
        propagation_of(all_of_them),
        calls=sum(one.calls for one in all_of_them),
        call_days=sum(one.call_days for one in all_of_them),
        orders_of_call_days=sum(one.orders_of_call_days for one in all_of_them),
    )


def propagation_of(several: Iterable[Sums]) -> dict[int, int]:
    """How long deliveries took, of all of these together."""
    together: dict[int, int] = {}
    for one in several:
        for bucket, count in one.propagation.items():
            together[bucket] = together.get(bucket, 0) + count
    return together
