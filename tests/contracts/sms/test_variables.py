"""Variables: what an event says for each, how values are cleaned and cut, and what is in none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.payload.events import EventType, TrackingEvent
from contracts.sms.cleaning import cleaned, cut
from contracts.sms.parts import outside_gsm
from contracts.sms.variables import (
    VARIABLES,
    VariableKind,
    longest_values,
    sample_values,
    values_of,
    variables_for,
    with_fewer_links,
)
from tests.support.factories import make_event, make_groups, make_order

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PHONE = "+919812345678"
EVERYWHERE = ["shop", "order_id", "customer", "city", "track", "opt_out", "cod_amount"]
OUT = ["rider", "otp", "otp_until", "vehicle_number"]


def event_of(event_type: str = "out_for_delivery", **groups: Any) -> TrackingEvent:
    """An event with all six groups and an OTP until 16:15 in India."""
    otp = {
        "code": "483920",
        "valid_from": NOW.isoformat(),
        "valid_until": (NOW + timedelta(minutes=45)).isoformat(),
    }
    data = make_groups(**{"otp": otp, **groups})
    return TrackingEvent.model_validate(make_event(event_type, data=data))


def values(event: TrackingEvent, shop: str = "Chai Point", **given: Any) -> dict[str, str | None]:
    return values_of(event, shop=shop, **{"opt_out": None, **given})


def a_rider(**fields: Any) -> dict[str, Any]:
    return {"rider_id": "RDR-7", "name": "Imran Shaikh", "phone": PHONE, **fields}


def a_failure(**fields: Any) -> dict[str, Any]:
    return {**make_groups()["failure"], **fields}


class TestWhichThereAre:
    @pytest.mark.parametrize(
        ("event_type", "own"),
        [
            (EventType.ORDER_CONFIRMED, []),
            (EventType.OUT_FOR_DELIVERY, OUT),
            (EventType.DELIVERED, ["received_by"]),
            (EventType.DELIVERY_FAILED, ["reason", "next_attempt", "answer"]),
            (EventType.RETURN_INITIATED, ["reason"]),
        ],
    )
    def test_for_each_type(self, event_type: EventType, own: list[str]) -> None:
        expected = [*EVERYWHERE, *own]
        assert [variable.name for variable in variables_for(event_type)] == expected
        assert list(values(event_of(event_type))) == expected
        assert list(sample_values(event_type, shop="Chai Point", longest=30)) == expected
        assert list(longest_values(event_type, longest=30)) == expected

    def test_which_are_always_there(self) -> None:
        always = {variable.name for variable in VARIABLES if not variable.may_be_missing}
        assert always == {"shop", "order_id", "rider", "reason"}


class TestWhatAnEventSays:
    def test_out_for_delivery(self) -> None:
        order = make_order(
            payment_mode="cod",
            cod_amount={"amount": "499.00"},
            tracking_url="https://track.example/ORD-1",
        )
        event = event_of(order=order, rider=a_rider(vehicle_number="KA05MJ1234"))
        assert values(event, opt_out="https://sms.example/o/x") == {
            "shop": "Chai Point",
            "order_id": "ORD-1",
            "customer": "Asha Kulkarni",
            "city": "Pune",
            "track": "https://track.example/ORD-1",
            "opt_out": "https://sms.example/o/x",
            "cod_amount": "Rs 499.00",
            "rider": "Imran Shaikh",
            "otp": "483920",
            "otp_until": "16:15",
            "vehicle_number": "KA05MJ1234",
        }

    def test_what_it_need_not_say(self) -> None:
        otp = {"code": None, "valid_from": NOW.isoformat(), "valid_until": "2026-03-03T10:00:00Z"}
        said = values(event_of(otp=otp, order=make_order(customer=None)))
        missing = {name for name, value in said.items() if value is None}
        assert missing == {variable.name for variable in VARIABLES if variable.may_be_missing} - {
            "city",
            "next_attempt",
            "answer",
            "received_by",
        }

    def test_the_reason_is_that_of_the_event_s_own_type(self) -> None:
        assert values(event_of("delivery_failed"))["reason"] == "nobody opened"
        assert values(event_of("return_initiated"))["reason"] == "the customer did not want it"

    def test_the_next_attempt_is_a_day_in_india(self) -> None:
        late = a_failure(next_attempt_at="2026-11-23T18:30:00Z")
        early = a_failure(next_attempt_at="2026-11-23T18:29:59Z")
        assert values(event_of("delivery_failed", failure=late))["next_attempt"] == "24-11-2026"
        assert values(event_of("delivery_failed", failure=early))["next_attempt"] == "23-11-2026"

    def test_a_time_that_india_s_clock_cannot_show_is_missing(self) -> None:
        never = a_failure(next_attempt_at="9999-12-31T23:00:00Z")
        assert values(event_of("delivery_failed", failure=never))["next_attempt"] is None

    def test_who_took_it(self) -> None:
        assert values(event_of("delivered"))["received_by"] == "Sunita Kulkarni"

    @pytest.mark.parametrize(
        ("payment_mode", "money", "written"),
        [
            ("cod", {"amount": "1499.5"}, "Rs 1499.50"),
            ("cod", {"amount": "12.00", "currency": "USD"}, "USD 12.00"),
            ("cod", {"amount": "0.00"}, None),
            ("cod", None, None),
            ("prepaid", {"amount": "499.00"}, None),
        ],
    )
    def test_what_is_to_pay(
        self, payment_mode: str, money: dict[str, str] | None, written: str | None
    ) -> None:
        order = make_order(payment_mode=payment_mode, cod_amount=money)
        assert values(event_of("order_confirmed", order=order))["cod_amount"] == written

    @pytest.mark.parametrize("event_type", sorted(set(EventType) - {EventType.OUT_FOR_DELIVERY}))
    def test_the_otp_is_in_no_other_type(self, event_type: str) -> None:
        said = values(event_of(event_type))
        assert "483920" not in said.values()
        assert "16:15" not in said.values()


class TestTheRidersPhone:
    WAYS = (
        "9812345678",
        "+919812345678",
        "+91 98123 45678",
        "09812345678",
        "0091-98123-45678",
        "(98123) 45678",
        "98123\u200b45678",
        "9.8.1.2.3.4.5.6.7.8",
    )

    @pytest.mark.parametrize("written", WAYS)
    def test_it_is_in_no_value_however_it_is_written(self, written: str) -> None:
        event = event_of(
            rider=a_rider(name=f"Imran {written} Shaikh", vehicle_number=f"KA05 {written}"),
            order=make_order(customer={"name": f"call {written}", "phone": "+919876543210"}),
        )
        said = values(event, longest=60)
        assert said["rider"] == "Imran Shaikh"
        assert said["vehicle_number"] == "KA05"
        assert said["customer"] == "call"

    @pytest.mark.parametrize("event_type", list(EventType))
    def test_not_even_masked(self, event_type: str) -> None:
        event = event_of(event_type)
        assert event.data.rider is not None
        shown = " ".join(value for value in values(event).values() if value)
        assert event.data.rider.phone == PHONE
        assert "9812345678" not in shown
        assert event.data.rider.phone_masked not in shown

    def test_other_numbers_stay(self) -> None:
        order = make_order(order_id="9812345679")
        assert values(event_of(order=order))["order_id"] == "9812345679"


class TestTexts:
    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            ("Chai  Point", "Chai Point"),
            ("\tChai\r\nPoint\x00", "Chai Point"),
            ("Chai\N{NO-BREAK SPACE}Point\u2028", "Chai Point"),
            ("Chai\x07Point", "Chai Point"),
            ("\u202eChai\u200bPoint\ufeff", "ChaiPoint"),
            ("Chai\ud800Point", "ChaiPoint"),
            ("{shop} [x]", "{shop} [x]"),
            ("ರೈಡರ್\u200cಗೆ", "ರೈಡರ್\u200cಗೆ"),
            ("क्\u200dष\u200d", "क्\u200dष"),
        ],
    )
    def test_are_cleaned(self, said: str, shown: str) -> None:
        assert values(event_of(), shop=said)["shop"] == shown

    def test_with_nothing_left_they_are_missing(self) -> None:
        rider = a_rider(name="\N{MOTOR SCOOTER}", vehicle_number="\N{BLACK STAR}")
        order = make_order(order_id="\N{PACKAGE}\ufe0f")
        said = values(event_of(rider=rider, order=order), shop="\x07\u200b")
        assert (said["shop"], said["order_id"], said["rider"]) == ("Your shop", "-", "our rider")
        assert said["vehicle_number"] is None

    @pytest.mark.parametrize(
        ("said", "longest", "shown"),
        [
            ("a" * 30, 30, "a" * 30),
            ("a" * 31, 30, "a" * 30),
            ("Asha Kulkarni", 5, "Asha"),
            ("विकास", 5, "विकास"),  # व ि क ा स
            ("विकास", 4, "विका"),
            ("विकास", 3, "वि"),  # क would lose its ा
            ("विकास", 1, "व"),  # nothing smaller is left to give way
            ("मिश्रा", 4, "मि"),  # श्रा is one
            ("मिश्रा", 5, "मि"),
            ("क्\u200dष", 3, "क"),
            ("a👩\u200d🍳", 2, "a"),
            ("முருகன் வேல்", 7, "முருகன்"),
            ("முருகன்வேல்", 7, "முருக"),
        ],
    )
    def test_are_cut_between_syllables(self, said: str, longest: int, shown: str) -> None:
        assert values(event_of(), shop=said, longest=longest)["shop"] == shown

    @given(st.text(alphabet="ab कष\u094d\u093f\u200d\u200cன\u0bcd", max_size=40))
    def test_a_cut_leaves_nothing_hanging(self, text: str) -> None:
        whole = cleaned(text)
        short = cut(whole, 10)
        assert len(short) <= 10
        assert whole.startswith(short)
        assert not short.endswith(("\u200d", "\u200c", " "))
        rest = whole[len(short) :].lstrip("\u200d\u200c")
        if short and rest and not rest.startswith(" "):
            assert short[-1] not in "\u094d\u0bcd"

    def test_links_codes_amounts_and_times_are_never_cut(self) -> None:
        order = make_order(
            tracking_url="https://track.example/ORD-1",
            payment_mode="cod",
            cod_amount={"amount": "499.00"},
        )
        said = values(event_of(order=order), opt_out="https://sms.example/o/x", longest=3)
        assert said["track"] == "https://track.example/ORD-1"
        assert said["opt_out"] == "https://sms.example/o/x"
        assert (said["otp"], said["otp_until"]) == ("483920", "16:15")
        assert said["cod_amount"] == "Rs 499.00"


class TestLinks:
    @pytest.mark.parametrize(("length", "there"), [(120, True), (121, False)])
    def test_a_long_one_is_missing(self, length: int, there: bool) -> None:
        link = "https://track.example/".ljust(length, "x")
        event = event_of(order=make_order(tracking_url=link))
        assert values(event)["track"] == (link if there else None)
        assert values(event_of(), opt_out=link)["opt_out"] == (link if there else None)

    def test_a_shortened_one_is_missing(self) -> None:
        event = event_of(order=make_order(tracking_url="https://bit.ly/3xYz"))
        assert values(event)["track"] is None

    def test_all_of_them_can_be_left_out(self) -> None:
        event = event_of(order=make_order(tracking_url="https://track.example/1"))
        links = values(event, opt_out="https://sms.example/o/x")
        *_, said = with_fewer_links(links, "{shop} {track} {opt_out}")
        assert (said["track"], said["opt_out"]) == (None, None)
        assert said["otp"] == values(event)["otp"] is not None

    def test_one_with_something_unseen_is_missing(self) -> None:
        event = event_of(order=make_order(tracking_url="https://track.example/\u200bx"))
        assert values(event)["track"] is None


class TestSamples:
    @pytest.mark.parametrize("event_type", list(EventType))
    def test_usual_ones_are_gsm_7_with_the_shop_s_name(self, event_type: EventType) -> None:
        sample = sample_values(event_type, shop="Chai  Point", longest=30)
        assert sample["shop"] == "Chai Point"
        assert outside_gsm("".join(sample.values())) == []
        assert all(sample.values())

    def test_usual_ones_are_cut_too(self) -> None:
        sample = sample_values(EventType.OUT_FOR_DELIVERY, shop="Chai Point", longest=4)
        assert (sample["shop"], sample["rider"], sample["otp"]) == ("Chai", "Imra", "4839")

    @pytest.mark.parametrize("longest", [5, 30, 40, 100])
    @pytest.mark.parametrize("event_type", list(EventType))
    def test_the_longest_fill_what_they_may(self, event_type: EventType, longest: int) -> None:
        values = longest_values(event_type, longest=longest)
        for variable in variables_for(event_type):
            if variable.kind is VariableKind.TEXT:
                assert len(values[variable.name]) == longest
            else:
                assert values[variable.name] == variable.sample_long
                assert len(variable.sample_long) >= len(variable.sample)

    def test_the_longest_are_in_a_script_where_names_are(self) -> None:
        values = longest_values(EventType.OUT_FOR_DELIVERY, longest=30)
        assert all(outside_gsm(values[name]) for name in ("shop", "customer", "city", "rider"))
