"""Every figure with its definition, in the order in which they are shown.

A day is the partner's, and what counts is when the event was accepted: whatever becomes of the
event later counts for that day. Test events never count.
"""

from contracts.outcomes.figures import (
    Definition,
    Unit,
    avoided_by_all,
    calls_per_order,
    cost_of_texts,
    counted,
    percentile,
    saved_by_all,
    share,
)

_WEBHOOKS = "webhook deliveries: events times endpoints, without those skipped on purpose"
_OTHERS = "failed deliveries after which no instruction was given and the order went on"

_EVENTS = (
    Definition(
        "events_accepted",
        Unit.COUNT,
        "Events that were accepted to be told to somebody.",
        "events, without those that were recorded only",
        None,
        counted("events_accepted"),
    ),
    Definition(
        "events_recorded",
        Unit.COUNT,
        "Events of an import of history: stored, told to nobody. No other figure has them.",
        "events with `notify` false",
        None,
        counted("events_recorded"),
    ),
    Definition(
        "orders",
        Unit.COUNT,
        "Orders of which the first event was accepted.",
        "first events of orders",
        None,
        counted("orders"),
    ),
)

_DELIVERIES = (
    Definition(
        "delivered_within_90_s",
        Unit.SHARE,
        "The share of webhooks that the partner had 90 s after the event was accepted. Texts are "
        "none of them. What is still under way has not arrived.",
        "webhook deliveries whose success came within 90 s of the event's acceptance",
        _WEBHOOKS,
        share("webhooks_within_90s", "webhooks"),
    ),
    Definition(
        "delivered_within_policy",
        Unit.SHARE,
        "The share of webhooks that arrived by the automatic attempts of the retry policy, or in "
        "another way (they were held meanwhile) within the time that these attempts take: 30 s, "
        "2 min and 8 min, each up to a tenth longer.",
        "webhook deliveries whose success was an attempt of their first round, or came within "
        "11 min 33 s of the acceptance",
        _WEBHOOKS,
        share("webhooks_within_policy", "webhooks"),
    ),
    Definition(
        "delivered_in_the_end",
        Unit.SHARE,
        "The share of webhooks that arrived at all, by a recovery or a retry by hand, too.",
        "webhook deliveries that succeeded, whenever that was",
        _WEBHOOKS,
        share("webhooks_delivered", "webhooks"),
    ),
    Definition(
        "webhooks_under_way",
        Unit.COUNT,
        "Webhooks that may still arrive by themselves.",
        "webhook deliveries that are pending, held or delivering and have not arrived",
        None,
        counted("webhooks_under_way"),
    ),
    Definition(
        "webhooks_skipped",
        Unit.COUNT,
        "Webhooks that were not sent on purpose: the endpoint takes no such events or was removed, "
        "or the data was erased.",
        "webhook deliveries that are skipped",
        None,
        counted("webhooks_skipped"),
    ),
)

_PROPAGATION = tuple(
    Definition(
        f"propagation_p{percent}",
        Unit.MILLISECONDS,
        f"The time from an event's acceptance within which {percent} % of the webhooks that have "
        "arrived had arrived. The upper bound of a bucket: never too low, at most 12.3 % and 1 ms "
        "too high; what took less than 10 ms counts as 10 ms.",
        "the bound below which so many of the webhooks that have arrived lie",
        None,
        percentile(percent),
    )
    for percent in (50, 95, 99)
)

_ORDERS = (
    Definition(
        "first_attempt_success",
        Unit.SHARE,
        "The share of orders that were delivered at the first attempt at the door.",
        "orders whose first outcome, by `occurred_at`, is `delivered`",
        "orders whose first outcome, `delivered` or `delivery_failed`, was accepted",
        share("first_attempts_delivered", "first_attempts"),
    ),
    Definition(
        "failed_deliveries",
        Unit.COUNT,
        "Attempts at the door that failed.",
        "events `delivery_failed`",
        None,
        counted("failed_deliveries"),
    ),
    *(
        Definition(
            f"failed_{category}",
            Unit.SHARE,
            f"The share of failed deliveries whose reason is of the category `{category}`.",
            f"events `delivery_failed` with `reason_category` `{category}`",
            "events `delivery_failed`",
            share(f"failed_{category}", "failed_deliveries"),
        )
        for category in ("customer", "address", "payment", "verification", "carrier", "other")
    ),
    Definition(
        "rto",
        Unit.SHARE,
        "The share of orders that went back to the shop undelivered.",
        "orders whose first `return_initiated` with `return_type` `rto` was accepted",
        "those, and orders whose first `delivered` was accepted",
        share("orders_returned", "orders_returned", "orders_delivered"),
    ),
)

