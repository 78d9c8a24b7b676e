"""Scalars: many notations in, one out."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.payload.fields import (
    Amount,
    Currency,
    EventTime,
    Flag,
    Latitude,
    Longitude,
    OrderId,
    OtpCode,
    Phone,
    Pincode,
    Text,
    Url,
    UtcDatetime,
    mask_phone,
)


def read(kind: Any, value: object) -> Any:
    """The value as the contract keeps it."""
    return TypeAdapter(kind).validate_python(value)


def written(kind: Any, value: object) -> str:
    """The value as it is sent, in JSON."""
    return TypeAdapter(kind).dump_json(read(kind, value)).decode()


def refused(kind: Any, value: object) -> bool:
    """Whether a value is a ValidationError; any other error is none."""
    try:
        read(kind, value)
    except ValidationError:
        return True
    return False


class TestPhones:
    @pytest.mark.parametrize(
        "notation",
        [
            "9876543210",
            "09876543210",
            "919876543210",
            "+919876543210",
            "00919876543210",
            "+9109876543210",
            "98765 43210",
            "98765-43210",
            "+91 98765 43210",
            "+91-98765-43210",
            "+91 (0) 98765 43210",
            "(+91) 98765.43210",
            "0091 98765 43210",
            "\t98765\u00a043210 ",
        ],
    )
    def test_indian_mobiles_in_every_notation(self, notation: str) -> None:
        assert read(Phone, notation) == "+919876543210"

    def test_a_number_that_begins_with_91_is_not_shortened(self) -> None:
        assert read(Phone, "9198765432") == "+919198765432"

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("+1 415 555 2671", "+14155552671"),
            ("+44 20 7946 0958", "+442079460958"),
            ("+971501234567", "+971501234567"),
            ("+9779812345678", "+9779812345678"),
            ("+91 22 1234 5678", "+912212345678"),
        ],
    )
    def test_other_numbers_in_e_164_pass(self, given: str, kept: str) -> None:
        assert read(Phone, given) == kept

    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            "12345",
            "1234567890",
            "5876543210",
            "98765432101",
            "+0123456789",
            "+1234567890123456",
            "98765x3210",
            "+91 98765 4321O",
            "call me",
            "9८७६५४३२",
            987654321,
            9876543210.5,
            True,
            None,
        ],
    )
    def test_the_rest_is_refused(self, wrong: object) -> None:
        assert refused(Phone, wrong)

    @pytest.mark.parametrize(
        ("phone", "masked"),
        [
            ("+919876543210", "+91********10"),
            ("+14155552671", "+14*******71"),
            ("+1234567", "+12***67"),
        ],
    )
    def test_a_mask_keeps_the_start_and_two_digits(self, phone: str, masked: str) -> None:
        assert mask_phone(phone) == masked


class TestPincodes:
    @pytest.mark.parametrize("pincode", ["411004", "110001", "999999"])
    def test_six_digits(self, pincode: str) -> None:
        assert read(Pincode, pincode) == pincode

    @pytest.mark.parametrize(
        "written",
        [
            "411 004",
            " 411004 ",
            "411-004",
            "411004\n",
            "४११००४",
            "411\u00a0004",
            411004,
            411004.0,
            "411004.0",
        ],
    )
    def test_as_people_and_spreadsheets_write_them(self, written: object) -> None:
        assert read(Pincode, written) == "411004"

    @pytest.mark.parametrize(
        "wrong",
        [
            "011004",
            "41100",
            "4110045",
            "41100a",
            "411\x00004",
            41100,
            0,
            -411004,
            411004.5,
            "411004.5",
            float("inf"),
            True,
        ],
    )
    def test_the_rest_is_refused(self, wrong: object) -> None:
        assert refused(Pincode, wrong)


class TestCodes:
    @pytest.mark.parametrize(
        "written", ["483920", "4839 20", "४८३९२०", 483920, 483920.0, "483920.0"]
    )
    def test_as_people_and_spreadsheets_write_them(self, written: object) -> None:
        assert read(OtpCode, written) == "483920"

    @pytest.mark.parametrize("number", [4839, 4839.0, "4839.0"])
    def test_a_number_that_may_have_lost_its_zeros_is_null(self, number: object) -> None:
        assert read(OtpCode, number) is None


class TestMoney:
    @pytest.mark.parametrize(
        ("given", "sent"),
        [
            ("499", '"499.00"'),
            ("499.5", '"499.50"'),
            ("499.00", '"499.00"'),
            ("0", '"0.00"'),
            (499, '"499.00"'),
            (Decimal("-0"), '"0.00"'),
            ("0.01", '"0.01"'),
            ("9999999999.99", '"9999999999.99"'),
            (Decimal("12.30"), '"12.30"'),
        ],
    )
    def test_a_decimal_string_with_two_places(self, given: object, sent: str) -> None:
        assert written(Amount, given) == sent

    @pytest.mark.parametrize(
        "wrong",
        [
            499.0,
            0.1,
            "499.999",
            "-1",
            "-0.01",
            "10000000000.00",
            "NaN",
            "Infinity",
            "1e400",
            "1e3",
            "1_0",
            " 12 ",
            "१०",
            "-0",
            "0e9999999999",
            10**4000,
            "₹499",
            "",
            True,
            None,
        ],
    )
    def test_floats_and_the_rest_are_refused(self, wrong: object) -> None:
        assert refused(Amount, wrong)

    @pytest.mark.parametrize(
        ("currency", "wrong"),
        [
            ("INR", False),
            ("inr", False),
            ("INR\u00a0", False),
            ("RS", True),
            ("INRX", True),
            ("\u0131nr", True),
            ("\ufb01m", True),
        ],
    )
    def test_currencies(self, currency: str, wrong: bool) -> None:
        assert refused(Currency, currency) is wrong


class TestTimes:
    @pytest.mark.parametrize(
        ("given", "sent"),
        [
            ("2026-03-02T15:30:00+05:30", '"2026-03-02T10:00:00Z"'),
            ("2026-03-02T10:00:00Z", '"2026-03-02T10:00:00Z"'),
            ("2026-03-02T10:00:00.250+00:00", '"2026-03-02T10:00:00.250000Z"'),
            ("2026-03-02T00:30:00+05:30", '"2026-03-01T19:00:00Z"'),
            ("2026-03-01T20:00:00-11:00", '"2026-03-02T07:00:00Z"'),
        ],
    )
    def test_an_offset_becomes_z(self, given: str, sent: str) -> None:
        assert written(UtcDatetime, given) == sent

    @pytest.mark.parametrize(
        "wrong",
        [
            "2026-03-02T10:00:00",
            datetime(2026, 3, 2),  # noqa: DTZ001 - what is refused
            "2026-03-02",
            "yesterday",
            "2026-02-30T10:00:00Z",
            "2026-03-02T10:00Z",
            1_772_445_600,
            1_772_445_600.5,
            "1772445600",
            "",
            None,
        ],
    )
    def test_naive_ones_and_the_rest_are_refused(self, wrong: object) -> None:
        assert refused(UtcDatetime, wrong)

    @pytest.mark.parametrize("unix", [1_772_445_600, "1772445600"])
    def test_a_unix_time_is_refused_with_what_to_send_instead(self, unix: object) -> None:
        with pytest.raises(ValidationError, match=r"an RFC 3339 time with its offset"):
            TypeAdapter(UtcDatetime).validate_python(unix)

    @pytest.mark.parametrize(
        "edge",
        [
            "0001-01-01T00:00:00+05:30",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59-05:00",
            "9999-12-31T23:59:59Z",
        ],
    )
    def test_one_that_some_zone_cannot_show_is_refused(self, edge: str) -> None:
        assert refused(UtcDatetime, edge)

    @pytest.mark.parametrize(
        "zero_or_never",
        [
            "0001-01-01T00:00:00Z",
            "0001-01-01t00:00:00z",
            "0000-00-00 00:00:00",
            "0000-00-00T00:00:00Z",
            "-0001-11-30T00:00:00+05:53",
            "9999-12-31T23:59:59.999999999Z",
            "10000-01-01T00:00:00Z",
            "+275760-09-13T00:00:00.000Z",
            "+1000000000-12-31T23:59:59.999999999Z",
        ],
    )
    def test_one_that_means_none_is_null_where_it_may_be(self, zero_or_never: str) -> None:
        assert read(EventTime, zero_or_never) is None
        assert refused(UtcDatetime, zero_or_never)

    @pytest.mark.parametrize("wrong", ["+2026-03-02T10:00:00Z", "0000", "20260-3-2", "-1", 0])
    def test_what_is_no_time_at_all_is_refused_there_too(self, wrong: object) -> None:
        assert refused(EventTime, wrong)


class TestTexts:
    def test_blanks_around_are_cut_off(self) -> None:
        assert read(Text, "  Pune \n") == "Pune"

    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            "   ",
            "x" * 501,
            "a\x00b",
            "a\x1bb",
            "a\x85b",
            "\ud83d",
            "\u200b",
            "\u2060 \u200b",
            "\u3164",
            "a\u202eb",
            7,
            None,
        ],
    )
    def test_empty_too_long_and_unkeepable_are_refused(self, wrong: object) -> None:
        assert refused(Text, wrong)

    @pytest.mark.parametrize("end", ["\n", "\r", "\t", "\u2028", "\u2029"])
    def test_an_order_s_id_is_one_line(self, end: str) -> None:
        assert refused(OrderId, f"ORD{end}1")

    @pytest.mark.parametrize(
        ("url", "wrong"),
        [
            ("https://track.example/o/1?x=%20", False),
            ("http://track.example", False),
            ("HTTPS://track.example/A", False),
            ("https://[2001:db8::1]:8443/a", False),
            ("https://@", True),
            ("https://:443/", True),
            ("https://shop@evil.example/", True),
            ("https://track.example:99999/", True),
            ("https://track.example/\x00", True),
            ("https://track.example/\u202egpj.exe", True),
            ("ftp://track.example", True),
            ("javascript:alert(1)", True),
            ("https://", True),
            ("https://a b", True),
            ("https://x.example/" + "x" * 2000, True),
        ],
    )
    def test_links(self, url: str, wrong: bool) -> None:
        assert refused(Url, url) is wrong

    def test_a_scheme_in_capitals_is_written_in_small_letters(self) -> None:
        assert read(Url, "HTTPS://Track.example/A") == "https://Track.example/A"


class TestCoordinates:
    @pytest.mark.parametrize(
        ("kind", "most"), [(Latitude, 90), (Longitude, 180)], ids=["latitude", "longitude"]
    )
    def test_they_end_where_the_world_ends(self, kind: Annotated[float, ...], most: int) -> None:
        assert read(kind, most) == most
        assert read(kind, -most) == -most
        for wrong in (most + 0.0001, -most - 0.0001, float("nan"), float("inf"), True, "12.9"):
            assert refused(kind, wrong)


class TestFlags:
    @pytest.mark.parametrize("right", [True, False])
    def test_true_and_false_are_taken(self, right: bool) -> None:
        assert read(Flag, right) is right

    @pytest.mark.parametrize("wrong", [1, 0, "true", "yes", "off", "", None])
    def test_what_only_looks_like_one_is_refused(self, wrong: object) -> None:
        assert refused(Flag, wrong)
