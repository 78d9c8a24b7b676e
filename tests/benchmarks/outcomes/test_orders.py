"""The orders of a play: the export's rhythm, the same for a seed, as if each event happened now."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.outcomes.assumptions import BEGINS, DAYS
from benchmarks.outcomes.options import EXPORT
from benchmarks.outcomes.orders import events_in_order, make_orders
from benchmarks.outcomes.partners import PARTNERS
from benchmarks.outcomes.rows import avoided_like_for_like
from contracts.instructions.words import InstructionAction
from contracts.payload.events import TrackingEvent

pytestmark = [
    pytest.mark.extended,
    pytest.mark.skipif(not EXPORT.is_file(), reason="needs the export beside the project"),
]

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_the_same_seed_gives_the_same_orders_and_another_others() -> None:
    assert make_orders(EXPORT, 7, 200) == make_orders(EXPORT, 7, 200)
    assert make_orders(EXPORT, 7, 200) != make_orders(EXPORT, 8, 200)


def test_they_are_of_every_partner_and_of_all_twelve_weeks() -> None:
    events = events_in_order(make_orders(EXPORT, 7, 4000))
    assert len(events) >= 4000
    assert len({one.event_id for one in events}) == len(events)
    assert {one.partner_id for one in events} == {one.id for one in PARTNERS}
    weeks = {int(one.offset_s // (7 * 86_400)) for one in events if one.kind == "order_confirmed"}
    assert weeks == set(range(DAYS // 7))


def test_orders_come_when_those_of_the_export_do() -> None:
    """In the export hardly any comes between 1 and 8 in the morning, most in the evening."""
    orders = make_orders(EXPORT, 7, 4000)
    moments = [BEGINS + timedelta(seconds=one.course.confirmed_s) for one in orders]
    hours = Counter(one.hour for one in moments)
    assert sum(hours[hour] for hour in range(1, 8)) < len(orders) / 100
    assert sum(hours[hour] for hour in range(17, 24)) > len(orders) / 2


def test_an_event_is_written_down_as_if_it_happened_now() -> None:
    events = events_in_order(make_orders(EXPORT, 7, 300))
    for event in events:
        said = TrackingEvent.model_validate_json(event.body(NOW))
        assert abs(said.occurred_at - NOW) < timedelta(seconds=1)
        assert said.event_id == event.event_id
        assert said.type == event.kind


def test_who_wants_it_back_gets_no_second_attempt() -> None:
    orders = make_orders(EXPORT, 7, 8000)
    answered = Counter(one.answer for one in orders if one.answer)
    assert set(answered) == {InstructionAction.REATTEMPT, InstructionAction.RETURN}
    for order in orders:
        kinds = [one.kind for one in events_in_order([order])]
        if order.answer is InstructionAction.RETURN:
            assert kinds[-2:] == ["delivery_failed", "return_initiated"]
            assert kinds.count("out_for_delivery") == 1
        if order.answer is InstructionAction.REATTEMPT:
            assert kinds.count("out_for_delivery") == 2


def test_a_customer_answers_once_whatever_becomes_of_the_next_attempt() -> None:
    orders = [one for one in make_orders(EXPORT, 7, 8000) if one.answer is not None]
    failed_twice = 0
    for order in orders:
        events = events_in_order([order])
        failed = [one for one in events if one.kind == "delivery_failed"]
        assert [one for one in events if one.is_answered] == failed[:1]
        failed_twice += len(failed) > 1
    assert failed_twice


def test_a_code_is_valid_when_its_event_is_posted() -> None:
    event = next(one for one in events_in_order(make_orders(EXPORT, 7, 300)) if "out" in one.kind)
    otp = json.loads(event.body(NOW))["data"]["otp"]
    assert datetime.fromisoformat(otp["valid_until"]) > NOW


def test_who_answers_is_compared_with_who_could_have() -> None:
    """Of 100 attempts without an answer 75 succeed, with one 92; one in five wants no other."""
    orders = make_orders(EXPORT, 7, 30_000)
    answered = sum(one.answer is not None for one in orders)
    avoided = avoided_like_for_like(orders)
    assert avoided is not None
    assert avoided / answered == pytest.approx(0.2 + 0.8 * (0.92 - 0.75), abs=0.08)
    assert avoided_like_for_like([]) is None