_INSTRUCTIONS = (
    Definition(
        "instructions_given",
        Unit.SHARE,
        "The share of failed deliveries after which somebody said what is to be done next.",
        "failed deliveries after which an instruction was opened",
        "events `delivery_failed`",
        share("instructed", "failed_deliveries"),
    ),
    Definition(
        "instructions_accepted",
        Unit.SHARE,
        "The share of those after which the OMS accepted one.",
        "failed deliveries with an instruction that was accepted",
        "failed deliveries after which an instruction was opened",
        share("instructed_accepted", "instructed"),
    ),
    Definition(
        "delivered_after_instruction",
        Unit.SHARE,
        "How often the next attempt succeeds after an accepted instruction to deliver.",
        "of those: the order's next outcome is `delivered`",
        "failed deliveries with an accepted instruction other than `return`, whose order went on: "
        "was delivered, failed again, or goes back",
        share("instructed_delivered", "instructed_followed"),
    ),
    Definition(
        "delivered_without_instruction",
        Unit.SHARE,
        "How often the next attempt succeeds where nobody said anything.",
        "of those: the order's next outcome is `delivered`",
        _OTHERS,
        share("uninstructed_delivered", "uninstructed_followed"),
    ),
    Definition(
        "redeliveries_avoided",
        Unit.COUNT,
        "A model: attempts at the door that instructions made needless. Orders that went back "
        "as somebody asked, without another attempt; and the successes after accepted "
        "instructions beyond those there would be at the partner's own rate without any in the "
        "same time. It assumes that those who answer are like those who do not. Unknown where "
        "there is no failed delivery without an instruction to compare with.",
        "orders returned as asked + delivered after instruction - accepted instructions that were "
        "followed x share delivered without instruction, for each partner",
        None,
        avoided_by_all,
        modelled=True,
    ),
    Definition(
        "redelivery_cost_avoided",
        Unit.RUPEES,
        "A model: what those attempts would have cost, at the partner's cost of a re-delivery as "
        "it is set today. Partners without one are left out.",
        "re-deliveries avoided x `redelivery_cost`, for each partner",
        None,
        saved_by_all,
        modelled=True,
    ),
)

_CUSTOMERS = (
    Definition(
        "wismo_calls_per_100_orders",
        Unit.PER_100,
        "Calls of customers who ask where their order is, for 100 new orders.",
        "calls that the call centre counted",
        "orders of which the first event was accepted on days of which the calls are known",
        calls_per_order,
    ),
    Definition(
        "sms_sent",
        Unit.COUNT,
        "Texts about events that Twilio has taken, copies among them. Texts about instructions "
        "(codes, reminders) are not counted here.",
        "texts of the events that Twilio took",
        None,
        counted("sms_sent"),
    ),
    Definition(
        "sms_parts",
        Unit.COUNT,
        "The parts of those texts, which is what is paid.",
        "parts of the texts that Twilio took",
        None,
        counted("sms_parts"),
    ),
    Definition(
        "sms_cost",
        Unit.RUPEES,
        "What those parts cost, at the partner's price of a part as it is set today. Partners "
        "without one are left out.",
        "parts x `sms_part_price`, for each partner",
        None,
        cost_of_texts,
    ),
)

DEFINITIONS = (
    *_EVENTS,
    *_DELIVERIES,
    *_PROPAGATION,
    *_ORDERS,
    *_INSTRUCTIONS,
    *_CUSTOMERS,
)
