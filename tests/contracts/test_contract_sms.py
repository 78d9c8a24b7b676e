"""Texts: until when each is of use, and when it is too late to send it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.events import EventType, TrackingEvent
from contracts.sms.ages import USEFUL_FOR, is_stale, useful_until
from tests.support.factories import make_event, make_groups

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
REQUEST = timedelta(seconds=10)


def otp_until(moment: datetime, code: str | None = "483920") -> dict[str, str | None]:
    """An OTP that holds until a moment."""
    until = moment.isoformat()
    return {"code": code, "valid_from": NOW.isoformat(), "valid_until": until}


def event_of(event_type: str, **groups: Any) -> TrackingEvent:
    """An event that happened NOW, with an OTP until half past ten."""
    data = make_groups(**{"otp": otp_until(NOW + timedelta(minutes=30)), **groups})
    return TrackingEvent.model_validate(
        make_event(event_type, data=data, occurred_at=NOW.isoformat())
    )


def test_every_type_has_an_age() -> None:
    assert set(USEFUL_FOR) == set(EventType)


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
        event = event_of(event_type, otp=otp_until(NOW + timedelta(days=2)))
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
        event = event_of("out_for_delivery", otp=otp_until(NOW + timedelta(minutes=1), None))
        assert not is_stale(event, NOW + timedelta(hours=1), request_time=REQUEST)


class TestOfUse:
    @pytest.mark.parametrize(("event_type", "hours"), TestTooLate.AGES)
    def test_until_its_type_s_age(self, event_type: str, hours: int) -> None:
        event = event_of(event_type, otp=otp_until(NOW + timedelta(days=2)))
        assert useful_until(event) == NOW + timedelta(hours=hours)

    @pytest.mark.parametrize(
        ("event_type", "minutes", "code", "hours"),
        [
            ("out_for_delivery", 30, "483920", 0.5),
            ("out_for_delivery", 241, "483920", 4),
            ("out_for_delivery", 30, None, 4),
            ("order_confirmed", 30, "483920", 6),
            ("delivered", 30, "483920", 12),
        ],
    )
    def test_until_the_end_of_an_otp_in_the_text(
        self, event_type: str, minutes: int, code: str | None, hours: float
    ) -> None:
        event = event_of(event_type, otp=otp_until(NOW + timedelta(minutes=minutes), code))
        assert useful_until(event) == NOW + timedelta(hours=hours)
