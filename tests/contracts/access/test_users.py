"""Addresses of people: one spelling for each, and none that no mail server takes."""

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.access.users import Email, comparable_email

KEPT = "priya@chaipoint.example"


@pytest.mark.parametrize(
    "typed",
    [
        f" {KEPT}\n",
        KEPT.upper(),
        f"\u202a{KEPT}\u202c",
        f"\ufeff {KEPT} \u200b",
        f"\u00a0{KEPT}\u00a0",
    ],
)
def test_an_address_has_one_spelling(typed: str) -> None:
    assert TypeAdapter(Email).validate_python(typed) == KEPT == comparable_email(typed)


@pytest.mark.parametrize(
    "address", ["जोशी@डाक.example", "o'neil+shop@a-b.example", "a@xn--e1a.example"]
)
def test_letters_of_all_scripts_are_taken(address: str) -> None:
    assert TypeAdapter(Email).validate_python(address) == address


@pytest.mark.parametrize(
    "wrong",
    [
        "priya",
        "@chaipoint.example",
        "priya@chaipoint",
        "priya@chaipoint..example",
        "pri ya@chaipoint.example",
        "pri\x00ya@chaipoint.example",
        "pri\x1bya@chaipoint.example",
        "pri\u200bya@chaipoint.example",
        "pri\u202eya@chaipoint.example",
        "<priya@chaipoint.example>",
        "asha,priya@chaipoint.example",
        '"priya"@chaipoint.example',
        "priya@chaipoint.example;asha@chaipoint.example",
        f"{'a' * 65}@chaipoint.example",
        f"a@{'b' * 250}.example",
    ],
)
def test_what_nobody_can_be_mailed_at_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Email).validate_python(wrong)
