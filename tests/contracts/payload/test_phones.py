"""Phones as people write them: what is read, what is nobody's, and what a mask may show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contracts.payload.phones import EventPhone, MaskedPhone, Phone, read_phone, says_nobody

IN_AN_EVENT: TypeAdapter[str | None] = TypeAdapter(EventPhone)
WHERE_A_PERSON_WAITS: TypeAdapter[str] = TypeAdapter(Phone)
A_MASK: TypeAdapter[str] = TypeAdapter(MaskedPhone)


def in_digits_from(zero: str, number: str) -> str:
    """A number in the digits of another script, whose zero is this."""
    return "".join(chr(ord(zero) + int(digit)) for digit in number)


WRITTEN = {
    "left-to-right marks of an address book": "\u202a+91 98765 43210\u202c",
    "isolates": "\u2066+919876543210\u2069",
    "a byte order mark": "\ufeff9876543210",
    "a zero-width space": "98765\u200b43210",
    "a word joiner": "98765\u206043210",
    "a non-breaking hyphen": "98765\u201143210",
    "an en dash": "+91\u201398765\u201343210",
    "a minus sign": "98765\u221243210",
    "a no-break space": "98765\u00a043210",
    "Devanagari": in_digits_from("\u0966", "9876543210"),
    "Devanagari after +91": "+91" + in_digits_from("\u0966", "9876543210"),
    "full width": "\uff0b" + in_digits_from("\uff10", "919876543210"),
    "a link": "tel:+91-98765-43210",
    "a link with parameters": "tel:+919876543210;ext=5",
    "a spreadsheet's apostrophe": "'9876543210",
    "a spreadsheet's number": "9876543210.0",
    "a number": 9876543210,
    "a number with its country": 919876543210,
    "a float": 9876543210.0,
    "the country twice": "+91+919876543210",
    "an extension": "+91 98765 43210 ext 5",
    "two": "9876543210/9812345678",
    "two, the mobile behind": "+91 22 1234 5678 / 9876543210",
    "two with a comma": "98765 43210, 98123 45678",
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_it_is_read(written: object) -> None:
    assert IN_AN_EVENT.validate_python(written) == "+919876543210"
    assert WHERE_A_PERSON_WAITS.validate_python(written) == "+919876543210"


@pytest.mark.parametrize(
    "written", ["", "-", " - ", "NA", "n/a", "N.A.", "null", "0", 0, None, "--"]
)
def test_nobody_s_is_null_and_nothing_to_warn_of(written: object) -> None:
    assert IN_AN_EVENT.validate_python(written) is None
    assert says_nobody(written)


@pytest.mark.parametrize(
    "written",
    ["call me", "12345", "98765x3210", "+9198765432101", "98765432101", "9" * 10_000, -5, 1e300,
     float("nan"), "98765\x0043210", "\ud83d"],
)  # fmt: skip
def test_what_cannot_be_read_costs_no_event(written: object) -> None:
    assert IN_AN_EVENT.validate_python(written) is None
    assert not says_nobody(written)
    with pytest.raises(ValidationError, match="country code"):
        WHERE_A_PERSON_WAITS.validate_python(written)


@pytest.mark.parametrize("wrong", [True, ["9876543210"], {"number": "9876543210"}])
def test_what_is_no_text_or_number_is_wrong_in_an_event_too(wrong: object) -> None:
    with pytest.raises(ValidationError):
        IN_AN_EVENT.validate_python(wrong)


@given(st.text() | st.integers() | st.floats())
def test_whatever_is_sent_is_read_as_e_164_or_not_at_all(written: object) -> None:
    number = read_phone(written)
    assert number is None or (number[0] == "+" and number[1:].isascii() and number[1:].isdigit())
    assert number is None or read_phone(number) == number


@pytest.mark.parametrize("mask", ["+91********10", "98XXXXXX10", "+91-9XXXX-XX678", "•••• 3210"])
def test_a_mask_stays_as_it_was_made(mask: str) -> None:
    assert A_MASK.validate_python(mask) == mask


@pytest.mark.parametrize("whole", ["+919876543210", "9876543210", "98765 43210", "98765*3210"])
def test_what_hides_nothing_is_masked(whole: str) -> None:
    masked = A_MASK.validate_python(whole)
    assert sum(unicodedata.category(one) == "Nd" for one in masked) <= 5
    assert A_MASK.validate_python(masked) == masked


@pytest.mark.parametrize(
    "wrong", ["\n<script>", "+91\x00****10", "\u202e+91****10", "Imran", "*" * 33]
)
def test_what_is_no_mask_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        A_MASK.validate_python(wrong)
