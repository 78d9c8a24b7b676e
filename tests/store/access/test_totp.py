"""Codes of authenticator apps, by the numbers of RFC 6238 and at the edges of their time."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from contracts.access.second_factor import CodeFate
from store.access.totp import code_at, judge_code, new_secret, provisioning_uri, step_of

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
STEP = timedelta(seconds=30)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(second: int, code: str) -> None:
    """RFC 6238, appendix B: the last six of its eight digits."""
    assert code_at(SECRET, datetime.fromtimestamp(second, UTC)) == code


@pytest.mark.parametrize(
    ("steps", "fate"),
    [
        (-20, CodeFate.CLOCK_BEHIND),
        (-2, CodeFate.CLOCK_BEHIND),
        (-1, CodeFate.RIGHT),
        (0, CodeFate.RIGHT),
        (1, CodeFate.RIGHT),
        (2, CodeFate.CLOCK_AHEAD),
        (20, CodeFate.CLOCK_AHEAD),
        (21, CodeFate.WRONG),
        (-21, CodeFate.WRONG),
    ],
)
def test_a_clock_may_be_off_by_one_step(steps: int, fate: CodeFate) -> None:
    typed = code_at(SECRET, NOW + steps * STEP)
    judged = judge_code(SECRET, typed, NOW, None)
    assert judged.fate is fate
    assert judged.step == (step_of(NOW) + steps if fate is CodeFate.RIGHT else None)


@pytest.mark.parametrize(("steps", "minutes"), [(-2, 1), (-4, 2), (10, 5), (20, 10)])
def test_how_far_it_is_off_is_said(steps: int, minutes: int) -> None:
    assert judge_code(SECRET, code_at(SECRET, NOW + steps * STEP), NOW, None).off_min == minutes


def test_a_code_is_taken_once_and_no_earlier_one_after_it() -> None:
    current = step_of(NOW)
    assert judge_code(SECRET, code_at(SECRET, NOW), NOW, current).fate is CodeFate.USED
    assert judge_code(SECRET, code_at(SECRET, NOW - STEP), NOW, current).fate is CodeFate.USED
    assert judge_code(SECRET, code_at(SECRET, NOW + STEP), NOW, current).is_right


@pytest.mark.parametrize(
    "typed", ["", "28708", "2870822", "28708a", "٢٨٧٠٨٢", "-87082", "\x00" * 6]
)
def test_what_is_no_code_is_wrong(typed: str) -> None:
    at = datetime.fromtimestamp(59, UTC)
    assert judge_code(SECRET, typed, at, None).fate is CodeFate.WRONG


def test_spaces_between_its_digits_do_no_harm() -> None:
    at = datetime.fromtimestamp(59, UTC)
    assert judge_code(SECRET, " 287 082 ", at, None).is_right


def test_each_secret_is_another_one_of_160_bits() -> None:
    made = {new_secret() for _ in range(20)}
    assert len(made) == 20
    assert {len(base64.b32decode(one)) for one in made} == {20}


def test_an_app_reads_whose_it_is() -> None:
    uri = urlsplit(provisioning_uri(SECRET, "priya@chai.example", "Chai: Point & Co"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert uri.path == "/Chai%20%20Point%20%26%20Co:priya@chai.example"
    assert "+" not in uri.query, "some apps show it as it is"
    assert parse_qs(uri.query) == {
        "secret": [SECRET],
        "issuer": ["Chai  Point & Co"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }
