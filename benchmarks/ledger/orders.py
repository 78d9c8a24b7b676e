"""The orders of a run: the same for the same seed, five events each, posted close together."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.events import EventMaker
from benchmarks.ledger.counts import Acknowledged
from benchmarks.ledger.partners import ODD_PHONES, SLOW_PHONE, TEXTS, USUAL_PHONES
from sandbox.partners import Partner
from store.tracking.links import LinkedOrder

_EVENTS_AN_ORDER = 5
_ANSWERED_EVERY = 20
"""So many events, and one of them is a failed delivery that its customer answers, of an order of
its own that does not go on."""
_FAILURE = {
    "reason_code": "customer_unavailable",
    "reason_category": "customer",
    "reason_text": "nobody opened",
    "attempt_number": 1,
    "max_attempts": 3,
    "next_action": "reattempt",
}
_PHONES = (*USUAL_PHONES, SLOW_PHONE, *ODD_PHONES)
_PHONE_WEIGHTS = (*(1.0 for _ in USUAL_PHONES), 8.0, *(6.0 for _ in ODD_PHONES))


@dataclass(frozen=True)
class Posting:
    """One event as it is posted; `event` is what is noted of it once it holds a 202."""

    event: Acknowledged
    body: bytes
    is_answered: bool = False


def make_postings(
    seed: int, count: int, partners: Sequence[Partner], endpoint_ids: Mapping[str, str]
) -> Iterator[Posting]:
    """So many events. `endpoint_ids` are the product's ids by the endpoints' names."""
    maker = EventMaker(f"led{seed}")
    for number in range(1, count + 1):
        event = json.loads(maker.make()[1])
        if number % _ANSWERED_EVERY == 0:
            yield _failed_delivery(event, seed, number)
        else:
            yield _posting(event, seed, number // _EVENTS_AN_ORDER, partners, endpoint_ids)


def answered_orders(seed: int, count: int) -> list[LinkedOrder]:
    """The orders whose failed delivery the customer answers."""
    numbers = range(_ANSWERED_EVERY, count + 1, _ANSWERED_EVERY)
    return [LinkedOrder(TEXTS, _answered_order(seed, number)) for number in numbers]


def _answered_order(seed: int, number: int) -> str:
    return f"ORD-led{seed}-answered-{number}"


def _failed_delivery(event: dict[str, Any], seed: int, number: int) -> Posting:
    order_id = _answered_order(seed, number)
    event |= {"type": "delivery_failed", "partner_id": TEXTS}
    event["data"] = {
        "order": {**event["data"]["order"], "order_id": order_id},
        "rider": {"rider_id": "RDR-7", "name": "Imran Shaikh", "phone": "+919812345678"},
        "failure": {**_FAILURE, "attempted_at": event["occurred_at"]},
    }
    event["data"]["order"]["customer"] = {"name": "Asha Kulkarni", "phone": SLOW_PHONE}
    noted = Acknowledged(str(event["event_id"]), TEXTS, order_id, frozenset({"sms"}))
    return Posting(noted, json.dumps(event).encode(), is_answered=True)


def _posting(
    event: dict[str, object],
    seed: int,
    order_number: int,
    partners: Sequence[Partner],
    endpoint_ids: Mapping[str, str],
) -> Posting:
    dice = random.Random(f"{seed}/{order_number}")  # one order, one partner, one customer
    [partner] = dice.choices(partners, [one.share for one in partners])
    [phone] = dice.choices(_PHONES, _PHONE_WEIGHTS)
    event["partner_id"] = partner.id
    order = event["data"]["order"]  # type: ignore[index]  # JSON: mypy knows no shape
    order["customer"] = {"name": "Asha Kulkarni", "phone": phone}
    ids = str(event["event_id"]), partner.id, str(order["order_id"])
    noted = Acknowledged(*ids, _targets(partner, endpoint_ids))
    return Posting(noted, json.dumps(event).encode())


def _targets(partner: Partner, endpoint_ids: Mapping[str, str]) -> frozenset[str]:
    """Every endpoint, the customer's phone, or `none` where there is neither."""
    targets = {
        endpoint_ids[one.name] for one in partner.endpoints if partner.webhook_enabled is not False
    }
    if partner.sms_enabled:
        targets.add("sms")
    return frozenset(targets or {"none"})
