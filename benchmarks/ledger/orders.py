"""The orders of a run: the same for the same seed, five events each, posted close together."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.events import EventMaker
from benchmarks.ledger.counts import Acknowledged
from benchmarks.ledger.partners import ODD_PHONES, SLOW_PHONE, USUAL_PHONES
from sandbox.partners import Partner

_EVENTS_AN_ORDER = 5
_PHONES = (*USUAL_PHONES, SLOW_PHONE, *ODD_PHONES)
_PHONE_WEIGHTS = (*(1.0 for _ in USUAL_PHONES), 8.0, *(6.0 for _ in ODD_PHONES))


@dataclass(frozen=True)
class Posting:
    """One event as it is posted; `event` is what is noted of it once it holds a 202."""

    event: Acknowledged
    body: bytes


def make_postings(
    seed: int, count: int, partners: Sequence[Partner], endpoint_ids: Mapping[str, str]
) -> Iterator[Posting]:
    """So many events. `endpoint_ids` are the product's ids by the endpoints' names."""
    maker = EventMaker(f"led{seed}")
    for number in range(1, count + 1):
        event = json.loads(maker.make()[1])
        yield _posting(event, seed, number // _EVENTS_AN_ORDER, partners, endpoint_ids)


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
