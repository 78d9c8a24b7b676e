"""The rows of the table: the company's case, the world before on the same orders, what was
reached."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import percentile
from benchmarks.outcomes.account import Account, Fate
from benchmarks.outcomes.assumptions import DAYS
from benchmarks.outcomes.calls import Calls
from benchmarks.outcomes.orders import PlayedOrder
from benchmarks.outcomes.partners import PARTNERS
from benchmarks.outcomes.polling import Sighting
from contracts.instructions.words import InstructionAction

MEASURED, MODEL = "measured", "model"
_PROMISED_S = 90.0


@dataclass(frozen=True)
class Row:
    """One line. `case` is what the company reported, where it did."""

    what: str
    case: str
    before: str
    reached: str
    kind: str = MEASURED


@dataclass(frozen=True)
class Compared:
    """Both worlds: the account of the play, its orders, what polling would have told of them, and
    the calls of both."""

    account: Account
    orders: Sequence[PlayedOrder]
    polled: Sequence[Sighting]
    calls_before: Calls
    calls_after: Calls

    @property
    def figures(self) -> Mapping[str, Mapping[str, Any]]:
        """The product's figures by name."""
        return self.account.figures

    def value(self, name: str) -> float:
        """The value of one of them; 0 where there is nothing to tell it by."""
        return float(self.figures[name]["value"] or 0)


def rows_of(compared: Compared) -> list[Row]:
    """All lines of the table."""
    return [*_promises(compared), *_customers(compared), *_account(compared.account)]


def _promises(both: Compared) -> Iterator[Row]:
    seen = sorted(one.after_s for one in both.polled if one.after_s is not None)
    all_of_them = max(len(both.polled), 1)
    in_time = sum(after_s <= _PROMISED_S for after_s in seen) / all_of_them
    partners = f"{sum(one.tier == 'enterprise' for one in PARTNERS)} enterprise, "
    partners += f"{sum(one.tier != 'enterprise' for one in PARTNERS)} others"
    yield Row(
        "partners", "4 enterprise, 15 merchants, 12 weeks", "the same", f"{partners}, {DAYS} days"
    )
    yield Row(
        "told of an event at all (of deliverable events)",
        "-",
        _share(len(seen) / all_of_them),
        _share(deliverable_share(both.account)),
    )
    yield Row(
        "delivered within the retry policy", "99.6 %", "-", _share(both.account.within_policy)
    )
    yield Row("told within 90 s", "-", _share(in_time), _share(both.value("delivered_within_90_s")))
    for percent in (50, 99):
        name = f"propagation_p{percent}"
        yield Row(
            f"propagation, p{percent}",
            "60 min to under 90 s" if percent == 50 else "-",
            _time(percentile(seen, percent / 100)) if seen else "-",
            _time(both.value(name) / 1000),
        )


def _customers(both: Compared) -> Iterator[Row]:
    before, after = both.calls_before.total(), both.calls_after.total()
    orders = max(both.value("orders"), 1)
    fewer = 1 - after / before if before else 0.0
    yield Row(
        "WISMO calls per 100 orders",
        "59 % fewer",
        f"{100 * before / orders:.1f}",
        f"{both.value('wismo_calls_per_100_orders'):.1f}, {fewer:.0%} fewer",
        MODEL,
    )
    avoided, saved = both.value("redeliveries_avoided"), both.value("redelivery_cost_avoided")
    failed = max(both.value("failed_deliveries"), 1)
    yield Row(
        "re-deliveries avoided", "-", "0", f"{avoided:.0f} of {failed:.0f} failed deliveries", MODEL
    )
    like_for_like = avoided_like_for_like(both.orders)
    yield Row(
        "the same, compared with those who could have answered",
        "-",
        "0",
        "-" if like_for_like is None else f"{like_for_like:.0f}",
        MODEL,
    )
    yield Row(
        "re-delivery cost avoided",
        "₹60,000 to 80,000 a day",
        "₹0",
        f"₹{saved / DAYS:,.0f} a day, ₹{saved / failed:.2f} a failed delivery",
        MODEL,
    )
    for name, what in (
        ("first_attempt_success", "delivered at the first attempt at the door"),
        ("rto", "orders that went back"),
        ("instructions_given", "failed deliveries that were answered"),
        ("delivered_after_instruction", "next attempt succeeds, answered"),
        ("delivered_without_instruction", "next attempt succeeds, not answered"),
    ):
        yield Row(what, "-", "-", _share(both.value(name)), "played")


def avoided_like_for_like(orders: Sequence[PlayedOrder]) -> float | None:
    """The product's model, but with the rate of those who might have answered, and did not: who has
    refused a parcel at the door cannot ask for another attempt, and makes the rate of all others
    lower. None where there is nobody to compare with."""
    others = [one for one in orders if one.answer is None and len(one.course.attempts) > 1]
    if not others:
        return None
    usual = sum(map(_succeeded, others)) / len(others)
    again = [one for one in orders if one.answer is InstructionAction.REATTEMPT]
    returned = sum(one.answer is InstructionAction.RETURN for one in orders)
    return returned + sum(map(_succeeded, again)) - len(again) * usual


def _succeeded(order: PlayedOrder) -> bool:
    return order.course.attempts[-1].reason is None


def _account(account: Account) -> Iterator[Row]:
    yield Row("events accepted", "-", "-", f"{account.posted:,}")
    for fate in Fate:
        if fate in account.fates or fate is Fate.MISSING:
            yield Row(f"deliveries: {fate}", "-", "-", f"{account.fates[fate]:,}")


def deliverable_share(account: Account) -> float:
    """Of all that could be delivered, what has arrived after recoveries."""
    fates = account.fates
    wanted = fates[Fate.ARRIVED] + fates[Fate.MISSING]
    return fates[Fate.ARRIVED] / wanted if wanted else 0.0


def _share(value: float) -> str:
    return f"{100 * value:.2f} %"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
