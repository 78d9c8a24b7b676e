"""What an endpoint's answer means: every status class, and every way to say Retry-After."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.delivery.verdicts import Answer, Verdict, retry_after_seconds, verdict_of

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HONOURED = (429, 502, 503, 504)


def answer(status: int | None, retry_after: str | None = None) -> Answer:
    return Answer(f"http_{status}", status, retry_after)


class TestTheVerdict:
    def test_of_every_status(self) -> None:
        verdicts = {status: verdict_of(answer(status)) for status in range(100, 600)}
        expected = dict.fromkeys(range(100, 600), Verdict.RETRY)
        expected |= dict.fromkeys(range(200, 300), Verdict.DELIVERED)
        assert verdicts == {**expected, 410: Verdict.GONE}

    @pytest.mark.parametrize(
        "code", ["timeout", "tls", "connection", "protocol", "forbidden_address", "invalid_url"]
    )
    def test_without_an_answer_it_is_tried_again(self, code: str) -> None:
        assert verdict_of(Answer(code)) is Verdict.RETRY


class TestRetryAfter:
    @pytest.mark.parametrize("status", HONOURED)
    @pytest.mark.parametrize(
        ("wish", "seconds"),
        [
            ("120", 120),
            ("0", 0),
            (" 7 ", 7),
            ("0005", 5),
            ("999999999", 999_999_999),
            ("9" * 400, 999_999_999),
            (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
            ("Mon, 02 Mar 2026 10:02:00 GMT", 120),
            ("Monday, 02-Mar-26 10:02:00 GMT", 120),
            ("Mon Mar  2 10:02:00 2026", 120),
            ("Mon, 02 Mar 2026 15:32:00 +0530", 120),
            ("Mon, 02 Mar 2026 09:00:00 GMT", 0),
        ],
    )
    def test_seconds_and_dates(self, status: int, wish: str, seconds: float) -> None:
        assert retry_after_seconds(answer(status, wish), NOW) == seconds

    @pytest.mark.parametrize(
        "wish",
        [
            None,
            "",
            "  ",
            "soon",
            "-5",
            "+5",
            "1.5",
            "1e3",
            "5 minutes",
            "0x10",
            "٣٠",
            "²",
            "2026-03-02T10:02:00Z",
            "Mon, 99 Mar 2026 10:02:00 GMT",
            "Mon, 02 Mar 99999 10:02:00 GMT",
            "Mon, 02 Mar 9999999999999999999999 10:02:00 GMT",
            "Mon, 02 Mar 2026 10:02:00 +99999999999999",
        ],
    )
    def test_what_cannot_be_read_is_no_wish(self, wish: str | None) -> None:
        assert retry_after_seconds(answer(503, wish), NOW) is None

    @pytest.mark.parametrize("status", [200, 301, 400, 404, 408, 410, 500, 501, 505, None])
    def test_on_any_other_answer_it_says_nothing(self, status: int | None) -> None:
        assert retry_after_seconds(answer(status, "120"), NOW) is None

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(
        st.text(max_size=40)
        | st.from_regex(r"Mon, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,20} [0-9:]{1,10} [+-][0-9]{1,20}")
        | st.from_regex(r"[0-9]{1,30}[ :/-][0-9]{1,30}[ :/-][0-9]{1,30}")
    )
    def test_nothing_that_a_partner_sends_raises(self, wish: str) -> None:
        seconds = retry_after_seconds(answer(503, wish), NOW)
        assert seconds is None or seconds >= 0
