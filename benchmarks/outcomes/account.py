"""The account of a play: what became of every event, and whether it is what was promised. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from benchmarks.ledger.compare import Fault
from benchmarks.outcomes.stored import Ended

POLICY_AIM = 0.996
"""Delivered within the retry policy: the company's own figure."""

WRONG_NUMBER = "twilio_21211"
_BUCKET = 1.123
"""A percentile of the product is the upper bound of its bucket, so much too high at the most."""


class Fate(StrEnum):
    """How a delivery has ended. All but MISSING are accounted for."""

    ARRIVED = "arrived"
    MISSING = "missing"
    ENDPOINT_GONE = "undeliverable: its endpoint was given up for good"
    WRONG_PHONE = "undeliverable: nobody has that phone number"
    IN_DOUBT = "in doubt: a text that may have been sent, and that its order had overtaken since"
    NOT_WANTED = "not sent on purpose: of a type that is not subscribed, or a text overtaken"


def fate_of(one: Ended) -> Fate:
    """What became of a delivery, by its row."""
    if one.took_s is not None:
        return Fate.ARRIVED
    if one.code == WRONG_NUMBER or one.skip_reason == "invalid_phone":
        return Fate.WRONG_PHONE
    if one.state == "skipped" and one.skip_reason != "endpoint_removed":
        return Fate.NOT_WANTED
    if one.in_doubt:
        return Fate.IN_DOUBT
    return Fate.ENDPOINT_GONE if one.endpoint_removed else Fate.MISSING


@dataclass(frozen=True)
class Account:
    """`posted` events hold a 202; `figures` are the product's, by name; `fresh` are the same counts
    out of raw rows; `faults` are what the counts of sender, database and receivers differ in;
    `troubles` are faults of the play itself."""

    posted: int
    planned: int
    ended: Sequence[Ended]
    figures: Mapping[str, Mapping[str, Any]]
    fresh: Mapping[str, float]
    faults: Sequence[Fault] = ()
    troubles: Sequence[str] = field(default=())

    @property
    def fates(self) -> Counter[Fate]:
        """How many deliveries ended how."""
        return Counter(map(fate_of, self.ended))

    @property
    def missing(self) -> list[Ended]:
        """Deliveries that nobody can account for, and those of events without any."""
        return [one for one in self.ended if fate_of(one) is Fate.MISSING]

    @property
    def within_policy(self) -> float:
        """The share of webhooks that the retry policy alone has brought."""
        return float(self.figures["delivered_within_policy"]["value"] or 0)

    @property
    def why_red(self) -> list[str]:
        """Everything that is not as promised, in words."""
        reasons = [f"{one.kind}: {one.subject}" for one in self.faults]
        reasons += [f"missing: {one.event_id} {one.target} {one.state}" for one in self.missing]
        if self.posted != self.planned:
            reasons.append(f"{self.planned} events were planned, {self.posted} hold a 202")
        if self.within_policy < POLICY_AIM:
            reasons.append(f"{self.within_policy:.3%} within the policy, {POLICY_AIM:.1%} asked")
        return [*reasons, *differences(self.figures, self.fresh), *self.troubles]

    @property
    def passed(self) -> bool:
        """Every event is accounted for, and as promised."""
        return not self.why_red


def differences(figures: Mapping[str, Mapping[str, Any]], fresh: Mapping[str, float]) -> list[str]:
    """Where the product's figures are not those of a fresh count over the raw rows."""
    found = []
    for name, counted in fresh.items():
        told = float(figures[name]["numerator"] or 0) if name in figures else None
        if name.startswith("propagation"):
            agree = told is not None and counted <= told <= counted * _BUCKET + 11
        elif name == "webhooks":
            told = float(figures["delivered_in_the_end"]["denominator"] or 0)
            agree = told == counted
        else:
            agree = told == counted
        if not agree:
            found.append(f"{name}: the product says {told}, the rows {counted}")
    return found
