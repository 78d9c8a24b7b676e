"""What a page makes of an order's events: tables of estimates, reasons, riders and amounts."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.payload.events import TrackingEvent
from contracts.payload.groups import KNOWN_REASON_CODES, Failure
from contracts.payload.names import first_name
from contracts.sms.languages import Language
from store.tracking.links import LinkedOrder
from store.tracking.orders import Shop, TrackedEvent, TrackedOrder
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, an_event
from tracking.languages import words_in
from tracking.parcel import Parcel, parcel_of, reason_message
from tracking.times import Clock

SHOP = Shop("shop", "Chai Point", Language.ENGLISH, "Asia/Kolkata", None, None, True)
HOUR = timedelta(hours=1)


def at(moment: datetime) -> str:
    return moment.isoformat()


def an_event_of(kind: str, order: dict[str, Any] | None = None, **groups: Any) -> TrackingEvent:
    otp = {"code": "483920", "valid_from": at(NOW), "valid_until": at(NOW + HOUR)}
    data = make_groups(order=make_order(**(order or {})), **{"otp": otp, **groups})
    return an_event(kind, data=data)


def shown(*events: TrackingEvent, now: datetime = NOW) -> Parcel:
    seen = [TrackedEvent(one.type, one.occurred_at, one.data.failure) for one in events]
    return parcel_of(TrackedOrder(SHOP, LinkedOrder("shop", "ORD-1"), seen, events[-1]), now)


def failure(**fields: Any) -> dict[str, Any]:
    return {**make_groups()["failure"], **fields}


def rider(**fields: Any) -> dict[str, Any]:
    return {**make_groups()["rider"], **fields}


ORDER = {"estimated_delivery_at": at(NOW + 2 * HOUR), "promised_at": at(NOW + 5 * HOUR)}
AGAIN = {"next_attempt_at": at(NOW + 20 * HOUR)}
COD = {"payment_mode": "cod", "cod_amount": {"amount": "499.00"}}


class TestTheEstimate:
    @pytest.mark.parametrize(
        ("event", "hours"),
        [
            (an_event_of("order_confirmed", ORDER), 2),
            (an_event_of("order_confirmed", {"promised_at": at(NOW + 5 * HOUR)}), 5),
            (an_event_of("order_confirmed"), None),
            (an_event_of("out_for_delivery", ORDER), 2),
            (an_event_of("out_for_delivery", ORDER, rider=rider(eta_at=at(NOW + HOUR))), 1),
            (an_event_of("delivery_failed", ORDER), None),
            (an_event_of("delivery_failed", ORDER, failure=failure(**AGAIN)), 20),
            (an_event_of("delivered", ORDER), None),
            (an_event_of("return_initiated", ORDER), None),
        ],
    )
    def test_it_is_that_of_whoever_knows_best(
        self, event: TrackingEvent, hours: int | None
    ) -> None:
        parcel = shown(event)
        assert parcel.expected_at == (None if hours is None else NOW + hours * HOUR)
        assert not parcel.is_late

    @pytest.mark.parametrize("kind", ["order_confirmed", "out_for_delivery"])
    def test_it_is_late_once_that_has_passed(self, kind: str) -> None:
        event = an_event_of(kind, ORDER)
        assert not shown(event, now=NOW + 2 * HOUR - timedelta(seconds=1)).is_late
        assert shown(event, now=NOW + 2 * HOUR).is_late

    @pytest.mark.parametrize("kind", ["delivered", "return_initiated"])
    def test_what_has_arrived_is_never_late(self, kind: str) -> None:
        assert not shown(an_event_of(kind, ORDER), now=NOW + 50 * HOUR).is_late


class TestTimes:
    @pytest.mark.parametrize(
        ("hours", "message"),
        [
            (1, "expected-today"),
            (9, "expected-tomorrow"),
            (13, "expected-tomorrow"),
            (38, "expected-day"),
            (-16, "expected-day"),
        ],
    )
    def test_days_begin_by_the_partner_s_clock(self, hours: int, message: str) -> None:
        """NOW is half past three in the afternoon in India."""
        moment, words = NOW + hours * HOUR, words_in(Language.ENGLISH)
        clock = Clock(Language.ENGLISH, "Asia/Kolkata", NOW)
        said = clock.said("expected", moment)
        assert said.startswith(words(message, day="#", time="#").partition("#")[0])

    def test_another_time_zone_has_another_day(self) -> None:
        words = words_in(Language.ENGLISH)
        late = NOW + 10 * HOUR
        here = Clock(Language.ENGLISH, "Asia/Kolkata", NOW).said("expected", late)
        there = Clock(Language.ENGLISH, "America/Los_Angeles", NOW).said("expected", late)
        for said, message in ((here, "expected-tomorrow"), (there, "expected-today")):
            assert said.startswith(words(message, time="#").partition("#")[0])

    @pytest.mark.parametrize("language", Language)
    def test_amounts_have_their_sign(self, language: Language) -> None:
        order = {"payment_mode": "cod", "cod_amount": {"amount": "123499.50"}}
        parcel = shown(an_event_of("order_confirmed", order))
        assert parcel.to_pay is not None
        clock = Clock(language, "Asia/Kolkata", NOW)
        assert "₹1,23,499.50" in clock.amount(parcel.to_pay)


class TestWhatIsToBePaid:
    @pytest.mark.parametrize("kind", ["order_confirmed", "out_for_delivery", "delivery_failed"])
    def test_until_it_has_arrived(self, kind: str) -> None:
        assert shown(an_event_of(kind, COD)).to_pay is not None

    @pytest.mark.parametrize("kind", ["delivered", "return_initiated"])
    def test_then_nothing(self, kind: str) -> None:
        assert shown(an_event_of(kind, COD)).to_pay is None

    @pytest.mark.parametrize(
        "order",
        [
            {"payment_mode": "prepaid", "cod_amount": {"amount": "499.00"}},
            {"payment_mode": "cod"},
            {"payment_mode": "cod", "cod_amount": {"amount": "0"}},
        ],
    )
    def test_nothing_where_nothing_is_due(self, order: dict[str, Any]) -> None:
        assert shown(an_event_of("out_for_delivery", order)).to_pay is None


class TestTheRider:
    def test_only_while_it_is_out(self) -> None:
        for kind in ("order_confirmed", "delivery_failed", "delivered", "return_initiated"):
            assert shown(an_event_of(kind)).rider is None
        found = shown(an_event_of("out_for_delivery")).rider
        assert found is not None
        assert (found.first_name, found.phone_masked) == ("Imran", "+91********78")

    @pytest.mark.parametrize(
        ("name", "first"),
        [
            ("Imran Shaikh", "Imran"),
            ("  Mr. Imran Shaikh ", "Imran"),
            ("Md Imran", "Imran"),
            ("சுப்பிரமணியன் பிள்ளை", "சுப்பிரமணியன்"),
            ("Imran,Shaikh 9812345678", "Imran,Shaikh"),
            ("9812345678", None),
            ("Imran9812345678", None),
            ("Mr.", None),
        ],
    )
    def test_the_first_name_alone(self, name: str, first: str | None) -> None:
        assert first_name(name) == first

    @pytest.mark.parametrize(
        ("number", "is_shown"),
        [
            ("KA05MJ1234", True),
            ("KA 05 MJ 1234", True),
            ("22 BH 1234 AB", True),
            (None, False),
            ("9812345678", False),
            ("98-12-34-56-78", False),
            ("call 98 123 45 678", False),
            ("KA05MJ1234 (blue Honda)", False),
        ],
    )
    def test_a_number_plate_and_nothing_that_may_be_a_phone(
        self, number: str | None, is_shown: bool
    ) -> None:
        found = shown(an_event_of("out_for_delivery", rider=rider(vehicle_number=number))).rider
        assert found is not None
        assert found.vehicle_number == (number if is_shown else None)

    def test_a_mask_of_nothing_is_not_shown(self) -> None:
        unknown = rider(phone="NA", phone_masked=None)
        found = shown(an_event_of("out_for_delivery", rider=unknown)).rider
        assert found is not None
        assert found.phone_masked is None


class TestWhyItFailed:
    @pytest.mark.parametrize("code", [one for one in KNOWN_REASON_CODES if one != "other"])
    @pytest.mark.parametrize("language", Language)
    def test_every_known_code_has_its_words(self, code: str, language: Language) -> None:
        known = Failure.model_validate(failure(reason_code=code))
        assert words_in(language)(reason_message(words_in(language), known))
        assert "kind" not in reason_message(words_in(language), known)

    @pytest.mark.parametrize("code", ["other", "NDR-17", "kind-customer", "x y", "ünknown", "{x}"])
    @pytest.mark.parametrize(
        "category", ["customer", "address", "payment", "verification", "carrier", "other"]
    )
    def test_another_goes_by_its_category(self, code: str, category: str) -> None:
        words = words_in(Language.ENGLISH)
        unknown = Failure.model_validate(failure(reason_code=code, reason_category=category))
        assert reason_message(words, unknown) == f"reason-kind-{category}"

    def test_capitals_make_no_difference(self) -> None:
        shouted = Failure.model_validate(failure(reason_code="OTP_MISMATCH"))
        words = words_in(Language.ENGLISH)
        assert words(reason_message(words, shouted)) == words("reason-otp-mismatch")


def test_a_second_out_for_delivery_is_a_new_attempt() -> None:
    out = an_event_of("out_for_delivery")
    assert [one.attempt for one in shown(out, out, out).steps] == [3, 2, 1]
