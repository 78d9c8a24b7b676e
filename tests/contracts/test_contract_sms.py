"""Texts: what each event type says, and when it is too late to say it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.events import EventType, TrackingEvent
from contracts.sms import TEMPLATES, USEFUL_FOR, is_stale, render_text
from tests.support.factories import make_event, make_groups, make_order

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
REQUEST = timedelta(seconds=10)
TRACK = "https://track.example/ORD-1"


def event_of(event_type: str, *, happened: datetime = NOW, **groups: Any) -> TrackingEvent:
    """An event with a rider, an OTP until half past ten and a tracking link."""
    otp = {
        "code": "483920",
        "valid_from": NOW.isoformat(),
        "valid_until": (NOW + timedelta(minutes=30)).isoformat(),
    }
    data = make_groups(**{"otp": otp, "order": make_order(tracking_url=TRACK), **groups})
    return TrackingEvent.model_validate(
        make_event(event_type, data=data, occurred_at=happened.isoformat())
    )


class TestTheTexts:
    @pytest.mark.parametrize(
        ("event_type", "text"),
        [
            (
                "order_confirmed",
                f"Chai Point: your order ORD-1 is confirmed. Track: {TRACK}",
            ),
            (
                "out_for_delivery",
                (
                    "Chai Point: your order ORD-1 is out for delivery with Imran Shaikh. "
                    f"Delivery OTP: 483920. Track: {TRACK}"
                ),
            ),
            ("delivered", "Chai Point: your order ORD-1 was delivered. Thank you."),
            (
                "delivery_failed",
                (
                    "Chai Point: we could not deliver your order ORD-1 (nobody opened). "
                    f"Track: {TRACK}"
                ),
            ),
            ("return_initiated", "Chai Point: your order ORD-1 is on its way back to the shop."),
        ],
    )
    def test_of_each_type(self, event_type: str, text: str) -> None:
        assert render_text(event_of(event_type), "Chai Point") == text

    def test_every_type_has_a_text_and_an_age(self) -> None:
        assert set(TEMPLATES) == set(USEFUL_FOR) == set(EventType)

    @pytest.mark.parametrize("event_type", list(EventType))
    def test_the_rider_s_phone_is_in_none(self, event_type: str) -> None:
        event = event_of(event_type)
        assert event.data.rider is not None
        assert event.data.rider.phone == "+919812345678"
        text = render_text(event, "Chai Point")
        assert "9812345678" not in text
        assert event.data.rider.phone_masked not in text

    @pytest.mark.parametrize("event_type", sorted(set(EventType) - {EventType.OUT_FOR_DELIVERY}))
    def test_the_otp_is_in_no_other(self, event_type: str) -> None:
        assert "483920" not in render_text(event_of(event_type), "Chai Point")

    def test_without_a_link_and_an_otp_nothing_of_them_is_left(self) -> None:
        otp = {
            "code": None,
            "valid_from": NOW.isoformat(),
            "valid_until": (NOW + REQUEST).isoformat(),
        }
        text = render_text(event_of("out_for_delivery", otp=otp, order=make_order()), "Chai Point")
        assert text == "Chai Point: your order ORD-1 is out for delivery with Imran Shaikh."

    def test_braces_in_names_are_only_characters(self) -> None:
        event = event_of("order_confirmed", order=make_order(order_id="{shop}{0}"))
        assert render_text(event, "{rider}") == "{rider}: your order {shop}{0} is confirmed."


class TestTooLate:
    AGES = (
        ("order_confirmed", 6),
        ("out_for_delivery", 4),
        ("delivered", 12),
        ("delivery_failed", 12),
        ("return_initiated", 24),
    )

    @pytest.mark.parametrize(("event_type", "hours"), AGES)
    def test_after_its_type_s_age(self, event_type: str, hours: int) -> None:
        end = NOW + timedelta(hours=hours)
        event = event_of(event_type, otp=None if event_type != "out_for_delivery" else far_otp())
        assert not is_stale(event, end, request_time=REQUEST)
        assert is_stale(event, end + timedelta(microseconds=1), request_time=REQUEST)

    def test_when_the_otp_ends_before_the_text_could_arrive(self) -> None:
        event = event_of("out_for_delivery")
        last = NOW + timedelta(minutes=30) - REQUEST
        assert not is_stale(event, last - timedelta(microseconds=1), request_time=REQUEST)
        assert is_stale(event, last, request_time=REQUEST)

    @pytest.mark.parametrize("event_type", ["order_confirmed", "delivered"])
    def test_an_otp_that_is_not_in_the_text_does_not_matter(self, event_type: str) -> None:
        assert not is_stale(event_of(event_type), NOW + timedelta(hours=1), request_time=REQUEST)

    def test_an_otp_without_a_code_does_not_matter(self) -> None:
        otp = {
            "code": None,
            "valid_from": NOW.isoformat(),
            "valid_until": (NOW + timedelta(minutes=1)).isoformat(),
        }
        event = event_of("out_for_delivery", otp=otp)
        assert not is_stale(event, NOW + timedelta(hours=1), request_time=REQUEST)


def far_otp() -> dict[str, str]:
    """An OTP that outlives the text."""
    return {
        "code": "4839",
        "valid_from": NOW.isoformat(),
        "valid_until": (NOW + timedelta(days=1)).isoformat(),
    }
