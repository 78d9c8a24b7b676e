"""Until when texts are of use, and which ones customers need: every type has its row."""

from datetime import timedelta

from contracts.payload.events import EventType
from contracts.sms.relevance import NEEDED_BY_CUSTOMERS, OVERTAKEN_BY, USEFUL_FOR


def test_every_type_has_an_age() -> None:
    hours = {kind.value: age / timedelta(hours=1) for kind, age in USEFUL_FOR.items()}
    assert hours == {
        "order_confirmed": 6,
        "out_for_delivery": 4,
        "delivered": 12,
        "delivery_failed": 12,
        "return_initiated": 24,
    }


def test_every_type_says_what_overtakes_it() -> None:
    assert set(OVERTAKEN_BY) == set(EventType)
    ends = {kind for kind, enders in OVERTAKEN_BY.items() if not enders}
    assert ends == {EventType.DELIVERED, EventType.RETURN_INITIATED}


def test_what_the_customer_sees_for_themselves_is_not_needed() -> None:
    assert {EventType.ORDER_CONFIRMED, EventType.DELIVERED}.isdisjoint(NEEDED_BY_CUSTOMERS)
