"""The account is red when anything is missing, late, or told differently by the rows."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.ledger.compare import Fault, Kind
from benchmarks.outcomes.account import WRONG_NUMBER, Account, Fate, differences, fate_of
from benchmarks.outcomes.stored import Ended

ARRIVED = Ended("evt-1", "shop", "webhook", "ep_1", "delivered", took_s=2.0, by_schedule=True)
LOST = replace(ARRIVED, state="dead_lettered", took_s=None, by_schedule=False)


def figure(numerator: float, denominator: int | None = None) -> dict[str, Any]:
    """One figure, as the API shows it."""
    value = numerator / denominator if denominator else numerator
    return {"value": str(value), "numerator": str(numerator), "denominator": denominator}


FIGURES = {
    "events_accepted": figure(1000),
    "delivered_within_policy": figure(998, 1000),
    "delivered_in_the_end": figure(1000, 1000),
    "propagation_p50": figure(2300),
}
FRESH = {
    "events_accepted": 1000,
    "webhooks": 1000,
    "delivered_within_policy": 998,
    "delivered_in_the_end": 1000,
    "propagation_p50": 2100.0,
}
IN_DOUBT = replace(LOST, channel="sms", target="sms", in_doubt=True)
GREEN = Account(1000, 1000, [ARRIVED] * 1000, FIGURES, FRESH)


def test_it_is_green_when_everything_has_arrived_as_promised() -> None:
    assert GREEN.why_red == []
    assert GREEN.passed


@pytest.mark.parametrize(
    "account",
    [
        replace(GREEN, posted=999),
        replace(GREEN, ended=[*GREEN.ended, LOST]),
        replace(GREEN, ended=[*GREEN.ended, replace(LOST, state="held")]),
        replace(GREEN, fresh={**FRESH, "delivered_in_the_end": 999}),
        replace(GREEN, fresh={**FRESH, "webhooks": 1001}),
        replace(GREEN, fresh={**FRESH, "propagation_p50": 2400.0}),
        replace(GREEN, fresh={**FRESH, "sms_sent": 1}),
        replace(GREEN, faults=[Fault(Kind.NOT_RECEIVED, "evt-1")]),
        replace(GREEN, troubles=["worker ended by itself"]),
    ],
    ids=[
        "an event without a 202",
        "a dead letter that is left",
        "a delivery that is still held",
        "one that arrived, and the rows say otherwise",
        "a webhook that the figures do not know",
        "a time lower than any row",
        "a count that the product does not tell",
        "a merchant that did not get it",
        "a process that ended by itself",
    ],
)
def test_it_is_red_for(account: Account) -> None:
    assert account.why_red
    assert not account.passed


def test_too_few_within_the_policy_are_red_although_all_counts_agree() -> None:
    figures = {**FIGURES, "delivered_within_policy": figure(995, 1000)}
    account = replace(GREEN, figures=figures, fresh={**FRESH, "delivered_within_policy": 995})
    assert account.why_red == ["99.500% within the policy, 99.6% asked"]
    enough = {**FIGURES, "delivered_within_policy": figure(996, 1000)}
    assert replace(GREEN, figures=enough, fresh={**FRESH, "delivered_within_policy": 996}).passed


def test_what_cannot_be_delivered_is_named() -> None:
    gone = replace(LOST, endpoint_removed=True)
    nobody = Ended("evt-1", "shop", "sms", "sms", "dead_lettered", code=WRONG_NUMBER)
    skipped = replace(gone, state="skipped", skip_reason="type_not_subscribed")
    ended = replace(gone, state="skipped", skip_reason="endpoint_removed")
    assert [fate_of(one) for one in (ARRIVED, LOST, gone, ended, nobody, skipped, IN_DOUBT)] == [
        Fate.ARRIVED,
        Fate.MISSING,
        Fate.ENDPOINT_GONE,
        Fate.ENDPOINT_GONE,
        Fate.WRONG_PHONE,
        Fate.NOT_WANTED,
        Fate.IN_DOUBT,
    ]
    assert replace(GREEN, ended=[*GREEN.ended, gone, ended, nobody, skipped, IN_DOUBT]).passed


def test_a_percentile_may_be_its_buckets_upper_bound() -> None:
    assert differences({"propagation_p50": figure(2300)}, {"propagation_p50": 2300.0}) == []
    assert differences({"propagation_p50": figure(2700)}, {"propagation_p50": 2100.0})
